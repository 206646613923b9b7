package dispatch

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDue(t *testing.T) {
	at := time.Date(2026, 1, 1, 23, 50, 0, 0, time.UTC)
	tests := []struct {
		name          string
		priority      Priority
		answer, close time.Duration
	}{
		{"a normal incident has half an hour and a day", Normal, 1800 * time.Second, 86400 * time.Second},
		{"an urgent one is answered within five minutes", Urgent, 300 * time.Second, 86400 * time.Second},
		{"an unknown priority is normal", "", 1800 * time.Second, 86400 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer, closed := Due(tt.priority, at)
			if answer.Sub(at) != tt.answer || closed.Sub(at) != tt.close {
				t.Errorf("due after %v and %v, want %v and %v", answer.Sub(at), closed.Sub(at), tt.answer, tt.close)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	var open, waiting []string
	for _, s := range States {
		if Open(s) {
			open = append(open, s)
		}
		if AwaitsAnswer(s) {
			waiting = append(waiting, s)
		}
	}
	want := []string{Reported, Filed, Dispatched, Answered, OnSite, Handled, Verified, Returned, Deferred, Reopened}
	if d := cmp.Diff(want, open); d != "" {
		t.Errorf("open states (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{Reported, Filed, Dispatched, Returned, Reopened}, waiting); d != "" {
		t.Errorf("states that wait for an answer (-want +got):\n%s", d)
	}
	if KnownState("lost") || !KnownState(OnSite) || KnownCategory("noise") || !KnownCategory(Hazard) {
		t.Error("known words are not told from unknown ones")
	}
}

func TestNumbering(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	taken := []Incident{{Number: "20260101-0007"}, {Number: "20260101-0003"}, {Number: "old 12"}, {Number: "2026-0099"}}
	n := NewNumbering(taken, shanghai)
	newYearsEve := time.Date(2025, 12, 31, 15, 59, 0, 0, time.UTC)
	newYear := newYearsEve.Add(time.Minute) // midnight in Shanghai
	got := []string{n.Next(newYear), n.Next(newYear), n.Next(newYearsEve)}
	if d := cmp.Diff([]string{"20260101-0008", "20260101-0009", "20251231-0001"}, got); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}

func TestLadder(t *testing.T) {
	l := NewLadder([]Person{
		{ID: "p4", Name: "second member", Role: Member, Grid: "g1", District: "d1"},
		{ID: "p2", Name: "first member", Role: Member, Grid: "g1", District: "d1"},
		{ID: "p1", Name: "leader", Role: Leader, Grid: "g1", District: "d1"},
		{ID: "p5", Name: "leader alone", Role: Leader, Grid: "g2", District: "d1"},
		{ID: "p3", Name: "officer", Role: Officer, District: "d1"},
	})
	tests := []struct {
		name     string
		priority Priority
		grid     string
		district string
		want     Holder
	}{
		{"a grid member takes what is normal", Normal, "g1", "d1", Holder{LevelMember, "first member"}},
		{"the leader where there is no member", Normal, "g2", "d1", Holder{LevelLeader, "leader alone"}},
		{"the officer where the grid is empty", Normal, "g3", "d1", Holder{LevelOfficer, "officer"}},
		{"the station where nobody is", Normal, "g9", "d9", Holder{LevelStation, ""}},
		{"the station where the place is outside", Normal, "", "", Holder{LevelStation, ""}},
		{"the command room takes what is urgent", Urgent, "g1", "d1", Holder{LevelCommand, "officer"}},
		{"urgent and outside has no name", Urgent, "", "", Holder{LevelCommand, ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := l.First(tt.priority, tt.grid, tt.district); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestLadderClimbsToTheStation(t *testing.T) {
	l := NewLadder([]Person{
		{ID: "p1", Name: "leader", Role: Leader, Grid: "g1", District: "d1"},
		{ID: "p2", Name: "member", Role: Member, Grid: "g1", District: "d1"},
	})
	var steps []Holder
	for level := LevelMember; len(steps) < 4; {
		h := l.Above(level, "g1", "d1")
		steps = append(steps, h)
		level = h.Level
	}
	want := []Holder{{LevelLeader, "leader"}, {Level: LevelStation}, {Level: LevelStation}, {Level: LevelStation}}
	if d := cmp.Diff(want, steps); d != "" {
		t.Errorf("steps (-want +got):\n%s", d)
	}
	if got := l.Above(LevelCommand, "g1", "d1"); got.Level != LevelCommand {
		t.Errorf("the command room hands on to %+v", got)
	}
}

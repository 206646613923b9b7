package dispatch

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gridbeat/geo"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestAdvanceFollowsTheTable(t *testing.T) {
	for _, from := range States {
		for _, to := range States {
			i := Incident{ID: "i1", Category: Hazard, State: from, Version: 4, Level: LevelMember, Responsible: "M"}
			after, entry, err := i.Advance(Step{To: to, Actor: "duty", At: noon, Reason: "r"}, NewLadder(nil))
			if !slices.Contains(Allowed(from), to) {
				var illegal *IllegalStepError
				if !errors.As(err, &illegal) || illegal.From != from || !slices.Equal(illegal.Allowed, Allowed(from)) {
					t.Errorf("%s -> %s: %v, want an IllegalStepError with what is allowed", from, to, err)
				}
				if after != i {
					t.Errorf("%s -> %s changed the incident", from, to)
				}
				continue
			}
			want := Entry{Incident: "i1", Version: 5, At: noon, Actor: "duty", From: from, To: to, Reason: "r", Level: LevelMember, Responsible: "M"}
			if err != nil || after.State != to || after.Version != 5 || entry != want {
				t.Errorf("%s -> %s: %+v, %+v, %v", from, to, after, entry, err)
			}
		}
	}
}

func TestEveryStateCanBeReachedAndLeft(t *testing.T) {
	reached := map[string]bool{Reported: true}
	for todo := []string{Reported}; len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		if len(Allowed(at)) == 0 {
			t.Errorf("nothing may follow %s", at)
		}
		for _, to := range Allowed(at) {
			if !reached[to] {
				reached[to] = true
				todo = append(todo, to)
			}
		}
	}
	for _, s := range States {
		if !reached[s] {
			t.Errorf("no way leads to %s", s)
		}
	}
	if Allowed("lost") != nil {
		t.Error("something may follow an unknown state")
	}
}

func TestADisputeThatIsSentBackClimbs(t *testing.T) {
	ladder := NewLadder([]Person{
		{ID: "1", Name: "Member", Role: Member, Grid: "g"}, {ID: "2", Name: "Leader", Role: Leader, Grid: "g"},
		{ID: "3", Name: "Officer", Role: Officer, District: "d"},
	})
	i := Incident{ID: "i1", Category: Dispute, State: Reported, Grid: "g", District: "d", Level: LevelMember, Responsible: "Member"}
	var held []string
	for range 4 {
		for _, to := range []string{Dispatched, Returned} {
			var err error
			if i, _, err = i.Advance(Step{To: to, At: noon}, ladder); err != nil {
				t.Fatal(err)
			}
			if to == Dispatched {
				held = append(held, i.Level+" "+i.Responsible)
			}
		}
	}
	if want := []string{"member Member", "leader Leader", "officer Officer", "station "}; !slices.Equal(held, want) {
		t.Errorf("held by %v, want %v", held, want)
	}
	i = Incident{Category: Hazard, State: Returned, Grid: "g", District: "d", Level: LevelMember, Responsible: "Member"}
	if i, _, _ = i.Advance(Step{To: Dispatched, At: noon}, ladder); i.Level != LevelMember {
		t.Errorf("a hazard climbed to %s", i.Level)
	}
}

func TestStepsThatSayNonsenseAreRefused(t *testing.T) {
	for name, s := range map[string]Step{
		"no state":         {},
		"unknown state":    {To: "lost"},
		"unknown outcome":  {To: Filed, Outcome: "arrested"},
		"a reason too far": {To: Filed, Reason: strings.Repeat("网", ReasonLimit+1)},
	} {
		var bad *geo.InputError
		if _, _, err := (Incident{State: Reported}).Advance(s, NewLadder(nil)); !errors.As(err, &bad) || bad.Findings[0].Remedy == "" {
			t.Errorf("%s: %v, want a *geo.InputError with a remedy", name, err)
		}
	}
	if _, _, err := (Incident{State: Reported}).Advance(Step{To: Filed, Reason: strings.Repeat("网", ReasonLimit)}, NewLadder(nil)); err != nil {
		t.Errorf("a reason of exactly the limit: %v", err)
	}
}

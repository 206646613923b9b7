package dispatch

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gridbeat/geo"
	"gridbeat/routing"
)

// arrivals are given times in seconds, along and against.
type arrivals [][2]int32

func (a arrivals) Arrivals(routing.Spot) []routing.Arrival {
	var out []routing.Arrival
	for _, d := range a {
		out = append(out, routing.Arrival{Along: d[0], Against: d[1]})
	}
	return out
}

const never = routing.Never

var (
	called  = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	options = RankOptions{Count: 1, OldAfter: 2 * time.Minute, SoonWithin: 10 * time.Minute, Speed: 10}
)

func TestReasons(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*Unit)
		needs   []string
		reasons []Reason // none: it is offered
		soon    bool
	}{
		{"a free unit goes", func(*Unit) {}, nil, nil, false},
		{"a busy one does not", func(u *Unit) { u.Busy = true }, nil, []Reason{ReasonBusy}, false},
		{"a busy one that is clear in time is nearly free", func(u *Unit) { u.Busy, u.ClearAt = true, called.Add(5*time.Minute) }, nil, []Reason{ReasonBusy}, true},
		{"one that is clear later is not", func(u *Unit) { u.Busy, u.ClearAt = true, called.Add(11*time.Minute) }, nil, []Reason{ReasonBusy}, false},
		{"a shift that ends on the way", func(u *Unit) { u.ShiftEnds = called.Add(59 * time.Second) }, nil, []Reason{ReasonShift}, false},
		{"a shift that ends on arrival is long enough", func(u *Unit) { u.ShiftEnds = called.Add(time.Minute) }, nil, nil, false},
		{"the wait counts towards the shift", func(u *Unit) {
			u.Busy, u.ClearAt, u.ShiftEnds = true, called.Add(time.Minute), called.Add(90*time.Second)
		}, nil, []Reason{ReasonBusy, ReasonShift}, false},
		{"a position of two minutes is good", func(u *Unit) { u.SeenAt = called.Add(-2 * time.Minute) }, nil, nil, false},
		{"an older one is not", func(u *Unit) { u.SeenAt = called.Add(-2*time.Minute - 1) }, nil, []Reason{ReasonOld}, false},
		{"it lacks a skill", func(u *Unit) { u.Skills = []string{"dog"} }, []string{"dog", "boat"}, []Reason{ReasonSkill}, false},
		{"it has more skills than needed", func(u *Unit) { u.Skills = []string{"boat", "dog"} }, []string{"dog"}, nil, false},
		{"all reasons are told", func(u *Unit) {
			u.Busy, u.ShiftEnds, u.SeenAt = true, called, called.Add(-time.Hour)
		}, []string{"dog"}, []Reason{ReasonBusy, ReasonShift, ReasonOld, ReasonSkill}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			near := Unit{ID: "near", SeenAt: called}
			tt.change(&near)
			units := []Unit{near, {ID: "far", SeenAt: called, Skills: []string{"dog", "boat"}}}
			r, err := Rank(units, arrivals{{60_000, never}, {600_000, never}}, Call{Skills: tt.needs, Now: called}, options)
			if err != nil {
				t.Fatal(err)
			}
			if len(tt.reasons) == 0 {
				if len(r.Best) != 1 || r.Best[0].Unit != 0 || len(r.Skipped) != 0 {
					t.Fatalf("got %+v", r)
				}
				return
			}
			if len(r.Best) != 1 || r.Best[0].Unit != 1 || len(r.Skipped) != 1 || r.Skipped[0].Unit != 0 {
				t.Fatalf("got %+v", r)
			}
			if d := cmp.Diff(tt.reasons, r.Skipped[0].Reasons); d != "" {
				t.Errorf("reasons (-want +got):\n%s", d)
			}
			if tt.soon != (len(r.Soon) == 1) {
				t.Errorf("nearly free: %v", r.Soon)
			}
		})
	}
}

func TestTheRangeGrowsWithAgeAndAccuracy(t *testing.T) {
	units := []Unit{{SeenAt: called.Add(-30 * time.Second), Accuracy: 100}, {SeenAt: called.Add(time.Minute)}}
	o := options
	o.Count = 2
	r, err := Rank(units, arrivals{{60_000, 90_000}, {120_000, 20_000}}, Call{Now: called}, o)
	if err != nil {
		t.Fatal(err)
	}
	want := []Estimate{
		{Unit: 1, Travel: 20 * time.Second, Arrive: 20 * time.Second, Earliest: 20 * time.Second, Latest: 20 * time.Second, Against: true},
		{Unit: 0, Travel: time.Minute, Arrive: time.Minute, Earliest: 20 * time.Second, Latest: 100 * time.Second},
	}
	if d := cmp.Diff(want, r.Best); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRankRefusesWhatMakesNoSense(t *testing.T) {
	if _, err := Rank(nil, arrivals{}, Call{}, RankOptions{Count: 0, Speed: 1}); err == nil {
		t.Error("a count of none was accepted")
	}
	if _, err := Rank(nil, arrivals{}, Call{}, RankOptions{Count: 1}); err == nil {
		t.Error("a speed of nothing was accepted")
	}
	if _, err := Rank(make([]Unit, 2), arrivals{{1, 1}}, Call{}, options); err == nil {
		t.Error("two units with one arrival were accepted")
	}
}

func TestRankIsBruteForce(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		var units []Unit
		var times arrivals
		for range r.IntN(9) {
			u := Unit{SeenAt: called.Add(-time.Duration(r.IntN(200)) * time.Second), Accuracy: geo.Metres(r.IntN(50)), Busy: r.IntN(3) == 0}
			if r.IntN(6) == 0 {
				u.Spot.Edge = routing.None
			}
			if r.IntN(2) == 0 {
				u.ClearAt = called.Add(time.Duration(r.IntN(1500)-100) * time.Second)
			}
			units = append(units, u)
			d := [2]int32{int32(r.IntN(20)) * 10_000, int32(r.IntN(20)) * 10_000}
			if r.IntN(4) == 0 {
				d[r.IntN(2)] = never
			}
			times = append(times, d)
		}
		o := options
		o.Count = 1 + r.IntN(4)
		got, err := Rank(units, times, Call{Now: called}, o)
		if err != nil {
			t.Fatal(err)
		}
		free := map[int]bool{}
		for i, u := range units {
			free[i] = u.Spot.Edge != routing.None && min(times[i][0], times[i][1]) < never && !u.Busy && called.Sub(u.SeenAt) <= o.OldAfter
		}
		checkBest(t, got, times, free, o.Count)
		checkSides(t, got, times, free)
	}
}

// checkBest looks whether exactly the nearest free units are offered, and every nearer
// one with a position is accounted for.
func checkBest(t *testing.T, got Ranking, times arrivals, free map[int]bool, count int) {
	t.Helper()
	offered := map[int]bool{}
	last := int32(-1)
	for _, e := range got.Best {
		d := min(times[e.Unit][0], times[e.Unit][1])
		if !free[e.Unit] || d < last || millis(d) != e.Travel {
			t.Fatalf("unit %d after %v in %+v", e.Unit, e.Travel, got.Best)
		}
		last, offered[e.Unit] = d, true
	}
	n := 0
	for i := range times {
		if free[i] {
			n++
			if d := min(times[i][0], times[i][1]); !offered[i] && d < last {
				t.Fatalf("unit %d is nearer than the last of %+v", i, got.Best)
			}
		}
	}
	if len(got.Best) != min(n, count) {
		t.Fatalf("%d of %d free units offered, asked for %d", len(got.Best), n, count)
	}
	for _, s := range got.Skipped {
		if len(s.Reasons) == 0 || free[s.Unit] || len(got.Best) > 0 && s.Travel >= millis(last) {
			t.Fatalf("skipped %+v with %+v offered", s, got.Best)
		}
	}
}

func checkSides(t *testing.T, got Ranking, times arrivals, free map[int]bool) {
	t.Helper()
	best := int32(never)
	for a := range times {
		for b := range times {
			if a != b && free[a] && free[b] && times[a][0] < never && times[b][1] < never {
				best = min(best, max(times[a][0], times[b][1]))
			}
		}
	}
	if got.HasSides != (best < never) {
		t.Fatalf("two sides: %v, want %v", got.HasSides, best < never)
	}
	if !got.HasSides {
		return
	}
	a, b := got.Sides[0], got.Sides[1]
	if a.Unit == b.Unit || a.Against == b.Against || max(a.Arrive, b.Arrive) != millis(best) || a.Arrive > b.Arrive {
		t.Fatalf("sides %+v, the later should arrive after %v", got.Sides, millis(best))
	}
}

// cover is made of given numbers.
type cover struct {
	beyond map[int]routing.Holes
	fill   map[routing.Spot][]geo.Metres
}

func (c cover) Without(_ int32, unit int) routing.Loss {
	return routing.Loss{Before: c.beyond[routing.Nobody], After: c.beyond[unit]}
}
func (c cover) Fill(_ int32, _ int, _ routing.Loss, to []routing.Spot) [][]geo.Metres {
	var out [][]geo.Metres
	for _, s := range to {
		out = append(out, slices.Clone(c.fill[s]))
	}
	return out
}
func place(e routing.Edge) routing.Spot { return routing.Spot{Edge: e} }
func holes(metres geo.Metres, worst routing.Edge) routing.Holes {
	return routing.Holes{Metres: metres, Worst: place(worst)}
}

func TestLeftOffersTheMoveThatFillsBest(t *testing.T) {
	units := []Unit{{Spot: place(1)}, {Spot: place(2)}, {Spot: place(3), Busy: true}, {Spot: place(routing.None)}}
	c := cover{
		beyond: map[int]routing.Holes{routing.Nobody: holes(100, 9), 0: holes(500, 7)},
		fill: map[routing.Spot][]geo.Metres{
			place(1): {0, 300, 10, 10, 0}, // the sent, the busy and the lost one do not move
			place(7): {0, 200, 10, 10, 0},
		},
	}
	l, err := LeftAfter(c, units, 0, 5*time.Minute, 50)
	if err != nil {
		t.Fatal(err)
	}
	want := Left{Before: holes(100, 9), After: holes(500, 7), Move: Move{1, place(7), 200}, HasMove: true}
	if d := cmp.Diff(want, l); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if l, err = LeftAfter(c, units, 0, 5*time.Minute, 300); err != nil || l.HasMove {
		t.Errorf("a move that gains 300 m is offered where more than 300 m are asked: %+v, %v", l.Move, err)
	}
	if _, err = LeftAfter(c, units, 4, time.Minute, 0); err == nil {
		t.Error("a unit that does not exist was sent")
	}
	if _, err = LeftAfter(c, units, 0, 0, 0); err == nil {
		t.Error("a limit of nothing was accepted")
	}
}

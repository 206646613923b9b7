package patrol

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
)

// Four streets round a block take some minutes: the second visit of one has to wait.
func TestAPatrolWaitsForItsSecondVisit(t *testing.T) {
	a, b, c, d := at(0, 0), at(100, 0), at(100, 100), at(0, 100)
	streets := []geo.Street{
		street("south", "residential", nil, a, b), street("east", "residential", nil, b, c),
		street("north", "residential", nil, c, d), street("west", "residential", nil, d, a),
	}
	in := input(t, streets, nil, routing.Foot)
	in.Units, in.Depots = in.Units[:1], []orb.Point{a}
	in.Services = []Service{{Street: "north", Visits: 2, Apart: 20 * time.Minute}}
	o, early, searching := quick, 0, false
	o.OnBest = func(_, _ time.Duration) {
		if !searching {
			early++
		}
	}
	o.OnProgress = func(stage string, _, _ int) { searching = searching || stage == "routes" }
	p, err := Build(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := newJudge(in, nil).check(p); err != nil {
		t.Fatal(err)
	}
	if early == 0 {
		t.Error("no plan is told of before the search")
	}
	if s := p.Services[0]; s.Reason != "" || len(s.Calls) != 2 || s.Calls[1].After-s.Calls[0].After < 20*time.Minute {
		t.Errorf("the level is told as %+v", s)
	}
	r := p.Routes[0]
	if r.Seconds < 20*60 || r.Seconds > 30*60 {
		t.Errorf("the route takes %.0f s", r.Seconds)
	}
	var visits []int
	for i, s := range r.Steps {
		if s.Visit > 0 {
			visits = append(visits, s.Visit)
			if s.Street != "street north" || s.Metres < 99 || s.Metres > 101 {
				t.Errorf("visit %d is the step %+v", s.Visit, s)
			}
		}
		if s.Turn == "wait" && (r.Steps[i+1].Visit != 2 || s.Seconds < 600) {
			t.Errorf("it waits %.0f s before %+v", s.Seconds, r.Steps[i+1])
		}
	}
	if !slices.Equal(visits, []int{1, 2}) || !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Turn == "wait" }) {
		t.Errorf("visits %v in the steps %+v", visits, r.Steps)
	}
}

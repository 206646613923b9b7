package patrol

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing"
)

func TestAPlanIsRenewedWhenStreetsAndAreaChange(t *testing.T) {
	streets, rules := randomTown(rand.New(rand.NewPCG(3, 11)), 6)
	whole := rectangle(-50, -50, 2000, 2000)
	plan := func(previous *Plan, skip int, area orb.MultiPolygon) (Input, *Plan) {
		n, err := routing.NewNetwork(append(streets[:skip:skip], streets[skip+1:]...), nil, rules, routing.Foot)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Network: n, Area: area, Units: []string{"a", "b"}, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour, Previous: previous}
		o := quick
		o.Iterations = 1
		p, err := Build(context.Background(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := newJudge(in, rules).check(p); err != nil && area.Bound() == whole.Bound() {
			t.Fatal(err)
		}
		return in, p
	}
	in, first := plan(nil, 0, whole)
	_, same := plan(first, 0, whole)
	_, changed := plan(first, 9, whole)
	_, smaller := plan(first, 0, rectangle(-50, -50, 2000, 340))
	before := moves(in, first)
	kept := func(p *Plan) float64 {
		n, all := 0, moves(in, p)
		for m := range all {
			if before[m] {
				n++
			}
		}
		return float64(n) / float64(len(all))
	}
	if k := kept(same); k < 0.8 { // one step of the search may still better it
		t.Errorf("nothing has changed, and %.0f %% of the moves are kept", 100*k)
	}
	if k := kept(changed); k < 0.8 {
		t.Errorf("a street is gone, and %.0f %% of the moves are kept", 100*k)
	}
	if k := kept(smaller); k < 0.8 {
		t.Errorf("some of the area is gone, and %.0f %% of the moves are kept", 100*k)
	}
}

func TestAPlanOfAnotherTownIsNoHelp(t *testing.T) {
	streets, rules := randomTown(rand.New(rand.NewPCG(3, 12)), 4)
	n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a"}, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour,
		Previous: &Plan{Routes: []Route{{Line: orb.LineString{{1, 2}, {3, 4}}}}}}
	p, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	if err := newJudge(in, rules).check(p); err != nil {
		t.Error(err)
	}
}

// A plan that was searched for stays as it is; what changes above, where nothing did, is
// what the search had not found yet in its single step.
func TestASearchedPlanStaysWhereNothingChanges(t *testing.T) {
	streets, rules := randomTown(rand.New(rand.NewPCG(3, 11)), 6)
	n, err := routing.NewNetwork(streets[1:], nil, rules, routing.Foot)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b"}, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour}
	first, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	in.Previous = first
	b, err := newBuilder(in, quick)
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.newCosts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := b.plan(&found{costs: c, tours: c.renew(first)})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first.Routes, renewed.Routes); d != "" {
		t.Errorf("the search begins with other routes (-first +renewed):\n%s", d)
	}
	again, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	before, kept := moves(in, first), 0
	after := moves(in, again)
	for m := range after {
		if before[m] {
			kept++
		}
	}
	if kept < len(after) {
		t.Errorf("nothing has changed, and %d of %d moves are kept", kept, len(after))
	}
}

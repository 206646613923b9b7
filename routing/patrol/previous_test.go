package patrol

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
)

func TestAPlanIsRenewedWhereItMustBeOnly(t *testing.T) {
	const side = 10
	streets, rules := randomTown(rand.New(rand.NewPCG(3, 11)), side)
	whole, smaller := rectangle(-50, -50, 2000, 2000), rectangle(-50, -50, 2000, 1240)
	plan := func(previous *Plan, streets []geo.Street, area orb.MultiPolygon, units ...string) *Plan {
		n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Network: n, Area: area, Units: units, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour, Previous: previous}
		p, err := Build(context.Background(), in, quick)
		if err != nil {
			t.Fatal(err)
		}
		if err := newJudge(in, rules).check(p); err != nil && area.Bound() == whole.Bound() {
			t.Fatal(err)
		}
		return p
	}
	gone := append(slices.Clone(streets[:9]), streets[10:]...)
	type now struct {
		streets []geo.Street
		area    orb.MultiPolygon
		units   []string
	}
	four := []string{"a", "b", "c", "d"}
	for name, c := range map[string]struct{ before, after now }{
		"nothing has changed": {now{streets, whole, four}, now{streets, whole, four}},
		"a street is gone":    {now{streets, whole, four}, now{gone, whole, four}},
		"a street is new":     {now{gone, whole, four}, now{streets, whole, four}},
		"the area is smaller": {now{streets, whole, four}, now{streets, smaller, four}},
		"a unit is missing":   {now{streets, whole, four}, now{streets, whole, four[1:]}},
	} {
		first := plan(nil, c.before.streets, c.before.area, c.before.units...)
		fresh := plan(nil, c.after.streets, c.after.area, c.after.units...)
		next := plan(first, c.after.streets, c.after.area, c.after.units...)
		kept, all := keptMoves(streets, first, next)
		if next.Renewed == nil || next.Renewed.Previous != first.ID || next.Renewed.Moves < all/2 {
			t.Fatalf("%s: the plan tells %+v, %d of %d moves are kept", name, next.Renewed, kept, all)
		}
		told := float64(next.Renewed.Kept) / float64(next.Renewed.Moves)
		t.Logf("%s: %d of %d moves are kept, it tells %+v; longest route %.0f s, of a fresh plan %.0f s", name, kept, all, *next.Renewed, longest(next), longest(fresh))
		least := 0.8
		if len(c.after.units) < len(c.before.units) {
			least = 0.6 // a fourth of the streets changes hands, each piece at two moves or three
		}
		if float64(kept) < least*float64(all) || told < least {
			t.Errorf("%s, and %d of %d moves are kept; the plan tells %+v", name, kept, all, *next.Renewed)
		}
		if longest(next) > 1.05*longest(fresh) {
			t.Errorf("%s: the longest route takes %.0f s, that of a fresh plan %.0f s", name, longest(next), longest(fresh))
		}
	}
}

// keptMoves counts the moves of the first plan between pieces that the next one drives too,
// and those of them that it makes.
func keptMoves(streets []geo.Street, first, next *Plan) (kept, all int) {
	n, err := routing.NewNetwork(streets, nil, nil, routing.Foot)
	if err != nil {
		return 0, 0
	}
	drives := map[[2]orb.Point]bool{}
	for _, r := range next.Routes {
		for i := 1; i < len(r.Line); i++ {
			drives[[2]orb.Point{r.Line[i-1], r.Line[i]}], drives[[2]orb.Point{r.Line[i], r.Line[i-1]}] = true, true
		}
	}
	after := moves(Input{Network: n}, next)
	for m := range moves(Input{Network: n}, first) {
		if drives[[2]orb.Point{m[0], m[1]}] && drives[[2]orb.Point{m[1], m[2]}] {
			all++
			if after[m] {
				kept++
			}
		}
	}
	return kept, all
}

func longest(p *Plan) float64 {
	seconds, _ := p.seconds()
	return seconds
}

func TestAUnitKeepsItsRoute(t *testing.T) {
	streets, rules := randomTown(rand.New(rand.NewPCG(3, 11)), 6)
	n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b", "c"}, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour}
	first, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	// The routes went round: each unit has drawn another one's.
	for i := range first.Routes {
		first.Routes[i].Unit = in.Units[(slices.Index(in.Units, first.Routes[i].Unit)+1)%3]
	}
	in.Previous = first
	next, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range next.Routes {
		i := slices.IndexFunc(first.Routes, func(x Route) bool { return x.Unit == r.Unit })
		if kept, all := keptMoves(streets, &Plan{Routes: first.Routes[i : i+1]}, &Plan{Routes: []Route{r}}); 2*kept < all || all == 0 {
			t.Errorf("unit %s keeps %d of %d moves of its route", r.Unit, kept, all)
		}
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
	for i, r := range renewed.Routes {
		if r.Unit != first.Routes[i].Unit || r.Seconds != first.Routes[i].Seconds {
			t.Errorf("the search begins with a route of %s that takes %v s, it was %s and %v s", r.Unit, r.Seconds, first.Routes[i].Unit, first.Routes[i].Seconds)
		}
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
	// A street that is driven twice may be counted for the other time, and two ways on from
	// it take the same time.
	if 100*kept < 95*len(after) {
		t.Errorf("nothing has changed, and %d of %d moves are kept", kept, len(after))
	}
}

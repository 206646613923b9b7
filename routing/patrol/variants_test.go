package patrol

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/routing"
)

// moves are the successions of one street after another in the lines of a plan, read
// off the vertices: those at the ends of streets.
func moves(in Input, p *Plan) map[[3]orb.Point]bool {
	out := map[[3]orb.Point]bool{}
	end := map[orb.Point]bool{}
	for _, s := range in.Network.Streets() {
		end[s.Line[0]], end[s.Line[len(s.Line)-1]] = true, true
	}
	for _, r := range p.Routes {
		for i := 2; i < len(r.Line); i++ {
			if end[r.Line[i-1]] {
				out[[3]orb.Point{r.Line[i-2], r.Line[i-1], r.Line[i]}] = true
			}
		}
	}
	return out
}

func TestVariantsKeepEveryRuleAndDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkVariants(t, rapid.Uint64().Draw(t, "seed")) })
}

// A street too far for a shift was told once, and forgotten by the search for the
// second variant.
func TestAllVariantsTellTheStreetsBeyondTheShift(t *testing.T) {
	checkVariants(t, 0x5db)
}

// checkVariants plans two variants in a random town and holds them against its rules.
func checkVariants(t rapid.TB, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 2))
	streets, rules := randomTown(r, 3+r.IntN(2))
	in := input(t, streets, rules, routing.Profiles[r.IntN(4)])
	o := quick
	o.Iterations = 60
	plans, err := Variants(context.Background(), in, o, 2, 0.1)
	var bad *geo.InputError
	if errors.As(err, &bad) && bad.Findings[0].Rule == "depot-far" {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, p := range plans {
		if err := newJudge(in, rules).check(p); err != nil {
			t.Fatal(err)
		}
		ids[p.ID] = true
		total := func(p *Plan) (s float64) {
			for _, r := range p.Routes {
				s += r.Seconds
			}
			return s
		}
		if total(p) > 1.1*total(plans[0])+0.01 || total(p) < total(plans[0])-0.01 {
			t.Fatalf("variant %s takes %.0f s, the best %.0f s", p.ID, total(p), total(plans[0]))
		}
	}
	if len(ids) != len(plans) || len(plans) == 0 || plans[0].ID != quick.ID {
		t.Fatalf("%d plans of %d ids, the first %s", len(plans), len(ids), plans[0].ID)
	}
}

func TestAPatrolOnFootHasVariants(t *testing.T) {
	streets, _ := randomTown(rand.New(rand.NewPCG(9, 4)), 6)
	in := input(t, streets, nil, routing.Foot)
	in.Shift = 4 * time.Hour
	plans, err := Variants(context.Background(), in, quick, 4, 0.15)
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 2 {
		t.Fatalf("%d variants", len(plans))
	}
	for i, p := range plans {
		for _, q := range plans[:i] {
			a, b, both := moves(in, p), moves(in, q), 0
			for m := range a {
				if b[m] {
					both++
				}
			}
			if 2*both > min(len(a), len(b)) {
				t.Errorf("%s and %s share %d of %d and %d moves from street to street", p.ID, q.ID, both, len(a), len(b))
			}
		}
	}
}

func TestBothSidesOfEveryStreetAreDriven(t *testing.T) {
	streets, _ := randomTown(rand.New(rand.NewPCG(9, 4)), 4)
	in := input(t, streets, nil, routing.Ebike)
	in.BothSides = true
	p, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	driven := map[[2]orb.Point]bool{}
	for _, r := range p.Routes {
		for i := 1; i < len(r.Line); i++ {
			driven[[2]orb.Point{r.Line[i-1], r.Line[i]}] = true
		}
	}
	sides := 0
	for e := range routing.Edge(in.Network.Edges()) {
		if !Wanted(*in.Network.Street(e)) {
			continue
		}
		for _, a := range in.Network.Arcs(e, nil) {
			if !in.Network.Main(a) {
				continue
			}
			sides++
			line := in.Network.ArcLine(a, nil)
			if !driven[[2]orb.Point{line[0], line[1]}] {
				t.Errorf("no route drives %s from %v", in.Network.Street(e).ID, line[0])
			}
		}
	}
	one := in
	one.BothSides = false
	q, err := Build(context.Background(), one, quick)
	if err != nil {
		t.Fatal(err)
	}
	if sides < 10 || q.StreetMetres != p.StreetMetres || q.RouteMetres >= p.RouteMetres {
		t.Errorf("%d sides, %.0f m driven; one side: %.0f m", sides, p.RouteMetres, q.RouteMetres)
	}
}

func TestCrewsShareShiftsOutEvenly(t *testing.T) {
	for routes := range 40 {
		for units := 1; units < 9; units++ {
			count := map[int]int{}
			seen := map[crew]bool{}
			for _, c := range crews(routes, units) {
				if seen[c] || c.unit >= units {
					t.Fatalf("%d routes, %d units: %+v twice, or no such unit", routes, units, c)
				}
				seen[c] = true
				count[c.shift]++
			}
			shifts := (routes + units - 1) / units
			if len(seen) != routes || len(count) != shifts {
				t.Fatalf("%d routes, %d units: %d crews in %d shifts", routes, units, len(seen), len(count))
			}
			for s, n := range count {
				if n < routes/shifts || n > routes/shifts+1 || s > shifts {
					t.Fatalf("%d routes, %d units: shift %d has %d", routes, units, s, n)
				}
			}
		}
	}
}

func TestWrongVariantsAreRefused(t *testing.T) {
	streets, _ := randomTown(rand.New(rand.NewPCG(4, 4)), 3)
	in := input(t, streets, nil, routing.Foot)
	for _, c := range []struct {
		count  int
		within float64
	}{{0, 0.1}, {21, 0.1}, {2, -1}, {2, 2}} {
		var bad *geo.InputError
		if _, err := Variants(context.Background(), in, quick, c.count, c.within); !errors.As(err, &bad) {
			t.Errorf("%d variants within %g give %v", c.count, c.within, err)
		}
	}
}

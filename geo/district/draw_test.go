package district

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
)

// town makes a made-up town of n x n bent street blocks of about 100 m near
// Yangdong: every fourth street a secondary road, dead ends, compounds, buildings,
// and districts that part it into upright strips along streets.
func town(rng *rand.Rand, n, districts int) Ground {
	const step = 0.001
	at := func(i, j int) orb.Point {
		r := rand.New(rand.NewPCG(uint64(i), uint64(j)))
		bend := func() float64 { return (r.Float64() - 0.5) * step / 6 }
		return geo.RoundE7(orb.Point{112 + float64(i)*step + bend(), 21.8 + float64(j)*step + bend()})
	}
	var g Ground
	street := func(name, class string, line orb.LineString) {
		g.Streets = append(g.Streets, geo.Street{ID: fmt.Sprintf("w%d", len(g.Streets)), Name: name, Class: class, Line: line})
	}
	classOf := func(k int) string {
		if k%4 == 0 {
			return "secondary"
		}
		return "residential"
	}
	for k := range n + 1 {
		var along, up orb.LineString
		for m := range n + 1 {
			along, up = append(along, at(m, k)), append(up, at(k, m))
		}
		street(fmt.Sprintf("street %d", k), classOf(k), along)
		street(fmt.Sprintf("avenue %d", k), classOf(k), up)
	}
	for range n {
		p := at(rng.IntN(n), rng.IntN(n))
		street("", "service", orb.LineString{p, {p[0] + step*rng.Float64(), p[1] + step*rng.Float64()}})
	}
	for d := range districts {
		from, to := d*n/districts, (d+1)*n/districts
		var ring orb.Ring
		for j := range n + 1 {
			ring = append(ring, at(to, j))
		}
		for i := to - 1; i > from; i-- {
			ring = append(ring, at(i, n))
		}
		for j := n; j >= 0; j-- {
			ring = append(ring, at(from, j))
		}
		for i := from + 1; i <= to; i++ {
			ring = append(ring, at(i, 0))
		}
		g.Districts = append(g.Districts, geo.District{Code: fmt.Sprintf("D%d", d), Name: fmt.Sprintf("district %d", d), Outline: orb.MultiPolygon{{ring}}})
	}
	for i := range n {
		for j := range n {
			corner := at(i, j)
			walled := rng.IntN(6) == 0 && min(i, j) > 0 && max(i, j) < n-1
			if walled {
				low, high := 0.35*step, 0.75*step
				o := orb.Ring{{corner[0] + low, corner[1] + low}, {corner[0] + high, corner[1] + low}, {corner[0] + high, corner[1] + high}, {corner[0] + low, corner[1] + high}, {corner[0] + low, corner[1] + low}}
				g.Compounds = append(g.Compounds, geo.Compound{ID: fmt.Sprintf("c%d-%d", i, j), Outline: orb.Polygon{o}})
			}
			for range rng.IntN(12) {
				b := geo.Building{ID: fmt.Sprintf("b%d", len(g.Buildings)), Source: geo.Assumed, Households: rng.IntN(60)}
				low, wide := 0.2*step, 0.6*step
				if walled {
					low, wide = 0.36*step, 0.38*step
					b.Compound = fmt.Sprintf("c%d-%d", i, j)
				}
				b.At = geo.RoundE7(orb.Point{corner[0] + low + wide*rng.Float64(), corner[1] + low + wide*rng.Float64()})
				g.Buildings = append(g.Buildings, b)
			}
		}
	}
	return g
}

func TestAnyTownIsDividedByTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		g := town(rng, rapid.IntRange(4, 9).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "districts"))
		o := DrawOptions{Seed: 1, Rounds: 100}
		draft, report, err := Draw(context.Background(), g, o)
		if err != nil {
			t.Fatal(err)
		}
		ground := g
		ground.Districts = draft.Districts
		for _, f := range Check(draft.Grids, ground, draft.Bounds) {
			t.Errorf("%v", f)
		}
		locator, err := NewLocator(draft.Grids)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, b := range g.Buildings {
			if locator.Locate(b.At, 0).How != Outside { // bent streets leave some outside
				sum += b.Households
			}
		}
		if report.Households != sum {
			t.Errorf("%d households in grids, %d in buildings", report.Households, sum)
		}
		again, _, err := Draw(context.Background(), g, o)
		if err != nil || !reflect.DeepEqual(draft, again) {
			t.Errorf("the same ground and seed gave another plan (%v)", err)
		}
	})
}

func TestCheckFindsWhatIsBroken(t *testing.T) {
	g := town(rand.New(rand.NewPCG(1, 1)), 8, 2)
	draft, _, err := Draw(context.Background(), g, DrawOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	g.Districts = draft.Districts
	clone := func() []Grid {
		out := make([]Grid, len(draft.Grids))
		for i, x := range draft.Grids {
			out[i] = x
			out[i].Outline = x.Outline.Clone()
		}
		return out
	}
	tests := []struct {
		name string
		do   func(grids []Grid) []Grid
		want string
	}{
		{"a plan as drawn", func(gs []Grid) []Grid { return gs }, ""},
		{"no grids", func([]Grid) []Grid { return nil }, "empty"},
		{"a grid is missing", func(gs []Grid) []Grid { return gs[1:] }, "gap"},
		{"a grid stands twice", func(gs []Grid) []Grid { gs[1].Outline = gs[0].Outline; return gs }, "overlap"},
		{"a vertex is pulled into the neighbour", func(gs []Grid) []Grid { gs[0].Outline[0][1][0] += 0.0002; return gs }, "gap"},
		{"a vertex is left out", func(gs []Grid) []Grid {
			r := gs[0].Outline[0]
			gs[0].Outline[0] = append(r[:1:1], r[2:]...)
			return gs
		}, "gap"},
		{"a grid has no outline", func(gs []Grid) []Grid { gs[0].Outline, gs[0].Households = nil, 0; return gs }, "gap"},
		{"a grid names another district", func(gs []Grid) []Grid { gs[0].District = "D9"; return gs }, "overshoot"},
		{"a count is wrong", func(gs []Grid) []Grid { gs[0].Households++; return gs }, "stated-households"},
		{"a code stands twice", func(gs []Grid) []Grid { gs[1].Code = gs[0].Code; return gs }, "code"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := Check(test.do(clone()), g, DefaultBounds)
			rules := ""
			for _, f := range found {
				rules += f.Rule + " "
			}
			if test.want == "" && rules != "" || !strings.Contains(rules, test.want) {
				t.Errorf("found %q, want %q", rules, test.want)
			}
		})
	}
}

func TestATowerAboveTheMaximumIsAnException(t *testing.T) {
	g := town(rand.New(rand.NewPCG(5, 1)), 6, 1)
	g.Buildings = append(g.Buildings, geo.Building{ID: "tower", Households: 900, At: orb.Point{112.0025, 21.8025}})
	draft, _, err := Draw(context.Background(), g, DrawOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	over := 0
	for _, x := range draft.Grids {
		if x.Households > 500 {
			over++
			if len(x.Exceptions) != 1 || kindOf(x.Exceptions[0]) != "over:building" {
				t.Errorf("%d households and says %q", x.Households, x.Exceptions)
			}
		}
	}
	if over != 1 {
		t.Errorf("%d grids above the maximum, want the tower's alone", over)
	}
}

func TestBadGroundIsRefusedWithItsReason(t *testing.T) {
	good := town(rand.New(rand.NewPCG(5, 1)), 4, 1)
	tests := []struct {
		name string
		do   func(g *Ground, o *DrawOptions)
		want string
	}{
		{"no districts", func(g *Ground, o *DrawOptions) { g.Districts = nil }, "no districts"},
		{"no streets", func(g *Ground, o *DrawOptions) { g.Streets = nil }, "no streets"},
		{"bounds the wrong way round", func(g *Ground, o *DrawOptions) { o.Bounds = Bounds{500, 150} }, "impossible"},
		{"a district that is not there", func(g *Ground, o *DrawOptions) { o.District = "X" }, `"X"`},
		{"a code prefix of letters", func(g *Ground, o *DrawOptions) { o.CodePrefix = "abcdefghi" }, "nine digits"},
		{"districts that overlap", func(g *Ground, o *DrawOptions) { g.Districts = append(g.Districts, g.Districts[0]) }, "overlaps"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, o := good, DrawOptions{}
			test.do(&g, &o)
			if _, _, err := Draw(context.Background(), g, o); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestACancelledDrawGivesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if d, _, err := Draw(ctx, town(rand.New(rand.NewPCG(5, 1)), 4, 1), DrawOptions{}); err == nil || d != nil {
		t.Errorf("draft %v, error %v", d, err)
	}
}

func TestCutDistrictsAreOfSimilarAreaAndTileTheRectangle(t *testing.T) {
	g := town(rand.New(rand.NewPCG(8, 1)), 12, 1)
	bound := orb.Bound{Min: orb.Point{112.0003, 21.8004}, Max: orb.Point{112.0112, 21.8113}}
	ds, err := CutDistricts(context.Background(), g, bound, CutOptions{Count: 4, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	plane := geo.NewPlane(bound.Center())
	var sum float64
	for _, d := range ds {
		a := float64(plane.Area(d.Outline[0]))
		sum += a
		if mean := float64(plane.Area(bound.ToPolygon())) / 4; a < 0.7*mean || a > 1.35*mean {
			t.Errorf("%s: %.0f m2, a quarter is %.0f", d.Code, a, mean)
		}
		if d.Households < 150 {
			t.Errorf("%s has homes for no grid: %d", d.Code, d.Households)
		}
	}
	if whole := float64(plane.Area(bound.ToPolygon())); len(ds) != 4 || math.Abs(sum-whole) > 1e-6*whole {
		t.Errorf("%d districts of %.0f m2 in all, the rectangle has %.0f", len(ds), sum, whole)
	}
}

func TestDistrictsAreCutByAreaWhereNoHomesAreKnown(t *testing.T) {
	g := town(rand.New(rand.NewPCG(8, 1)), 12, 1)
	g.Buildings, g.Compounds = nil, nil
	bound := orb.Bound{Min: orb.Point{112.0003, 21.8004}, Max: orb.Point{112.0112, 21.8113}}
	ds, err := CutDistricts(context.Background(), g, bound, CutOptions{Count: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	plane := geo.NewPlane(bound.Center())
	mean := float64(plane.Area(bound.ToPolygon())) / 5
	for _, d := range ds {
		if a := float64(plane.Area(d.Outline[0])); a < mean/4 || a > 2*mean || d.Households != 0 {
			t.Errorf("%s: %.0f m2 with %d homes, a fifth is %.0f", d.Code, a, d.Households, mean)
		}
	}
	if len(ds) != 5 {
		t.Errorf("%d districts, want 5", len(ds))
	}
}

func TestDistrictsThatCannotBeCutAreRefused(t *testing.T) {
	g := town(rand.New(rand.NewPCG(8, 1)), 5, 1)
	tests := []struct {
		name  string
		bound orb.Bound
		count int
		want  string
	}{
		{"swapped axes", orb.Bound{Min: orb.Point{21.8, 112}, Max: orb.Point{21.81, 112.01}}, 4, "bounds"},
		{"off the map", orb.Bound{Min: orb.Point{10, 20}, Max: orb.Point{11, 21}}, 4, "no main road"},
		{"too many for the homes", orb.Bound{Min: orb.Point{112, 21.8}, Max: orb.Point{112.005, 21.805}}, 60, "fewer districts"},
		{"none", orb.Bound{Min: orb.Point{112, 21.8}, Max: orb.Point{112.005, 21.805}}, 0, "count"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := CutDistricts(context.Background(), g, test.bound, CutOptions{Count: test.count}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestARedrawFromTheEditionInForceMovesFewHouseholdsAndKeepsCodes(t *testing.T) {
	g := town(rand.New(rand.NewPCG(11, 1)), 12, 2)
	first, _, err := Draw(context.Background(), g, DrawOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	// Three per cent of the buildings change their count, and one block doubles.
	for i := range g.Buildings {
		if i%30 == 0 {
			g.Buildings[i].Households *= 2
		}
	}
	edition := &Edition{Number: 1, Grids: first.Grids}
	second, report, err := Draw(context.Background(), g, DrawOptions{Seed: 2, Previous: edition})
	if err != nil {
		t.Fatal(err)
	}
	ground := g
	ground.Districts = second.Districts
	for _, f := range Check(second.Grids, ground, DefaultBounds) {
		t.Errorf("%v", f)
	}
	before, err := NewLocator(first.Grids)
	if err != nil {
		t.Fatal(err)
	}
	after, err := NewLocator(second.Grids)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, b := range g.Buildings {
		if before.Locate(b.At, 0).Grid != after.Locate(b.At, 0).Grid {
			moved += b.Households
		}
	}
	if share := float64(moved) / float64(report.Households); share > 0.06 {
		t.Errorf("%.1f %% of the households changed grid", 100*share)
	}
	seen := map[string]bool{}
	for _, x := range first.Grids {
		seen[x.Code] = true
	}
	fresh := 0
	for _, x := range second.Grids {
		if !seen[x.Code] {
			fresh++
		}
	}
	if fresh > 4 {
		t.Errorf("%d of %d grids have a new code", fresh, len(second.Grids))
	}
}

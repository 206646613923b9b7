package district

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// patchwork makes a few grids that tile a square: random lines laid over each other,
// faces joined at random.
func patchwork(t *rapid.T) ([]Grid, *arrange.Arrangement) {
	const side = 2000
	corner := []arrange.Pt{{X: 0, Y: 0}, {X: side, Y: 0}, {X: side, Y: side}, {X: 0, Y: side}}
	var in []arrange.Segment
	for i := range corner {
		in = append(in, arrange.Segment{A: corner[i], B: corner[(i+1)%4]})
	}
	at := rapid.Int32Range(-100, side+100)
	for range rapid.IntRange(0, 12).Draw(t, "lines") {
		in = append(in, arrange.Segment{A: arrange.Pt{X: at.Draw(t, "ax"), Y: at.Draw(t, "ay")}, B: arrange.Pt{X: at.Draw(t, "bx"), Y: at.Draw(t, "by")}})
	}
	a, err := arrange.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	group := map[int][]int32{}
	for f := range a.Faces {
		k := rapid.IntRange(0, 4).Draw(t, "grid")
		group[k] = append(group[k], int32(f))
	}
	var grids []Grid
	for k := range 5 {
		for _, outline := range a.Outline(group[k]) {
			grids = append(grids, Grid{Code: fmt.Sprintf("%03d", (len(grids)*7)%100), Outline: outline})
		}
	}
	return grids, a
}

// slowLocate tries every grid: the lowest code that holds or touches p.
func slowLocate(grids []Grid, p arrange.Pt) (code string, how How) {
	how = Outside
	sorted := slices.Clone(grids)
	slices.SortFunc(sorted, func(a, b Grid) int { return compareStrings(a.Code, b.Code) })
	for _, g := range sorted {
		side := 1
		for i, ring := range g.Outline {
			var ps []arrange.Pt
			for _, q := range ring[1:] {
				ps = append(ps, arrange.At(q))
			}
			if in := arrange.InRing(p, ps); i == 0 {
				side = in
			} else {
				side = min(side, -in)
			}
		}
		if side == 0 && how != Border {
			return g.Code, Border
		}
		if side > 0 {
			code, how = g.Code, Inside
		}
	}
	return code, how
}

func TestLocatorAgreesWithEveryGridTested(t *testing.T) { rapid.Check(t, locatorAgrees) }

func FuzzLocator(f *testing.F) { f.Fuzz(rapid.MakeFuzz(locatorAgrees)) }

func locatorAgrees(t *rapid.T) {
	grids, a := patchwork(t)
	l, err := NewLocator(grids)
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		p := arrange.Pt{X: rapid.Int32Range(-50, 2050).Draw(t, "x"), Y: rapid.Int32Range(-50, 2050).Draw(t, "y")}
		if len(a.Vertices) > 0 && rapid.Bool().Draw(t, "at a vertex") {
			p = a.Vertices[rapid.IntRange(0, len(a.Vertices)-1).Draw(t, "vertex")]
		}
		code, how := slowLocate(grids, p)
		if got := l.Locate(p.Point(), 0); got.Grid != code || got.How != how {
			t.Fatalf("%v: got %+v, want %s %s", p, got, code, how)
		}
	}
}

func TestLocateAllAnswersAsLocateDoes(t *testing.T) {
	box := func(x, y float64) orb.Polygon {
		return orb.Polygon{{{x, y}, {x + 0.1, y}, {x + 0.1, y + 0.1}, {x, y + 0.1}, {x, y}}}
	}
	l, err := NewLocator([]Grid{{Code: "2", District: "b", Outline: box(113, 22)}, {Code: "1", District: "a", Outline: box(113.1, 22)}})
	if err != nil {
		t.Fatal(err)
	}
	points := make([]orb.Point, 3*batch+5)
	for i := range points {
		points[i] = orb.Point{112.98 + 0.24*float64(i)/float64(len(points)), 22.05}
	}
	points[batch] = orb.Point{113.1, 22.05}
	out := make([]Location, len(points))
	l.LocateAll(points, 500, out)
	for i, p := range points {
		if want := l.Locate(p, 500); out[i] != want {
			t.Fatalf("%v: got %+v, want %+v", p, out[i], want)
		}
	}
	if out[batch] != (Location{Grid: "1", District: "a", How: Border}) {
		t.Errorf("on the border: got %+v", out[batch])
	}
}

// TestManyGoroutinesGetTheSameAnswers asks for one point, for few and for many at once
// from many goroutines; the race detector sees that they need no locks.
func TestManyGoroutinesGetTheSameAnswers(t *testing.T) {
	grids := rapid.Custom(func(t *rapid.T) []Grid { grids, _ := patchwork(t); return grids }).Example(7)
	var vertices []orb.Point
	for _, g := range grids {
		vertices = append(vertices, g.Outline[0]...)
	}
	l, err := NewLocator(grids)
	if err != nil {
		t.Fatal(err)
	}
	var points []orb.Point
	rng := rand.New(rand.NewPCG(4, 4))
	for i := range 2*batch + 7 {
		v := vertices[i%len(vertices)]
		if i%3 > 0 {
			v[0], v[1] = v[0]+1e-5*rng.NormFloat64(), v[1]+1e-5*rng.NormFloat64()
		}
		points = append(points, v)
	}
	points[5] = orb.Point{math.NaN(), 0} // off the globe: outside, like all others in its batch or alone
	want := make([]Location, len(points))
	for i, p := range points {
		want[i] = l.Locate(p, 100)
	}
	var wait sync.WaitGroup
	for g := range 8 {
		wait.Go(func() {
			from := g * 100
			some := points[from:]
			if g%2 == 1 {
				some = points[from : from+50]
			}
			out := make([]Location, len(some))
			l.LocateAll(some, 100, out)
			for i := range out {
				if out[i] != want[from+i] || l.Locate(some[i], 100) != want[from+i] {
					t.Errorf("%v: got %+v, want %+v", some[i], out[i], want[from+i])
					return
				}
			}
		})
	}
	wait.Wait()
}

// A place computed on a slanted border is seldom a multiple of 1e-7 degree: it counts as
// the nearest one, as in the stores and in SQL, on the border or beside it.
func TestAPlaceBetweenStepsCountsAsTheNearestStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grids, a := patchwork(t)
		l, err := NewLocator(grids)
		if err != nil {
			t.Fatal(err)
		}
		e := a.Edges[rapid.IntRange(0, len(a.Edges)-1).Draw(t, "edge")]
		p, q := a.Vertices[e.A].Point(), a.Vertices[e.B].Point()
		k := rapid.Float64Range(0, 1).Draw(t, "along")
		mid := orb.Point{p[0] + k*(q[0]-p[0]), p[1] + k*(q[1]-p[1])}
		code, how := slowLocate(grids, arrange.At(geo.RoundE7(mid)))
		if got := l.Locate(mid, 0); got.Grid != code || got.How != how {
			t.Fatalf("%v: got %+v, want %s %s", mid, got, how, code)
		}
	})
}

func TestNearestGivesMetresWithinTheLimitOnly(t *testing.T) {
	box := orb.Polygon{{{113.5, 22.2}, {113.51, 22.2}, {113.51, 22.21}, {113.5, 22.21}, {113.5, 22.2}}}
	l, err := NewLocator([]Grid{{Code: "1", District: "d", Outline: box}})
	if err != nil {
		t.Fatal(err)
	}
	east := orb.Point{113.511, 22.205} // 0.001 degree, 103.06 m at this latitude
	if got := l.Locate(east, 200); got.How != Nearest || got.Grid != "1" || got.Metres < 102.5 || got.Metres > 103.5 {
		t.Errorf("within the limit: %+v", got)
	}
	if got := l.Locate(east, 50); got.How != Outside || got.Grid != "" {
		t.Errorf("beyond the limit: %+v", got)
	}
}

func TestOverlappingGridsAreRefused(t *testing.T) {
	box := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}
	if _, err := NewLocator([]Grid{{Code: "1", Outline: box}, {Code: "2", Outline: box}}); err == nil {
		t.Error("the same outline twice was taken")
	}
}

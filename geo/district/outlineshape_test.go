package district

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
)

func TestShapesOfASquareAndAnL(t *testing.T) {
	at := orb.Point{113.5, 22.2}
	plane := geo.NewPlane(at)
	place := func(x, y float64) orb.Point { return plane.Point(x, y) }
	square := orb.Polygon{{place(0, 0), place(100, 0), place(100, 100), place(0, 100), place(0, 0)}}
	l := orb.Polygon{{place(0, 0), place(100, 0), place(100, 50), place(50, 50), place(50, 100), place(0, 100), place(0, 0)}}
	for _, tt := range []struct {
		name        string
		shape       orb.Polygon
		reock, hull float64
	}{
		{"a square fills 2/pi of its circle", square, 2 / math.Pi, 1},
		{"an L of three quarters of it lacks the corner", l, 1.5 / math.Pi, 7500.0 / 8750},
	} {
		if r, h := reock(plane, tt.shape), hullRatio(plane, tt.shape); !near(r, tt.reock) || !near(h, tt.hull) {
			t.Errorf("%s: %.6f, %.6f, want %.6f, %.6f", tt.name, r, h, tt.reock, tt.hull)
		}
	}
}

// The judge tries every circle through two or three places.
func TestTheEnclosingCircleIsTheSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		ps := make([]xy, rapid.IntRange(1, 9).Draw(t, "n"))
		for i := range ps {
			ps[i] = xy{float64(rng.IntN(20)), float64(rng.IntN(20))}
		}
		holds := func(c xy, r float64) bool {
			for _, p := range ps {
				if math.Hypot(p.x-c.x, p.y-c.y) > r+1e-6 {
					return false
				}
			}
			return true
		}
		best := math.Inf(1)
		for i, a := range ps {
			for j, b := range ps[:i+1] {
				if c, r := (xy{(a.x + b.x) / 2, (a.y + b.y) / 2}), math.Hypot(a.x-b.x, a.y-b.y)/2; holds(c, r) {
					best = min(best, r)
				}
				for _, d := range ps[:j] {
					if c, r := circumcircle(a, b, d); holds(c, r) {
						best = min(best, r)
					}
				}
			}
		}
		for _, set := range [][]xy{ps, hull(ps)} {
			if c, r := enclosingCircle(set); !holds(c, r) || math.Abs(r-best) > 1e-6 {
				t.Fatalf("%v: %v, radius %f, want %f", ps, c, r, best)
			}
		}
	})
}

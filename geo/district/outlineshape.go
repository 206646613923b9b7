package district

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// xy is a place on a flat sheet, in metres.
type xy struct{ x, y float64 }

// rimOf are the vertices of the outer ring of a polygon on a plane, the first not
// repeated.
func rimOf(plane geo.Plane, p orb.Polygon) []xy {
	if len(p) == 0 || len(p[0]) < 4 {
		return nil
	}
	out := make([]xy, len(p[0])-1)
	for i := range out {
		out[i].x, out[i].y = plane.XY(p[0][i])
	}
	return out
}

// areaOf is the area within a closed line, in square metres.
func areaOf(rim []xy) float64 {
	var twice float64
	for i, p := range rim {
		q := rim[(i+1)%len(rim)]
		twice += p.x*q.y - q.x*p.y
	}
	return math.Abs(twice) / 2
}

// reock is A / area of the smallest enclosing circle (Reock 1961).
func reock(plane geo.Plane, p orb.Polygon) float64 {
	_, r := enclosingCircle(hull(rimOf(plane, p)))
	return float64(plane.Area(p)) / max(1e-9, math.Pi*r*r)
}

// hullRatio is A / area of the convex hull.
func hullRatio(plane geo.Plane, p orb.Polygon) float64 {
	return float64(plane.Area(p)) / max(1e-9, areaOf(hull(rimOf(plane, p))))
}

// hull is the convex hull of some places, counter-clockwise (Andrew 1979).
func hull(ps []xy) []xy {
	sorted := slices.Clone(ps)
	slices.SortFunc(sorted, func(a, b xy) int {
		if a.x != b.x {
			return sign(a.x - b.x)
		}
		return sign(a.y - b.y)
	})
	sorted = slices.Compact(sorted)
	if len(sorted) < 3 {
		return sorted
	}
	var out []xy
	half := func(ps []xy) {
		least := len(out) + 1
		for _, p := range ps {
			for len(out) > least && turn(out[len(out)-2], out[len(out)-1], p) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		out = out[:len(out)-1] // it begins the other half
	}
	half(sorted)
	slices.Reverse(sorted)
	half(sorted)
	return out
}

func sign(v float64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// turn is above 0 where the way from a over b to c turns left.
func turn(a, b, c xy) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// enclosingCircle is the smallest circle that holds some places (Welzl 1991, without
// recursion; the places are few, so their order is left as it is).
func enclosingCircle(ps []xy) (centre xy, radius float64) {
	if len(ps) == 0 {
		return xy{}, 0
	}
	centre = ps[0]
	outside := func(p xy) bool { return math.Hypot(p.x-centre.x, p.y-centre.y) > radius*(1+1e-12)+1e-9 }
	for i, p := range ps {
		if !outside(p) {
			continue
		}
		centre, radius = p, 0
		for j, q := range ps[:i] {
			if !outside(q) {
				continue
			}
			centre = xy{(p.x + q.x) / 2, (p.y + q.y) / 2}
			radius = math.Hypot(p.x-q.x, p.y-q.y) / 2
			for _, r := range ps[:j] {
				if outside(r) {
					centre, radius = circumcircle(p, q, r)
				}
			}
		}
	}
	return centre, radius
}

// circumcircle is the circle through three places; through the two furthest apart when
// they lie on a line.
func circumcircle(a, b, c xy) (centre xy, radius float64) {
	d := 2 * turn(a, b, c)
	if d == 0 {
		ends := [3][2]xy{{a, b}, {b, c}, {c, a}}
		for _, e := range ends {
			if r := math.Hypot(e[0].x-e[1].x, e[0].y-e[1].y) / 2; r > radius {
				centre, radius = xy{(e[0].x + e[1].x) / 2, (e[0].y + e[1].y) / 2}, r
			}
		}
		return centre, radius
	}
	bx, by, cx, cy := b.x-a.x, b.y-a.y, c.x-a.x, c.y-a.y
	bb, cc := bx*bx+by*by, cx*cx+cy*cy
	x, y := (cy*bb-by*cc)/d, (bx*cc-cx*bb)/d
	return xy{a.x + x, a.y + y}, math.Hypot(x, y)
}

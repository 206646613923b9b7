package ingest

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"gridbeat/geo"
)

// fault is why a ring or polygon cannot be used.
type fault struct {
	rule   string
	detail string
	at     *orb.Point
}

func (f *fault) finding(id, what, remedy string) geo.Finding {
	return geo.Finding{Rule: f.rule, Feature: id, At: f.at, Detail: what + " " + f.detail, Remedy: remedy}
}

func faultAt(p orb.Point, rule, detail string) *fault { return &fault{rule, detail, &p} }

// checkRing looks for everything that makes a ring no border: it must be closed,
// have three corners or more, enclose something and never meet itself.
func checkRing(r orb.Ring) *fault {
	if len(r) == 0 {
		return &fault{rule: "ring-empty", detail: "has a ring without positions"}
	}
	if r[0] != r[len(r)-1] {
		return faultAt(r[0], "ring-open", "has a ring that does not close")
	}
	if len(r) < 4 {
		return faultAt(r[0], "ring-short", fmt.Sprintf("has a ring of %d positions; at least 4 are due", len(r)))
	}
	edges := segmentsOf(r, 0)
	if len(edges) < 3 {
		return faultAt(r[0], "ring-short", "has a ring with fewer than 3 corners")
	}
	var bad *fault
	eachMeeting(edges, func(s, t segment, how contact) bool {
		if s.index > t.index {
			s, t = t, s
		}
		neighbours := t.index == s.index+1 || s.index == 0 && t.index == len(edges)-1
		if neighbours && how == touch {
			return true
		}
		bad = faultAt(meetingPlace(s, t), "ring-crossed", "has a ring that meets itself")
		return false
	})
	return bad
}

// meetingPlace is a point at which two segments that meet do so, about.
func meetingPlace(s, t segment) orb.Point {
	for _, g := range []grain{s.a, s.b} {
		if side(t.a, t.b, g) == 0 && between(t.a, t.b, g) {
			return g.point()
		}
	}
	for _, g := range []grain{t.a, t.b} {
		if side(s.a, s.b, g) == 0 && between(s.a, s.b, g) {
			return g.point()
		}
	}
	p, q, u, v := s.a.point(), s.b.point(), t.a.point(), t.b.point()
	dx, dy, ex, ey := q[0]-p[0], q[1]-p[1], v[0]-u[0], v[1]-u[1]
	k := ((u[0]-p[0])*ey - (u[1]-p[1])*ex) / (dx*ey - dy*ex)
	return geo.RoundE7(orb.Point{p[0] + k*dx, p[1] + k*dy})
}

// checkPolygon checks each ring, and that the holes lie inside the outer ring
// without crossing it or each other.
func checkPolygon(p orb.Polygon) *fault {
	if len(p) == 0 {
		return &fault{rule: "ring-empty", detail: "has no ring"}
	}
	var all []segment
	for i, r := range p {
		if f := checkRing(r); f != nil {
			return f
		}
		all = append(all, segmentsOf(r, i)...)
	}
	var bad *fault
	eachMeeting(all, func(s, t segment, how contact) bool {
		if s.owner != t.owner && how > touch {
			bad = faultAt(meetingPlace(s, t), "rings-cross", "has rings that cross each other")
		}
		return bad == nil
	})
	if bad != nil {
		return bad
	}
	for _, h := range p[1:] {
		if !ringInside(h, p[0]) {
			return faultAt(h[0], "hole-outside", "has a hole outside its outer ring")
		}
	}
	return nil
}

// twiceArea is twice the signed area of a closed ring in square grains.
func twiceArea(r orb.Ring) float64 {
	var sum float64
	o := r[0]
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-o[0])*(r[i][1]-o[1]) - (r[i][0]-o[0])*(r[i-1][1]-o[1])
	}
	return sum
}

// turned returns the ring counter-clockwise, or clockwise for holes.
func turned(r orb.Ring, counterClockwise bool) orb.Ring {
	if (twiceArea(r) > 0) == counterClockwise {
		return r
	}
	r = slices.Clone(r)
	slices.Reverse(r)
	return r
}

// oriented returns the polygon with its outer ring counter-clockwise and its
// holes clockwise, every position rounded to seven decimals and repeated ones
// dropped.
func oriented(p orb.Polygon) orb.Polygon {
	out := make(orb.Polygon, len(p))
	for i, r := range p {
		out[i] = turned(r, i == 0)
	}
	return out
}

// tidy rounds a ring to seven decimals and drops repetitions.
func tidy(r orb.Ring) orb.Ring {
	out := make(orb.Ring, 0, len(r))
	for _, p := range r {
		if p = geo.RoundE7(p); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// where is the place of a position against a ring.
type where int

const (
	outside where = iota
	onBorder
	inside
)

// locate tells exactly where g lies against a closed ring.
func locate(g grain, r []segment) where {
	in := false
	for _, s := range r {
		sd := side(s.a, s.b, g)
		if sd == 0 && between(s.a, s.b, g) {
			return onBorder
		}
		if (s.a.y > g.y) != (s.b.y > g.y) && (sd > 0) == (s.b.y > s.a.y) {
			in = !in
		}
	}
	if in {
		return inside
	}
	return outside
}

// ringInside reports whether ring r lies inside ring o; the two do not cross.
func ringInside(r, o orb.Ring) bool {
	border := segmentsOf(o, 0)
	for _, p := range r {
		switch locate(grainOf(p), border) {
		case inside:
			return true
		case outside:
			return false
		}
	}
	// every corner on the border: the middle decides
	mid, ok := middle(orb.Polygon{r})
	return ok && locate(grainOf(mid), border) == inside
}

// locateIn tells where p lies against a polygon with holes.
func locateIn(g grain, p orb.Polygon) where {
	w := locate(g, segmentsOf(p[0], 0))
	for _, h := range p[1:] {
		if w != inside {
			return w
		}
		switch locate(g, segmentsOf(h, 0)) {
		case inside:
			return outside
		case onBorder:
			return onBorder
		}
	}
	return w
}

// middle returns a position inside the polygon, rounded to seven decimals: its
// centroid where that is inside, else the middle of the widest stretch inside on
// a level near half height. It is false when rounding leaves no such position.
func middle(p orb.Polygon) (orb.Point, bool) {
	c, _ := planar.CentroidArea(p)
	if c = geo.RoundE7(c); geo.ValidPosition(c) && locateIn(grainOf(c), p) == inside {
		return c, true
	}
	b := p.Bound()
	for _, part := range []float64{0.5, 0.381966, 0.618034, 0.25, 0.75, 0.1, 0.9} {
		y := b.Min[1] + part*(b.Max[1]-b.Min[1])
		if c, ok := widest(p, y); ok && locateIn(grainOf(c), p) == inside {
			return c, true
		}
	}
	return orb.Point{}, false
}

// widest returns the middle of the widest stretch inside p at latitude y.
func widest(p orb.Polygon, y float64) (orb.Point, bool) {
	var xs []float64
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > y) != (b[1] > y) {
				xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(xs)
	best, at := 0.0, math.NaN()
	for i := 1; i < len(xs); i += 2 {
		if w := xs[i] - xs[i-1]; w > best {
			best, at = w, (xs[i]+xs[i-1])/2
		}
	}
	return geo.RoundE7(orb.Point{at, y}), best > 0
}

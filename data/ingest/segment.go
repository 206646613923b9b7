package ingest

import (
	"math"
	"math/big"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// grain is a position in whole steps of 1e-7 degree, in which every test below is
// exact.
type grain struct{ x, y int64 }

func grainOf(p orb.Point) grain {
	return grain{int64(math.Round(p[0] * geo.E7)), int64(math.Round(p[1] * geo.E7))}
}

func (g grain) point() orb.Point { return orb.Point{float64(g.x) / geo.E7, float64(g.y) / geo.E7} }

// side is 1 when c lies left of the line from a to b, -1 right, 0 on it.
func side(a, b, c grain) int {
	ux, uy, vx, vy := b.x-a.x, b.y-a.y, c.x-a.x, c.y-a.y
	const safe = 1 << 31
	if small(ux, safe) && small(uy, safe) && small(vx, safe) && small(vy, safe) {
		return sign(ux*vy - uy*vx)
	}
	l := new(big.Int).Mul(big.NewInt(ux), big.NewInt(vy))
	return l.Cmp(new(big.Int).Mul(big.NewInt(uy), big.NewInt(vx)))
}

func small(v, limit int64) bool { return v < limit && v > -limit }

func sign(v int64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// between reports whether p, which is on the line through a and b, lies in the
// stretch from a to b, ends included.
func between(a, b, p grain) bool {
	return min(a.x, b.x) <= p.x && p.x <= max(a.x, b.x) && min(a.y, b.y) <= p.y && p.y <= max(a.y, b.y)
}

// contact is how two segments meet.
type contact int

const (
	apart   contact = iota
	touch           // in one point, an end of at least one of them
	cross           // in one point, inside both
	overlap         // along a stretch
)

// segment is one edge of a ring.
type segment struct {
	a, b  grain
	owner int // ring, polygon or district, as the caller numbers them
	index int // position in the ring
}

func (s segment) meets(t segment) contact {
	s1, s2 := side(s.a, s.b, t.a), side(s.a, s.b, t.b)
	t1, t2 := side(t.a, t.b, s.a), side(t.a, t.b, s.b)
	if s1 == 0 && s2 == 0 {
		return collinear(s, t)
	}
	if s1*s2 < 0 && t1*t2 < 0 {
		return cross
	}
	if s1 == 0 && between(s.a, s.b, t.a) || s2 == 0 && between(s.a, s.b, t.b) ||
		t1 == 0 && between(t.a, t.b, s.a) || t2 == 0 && between(t.a, t.b, s.b) {
		return touch
	}
	return apart
}

func collinear(s, t segment) contact {
	along := func(g grain) int64 {
		if s.a.x != s.b.x {
			return g.x
		}
		return g.y
	}
	low := max(min(along(s.a), along(s.b)), min(along(t.a), along(t.b)))
	high := min(max(along(s.a), along(s.b)), max(along(t.a), along(t.b)))
	switch {
	case low > high:
		return apart
	case low == high:
		return touch
	}
	return overlap
}

// eachMeeting calls f for every two segments that meet, in an order that depends
// on nothing but the segments, until f returns false.
func eachMeeting(segments []segment, f func(s, t segment, how contact) bool) {
	sorted := slices.Clone(segments)
	slices.SortStableFunc(sorted, func(s, t segment) int { return compareInt64(min(s.a.x, s.b.x), min(t.a.x, t.b.x)) })
	var active []segment
	for _, s := range sorted {
		left, low, high := min(s.a.x, s.b.x), min(s.a.y, s.b.y), max(s.a.y, s.b.y)
		kept := active[:0]
		for _, t := range active {
			if max(t.a.x, t.b.x) < left {
				continue
			}
			kept = append(kept, t)
			if max(t.a.y, t.b.y) < low || min(t.a.y, t.b.y) > high {
				continue
			}
			if how := s.meets(t); how != apart && !f(t, s, how) {
				return
			}
		}
		active = append(kept, s)
	}
}

// segmentsOf returns the edges of a closed ring without those of no length.
func segmentsOf(r orb.Ring, owner int) []segment {
	var out []segment
	for i := 1; i < len(r); i++ {
		if a, b := grainOf(r[i-1]), grainOf(r[i]); a != b {
			out = append(out, segment{a: a, b: b, owner: owner, index: len(out)})
		}
	}
	return out
}

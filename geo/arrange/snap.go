package arrange

import (
	"math/bits"
	"slices"
)

// touchesPixel reports whether the segment a-b meets the unit square around the
// integer point p, its left and lower sides included, its right and upper ones not:
// the hot pixel test of snap rounding.
func touchesPixel(p, a, b Pt) bool {
	// The segment's box meets the square just when it holds p: all are integers.
	if !inBox(p, a, b) {
		return false
	}
	// The line a-b: side(c) = dx*(cy-ay) - dy*(cx-ax). Over the square around p it
	// ranges over side(p) +- (|dx|+|dy|)/2, taken at the corners.
	dx, dy := int64(b.X)-int64(a.X), int64(b.Y)-int64(a.Y)
	side := Cross(a, b, p)
	switch reach := abs(dx) + abs(dy); {
	case 2*abs(side) < reach:
		return true
	case 2*abs(side) > reach:
		return false
	}
	// The line touches one corner: only the lower left one counts.
	return 2*side-dx+dy == 0 && p.X > min(a.X, b.X) && p.Y > min(a.Y, b.Y)
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// crossing returns the crossing point of a-b and c-d, which must cross properly,
// rounded to the integer point whose unit square, as in touchesPixel, holds it.
func crossing(a, b, c, d Pt) Pt {
	// a + t (b-a) with t = num/den, 0 < t < 1.
	num := Cross(c, d, a)
	den := num - Cross(c, d, b)
	if den < 0 {
		num, den = -num, -den
	}
	return Pt{along(a.X, b.X, num, den), along(a.Y, b.Y, num, den)}
}

// along returns floor(from + (to-from)*num/den + 1/2), for 0 < num < den.
func along(from, to int32, num, den int64) int32 {
	d := int64(to) - int64(from)
	hi, lo := bits.Mul64(2*uint64(abs(d)), uint64(num))
	half := uint64(den)
	if d < 0 {
		half--
	}
	lo, carry := bits.Add64(lo, half, 0)
	q, _ := bits.Div64(hi+carry, lo, 2*uint64(den))
	if d < 0 {
		return int32(int64(from) - int64(q))
	}
	return int32(int64(from) + int64(q))
}

// piece is a segment on its way to becoming an edge: a < b, with what runs along it.
type piece struct {
	a, b Pt
	tags []Tag
}

// maxRounds bounds the rounds of snapping. Each round can only move lines by half
// a step; real maps settle in two or three.
const maxRounds = 64

// node cuts the pieces at every crossing and touching until none is left: iterated
// snap rounding (Halperin and Packer 2002, after Hobby 1999). On return no two
// pieces cross, and no end of one lies within half a step of the inside of another.
// It reports false if it did not settle.
func node(pieces []piece) ([]piece, bool) {
	pieces = merge(pieces)
	for range maxRounds {
		cut, changed := snapRound(pieces)
		if !changed {
			return pieces, true
		}
		pieces = merge(cut)
	}
	return pieces, false
}

// snapRound does one round: finds the hot points and bends every piece through
// those that it touches.
func snapRound(pieces []piece) ([]piece, bool) {
	hot := make([]Pt, 0, 2*len(pieces))
	for _, p := range pieces {
		hot = append(hot, p.a, p.b)
	}
	index := newCells(pieces)
	index.pairs(func(i, j int32) {
		p, q := &pieces[i], &pieces[j]
		if crosses(p.a, p.b, q.a, q.b) {
			hot = append(hot, crossing(p.a, p.b, q.a, q.b))
		}
	})
	hot = sortedPoints(hot)
	through := make([][]Pt, len(pieces))
	changed := false
	for _, h := range hot {
		index.near(h, func(i int32) {
			p := &pieces[i]
			if h != p.a && h != p.b && touchesPixel(h, p.a, p.b) {
				through[i] = append(through[i], h)
				changed = true
			}
		})
	}
	if !changed {
		return pieces, false
	}
	out := make([]piece, 0, len(pieces)+len(hot)/2)
	for i, p := range pieces {
		out = appendChain(out, p, through[i])
	}
	return out, true
}

// appendChain replaces p by the chain through its hot points, in their order along it.
func appendChain(out []piece, p piece, through []Pt) []piece {
	if len(through) == 0 {
		return append(out, p)
	}
	dx, dy := int64(p.b.X)-int64(p.a.X), int64(p.b.Y)-int64(p.a.Y)
	at := func(q Pt) int64 {
		return dx*(int64(q.X)-int64(p.a.X)) + dy*(int64(q.Y)-int64(p.a.Y))
	}
	slices.SortFunc(through, func(s, t Pt) int {
		if c := sign(at(s) - at(t)); c != 0 {
			return c
		}
		return comparePoints(s, t)
	})
	from := p.a
	for _, q := range append(through, p.b) {
		if q != from {
			out = append(out, piece{from, q, p.tags})
			from = q
		}
	}
	return out
}

// merge turns each piece so that a < b, drops those without length, and joins the
// tags of pieces that run over each other.
func merge(pieces []piece) []piece {
	turned := make([]piece, 0, len(pieces))
	for _, p := range pieces {
		if p.a == p.b {
			continue
		}
		if p.b.Less(p.a) {
			p = piece{p.b, p.a, reversed(p.tags)}
		}
		turned = append(turned, p)
	}
	slices.SortStableFunc(turned, func(p, q piece) int {
		if c := comparePoints(p.a, q.a); c != 0 {
			return c
		}
		return comparePoints(p.b, q.b)
	})
	out := turned[:0]
	for _, p := range turned {
		if n := len(out); n > 0 && out[n-1].a == p.a && out[n-1].b == p.b {
			out[n-1].tags = joinTags(out[n-1].tags, p.tags)
			continue
		}
		out = append(out, p)
	}
	return out
}

func comparePoints(p, q Pt) int {
	switch {
	case p == q:
		return 0
	case p.Less(q):
		return -1
	}
	return 1
}

// sortedPoints sorts and removes doubles, in place.
func sortedPoints(ps []Pt) []Pt {
	slices.SortFunc(ps, comparePoints)
	return slices.Compact(ps)
}

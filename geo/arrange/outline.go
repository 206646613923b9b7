package arrange

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Outline walks the border of a set of faces and returns it as polygons: outer
// rings counter-clockwise, holes clockwise, every vertex kept, no vertex twice in a
// ring. Nothing is united or computed, so neighbours get the same digits. Faces that
// hang together by edges give one polygon. Polygons are sorted by their first
// vertex, rings start at their least vertex.
func (a *Arrangement) Outline(faces []int32) orb.MultiPolygon {
	in := make(map[int32]bool, len(faces))
	for _, f := range faces {
		in[f] = true
	}
	var shells, holes [][]Pt
	walked := map[Half]bool{}
	for _, f := range faces {
		for _, h := range a.Halves(f) {
			if walked[h] || in[a.face[h.Twin()]] {
				continue
			}
			for _, ring := range splitAtRepeats(a.walkBorder(h, in, walked)) {
				if ringArea(ring) > 0 {
					shells = append(shells, ring)
				} else {
					holes = append(holes, ring)
				}
			}
		}
	}
	return assemble(shells, holes)
}

// walkBorder follows the border of the set from h around, staying inside the set at
// each vertex, and returns the vertices.
func (a *Arrangement) walkBorder(h Half, in map[int32]bool, walked map[Half]bool) []Pt {
	var ring []Pt
	for g := h; !walked[g]; {
		walked[g] = true
		ring = append(ring, a.Vertices[a.Origin(g)])
		g = a.next[g]
		for in[a.face[g.Twin()]] {
			g = a.next[g.Twin()]
		}
	}
	return ring
}

// splitAtRepeats cuts a closed walk into rings that visit no vertex twice.
func splitAtRepeats(walk []Pt) [][]Pt {
	var rings [][]Pt
	var stack []Pt
	at := map[Pt]int{}
	for _, p := range walk {
		if i, ok := at[p]; ok {
			rings = append(rings, slices.Clone(stack[i:]))
			for _, q := range stack[i:] {
				delete(at, q)
			}
			stack = stack[:i]
		}
		at[p] = len(stack)
		stack = append(stack, p)
	}
	return append(rings, stack)
}

func ringArea(ring []Pt) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += Cross(ring[0], ring[i], ring[i+1])
	}
	return sum
}

// assemble gives each hole to the smallest shell that holds it.
func assemble(shells, holes [][]Pt) orb.MultiPolygon {
	slices.SortFunc(shells, func(r, s []Pt) int { return cmp.Compare(ringArea(r), ringArea(s)) })
	inner := make([][][]Pt, len(shells))
	for _, h := range holes {
		for i, s := range shells {
			if ringArea(s) > -ringArea(h) && holdsRing(s, h) {
				inner[i] = append(inner[i], h)
				break
			}
		}
	}
	out := make(orb.MultiPolygon, len(shells))
	for i, s := range shells {
		out[i] = append(out[i], toRing(s))
		for _, h := range inner[i] {
			out[i] = append(out[i], toRing(h))
		}
		slices.SortFunc(out[i][1:], compareRings)
	}
	slices.SortFunc(out, func(p, q orb.Polygon) int { return compareRings(p[0], q[0]) })
	return out
}

// holdsRing reports whether every vertex of the hole lies inside the shell or on it.
func holdsRing(shell, hole []Pt) bool {
	for _, p := range hole {
		if side := InRing(p, shell); side != 0 {
			return side > 0
		}
	}
	return true
}

// InRing tells exactly where p lies: 1 inside the ring, 0 on it, -1 outside. The
// ring's last vertex is joined to its first.
func InRing(p Pt, ring []Pt) int {
	inside := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if onSegment(p, a, b) {
			return 0
		}
		if (a.Y > p.Y) != (b.Y > p.Y) {
			c := Cross(a, b, p)
			if b.Y < a.Y {
				c = -c
			}
			if c > 0 {
				inside = !inside
			}
		}
	}
	if inside {
		return 1
	}
	return -1
}

func toRing(ps []Pt) orb.Ring {
	least := 0
	for i, p := range ps {
		if p.Less(ps[least]) {
			least = i
		}
	}
	ring := make(orb.Ring, 0, len(ps)+1)
	for i := range ps {
		ring = append(ring, ps[(least+i)%len(ps)].Point())
	}
	return append(ring, ring[0])
}

func compareRings(r, s orb.Ring) int {
	if c := cmp.Compare(r[0][0], s[0][0]); c != 0 {
		return c
	}
	if c := cmp.Compare(r[0][1], s[0][1]); c != 0 {
		return c
	}
	return cmp.Compare(len(r), len(s))
}

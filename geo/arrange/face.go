package arrange

import "slices"

// assignFaces turns cycles into faces: counter-clockwise cycles are the outer
// cycles of faces, the others are holes of the face that lies just below their
// lowest leftmost vertex.
func (a *Arrangement) assignFaces() {
	var first []Half // by cycle
	for h := range Half(len(a.next)) {
		if int(a.face[h]) == len(first) {
			first = append(first, h)
		}
	}
	area := make([]int64, len(first))
	for c, h := range first {
		area[c] = a.cycleArea(h)
	}
	ofCycle := a.facesOfCycles(first, area)
	for h, c := range a.face {
		a.face[h] = ofCycle[c]
	}
	for c, h := range first {
		if f := ofCycle[c]; area[c] < 0 && f != Unbounded {
			a.Faces[f].Holes = append(a.Faces[f].Holes, h)
			a.Faces[f].TwiceArea += area[c]
		}
	}
}

// facesOfCycles makes a face of each counter-clockwise cycle and tells the face of
// every cycle.
func (a *Arrangement) facesOfCycles(first []Half, area []int64) []int32 {
	const unknown = int32(-2)
	of := make([]int32, len(first))
	for c, h := range first {
		of[c] = unknown
		if area[c] > 0 {
			of[c] = int32(len(a.Faces))
			a.Faces = append(a.Faces, Face{Outer: h, TwiceArea: area[c]})
		}
	}
	// A hole's surroundings may be another hole of the same face: follow them down.
	var settle func(c int32) int32
	settle = func(c int32) int32 {
		if of[c] != unknown {
			return of[c]
		}
		of[c] = Unbounded
		if h, ok := a.below.halfBelow(a.lowestLeft(first[c]), a); ok {
			of[c] = settle(a.face[h])
		}
		return of[c]
	}
	for c := range first {
		settle(int32(c))
	}
	return of
}

// lowestLeft is the least vertex of h's cycle in the order of Pt.Less; vertices are
// numbered in that order.
func (a *Arrangement) lowestLeft(h Half) int32 {
	least := a.Origin(h)
	for g := a.next[h]; g != h; g = a.next[g] {
		least = min(least, a.Origin(g))
	}
	return least
}

// cycleArea is twice the signed area of h's cycle, positive when counter-clockwise.
func (a *Arrangement) cycleArea(h Half) int64 {
	o := a.Vertices[a.Origin(h)]
	var sum int64
	for g := a.next[h]; g != h; g = a.next[g] {
		sum += Cross(o, a.Vertices[a.Origin(g)], a.Vertices[a.Head(g)])
	}
	return sum
}

// Cycle returns the half-edges around a face from h on, in order.
func (a *Arrangement) Cycle(h Half) []Half {
	out := []Half{h}
	for g := a.next[h]; g != h; g = a.next[g] {
		out = append(out, g)
	}
	return out
}

// Halves returns all half-edges of a face: its outer cycle, then its holes.
func (a *Arrangement) Halves(face int32) []Half {
	out := a.Cycle(a.Faces[face].Outer)
	for _, h := range a.Faces[face].Holes {
		out = append(out, a.Cycle(h)...)
	}
	return out
}

// Interior returns the faces, ascending, that lie inside the area whose outline was
// given under this line number. It reports false when the outline does not enclose
// an area (it does not close, or crosses itself the wrong way round).
func (a *Arrangement) Interior(line int32) ([]int32, bool) {
	wall := map[int32]bool{}
	inside := map[int32]bool{}
	var queue []int32
	enter := func(f int32) {
		if f != Unbounded && !inside[f] {
			inside[f] = true
			queue = append(queue, f)
		}
	}
	closed := true
	for _, e := range a.lineEdge[line] {
		net := a.net(e, line)
		if net == 0 {
			continue
		}
		wall[e] = true
		h := Half(2 * e)
		if net < 0 {
			h++
		}
		closed = closed && a.face[h] != Unbounded
		enter(a.face[h])
	}
	for len(queue) > 0 {
		f := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, h := range a.Halves(f) {
			if !wall[h.Edge()] {
				g := a.face[h.Twin()]
				closed = closed && g != Unbounded
				enter(g)
			}
		}
	}
	out := make([]int32, 0, len(inside))
	for f := range inside {
		out = append(out, f)
	}
	slices.Sort(out)
	return out, closed && len(out) > 0
}

// net is how often the line runs along the edge from A to B, less from B to A.
func (a *Arrangement) net(edge, line int32) int32 {
	for _, t := range a.Edges[edge].Tags {
		if t.Line == line {
			return t.Net
		}
	}
	return 0
}

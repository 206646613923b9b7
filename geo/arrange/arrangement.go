package arrange

import (
	"fmt"
	"math"
	"slices"
)

// Segment is a straight piece of a line or of an area's outline. Outlines run with
// the area on their left: outer rings counter-clockwise, holes clockwise.
type Segment struct {
	A, B Pt
	Line int32 // the caller's number for the line or area it is part of
}

// Edge is an undirected edge of the arrangement between two vertices, A < B in the
// order of Pt.Less.
type Edge struct {
	A, B int32 // vertex numbers
	Tags []Tag // what runs along it, sorted by line
}

// Half is a half-edge: 2*e runs along edge e from A to B, 2*e+1 from B to A. Its
// face lies on its left.
type Half int32

// Twin is the other half of the same edge.
func (h Half) Twin() Half { return h ^ 1 }

// Edge is the number of the edge it belongs to.
func (h Half) Edge() int32 { return int32(h >> 1) }

// Unbounded is the number of the face outside everything.
const Unbounded = int32(-1)

// Face is a bounded face: an outer cycle and the cycles of what stands free inside it.
type Face struct {
	Outer     Half
	Holes     []Half // one half-edge of each
	TwiceArea int64  // in square steps, holes taken off; always positive
}

// Arrangement is a planar subdivision. It does not change after Build.
//
// Invariants: no two edges cross; no vertex lies on an edge that does not end
// there; each edge has a different face on each side; the signed areas of all
// cycles sum to exactly zero.
type Arrangement struct {
	Vertices []Pt
	Edges    []Edge
	Faces    []Face
	next     []Half  // by half-edge: the next one around its face
	face     []int32 // by half-edge
	below    *columns
	lineEdge map[int32][]int32 // edges along each line, ascending
}

// Build lays the segments over each other. Ends that lead nowhere make no face and
// are left out, as are edges with the same face on both sides. It fails when the
// extent is wider than MaxSpan.
func Build(segments []Segment) (*Arrangement, error) {
	if err := checkSpan(segments); err != nil {
		return nil, err
	}
	pieces := make([]piece, len(segments))
	for i, s := range segments {
		pieces[i] = piece{s.A, s.B, []Tag{{s.Line, 1}}}
	}
	return fromPieces(pieces)
}

func fromPieces(pieces []piece) (*Arrangement, error) {
	pieces, ok := node(pieces)
	if !ok {
		return nil, fmt.Errorf("snap rounding did not settle in %d rounds", maxRounds)
	}
	for {
		a := newArrangement(prune(pieces))
		bridges := a.traceCycles()
		if len(bridges) == 0 {
			a.below = newColumns(a)
			a.assignFaces()
			a.indexLines()
			return a, nil
		}
		pieces = a.without(bridges)
	}
}

func checkSpan(segments []Segment) error {
	if len(segments) == 0 {
		return nil
	}
	low, high := segments[0].A, segments[0].A
	for _, s := range segments {
		for _, p := range []Pt{s.A, s.B} {
			low = Pt{min(low.X, p.X), min(low.Y, p.Y)}
			high = Pt{max(high.X, p.X), max(high.Y, p.Y)}
		}
	}
	if int64(high.X)-int64(low.X) > MaxSpan || int64(high.Y)-int64(low.Y) > MaxSpan {
		return fmt.Errorf("the lines reach from %v to %v: an arrangement spans at most %d degrees", low, high, MaxSpan/10_000_000)
	}
	return nil
}

// prune drops pieces that lead to a dead end, again and again until none is left.
func prune(pieces []piece) []piece {
	at := map[Pt][]int32{}
	for i, p := range pieces {
		at[p.a] = append(at[p.a], int32(i))
		at[p.b] = append(at[p.b], int32(i))
	}
	gone := make([]bool, len(pieces))
	degree := make(map[Pt]int, len(at))
	for p, is := range at {
		degree[p] = len(is)
	}
	for i := range pieces {
		end := [2]Pt{pieces[i].a, pieces[i].b}
		for _, p := range end {
			for q := p; degree[q] == 1; {
				j := slices.IndexFunc(at[q], func(j int32) bool { return !gone[j] })
				k := at[q][j]
				gone[k] = true
				degree[pieces[k].a]--
				degree[pieces[k].b]--
				if pieces[k].a == q {
					q = pieces[k].b
				} else {
					q = pieces[k].a
				}
			}
		}
	}
	out := make([]piece, 0, len(pieces))
	for i, p := range pieces {
		if !gone[i] {
			out = append(out, p)
		}
	}
	return out
}

// newArrangement numbers vertices and edges in sorted order.
func newArrangement(pieces []piece) *Arrangement {
	vertices := make([]Pt, 0, 2*len(pieces))
	for _, p := range pieces {
		vertices = append(vertices, p.a, p.b)
	}
	a := &Arrangement{Vertices: slices.Clip(sortedPoints(vertices)), Edges: make([]Edge, len(pieces))}
	number := make(map[Pt]int32, len(a.Vertices))
	for i, v := range a.Vertices {
		number[v] = int32(i)
	}
	for i, p := range pieces {
		a.Edges[i] = Edge{number[p.a], number[p.b], p.tags}
	}
	return a
}

// without returns the arrangement's edges as pieces, but for those given.
func (a *Arrangement) without(drop []int32) []piece {
	out := make([]piece, 0, len(a.Edges))
	for i, e := range a.Edges {
		if _, found := slices.BinarySearch(drop, int32(i)); !found {
			out = append(out, piece{a.Vertices[e.A], a.Vertices[e.B], e.Tags})
		}
	}
	return out
}

// Origin is the vertex at which h starts.
func (a *Arrangement) Origin(h Half) int32 {
	if h&1 == 0 {
		return a.Edges[h>>1].A
	}
	return a.Edges[h>>1].B
}

// Head is the vertex at which h ends.
func (a *Arrangement) Head(h Half) int32 { return a.Origin(h.Twin()) }

// Next is the half-edge that follows h around its face.
func (a *Arrangement) Next(h Half) Half { return a.next[h] }

// Face is the face on the left of h, or Unbounded.
func (a *Arrangement) Face(h Half) int32 { return a.face[h] }

// Along returns the numbers of the edges on which the line runs, ascending.
func (a *Arrangement) Along(line int32) []int32 { return a.lineEdge[line] }

func (a *Arrangement) indexLines() {
	a.lineEdge = map[int32][]int32{}
	for i, e := range a.Edges {
		for _, t := range e.Tags {
			a.lineEdge[t.Line] = append(a.lineEdge[t.Line], int32(i))
		}
	}
}

// traceCycles links the half-edges around their faces and returns, ascending, the
// edges that have one and the same cycle on both sides. Until faces are assigned,
// face holds the number of the cycle.
func (a *Arrangement) traceCycles() []int32 {
	a.linkAround()
	n := len(a.next)
	a.face = make([]int32, n)
	for h := range a.face {
		a.face[h] = math.MinInt32
	}
	cycle := int32(0)
	for h := range Half(n) {
		if a.face[h] != math.MinInt32 {
			continue
		}
		for g := h; a.face[g] == math.MinInt32; g = a.next[g] {
			a.face[g] = cycle
		}
		cycle++
	}
	var bridges []int32
	for e := range a.Edges {
		if a.face[2*e] == a.face[2*e+1] {
			bridges = append(bridges, int32(e))
		}
	}
	return bridges
}

// linkAround sorts the half-edges that leave each vertex by angle and sets next: on
// reaching a vertex, turn to the first edge clockwise from the way back.
func (a *Arrangement) linkAround() {
	n := 2 * len(a.Edges)
	start := make([]int32, len(a.Vertices)+1)
	for h := range Half(n) {
		start[a.Origin(h)+1]++
	}
	for i := range a.Vertices {
		start[i+1] += start[i]
	}
	out := make([]Half, n)
	fill := slices.Clone(start)
	for h := range Half(n) {
		v := a.Origin(h)
		out[fill[v]] = h
		fill[v]++
	}
	a.next = make([]Half, n)
	for v := range a.Vertices {
		around := out[start[v]:start[v+1]]
		slices.SortFunc(around, func(g, h Half) int {
			return compareAngle(a.Vertices[v], a.Vertices[a.Head(g)], a.Vertices[a.Head(h)])
		})
		for i, h := range around {
			a.next[h.Twin()] = around[(i+len(around)-1)%len(around)]
		}
	}
}

// compareAngle orders p and q by the angle of o->p and o->q, counter-clockwise from
// the positive X axis.
func compareAngle(o, p, q Pt) int {
	if c := halfPlane(o, p) - halfPlane(o, q); c != 0 {
		return c
	}
	return -sign(Cross(o, p, q))
}

// halfPlane is 0 for directions in [0, 180) degrees and 1 for [180, 360).
func halfPlane(o, p Pt) int {
	if p.Y > o.Y || p.Y == o.Y && p.X > o.X {
		return 0
	}
	return 1
}

// With lays more segments over the arrangement and returns the new one; the old
// one stays as it is. Edges keep what runs along them.
func (a *Arrangement) With(segments []Segment) (*Arrangement, error) {
	pieces := a.without(nil)
	for _, s := range segments {
		pieces = append(pieces, piece{s.A, s.B, []Tag{{s.Line, 1}}})
	}
	return fromPieces(pieces)
}

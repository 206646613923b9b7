package district

import (
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// simplifyTries is how often the tolerance is halved where simplified borders meet.
const simplifyTries = 8

// Simplify returns the grids with fewer vertices, for small scales: each border
// between two nodes is simplified once for both its grids (Douglas and Peucker 1973),
// so that they still tile. Nodes stay. Where borders would then meet, the tolerance
// is halved, for all, until they do not; the tolerance used is told. Grids that do
// not tile are an error.
func Simplify(grids []Grid, tolerance geo.Metres) ([]Grid, geo.Metres, error) {
	var segments []arrange.Segment
	for i, g := range grids {
		segments = arrange.AppendArea(segments, int32(i), orb.MultiPolygon{g.Outline})
	}
	arr, err := arrange.Build(segments)
	if err != nil || len(arr.Vertices) == 0 {
		return grids, 0, err
	}
	s := &simplifier{arr: arr, plane: geo.NewPlane(arr.Vertices[len(arr.Vertices)/2].Point())}
	chains := s.chains()
	for range simplifyTries {
		if out, ok, err := s.try(grids, chains, float64(tolerance)); ok || err != nil {
			return out, tolerance, err
		}
		tolerance /= 2
	}
	return grids, 0, nil
}

type simplifier struct {
	arr   *arrange.Arrangement
	plane geo.Plane
}

// chain is a run of half-edges between two nodes, or around when it is closed.
type chain []arrange.Half

// chains parts the edges at the vertices where other than two meet, and closed runs
// at their least vertex.
func (s *simplifier) chains() []chain {
	at := make([][]arrange.Half, len(s.arr.Vertices))
	for h := range arrange.Half(2 * len(s.arr.Edges)) {
		v := s.arr.Origin(h)
		at[v] = append(at[v], h)
	}
	done := make([]bool, len(s.arr.Edges))
	var out []chain
	follow := func(h arrange.Half) {
		if done[h.Edge()] {
			return
		}
		start := s.arr.Origin(h)
		var c chain
		for {
			done[h.Edge()] = true
			c = append(c, h)
			v := s.arr.Head(h)
			if len(at[v]) != 2 || v == start {
				break
			}
			back := h.Twin()
			if h = at[v][0]; h == back {
				h = at[v][1]
			}
		}
		out = append(out, c)
	}
	for _, hs := range at {
		if len(hs) != 2 {
			for _, h := range hs {
				follow(h)
			}
		}
	}
	for _, hs := range at {
		for _, h := range hs {
			follow(h)
		}
	}
	return out
}

// try simplifies all chains and reports whether the borders still meet at their
// nodes alone.
func (s *simplifier) try(grids []Grid, chains []chain, tolerance float64) ([]Grid, bool, error) {
	var segments []arrange.Segment
	for _, c := range chains {
		points := s.points(c)
		keep := s.keep(points, tolerance)
		for i := 1; i < len(keep); i++ {
			for _, tag := range s.arr.Edges[c[0].Edge()].Tags {
				a, b := points[keep[i-1]], points[keep[i]]
				if (tag.Net > 0) != (c[0]&1 == 0) {
					a, b = b, a
				}
				segments = append(segments, arrange.Segment{A: a, B: b, Line: tag.Line})
			}
		}
	}
	known := map[arrange.Pt]bool{}
	pairs := map[[2]arrange.Pt]bool{}
	for _, g := range segments {
		known[g.A], known[g.B] = true, true
		if g.B.Less(g.A) {
			g.A, g.B = g.B, g.A
		}
		pairs[[2]arrange.Pt{g.A, g.B}] = true
	}
	arr, err := arrange.Build(segments)
	if err != nil {
		return nil, false, err
	}
	if len(arr.Vertices) != len(known) || len(arr.Edges) != len(pairs) {
		return nil, false, nil
	}
	out := make([]Grid, len(grids))
	for i, g := range grids {
		faces, ok := arr.Interior(int32(i))
		outline := arr.Outline(faces)
		if !ok || len(outline) != 1 || len(outline[0]) != len(g.Outline) {
			return nil, false, nil
		}
		out[i] = g
		out[i].Outline = outline[0]
	}
	return out, true, nil
}

func (s *simplifier) points(c chain) []arrange.Pt {
	out := []arrange.Pt{s.arr.Vertices[s.arr.Origin(c[0])]}
	for _, h := range c {
		out = append(out, s.arr.Vertices[s.arr.Head(h)])
	}
	return out
}

// keep returns the places of the points that stay, ascending, with both ends.
func (s *simplifier) keep(points []arrange.Pt, tolerance float64) []int {
	last := len(points) - 1
	if points[0] == points[last] {
		// A closed run keeps the vertex farthest from its start, and is two runs.
		far, most := 0, -1.0
		for i, p := range points {
			if d := s.away(p, points[0], points[0]); d > most {
				far, most = i, d
			}
		}
		first := s.keep(points[:far+1], tolerance)
		for _, i := range s.keep(points[far:], tolerance)[1:] {
			first = append(first, far+i)
		}
		if len(first) < 4 { // a ring needs a third vertex
			return allPlaces(len(points))
		}
		return first
	}
	worst, at := tolerance, -1
	for i := 1; i < last; i++ {
		if d := s.away(points[i], points[0], points[last]); d > worst {
			worst, at = d, i
		}
	}
	if at < 0 {
		return []int{0, last}
	}
	out := s.keep(points[:at+1], tolerance)
	for _, i := range s.keep(points[at:], tolerance)[1:] {
		out = append(out, at+i)
	}
	return out
}

func allPlaces(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// away is the metres from p to the segment a-b.
func (s *simplifier) away(p, a, b arrange.Pt) float64 {
	px, py := s.plane.XY(p.Point())
	ax, ay := s.plane.XY(a.Point())
	bx, by := s.plane.XY(b.Point())
	dx, dy := bx-ax, by-ay
	k := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		k = max(0, min(1, ((px-ax)*dx+(py-ay)*dy)/d))
	}
	return math.Hypot(px-ax-k*dx, py-ay-k*dy)
}

package edit

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// mesh is the ground under a sheet: one arrangement of streets, barriers, compounds
// and the borders that the draft began with. Its faces are the blocks, its edges the
// roads that borders may follow. It does not change.
type mesh struct {
	arr      *arrange.Arrangement
	class    []district.Class // by line
	first    int32            // line of the first compound
	compound []int32          // by face, -1 in none
	faces    [][]int32        // by compound
	whole    []bool           // by compound: it must not be cut
	start    []int32          // by vertex, into ways
	ways     []way
}

// way is one mesh edge seen from one of its vertices.
type way struct {
	to      int32
	class   district.Class
	metres  float64
	through int32 // the compound that must not be cut on both its sides, -1 for none
}

// better orders the classes by how good a border they make.
var better = map[district.Class]int{district.Path: 1, district.Waterline: 2, district.Local: 3, district.Collector: 4, district.Arterial: 5}

// newMesh lays the ground out, districts and streets first as when the draft was
// drawn, then bends it along the draft's borders where cuts have bent them.
func newMesh(d *district.Draft, g district.Ground, compounds []compound) (*mesh, error) {
	m := &mesh{}
	var near orb.Bound
	for i, grid := range d.Grids {
		if i == 0 {
			near = grid.Outline.Bound()
		}
		near = near.Union(grid.Outline.Bound())
	}
	ground, err := arrange.Build(m.groundLines(g, compounds, near.Pad(0.0005)))
	if err != nil {
		return nil, err
	}
	segments := bend(ground, d.Grids)
	for _, grid := range d.Grids {
		segments = arrange.AppendArea(segments, m.line(district.NoRoad), orb.MultiPolygon{grid.Outline})
	}
	if m.arr, err = arrange.Build(segments); err != nil {
		return nil, err
	}
	m.settle()
	m.link(geo.NewPlane(near.Center()))
	return m, nil
}

// line numbers a line.
func (m *mesh) line(c district.Class) int32 {
	m.class = append(m.class, c)
	return int32(len(m.class) - 1)
}

func (m *mesh) groundLines(g district.Ground, compounds []compound, near orb.Bound) []arrange.Segment {
	var out []arrange.Segment
	for _, d := range g.Districts {
		if n := m.line(district.NoRoad); near.Intersects(d.Outline.Bound()) {
			out = arrange.AppendArea(out, n, d.Outline)
		}
	}
	for _, c := range g.Communities {
		if n := m.line(district.NoRoad); near.Intersects(c.Outline.Bound()) {
			out = arrange.AppendArea(out, n, c.Outline)
		}
	}
	for _, s := range g.Streets {
		if class, ok := district.ClassOf(s); ok {
			out = appendNear(out, m.line(class), s.Line, near)
		}
	}
	for _, b := range g.Barriers {
		out = appendNear(out, m.line(district.Waterline), b.Line, near)
	}
	m.first = int32(len(m.class))
	for _, c := range compounds {
		m.whole = append(m.whole, c.whole)
		if n := m.line(district.NoRoad); near.Intersects(c.Outline.Bound()) {
			out = arrange.AppendArea(out, n, orb.MultiPolygon{c.Outline})
		}
	}
	return out
}

func appendNear(to []arrange.Segment, line int32, ls orb.LineString, near orb.Bound) []arrange.Segment {
	for i := 1; i < len(ls); i++ {
		if near.Intersects(orb.MultiPoint{ls[i-1], ls[i]}.Bound()) {
			to = arrange.AppendLine(to, line, ls[i-1:i+1])
		}
	}
	return to
}

// settle tells each face its compound.
func (m *mesh) settle() {
	m.compound = slices.Repeat([]int32{-1}, len(m.arr.Faces))
	m.faces = make([][]int32, len(m.whole))
	for i := range m.whole {
		faces, _ := m.arr.Interior(m.first + int32(i))
		for _, f := range faces {
			if m.compound[f] < 0 {
				m.compound[f] = int32(i)
				m.faces[i] = append(m.faces[i], f)
			}
		}
	}
}

// link makes the road network: every edge from both of its ends.
func (m *mesh) link(plane geo.Plane) {
	kx, ky := plane.Scale()
	m.start = make([]int32, len(m.arr.Vertices)+1)
	for _, e := range m.arr.Edges {
		m.start[e.A+1]++
		m.start[e.B+1]++
	}
	for i := range m.arr.Vertices {
		m.start[i+1] += m.start[i]
	}
	m.ways = make([]way, 2*len(m.arr.Edges))
	next := slices.Clone(m.start)
	for id, e := range m.arr.Edges {
		class := district.NoRoad
		for _, t := range e.Tags {
			if better[m.class[t.Line]] > better[class] {
				class = m.class[t.Line]
			}
		}
		p, q := m.arr.Vertices[e.A], m.arr.Vertices[e.B]
		metres := math.Hypot(float64(q.X-p.X)*kx, float64(q.Y-p.Y)*ky) / geo.E7
		through := m.through(int32(id))
		m.ways[next[e.A]], m.ways[next[e.B]] = way{e.B, class, metres, through}, way{e.A, class, metres, through}
		next[e.A]++
		next[e.B]++
	}
}

// through is the compound that must not be cut on both sides of an edge, -1 for none.
func (m *mesh) through(edge int32) int32 {
	h := arrange.Half(2 * edge)
	f, g := m.arr.Face(h), m.arr.Face(h.Twin())
	if f == arrange.Unbounded || g == arrange.Unbounded || !m.isWhole(f) || m.compound[f] != m.compound[g] {
		return -1
	}
	return m.compound[f]
}

func (m *mesh) waysAt(vertex int32) []way { return m.ways[m.start[vertex]:m.start[vertex+1]] }

// vertex finds a vertex by its position, -1 when there is none.
func (m *mesh) vertex(p arrange.Pt) int32 {
	i, ok := slices.BinarySearchFunc(m.arr.Vertices, p, func(v, p arrange.Pt) int {
		switch {
		case v == p:
			return 0
		case v.Less(p):
			return -1
		}
		return 1
	})
	if !ok {
		return -1
	}
	return int32(i)
}

// block returns the faces that move together with the one that holds p: it alone, or
// all of its compound. Nil where there is none.
func (m *mesh) block(p arrange.Pt) []int32 {
	f := m.arr.Locate(p).Face
	if f == arrange.Unbounded {
		return nil
	}
	if m.isWhole(f) {
		return m.faces[m.compound[f]]
	}
	return []int32{f}
}

// isWhole reports whether a face is part of a compound that must not be cut.
func (m *mesh) isWhole(f int32) bool { return m.compound[f] >= 0 && m.whole[m.compound[f]] }

// outline returns the border of some faces as segments of a line, faces on the left.
func (m *mesh) outline(faces []int32, line int32) []arrange.Segment {
	var out []arrange.Segment
	for _, f := range faces {
		for _, h := range m.arr.Halves(f) {
			if !slices.Contains(faces, m.arr.Face(h.Twin())) {
				out = append(out, arrange.Segment{A: m.arr.Vertices[m.arr.Origin(h)], B: m.arr.Vertices[m.arr.Head(h)], Line: line})
			}
		}
	}
	return out
}

package district

import (
	"slices"

	"gridbeat/geo/arrange"
)

// passages tells where one gets from block to block: over every border but water and
// rail, and over these where a street crosses them. Two blocks on both sides of a river
// are neighbours just when a bridge joins their corners.
type passages struct {
	*terrain
	crossed []bool // by vertex: a street crosses a barrier there
}

func newPassages(t *terrain) *passages {
	p := &passages{t, make([]bool, len(t.arr.Vertices))}
	around := make([][]arrange.Half, len(t.arr.Vertices))
	for e := range t.arr.Edges {
		if p.barrier(int32(e)) {
			for _, h := range [2]arrange.Half{arrange.Half(2 * e), arrange.Half(2*e + 1)} {
				v := t.arr.Origin(h)
				around[v] = append(around[v], h)
			}
		}
	}
	for v, hs := range around {
		p.crossed[v] = len(hs) > 1 && p.crossedAt(hs[0])
	}
	return p
}

// crossedAt goes around the start of a barrier's half-edge and reports whether streets
// leave into two of the sectors between the barriers that meet there.
func (p *passages) crossedAt(first arrange.Half) bool {
	sectors, street := 0, false
	h := first
	for {
		h = p.arr.Next(h.Twin()) // the next half-edge clockwise from the same vertex
		if p.barrier(h.Edge()) {
			if street {
				sectors++
			}
			street = false
		} else {
			street = street || p.street(h.Edge())
		}
		if h == first {
			return sectors > 1
		}
	}
}

// barrier reports whether water or rail runs along an edge, and no street.
func (p *passages) barrier(edge int32) bool {
	found := false
	for _, tag := range p.arr.Edges[edge].Tags {
		if p.isStreet(tag.Line) {
			return false
		}
		found = found || p.class[tag.Line] == Waterline
	}
	return found
}

func (p *passages) street(edge int32) bool {
	return slices.ContainsFunc(p.arr.Edges[edge].Tags, func(t arrange.Tag) bool { return p.isStreet(t.Line) })
}

// cut reports whether nothing but cuts runs along an edge.
func (p *passages) cut(edge int32) bool {
	return !slices.ContainsFunc(p.arr.Edges[edge].Tags, func(t arrange.Tag) bool { return t.Line < p.first.cuts })
}

func (t *terrain) isStreet(line int32) bool {
	return line >= t.first.streets && line < t.first.barriers
}

// open reports whether one gets over an edge, or around its end.
func (p *passages) open(edge int32) bool {
	e := p.arr.Edges[edge]
	return !p.barrier(edge) || p.crossed[e.A] || p.crossed[e.B]
}

// meeting is what two units have between them.
type meeting struct {
	Adjacency
	open bool
}

func (m *meeting) total() float64 {
	sum := 0.0
	for _, metres := range m.Metres {
		sum += metres
	}
	return sum
}

// meetings are all pairs of units that touch, sorted, with what makes them pieces.
type meetings struct {
	units []Unit
	all   []meeting
	by    [][]int32 // by unit, into all
	root  []int32   // by unit: what hangs together by open meetings
	homes []int     // by root
}

func newMeetings(units []Unit, all []meeting) *meetings {
	m := &meetings{units: units, all: all, by: make([][]int32, len(units)), root: make([]int32, len(units)), homes: make([]int, len(units))}
	for u := range units {
		m.root[u], m.homes[u] = int32(u), units[u].Households
	}
	for i, x := range all {
		m.by[x.U], m.by[x.V] = append(m.by[x.U], int32(i)), append(m.by[x.V], int32(i))
		if x.open {
			m.join(int32(i))
		}
	}
	return m
}

func (m *meetings) find(u int32) int32 {
	for m.root[u] != u {
		m.root[u] = m.root[m.root[u]]
		u = m.root[u]
	}
	return u
}

// join opens a meeting.
func (m *meetings) join(i int32) {
	m.all[i].open = true
	if u, v := m.find(m.all[i].U), m.find(m.all[i].V); u != v {
		m.root[max(u, v)] = min(u, v)
		m.homes[min(u, v)] += m.homes[max(u, v)]
	}
}

// tieWater opens, for each unit of water, the longest of its meetings with land, or
// with water that is tied: a grid beside it takes it in.
func (m *meetings) tieWater(water []bool) {
	tied := make([]bool, len(m.units))
	for u := range tied {
		tied[u] = !water[u]
	}
	for again := true; again; {
		again = false
		before := slices.Clone(tied)
		for u := range m.units {
			if tied[u] {
				continue
			}
			best := int32(-1)
			for _, i := range m.by[u] {
				if before[m.all[i].other(int32(u))] && (best < 0 || m.all[i].total() > m.all[best].total()) {
					best = i
				}
			}
			if best >= 0 {
				m.join(best)
				tied[u], again = true, true
			}
		}
	}
}

func (m *meeting) other(u int32) int32 { return m.U + m.V - u }

// tiePockets opens, for each piece that has no homes enough for a grid, the longest wall
// around it, the poorest piece first: somebody has to go round.
func (m *meetings) tiePockets(least int) {
	for {
		poor := int32(-1)
		for _, x := range m.all {
			u, v := m.find(x.U), m.find(x.V)
			if u == v {
				continue
			}
			for _, w := range [2]int32{u, v} {
				if m.homes[w] < least && (poor < 0 || m.homes[w] < m.homes[poor] || m.homes[w] == m.homes[poor] && w < poor) {
					poor = w
				}
			}
		}
		if poor < 0 {
			return
		}
		best := int32(-1)
		for i := range m.all {
			x := &m.all[i]
			if u, v := m.find(x.U), m.find(x.V); u != v && (u == poor || v == poor) && (best < 0 || x.total() > m.all[best].total()) {
				best = int32(i)
			}
		}
		m.join(best)
	}
}

// graph makes the graph of the units: open meetings are borders, the others walls.
func (m *meetings) graph() (*Graph, error) {
	var borders, walls []Adjacency
	for _, x := range m.all {
		if x.open {
			borders = append(borders, x.Adjacency)
		} else {
			walls = append(walls, x.Adjacency)
		}
	}
	g, err := NewGraph(m.units, borders)
	if err != nil || len(walls) == 0 {
		return g, err
	}
	return g.WithWalls(walls)
}

package patrol

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/routing"
)

// stretch is what a patrol covers in one go: one edge, several in a row between
// which no other street leads away, or dead ends. What hangs at a row as dead ends
// belongs to it.
type stretch struct {
	edges []routing.Edge  // those that it covers
	modes [][]routing.Arc // the arcs of each way to drive it: one direction or two

	// Where there are services:
	services []int // those that it is part of
	base     int   // the stretch that it is a visit of: its own number, or that of the first visit
	visits   int   // how many there are
	apart    int   // milliseconds between their beginnings
	unit     int   // number of the unit that has to do it, -1 for any
}

// leftOut is an edge that no route is made for. It may be passed on the way nonetheless.
type leftOut struct {
	edge   routing.Edge
	reason string
}

// longestStretch is where a row of edges is cut nonetheless, in metres, so that
// long roads can be shared out.
const longestStretch = 500

// tasks makes the stretches of the edges that are to be covered, and lists what
// cannot be.
func (b *builder) tasks() {
	n := b.net
	wanted := make([]bool, n.Edges())
	at := b.edgesAt()
	lost := b.cutOff()
	for e := range routing.Edge(n.Edges()) {
		switch {
		case b.need[e] <= 0:
		case !n.EdgeMain(e):
			reason := b.ground.island(n, e)
			if lost[vertexOf(n, e)] {
				reason = "unreachable: one would have to pass a street that is closed"
			}
			b.left = append(b.left, leftOut{e, reason})
		default:
			wanted[e] = !b.isSliver(e, at) // a sliver is passed within reach
		}
	}
	b.missed = b.ground.absent(n)
	x := b.peel(wanted, at)
	done := make([]bool, n.Edges())
	for e := range routing.Edge(n.Edges()) {
		if !wanted[e] || done[e] || x.peeled[e] {
			continue
		}
		x.row(e, wanted, done)
	}
	for v := range routing.Node(n.Nodes()) {
		for _, l := range x.gather(v) {
			b.stretches = append(b.stretches, stretch{edges: l.edges, modes: [][]routing.Arc{l.arcs}})
		}
	}
	b.peeled = x.peeled
	b.served()
	if b.in.BothSides {
		b.parted()
	}
	b.sortByPlace()
	b.serve()
}

// parted makes two tasks of every stretch that can be driven in two directions: one
// for each side of the street. Ways through dead ends pass both sides as they are.
func (b *builder) parted() {
	var out []stretch
	for _, s := range b.stretches {
		if len(s.modes) != 2 || b.net.Edge(s.modes[0][0]) == b.net.Edge(s.modes[1][0]) && b.net.Forward(s.modes[0][0]) == b.net.Forward(s.modes[1][0]) {
			out = append(out, s)
			continue
		}
		// The edges stand with the first side only, so that lengths count once.
		out = append(out, stretch{edges: s.edges, modes: s.modes[:1], services: s.services}, stretch{modes: s.modes[1:], services: s.services})
	}
	b.stretches = out
}

// edgesAt lists the edges at each node.
func (b *builder) edgesAt() [][]routing.Edge {
	at := make([][]routing.Edge, b.net.Nodes())
	for e := range routing.Edge(b.net.Edges()) {
		u, v := b.net.Ends(e)
		at[u] = append(at[u], e)
		at[v] = append(at[v], e)
	}
	return at
}

// row makes the stretches of the row of edges that e belongs to.
func (x *ends) row(e routing.Edge, wanted, done []bool) {
	n := x.b.net
	through := func(e routing.Edge, v routing.Node) (routing.Edge, bool) {
		if x.home[v] || len(x.at[v]) != 2 || x.at[v][0] == x.at[v][1] {
			return 0, false
		}
		f := x.at[v][0] + x.at[v][1] - e
		return f, wanted[f] && x.b.service[n.StreetIndex(e)] == x.b.service[n.StreetIndex(f)] && x.joins(e, f, v)
	}
	// Go back to the beginning of the row, then along it.
	first, v := e, other(n, e, routing.None)
	for range n.Edges() {
		f, ok := through(first, v)
		if !ok || f == e {
			break
		}
		first, v = f, other(n, f, v)
	}
	edges, nodes, metres := []routing.Edge{first}, []routing.Node{}, float64(n.Metres(first))
	done[first] = true
	for at, u := first, other(n, first, v); ; {
		f, ok := through(at, u)
		if !ok || done[f] {
			break
		}
		if metres+float64(n.Metres(f))+x.hanging(u) > longestStretch {
			x.b.stretches = append(x.b.stretches, x.stretch(edges, nodes))
			edges, nodes, metres = nil, nil, 0
		} else {
			nodes, metres = append(nodes, u), metres+x.hanging(u)
		}
		done[f] = true
		edges, metres = append(edges, f), metres+float64(n.Metres(f))
		at, u = f, other(n, f, u)
	}
	x.b.stretches = append(x.b.stretches, x.stretch(edges, nodes))
}

// sortByPlace puts stretches that lie near each other near each other in the list
// too (along a Z-curve), which keeps the solver's tables in the cache.
func (b *builder) sortByPlace() {
	if len(b.stretches) == 0 {
		return
	}
	start := func(s stretch) orb.Point { return b.net.At(b.net.Tail(s.modes[0][0])) }
	box := start(b.stretches[0]).Bound()
	for _, s := range b.stretches {
		box = box.Extend(start(s))
	}
	cell := func(v, lo, hi float64) uint32 { return uint32((v - lo) / max(1e-9, hi-lo) * 65535) }
	key := func(s stretch) (k uint32) {
		p := start(s)
		x, y := cell(p[0], box.Min[0], box.Max[0]), cell(p[1], box.Min[1], box.Max[1])
		for i := range 16 {
			k |= (x>>i&1)<<(2*i) | (y>>i&1)<<(2*i+1)
		}
		return k
	}
	slices.SortStableFunc(b.stretches, func(s, t stretch) int { return cmp.Compare(key(s), key(t)) })
}

// other is the end of e that is not v: the first one when v is no node.
func other(n *routing.Network, e routing.Edge, v routing.Node) routing.Node {
	a, z := n.Ends(e)
	if a == v {
		return z
	}
	return a
}

// isSliver reports whether the part of the edge inside the area is so short that
// passing its end covers it.
func (b *builder) isSliver(e routing.Edge, at [][]routing.Edge) bool {
	if b.need[e] >= sliver {
		return false
	}
	u, v := b.net.Ends(e)
	for _, w := range []routing.Node{u, v} {
		for _, f := range at[w] {
			if f != e && b.need[f] >= sliver && b.net.EdgeMain(f) && b.ground.area.contains(b.net.At(w)) {
				return true
			}
		}
	}
	return false
}

// joins reports whether edges e and f, which alone meet at v, can be driven as one in
// the same directions, with what hangs at v between them.
func (x *ends) joins(e, f routing.Edge, v routing.Node) bool {
	n := x.b.net
	ea, fa := n.Arcs(e, nil), n.Arcs(f, nil)
	if len(ea) != len(fa) || len(ea) > 2 {
		return false
	}
	ways := 0
	for _, a := range ea {
		for _, c := range fa {
			if !n.Main(a) || !n.Main(c) {
				return false
			}
			if n.Head(a) == v && n.Tail(c) == v && x.passes(a, v, c) {
				ways++
			}
			if n.Head(c) == v && n.Tail(a) == v && x.passes(c, v, a) {
				ways++
			}
		}
	}
	return ways == len(ea)
}

// passes reports whether one can go from arc a through what hangs at v into arc c.
func (x *ends) passes(a routing.Arc, v routing.Node, c routing.Arc) bool {
	path := []routing.Arc{a}
	for _, l := range x.loops[v] {
		path = append(path, l.arcs...)
	}
	_, ok := x.time(append(path, c))
	return ok
}

// hanging is the length of the ways through what hangs at v, in metres.
func (x *ends) hanging(v routing.Node) float64 {
	sum := 0.0
	for _, l := range x.loops[v] {
		for _, a := range l.arcs {
			sum += float64(x.b.net.Metres(x.b.net.Edge(a)))
		}
	}
	return sum
}

// stretch makes the task of a row of edges with what hangs at the nodes between them,
// and takes that off the nodes.
func (x *ends) stretch(row []routing.Edge, nodes []routing.Node) stretch {
	n := x.b.net
	s := stretch{edges: slices.Clone(row)}
	if len(row) == 1 {
		for _, a := range n.Arcs(row[0], nil) {
			if n.Main(a) {
				s.modes = append(s.modes, []routing.Arc{a})
			}
		}
		return s
	}
	backRow, backNodes := slices.Clone(row), slices.Clone(nodes)
	slices.Reverse(backRow)
	slices.Reverse(backNodes)
	for _, m := range [][]routing.Arc{x.drive(row, nodes), x.drive(backRow, backNodes)} {
		if m != nil {
			s.modes = append(s.modes, m)
		}
	}
	for _, v := range nodes {
		for _, l := range x.loops[v] {
			s.edges = append(s.edges, l.edges...)
		}
		x.loops[v] = nil
	}
	return s
}

// drive is the sequence of arcs along the edges in their order, nil when one-ways
// forbid it.
func (x *ends) drive(row []routing.Edge, nodes []routing.Node) []routing.Arc {
	n := x.b.net
	for _, a := range n.Arcs(row[0], nil) {
		if n.Head(a) != nodes[0] {
			continue
		}
		path, steps := []routing.Arc{a}, 1
		for i, e := range row[1:] {
			for _, c := range n.Arcs(e, nil) {
				if last := path[len(path)-1]; n.Tail(c) == nodes[i] && n.Head(last) == nodes[i] && x.passes(last, nodes[i], c) {
					for _, l := range x.loops[nodes[i]] {
						path = append(path, l.arcs...)
					}
					path = append(path, c)
					steps++
					break
				}
			}
		}
		if steps == len(row) {
			return path
		}
	}
	return nil
}

// millis is the time along the arcs, the turns between them included.
func millis(n *routing.Network, path []routing.Arc) int32 {
	var sum int32
	for i, a := range path {
		sum += n.Millis(a)
		if i > 0 {
			t, _ := n.Turn(path[i-1], a)
			sum += t
		}
	}
	return sum
}

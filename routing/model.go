package routing

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"gridbeat/routing/cch"
)

// TurnModel tells which turns Travel counts.
type TurnModel uint8

// The turn models.
const (
	// ExactTurns gives the times that Network.Table gives: forbidden turns, times of
	// turns and of U-turns. For plans.
	ExactTurns TurnModel = iota
	// QuickTurns keeps forbidden turns and lets every other turn take no time, U-turns
	// too: what Network.Table would give were all turn times zero. A third of the size,
	// for ranking hundreds of units.
	QuickTurns
)

// model is a graph of states for the hierarchy, and where the network's arcs are in it.
// In the exact model a state is an arc just entered, in the quick one a junction, or
// the end of an arc from which some turn is forbidden.
type model struct {
	n       *Network
	exact   bool
	graph   cch.Graph
	weight  []int32   // by arc of the graph
	entered []int32   // by arc of the graph: the network's arc that it enters
	end     []int32   // by arc of the network: the state at its end; quick only
	doors   lists     // by direction of an edge (edge*2, +1 against the line): states from which, or as which, it is entered
	edgeIn  lists     // by edge: arcs of the graph that enter it
	plain   []int32   // by direction of an edge: its plain arc, or None
	several []int32   // directions of edges that are entered from several states
	table   []street  // all edges: those of the main part first, then in the order of their states
	row     []int32   // by edge: its place in table
	main    int       // edges of the main part
	pace    []float64 // by direction of an edge: its share that passes in a millisecond
	order   []int32

	searches sync.Pool // of *bounded
}

func (n *Network) newModel(ctx context.Context, turns TurnModel, threads int) (*model, error) {
	m := &model{n: n, exact: turns == ExactTurns, plain: make([]int32, 2*len(n.street))}
	for i := range m.plain {
		m.plain[i] = None
	}
	m.pace = make([]float64, len(m.plain))
	for a := range n.out.item { // plain arcs come first
		m.plain[n.code[a]] = int32(a)
		m.pace[n.code[a]] = 1 / float64(max(1, n.millis[a]))
	}
	var err error
	if m.exact {
		err = m.byArc(ctx, threads)
	} else {
		err = m.byNode(ctx, threads)
	}
	if err != nil {
		return nil, err
	}
	edges := lists{start: make([]int32, 1, len(m.entered)+1)}
	for _, a := range m.entered {
		edges.item = append(edges.item, n.code[a]>>1)
		edges.start = append(edges.start, int32(len(edges.item)))
	}
	m.edgeIn = edges.invert(len(n.street))
	return m, nil
}

// byArc makes the exact model: the turns are the graph's arcs, each with the time along
// the arc before it. Streets are dissected, their directions stay together.
func (m *model) byArc(ctx context.Context, threads int) error {
	n := m.n
	m.graph.Nodes = len(n.code)
	streets := cch.Graph{Nodes: len(n.street)}
	for a := range int32(len(n.code)) {
		for i := n.next.start[a]; i < n.next.start[a+1]; i++ {
			b := n.next.item[i]
			m.graph.Tail, m.graph.Head = append(m.graph.Tail, a), append(m.graph.Head, b)
			m.weight = append(m.weight, min(n.millis[a]+n.turn[i], Never))
			streets.Tail = append(streets.Tail, n.code[a]>>1)
			streets.Head = append(streets.Head, n.code[b]>>1)
		}
	}
	m.entered = n.next.item
	x, y := make([]float64, len(n.street)), make([]float64, len(n.street))
	for e := range x {
		line := n.Line(Edge(e))
		a, b := line[(len(line)-1)/2], line[len(line)/2]
		ax, ay := n.plane.XY(a)
		bx, by := n.plane.XY(b)
		x[e], y[e] = (ax+bx)/2, (ay+by)/2
	}
	order, err := cch.Dissect(ctx, streets, x, y, threads)
	if err != nil {
		return err
	}
	for _, e := range order {
		m.order = append(m.order, n.arcs.of(e)...)
	}
	codes := lists{start: make([]int32, 1, len(n.code)+1)}
	for _, c := range n.code {
		codes.item = append(codes.item, c)
		codes.start = append(codes.start, int32(len(codes.item)))
	}
	m.doors = codes.invert(2 * len(n.street))
	return nil
}

// byNode makes the quick model: junctions are shared by all arcs that end there and may
// go on along every arc that begins there.
func (m *model) byNode(ctx context.Context, threads int) error {
	n := m.n
	var x, y []float64
	for _, p := range n.at {
		px, py := n.plane.XY(p)
		x, y = append(x, px), append(y, py)
	}
	m.end = make([]int32, len(n.code))
	own := []int32{} // arcs whose end is a state of its own
	for a := range n.code {
		v := int32(n.head[a])
		m.end[a] = v
		if !same32(n.next.of(int32(a)), n.out.of(v)) {
			m.end[a] = int32(len(n.at) + len(own))
			own = append(own, int32(a))
			x, y = append(x, x[v]), append(y, y[v])
		}
	}
	m.graph.Nodes = len(x)
	add := func(state int32, next []int32) {
		for _, b := range next {
			m.graph.Tail, m.graph.Head = append(m.graph.Tail, state), append(m.graph.Head, m.end[b])
			m.weight = append(m.weight, n.millis[b])
			m.entered = append(m.entered, b)
		}
	}
	for v := range n.at {
		add(int32(v), n.out.of(int32(v)))
	}
	for i, a := range own {
		add(int32(len(n.at)+i), n.next.of(a))
	}
	byCode := make([][]int32, 2*len(n.street))
	for i, b := range m.entered {
		byCode[n.code[b]] = append(byCode[n.code[b]], m.graph.Tail[i])
	}
	for _, list := range byCode {
		m.doors.add(list...)
	}
	var err error
	m.order, err = cch.Dissect(ctx, m.graph, x, y, threads)
	return err
}

func same32(a, b []int32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// after is the seeds of one who will be at the end of an arc in so many milliseconds.
func (m *model) after(a Arc, millis int32, buf []cch.Seed) []cch.Seed {
	if m.exact {
		return append(buf, cch.Seed{Node: int32(a), Cost: millis - m.n.millis[a]})
	}
	return append(buf, cch.Seed{Node: m.end[a], Cost: millis})
}

// leave is the seeds of one who may leave a node along any arc.
func (m *model) leave(v Node, buf []cch.Seed) []cch.Seed {
	if !m.exact {
		return append(buf, cch.Seed{Node: int32(v)})
	}
	for _, b := range m.n.out.of(int32(v)) {
		buf = append(buf, cch.Seed{Node: b})
	}
	return buf
}

// enter is the seeds of a goal just within an arc.
func (m *model) enter(b Arc, buf []cch.Seed) []cch.Seed {
	if m.exact {
		return append(buf, cch.Seed{Node: int32(b)})
	}
	if m.plain[m.n.code[b]] == int32(b) {
		buf = append(buf, cch.Seed{Node: int32(m.n.tail[b])})
	}
	for _, a := range m.n.into.of(int32(m.n.tail[b])) {
		if s := m.end[a]; int(s) >= len(m.n.at) {
			if _, ok := m.n.Turn(Arc(a), b); ok {
				buf = append(buf, cch.Seed{Node: s})
			}
		}
	}
	return buf
}

// arrive is the seeds of a goal at a node.
func (m *model) arrive(v Node, buf []cch.Seed) []cch.Seed {
	if !m.exact {
		buf = append(buf, cch.Seed{Node: int32(v)})
	}
	for _, a := range m.n.into.of(int32(v)) {
		if m.exact {
			buf = append(buf, cch.Seed{Node: a, Cost: m.n.millis[a]})
		} else if s := m.end[a]; int(s) >= len(m.n.at) {
			buf = append(buf, cch.Seed{Node: s})
		}
	}
	return buf
}

// street is what coverage needs to know of an edge.
type street struct {
	edge   Edge
	door   [2]int32   // by direction: the rank of its state, None without one, -2-i for number i of several
	whole  [2]int32   // milliseconds along it
	pace   [2]float64 // share that passes in a millisecond
	metres float64
	main   bool // part of the main part
}

// list makes the table of streets.
func (m *model) list(h *cch.Hierarchy) {
	n := m.n
	m.row = make([]int32, len(n.street))
	for e := range Edge(len(n.street)) {
		s := street{edge: e, metres: n.metres[e]}
		for dir := range s.door {
			code := 2*int32(e) + int32(dir)
			s.door[dir] = None
			if a := m.plain[code]; a != None {
				s.whole[dir], s.pace[dir] = n.millis[a], m.pace[code]
			}
			if list := m.doors.of(code); len(list) == 1 {
				s.door[dir] = h.Rank(list[0])
			} else if len(list) > 1 {
				s.door[dir] = -2 - int32(len(m.several))
				m.several = append(m.several, code)
			}
		}
		if s.main = n.EdgeMain(e); s.main {
			m.main++
		}
		m.table = append(m.table, s)
	}
	slices.SortFunc(m.table, func(a, b street) int {
		switch {
		case a.main && !b.main:
			return -1
		case b.main && !a.main:
			return 1
		}
		return cmp.Or(cmp.Compare(max(a.door[0], a.door[1]), max(b.door[0], b.door[1])), cmp.Compare(a.edge, b.edge))
	})
	for i, s := range m.table {
		m.row[s.edge] = int32(i)
	}
}

package patrol

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/routing"
	"gridbeat/routing/arc"
)

// stretch is what a patrol covers in one go: one edge, or several in a row between
// which no other street leads away.
type stretch struct {
	edges []routing.Edge
	modes [][]routing.Arc // the arcs of each way to drive it: one direction or two
}

// longestStretch is where a row of edges is cut nonetheless, in metres, so that
// long roads can be shared out.
const longestStretch = 500

// tasks makes the stretches of the edges that are to be covered, and lists what
// cannot be.
func (b *builder) tasks() {
	n := b.net
	wanted := make([]bool, n.Edges())
	fine := make([]bool, n.Edges()) // covered, or passed within reach
	for e := range wanted {
		edge := routing.Edge(e)
		fine[e] = true
		if b.need[e] <= 0 {
			continue
		}
		fine[e] = n.EdgeMain(edge)
		wanted[e] = fine[e] && !b.isSliver(edge)
	}
	b.missed = b.ground.missed(n, func(e routing.Edge) bool { return fine[e] })
	at := make([][]routing.Edge, n.Nodes())
	for e := range routing.Edge(n.Edges()) {
		u, v := n.Ends(e)
		at[u] = append(at[u], e)
		at[v] = append(at[v], e)
	}
	home := map[routing.Node]bool{}
	for _, d := range b.depots {
		home[d] = true
	}
	through := func(e routing.Edge, v routing.Node) (routing.Edge, bool) {
		if home[v] || len(at[v]) != 2 || at[v][0] == at[v][1] {
			return 0, false
		}
		f := at[v][0] + at[v][1] - e
		return f, wanted[f] && b.joins(e, f, v)
	}
	done := make([]bool, n.Edges())
	for e := range routing.Edge(n.Edges()) {
		if !wanted[e] || done[e] {
			continue
		}
		// Go back to the beginning of the row, then along it.
		first, v := e, other(n, e, None)
		for range n.Edges() {
			f, ok := through(first, v)
			if !ok || f == e {
				break
			}
			first, v = f, other(n, f, v)
		}
		row, metres := []routing.Edge{first}, float64(n.Metres(first))
		done[first] = true
		for x, u := first, other(n, first, v); ; {
			f, ok := through(x, u)
			if !ok || done[f] {
				break
			}
			if metres+float64(n.Metres(f)) > longestStretch {
				b.stretches = append(b.stretches, b.stretch(row))
				row, metres = nil, 0
			}
			done[f] = true
			row, metres = append(row, f), metres+float64(n.Metres(f))
			x, u = f, other(n, f, u)
		}
		b.stretches = append(b.stretches, b.stretch(row))
	}
	b.sortByPlace()
}

// sortByPlace puts stretches that lie near each other near each other in the list
// too (along a Z-curve), which keeps the solver's tables in the cache.
func (b *builder) sortByPlace() {
	if len(b.stretches) == 0 {
		return
	}
	box := orb.Bound{Min: b.net.Line(b.stretches[0].edges[0])[0]}
	box.Max = box.Min
	for _, s := range b.stretches {
		box = box.Extend(b.net.Line(s.edges[0])[0])
	}
	cell := func(v, lo, hi float64) uint32 { return uint32((v - lo) / max(1e-9, hi-lo) * 65535) }
	key := func(s stretch) (k uint32) {
		p := b.net.Line(s.edges[0])[0]
		x, y := cell(p[0], box.Min[0], box.Max[0]), cell(p[1], box.Min[1], box.Max[1])
		for i := range 16 {
			k |= (x>>i&1)<<(2*i) | (y>>i&1)<<(2*i+1)
		}
		return k
	}
	slices.SortStableFunc(b.stretches, func(s, t stretch) int { return cmp.Compare(key(s), key(t)) })
}

// None is no node.
const None = routing.Node(routing.None)

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
func (b *builder) isSliver(e routing.Edge) bool {
	if b.need[e] >= sliver {
		return false
	}
	u, v := b.net.Ends(e)
	for f := range routing.Edge(b.net.Edges()) {
		x, y := b.net.Ends(f)
		if f == e || b.need[f] < sliver || !b.net.EdgeMain(f) {
			continue
		}
		for _, w := range []routing.Node{u, v} {
			if (x == w || y == w) && b.ground.area.contains(b.net.At(w)) {
				return true
			}
		}
	}
	return false
}

// joins reports whether edges e and f, which alone meet at v, can be driven as one in
// the same directions.
func (b *builder) joins(e, f routing.Edge, v routing.Node) bool {
	n := b.net
	ea, fa := n.Arcs(e, nil), n.Arcs(f, nil)
	if len(ea) != len(fa) || len(ea) > 2 {
		return false
	}
	ways := 0
	for _, x := range ea {
		for _, y := range fa {
			if !n.Main(x) || !n.Main(y) {
				return false
			}
			if n.Head(x) == v && n.Tail(y) == v {
				if _, ok := n.Turn(x, y); ok {
					ways++
				}
			}
			if n.Head(y) == v && n.Tail(x) == v {
				if _, ok := n.Turn(y, x); ok {
					ways++
				}
			}
		}
	}
	return ways == len(ea)
}

// stretch makes the task of a row of edges.
func (b *builder) stretch(row []routing.Edge) stretch {
	n := b.net
	s := stretch{edges: row}
	if len(row) == 1 {
		for _, a := range n.Arcs(row[0], nil) {
			if n.Main(a) {
				s.modes = append(s.modes, []routing.Arc{a})
			}
		}
		return s
	}
	back := slices.Clone(row)
	slices.Reverse(back)
	for _, order := range [][]routing.Edge{row, back} {
		if m := b.drive(order); m != nil {
			s.modes = append(s.modes, m)
		}
	}
	return s
}

// drive is the sequence of arcs along the edges in their order, nil when one-ways
// forbid it.
func (b *builder) drive(order []routing.Edge) []routing.Arc {
	for _, a := range b.net.Arcs(order[0], nil) {
		path := []routing.Arc{a}
		for _, e := range order[1:] {
			last := path[len(path)-1]
			for _, c := range b.net.Arcs(e, nil) {
				if _, ok := b.net.Turn(last, c); ok {
					path = append(path, c)
					break
				}
			}
		}
		if len(path) == len(order) {
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

// distances computes the table between all stretches and makes the problem's spec.
// Stretches whose own round trip is longer than the shift are listed as missed.
func (b *builder) distances(ctx context.Context) error {
	n := b.net
	var from, to []routing.Stop
	for t, s := range b.stretches {
		for _, m := range s.modes {
			from = append(from, routing.Stop{Arc: m[len(m)-1]})
			to = append(to, routing.Stop{Arc: m[0]})
			b.spec.Modes = append(b.spec.Modes, arc.Mode{
				Task: int32(t), Cost: millis(n, m), Tail: int32(n.Tail(m[0])), Head: int32(n.Head(m[len(m)-1])),
			})
			b.modes = append(b.modes, m)
		}
	}
	for _, d := range b.depots {
		from = append(from, routing.Stop{Arc: routing.None, Node: d})
		to = append(to, routing.Stop{Arc: routing.None, Node: d})
		b.spec.Depots = append(b.spec.Depots, int32(d))
	}
	b.progress("distances", 0, len(from))
	table, err := n.Table(ctx, from, to, b.o.Threads)
	if err != nil {
		return err
	}
	b.progress("distances", len(from), len(from))
	b.spec.Distance = table
	for e := range routing.Edge(n.Edges()) {
		u, v := n.Ends(e)
		least := int32(routing.Never)
		for _, a := range n.Arcs(e, nil) {
			least = min(least, n.Millis(a))
		}
		b.spec.Links = append(b.spec.Links, arc.Link{A: int32(u), B: int32(v), Cost: least})
	}
	b.spec.Vehicles = len(b.in.Units)
	b.dropFar()
	return nil
}

// dropFar takes the stretches out that no shift is long enough for.
func (b *builder) dropFar() {
	size := len(b.spec.Modes) + len(b.spec.Depots)
	limit := int(b.in.Shift.Milliseconds())
	far := make([]bool, len(b.stretches))
	for t := range far {
		far[t] = true
	}
	for m, mode := range b.spec.Modes {
		for d := range b.spec.Depots {
			home := len(b.spec.Modes) + d
			c := int(b.spec.Distance[home*size+m]) + int(mode.Cost) + int(b.spec.Distance[m*size+home])
			far[mode.Task] = far[mode.Task] && c > limit
		}
	}
	if !slices.Contains(far, true) {
		return
	}
	var keep []int // rows that stay
	var modes []arc.Mode
	var paths [][]routing.Arc
	var stretches []stretch
	for t, s := range b.stretches {
		if !far[t] {
			stretches = append(stretches, s)
			continue
		}
		for _, e := range s.edges {
			from, to := b.net.Span(e)
			b.missed = append(b.missed, b.ground.lost(b.net.StreetIndex(e), from, to,
				"beyond shift: the way there and back from the depot is longer than a shift of "+b.in.Shift.String())...)
		}
	}
	next := int32(-1)
	last := int32(-1)
	for m, mode := range b.spec.Modes {
		if far[mode.Task] {
			continue
		}
		if mode.Task != last {
			last = mode.Task
			next++
		}
		mode.Task = next
		modes, paths, keep = append(modes, mode), append(paths, b.modes[m]), append(keep, m)
	}
	for d := range b.spec.Depots {
		keep = append(keep, len(b.spec.Modes)+d)
	}
	table := make([]int32, 0, len(keep)*len(keep))
	for _, i := range keep {
		for _, j := range keep {
			table = append(table, b.spec.Distance[i*size+j])
		}
	}
	b.stretches, b.modes, b.spec.Modes, b.spec.Distance = stretches, paths, modes, table
}

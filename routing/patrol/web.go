package patrol

import (
	"context"

	"gridbeat/routing"
	"gridbeat/routing/cch"
)

// web answers how long it takes from arc to arc, turns included, on the network
// without the dead ends that lead nowhere. Its nodes are arcs, its arcs are turns; the
// weight of a turn is the time along the arc before it and of the turn itself.
type web struct {
	n      *routing.Network
	arcs   []routing.Arc // by node
	number []int32       // of an arc of the network, -1 when it is not in the web
	out    [][]int32     // by node of the network: the web's arcs that leave it
	metric *cch.Metric
}

// newWeb takes the arcs of the main part for which keep tells so. Streets are put in
// order for the hierarchy, and both directions of a street stay together.
func newWeb(ctx context.Context, n *routing.Network, keep func(routing.Arc) bool, threads int) (*web, error) {
	w := &web{n: n, number: make([]int32, n.ArcCount())}
	out := make([][]int32, n.Nodes())
	w.out = out
	street := make([]int32, n.Edges()) // by edge: its number, counted from 1
	var x, y []float64
	var arcs [][]int32 // by street
	for a := range routing.Arc(n.ArcCount()) {
		w.number[a] = -1
		if !n.Main(a) || !keep(a) {
			continue
		}
		w.number[a] = int32(len(w.arcs))
		out[n.Tail(a)] = append(out[n.Tail(a)], int32(len(w.arcs)))
		e := n.Edge(a)
		if street[e] == 0 {
			arcs = append(arcs, nil)
			street[e] = int32(len(arcs))
			x0, y0 := n.Plane().XY(n.At(n.Tail(a)))
			x1, y1 := n.Plane().XY(n.At(n.Head(a)))
			x, y = append(x, (x0+x1)/2), append(y, (y0+y1)/2)
		}
		arcs[street[e]-1] = append(arcs[street[e]-1], int32(len(w.arcs)))
		w.arcs = append(w.arcs, a)
	}
	g, streets := cch.Graph{Nodes: len(w.arcs)}, cch.Graph{Nodes: len(arcs)}
	var weight []int32
	for i, a := range w.arcs {
		for _, k := range out[n.Head(a)] {
			if t, ok := n.Turn(a, w.arcs[k]); ok {
				g.Tail, g.Head = append(g.Tail, int32(i)), append(g.Head, k)
				weight = append(weight, n.Millis(a)+t)
				streets.Tail = append(streets.Tail, street[n.Edge(a)]-1)
				streets.Head = append(streets.Head, street[n.Edge(w.arcs[k])]-1)
			}
		}
	}
	dissected, err := cch.Dissect(ctx, streets, x, y, threads)
	if err != nil {
		return nil, err
	}
	var order []int32
	for _, e := range dissected {
		order = append(order, arcs[e]...)
	}
	h, err := cch.Build(g, order)
	if err != nil {
		return nil, err
	}
	w.metric, err = h.Customize(weight, threads)
	return w, err
}

// enter is the place where an arc begins.
func (w *web) enter(a routing.Arc) []cch.Seed { return []cch.Seed{{Node: w.number[a]}} }

// leave is the place where an arc ends: one has passed it already.
func (w *web) leave(a routing.Arc) []cch.Seed {
	return []cch.Seed{{Node: w.number[a], Cost: -w.n.Millis(a)}}
}

// beyond are the places where one can be behind the end of an arc.
func (w *web) beyond(a routing.Arc) (out []cch.Seed) {
	for _, k := range w.out[w.n.Head(a)] {
		if t, ok := w.n.Turn(a, w.arcs[k]); ok {
			out = append(out, cch.Seed{Node: k, Cost: t})
		}
	}
	return out
}

// depart is a node of the network as the place where a route begins, return as
// that where it ends.
func (w *web) depart(v routing.Node) (out []cch.Seed) {
	for i, a := range w.arcs {
		if w.n.Tail(a) == v && w.begins(a) {
			out = append(out, cch.Seed{Node: int32(i)})
		}
	}
	return out
}

func (w *web) arrive(v routing.Node) (out []cch.Seed) {
	for i, a := range w.arcs {
		if w.n.Head(a) == v {
			out = append(out, cch.Seed{Node: int32(i), Cost: w.n.Millis(a)})
		}
	}
	return out
}

// begins reports whether a patrol may begin with the arc: those that remember a turn
// of a restriction are not begun with.
func (w *web) begins(a routing.Arc) bool {
	for _, c := range w.n.Arcs(w.n.Edge(a), nil) {
		if c < a && w.n.Forward(c) == w.n.Forward(a) {
			return false
		}
	}
	return true
}

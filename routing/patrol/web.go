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
	metric *cch.Metric
}

// newWeb takes the arcs of the main part for which keep tells so.
func newWeb(ctx context.Context, n *routing.Network, keep func(routing.Arc) bool, threads int) (*web, error) {
	w := &web{n: n, number: make([]int32, n.ArcCount())}
	out := make([][]int32, n.Nodes())
	var x, y []float64
	for a := range routing.Arc(n.ArcCount()) {
		w.number[a] = -1
		if !n.Main(a) || !keep(a) {
			continue
		}
		w.number[a] = int32(len(w.arcs))
		out[n.Tail(a)] = append(out[n.Tail(a)], int32(len(w.arcs)))
		w.arcs = append(w.arcs, a)
		x0, y0 := n.Plane().XY(n.At(n.Tail(a)))
		x1, y1 := n.Plane().XY(n.At(n.Head(a)))
		x, y = append(x, (x0+x1)/2), append(y, (y0+y1)/2)
	}
	g := cch.Graph{Nodes: len(w.arcs)}
	var weight []int32
	for i, a := range w.arcs {
		for _, k := range out[n.Head(a)] {
			if t, ok := n.Turn(a, w.arcs[k]); ok {
				g.Tail, g.Head = append(g.Tail, int32(i)), append(g.Head, k)
				weight = append(weight, n.Millis(a)+t)
			}
		}
	}
	order, err := cch.Dissect(ctx, g, x, y, threads)
	if err != nil {
		return nil, err
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

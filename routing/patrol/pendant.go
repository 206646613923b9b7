package patrol

import (
	"gridbeat/routing"
)

// loopMillis is the time up to which dead ends that hang together are covered in one
// go, in milliseconds.
const loopMillis = 240_000

// loop is a way from a node through dead ends and back to the node.
type loop struct {
	arcs   []routing.Arc
	edges  []routing.Edge // wanted ones
	millis int32
}

// ends peels the dead ends off the network, from their tips inwards. Whoever covers
// a dead end comes back to where it begins, so that it is one task with one way to
// do it, and several that hang together are one as long as they are short. Dead
// ends that need not be covered are peeled too: no quickest way leads through them.
type ends struct {
	b      *builder
	at     [][]routing.Edge // edges by node that are not peeled
	peeled []bool           // by edge
	loops  [][]loop         // by node
	fixed  []bool           // nodes that are not peeled: depots, and places with loops of their own
	home   map[routing.Node]bool
}

func (b *builder) peel(wanted []bool, at [][]routing.Edge) *ends {
	n := b.net
	x := &ends{b: b, at: at, peeled: make([]bool, n.Edges()),
		loops: make([][]loop, n.Nodes()), fixed: make([]bool, n.Nodes()), home: map[routing.Node]bool{}}
	for _, d := range b.depots {
		x.fixed[d], x.home[d] = true, true
	}
	for _, k := range b.checks {
		x.fixed[k.node], x.home[k.node] = true, true
	}
	var tips []routing.Node
	for v := range x.at {
		tips = append(tips, routing.Node(v))
	}
	for len(tips) > 0 {
		v := tips[len(tips)-1]
		tips = tips[:len(tips)-1]
		if len(x.at[v]) != 1 || x.fixed[v] {
			continue
		}
		e := x.at[v][0]
		u := other(n, e, v)
		if u == v || !x.take(e, u, v, wanted[e]) {
			continue
		}
		x.peeled[e] = true
		x.at[v] = nil
		x.at[u] = without(x.at[u], e)
		if len(x.at[u]) == 1 {
			tips = append(tips, u)
		}
	}
	return x
}

func without(list []routing.Edge, e routing.Edge) []routing.Edge {
	for i, f := range list {
		if f == e {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

// take moves what hangs at v, and edge e from u to v, to u; false when it must stay
// as it is.
func (x *ends) take(e routing.Edge, u, v routing.Node, wanted bool) bool {
	if !wanted && len(x.loops[v]) == 0 {
		return true
	}
	in, out, ok := x.both(e, u, v)
	if !ok {
		x.fixed[v] = true
		return false
	}
	l := loop{arcs: []routing.Arc{in}}
	if wanted {
		l.edges = append(l.edges, e)
	}
	for _, hang := range x.loops[v] {
		l.arcs = append(l.arcs, hang.arcs...)
		l.edges = append(l.edges, hang.edges...)
	}
	l.arcs = append(l.arcs, out)
	if l.millis, ok = x.time(l.arcs); !ok || l.millis > loopMillis && len(x.loops[v]) > 0 {
		x.fixed[v] = true
		return false
	}
	x.loops[v] = nil
	x.loops[u] = append(x.loops[u], l)
	return true
}

// both are the arcs of e from u to v and back, false when one is not in the main part.
func (x *ends) both(e routing.Edge, u, v routing.Node) (in, out routing.Arc, ok bool) {
	n := x.b.net
	in, out = routing.None, routing.None
	arcs := n.Arcs(e, nil)
	if len(arcs) != 2 {
		return in, out, false
	}
	for _, a := range arcs {
		if !n.Main(a) {
			return in, out, false
		}
		if n.Tail(a) == u && n.Head(a) == v {
			in = a
		} else {
			out = a
		}
	}
	return in, out, in != routing.None && out != routing.None
}

// time is the time along the arcs, false when one may not follow another.
func (x *ends) time(arcs []routing.Arc) (int32, bool) {
	for i := 1; i < len(arcs); i++ {
		if _, ok := x.b.net.Turn(arcs[i-1], arcs[i]); !ok {
			return 0, false
		}
	}
	return millis(x.b.net, arcs), true
}

// gather joins the loops at a node into as few as keep the time.
func (x *ends) gather(v routing.Node) []loop {
	var out []loop
	for _, l := range x.loops[v] {
		if k := len(out) - 1; k >= 0 {
			both := append(append([]routing.Arc(nil), out[k].arcs...), l.arcs...)
			if t, ok := x.time(both); ok && t <= loopMillis {
				out[k] = loop{both, append(append([]routing.Edge(nil), out[k].edges...), l.edges...), t}
				continue
			}
		}
		out = append(out, l)
	}
	return out
}

package match

import (
	"math"

	"gridbeat/routing"
)

// graph is the network as the search wants it: numbers by arc, side by side. Its
// arcs are those of the network and, where one-ways do not bind, one more for each
// direction that they forbid.
type graph struct {
	net    *routing.Network
	edge   []routing.Edge
	along  []bool    // the arc runs along its edge's line
	metres []float64 // length of the arc
	weight []float64 // what driving it costs, in metres
	tail   []routing.Node
	head   []routing.Node

	next      []int32 // arcs that may follow an arc, list by list
	nextStart []int32
	turn      []float64 // what going on into them costs, in metres
	round     []bool    // going on into them is a U-turn where another way leads on

	arcs      []int32 // of an edge, list by list
	arcsStart []int32

	x, y  []float64 // of a node, on the network's plane
	least float64   // the smallest weight of a metre
}

func newGraph(net *routing.Network, o Options) *graph {
	g := &graph{net: net, least: 1}
	for a := range routing.Arc(net.ArcCount()) {
		g.addArc(net.Edge(a), net.Forward(a), net.Tail(a), net.Head(a), float64(net.Millis(a))/1000, 1, o)
	}
	plain := len(g.edge)
	if o.Against > 0 {
		g.openOneWays(o)
	}
	g.arcsStart, g.arcs = group(net.Edges(), len(g.edge), func(a int) int { return int(g.edge[a]) })
	for v := range routing.Node(net.Nodes()) {
		x, y := net.Plane().XY(net.At(v))
		g.x, g.y = append(g.x, x), append(g.y, y)
	}
	g.follow(plain, o)
	return g
}

func (g *graph) addArc(e routing.Edge, along bool, tail, head routing.Node, seconds, factor float64, o Options) {
	m := float64(g.net.Metres(e))
	w := (m*(1-o.TimeShare) + seconds*o.PaceMetres*o.TimeShare) * factor
	g.least = min(g.least, w/m)
	g.edge, g.along = append(g.edge, e), append(g.along, along)
	g.metres, g.weight = append(g.metres, m), append(g.weight, w)
	g.tail, g.head = append(g.tail, tail), append(g.head, head)
}

// openOneWays adds the directions that edges lack.
func (g *graph) openOneWays(o Options) {
	has := make([][2]bool, g.net.Edges())
	seconds := make([]float64, g.net.Edges())
	for a, e := range g.edge {
		way := 0
		if !g.along[a] {
			way = 1
		}
		has[e][way] = true
		seconds[e] = float64(g.net.Millis(routing.Arc(a))) / 1000
	}
	for i, h := range has {
		e := routing.Edge(i)
		from, to := g.net.Ends(e)
		if h[0] && !h[1] {
			g.addArc(e, false, to, from, seconds[i], o.Against, o)
		}
		if h[1] && !h[0] {
			g.addArc(e, true, from, to, seconds[i], o.Against, o)
		}
	}
}

// follow lists which arcs may come after each. The first plain arcs obey the
// network's turn restrictions; whoever drives against a one-way obeys none.
func (g *graph) follow(plain int, o Options) {
	start, leaving := group(g.net.Nodes(), len(g.edge), func(a int) int { return int(g.tail[a]) })
	g.nextStart = make([]int32, 1, len(g.edge)+1)
	for a := range g.edge {
		v := g.head[a]
		first := len(g.next)
		ends := true // nothing but the way back
		for _, b := range leaving[start[v]:start[v+1]] {
			seconds, ok := g.turnSeconds(a, int(b), plain)
			if !ok {
				continue
			}
			back := g.edge[b] == g.edge[a] && g.along[b] != g.along[a]
			ends = ends && back
			g.next = append(g.next, b)
			g.turn = append(g.turn, seconds*o.PaceMetres*o.TurnShare)
			g.round = append(g.round, back)
		}
		for i := first; i < len(g.next); i++ {
			if g.round[i] {
				g.turn[i] = 0 // priced by the search
			}
			g.round[i] = g.round[i] && !ends
		}
		g.nextStart = append(g.nextStart, int32(len(g.next)))
	}
}

func (g *graph) turnSeconds(a, b, plain int) (float64, bool) {
	if a >= plain || b >= plain {
		return 0, true
	}
	millis, ok := g.net.Turn(routing.Arc(a), routing.Arc(b))
	return float64(millis) / 1000, ok
}

// group sorts 0..n-1 into lists by a key below keys.
func group(keys, n int, key func(int) int) (start, item []int32) {
	start = make([]int32, keys+1)
	for i := range n {
		start[key(i)+1]++
	}
	for k := range keys {
		start[k+1] += start[k]
	}
	fill := append([]int32(nil), start...)
	item = make([]int32, n)
	for i := range n {
		k := key(i)
		item[fill[k]] = int32(i)
		fill[k]++
	}
	return start, item
}

// offset is how far along the arc a place lies that is metres along its edge's line.
func (g *graph) offset(a int32, metres float64) float64 {
	if g.along[a] {
		return metres
	}
	return g.metres[a] - metres
}

// ratio is the weight of one metre of the arc.
func (g *graph) ratio(a int32) float64 { return g.weight[a] / g.metres[a] }

// ahead is a lower bound on the weight from the arc's tail to within reach of a place.
func (g *graph) ahead(v routing.Node, x, y, reach float64) float64 {
	return g.least * max(0, math.Hypot(g.x[v]-x, g.y[v]-y)-reach)
}

// arcsOf lists the arcs of an edge.
func (g *graph) arcsOf(e routing.Edge) []int32 { return g.arcs[g.arcsStart[e]:g.arcsStart[e+1]] }

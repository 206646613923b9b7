package routing

import (
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// Snap is the place on a street that lies nearest to a position.
type Snap struct {
	Edge   Edge
	Offset geo.Metres // from the edge's first vertex along its line
	Point  orb.Point
	Away   geo.Metres // from the position
}

// Snap finds the place on a street nearest to p within the limit, among the edges
// that lie in the main part; false when there is none. It looks close by first.
func (n *Network) Snap(p orb.Point, limit geo.Metres) (Snap, bool) {
	best := Snap{Edge: None, Away: limit}
	kx, ky := n.plane.Scale()
	for around := min(limit, 30); ; around = min(limit, 4*around) {
		dx, dy := float64(around)/kx, float64(around)/ky
		n.tree.Search([2]float64{p[0] - dx, p[1] - dy}, [2]float64{p[0] + dx, p[1] + dy},
			func(_, _ [2]float64, e Edge) bool {
				if n.EdgeMain(e) {
					if s := n.nearest(e, p); s.Away < best.Away || s.Away == best.Away && (best.Edge == None || e < best.Edge) {
						best = s
					}
				}
				return true
			})
		if best.Edge != None && best.Away <= around || around == limit {
			return best, best.Edge != None
		}
	}
}

// EdgeMain reports whether some arc of the edge lies in the main part.
func (n *Network) EdgeMain(e Edge) bool {
	for _, a := range n.arcs.of(int32(e)) {
		if n.main[a] {
			return true
		}
	}
	return false
}

// nearest is the place on one edge nearest to p.
func (n *Network) nearest(e Edge, p orb.Point) Snap {
	best := Snap{Edge: e, Away: geo.Metres(math.Inf(1))}
	line := n.Line(e)
	px, py := n.plane.XY(p)
	var before float64
	for i := 1; i < len(line); i++ {
		ax, ay := n.plane.XY(line[i-1])
		bx, by := n.plane.XY(line[i])
		length := math.Hypot(bx-ax, by-ay)
		t := 0.0
		if length > 0 {
			t = min(1, max(0, ((px-ax)*(bx-ax)+(py-ay)*(by-ay))/(length*length)))
		}
		x, y := ax+t*(bx-ax), ay+t*(by-ay)
		if d := geo.Metres(math.Hypot(px-x, py-y)); d < best.Away {
			best.Away, best.Offset, best.Point = d, geo.Metres(before+t*length), n.plane.Point(x, y)
		}
		before += length
	}
	return best
}

// NearestVertex finds the vertex of a street of the main part nearest to p within
// the limit, digits as in the map; false when there is none. It looks at every
// vertex.
func (n *Network) NearestVertex(p orb.Point, limit geo.Metres) (orb.Point, bool) {
	best, away, found := orb.Point{}, limit, false
	for e := range Edge(len(n.street)) {
		if !n.EdgeMain(e) {
			continue
		}
		for _, q := range n.Line(e) {
			if d := n.plane.Distance(p, q); d < away || d == away && !found {
				best, away, found = q, d, true
			}
		}
	}
	return best, found
}

// NodeAt is the node at exactly that place, to seven decimals; false when no node is there.
func (n *Network) NodeAt(p orb.Point) (Node, bool) {
	found := Node(None)
	const slack = 1e-8
	n.tree.Search([2]float64{p[0] - slack, p[1] - slack}, [2]float64{p[0] + slack, p[1] + slack}, func(_, _ [2]float64, e Edge) bool {
		for _, v := range n.ends[e] {
			if same(n.at[v], p) {
				found = v
				return false
			}
		}
		return true
	})
	return found, found != None
}

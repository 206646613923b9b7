package district

import (
	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// mapRim is how near to the map's edge a street counts as going on outside, in metres.
const mapRim = 20

var (
	gateBarriers = map[string]bool{"gate": true, "lift_gate": true, "swing_gate": true, "sliding_gate": true}
	closedAccess = map[string]bool{"private": true, "no": true, "residents": true, "permit": true, "customers": true, "delivery": true}
	// publicMinor are the classes below the main roads that lead on through a town.
	publicMinor = map[string]bool{"unclassified": true, "residential": true, "living_street": true, "road": true}
)

// cutsLand reports whether a street of the class divides residential land, if it is
// open at both ends. Main roads always do.
func cutsLand(class string) bool { return class == "unclassified" || class == "residential" }

// openStreets tells, for each street and each of its segments, whether it is public
// and open at both ends: both ends lead on to main roads or off the map, on ways
// that need not share a stretch. A dead end, a stub behind a gate and a loop with a
// single entrance are not open. Main roads are open everywhere. Where a part of the
// network knows no main road, its rings are open.
func openStreets(m *geo.StreetMap) [][]bool {
	n := newOpenNetwork(m)
	open := make([][]bool, len(m.Streets))
	for i, s := range m.Streets {
		open[i] = make([]bool, max(0, len(s.Line)-1))
		if s.Main() {
			for k := range open[i] {
				open[i][k] = true
			}
		}
	}
	bridge := n.bridges()
	grounded := n.flood(bridge)
	for e, at := range n.place {
		v := n.ends[e][0]
		lost := n.part[v] == n.part[outside] && !grounded[v]
		if !bridge[e] && !lost {
			open[at[0]][at[1]] = true
		}
	}
	return open
}

// outside is the vertex that stands for all main roads and all that leaves the map.
const outside = 0

// openNetwork is the graph of the public minor streets, segment by segment.
type openNetwork struct {
	vertices int32
	ends     [][2]int32 // by edge
	place    [][2]int32 // by edge: street, segment
	start    []int32    // by vertex, into around
	around   []int32    // edges
	part     []int32    // by vertex: connected part, filled by bridges
}

func newOpenNetwork(m *geo.StreetMap) *openNetwork {
	n := &openNetwork{vertices: 1}
	number := map[int64]int32{}
	inner, bounded := insideRim(m.Bounds)
	for _, s := range m.Streets {
		if s.Main() {
			for _, v := range s.Nodes {
				number[v] = outside
			}
		}
	}
	gates := closedGates(m.Posts)
	vertex := func(node int64, at orb.Point) int32 {
		if v, known := number[node]; known {
			return v
		}
		v := n.vertices
		switch {
		case gates[node]: // each street ends at the gate for itself
			n.vertices++
			return v
		case bounded && !inner.Contains(at):
			v = outside
		default:
			n.vertices++
		}
		number[node] = v
		return v
	}
	for i, s := range m.Streets {
		if !publicMinor[s.Class] || closedAccess[s.Tags["access"]] || len(s.Nodes) != len(s.Line) {
			continue
		}
		for k := 1; k < len(s.Nodes); k++ {
			n.ends = append(n.ends, [2]int32{vertex(s.Nodes[k-1], s.Line[k-1]), vertex(s.Nodes[k], s.Line[k])})
			n.place = append(n.place, [2]int32{int32(i), int32(k - 1)})
		}
	}
	n.index()
	return n
}

// insideRim is the map's extent without its rim; false where it is unknown or smaller.
func insideRim(b orb.Bound) (orb.Bound, bool) {
	kx, ky := geo.NewPlane(b.Center()).Scale()
	b.Min[0], b.Max[0] = b.Min[0]+mapRim/kx, b.Max[0]-mapRim/kx
	b.Min[1], b.Max[1] = b.Min[1]+mapRim/ky, b.Max[1]-mapRim/ky
	return b, b.Min[0] < b.Max[0] && b.Min[1] < b.Max[1]
}

func closedGates(posts []geo.Post) map[int64]bool {
	out := map[int64]bool{}
	for _, p := range posts {
		switch p.Tags["access"] {
		case "yes", "public", "permissive", "designated":
			continue
		}
		if gateBarriers[p.Tags["barrier"]] {
			out[p.Node] = true
		}
	}
	return out
}

func (n *openNetwork) index() {
	n.start = make([]int32, n.vertices+1)
	for _, e := range n.ends {
		n.start[e[0]+1]++
		n.start[e[1]+1]++
	}
	for v := range n.vertices {
		n.start[v+1] += n.start[v]
	}
	n.around = make([]int32, n.start[n.vertices])
	fill := append([]int32(nil), n.start...)
	for e, ends := range n.ends {
		for _, v := range ends {
			n.around[fill[v]] = int32(e)
			fill[v]++
		}
	}
}

func (n *openNetwork) other(edge, v int32) int32 {
	return n.ends[edge][0] + n.ends[edge][1] - v
}

// bridges tells the edges without which their part would fall in two (Tarjan 1974,
// "A note on finding the bridges of a graph"), and numbers the parts.
func (n *openNetwork) bridges() []bool {
	bridge := make([]bool, len(n.ends))
	n.part = filled(int(n.vertices), -1)
	seen := make([]int32, n.vertices) // order of discovery, from 1
	low := make([]int32, n.vertices)
	next := append([]int32(nil), n.start...)
	type step struct{ v, by int32 }
	clock := int32(0)
	for root := range n.vertices {
		if seen[root] > 0 {
			continue
		}
		clock++
		seen[root], low[root], n.part[root] = clock, clock, root
		stack := []step{{root, -1}}
		for len(stack) > 0 {
			top := stack[len(stack)-1]
			if next[top.v] < n.start[top.v+1] {
				e := n.around[next[top.v]]
				next[top.v]++
				w := n.other(e, top.v)
				switch {
				case e == top.by || w == top.v:
				case seen[w] > 0:
					low[top.v] = min(low[top.v], seen[w])
				default:
					clock++
					seen[w], low[w], n.part[w] = clock, clock, root
					stack = append(stack, step{w, e})
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if len(stack) == 0 {
				continue
			}
			before := stack[len(stack)-1].v
			low[before] = min(low[before], low[top.v])
			bridge[top.by] = low[top.v] > seen[before]
		}
	}
	return bridge
}

// flood tells the vertices that are tied to the outside by more than one way.
func (n *openNetwork) flood(bridge []bool) []bool {
	reached := make([]bool, n.vertices)
	reached[outside] = true
	queue := []int32{outside}
	for len(queue) > 0 {
		v := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, e := range n.around[n.start[v]:n.start[v+1]] {
			if w := n.other(e, v); !bridge[e] && !reached[w] {
				reached[w] = true
				queue = append(queue, w)
			}
		}
	}
	return reached
}

package routing

import (
	"fmt"
	"maps"
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"gridbeat/geo"
)

// Node is a junction, an end or a cut of streets in a Network.
type Node int32

// Edge is a piece of one street between two nodes.
type Edge int32

// Arc is an edge in one direction. A turn restriction over several streets makes
// more than one arc of the same edge and direction; they differ in where they may
// go on.
type Arc int32

// None is no arc, edge or node.
const None = -1

// Network is the part of a street map that one profile may use, cut into edges at
// its junctions. It never changes once made and may be used from many goroutines.
type Network struct {
	profile      Profile
	streets      []geo.Street
	posts        []geo.Post
	restrictions []geo.Restriction
	cuts         []orb.Point
	closed       map[string]bool // ids of streets that nobody may use for now
	plane        geo.Plane

	at []orb.Point // by node

	// by edge
	street   []int32
	from, to []int32 // first and last vertex in the street's line
	ends     [][2]Node
	metres   []float64

	// by arc
	code       []int32 // edge*2, +1 against the line
	tail, head []Node
	millis     []int32
	main       []bool // in the largest strongly connected part

	out      lists // plain arcs that leave a node
	into     lists // arcs that reach a node
	next     lists // arcs that may follow an arc
	turn     []int32
	previous lists // arcs that may come before an arc, as indices into next
	arcs     lists // arcs of an edge

	tree rtree.RTreeG[Edge]
}

// lists is an array of short lists of integers, one after the other.
type lists struct {
	start []int32
	item  []int32
}

func (l lists) of(i int32) []int32 { return l.item[l.start[i]:l.start[i+1]] }

// invert returns, for each of n values, the positions in l.item that hold it.
func (l lists) invert(n int) lists {
	r := lists{start: make([]int32, n+1), item: make([]int32, len(l.item))}
	for _, v := range l.item {
		r.start[v+1]++
	}
	for i := range n {
		r.start[i+1] += r.start[i]
	}
	fill := append([]int32(nil), r.start...)
	for i, v := range l.item {
		r.item[fill[v]] = int32(i)
		fill[v]++
	}
	return r
}

func (l *lists) add(items ...int32) {
	if l.start == nil {
		l.start = []int32{0}
	}
	l.item = append(l.item, items...)
	l.start = append(l.start, int32(len(l.item)))
}

// NewNetwork cuts the streets that the profile may use into edges wherever they
// share a node, and binds turns to the restrictions. Nodes at the same place (to
// seven decimals) are one. A street with as many nodes as vertices is expected;
// any other is an *geo.InputError.
func NewNetwork(streets []geo.Street, posts []geo.Post, restrictions []geo.Restriction, profile Profile) (*Network, error) {
	if _, err := ParseProfile(string(profile)); err != nil {
		return nil, err
	}
	for _, s := range streets {
		if len(s.Line) < 2 || len(s.Nodes) != len(s.Line) {
			return nil, geo.NewInputError("streets", geo.Finding{
				Rule: "street-nodes", Feature: s.ID,
				Detail: fmt.Sprintf("the street has %d nodes for %d vertices", len(s.Nodes), len(s.Line)),
				Remedy: "give every vertex of a street its node",
			})
		}
	}
	n := &Network{profile: profile, streets: streets, posts: posts, restrictions: restrictions}
	n.build()
	return n, nil
}

// Split returns the network cut at further places: wherever a vertex of a street
// lies exactly there. Edges and arcs are numbered anew.
func (n *Network) Split(at []orb.Point) *Network {
	m := &Network{profile: n.profile, streets: n.streets, posts: n.posts, restrictions: n.restrictions, closed: n.closed}
	m.cuts = append(append(m.cuts, n.cuts...), at...)
	m.build()
	return m
}

// Without returns the network without the streets of these ids, which stay in Streets:
// they are closed, to through traffic too. Ids that no street has do nothing. Edges and
// arcs are numbered anew. To close a street for a moment, see Travel.
func (n *Network) Without(ids []string) *Network {
	m := &Network{profile: n.profile, streets: n.streets, posts: n.posts, restrictions: n.restrictions, cuts: n.cuts, closed: maps.Clone(n.closed)}
	if m.closed == nil {
		m.closed = map[string]bool{}
	}
	for _, id := range ids {
		m.closed[id] = true
	}
	m.build()
	return m
}

// IsClosed reports whether the street of that number in Streets is closed.
func (n *Network) IsClosed(street int) bool { return n.closed[n.streets[street].ID] }

// usable reports whether the profile may use the street of that number, and it is open.
func (n *Network) usable(street int) bool {
	return !n.IsClosed(street) && n.profile.Usable(n.streets[street])
}

func (n *Network) build() {
	n.plane = geo.NewPlane(middle(n.streets))
	n.cut()
	n.connect()
	n.label()
	for e := range n.street {
		b := n.Line(Edge(e)).Bound()
		n.tree.Insert(b.Min, b.Max, Edge(e))
	}
}

func middle(streets []geo.Street) orb.Point {
	if len(streets) == 0 {
		return orb.Point{}
	}
	b := streets[0].Line.Bound()
	for _, s := range streets[1:] {
		b = b.Union(s.Line.Bound())
	}
	return b.Center()
}

// Profile is the profile that the network is for.
func (n *Network) Profile() Profile { return n.profile }

// Streets are the streets that the network was made of, usable or not.
func (n *Network) Streets() []geo.Street { return n.streets }

// Posts are the posts that the network was made with.
func (n *Network) Posts() []geo.Post { return n.posts }

// Plane is the local plane on which the network's lengths are measured.
func (n *Network) Plane() geo.Plane { return n.plane }

// Nodes is the number of nodes.
func (n *Network) Nodes() int { return len(n.at) }

// Edges is the number of edges.
func (n *Network) Edges() int { return len(n.street) }

// ArcCount is the number of arcs.
func (n *Network) ArcCount() int { return len(n.code) }

// At is the place of a node: lon, lat, digits as in the map.
func (n *Network) At(v Node) orb.Point { return n.at[v] }

// Street is the street that the edge is a piece of.
func (n *Network) Street(e Edge) *geo.Street { return &n.streets[n.street[e]] }

// Span is the edge's first and last vertex in the line of its street.
func (n *Network) Span(e Edge) (from, to int) { return int(n.from[e]), int(n.to[e]) }

// StreetIndex is the position of the edge's street in Streets.
func (n *Network) StreetIndex(e Edge) int { return int(n.street[e]) }

// Ends are the nodes at the edge's first and last vertex.
func (n *Network) Ends(e Edge) (a, b Node) { return n.ends[e][0], n.ends[e][1] }

// Metres is the length of the edge.
func (n *Network) Metres(e Edge) geo.Metres { return geo.Metres(n.metres[e]) }

// Line is the edge's line in the street's direction; it shares the street's memory.
func (n *Network) Line(e Edge) orb.LineString {
	return n.streets[n.street[e]].Line[n.from[e] : n.to[e]+1]
}

// Edge is the edge that the arc runs along.
func (n *Network) Edge(a Arc) Edge { return Edge(n.code[a] >> 1) }

// Forward reports whether the arc runs in the direction of its street's line.
func (n *Network) Forward(a Arc) bool { return n.code[a]&1 == 0 }

// Tail is the node that the arc leaves, Head the one that it reaches.
func (n *Network) Tail(a Arc) Node { return n.tail[a] }

// Head is the node that the arc reaches.
func (n *Network) Head(a Arc) Node { return n.head[a] }

// Millis is the time along the arc in milliseconds, turns not included.
func (n *Network) Millis(a Arc) int32 { return n.millis[a] }

// Main reports whether the arc lies in the largest strongly connected part: the
// arcs from each of which every other can be reached, turns allowed.
func (n *Network) Main(a Arc) bool { return n.main[a] }

// Arcs appends the arcs of the edge to buf: none, one or two directions, and those
// that turn restrictions over several streets add.
func (n *Network) Arcs(e Edge, buf []Arc) []Arc {
	for _, a := range n.arcs.of(int32(e)) {
		buf = append(buf, Arc(a))
	}
	return buf
}

// Turn is the time from the end of arc a to the start of arc b in milliseconds;
// false when b may not follow a.
func (n *Network) Turn(a, b Arc) (millis int32, ok bool) {
	lo := n.next.start[a]
	for i, c := range n.next.of(int32(a)) {
		if c == int32(b) {
			return n.turn[int(lo)+i], true
		}
	}
	return 0, false
}

// ArcLine appends the vertices of the arc in its direction to line, the first one
// left out where line already ends there.
func (n *Network) ArcLine(a Arc, line orb.LineString) orb.LineString {
	l := n.Line(n.Edge(a))
	for i := range l {
		p := l[i]
		if !n.Forward(a) {
			p = l[len(l)-1-i]
		}
		if len(line) > 0 && same(line[len(line)-1], p) {
			continue
		}
		line = append(line, p)
	}
	return line
}

func same(a, b orb.Point) bool { return place(a) == place(b) }

// place is a position as integers of seven decimals.
func place(p orb.Point) [2]int32 {
	return [2]int32{int32(math.Round(p[0] * geo.E7)), int32(math.Round(p[1] * geo.E7))}
}

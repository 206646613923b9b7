package routing

import "gridbeat/geo"

// Piece is a part of a street's edge, between two offsets from its first vertex.
type Piece struct {
	Edge     Edge
	From, To geo.Metres
}

// Isochrone returns the parts of streets that are reached from a spot within so many
// milliseconds, cut at the exact place: those of one edge together and ascending, edges
// in the order in which they are reached. The pieces of one edge do not touch.
func (t *Times) Isochrone(from Spot, within int32) []Piece {
	s := t.m.search()
	defer t.m.searches.Put(s)
	edges := t.spread(s, from, within)
	out := make([]Piece, 0, len(edges)+len(edges)/4)
	var buf [4]interval
	for _, e := range edges {
		m := t.m.n.metres[e]
		for _, c := range union(t.passed(s, e, from, within, buf[:0])) {
			out = append(out, Piece{e, geo.Metres(c.from * m), geo.Metres(c.to * m)})
		}
	}
	return out
}

// passed is the parts of an edge that a search passed.
func (t *Times) passed(s *bounded, e Edge, from Spot, within int32, buf []interval) []interval {
	if e == from.Edge {
		buf = t.standing(from, within, buf)
	}
	for code := 2 * int32(e); code <= 2*int32(e)+1; code++ {
		if s.seen[code] == s.now && s.code[code] <= within {
			buf = append(buf, t.m.n.covered(Arc(t.m.plain[code]), s.code[code], within))
		}
	}
	return buf
}

// interval is a part of an edge as shares of its length along the line.
type interval struct{ from, to float64 }

// covered is the part of an edge that one who enters the arc at a time passes within a
// limit; the time may be negative for one who is on it.
func (n *Network) covered(a Arc, enter, within int32) interval {
	whole := float64(max(1, n.millis[a]))
	c := interval{max(0, float64(-enter)/whole), min(1, float64(within-enter)/whole)}
	if !n.Forward(a) {
		c.from, c.to = 1-c.to, 1-c.from
	}
	return c
}

// standing is what one who stands at a spot passes of its edge before its ends.
func (t *Times) standing(at Spot, within int32, buf []interval) []interval {
	for dir := range int32(2) {
		if a := t.m.plain[2*int32(at.Edge)+dir]; a != None {
			buf = append(buf, t.m.n.covered(Arc(a), -t.m.n.Elapsed(Arc(a), at), within))
		}
	}
	return buf
}

// union joins intervals that meet, ascending, in place; empty ones are left out.
func union(list []interval) []interval {
	for i := range list { // there are few
		for k := i; k > 0 && list[k].from < list[k-1].from; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	out := list[:0]
	for _, c := range list {
		switch k := len(out); {
		case c.to < c.from:
		case k > 0 && c.from <= out[k-1].to:
			out[k-1].to = max(out[k-1].to, c.to)
		default:
			out = append(out, c)
		}
	}
	return out
}

// bounded is the memory of a search that goes no further than a limit.
type bounded struct {
	search
	code []int32 // by direction of an edge: when it is entered, for those of the last spread
	seen []int32 // round in which code was set

	edges []Edge // those of the last spread
}

func (m *model) search() *bounded {
	if s, ok := m.searches.Get().(*bounded); ok {
		return s
	}
	k := len(m.plain)
	return &bounded{search: *m.n.newSearch(), code: make([]int32, k), seen: make([]int32, k)}
}

// spread searches from a spot as far as the limit and returns the spot's own edge and
// those that are entered within it, in this order; s.code tells when, in each direction.
func (t *Times) spread(s *bounded, from Spot, within int32) []Edge {
	n := t.m.n
	s.begin()
	s.edges = append(s.edges[:0], from.Edge)
	for dir := range int32(2) {
		if a := t.m.plain[2*int32(from.Edge)+dir]; a != None {
			t.pass(s, a, n.millis[a]-n.Elapsed(Arc(a), from), within)
		}
	}
	for len(s.heap) > 0 {
		top := s.pop()
		a := top.arc
		if s.enter[a] != top.key {
			continue
		}
		// The first arc of a direction to be entered is the one that counts.
		if code := n.code[a]; s.seen[code] != s.now {
			s.seen[code], s.code[code] = s.now, top.key
			if e := Edge(code >> 1); s.seen[code^1] != s.now && e != from.Edge {
				s.edges = append(s.edges, e)
			}
		}
		t.pass(s, a, top.key+n.millis[a], within)
	}
	return s.edges
}

// pass goes on from the end of an arc.
func (t *Times) pass(s *bounded, a, end, within int32) {
	n := t.m.n
	if end > within {
		return
	}
	for i := n.next.start[a]; i < n.next.start[a+1]; i++ {
		at := end
		if t.m.exact {
			at += n.turn[i]
		}
		if b := n.next.item[i]; at <= within && (len(t.closed) == 0 || !t.IsClosed(n.Edge(Arc(b)))) {
			s.offer(b, a, at)
		}
	}
}

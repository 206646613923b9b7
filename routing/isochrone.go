package routing

import (
	"slices"

	"gridbeat/geo"
)

// Piece is a part of a street's edge, between two offsets from its first vertex.
type Piece struct {
	Edge     Edge
	From, To geo.Metres
}

// Isochrone returns the parts of streets that are reached from a spot within so many
// milliseconds, cut at the exact place, by ascending edge and offset. The pieces of one
// edge do not touch.
func (t *Times) Isochrone(from Spot, within int32) []Piece {
	var out []Piece
	buf := make([]interval, 0, 4)
	s := t.m.search()
	defer t.m.searches.Put(s)
	codes := t.spread(s, from, within)
	for i := 0; i < len(codes); {
		e := Edge(codes[i] >> 1)
		buf = buf[:0]
		if e == from.Edge {
			buf = t.standing(from, within, buf)
		}
		for ; i < len(codes) && Edge(codes[i]>>1) == e; i++ {
			if a := t.m.plain[codes[i]]; a != None {
				buf = append(buf, t.m.n.covered(Arc(a), s.code[codes[i]], within))
			}
		}
		m := t.m.n.metres[e]
		for _, c := range union(buf) {
			out = append(out, Piece{e, geo.Metres(c.from * m), geo.Metres(c.to * m)})
		}
	}
	return out
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
	slices.SortFunc(list, func(a, b interval) int {
		switch {
		case a.from < b.from:
			return -1
		case a.from > b.from:
			return 1
		}
		return 0
	})
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
}

func (m *model) search() *bounded {
	if s, ok := m.searches.Get().(*bounded); ok {
		return s
	}
	k := len(m.plain)
	return &bounded{search: *m.n.newSearch(), code: make([]int32, k), seen: make([]int32, k)}
}

// spread searches from a spot as far as the limit and returns the directions of edges
// that are entered within it and those of the spot's own edge, ascending; s.code tells
// when, more than the limit for what is not entered.
func (t *Times) spread(s *bounded, from Spot, within int32) []int32 {
	n := t.m.n
	s.begin()
	var codes []int32
	for dir := range int32(2) {
		code := 2*int32(from.Edge) + dir
		s.seen[code], s.code[code] = s.now, within+1
		codes = append(codes, code)
		if a := t.m.plain[code]; a != None {
			t.pass(s, a, n.millis[a]-n.Elapsed(Arc(a), from), within)
		}
	}
	for len(s.heap) > 0 {
		top := s.pop()
		a := top.arc
		if s.enter[a] != top.key {
			continue
		}
		code := n.code[a]
		if s.seen[code] != s.now {
			s.seen[code], s.code[code] = s.now, top.key
			codes = append(codes, code)
		}
		s.code[code] = min(s.code[code], top.key)
		t.pass(s, a, top.key+n.millis[a], within)
	}
	slices.Sort(codes)
	return codes
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

package routing

import (
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/cch"
)

// Way is a quickest way between two spots.
type Way struct {
	Arcs   []Arc // in order, the first and the last one in part
	Millis int32
	Line   orb.LineString // from spot to spot, unbroken
}

// Path returns a quickest way from one spot to another, as Between times it; false when
// there is none.
func (t *Times) Path(from, to Spot) (Way, bool) {
	m := t.m
	w := Way{Millis: Never}
	if t.IsClosed(to.Edge) {
		return w, false
	}
	var out, in []cch.Seed
	var first, last []Arc // by seed: the arc that it stands for
	for dir := range int32(2) {
		if d := m.along(from, to, dir); d < w.Millis {
			w.Millis, w.Arcs = d, []Arc{Arc(m.plain[2*int32(from.Edge)+dir])}
		}
		if a := Arc(m.plain[2*int32(from.Edge)+dir]); a != None {
			if from.Edge == to.Edge {
				out = t.open(m.beyond(a, from, out))
			} else {
				out = m.after(a, m.n.millis[a]-m.n.Elapsed(a, from), out)
			}
			first = fill(first, len(out), a)
		}
		in = m.to(to, dir, in)
		last = fill(last, len(in), Arc(m.plain[2*int32(to.Edge)+dir]))
	}
	arcs, start, cost, ok := t.metric.NewQuery().Path(out, in)
	if ok && cost < w.Millis {
		w.Millis = cost
		w.Arcs = append(make([]Arc, 0, len(arcs)+3), first[cheapest(out, start)])
		if m.exact && from.Edge == to.Edge { // it begins after the first arc
			w.Arcs = append(w.Arcs, Arc(start))
		}
		goal := start
		for _, k := range arcs {
			w.Arcs = append(w.Arcs, Arc(m.entered[k]))
			goal = m.graph.Head[k]
		}
		if !m.exact { // it ends before the last arc
			w.Arcs = append(w.Arcs, last[cheapest(in, goal)])
		}
	}
	if w.Millis == Never {
		return w, false
	}
	w.Line = m.n.wayLine(w.Arcs, from, to)
	return w, true
}

// fill makes the list so long with copies of an arc.
func fill(list []Arc, length int, a Arc) []Arc {
	for len(list) < length {
		list = append(list, a)
	}
	return list
}

// cheapest is the seed at the node that costs least.
func cheapest(seeds []cch.Seed, node int32) int {
	best := -1
	for i, s := range seeds {
		if s.Node == node && (best < 0 || s.Cost < seeds[best].Cost) {
			best = i
		}
	}
	return best
}

// wayLine is the line along arcs from a spot on the first to a spot on the last.
func (n *Network) wayLine(arcs []Arc, from, to Spot) orb.LineString {
	last := len(arcs) - 1
	if last == 0 {
		return n.Part(n.Edge(arcs[0]), from.Offset, to.Offset)
	}
	line := n.Part(from.Edge, from.Offset, n.side(arcs[0], true))
	for _, a := range arcs[1:last] {
		line = n.ArcLine(a, line)
	}
	for _, p := range n.Part(to.Edge, n.side(arcs[last], false), to.Offset) {
		if !same(line[len(line)-1], p) {
			line = append(line, p)
		}
	}
	return line
}

// side is the offset of the end of an arc, or of its start.
func (n *Network) side(a Arc, end bool) geo.Metres {
	if n.Forward(a) == end {
		return n.Metres(n.Edge(a))
	}
	return 0
}

// Part is the line along an edge between two offsets, in the order given: its vertices
// as in the map, and the exact places between them where it begins and ends. It has at
// least one point, and two where the offsets differ.
func (n *Network) Part(e Edge, from, to geo.Metres) orb.LineString {
	if from > to {
		line := n.Part(e, to, from)
		slices.Reverse(line)
		return line
	}
	line := n.Line(e)
	var out orb.LineString
	add := func(p orb.Point) {
		if len(out) == 0 || !same(out[len(out)-1], p) {
			out = append(out, p)
		}
	}
	var before geo.Metres
	for i := 1; i < len(line); i++ {
		length := n.plane.Distance(line[i-1], line[i])
		after := before + length
		if i == len(line)-1 { // rounding must not lose the end
			after = max(after, to)
		}
		if from <= after && len(out) == 0 && length > 0 {
			add(between(line[i-1], line[i], (from-before)/length))
		}
		if len(out) > 0 && to <= after {
			if length > 0 {
				add(between(line[i-1], line[i], (to-before)/length))
			}
			break
		}
		if len(out) > 0 {
			add(line[i])
		}
		before = after
	}
	if len(out) == 0 {
		add(line[len(line)-1])
	}
	return out
}

// between is the place at a share of the way between two points; the points themselves
// at the ends.
func between(a, b orb.Point, share geo.Metres) orb.Point {
	switch t := float64(share); {
	case t <= 0:
		return a
	case t >= 1:
		return b
	default:
		return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
	}
}

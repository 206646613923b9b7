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
	n := t.m.n
	if t.IsClosed(to.Edge) {
		return Way{Millis: Never}, false
	}
	w := Way{Millis: Never}
	for dir := range int32(2) {
		if d := t.m.along(from, to, dir); d < w.Millis {
			w.Millis, w.Arcs = d, []Arc{Arc(t.m.plain[2*int32(from.Edge)+dir])}
		}
	}
	q := t.metric.NewQuery()
	for first := range int32(2) {
		for last := range int32(2) {
			t.try(q, &w, from, to, first, last)
		}
	}
	if w.Millis == Never {
		return w, false
	}
	w.Line = n.wayLine(w.Arcs, from, to)
	return w, true
}

// try looks for a better way that sets off in one direction and arrives in one.
func (t *Times) try(q *cch.Query, w *Way, from, to Spot, first, last int32) {
	n := t.m.n
	a, b := t.m.plain[2*int32(from.Edge)+first], t.m.plain[2*int32(to.Edge)+last]
	if a == None || b == None {
		return
	}
	stepped := t.m.exact && from.Edge == to.Edge
	out := t.m.after(Arc(a), n.millis[a]-n.Elapsed(Arc(a), from), nil)
	if stepped {
		out = t.open(t.m.beyond(Arc(a), from, nil))
	}
	arcs, start, cost, ok := q.Path(out, t.m.to(to, last, nil))
	if !ok || cost >= w.Millis {
		return
	}
	w.Millis = cost
	w.Arcs = []Arc{Arc(a)}
	if stepped {
		w.Arcs = append(w.Arcs, Arc(start))
	}
	for _, k := range arcs {
		w.Arcs = append(w.Arcs, Arc(t.m.entered[k]))
	}
	if !t.m.exact {
		w.Arcs = append(w.Arcs, Arc(b))
	}
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

package routing

import (
	"math"

	"gridbeat/geo"
	"gridbeat/routing/cch"
)

// Spot is a place on a street: so far from the edge's first vertex along its line.
type Spot struct {
	Edge   Edge
	Offset geo.Metres
}

// Spot is the place that was snapped to.
func (s Snap) Spot() Spot { return Spot{s.Edge, s.Offset} }

// Elapsed is the time in milliseconds from the start of an arc of the spot's edge to
// the spot.
func (n *Network) Elapsed(a Arc, s Spot) int32 {
	share := min(1, max(0, float64(s.Offset)/n.metres[s.Edge]))
	if !n.Forward(a) {
		share = 1 - share
	}
	return int32(math.Round(share * float64(n.millis[a])))
}

// from is the seeds of one who stands at a spot and may set off in either direction
// that the street allows.
func (m *model) from(s Spot, buf []cch.Seed) []cch.Seed {
	for dir := range int32(2) {
		if a := m.plain[2*int32(s.Edge)+dir]; a != None {
			buf = m.after(Arc(a), m.n.millis[a]-m.n.Elapsed(Arc(a), s), buf)
		}
	}
	return buf
}

// beyond is the seeds of one who goes from a spot along a plain arc of its edge to the
// end and on: never those of the arc itself, so that the way back to the spot is found.
func (m *model) beyond(a Arc, s Spot, buf []cch.Seed) []cch.Seed {
	n := m.n
	rest := n.millis[a] - n.Elapsed(a, s)
	if !m.exact {
		return m.after(a, rest, buf)
	}
	for i := n.next.start[a]; i < n.next.start[a+1]; i++ {
		buf = append(buf, cch.Seed{Node: n.next.item[i], Cost: rest + n.turn[i]})
	}
	return buf
}

// to is the seeds of a spot that is reached in one direction of its edge: 0 along its
// line, 1 against it.
func (m *model) to(s Spot, dir int32, buf []cch.Seed) []cch.Seed {
	code := 2*int32(s.Edge) + dir
	a := m.plain[code]
	if a == None {
		return buf
	}
	for _, state := range m.doors.of(code) {
		buf = append(buf, cch.Seed{Node: state, Cost: m.n.Elapsed(Arc(a), s)})
	}
	return buf
}

// along is the time between two spots of one edge without leaving it, in one direction;
// Never where it is not ahead or the street does not go that way.
func (m *model) along(from, to Spot, dir int32) int32 {
	a := m.plain[2*int32(from.Edge)+dir]
	if from.Edge != to.Edge || a == None {
		return Never
	}
	if d := m.n.Elapsed(Arc(a), to) - m.n.Elapsed(Arc(a), from); d >= 0 {
		return d
	}
	return Never
}

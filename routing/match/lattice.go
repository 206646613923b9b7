package match

import "math"

// lattice holds the states of the positions that are not yet decided, a layer for
// each position. It belongs to one goroutine at a time.
type lattice struct {
	m       *Matcher
	search  *search
	finder  *finder
	targets []target
	layers  []layer
	arena   []int32      // arcs between states
	lone    *observation // the last position, where no way led to it
	legs    []leg        // what is decided of the open track
	begun   *observation // its first position
	tracks  []Track
}

type layer struct {
	o      *observation
	states []state
}

func newLattice(m *Matcher) *lattice {
	return &lattice{m: m, search: newSearch(m.g), finder: newFinder(m)}
}

// reset forgets all tracks.
func (l *lattice) reset() {
	l.layers, l.arena, l.legs, l.lone, l.tracks = l.layers[:0], l.arena[:0], l.legs[:0], nil, nil
}

// add takes the next position. One that lies off all streets, or to which no way
// leads, is passed over; a second one in a row breaks the track.
func (l *lattice) add(o *observation) {
	cands := l.finder.candidates(o)
	if len(l.layers) == 0 {
		if len(cands) > 0 {
			l.begun = o
			l.layers = append(l.layers, layer{o, l.first(o, cands)})
		}
		return
	}
	last := &l.layers[len(l.layers)-1]
	if o.first.Sub(last.o.last) > l.m.o.Gap || math.Hypot(o.x-last.o.x, o.y-last.o.y) > l.m.o.Leap {
		l.flush()
		l.add(o)
		return
	}
	if len(cands) > 0 {
		if states := l.step(last.states, last.o, o, cands); len(states) > 0 {
			l.layers = append(l.layers, layer{o, states})
			l.lone = nil
			if len(l.layers) >= l.m.o.Window {
				l.decide(l.agreed())
			}
			return
		}
	}
	if l.lone == nil {
		l.lone = o
		return
	}
	lone := l.lone
	l.flush()
	l.add(lone)
	l.add(o)
}

// flush decides what is open and begins anew.
func (l *lattice) flush() {
	l.lone = nil
	if len(l.layers) > 0 {
		n := len(l.layers) - 1
		l.decide(n, cheapest(l.layers[n].states))
		t := Track{Since: l.begun.first, Until: l.layers[len(l.layers)-1].o.last, Passages: l.m.passages(l.legs)}
		if len(t.Passages) > 0 {
			l.tracks = append(l.tracks, t)
		}
	}
	l.layers, l.arena, l.legs = l.layers[:0], l.arena[:0], l.legs[:0]
}

// agreed returns the last layer at which all open ways are on one state, and that
// state; where they agree on none, the last layer and its cheapest state.
func (l *lattice) agreed() (int, int32) {
	n := len(l.layers) - 1
	open := make(map[int32]bool, len(l.layers[n].states))
	for i := range l.layers[n].states {
		open[int32(i)] = true
	}
	for k := n; k > 0; k-- {
		if len(open) == 1 {
			for at := range open {
				return k, at
			}
		}
		before := make(map[int32]bool, len(open))
		for at := range open {
			before[l.layers[k].states[at].prev] = true
		}
		open = before
	}
	return n, cheapest(l.layers[n].states)
}

// decide traces the way to a state of a layer and forgets all that came before it
// and all ways that do not come from it.
func (l *lattice) decide(last int, at int32) {
	l.trace(l.chain(last, at))
	kept := l.layers[last:]
	kept[0].states = []state{kept[0].states[at]}
	var arena []int32
	for k := 1; k < len(kept); k++ {
		for i := range kept[k].states {
			s := &kept[k].states[i]
			if k == 1 {
				s.prev = 0
			}
			from := int32(len(arena))
			arena = append(arena, l.arena[s.from:s.to]...)
			s.from, s.to = from, int32(len(arena))
		}
	}
	l.layers, l.arena = append(l.layers[:0], kept...), append(l.arena[:0], arena...)
}

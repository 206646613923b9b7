package postman

import (
	"fmt"
	"slices"
)

// Street has to be walked once, between two places that may be the same.
type Street struct {
	From, To int32
	Both     bool // it may be walked from To to From as well
}

// Way may be walked any number of times.
type Way struct{ From, To, Cost int32 }

// Town is where the walk goes.
type Town struct {
	X, Y    []float64 // of each place, in metres
	Streets []Street
	Ways    []Way
	Home    int32 // the place at which the walk begins, if it can
	// Turn tells what it costs to go from a leg into the next one; nil for nothing.
	Turn func(a, b Leg) int32
}

// Leg is a piece of a walk: a street, or a way that is walked once more.
type Leg struct {
	Street int32 // -1 for a way
	Back   bool  // the street is walked from To to From
	Way    int32 // -1 for a street
}

// Walk returns all streets in the order and direction of a closed walk. One-way streets
// are balanced at least cost (Edmonds and Johnson, "Matching, Euler tours and the
// Chinese postman", Mathematical Programming 5, 1973), which gives some of the others
// their direction; where an odd number of the rest meet, places are paired, and the
// turns at each place are chosen so that they cost little.
func Walk(t Town, threads int) ([]Leg, error) {
	w, err := newWalk(t)
	if err != nil || len(t.Streets) == 0 {
		return nil, err
	}
	if _, err := w.balance(); err != nil {
		return nil, err
	}
	if err := w.pairOdd(threads); err != nil {
		return nil, err
	}
	w.orient()
	if err := w.connect(); err != nil {
		return nil, err
	}
	if err := w.expand(); err != nil {
		return nil, err
	}
	w.turns()
	return w.legs(), nil
}

// Again is what closed walks through all streets, be they one or many, spend on ways
// between the streets at least: no walk enters a place more often than it leaves it.
func Again(t Town) (int64, error) {
	w, err := newWalk(t)
	if err != nil {
		return 0, err
	}
	return w.balance()
}

// Costs is what it costs to go from a place to each place along ways, or from each place
// to it with back; -1 where no way leads.
func Costs(t Town, from int32, back bool) ([]int64, error) {
	if back {
		ways := make([]Way, len(t.Ways))
		for i, x := range t.Ways {
			ways[i] = Way{x.To, x.From, x.Cost}
		}
		t.Ways = ways
	}
	w, err := newWalk(t)
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(t.X))
	for v := range out {
		out[v] = -1
	}
	l := newLabels(len(t.X))
	l.reach(from, 0, -1)
	for {
		v, d, ok := l.settle()
		if !ok {
			return out, nil
		}
		out[v] = d
		w.spread(&l, v, d)
	}
}

// walk is a multigraph that grows until a closed walk uses each of its edges once.
type walk struct {
	t     Town
	start []int32 // of the ways from each place in out, one more at the end
	out   []int32 // ways by place
	edges []edge
	loose []int32 // edges without a direction yet
	next  []int32 // by edge: the one after it

	height []int64 // potentials of the balance
}

// edge is a leg with its ends in the direction of the walk.
type edge struct {
	from, to int32
	leg      Leg
}

func newWalk(t Town) (*walk, error) {
	n := int32(len(t.X))
	bad := func(v int32) bool { return v < 0 || v >= n }
	for i, s := range t.Streets {
		if bad(s.From) || bad(s.To) {
			return nil, fmt.Errorf("postman: street %d from %d to %d of %d places", i, s.From, s.To, n)
		}
	}
	w := &walk{t: t, start: make([]int32, n+1), out: make([]int32, len(t.Ways))}
	for i, x := range t.Ways {
		if bad(x.From) || bad(x.To) || x.Cost < 0 {
			return nil, fmt.Errorf("postman: way %d from %d to %d of %d places costs %d", i, x.From, x.To, n, x.Cost)
		}
		w.start[x.From+1]++
	}
	for v := range n {
		w.start[v+1] += w.start[v]
	}
	at := slices.Clone(w.start)
	for i, x := range t.Ways {
		w.out[at[x.From]] = int32(i)
		at[x.From]++
	}
	return w, nil
}

// street adds a street in one direction.
func (w *walk) street(i int32, back bool) {
	s := w.t.Streets[i]
	if back {
		s.From, s.To = s.To, s.From
	}
	w.edges = append(w.edges, edge{s.From, s.To, Leg{Street: i, Back: back, Way: -1}})
}

// legs follows the walk and leaves out what is no street.
func (w *walk) legs() []Leg {
	first := int32(0)
	for e := range w.edges {
		if w.edges[e].from == w.t.Home {
			first = int32(e)
			break
		}
	}
	var out []Leg
	for e := first; ; {
		if w.edges[e].leg.Street >= 0 {
			out = append(out, w.edges[e].leg)
		}
		if e = w.next[e]; e == first {
			return out
		}
	}
}

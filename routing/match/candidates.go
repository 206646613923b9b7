package match

import (
	"cmp"
	"slices"

	"gridbeat/routing"
)

// candidate is the place of a street piece that lies nearest to a position.
type candidate struct {
	edge routing.Edge
	at   float64 // metres along the edge's line
	away float64 // metres from the position
}

// finder lists candidates; it keeps its memory between calls.
type finder struct {
	m     *Matcher
	round int32
	seen  []int32 // by edge: the round in which it was found
	place []int32 // by edge: where it stands in found
	found []candidate
}

func newFinder(m *Matcher) *finder {
	n := m.g.net.Edges()
	return &finder{m: m, seen: make([]int32, n), place: make([]int32, n)}
}

// candidates lists the street pieces near the position, the nearest first. The
// list is good until the next call.
func (f *finder) candidates(o *observation) []candidate {
	m := f.m
	reach := min(m.o.MostReach, max(m.o.LeastReach, m.o.Reach*o.sigma))
	f.round++
	f.found = f.found[:0]
	m.index.near(o.x, o.y, reach, func(s int32) {
		away, at := m.index.nearest(s, o.x, o.y)
		if away > reach {
			return
		}
		e := m.index.edge[s]
		at = min(at, float64(m.g.net.Metres(e)))
		if f.seen[e] != f.round {
			f.seen[e], f.place[e] = f.round, int32(len(f.found))
			f.found = append(f.found, candidate{edge: e, at: at, away: away})
			return
		}
		if c := &f.found[f.place[e]]; away < c.away || away == c.away && at < c.at {
			c.away, c.at = away, at
		}
	})
	slices.SortFunc(f.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.away, b.away), cmp.Compare(a.edge, b.edge))
	})
	return f.found[:min(len(f.found), m.o.Candidates)]
}

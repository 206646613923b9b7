package match

import (
	"math"
)

// search is Dijkstra's algorithm from many states to many candidates at once, with
// a lower bound on what lies ahead (A*). One search does for all pairs because what
// a way costs adds up along it: Newson and Krumm's cost of a transition, the length
// of the way beyond the straight one, differs from the length by what all have in
// common. Costs inside are weights in metres.
type search struct {
	g    *graph
	now  int32
	heap []entry

	labels []label // by arc
	goals  []goal  // by arc

	x, y, reach float64 // the position that is searched, and how far its candidates lie
	limit       float64
}

// label is what is known of an arc in the present round: the least weight until it
// is entered.
type label struct {
	cost   float64
	round  int32
	parent int32 // the arc before, or -1
	source int32 // the state that the way began from
	done   bool
}

// goal says which target lies on an arc.
type goal struct{ round, target int32 }

type entry struct {
	key float64
	arc int32
}

func newSearch(g *graph) *search {
	return &search{g: g, labels: make([]label, len(g.edge)), goals: make([]goal, len(g.edge))}
}

// begin forgets the round before.
func (s *search) begin(x, y, reach, limit float64) {
	s.now++
	s.heap = s.heap[:0]
	s.x, s.y, s.reach, s.limit = x, y, reach, limit
}

// target returns the target on the arc, or -1.
func (s *search) target(arc int32) int32 {
	if g := s.goals[arc]; g.round == s.now {
		return g.target
	}
	return -1
}

// leave goes on from the end of an arc into those that may follow it.
func (s *search) leave(arc, parent, source int32, cost, round float64) {
	g := s.g
	for i := g.nextStart[arc]; i < g.nextStart[arc+1]; i++ {
		c := cost + g.turn[i]
		if g.round[i] {
			c += round
		}
		b := g.next[i]
		l := &s.labels[b]
		if l.round == s.now && l.cost <= c {
			continue
		}
		key := c + g.ahead(g.tail[b], s.x, s.y, s.reach)
		if key > s.limit {
			continue
		}
		*l = label{cost: c, round: s.now, parent: parent, source: source}
		s.push(entry{key, b})
	}
}

// settle takes the arc that is entered at the least cost from the heap; false when
// none is left below the bound.
func (s *search) settle(bound float64) (int32, *label, bool) {
	for len(s.heap) > 0 {
		top := s.pop()
		if top.key > bound {
			break
		}
		if l := &s.labels[top.arc]; !l.done {
			l.done = true
			return top.arc, l, true
		}
	}
	return 0, nil, false
}

// The heap has four children a node: shallower, and kinder to the cache.
func (s *search) push(e entry) {
	h := append(s.heap, e)
	i := len(h) - 1
	for i > 0 {
		p := (i - 1) / 4
		if h[p].key <= e.key {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = e
	s.heap = h
}

func (s *search) pop() entry {
	h := s.heap
	top := h[0]
	last := h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for {
		c := 4*i + 1
		if c >= len(h) {
			break
		}
		m := c
		for j := c + 1; j < min(c+4, len(h)); j++ {
			if h[j].key < h[m].key {
				m = j
			}
		}
		if h[m].key >= last.key {
			break
		}
		h[i] = h[m]
		i = m
	}
	if len(h) > 0 {
		h[i] = last
	}
	s.heap = h
	return top
}

// between appends the arcs from after the source up to the arc before, in order of
// driving: the way that the labels tell, last being the parent of the goal.
func (s *search) between(last int32, buf []int32) []int32 {
	from := len(buf)
	for a := last; a >= 0; a = s.labels[a].parent {
		buf = append(buf, a)
	}
	for i, j := from, len(buf)-1; i < j; i, j = i+1, j-1 {
		buf[i], buf[j] = buf[j], buf[i]
	}
	return buf
}

var never = math.Inf(1)

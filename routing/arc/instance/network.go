package instance

import "gridbeat/routing/arc"

// never is the cost of what cannot be reached.
const never = int32(arc.Never)

// network is what vehicles move in: states and the steps between them. Where turns
// are free a state is a node. Where they cost, a state is having driven a way, and
// each depot is one more state that every way out of it may follow.
type network struct {
	ways   []way
	states int
	depots []int // the state of leaving each depot
	steps  [][]step
}

// way is a street in one direction.
type way struct {
	street, from, to int
	cost             int32
	before           []approach // where to come from to drive it
	after            int        // the state when it is driven
}

// approach is a state, and what turning from there costs.
type approach struct {
	state int
	turn  int32
}

// step leads from one state to another over a way.
type step struct {
	to   int
	cost int32 // of the turn and the way
	way  int
}

// newNetwork builds the network of the instance.
func newNetwork(in *Instance, depots []int) *network {
	n := &network{}
	for i, s := range in.Streets {
		n.ways = append(n.ways, way{street: i, from: s.From, to: s.To, cost: s.There})
		if s.Back != Closed && s.From != s.To {
			n.ways = append(n.ways, way{street: i, from: s.To, to: s.From, cost: s.Back})
		}
	}
	if in.Turns == nil {
		n.byNode(in, depots)
	} else {
		n.byWay(in, depots)
	}
	n.steps = make([][]step, n.states)
	for i, w := range n.ways {
		for _, a := range w.before {
			n.steps[a.state] = append(n.steps[a.state], step{w.after, a.turn + w.cost, i})
		}
	}
	return n
}

func (n *network) byNode(in *Instance, depots []int) {
	n.states = in.Last - in.First + 1
	for i := range n.ways {
		w := &n.ways[i]
		w.before, w.after = []approach{{w.from - in.First, 0}}, w.to-in.First
	}
	for _, d := range depots {
		n.depots = append(n.depots, d-in.First)
	}
}

func (n *network) byWay(in *Instance, depots []int) {
	into := map[int][]int{}
	for i, w := range n.ways {
		n.ways[i].after = i
		into[w.to] = append(into[w.to], i)
	}
	n.states = len(n.ways) + len(depots)
	for i := range n.ways {
		w := &n.ways[i]
		for _, k := range into[w.from] {
			if c, ok := in.Turns[Turn{n.ways[k].from, w.from, w.to}]; ok {
				w.before = append(w.before, approach{k, c})
			}
		}
		for d, v := range depots {
			if v == w.from {
				w.before = append(w.before, approach{len(n.ways) + d, 0})
			}
		}
	}
	for d := range depots {
		n.depots = append(n.depots, len(n.ways)+d)
	}
}

// home lists the states that end a route at the depot.
func (n *network) home(in *Instance, depot, state int) []approach {
	out := []approach{{state, 0}}
	if in.Turns != nil {
		for i, w := range n.ways {
			if w.to == depot {
				out = append(out, approach{i, 0})
			}
		}
	}
	return out
}

// search computes cheapest ways from one state. It belongs to one goroutine.
type search struct {
	n    *network
	cost []int32 // never where it has not been
	seen []int32
	last []int32 // the way driven last, and the state before it
	prev []int32
	heap []entry
}

type entry struct{ cost, state int32 }

func newSearch(n *network) *search {
	s := &search{n: n, cost: make([]int32, n.states), last: make([]int32, n.states), prev: make([]int32, n.states)}
	for i := range s.cost {
		s.cost[i] = never
	}
	return s
}

// from is Dijkstra's algorithm, until the cheapest of the approaches is known.
func (s *search) from(state int, until []approach) {
	for _, v := range s.seen {
		s.cost[v] = never
	}
	s.seen = append(s.seen[:0], int32(state))
	s.cost[state] = 0
	s.heap = append(s.heap[:0], entry{0, int32(state)})
	for len(s.heap) > 0 {
		e := s.pop()
		if e.cost > s.cost[e.state] {
			continue
		}
		if _, least := s.best(until); e.cost >= least {
			return
		}
		for _, t := range s.n.steps[e.state] {
			if c := e.cost + t.cost; c < s.cost[t.to] {
				if s.cost[t.to] == never {
					s.seen = append(s.seen, int32(t.to))
				}
				s.cost[t.to], s.last[t.to], s.prev[t.to] = c, int32(t.way), e.state
				s.push(entry{c, int32(t.to)})
			}
		}
	}
}

// best is the cheapest of the approaches, -1 when none can be reached.
func (s *search) best(all []approach) (state int, cost int32) {
	state, cost = -1, never
	for _, a := range all {
		if c := s.cost[a.state]; c < never && c+a.turn < cost {
			state, cost = a.state, c+a.turn
		}
	}
	return state, cost
}

// path lists the ways from the searched state to another.
func (s *search) path(from, to int) []int {
	var back []int
	for to != from {
		back = append(back, int(s.last[to]))
		to = int(s.prev[to])
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}

func (s *search) push(e entry) {
	h := append(s.heap, e)
	i := len(h) - 1
	for i > 0 && h[(i-1)/2].cost > e.cost {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = e
	s.heap = h
}

func (s *search) pop() entry {
	h := s.heap
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for 2*i+1 < len(h) {
		c := 2*i + 1
		if c+1 < len(h) && h[c+1].cost < h[c].cost {
			c++
		}
		if h[c].cost >= last.cost {
			break
		}
		h[i] = h[c]
		i = c
	}
	if len(h) > 0 {
		h[i] = last
	}
	s.heap = h
	return top
}

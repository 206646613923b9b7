package routing

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
)

// Never is the time in milliseconds to what cannot be reached.
const Never = math.MaxInt32 / 4

// search is the private state of Dijkstra's algorithm on arcs. The label of an arc
// is the time until it is entered, turn included.
type search struct {
	n      *Network
	enter  []int32
	parent []int32
	round  []int32 // enter and parent count only in the present round
	now    int32
	heap   []entry
	goals  int
	goal   []int32 // round in which the arc was a goal
}

type entry struct {
	key int32
	arc int32
}

func (n *Network) newSearch() *search {
	k := len(n.code)
	return &search{n: n, enter: make([]int32, k), parent: make([]int32, k), round: make([]int32, k), goal: make([]int32, k)}
}

func (s *search) begin() {
	s.now++
	s.heap = s.heap[:0]
	s.goals = 0
}

func (s *search) until(a Arc) {
	if s.goal[a] != s.now {
		s.goal[a] = s.now
		s.goals++
	}
}

func (s *search) label(a Arc) int32 {
	if s.round[a] != s.now {
		return Never
	}
	return s.enter[a]
}

func (s *search) offer(a, parent, t int32) {
	if s.round[a] == s.now && s.enter[a] <= t {
		return
	}
	s.round[a], s.enter[a], s.parent[a] = s.now, t, parent
	s.push(entry{t, a})
}

// from starts at the end of arc a, leave at a node in any direction.
func (s *search) from(a Arc) {
	lo := s.n.next.start[a]
	for i, b := range s.n.next.of(int32(a)) {
		s.offer(b, None, s.n.turn[int(lo)+i])
	}
}

func (s *search) leave(v Node) {
	for _, b := range s.n.out.of(int32(v)) {
		s.offer(b, None, 0)
	}
}

// run settles arcs until all goals are settled, or all that can be reached.
func (s *search) run() {
	n := s.n
	for len(s.heap) > 0 {
		top := s.pop()
		a, t := top.arc, top.key
		if s.enter[a] != t {
			continue
		}
		if s.goal[a] == s.now {
			s.goal[a] = 0
			if s.goals--; s.goals == 0 {
				return
			}
		}
		end := t + n.millis[a]
		lo, hi := n.next.start[a], n.next.start[a+1]
		for i := lo; i < hi; i++ {
			s.offer(n.next.item[i], a, end+n.turn[i])
		}
	}
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

// Stop is a place where a movement begins or ends: an arc, or a node in any
// direction where Arc is None.
type Stop struct {
	Arc  Arc
	Node Node
}

// Table returns the times in milliseconds from the end of every stop in from to the
// start of every stop in to, row by row: the time to enter an arc, turns included,
// or to reach a node. Never stands for what cannot be reached. It takes one search
// of the network for each row, spread over the threads (at least one), and ends
// early with the context's error.
func (n *Network) Table(ctx context.Context, from, to []Stop, threads int) ([]int32, error) {
	k := len(to)
	out := make([]int32, len(from)*k)
	var row atomic.Int64
	var wait sync.WaitGroup
	for range max(1, threads) {
		wait.Go(func() {
			s := n.newSearch()
			for ctx.Err() == nil {
				i := int(row.Add(1)) - 1
				if i >= len(from) {
					return
				}
				s.table(from[i], to, out[i*k:(i+1)*k])
			}
		})
	}
	wait.Wait()
	return out, ctx.Err()
}

func (s *search) table(from Stop, to []Stop, row []int32) {
	n := s.n
	s.begin()
	for _, t := range to {
		s.aim(t)
	}
	s.start(from)
	s.run()
	for j, t := range to {
		switch {
		case t.Arc != None:
			row[j] = s.label(t.Arc)
		case n.where(from) == t.Node:
			row[j] = 0
		default:
			_, row[j] = s.arrival(t.Node)
		}
	}
}

// where is the node at which a movement from the stop begins.
func (n *Network) where(from Stop) Node {
	if from.Arc != None {
		return n.head[from.Arc]
	}
	return from.Node
}

// aim makes a stop a goal of the search.
func (s *search) aim(t Stop) {
	if t.Arc != None {
		s.until(t.Arc)
		return
	}
	for _, a := range s.n.into.of(int32(t.Node)) {
		s.until(Arc(a))
	}
}

func (s *search) start(from Stop) {
	if from.Arc != None {
		s.from(from.Arc)
	} else {
		s.leave(from.Node)
	}
}

// arrival is the labelled arc by which the node is reached first, and when.
func (s *search) arrival(v Node) (Arc, int32) {
	best, when := Arc(None), int32(Never)
	for _, b := range s.n.into.of(int32(v)) {
		a := Arc(b)
		if l := s.label(a); l < Never && l+s.n.millis[a] < when {
			best, when = a, l+s.n.millis[a]
		}
	}
	return best, when
}

// Finder finds single paths; it keeps its memory between calls. It must not be
// used from two goroutines at once.
type Finder struct{ s *search }

// NewFinder returns a finder of paths on the network.
func (n *Network) NewFinder() *Finder { return &Finder{n.newSearch()} }

// Path returns the arcs that lie between the end of one stop and the start of the
// other on a quickest path, and its time in milliseconds as Table gives it; false
// when there is none.
func (f *Finder) Path(from, to Stop) (arcs []Arc, millis int32, ok bool) {
	s, n := f.s, f.s.n
	if to.Arc == None && n.where(from) == to.Node {
		return nil, 0, true
	}
	s.begin()
	s.aim(to)
	s.start(from)
	s.run()
	last := Arc(None)
	if to.Arc != None {
		if millis = s.label(to.Arc); millis >= Never {
			return nil, Never, false
		}
		last = Arc(s.parent[to.Arc])
	} else if last, millis = s.arrival(to.Node); millis >= Never {
		return nil, Never, false
	}
	for a := last; a != None; a = Arc(s.parent[a]) {
		arcs = append(arcs, a)
	}
	for i, j := 0, len(arcs)-1; i < j; i, j = i+1, j-1 {
		arcs[i], arcs[j] = arcs[j], arcs[i]
	}
	return arcs, millis, true
}

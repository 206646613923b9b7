package arc

import (
	"slices"
	"sync"
)

// nearMost is how many neighbours of a task are listed.
const nearMost = 60

// nearness lists for each task the tasks that can follow or lead to it at least
// cost, nearest first. Lists are made when they are first asked for.
type nearness struct {
	p      *Problem
	places []int32 // where tasks start
	first  []int32 // of the tasks that start there in tasks, one more at the end
	tasks  []int32
	lists  [][]int32
	once   []sync.Once
	spare  sync.Pool
}

func newNearness(p *Problem) *nearness {
	n := &nearness{p: p, lists: make([][]int32, p.tasks), once: make([]sync.Once, p.tasks)}
	count := make([]int32, p.table.places+1)
	for m := range p.spec.Modes {
		count[p.into[m]]++
	}
	at := make([]int32, p.table.places)
	for v := range at {
		if count[v] > 0 {
			at[v] = int32(len(n.tasks))
			n.places, n.first = append(n.places, int32(v)), append(n.first, at[v])
			n.tasks = append(n.tasks, make([]int32, count[v])...)
		}
	}
	n.first = append(n.first, int32(len(n.tasks)))
	for m, mode := range p.spec.Modes {
		n.tasks[at[p.into[m]]] = mode.Task
		at[p.into[m]]++
	}
	n.spare.New = func() any {
		return &nearScratch{seen: make([]bool, p.tasks), rows: [2][]int32{make([]int32, p.table.places), make([]int32, p.table.places)}}
	}
	return n
}

type nearScratch struct {
	seen []bool
	rows [2][]int32
	heap []uint64 // distance and place, the farthest on top
}

// of is the list of one task.
func (n *nearness) of(task int32) []int32 {
	n.once[task].Do(func() {
		s := n.spare.Get().(*nearScratch)
		n.lists[task] = n.list(task, s)
		n.spare.Put(s)
	})
	return n.lists[task]
}

func (n *nearness) list(task int32, s *nearScratch) []int32 {
	lo, hi := n.p.Modes(int(task))
	row := n.p.table.row(n.p.from[lo], s.rows[0])
	for m := lo + 1; m < hi; m++ {
		least := s.rows[0]
		for v, c := range n.p.table.row(n.p.from[m], s.rows[1]) {
			least[v] = min(row[v], c)
		}
		row = least
	}
	s.heap = s.heap[:0]
	for i, v := range n.places {
		key := uint64(row[v])<<32 | uint64(i)
		if len(s.heap) == nearMost {
			if key < s.heap[0] {
				sink(s.heap, key)
			}
			continue
		}
		if s.heap = append(s.heap, key); len(s.heap) == nearMost {
			slices.Sort(s.heap)
			slices.Reverse(s.heap)
		}
	}
	slices.Sort(s.heap)
	out := make([]int32, 0, nearMost)
	s.seen[task] = true
	for _, key := range s.heap {
		i := int32(key)
		for _, u := range n.tasks[n.first[i]:n.first[i+1]] {
			if !s.seen[u] && len(out) < nearMost {
				s.seen[u] = true
				out = append(out, u)
			}
		}
	}
	s.seen[task] = false
	for _, u := range out {
		s.seen[u] = false
	}
	return out
}

// sink puts a smaller key in place of the largest of a heap.
func sink(h []uint64, key uint64) {
	i := 0
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1] > h[c] {
			c++
		}
		if h[c] <= key {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = key
}

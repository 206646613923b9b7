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
	p     *Problem
	lists [][]int32
	once  []sync.Once
	spare sync.Pool
}

func newNearness(p *Problem) *nearness {
	n := &nearness{p: p, lists: make([][]int32, p.tasks), once: make([]sync.Once, p.tasks)}
	n.spare.New = func() any { return &nearScratch{apart: make([]int32, p.tasks), row: make([]int32, p.table.places)} }
	return n
}

type nearScratch struct {
	apart []int32
	row   []int32
	heap  []uint64 // distance and task, the farthest on top
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
	p := n.p
	for u := range s.apart {
		s.apart[u] = Never
	}
	lo, hi := p.Modes(int(task))
	for m := lo; m < hi; m++ {
		row := p.table.row(p.from[m], s.row)
		for k, mode := range p.spec.Modes {
			s.apart[mode.Task] = min(s.apart[mode.Task], row[p.into[k]])
		}
	}
	s.heap = s.heap[:0]
	for u, d := range s.apart {
		if int32(u) == task {
			continue
		}
		key := uint64(d)<<32 | uint64(u)
		if len(s.heap) < nearMost {
			s.heap = append(s.heap, key)
			if len(s.heap) == nearMost {
				slices.SortFunc(s.heap, func(a, b uint64) int {
					if a > b {
						return -1
					}
					return 1
				})
			}
		} else if key < s.heap[0] {
			sink(s.heap, key)
		}
	}
	slices.Sort(s.heap)
	out := make([]int32, len(s.heap))
	for i, key := range s.heap {
		out[i] = int32(key)
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

package cch

import (
	"sync"
	"sync/atomic"
)

// customizer computes the weights of all shortcuts, and what each of them stands for:
// an arc of the graph as -1-arc, or a way over a lower node as one more than the number
// of its first shortcut if it goes up, of its last if it goes down, which is on the other
// side; 0 while nothing makes it finite.
type customizer struct {
	h                *Hierarchy
	up, down         []int32
	upOver, downOver []int32
}

// start gives every shortcut the least weight of the arcs that it stands for.
func (c *customizer) start(weight []int32) {
	for i := range c.up {
		c.up[i] = Never
	}
	for i := range c.down {
		c.down[i] = Never
	}
	n := int32(len(c.up))
	for a, k := range c.h.slot {
		w, over := c.up, c.upOver
		if k >= n {
			w, over, k = c.down, c.downOver, k-n
		}
		if k >= 0 && weight[a] < w[k] {
			w[k], over[k] = weight[a], int32(-1-a)
		}
	}
}

// node makes the shortcuts between x and higher nodes no longer than the ways over one
// lower node. The weights of lower nodes must be right already. by has room for a
// weight, and what it stands for below it, for each depth.
func (c *customizer) node(x int32, by []int64) {
	pull(&c.h.up, &c.h.down, c.up, c.down, c.downOver, x, by)
	pull(&c.h.down, &c.h.up, c.down, c.up, c.upOver, x, by)
}

// pull lowers the weights between x and higher nodes on the other side: for every lower
// node v joined to x on side s, by the ways over v.
func pull(s, other *side, w, otherW, over []int32, x int32, by []int64) {
	below := s.below[s.begin[x]:s.begin[x+1]]
	begin, end := other.first[x], other.first[x+1]
	if len(below) == 0 || begin == end {
		return
	}
	own, level := otherW[begin:end], other.level[begin:end]
	level = level[:len(own)]
	for i, t := range own {
		by[level[i]] = int64(t) << 32
	}
	for _, l := range below {
		if w[l.at] >= Never {
			continue
		}
		leg := int64(w[l.at])<<32 | int64(l.at+1)
		list := otherW[l.after:l.end]
		level := other.level[l.after:l.end]
		level = level[:len(list)]
		for i, rest := range list {
			d := level[i]
			if t := leg + int64(rest)<<32; t < by[d] {
				by[d] = t
			}
		}
	}
	stands := over[begin:end][:len(own)]
	for i := range own {
		t := by[level[i]]
		own[i] = int32(t >> 32)
		if way := int32(t); way != 0 {
			stands[i] = way
		}
	}
}

// run customizes all nodes, subtrees of the elimination tree at the same time: a node
// needs its own subtree only. Whoever finishes the last child of a node goes on with it.
func (c *customizer) run(threads int) {
	h := c.h
	if threads <= 1 || h.nodes < 5000 {
		by := make([]int64, h.height)
		for x := range int32(h.nodes) {
			c.node(x, by)
		}
		return
	}
	waits := make([]atomic.Int32, h.nodes)
	small := int32(max(64, h.nodes/(16*threads)))
	size := func(v int32) int32 { return v - h.least[v] + 1 }
	var tasks []int32 // roots of the largest small subtrees
	for v, p := range h.parent {
		if int(p) < h.nodes {
			waits[p].Add(1)
		}
		if size(int32(v)) <= small && (int(p) == h.nodes || size(p) > small) {
			tasks = append(tasks, int32(v))
		}
	}
	var next atomic.Int32
	var wait sync.WaitGroup
	for range threads {
		wait.Go(func() {
			by := make([]int64, h.height)
			for {
				k := int(next.Add(1)) - 1
				if k >= len(tasks) {
					return
				}
				v := tasks[k]
				for x := h.least[v]; x <= v; x++ {
					c.node(x, by)
				}
				for p := h.parent[v]; int(p) < h.nodes && waits[p].Add(-1) == 0; p = h.parent[p] {
					c.node(p, by)
				}
			}
		})
	}
	wait.Wait()
}

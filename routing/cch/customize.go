package cch

import (
	"sync"
	"sync/atomic"
)

// customizer computes the weights of all shortcuts.
type customizer struct {
	h        *Hierarchy
	up, down []int32
}

// start gives every shortcut the least weight of the arcs that it stands for.
func (c *customizer) start(weight []int32) {
	for i := range c.up {
		c.up[i] = Never
	}
	for i := range c.down {
		c.down[i] = Never
	}
	for a, k := range c.h.slot {
		switch n := int32(len(c.up)); {
		case k < 0:
		case k < n:
			c.up[k] = min(c.up[k], weight[a])
		default:
			c.down[k-n] = min(c.down[k-n], weight[a])
		}
	}
}

// node makes the shortcuts between x and higher nodes no longer than the ways over one
// lower node. The weights of lower nodes must be right already. by has room for a
// number for each depth.
func (c *customizer) node(x int32, by []int32) {
	pull(&c.h.up, &c.h.down, c.up, c.down, x, by)
	pull(&c.h.down, &c.h.up, c.down, c.up, x, by)
}

// pull lowers the weights between x and higher nodes on the other side: for every lower
// node v joined to x on side s, by the ways over v.
func pull(s, other *side, w, otherW []int32, x int32, by []int32) {
	below := s.below[s.begin[x]:s.begin[x+1]]
	begin, end := other.first[x], other.first[x+1]
	if len(below) == 0 || begin == end {
		return
	}
	own, level := otherW[begin:end], other.level[begin:end]
	level = level[:len(own)]
	for i, t := range own {
		by[level[i]] = t
	}
	for _, l := range below {
		leg := w[l.at]
		if leg >= Never {
			continue
		}
		list := otherW[l.after:l.end]
		level := other.level[l.after:l.end]
		level = level[:len(list)]
		for i, rest := range list {
			d := level[i]
			if t := leg + rest; t < by[d] {
				by[d] = t
			}
		}
	}
	for i := range own {
		own[i] = by[level[i]]
	}
}

// run customizes all nodes, subtrees of the elimination tree at the same time: a node
// needs its own subtree only. Whoever finishes the last child of a node goes on with it.
func (c *customizer) run(threads int) {
	h := c.h
	if threads <= 1 || h.nodes < 5000 {
		by := make([]int32, h.height)
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
			by := make([]int32, h.height)
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

package cch

import (
	"cmp"
	"slices"
)

// Sweep searches between single places and all of some targets; it keeps its memory
// between calls. It must not be used from two goroutines at once.
type Sweep struct {
	t      *Targets
	ahead  []int32 // labels on the way from the place to the root, by depth
	labels []int32 // labels on the way from the root to the present row, by depth
	values []int32 // by row
	from   []chain
	onWay  []int32 // rows that lie above the place, ascending
	lowest int32   // rank of the place's lowest node
}

// NewSweep returns a search of the targets.
func (t *Targets) NewSweep() *Sweep {
	return &Sweep{
		t: t, ahead: make([]int32, t.m.h.height), labels: make([]int32, t.m.h.height+1),
		values: make([]int32, len(t.rank)),
	}
}

// Distances writes the least cost between a place and every target to out, in the
// direction of the selection; Never where there is no way.
func (s *Sweep) Distances(place []Seed, out []int32) {
	t := s.t
	out = out[:t.count]
	for j := range out {
		out[j] = Never
	}
	var shift int32
	s.from, shift = t.m.h.chains(place, s.from)
	for i := range s.from {
		s.chain(&s.from[i])
		for j := range out {
			for _, e := range t.end[t.ends.first[j]:t.ends.first[j+1]] {
				if v := s.values[e.row]; v < Never {
					out[j] = min(out[j], v+e.cost+shift)
				}
			}
		}
	}
}

// chain searches from the nodes of one way to the root.
func (s *Sweep) chain(c *chain) {
	t, h := s.t, s.t.m.h
	c.plant(h, s.ahead)
	v := c.lowest
	s.lowest = v
	for d := c.depth; d >= 0; d-- {
		climb(t.m, t.climbs, v, s.ahead, d, Never)
		v = h.parent[v]
	}
	at, in := t.meet(c.lowest)
	s.onWay = t.way(at, s.onWay)
	s.rows(0, int32(len(t.rank)), in)
}

// meet finds where the way from a node to the root enters the rows of the sweep: the
// lowest row that is not in a cell, and the cell passed before, if any; -1 for none.
func (t *Targets) meet(v int32) (row, in int32) {
	h := t.m.h
	for int(v) < h.nodes && !t.has(v) {
		v = h.parent[v]
	}
	if int(v) == h.nodes {
		return -1, -1
	}
	row = t.find(v)
	if row < int32(len(t.rank)) && t.rank[row] == v && int(t.depth[row]) < h.height {
		return row, -1
	}
	// The last cell whose root is not below v holds it.
	k, found := slices.BinarySearchFunc(t.cells, v, func(c cell, v int32) int { return cmp.Compare(v, t.node[c.node]) })
	if !found {
		k--
	}
	return t.over[t.cells[k].row], int32(k)
}

// way lists the rows from one up to the root, ascending.
func (t *Targets) way(row int32, buf []int32) []int32 {
	buf = buf[:0]
	for ; row >= 0; row = t.over[row] {
		buf = append(buf, row)
	}
	slices.Reverse(buf)
	return buf
}

// rows runs the rows of the sweep from one to another; in is the cell that holds the
// start of the search, or -1.
func (s *Sweep) rows(from, to, in int32) {
	t := s.t
	labels := s.labels
	next := int32(-1) // the next row that the way from the place passes
	onWay := s.onWay
	if len(onWay) > 0 {
		next, onWay = onWay[0], onWay[1:]
	}
	stop := to
	if in >= 0 {
		stop = t.cells[in].row
	}
	for r := from; ; r++ {
		if r == stop {
			if r == to {
				return
			}
			t.within(&t.cells[in], s.lowest, labels, s.ahead, s.values)
			r += t.cells[in].rows
			stop = to
			if r == to {
				return
			}
		}
		least := int32(Never)
		d := t.depth[r]
		if r == next {
			least = s.ahead[d]
			next = -1
			if len(onWay) > 0 {
				next, onWay = onWay[0], onWay[1:]
			}
		}
		steps := t.steps[t.first[r]:t.first[r+1]]
		other := int32(Never) // two minima need not wait for each other
		for ; len(steps) > 1; steps = steps[2:] {
			p, q := steps[0], steps[1]
			least, other = min(least, labels[p.level]+p.weight), min(other, labels[q.level]+q.weight)
		}
		for _, p := range steps {
			least = min(least, labels[p.level]+p.weight)
		}
		least = min(least, other)
		labels[d] = least
		s.values[r] = least
	}
}

// within runs the sweep over the nodes of the cell that holds the start of the search,
// a node of that rank: labels hold what lies above the cell, ahead the way from the start.
func (t *Targets) within(c *cell, start int32, labels, ahead, values []int32) {
	h := t.m.h
	r := c.row
	for _, v := range t.node[c.node : c.node+c.nodes] {
		d := h.depth[v]
		least := int32(Never)
		if h.above(v, start) {
			least = ahead[d]
		}
		list := t.sweeps.of(t.m, v)
		level := t.sweeps.level[t.sweeps.first[v]:t.sweeps.first[v+1]]
		for i, w := range list {
			least = min(least, labels[level[i]]+w)
		}
		labels[d] = least
		if r < c.row+c.rows && t.rank[r] == v {
			values[r] = least
			r++
		}
	}
}

package cch

import (
	"fmt"
	"slices"
)

// Change is a new weight of an arc.
type Change struct {
	Arc    int32
	Weight int32
}

// With returns the metric with some arcs changed; m stays as it is, and both share what
// did not change. Closing a road is a change to Never. It takes time as the shortcuts
// that the changes reach: microseconds for a side street.
func (m *Metric) With(changes []Change) (*Metric, error) {
	h := m.h
	for _, c := range changes {
		if c.Arc < 0 || int(c.Arc) >= len(h.slot) {
			return nil, fmt.Errorf("change: arc %d of %d", c.Arc, len(h.slot))
		}
		if c.Weight < 0 || c.Weight > Never {
			return nil, fmt.Errorf("change: weight %d of arc %d is not within 0 and %d", c.Weight, c.Arc, Never)
		}
	}
	n := &Metric{
		h: h, up: slices.Clone(m.up), down: slices.Clone(m.down), input: slices.Clone(m.input),
		upOver: slices.Clone(m.upOver), downOver: slices.Clone(m.downOver),
	}
	u := h.updates.Get().(*update)
	u.old, u.m = m, n
	for _, c := range changes {
		n.setWeight(m, c)
		if k := h.slot[c.Arc]; k >= 0 {
			u.doubt(k, min(h.rank[h.tail[c.Arc]], h.rank[h.head[c.Arc]]))
		}
	}
	u.run()
	u.old, u.m = nil, nil
	h.updates.Put(u)
	return n, nil
}

// setWeight changes the weight of an arc, in a page of n's own.
func (n *Metric) setWeight(m *Metric, c Change) {
	p := c.Arc >> inputBits
	if &n.input[p][0] == &m.input[p][0] {
		n.input[p] = slices.Clone(n.input[p])
	}
	n.input[p][c.Arc&(1<<inputBits-1)] = c.Weight
}

// update passes changes up the hierarchy, lower nodes first.
type update struct {
	h       *Hierarchy
	old, m  *Metric
	doubted []bool  // by shortcut: to be computed anew
	lowered []bool  // by shortcut: has a new, lower weight already
	queued  []bool  // by node
	heap    []int32 // nodes with shortcuts to look at
	changed []int32 // shortcuts of the present node, upward ones first
}

func newUpdate(h *Hierarchy) *update {
	k := len(h.up.head) + len(h.down.head)
	return &update{h: h, doubted: make([]bool, k), lowered: make([]bool, k), queued: make([]bool, h.nodes)}
}

// doubt marks a shortcut whose weight may have grown.
func (u *update) doubt(slot, low int32) {
	u.doubted[slot] = true
	u.push(low)
}

// run settles all marked shortcuts, by ascending lower node, those of one node before
// any of them is passed on.
func (u *update) run() {
	h := u.h
	n := int32(len(h.up.head))
	for len(u.heap) > 0 {
		v := u.pop()
		u.changed = u.changed[:0]
		ups := h.up.first[v+1] - h.up.first[v]
		for i, x := range h.up.head[h.up.first[v]:h.up.first[v+1]] {
			if u.settle(h.up.first[v]+int32(i), v, v, x) {
				u.changed = append(u.changed, int32(i))
			}
		}
		for i, x := range h.down.head[h.down.first[v]:h.down.first[v+1]] {
			if u.settle(n+h.down.first[v]+int32(i), v, x, v) {
				u.changed = append(u.changed, ups+int32(i))
			}
		}
		for _, i := range u.changed {
			if i < ups {
				u.spread(v, h.up.first[v]+i, h.up.head[h.up.first[v]+i], true)
			} else {
				i += h.down.first[v] - ups
				u.spread(v, n+i, h.down.head[i], false)
			}
		}
	}
}

// settle computes a marked shortcut and reports whether its weight changed.
func (u *update) settle(slot, low, tail, head int32) bool {
	if !u.doubted[slot] && !u.lowered[slot] {
		return false
	}
	was := u.old.weight(slot, low)
	if u.doubted[slot] {
		w, over := int32(Never), int32(0)
		for _, a := range u.h.arcs.of(slot) {
			if t := u.m.Weight(a); t < w {
				w, over = t, -1-a
			}
		}
		enough := was
		if u.lowered[slot] {
			enough = 0
		}
		if t, way := u.m.over(tail, head, enough, w); way > 0 {
			w, over = t, way
		}
		u.set(slot, low, w, over)
	}
	u.doubted[slot], u.lowered[slot] = false, false
	return u.m.weight(slot, low) != was
}

// set writes a weight and what it stands for, in pages of the new metric's own.
func (u *update) set(slot, low, weight, over int32) {
	if slot < int32(len(u.h.up.head)) {
		p := u.h.up.page[low]
		own(u.m.up, u.old.up, p)
		own(u.m.upOver, u.old.upOver, p)
	} else {
		p := u.h.down.page[low]
		own(u.m.down, u.old.down, p)
		own(u.m.downOver, u.old.downOver, p)
	}
	w, o := u.m.short(slot, low)
	*w, *o = weight, over
}

func own(w, old weights, p int32) {
	if &w[p][0] == &old[p][0] {
		w[p] = slices.Clone(w[p])
	}
}

// spread marks the shortcuts that a way over v and its changed shortcut from or to end
// made, or makes now.
func (u *update) spread(v, slot, end int32, up bool) {
	h := u.h
	other, w, oldW := &h.down, u.m.down, u.old.down
	if !up {
		other, w, oldW = &h.up, u.m.up, u.old.up
	}
	was, is := u.old.weight(slot, v), u.m.weight(slot, v)
	now, before := other.of(w, v), other.of(oldW, v)
	for k, x := range other.head[other.first[v]:other.first[v+1]] {
		sum, t := was+before[k], is+now[k]
		if x == end || sum == t || sum >= Never && t >= Never {
			continue
		}
		target := h.slotOf(x, end)
		if !up {
			target = h.slotOf(end, x)
		}
		low := min(x, end)
		if sum < t && sum < Never && sum == u.old.weight(target, low) {
			u.doubt(target, low)
		} else if t < u.m.weight(target, low) {
			u.set(target, low, t, u.way(v, x, end, up))
			u.lowered[target] = true
			u.push(low)
		}
	}
}

// way is what a shortcut between two nodes stands for that goes over v: the shortcut
// of v to or from its lower end.
func (u *update) way(v, x, end int32, up bool) int32 {
	s, low := &u.h.up, min(x, end)
	if up == (low == x) { // downward from x to v, then up to the end
		s = &u.h.down
	}
	list := s.below[s.begin[low]:s.begin[low+1]]
	i, _ := slices.BinarySearchFunc(list, v, func(l leg, v int32) int { return int(l.node - v) })
	return s.begin[low] + int32(i) + 1
}

func (u *update) push(v int32) {
	if u.queued[v] {
		return
	}
	u.queued[v] = true
	u.heap = append(u.heap, v)
	h := u.heap
	for i := len(h) - 1; i > 0; {
		p := (i - 1) / 2
		if h[p] <= h[i] {
			break
		}
		h[p], h[i] = h[i], h[p]
		i = p
	}
}

func (u *update) pop() int32 {
	h := u.heap
	top := h[0]
	u.queued[top] = false
	h[0] = h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[i] <= h[c] {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	u.heap = h
	return top
}

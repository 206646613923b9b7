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
	n := &Metric{h: h, pages: slices.Clone(m.pages), input: slices.Clone(m.input)}
	for _, c := range changes {
		p := c.Arc >> inputBits
		if n.input[p] == m.input[p] {
			page := *m.input[p]
			n.input[p] = &page
		}
		n.input[p][c.Arc&(1<<inputBits-1)] = c.Weight
	}
	u := h.updates.Get().(*update)
	u.old, u.m = m, n
	for _, c := range changes {
		u.arc(c.Arc)
	}
	u.run()
	u.old, u.m = nil, nil
	h.updates.Put(u)
	return n, nil
}

// update passes changes up the hierarchy, lower nodes first. A shortcut that gets
// shorter is written at once. One that loses the way it stands for is doubted, and
// computed anew when all lower nodes are done.
type update struct {
	h       *Hierarchy
	old, m  *Metric
	doubted [2][]bool // by shortcut of a side
	queued  []bool    // by node: some of its shortcuts are new or doubted
	waiting int       // queued nodes
	begins  []int32   // nodes of arcs that changed
	changed [2][]int32
}

func newUpdate(h *Hierarchy) *update {
	u := &update{h: h, queued: make([]bool, h.nodes)}
	u.doubted[0], u.doubted[1] = make([]bool, len(h.up.head)), make([]bool, len(h.down.head))
	return u
}

// arc puts the new weight of an arc on its shortcut.
func (u *update) arc(a int32) {
	h := u.h
	i, s := h.slot[a], &h.up
	if n := int32(len(s.head)); i >= n {
		i, s = i-n, &h.down
	}
	if i < 0 {
		return // a loop
	}
	v := s.low[i]
	u.begins = append(u.begins, v)
	if p := s.half(u.m, v); p.concerns(i, u.old.Weight(a), u.m.Weight(a), -1-a) {
		u.offer(s, v, i, u.m.Weight(a), -1-a)
	}
}

// concerns reports whether a way that cost so much before and does so much now makes a
// shortcut shorter, or is the one that it stands for and is dearer now.
func (p *half) concerns(i, before, now, way int32) bool {
	i -= p.begin
	return now < p.weight[i] || now > before && p.over[i] == way
}

// offer writes a way that makes a shortcut of node v shorter; one that concerns it
// otherwise makes it doubted.
func (u *update) offer(s *side, v, i, now, way int32) {
	shorter := now < s.of(u.m, v)[i-s.first[v]]
	if shorter {
		u.set(s, v, i, now, way)
	}
	u.doubted[s.dir][i] = !shorter
	if !u.queued[v] {
		u.queued[v] = true
		u.waiting++
	}
}

// set writes a weight and what it stands for, in a page of the new metric's own.
func (u *update) set(s *side, v, i, weight, over int32) {
	n := s.page[v]
	if u.m.pages[n] == u.old.pages[n] {
		u.m.pages[n] = u.old.pages[n].own()
	}
	p := &u.m.pages[n][s.dir]
	p.weight[i-p.begin], p.over[i-p.begin] = weight, over
}

// run does all queued nodes, lower ones first. They lie on the ways from the changed
// arcs to the root; when one way reaches the beginning of the next, it has joined it.
func (u *update) run() {
	slices.Sort(u.begins)
	for k, v := range u.begins {
		end := int32(u.h.nodes)
		if k+1 < len(u.begins) {
			end = u.begins[k+1]
		}
		for ; v < end && u.waiting > 0; v = u.h.parent[v] {
			if u.queued[v] {
				u.queued[v] = false
				u.waiting--
				u.node(v)
			}
		}
	}
	u.begins = u.begins[:0]
}

// node settles the shortcuts of a node, and tells those above of what changed.
func (u *update) node(v int32) {
	up, down := &u.h.up, &u.h.down
	u.settle(up, down, v)
	u.settle(down, up, v)
	if p := up.page[v]; u.m.pages[p] == u.old.pages[p] {
		return
	}
	for dir, s := range [2]*side{up, down} {
		u.changed[dir] = u.changed[dir][:0]
		before := s.of(u.old, v)
		for i, w := range s.of(u.m, v) {
			if w != before[i] {
				u.changed[dir] = append(u.changed[dir], int32(i))
			}
		}
	}
	u.spread(up, down, v)
	u.spread(down, up, v)
}

// settle computes the doubted shortcuts of a node on side s; the other legs of the ways
// that they may stand for are on the other side.
func (u *update) settle(s, other *side, v int32) {
	doubted := u.doubted[s.dir]
	for i := s.first[v]; i < s.first[v+1]; i++ {
		if !doubted[i] {
			continue
		}
		doubted[i] = false
		w, over := int32(Never), int32(0)
		slot := i + int32(s.dir*len(u.h.up.head))
		for _, a := range u.h.arcs.of(slot) {
			if t := u.m.Weight(a); t < w {
				w, over = t, -1-a
			}
		}
		p := s.half(u.old, v)
		if t, way := u.m.over(s, other, v, s.level[i], p.weight[i-p.begin], w); way != 0 {
			w, over = t, way
		}
		u.set(s, v, i, w, over)
	}
}

// over is the least cost, below most, of a way over a lower node for a shortcut of side
// s between node v and the one above it at that depth, and what the shortcut stands for
// then; it stops at the first of no more than enough. most and 0 when there is none.
func (m *Metric) over(s, other *side, v, depth, enough, most int32) (least, way int32) {
	least = most
	for _, l := range other.below[other.begin[v]:other.begin[v+1]] {
		low := other.low[l.at]
		p := m.pages[s.page[low]]
		leg := p[other.dir].weight[l.at-p[other.dir].begin]
		if leg >= least {
			continue
		}
		i := s.find(l.after, l.end, depth)
		if i == l.end || s.level[i] != depth {
			continue
		}
		if t := leg + p[s.dir].weight[i-p[s.dir].begin]; t < least {
			least, way = t, l.at+1
			if t <= enough {
				break
			}
		}
	}
	return least, way
}

// spread offers the ways over v that changed to the shortcuts of side s between two
// higher nodes: for every shortcut of v on the other side to the lower one of them, by
// each shortcut of v on side s to the higher one.
func (u *update) spread(s, other *side, v int32) {
	legsBefore, legs := other.of(u.old, v), other.of(u.m, v)
	restBefore, rest := s.of(u.old, v), s.of(u.m, v)
	head, level := s.head[s.first[v]:s.first[v+1]], s.level[s.first[v]:s.first[v+1]]
	changed := u.changed[s.dir]
	last := int32(-1) // the highest node to which a shortcut of side s changed
	if len(changed) > 0 {
		last = head[changed[len(changed)-1]]
	}
	for k, x := range other.head[other.first[v]:other.first[v+1]] {
		leg, before := legs[k], legsBefore[k]
		if leg == before && last <= x || leg >= Never && before >= Never {
			continue
		}
		way := other.first[v] + int32(k) + 1
		i, end := s.first[x], s.first[x+1]
		p := s.half(u.m, x)
		tell := func(j int32) {
			before, now := before+restBefore[j], leg+rest[j]
			if before == now || before >= Never && now >= Never {
				return
			}
			if i = s.find(i, end, level[j]); p.concerns(i, before, now, way) {
				u.offer(s, x, i, now, way)
				p = s.half(u.m, x)
			}
		}
		if leg != before {
			j, _ := slices.BinarySearch(head, x+1)
			for ; j < len(head); j++ {
				tell(int32(j))
			}
			continue
		}
		for _, j := range changed {
			if head[j] > x {
				tell(j)
			}
		}
	}
}

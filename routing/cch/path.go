package cch

// Path returns a path of the cost that Distance gives: its arcs in order, and the node
// at which it starts. false when there is none. The arcs are valid until the next call.
func (q *Query) Path(from, to []Seed) (arcs []int32, start, cost int32, ok bool) {
	cost = q.Distance(from, to)
	if q.meet < 0 {
		return nil, 0, Never, false
	}
	h, m := q.m.h, q.m
	q.ways = q.ways[:0]
	up, down := &q.from[q.start], &q.to[q.goal]
	q.trace(&h.up, m.up, up, q.ahead)
	for i := len(q.walk) - 1; i > 0; i-- {
		q.unpack(q.walk[i], q.walk[i-1])
	}
	start = h.node[q.walk[len(q.walk)-1]]
	q.trace(&h.down, m.down, down, q.back)
	for i := 1; i < len(q.walk); i++ {
		q.unpack(q.walk[i-1], q.walk[i])
	}
	return q.ways, start, cost, true
}

// trace writes the ranks of a cheapest climb from the chain to the meeting node to
// q.walk, that node first.
func (q *Query) trace(s *side, w weights, c *chain, labels []int32) {
	h := q.m.h
	c.plant(h, labels)
	if q.came == nil {
		q.came, q.rank = make([]int32, h.height), make([]int32, h.height)
	}
	v := c.lowest
	for d := c.depth; ; d-- {
		q.rank[d] = v
		if v == q.meet {
			break
		}
		if label := labels[d]; label < Never {
			list := s.of(w, v)
			level := s.level[s.first[v]:s.first[v+1]]
			for i, rest := range list {
				if t := label + rest; t < labels[level[i]] {
					labels[level[i]], q.came[level[i]] = t, d
				}
			}
		}
		v = h.parent[v]
	}
	q.walk = q.walk[:0]
	d := h.depth[q.meet]
	for {
		q.walk = append(q.walk, q.rank[d])
		own := int32(Never)
		for _, seed := range c.seeds {
			if seed.Node == q.rank[d] {
				own = min(own, seed.Cost)
			}
		}
		if labels[d] == own {
			return
		}
		d = q.came[d]
	}
}

// unpack appends the arcs that a shortcut between two ranks stands for.
func (q *Query) unpack(tail, head int32) {
	h, m := q.m.h, q.m
	n := int32(len(h.up.head))
	q.todo = append(q.todo[:0], short{h.slotOf(tail, head), min(tail, head)})
	for len(q.todo) > 0 {
		k := len(q.todo) - 1
		c := q.todo[k]
		q.todo = q.todo[:k]
		_, over := m.short(c.slot, c.low)
		if *over < 0 {
			q.ways = append(q.ways, -1-*over)
			continue
		}
		// The way begins at the end with which the shortcut does, so that an upward
		// shortcut starts downward to the lower node, and the other way round.
		if c.slot < n {
			l := &h.down.below[*over-1]
			q.todo = append(q.todo, short{h.up.rest(l, h.up.level[c.slot]), l.node}, short{n + l.at, l.node})
		} else {
			l := &h.up.below[*over-1]
			q.todo = append(q.todo, short{l.at, l.node}, short{n + h.down.rest(l, h.down.level[c.slot-n]), l.node})
		}
	}
}

// short is a shortcut and its lower node.
type short struct{ slot, low int32 }

// rest is the shortcut of this side between the lower node of one of the other side
// and the node above it at a depth; that node lies above the other one's.
func (s *side) rest(l *leg, depth int32) int32 {
	low, high := l.after, l.end
	for low < high { // depths fall
		if mid := (low + high) / 2; s.level[mid] > depth {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// over is the least cost, below most, of a way between two ranks over one node below
// both, and what a shortcut of it stands for; it stops at the first of no more than
// enough. most and 0 when there is none.
func (m *Metric) over(tail, head, enough, most int32) (least, way int32) {
	h := m.h
	s, other, w, otherW, low, high := &h.down, &h.up, m.down, m.up, tail, head
	if head < tail {
		s, other, w, otherW, low, high = other, s, otherW, w, head, tail
	}
	least = most
	goal := h.depth[high]
	for k := s.begin[low]; k < s.begin[low+1]; k++ {
		l := &s.below[k]
		p := s.page[l.node]
		leg := w[p][l.at-s.begins[p]]
		if leg >= least {
			continue
		}
		i := other.rest(l, goal)
		if i == l.end || other.level[i] != goal {
			continue
		}
		p = other.page[l.node]
		if t := leg + otherW[p][i-other.begins[p]]; t < least {
			least, way = t, k+1
			if t <= enough {
				break
			}
		}
	}
	return least, way
}

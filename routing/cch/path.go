package cch

// Path returns a path of the cost that Distance gives: its arcs in order, and the node
// at which it starts. false when there is none. The arcs are valid until the next call.
func (q *Query) Path(from, to []Seed) (arcs []int32, start, cost int32, ok bool) {
	cost = q.Distance(from, to)
	if q.meet < 0 {
		return nil, 0, Never, false
	}
	h := q.m.h
	q.ways = q.ways[:0]
	up, down := &q.from[q.start], &q.to[q.goal]
	q.trace(&h.up, up, q.ahead)
	for i := len(q.walk) - 1; i > 0; i-- {
		q.unpack(q.walk[i], q.walk[i-1])
	}
	start = h.node[q.walk[len(q.walk)-1]]
	q.trace(&h.down, down, q.back)
	for i := 1; i < len(q.walk); i++ {
		q.unpack(q.walk[i-1], q.walk[i])
	}
	return q.ways, start, cost, true
}

// trace writes the ranks of a cheapest climb from the chain to the meeting node to
// q.walk, that node first.
func (q *Query) trace(s *side, c *chain, labels []int32) {
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
			list := s.of(q.m, v)
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
	h := q.m.h
	n := int32(len(h.up.head))
	q.todo = append(q.todo[:0], h.slotOf(tail, head))
	for len(q.todo) > 0 {
		k := len(q.todo) - 1
		c := q.todo[k]
		q.todo = q.todo[:k]
		s, other, shift, otherShift := &h.up, &h.down, int32(0), n
		if c >= n {
			s, other, shift, otherShift = other, s, n, 0
		}
		c -= shift
		p := s.half(q.m, s.low[c])
		over := p.over[c-p.begin]
		if over < 0 {
			q.ways = append(q.ways, -1-over)
			continue
		}
		// The other side has the leg at the lower end: of an upward shortcut it is the
		// first, downward, of a downward one the last, upward.
		at := over - 1
		v := other.low[at]
		rest := shift + s.find(s.first[v], s.first[v+1], s.level[c])
		if s == &h.up {
			q.todo = append(q.todo, rest, otherShift+at)
		} else {
			q.todo = append(q.todo, otherShift+at, rest)
		}
	}
}

// find is the first of the shortcuts low to high, all of one lower node, whose higher
// node is at that depth or higher up; high when none is.
func (s *side) find(low, high, depth int32) int32 {
	for low < high { // depths fall
		if mid := (low + high) / 2; s.level[mid] > depth {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

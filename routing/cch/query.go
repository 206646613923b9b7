package cch

// Seed is a node at which a search begins or ends, and what it costs to be there.
// Costs may be negative, down to -Never: for one who already stands on the way into
// the node.
type Seed struct {
	Node int32
	Cost int32
}

// Query answers for pairs of places; it keeps its memory between calls. It must not be
// used from two goroutines at once.
type Query struct {
	m           *Metric
	ahead, back []int32 // labels by depth, on the way from the start and from the goal
	from, to    []chain
	start, goal int     // the chains of the best path
	meet        int32   // rank of the node at which it turns downward; -1 without a path
	came, rank  []int32 // by depth, of one climb: where the label comes from, and the node
	walk, ways  []int32
	todo        []int32 // shortcuts, upward ones numbered first
}

// NewQuery returns a query of the metric.
func (m *Metric) NewQuery() *Query {
	return &Query{m: m, ahead: make([]int32, m.h.height), back: make([]int32, m.h.height)}
}

// Distance is the least cost from a start to a goal, Never when there is no way.
// Several seeds stand for one place with several ways out or in.
func (q *Query) Distance(from, to []Seed) int32 {
	h := q.m.h
	var out, in int32
	q.from, out = h.chains(from, q.from)
	q.to, in = h.chains(to, q.to)
	best := int32(Never)
	q.meet = -1
	for i := range q.from {
		for j := range q.to {
			if d, at := q.pair(&q.from[i], &q.to[j], best); d < best {
				best, q.meet, q.start, q.goal = d, at, i, j
			}
		}
	}
	if best == Never {
		return Never
	}
	return best + out + in
}

// pair returns the least cost between two chains and where that path is highest, if it
// is less than most.
func (q *Query) pair(s, t *chain, most int32) (best, meet int32) {
	h, m := q.m.h, q.m
	s.plant(h, q.ahead)
	t.plant(h, q.back)
	a, b := s.lowest, t.lowest
	da, db := s.depth, t.depth
	best, meet = most, -1
	for a != b {
		if a < b {
			climb(m, &h.up, a, q.ahead, da, Never)
			a = h.parent[a]
			da--
		} else {
			climb(m, &h.down, b, q.back, db, Never)
			b = h.parent[b]
			db--
		}
	}
	for d := da; d >= 0; d-- { // none when the two are in different trees
		if f, b := q.ahead[d], q.back[d]; f < Never && b < Never && f+b < best {
			best, meet = f+b, a
		}
		climb(m, &h.up, a, q.ahead, d, Never)
		climb(m, &h.down, a, q.back, d, Never)
		a = h.parent[a]
	}
	return best, meet
}

// climb passes the label of node v at that depth on to the higher nodes, unless it is
// most or more.
func climb(m *Metric, s *side, v int32, labels []int32, depth, most int32) {
	label := labels[depth]
	if label >= most {
		return
	}
	list := s.of(m, v)
	level := s.level[s.first[v]:s.first[v+1]]
	level = level[:len(list)]
	for i, rest := range list {
		d := level[i]
		if t := label + rest; t < labels[d] {
			labels[d] = t
		}
	}
}

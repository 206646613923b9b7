package cch

import "slices"

// Pair is the costs to two places that are asked about together, such as the two
// directions of a street.
type Pair [2]int32

// ToPair writes the least cost from each of many starts to either of two goals; Never
// where there is no way. It does what Select and two sweeps do, for a single question:
// nothing is prepared, and each shortcut above a start is looked at once for both goals.
//
// The labels of the nodes above the starts are pulled from above, where only those on
// the present way to the root are kept. Strasser, Zeitz, "A fast and tight heuristic for
// A* in road networks", SEA 2021, whose labels are by node.
func (m *Metric) ToPair(starts [][]Seed, goals [2][]Seed, out []Pair) {
	h := m.h
	f := funnel{m: m, labels: make([]Pair, h.height), node: make([]int32, h.height)}
	for d := range f.node {
		f.node[d] = -1
	}
	for lane, goal := range goals {
		f.open(lane, goal)
	}
	var order []int64 // the starts' seeds: rank<<32 | place in owner and cost
	var owner, cost []int32
	for i, place := range starts {
		out[i] = Pair{Never, Never}
		for _, s := range place {
			order = append(order, int64(h.rank[s.Node])<<32|int64(len(owner)))
			owner, cost = append(owner, int32(i)), append(cost, s.Cost)
		}
	}
	slices.Sort(order)
	for _, key := range slices.Backward(order) { // in preorder
		v, k := int32(key>>32), int32(key)
		f.settle(v)
		o := &out[owner[k]]
		for lane, d := range f.labels[h.depth[v]] {
			if d < Never {
				o[lane] = min(o[lane], d+cost[k]+f.shift[lane])
			}
		}
	}
}

// funnel is the state of ToPair.
type funnel struct {
	m      *Metric
	shift  Pair
	ways   []way
	labels []Pair  // by depth, of the nodes on the present way to the root
	node   []int32 // by depth: the node there, or -1
	todo   []int32
}

// way is what a goal costs from the nodes between it and the root, by depth.
type way struct {
	lane   int
	labels []int32
	node   []int32
}

// open climbs from a goal.
func (f *funnel) open(lane int, goal []Seed) {
	h := f.m.h
	var chains []chain
	chains, f.shift[lane] = h.chains(goal, nil)
	for i := range chains {
		c := &chains[i]
		w := way{lane, make([]int32, c.depth+1), make([]int32, c.depth+1)}
		c.plant(h, w.labels)
		v := c.lowest
		for d := c.depth; d >= 0; d-- {
			w.node[d] = v
			climb(f.m, &h.down, v, w.labels, d, Never)
			v = h.parent[v]
		}
		f.ways = append(f.ways, w)
	}
}

// settle makes the labels of a node and of all above it. Nodes come in preorder: what
// lies below a node that the way has left is not asked about again.
func (f *funnel) settle(v int32) {
	h := f.m.h
	f.todo = f.todo[:0]
	for ; int(v) < h.nodes && f.node[h.depth[v]] != v; v = h.parent[v] {
		f.todo = append(f.todo, v)
	}
	for _, v := range slices.Backward(f.todo) {
		d := h.depth[v]
		f.node[d] = v
		f.labels[d] = f.pull(v, d)
	}
}

// pull is the label of a node whose higher ones have theirs.
func (f *funnel) pull(v, depth int32) Pair {
	least := Pair{Never, Never}
	for i := range f.ways {
		if w := &f.ways[i]; int(depth) < len(w.node) && w.node[depth] == v {
			least[w.lane] = min(least[w.lane], w.labels[depth])
		}
	}
	s := &f.m.h.up
	a, b := least[0], least[1]
	weights := s.of(f.m, v)
	level := s.level[s.first[v]:s.first[v+1]]
	level = level[:len(weights)]
	labels := f.labels
	for i, w := range weights {
		l := &labels[level[i]]
		a, b = min(a, l[0]+w), min(b, l[1]+w)
	}
	return Pair{a, b}
}

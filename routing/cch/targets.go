package cch

import (
	"cmp"
	"slices"
)

// Direction tells which way a search between one place and many targets goes.
type Direction bool

// The directions.
const (
	ToTargets   Direction = false // from one place to every target
	FromTargets Direction = true  // from every target to one place
)

// Targets are places chosen once for searches between them and any other place. They
// belong to the metric that they were selected on and never change.
//
// The method is a restricted sweep from the root of the elimination tree down to the
// targets (RPHAST). Where few targets lie below a node, the nodes there are left out
// and each target gets shortcuts from above instead: a cell. A search that begins
// within a cell works on the cell's nodes as well.
type Targets struct {
	m              *Metric
	climbs, sweeps *side
	count          int      // of targets
	chosen         []uint64 // by rank, a bit: lies above a target or is one
	node           []int32  // the chosen nodes by rank, descending: every node before those below it

	// the program of the sweep, by row: a node outside of cells, or a target within one
	rank  []int32 // descending
	depth []int32 // where the label goes; height, which nobody reads, for one in a cell
	first []int32 // of its steps
	steps []step
	over  []int32 // row of the parent, -1 at a root
	cells []cell

	ends rows // by target: indices into end
	end  []end
}

// step is a shortcut from the node at that depth above a row.
type step struct{ level, weight int32 }

// cell is a run of rows that stands for a run of chosen nodes, the root of the cell
// first; neither is ever empty.
type cell struct{ row, rows, node, nodes int32 }

// end is one seed of a target.
type end struct{ row, cost int32 }

// Select prepares searches between any place and the targets. It takes about as long
// as a few dozen searches of pairs.
func (m *Metric) Select(targets [][]Seed, direction Direction) *Targets {
	h := m.h
	t := &Targets{m: m, climbs: &h.up, sweeps: &h.down, count: len(targets)}
	if direction == FromTargets {
		t.climbs, t.sweeps = t.sweeps, t.climbs
	}
	s := selection{Targets: t, labels: make([]int32, h.height), stack: make([]int32, h.height)}
	s.choose(targets)
	s.divide()
	s.write()
	s.bind()
	return t
}

// selection is the state of Select.
type selection struct {
	*Targets
	seeds  []int64 // the seeds of all targets by rank, descending: rank<<32 | index in end
	wanted []int32 // their ranks, each once
	found  []int32 // by rank wanted: its row
	parent []int32 // by chosen node: the chosen node above it, -1 at a root
	nodes  []int32 // by chosen node: how many there are below it, itself counted
	merged []bool  // by chosen node: better left out with all below it
	labels []int32 // by depth
	stack  []int32 // by depth: chosen node, later row
}

// choose lists the nodes on the ways from the targets to the roots, in preorder.
func (s *selection) choose(targets [][]Seed) {
	h := s.m.h
	s.ends.first = append(s.ends.first, 0)
	for _, seeds := range targets {
		for _, seed := range seeds {
			s.seeds = append(s.seeds, int64(h.rank[seed.Node])<<32|int64(len(s.end)))
			s.end = append(s.end, end{cost: seed.Cost})
		}
		s.ends.first = append(s.ends.first, int32(len(s.end)))
	}
	slices.Sort(s.seeds)
	slices.Reverse(s.seeds)
	s.wanted = make([]int32, 0, len(s.seeds))
	for _, seed := range s.seeds {
		if v := int32(seed >> 32); len(s.wanted) == 0 || s.wanted[len(s.wanted)-1] != v {
			s.wanted = append(s.wanted, v)
		}
	}
	s.chosen = make([]uint64, (h.nodes+63)/64)
	s.node = make([]int32, 0, 16*len(s.wanted))
	s.parent = make([]int32, 0, 16*len(s.wanted))
	for _, v := range s.wanted {
		begin := len(s.node)
		for ; int(v) < h.nodes && !s.has(v); v = h.parent[v] {
			s.chosen[v>>6] |= 1 << (v & 63)
			s.node = append(s.node, v)
		}
		slices.Reverse(s.node[begin:])
		for i := begin; i < len(s.node); i++ {
			d := h.depth[s.node[i]]
			s.stack[d] = int32(i)
			p := int32(-1)
			if d > 0 {
				p = s.stack[d-1]
			}
			s.parent = append(s.parent, p)
		}
	}
}

func (t *Targets) has(rank int32) bool { return t.chosen[rank>>6]>>(rank&63)&1 == 1 }

const (
	rowCost   = 3  // what a row of the sweep costs beside its steps, in steps
	onceShare = 12 // of the steps that make a cell's rows, one in so many counts
)

// divide finds the cells: where direct shortcuts to the targets below a node cost no
// more steps than the nodes between, counting that a search that begins below the node
// must take those as well.
func (s *selection) divide() {
	n := len(s.node)
	s.nodes, s.merged = make([]int32, n), make([]bool, n)
	wanted, cost, whole, once := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	h := s.m.h
	perNode := 1 / float64(max(1, h.nodes))
	k := len(s.wanted) - 1
	for i := n - 1; i >= 0; i-- {
		v := s.node[i]
		if k >= 0 && s.wanted[k] == v {
			wanted[i]++
			k--
		}
		degree := s.sweeps.first[v+1] - s.sweeps.first[v] + rowCost
		s.nodes[i]++
		cost[i] += degree
		whole[i] += degree
		once[i] += wanted[i] * degree
		again := int32(float64(whole[i]) * float64(v-h.least[v]+1) * perNode)
		if direct := wanted[i]*degree + again + once[i]/onceShare; direct <= cost[i] {
			cost[i], s.merged[i] = direct, true
		}
		if p := s.parent[i]; p >= 0 {
			s.nodes[p] += s.nodes[i]
			wanted[p] += wanted[i]
			cost[p] += cost[i]
			whole[p] += whole[i]
			once[p] += once[i]
		}
	}
}

// write makes the rows of the sweep.
func (s *selection) write() {
	h := s.m.h
	s.steps = make([]step, 0, 32*len(s.wanted))
	s.first = append(s.first, 0)
	wanted := s.wanted
	take := func() {
		s.found = append(s.found, int32(len(s.rank)))
		wanted = wanted[1:]
	}
	for i := 0; i < len(s.node); {
		v := s.node[i]
		d := h.depth[v]
		over := int32(-1)
		if d > 0 {
			over = s.stack[d-1]
		}
		if !s.merged[i] {
			s.stack[d] = int32(len(s.rank))
			if len(wanted) > 0 && wanted[0] == v {
				take()
			}
			begin := s.sweeps.first[v]
			for k, w := range s.sweeps.of(s.m, v) {
				if w < Never {
					s.steps = append(s.steps, step{s.sweeps.level[begin+int32(k)], w})
				}
			}
			s.row(v, d, over)
			i++
			continue
		}
		c := cell{row: int32(len(s.rank)), node: int32(i), nodes: s.nodes[i]}
		for len(wanted) > 0 && wanted[0] >= h.least[v] {
			t := wanted[0]
			take()
			s.direct(t, d)
			s.row(t, int32(h.height), over)
		}
		c.rows = int32(len(s.rank)) - c.row
		s.cells = append(s.cells, c)
		i += int(s.nodes[i])
	}
}

func (s *selection) row(rank, depth, over int32) {
	s.rank = append(s.rank, rank)
	s.depth = append(s.depth, depth)
	s.over = append(s.over, over)
	s.first = append(s.first, int32(len(s.steps)))
}

// direct makes the steps to a node from those of less than that depth above it.
func (s *selection) direct(v, depth int32) {
	h := s.m.h
	d := h.depth[v]
	for i := range s.labels[:d+1] {
		s.labels[i] = Never
	}
	s.labels[d] = 0
	for ; d >= depth; d-- {
		climb(s.m, s.sweeps, v, s.labels, d, Never)
		v = h.parent[v]
	}
	for i, w := range s.labels[:depth] {
		if w < Never {
			s.steps = append(s.steps, step{int32(i), w})
		}
	}
}

// bind tells the seeds of the targets their rows.
func (s *selection) bind() {
	k := 0
	for _, seed := range s.seeds {
		if int32(seed>>32) != s.wanted[k] {
			k++
		}
		s.end[int32(seed)].row = s.found[k]
	}
}

// find is the row of a rank that has one.
func (t *Targets) find(rank int32) int32 {
	i, _ := slices.BinarySearchFunc(t.rank, rank, func(a, b int32) int { return cmp.Compare(b, a) })
	return int32(i)
}

// Count is the number of targets.
func (t *Targets) Count() int { return t.count }

// Steps is the work of one sweep, in additions.
func (t *Targets) Steps() int { return len(t.steps) }

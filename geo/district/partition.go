package district

import (
	"fmt"
	"slices"
	"time"
)

// Partition gives each unit of a graph its grid: labels 0, 1, ... in the order of
// each grid's least unit.
type Partition []int32

// renumber returns the labels in canonical order.
func renumber(labels []int32) Partition {
	out := make(Partition, len(labels))
	name := map[int32]int32{}
	for i, l := range labels {
		n, ok := name[l]
		if !ok {
			n = int32(len(name))
			name[l] = n
		}
		out[i] = n
	}
	return out
}

// Grids returns the units of each grid, ascending.
func (p Partition) Grids() [][]int32 {
	var out [][]int32
	for u, l := range p {
		for int(l) >= len(out) {
			out = append(out, nil)
		}
		out[l] = append(out[l], int32(u))
	}
	return out
}

// Score is J of a partition, computed afresh.
func (g *Graph) Score(p Partition, o Objective, b Bounds) float64 {
	s := newScorer(g, o, b)
	shapes := map[int32]shape{}
	for u, unit := range g.Units {
		sh := shapes[p[u]]
		sh.households += unit.Households
		sh.area += unit.Area
		sh.rim += unit.Perimeter
		shapes[p[u]] = sh
	}
	var j float64
	for i, border := range g.Borders {
		if p[border.U] == p[border.V] {
			sh := shapes[p[border.U]]
			sh.rim -= 2 * s.metres[i]
			shapes[p[border.U]] = sh
		} else {
			j += s.cost[i]
		}
	}
	for u := range g.Units {
		for _, w := range g.behindWalls(int32(u)) {
			if p[u] == p[w.unit] {
				sh := shapes[p[u]]
				sh.rim -= w.metres
				shapes[p[u]] = sh
			}
		}
	}
	labels := make([]int32, 0, len(shapes))
	for l := range shapes {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	for _, l := range labels {
		j += s.price(shapes[l])
	}
	return j
}

// state is a partition on the move, with the sums of each grid kept by each change.
// Labels may have holes; a label without members is free.
type state struct {
	g       *Graph
	s       *scorer
	label   []int32
	shapes  []shape
	members [][]int32
	place   []int32 // of each unit in members of its label
	free    []int32
	mark    []int32 // by unit, for floods
	marked  int32
	queue   []int32
	units   []int32       // of resplit
	fixed   bool          // the number of grids stays as it is
	allot   time.Duration // that an annealing may take; 0 for any
	late    bool          // an annealing was cut short by it

	// Of a re-plan: the label by which each unit went before, -1 none, and what a
	// household that keeps it is worth in J.
	home  []int32
	worth float64
}

// keeps is what the unit is worth under a label.
func (st *state) keeps(u, label int32) float64 {
	if st.home == nil || st.home[u] != label {
		return 0
	}
	return st.worth * float64(st.g.Units[u].Households)
}

func (st *state) keepsAll(label int32) float64 {
	var sum float64
	if st.home != nil {
		for _, u := range st.members[label] {
			sum += st.keeps(u, label)
		}
	}
	return sum
}

// release frees a label. In a re-plan it stays the name of a grid that went before,
// and no new grid takes it.
func (st *state) release(label int32) {
	st.shapes[label] = shape{}
	if st.home == nil {
		st.free = append(st.free, label)
	}
}

func newState(g *Graph, s *scorer, p Partition) *state {
	st := &state{
		g: g, s: s,
		label: make([]int32, len(p)), place: make([]int32, len(p)), mark: make([]int32, len(p)),
	}
	for u, l := range p {
		for int(l) >= len(st.members) {
			st.members = append(st.members, nil)
			st.shapes = append(st.shapes, shape{})
		}
		st.label[u] = l
		st.place[u] = int32(len(st.members[l]))
		st.members[l] = append(st.members[l], int32(u))
	}
	for l := range st.members {
		st.shapes[l] = st.shapeOf(st.members[l])
		if len(st.members[l]) == 0 {
			st.free = append(st.free, int32(l))
		}
	}
	return st
}

// shapeOf sums some units up as if they alone were a grid.
func (st *state) shapeOf(units []int32) shape {
	st.marked++
	for _, u := range units {
		st.mark[u] = st.marked
	}
	var sh shape
	for _, u := range units {
		unit := &st.g.Units[u]
		sh.households += unit.Households
		sh.area += unit.Area
		sh.rim += unit.Perimeter
		for _, n := range st.g.beside(u) {
			if st.mark[n.unit] == st.marked {
				sh.rim -= st.s.metres[n.border]
			}
		}
		for _, w := range st.g.behindWalls(u) {
			if st.mark[w.unit] == st.marked {
				sh.rim -= w.metres
			}
		}
	}
	return sh
}

// freeLabel returns a label without members.
func (st *state) freeLabel() int32 {
	if n := len(st.free); n > 0 {
		l := st.free[n-1]
		st.free = st.free[:n-1]
		return l
	}
	st.members = append(st.members, nil)
	st.shapes = append(st.shapes, shape{})
	return int32(len(st.members) - 1)
}

// move takes a unit out of its grid's members into another's; the shapes are the
// caller's to set.
func (st *state) move(u, to int32) {
	from := st.label[u]
	last := st.members[from][len(st.members[from])-1]
	st.members[from][st.place[u]] = last
	st.place[last] = st.place[u]
	st.members[from] = st.members[from][:len(st.members[from])-1]
	st.label[u] = to
	st.place[u] = int32(len(st.members[to]))
	st.members[to] = append(st.members[to], u)
}

// holdsWithout reports whether the grid of u stays in one piece, and is not empty,
// when u leaves it.
func (st *state) holdsWithout(u int32) bool {
	own := st.label[u]
	if len(st.members[own]) == 1 {
		return false
	}
	st.marked++
	st.mark[u] = st.marked
	st.queue = st.queue[:0]
	want := 0
	for _, n := range st.g.beside(u) {
		if st.label[n.unit] == own {
			want++
			if len(st.queue) == 0 {
				st.mark[n.unit] = st.marked
				st.queue = append(st.queue, n.unit)
			}
		}
	}
	want--
	for i := 0; i < len(st.queue) && want > 0; i++ {
		for _, n := range st.g.beside(st.queue[i]) {
			if st.label[n.unit] == own && st.mark[n.unit] != st.marked {
				st.mark[n.unit] = st.marked
				st.queue = append(st.queue, n.unit)
				if st.touches(n.unit, u) {
					want--
				}
			}
		}
	}
	return want == 0
}

func (st *state) touches(u, v int32) bool {
	for _, n := range st.g.beside(v) {
		if n.unit == u {
			return true
		}
	}
	return false
}

// check recomputes everything and tells the first difference; tests call it.
func (st *state) check() error {
	for l, units := range st.members {
		want := st.shapeOf(units)
		got := st.shapes[l]
		if got.households != want.households || !near(got.area, want.area) || !near(got.rim, want.rim) {
			return fmt.Errorf("grid %d: kept %+v, counted %+v", l, got, want)
		}
		for i, u := range units {
			if st.label[u] != int32(l) || st.place[u] != int32(i) {
				return fmt.Errorf("unit %d is misplaced in grid %d", u, l)
			}
		}
	}
	return nil
}

func near(a, b float64) bool { return a-b < 1e-4*(1+b) && b-a < 1e-4*(1+b) }

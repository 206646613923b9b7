package arc

import (
	"cmp"
	"math"
	"slices"

	"gridbeat/routing/arc/relax"
)

// pricedMost is the number of tasks up to which routes are priced.
const pricedMost = 128

// taskSet is a set of tasks.
type taskSet [pricedMost / 64]uint64

func (s taskSet) has(t int32) bool { return s[t>>6]>>(t&63)&1 == 1 }

func (s *taskSet) add(t int32) { s[t>>6] |= 1 << (t & 63) }

// within reports whether all of s is in o, apart whether none is.
func (s taskSet) within(o taskSet) bool { return s[0]&^o[0]|s[1]&^o[1] == 0 }
func (s taskSet) apart(o taskSet) bool  { return s[0]&o[0]|s[1]&o[1] == 0 }

// label is the beginning of a route, up to the end of a mode, or the end of one, from
// the start of a mode on.
type label struct {
	cost   int32
	mode   int32
	parent int32 // -1 at the depot
	profit float64
	done   taskSet // tasks that must not come again soon
}

// pricer finds the route that collects most profit within a length: a task may come
// twice when there was a task between that is not near to it. So it is easier than a
// true route, and its profit is an upper bound (Baldacci, Mingozzi and Roberti, "New
// route relaxation and pricing strategies for the vehicle routing problem",
// Operations Research 59, 2011). It grows beginnings and ends up to the middle and
// joins them (Righini and Salani, "Symmetry helps", Discrete Optimization 3, 2006).
type pricer struct {
	p       *Problem
	modes   int
	apart   []int32 // from the end of each mode to the start of each mode
	service []int32
	task    []int32
	nearest [][]int32 // by task: all tasks, the nearest first
	near    []taskSet // by task: those that it keeps in mind
	longest int32
	profit  []float64
	rough   bool // forget tasks when labels are compared: fast, but no bound
	labels  [2][]label
	byMode  [2][][]int32 // accepted, most profit first
	heap    []uint64     // cost and number of labels to grow on
}

// labelMost is the number of labels that one search may make.
const labelMost = 1_500_000

// roughProfit is by how much a label has to be better than cheaper ones in a search
// that is no bound.
const roughProfit = 0.01

func newPricer(p *Problem) *pricer {
	x := &pricer{p: p, modes: len(p.spec.Modes), near: make([]taskSet, p.tasks)}
	x.apart = make([]int32, x.modes*x.modes)
	for i, m := range p.spec.Modes {
		x.service, x.task = append(x.service, m.Cost), append(x.task, m.Task)
		for j := range x.modes {
			x.apart[i*x.modes+j] = int32(p.Distance(i, j))
		}
	}
	between := make([]int32, p.tasks)
	for t := range p.tasks {
		order := make([]int32, p.tasks)
		for u := range between {
			between[u], order[u] = Never, int32(u)
		}
		lo, hi := p.Modes(t)
		for m := lo; m < hi; m++ {
			for j, u := range x.task {
				between[u] = min(between[u], x.apart[m*x.modes+j], x.apart[j*x.modes+m])
			}
		}
		between[t] = -1
		slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(between[a], between[b]) })
		x.nearest = append(x.nearest, order)
	}
	return x
}

// remember sets how many tasks a task keeps in mind: with more the bound is better
// and takes longer.
func (x *pricer) remember(tasks int) {
	for t, order := range x.nearest {
		x.near[t] = taskSet{}
		for _, u := range order[:min(tasks, len(order))] {
			x.near[t].add(u)
		}
	}
}

// column is a route as the programme of routes sees it.
type column struct {
	cost  int32
	times []int32 // how often it serves each task
}

// best finds the most profit of a route of at most longest, and some routes that
// collect more than enough. Where it takes too much it fails.
func (x *pricer) best(profit []float64, longest int32, enough float64, rough bool, w *relax.Work) (most float64, found []column, ok bool) {
	x.profit, x.longest, x.rough = profit, longest, rough
	for d := range x.p.spec.Depots {
		home := x.p.depot(d)
		if !x.grow(0, home, longest/2, w) || !x.grow(1, home, longest-longest/2, w) {
			return 0, nil, false
		}
		m, f := x.join(home, enough, w)
		most = max(most, m)
		found = append(found, f...)
	}
	return most, found, true
}

// grow makes the labels of one side: 0 for beginnings, 1 for ends. Labels up to half
// are grown on.
func (x *pricer) grow(side, home int, half int32, w *relax.Work) bool {
	x.labels[side] = x.labels[side][:0]
	if x.byMode[side] == nil {
		x.byMode[side] = make([][]int32, x.modes)
	}
	for m := range x.byMode[side] {
		x.byMode[side][m] = x.byMode[side][m][:0]
	}
	x.heap = x.heap[:0]
	for m := range x.modes {
		from := x.p.Distance(home, m)
		if side == 1 {
			from = x.p.Distance(m, home)
		}
		x.offer(side, label{cost: int32(from) + x.service[m], mode: int32(m), parent: -1}, home)
	}
	for len(x.heap) > 0 {
		i := x.pop()
		if !x.accept(side, i) {
			continue
		}
		l := x.labels[side][i]
		if l.cost > half {
			continue
		}
		for m := range x.modes {
			if l.done.has(x.task[m]) || x.profit[x.task[m]] <= 0 {
				continue
			}
			way := x.apart[int(l.mode)*x.modes+m]
			if side == 1 {
				way = x.apart[m*x.modes+int(l.mode)]
			}
			x.offer(side, label{cost: l.cost + way + x.service[m], mode: int32(m), parent: i, profit: l.profit, done: l.done}, home)
		}
		if len(x.labels[side]) > labelMost || w.Spend(int64(x.modes)*8) {
			return false
		}
	}
	return true
}

// offer puts a label up when its route can still be closed.
func (x *pricer) offer(side int, l label, home int) {
	t := x.task[l.mode]
	if x.profit[t] <= 0 {
		return
	}
	close := x.p.Distance(int(l.mode), home)
	if side == 1 {
		close = x.p.Distance(home, int(l.mode))
	}
	if int(l.cost)+close > int(x.longest) {
		return
	}
	l.profit += x.profit[t]
	l.done[0] &= x.near[t][0]
	l.done[1] &= x.near[t][1]
	l.done.add(t)
	if x.beaten(side, &l) < 0 {
		return
	}
	x.labels[side] = append(x.labels[side], l)
	x.push(l.cost, int32(len(x.labels[side])-1))
}

// beaten is -1 where a label at the same mode is at least as good in every way, else
// the place of the new one among them. Labels that were noted cost no more.
func (x *pricer) beaten(side int, l *label) int {
	all := x.labels[side]
	list := x.byMode[side][l.mode]
	if x.rough && len(list) > 0 && all[list[0]].profit+roughProfit >= l.profit {
		return -1
	}
	for k, i := range list {
		if all[i].profit < l.profit {
			return k
		}
		if all[i].done.within(l.done) {
			return -1
		}
	}
	return len(list)
}

// accept notes a label unless another one at its mode is at least as good in every
// way.
func (x *pricer) accept(side int, i int32) bool {
	l := &x.labels[side][i]
	k := x.beaten(side, l)
	if k < 0 {
		return false
	}
	x.byMode[side][l.mode] = slices.Insert(x.byMode[side][l.mode], k, i)
	return true
}

// join puts beginnings and ends together.
func (x *pricer) join(home int, enough float64, w *relax.Work) (most float64, found []column) {
	const perMode = 2
	for i := range x.modes {
		for _, a := range x.byMode[0][i] {
			l := &x.labels[0][a]
			if int(l.cost)+x.p.Distance(i, home) <= int(x.longest) && l.profit > most {
				most = l.profit
				if l.profit > enough {
					found = append(found, x.column(a, -1, home))
				}
			}
		}
		kept := 0
		for _, a := range x.byMode[0][i] {
			l := &x.labels[0][a]
			looked := 0
			for j := range x.modes {
				room := x.longest - l.cost - x.apart[i*x.modes+j]
				if room <= 0 || l.done.has(x.task[j]) {
					continue
				}
				for _, b := range x.byMode[1][j] {
					looked++
					e := &x.labels[1][b]
					sum := l.profit + e.profit
					if sum <= most && (sum <= enough || kept >= perMode) {
						break
					}
					if e.cost > room || !l.done.apart(e.done) {
						continue
					}
					if sum > enough && (kept < perMode || sum > most) {
						found = append(found, x.column(a, b, home))
						kept++
					}
					most = max(most, sum)
					break
				}
			}
			if w.Spend(int64(looked)) {
				return math.Inf(1), nil
			}
		}
	}
	return most, found
}

// column spells a route out.
func (x *pricer) column(a, b int32, home int) column {
	c := column{times: make([]int32, x.p.tasks)}
	end := x.labels[0][a]
	c.cost = end.cost
	for i := a; i >= 0; i = x.labels[0][i].parent {
		c.times[x.task[x.labels[0][i].mode]]++
	}
	if b < 0 {
		c.cost += int32(x.p.Distance(int(end.mode), home))
		return c
	}
	c.cost += x.apart[int(end.mode)*x.modes+int(x.labels[1][b].mode)] + x.labels[1][b].cost
	for i := b; i >= 0; i = x.labels[1][i].parent {
		c.times[x.task[x.labels[1][i].mode]]++
	}
	return c
}

// push and pop keep the labels that are to be grown, the cheapest first.
func (x *pricer) push(cost, l int32) {
	e := uint64(cost)<<32 | uint64(l)
	h := append(x.heap, e)
	i := len(h) - 1
	for i > 0 && h[(i-1)/2] > e {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = e
	x.heap = h
}

func (x *pricer) pop() int32 {
	h := x.heap
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for 2*i+1 < len(h) {
		c := 2*i + 1
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[c] >= last {
			break
		}
		h[i] = h[c]
		i = c
	}
	if len(h) > 0 {
		h[i] = last
	}
	x.heap = h
	return int32(top & math.MaxUint32)
}

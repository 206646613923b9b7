package arc

import (
	"cmp"
	"slices"

	"gridbeat/routing/arc/relax"
)

// pricedMost is the number of tasks up to which routes are priced.
const pricedMost = 256

// taskSet is a set of tasks.
type taskSet [pricedMost / 64]uint64

func (s *taskSet) has(t int32) bool { return s[t>>6]>>(t&63)&1 == 1 }

func (s *taskSet) add(t int32) { s[t>>6] |= 1 << (t & 63) }

// within reports whether all of s is in o, apart whether none is.
func (s *taskSet) within(o *taskSet) bool {
	return s[0]&^o[0]|s[1]&^o[1]|s[2]&^o[2]|s[3]&^o[3] == 0
}

func (s *taskSet) apart(o *taskSet) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] == 0
}

// and keeps of s what is in o.
func (s *taskSet) and(o *taskSet) {
	for i := range s {
		s[i] &= o[i]
	}
}

// label is the beginning of a route, up to a place, or the end of one, from a place on.
type label struct {
	cost   int32
	place  int32
	task   int32 // that its last step did, -1 for none
	parent int32 // -1 at the depot
	profit float64
	done   taskSet // tasks that must not come again soon
}

// noted is what is compared of a label that was taken up at a place.
type noted struct {
	profit float64
	done   taskSet
	cost   int32
	label  int32
}

// pricer finds the route that collects most profit within a length: a task may come
// twice when there was a task between that is not near to it. So it is easier than a
// true route, and its profit is an upper bound (Baldacci, Mingozzi and Roberti, "New
// route relaxation and pricing strategies for the vehicle routing problem",
// Operations Research 59, 2011). It grows beginnings and ends street by street (Bode
// and Irnich, "Cut-first branch-and-price-second for the capacitated arc-routing
// problem", Operations Research 60, 2012) up to the middle and joins them (Righini and
// Salani, "Symmetry helps", Discrete Optimization 3, 2006).
type pricer struct {
	p       *Problem
	roads   *roads
	nearest [][]int32 // by task: all tasks, the nearest first
	near    []taskSet // by task: those that it keeps in mind
	longest int32
	half    int32
	profit  []float64
	rough   bool // forget tasks when labels are compared: fast, but no bound
	labels  [2][]label
	at      [2][][]noted // by place, most profit first
	queue   queue        // labels to grow on
}

// labelMost is the number of labels that one search may make.
const labelMost = 4_000_000

// roughProfit is by how much a label has to be better than cheaper ones in a search
// that is no bound.
const roughProfit = 0.01

func newPricer(p *Problem) *pricer {
	x := &pricer{p: p, roads: p.roads(), near: make([]taskSet, p.tasks)}
	for side := range x.at {
		x.at[side] = make([][]noted, len(x.roads.ahead))
	}
	between := make([]int32, p.tasks)
	for t := range p.tasks {
		order := make([]int32, p.tasks)
		for u := range between {
			between[u], order[u] = Never, int32(u)
		}
		lo, hi := p.Modes(t)
		for m := lo; m < hi; m++ {
			for j, u := range p.spec.Modes {
				between[u.Task] = min(between[u.Task], int32(p.Distance(m, j)), int32(p.Distance(j, m)))
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

// offers is what a search came to.
type offers struct {
	most   float64 // profit of a route
	routes []column
	// cost is that of the cheapest route that collects the goal, longest+1 where there
	// is none, and at most what was known before.
	cost int32
}

// best finds the most profit of a route of at most longest, some routes that collect
// more than enough, and what it costs at least to collect the goal, unless that is no
// more than known. Where it takes too much it fails.
func (x *pricer) best(profit []float64, longest int32, enough, goal float64, known int32, rough bool, w *relax.Work) (o offers, ok bool) {
	x.profit, x.longest, x.half, x.rough = profit, longest, longest/2, rough
	o.cost = longest + 1
	for d := range x.roads.home {
		if !x.grow(0, d, w) || !x.grow(1, d, w) {
			return o, false
		}
		all, ok := x.join(enough, &o, w)
		if !ok {
			return o, false
		}
		if !rough && o.cost > known {
			if o.cost, ok = x.cheapest(goal, o.cost, known, w); !ok {
				return o, false
			}
		}
		for _, j := range x.choose(all) {
			o.routes = append(o.routes, x.column(j))
		}
	}
	return o, true
}

// grow makes the labels of one side from a depot: 0 for beginnings, 1 for ends.
// Beginnings up to half are grown on; an end leaves room for one that is longer.
func (x *pricer) grow(side, depot int, w *relax.Work) bool {
	x.labels[side] = x.labels[side][:0]
	for v := range x.at[side] {
		x.at[side][v] = x.at[side][v][:0]
	}
	steps, rest := x.roads.ahead, x.roads.near[depot]
	most, room := x.longest, x.half
	if side == 1 {
		steps, rest = x.roads.back, x.roads.away[depot]
		most = x.longest - x.half
		room = most
	}
	x.queue = x.queue[:0]
	x.offer(side, &label{place: x.roads.home[depot], parent: -1, task: -1})
	for len(x.queue) > 0 {
		_, i := x.queue.pop()
		if !x.accept(side, i) {
			continue
		}
		l := x.labels[side][i]
		if l.cost > room {
			continue
		}
		for _, s := range steps[l.place] {
			next := l
			next.place, next.task, next.parent = s.to, s.task, i
			if next.cost += s.cost; next.cost > most || next.cost+rest[s.to] > x.longest {
				continue
			}
			if t := s.task; t >= 0 {
				if x.profit[t] <= 0 || l.done.has(t) {
					continue
				}
				next.profit += x.profit[t]
				next.done.and(&x.near[t])
				next.done.add(t)
			}
			x.offer(side, &next)
		}
		if len(x.labels[side]) > labelMost || w.Spend(int64(len(steps[l.place]))*16) {
			return false
		}
	}
	return true
}

// offer puts a label up unless it is beaten already.
func (x *pricer) offer(side int, l *label) {
	if x.beaten(side, l) < 0 {
		return
	}
	x.labels[side] = append(x.labels[side], *l)
	x.queue.push(l.cost, int32(len(x.labels[side])-1))
}

// beaten is -1 where a label at the same place is at least as good in every way, else
// where the new one belongs among them. Labels that were noted cost no more.
func (x *pricer) beaten(side int, l *label) int {
	list := x.at[side][l.place]
	if x.rough && len(list) > 0 && list[0].profit+roughProfit >= l.profit {
		return -1
	}
	for k := range list {
		if list[k].profit < l.profit {
			return k
		}
		if list[k].done.within(&l.done) {
			return -1
		}
	}
	return len(list)
}

// accept notes a label unless it is beaten meanwhile.
func (x *pricer) accept(side int, i int32) bool {
	l := &x.labels[side][i]
	k := x.beaten(side, l)
	if k < 0 {
		return false
	}
	x.at[side][l.place] = slices.Insert(x.at[side][l.place], k, noted{l.profit, l.done, l.cost, i})
	return true
}

// pair is a route: a beginning and an end.
type pair struct {
	begin, end int32
	place      int32
	profit     float64
}

// join puts beginnings that passed the middle, or are at home again, together with
// the best end for each, and notes the most profit.
func (x *pricer) join(enough float64, o *offers, w *relax.Work) (all []pair, ok bool) {
	for v, list := range x.at[0] {
		ends := x.at[1][v]
		looked := 0
		for i := range list {
			a := &list[i]
			if a.cost <= x.half && (len(ends) == 0 || ends[len(ends)-1].cost > 0) {
				continue
			}
			for k := range ends {
				looked++
				b := &ends[k]
				sum := a.profit + b.profit
				if sum <= enough && sum <= o.most {
					break
				}
				if a.cost+b.cost > x.longest || !a.done.apart(&b.done) {
					continue
				}
				if sum > enough {
					all = append(all, pair{a.label, b.label, int32(v), sum})
				}
				o.most = max(o.most, sum)
				break
			}
		}
		if w.Spend(int64(looked) * 2) {
			return nil, false
		}
	}
	return all, true
}

// cheapest is the cost of the cheapest route that collects the goal, or most; it need
// not be exact where it is no more than known.
func (x *pricer) cheapest(goal float64, most, known int32, w *relax.Work) (cost int32, ok bool) {
	for v, list := range x.at[0] {
		ends := x.at[1][v]
		looked := 0
		for i := range list {
			a := &list[i]
			if a.cost <= x.half && (len(ends) == 0 || ends[len(ends)-1].cost > 0) {
				continue
			}
			for k := range ends {
				looked++
				b := &ends[k]
				if a.profit+b.profit < goal {
					break
				}
				if c := a.cost + b.cost; c < most && a.done.apart(&b.done) {
					if most = c; most <= known {
						return most, true
					}
				}
			}
		}
		if w.Spend(int64(looked) * 2) {
			return most, false
		}
	}
	return most, true
}

// Routes that one search hands on at most, and those of them that meet at one place.
const (
	routesMost = 60
	perPlace   = 4
)

// choose takes the most profitable pairs, few of each place.
func (x *pricer) choose(all []pair) []pair {
	slices.SortFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.profit, a.profit), cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	var out []pair
	met := map[int32]int{}
	for _, j := range all {
		if met[j.place]++; met[j.place] > perPlace {
			continue
		}
		if out = append(out, j); len(out) == routesMost {
			break
		}
	}
	return out
}

// column is a route as the programme of routes sees it.
type column struct {
	cost  int32
	times []int32 // how often it serves each task
}

// column spells a route out.
func (x *pricer) column(j pair) column {
	c := column{times: make([]int32, x.p.tasks), cost: x.labels[0][j.begin].cost + x.labels[1][j.end].cost}
	for side, i := range []int32{j.begin, j.end} {
		for ; i >= 0; i = x.labels[side][i].parent {
			if t := x.labels[side][i].task; t >= 0 {
				c.times[t]++
			}
		}
	}
	return c
}

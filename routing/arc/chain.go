package arc

import (
	"cmp"
	"math"
	"slices"
)

// chain is one plan under change. In each round its routes are parted into groups of
// neighbours, each group is improved on its own, and the groups are put together
// again; a plan of few routes is one group and stays so.
type chain struct {
	chance  chance
	whole   bool // its routes are one group
	routes  []draft
	fine    float64 // for a unit of demand above the capacity
	cycle   cycle
	groups  [][]int // of the present round
	ruiners []*ruiner
	patches []*patch
}

const (
	roundSteps = 1000 // steps of a group in a round at most
	roundLeast = 60   // rounds of a search at least, that it may cool
	firstSteps = 100  // steps of the first round where there is a time limit
	groupMost  = 16   // routes of a group at most
	groupLeast = 4
	groupTasks = 600 // tasks of a group, unless its routes are long
)

func newChain(s *solver, i int) *chain {
	c := &chain{chance: chance{s.o.Seed*0x9e3779b97f4a7c15 + uint64(i)}, fine: s.fineStart()}
	c.routes = slices.Clone(s.best)
	c.whole = len(s.p.spec.Apart) > 0
	c.cycle.top, c.cycle.even = hot, slope{0, 0.5}
	return c
}

// open makes the ruiners of the next round and tells its heat.
func (c *chain) open(s *solver, share float64) float64 {
	at := c.turn(s, share)
	g := c.goal(s, at)
	heat := s.scale * c.cycle.top * math.Pow(cold/c.cycle.top, at)
	if c.whole && len(c.ruiners) == 1 {
		c.ruiners[0].aim(g)
		return heat
	}
	if c.groups = parted(s.p, c.routes, &c.chance); c.whole {
		c.groups = [][]int{slices.Concat(c.groups...)}
		slices.Sort(c.groups[0])
	}
	for len(c.patches) < len(c.groups) {
		c.patches = append(c.patches, newPatch(s.p))
	}
	c.ruiners = make([]*ruiner, len(c.groups))
	seeds := make([]uint64, len(c.groups))
	for i := range seeds {
		seeds[i] = c.chance.next()
	}
	inParallel(s.o.Threads, len(c.groups), func(i int) {
		var routes []draft
		var tasks []int32
		for _, k := range c.groups[i] {
			routes = append(routes, c.routes[k])
			tasks = append(tasks, c.routes[k].seq...)
		}
		slices.Sort(tasks)
		c.patches[i].cover(tasks, s.near.of)
		c.ruiners[i] = newRuiner(c.patches[i], routes, g, seeds[i])
	})
	return heat
}

// close takes the groups' answers.
func (c *chain) close(s *solver, steps int) {
	c.cycle.done += steps
	for i, r := range c.ruiners {
		for k, j := range c.groups[i] {
			c.routes[j] = r.draft(r.tours[k])
		}
	}
	if !c.whole || c.ruiners[0].bestRank.less(s.rank) {
		s.keep(c.found(s.p))
	}
	c.adjust(s.p)
}

// found is the plan of each group's best routes.
func (c *chain) found(p *Problem) []draft {
	out := make([]draft, len(c.routes))
	for i, r := range c.ruiners {
		for k, j := range c.groups[i] {
			out[j] = newDraft(p, r.bestAt[k], r.global(r.best[k]))
		}
	}
	return out
}

// draft is a tour in the problem's numbers.
func (r *ruiner) draft(t *tour) draft {
	if r.p.follows != nil {
		return newDraft(r.p, t.depot, r.global(t.seq))
	}
	return draft{depot: t.depot, seq: r.global(t.seq), cost: t.cost, load: t.load}
}

// global are the problem's numbers of tasks of the patch.
func (f *patch) global(seq []int32) []int32 {
	out := make([]int32, len(seq))
	for i, t := range seq {
		out[i] = f.tasks[t]
	}
	return out
}

// goal is what the chain makes small at that share of the search.
func (c *chain) goal(s *solver, share float64) goal {
	g := s.goal()
	g.fine = int(c.fine)
	if g.objective == Total {
		g.weight, g.target = 2*chargeEnd, math.MaxInt/64
		if g.limit > 0 {
			g.target = g.limit
		}
		return g
	}
	// From the mean of the routes, so that they grow even, to what would be better
	// than the best plan, as farther streets may take longer routes.
	sum, longest := 0, 0
	for _, d := range c.routes {
		sum += s.p.priced(d)
	}
	for _, d := range s.best {
		longest = max(longest, s.p.priced(d))
	}
	mean := sum / len(c.routes)
	g.target = mean + int(c.cycle.even.at(share)*float64(max(0, longest-1-mean)))
	if g.limit > 0 {
		g.target = min(g.target, g.limit)
	}
	g.weight = int(chargeStart * math.Pow(float64(chargeEnd)/chargeStart, share))
	return g
}

// parted parts routes: a random one and the half nearest to it, and the rest, and so
// on while the parts are large.
func parted(p *Problem, routes []draft, random *chance) [][]int {
	all := make([]int, len(routes))
	for i := range all {
		all[i] = i
	}
	var part func(group []int, whole bool) [][]int
	part = func(group []int, whole bool) [][]int {
		tasks := 0
		for _, i := range group {
			tasks += len(routes[i].seq)
		}
		if len(group) < 2*groupLeast && (len(group) < groupLeast || tasks <= groupTasks) || !whole && len(group) <= groupMost && tasks <= groupTasks {
			return [][]int{group}
		}
		apart := make([]int, len(routes))
		center := pivot(p, routes[group[random.below(len(group))]], random)
		for _, i := range group {
			q := pivot(p, routes[i], random)
			apart[i] = p.Distance(center, q) + p.Distance(q, center)
		}
		slices.SortStableFunc(group, func(a, b int) int { return cmp.Compare(apart[a], apart[b]) })
		half := len(group) / 2
		return append(part(slices.Clone(group[:half]), false), part(slices.Clone(group[half:]), false)...)
	}
	return part(all, true)
}

// pivot is a random mode of a route, or its depot.
func pivot(p *Problem, d draft, random *chance) int {
	if len(d.seq) == 0 {
		return p.depot(d.depot)
	}
	lo, _ := p.Modes(int(d.seq[random.below(len(d.seq))]))
	return lo
}

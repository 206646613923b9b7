package arc

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Options steer a search.
type Options struct {
	Seed       uint64
	TimeLimit  time.Duration // wall time; 0 for none
	Iterations int           // steps of the search; 0 for none, or 100,000 where there is no time limit either
	Threads    int           // goroutines at most, 0 for one a core; they do not change the answer
	Start      *Solution     // a plan to start from, nil for none; it must pass Check but for vehicles and limit
	OnBest     func(Progress)
}

// Progress is told whenever a better plan is found.
type Progress struct {
	Longest, Sum int
	Iterations   int
}

// Result is the best plan found and what is known about it.
type Result struct {
	Solution     Solution
	Longest, Sum int
	Feasible     bool // every route keeps the limit and the capacity
	Bound        int  // no plan has a smaller objective, proved; see Bound
	BoundBy      string
	Iterations   int
}

const (
	roundSteps = 400 // steps of a group in a round
	nearMost   = 35
	hot, cold  = 1.0, 0.01 // heat at the start and the end, times the mean service
	// What a route takes above the target is charged by this many sixteenths of it,
	// rising from the start to the end.
	chargeStart, chargeEnd = 16, 64
)

// Solve searches until the limits of the options or the context end it, and returns
// the best plan so far; it always returns a plan that serves every task, though a
// short fleet may not keep the limit (Feasible tells). With an iteration count and
// no time limit the answer depends on the problem and the seed alone.
func Solve(ctx context.Context, p *Problem, o Options) Result {
	s := newSolver(p, o)
	s.run(ctx)
	res := Result{Solution: s.best, Longest: s.longest, Sum: s.sum, Iterations: s.done}
	res.Feasible = s.excess == 0 && (p.spec.Limit == 0 || s.longest <= p.spec.Limit)
	res.Bound, res.BoundBy = Bound(p)
	return res
}

// solver coordinates rounds: the tours are parted into groups of neighbours, each
// group is improved on its own, and the groups are put together again.
type solver struct {
	p      *Problem
	o      Options
	begun  time.Time
	random *rand.Rand
	near   [][]int32
	mean   float64 // of the services' cost
	done   int

	tours        []*tour
	best         Solution
	longest, sum int
	excess       int     // of the best plan: demand above the capacity
	fine         float64 // for a unit of demand above the capacity
}

func newSolver(p *Problem, o Options) *solver {
	s := &solver{p: p, o: o, begun: time.Now(), random: rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15))}
	if o.Iterations == 0 && o.TimeLimit == 0 {
		s.o.Iterations = 100_000
	}
	if o.Threads <= 0 {
		s.o.Threads = runtime.GOMAXPROCS(0)
	}
	for _, m := range p.spec.Modes {
		s.mean += float64(m.Cost) / float64(max(1, len(p.spec.Modes)))
	}
	s.fine = s.fineStart()
	s.near = neighbours(p, nearMost)
	s.start()
	return s
}

// start makes the first plan.
func (s *solver) start() {
	s.longest = -1
	if s.o.Start != nil {
		var tours []*tour
		for _, r := range s.o.Start.Routes {
			t := &tour{depot: r.Depot}
			var seq []int32
			for _, m := range r.Modes {
				seq = append(seq, s.p.spec.Modes[m].Task)
			}
			t.set(s.p, seq)
			tours = append(tours, t)
		}
		if len(tours) <= s.p.spec.Vehicles {
			s.tours = fillUp(s.p, tours)
			s.keep(s.tours)
			return
		}
		var order []int32
		for _, t := range tours {
			order = append(order, t.seq...)
		}
		s.tours = split(s.p, order)
		s.keep(s.tours)
		return
	}
	for _, order := range firstOrders(s.p) {
		if tours := split(s.p, order); s.keep(tours) || s.tours == nil {
			s.tours = tours
		}
	}
}

// keep notes the tours when they are the best so far.
func (s *solver) keep(tours []*tour) bool {
	longest, sum, excess := 0, 0, 0
	for _, t := range tours {
		excess += s.p.excess(t.load)
		longest = max(longest, t.cost)
		sum += t.cost
	}
	if s.longest >= 0 && (excess > s.excess || excess == s.excess && !s.better(longest, sum)) {
		return false
	}
	s.longest, s.sum, s.excess = longest, sum, excess
	s.best = Solution{}
	for _, t := range tours {
		s.best.Routes = append(s.best.Routes, Route{Depot: t.depot, Modes: t.modes(s.p)})
	}
	if s.o.OnBest != nil {
		s.o.OnBest(Progress{Longest: longest, Sum: sum, Iterations: s.done})
	}
	return true
}

func (s *solver) better(longest, sum int) bool {
	l := s.p.spec.Limit
	if s.p.spec.Objective == Total {
		over, was := 0, 0
		if l > 0 {
			over, was = max(0, longest-l), max(0, s.longest-l)
		}
		return over < was || over == was && sum < s.sum
	}
	return longest < s.longest || longest == s.longest && sum < s.sum
}

// progress is the spent share of the limits, 0 to 1 and above when they are used up.
func (s *solver) progress() float64 {
	share := 0.0
	if s.o.Iterations > 0 {
		share = float64(s.done) / float64(s.o.Iterations)
	}
	if s.o.TimeLimit > 0 {
		share = max(share, float64(time.Since(s.begun))/float64(s.o.TimeLimit))
	}
	return share
}

// target is the cost above which routes are charged: the limit where the total
// counts, else the mean of the routes, so that they grow even.
func (s *solver) target() int {
	l := s.p.spec.Limit
	if s.p.spec.Objective == Total {
		if l == 0 {
			return math.MaxInt / 64
		}
		return l
	}
	sum := 0
	for _, t := range s.tours {
		sum += t.cost
	}
	t := sum / len(s.tours)
	if l > 0 {
		t = min(t, l)
	}
	return t
}

// charge is the weight of what routes take above the target, in sixteenths.
func (s *solver) charge(share float64) int {
	if s.p.spec.Objective == Total {
		return 2 * chargeEnd
	}
	return int(chargeStart * math.Pow(float64(chargeEnd)/chargeStart, share))
}

func (s *solver) run(ctx context.Context) {
	if s.p.tasks == 0 {
		return
	}
	for ctx.Err() == nil {
		share := s.progress()
		if share >= 1 {
			return
		}
		heat := s.mean * hot * math.Pow(cold/hot, share)
		s.round(ctx, heat, s.charge(share))
	}
}

// round improves every group for some steps, on as many threads as there are, and
// takes the groups' answers in fixed order.
func (s *solver) round(ctx context.Context, heat float64, charge int) {
	groups := s.groups()
	steps := roundSteps
	if s.o.Iterations > 0 && s.o.TimeLimit == 0 {
		steps = max(1, min(steps, (s.o.Iterations-s.done+len(groups)-1)/len(groups)))
	}
	ruiners := make([]*ruiner, len(groups))
	best := make([][]*tour, len(groups))
	seeds := make([]uint64, len(groups))
	for i := range seeds {
		seeds[i] = s.random.Uint64()
	}
	target := s.target()
	work := func(i int) {
		var tours []*tour
		for _, j := range groups[i] {
			tours = append(tours, s.tours[j])
		}
		r := newRuiner(s.p, s.near, tours, target, charge, int(s.fine), rand.New(rand.NewPCG(seeds[i], uint64(i))))
		low, least := r.cost, r.excess
		for range steps {
			if len(r.tasks) == 0 || ctx.Err() != nil {
				break
			}
			r.step(heat)
			if r.excess < least || r.excess == least && r.cost < low {
				low, least = r.cost, r.excess
				best[i] = cloneTours(r.tours)
			}
		}
		ruiners[i] = r
	}
	inParallel(s.o.Threads, len(groups), work)
	s.done += steps * len(groups)
	found := slices.Clone(s.tours)
	for i, g := range groups {
		for k, j := range g {
			s.tours[j] = ruiners[i].tours[k]
			found[j] = s.tours[j]
			if best[i] != nil {
				found[j] = best[i][k]
			}
		}
	}
	s.keep(found)
	s.keep(s.tours)
	s.adjust()
}

// cloneTours copies what a plan needs of the tours: depots, tasks, tables.
func cloneTours(tours []*tour) []*tour {
	out := make([]*tour, len(tours))
	for i, t := range tours {
		out[i] = &tour{depot: t.depot, cost: t.cost, load: t.load, seq: slices.Clone(t.seq), back: slices.Clone(t.back), ahead: slices.Clone(t.ahead)}
	}
	return out
}

// groups parts the tours: a random one and the half nearest to it, and the rest,
// and so on while the parts have six tours or more.
func (s *solver) groups() [][]int {
	all := make([]int, len(s.tours))
	for i := range all {
		all[i] = i
	}
	return s.part(all)
}

func (s *solver) part(group []int) [][]int {
	if len(group) < 6 {
		return [][]int{group}
	}
	pivot := func(i int) int {
		seq := s.tours[i].seq
		if len(seq) == 0 {
			return s.p.depot(s.tours[i].depot)
		}
		lo, _ := s.p.Modes(int(seq[s.random.IntN(len(seq))]))
		return lo
	}
	center := pivot(group[s.random.IntN(len(group))])
	apart := map[int]int{}
	for _, i := range group {
		q := pivot(i)
		apart[i] = s.p.Distance(center, q) + s.p.Distance(q, center)
	}
	slices.SortStableFunc(group, func(a, b int) int { return apart[a] - apart[b] })
	half := len(group) / 2
	return append(s.part(slices.Clone(group[:half])), s.part(slices.Clone(group[half:]))...)
}

// inParallel calls work for 0..n-1 on at most threads goroutines and waits.
func inParallel(threads, n int, work func(i int)) {
	if threads <= 1 || n <= 1 {
		for i := range n {
			work(i)
		}
		return
	}
	var wait sync.WaitGroup
	jobs := make(chan int)
	for range min(threads, n) {
		wait.Go(func() {
			for i := range jobs {
				work(i)
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wait.Wait()
}

// firstOrders are the orders of all tasks that first plans are cut from.
func firstOrders(p *Problem) [][]int32 {
	out := [][]int32{giant(p)}
	if order := euler(p); len(order) == p.tasks {
		out = append(out, order)
	}
	return out
}

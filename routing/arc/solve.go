package arc

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options steer a search.
type Options struct {
	Seed       uint64
	TimeLimit  time.Duration // wall time; 0 for none
	Iterations int           // steps of the search; 0 for none, or 100,000 where there is no time limit either
	Threads    int           // goroutines of the search at most, 0 for one a core; they do not change the answer
	Start      *Solution     // a plan to start from, nil for none; it must pass Check but for vehicles and limit
	OnBest     func(Progress)
	// SkipBound leaves the bound out, and the work that it takes: Result.Bound is 0.
	SkipBound bool
	// Elapsed is the time spent since the search began; nil is the wall clock.
	Elapsed func() time.Duration
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
	Bound        int  // no plan has a smaller objective, proved; see BoundWithin
	BoundBy      string
	Iterations   int
}

const (
	// A search whose longest route is proved goes on for the total until it has taken
	// so many times as long.
	settleTime = 1.25
	// What a route takes above the target is charged by this many sixteenths of it,
	// rising from the start to the end.
	chargeStart, chargeEnd = 32, 256
)

// Solve searches until the limits of the options or the context end it, and returns
// the best plan so far; it always returns a plan that serves every task, though a
// short fleet may not keep the limit (Feasible tells). With an iteration count and
// no time limit the answer depends on the problem and the seed alone.
func Solve(ctx context.Context, p *Problem, o Options) Result {
	s := newSolver(p, o)
	if o.SkipBound {
		s.run(ctx)
		return s.result()
	}
	search, finish := s.prove(ctx)
	s.run(search)
	return finish(s.result())
}

// solver coordinates the chains of a search.
type solver struct {
	p     *Problem
	o     Options
	near  *nearness
	scale float64 // what a task takes of the first plan
	done  int

	chains  []*chain
	planned bool
	part    float64 // share of the search that a long cycle takes
	set     float64 // share of the search that setting up took
	elite   elite
	met     atomic.Bool // the objective meets the bound
	between func()      // is called between rounds, nil for nothing
	founder []draft     // the first plan
	best    []draft
	rank    rank
}

func newSolver(p *Problem, o Options) *solver {
	s := &solver{p: p, o: o}
	if o.Elapsed == nil {
		begun := time.Now()
		s.o.Elapsed = func() time.Duration { return time.Since(begun) }
	}
	if o.Iterations == 0 && o.TimeLimit == 0 {
		s.o.Iterations = 100_000
	}
	if o.Threads <= 0 {
		s.o.Threads = runtime.GOMAXPROCS(0)
	}
	s.near = newNearness(p)
	s.start()
	return s
}

// start makes the first plan and the chains.
func (s *solver) start() {
	for _, routes := range s.first() {
		s.keep(s.p.pin(routes))
	}
	sum := 0
	for _, d := range s.best {
		sum += d.cost
	}
	s.founder = slices.Clone(s.best)
	s.scale = float64(sum) / float64(max(1, s.p.tasks))
	s.chains = []*chain{newChain(s, 0)}
}

// first returns the plans to start from.
func (s *solver) first() [][]draft {
	p := s.p
	if s.o.Start != nil {
		routes := p.drafts(*s.o.Start)
		if len(routes) <= p.spec.Vehicles {
			return [][]draft{fillUp(p, routes)}
		}
		var order []int32
		for _, d := range routes {
			order = append(order, d.seq...)
		}
		return [][]draft{split(p, order)}
	}
	plans := [][]draft{split(p, giant(p))}
	if p.tasks <= eulerMost {
		if order := euler(p); len(order) == p.tasks {
			plans = append(plans, split(p, order))
		}
	}
	return plans
}

// eulerMost is the number of tasks up to which an Euler tour is made for the start;
// the pairing that it takes grows with the cube of it.
const eulerMost = 1000

// keep notes the routes when they are the best so far.
func (s *solver) keep(routes []draft) bool {
	longest, sum, excess := 0, 0, 0
	priced, all := 0, 0
	for _, d := range routes {
		excess += s.p.excess(d.load)
		longest, sum = max(longest, d.cost), sum+d.cost
		priced, all = max(priced, s.p.priced(d)), all+s.p.priced(d)
	}
	rank := s.goal().rank(excess+s.p.near(routes), s.goal().over(longest), priced, all)
	if s.best != nil && !rank.less(s.rank) {
		return false
	}
	s.rank = rank
	s.best = make([]draft, 0, len(routes))
	for _, d := range routes {
		d.seq = append([]int32(nil), d.seq...)
		s.best = append(s.best, d)
	}
	if s.o.OnBest != nil {
		s.o.OnBest(Progress{Longest: longest, Sum: sum, Iterations: s.done})
	}
	return true
}

func (s *solver) goal() goal {
	return goal{objective: s.p.spec.Objective, limit: s.p.spec.Limit}
}

// result spells the best plan out.
func (s *solver) result() Result {
	r := Result{Iterations: s.done}
	r.Feasible = s.rank.excess == 0 && s.rank.over == 0
	r.Solution.Routes = make([]Route, len(s.best))
	inParallel(s.o.Threads, len(s.best), func(i int) { r.Solution.Routes[i] = s.p.route(s.best[i]) })
	for _, d := range s.best {
		r.Longest = max(r.Longest, d.cost)
		r.Sum += d.cost
	}
	return r
}

// progress is the spent share of the limits, 0 to 1 and above when they are used up.
func (s *solver) progress() float64 {
	share := 0.0
	if s.o.Iterations > 0 {
		share = float64(s.done) / float64(s.o.Iterations)
	}
	if s.o.TimeLimit > 0 {
		share = max(share, float64(s.o.Elapsed())/float64(s.o.TimeLimit))
	}
	return share
}

// steps are those of the whole search, as far as that is known.
func (s *solver) steps(share float64) int {
	if s.o.TimeLimit == 0 {
		return s.o.Iterations
	}
	return int(float64(s.done) / max(share-s.set, 1e-9))
}

func (s *solver) run(ctx context.Context) {
	if s.p.tasks == 0 {
		return
	}
	s.set = s.progress()
	end := 1.0
	for ctx.Err() == nil {
		share := s.progress()
		if s.met.Load() && s.o.TimeLimit > 0 && end == 1 {
			// What is left is the total of routes none of which can be longer.
			end = min(1, settleTime*share)
		}
		if share >= end {
			return
		}
		s.round(ctx, share)
		if s.between != nil {
			s.between()
		}
	}
}

// round lets every chain do some steps, on as many threads as there are, and takes
// the answers in fixed order.
func (s *solver) round(ctx context.Context, share float64) {
	if !s.planned {
		s.plan(share)
	}
	var jobs []*ruiner
	var heats []float64
	for _, c := range s.chains {
		heat := c.open(s, share)
		for range c.ruiners {
			heats = append(heats, heat)
		}
		jobs = append(jobs, c.ruiners...)
	}
	steps := firstSteps
	if s.planned {
		steps = max(1, min(roundSteps, s.steps(share)/(roundLeast*len(jobs))))
	}
	if s.o.Iterations > 0 && s.o.TimeLimit == 0 {
		steps = max(1, min(steps, (s.o.Iterations-s.done+len(jobs)-1)/len(jobs)))
	}
	inParallel(s.o.Threads, len(jobs), func(i int) {
		for k := range steps {
			if k%64 == 0 && (ctx.Err() != nil || s.o.TimeLimit > 0 && s.o.Elapsed() >= s.o.TimeLimit) {
				return
			}
			jobs[i].step(heats[i])
		}
	})
	s.done += steps * len(jobs)
	for _, c := range s.chains {
		c.close(s, steps)
	}
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

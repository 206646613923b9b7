package arc

import (
	"context"
	"math"

	"gridbeat/routing/arc/relax"
)

// Arc is a connection from one place to another. Any movement from place to place
// runs over arcs and costs at least the arcs' cost; services too.
type Arc struct{ From, To, Cost int32 }

// Bound returns a number that no plan's objective can be below, and what proved it:
//
//   - "farthest task": some route has to go to the dearest single task and return.
//   - "services": each task has to be served, and k routes share that at best equally.
//   - "postman": the same with the cheapest pairing of the places where an odd
//     number of tasks end, see Spec.Links.
//
// The first call for a problem computes the pairing and takes seconds where
// thousands of places are odd; beyond 3,000 it is left out.
func Bound(p *Problem) (bound int, by string) {
	if p.tasks == 0 {
		return 0, "no task"
	}
	r := p.postman()
	share, by := r.services, "services"
	if r.done {
		share, by = r.services+r.deadhead, "postman"
	}
	return p.least(share, by)
}

// least is the better of a bound on the total and of the farthest task.
func (p *Problem) least(total int, by string) (int, string) {
	farthest := 0
	for t := range p.tasks {
		farthest = max(farthest, p.Alone(t))
	}
	if p.spec.Objective == MinMax {
		total = (total + p.spec.Vehicles - 1) / p.spec.Vehicles
	}
	if total > farthest {
		return total, by
	}
	return farthest, "farthest task"
}

// Proof is how far a bound has come.
type Proof struct {
	Bound int
	By    string
	// Plan is a plan that costs no more than the bound, where the proof met one that
	// is better than the incumbent.
	Plan *Solution
}

// BoundOptions steer a proof.
type BoundOptions struct {
	// Work is the number of units that are spent at most, 0 for no limit. A unit is
	// about a number looked at, a few nanoseconds. With it, and a context that does
	// not end, the bound depends on problem and options alone.
	Work int64
	// Incumbent tells the objective of the best plan that is known, 0 for none: a proof
	// that reaches it is done, and what is tried lies below it. It is asked now and
	// then; nil stands for none.
	Incumbent func() int
	// OnBetter is told of every better bound, on the goroutine that asked for it.
	OnBetter func(Proof)
}

// BoundWithin is Bound that grows until the context ends, the work is used up or the
// bound meets the incumbent. It may take half of the time of a search with profit,
// beside it on a goroutine of its own. Besides the words of Bound it answers with
// "cuts": what all routes together have to drive (package relax), "threshold": that
// distant streets take more vehicles the shorter the longest route is, "routes": that
// any routes of such a length serve too little, and "all routes": where tasks are few,
// by listing every set of tasks that a route can serve.
func BoundWithin(ctx context.Context, p *Problem, o BoundOptions) Proof {
	if p.tasks == 0 {
		return Proof{By: "no task"}
	}
	services := 0
	for t := range p.tasks {
		services += p.cheapest(t)
	}
	r := &prover{p: p, o: o, w: &relax.Work{Ctx: ctx, Most: o.Work}}
	r.better(p.least(services, "services"))
	r.serial = p.serial()
	if len(p.spec.Links)+len(p.spec.Arcs) > 0 {
		r.relax()
	}
	r.list()
	r.price()
	return r.best
}

// prover is a proof under way.
type prover struct {
	p      *Problem
	o      BoundOptions
	w      *relax.Work
	best   Proof
	serial int
}

// enough is a bound that ends the proof.
func (r *prover) enough() int {
	if r.o.Incumbent != nil {
		if c := r.o.Incumbent(); c > 0 {
			return min(c, r.serial)
		}
	}
	return r.serial
}

func (r *prover) better(b int, by string) {
	if b > r.best.Bound {
		r.best = Proof{Bound: b, By: by}
		if r.o.OnBetter != nil {
			r.o.OnBetter(r.best)
		}
	}
}

// relax forgets which vehicle does what.
func (r *prover) relax() {
	n, err := relax.New(r.p.relaxation())
	if err != nil || r.best.Bound >= r.enough() {
		return
	}
	enough := func() int64 { return int64(r.enough()) }
	if r.p.spec.Objective == Total {
		n.Total(r.w, enough, func(b int64) { r.better(int(b), "cuts") })
		return
	}
	n.Longest(r.w, int64(r.best.Bound), enough, func(b int64, tried bool) {
		by := "cuts"
		if tried {
			by = "threshold"
		}
		r.better(int(b), by)
	})
}

// list solves the problem where its tasks are few.
func (r *prover) list() {
	p := r.p
	most := setsMost
	if p.spec.Objective == Total {
		most = partitionMost
	}
	if p.tasks > most || r.best.Bound >= r.enough() || r.w.Spend(0) {
		return
	}
	enough := r.enough()
	bar := enough
	if p.spec.Limit > 0 {
		bar = min(bar, p.spec.Limit+1)
	}
	s, ok := list(p, bar, r.w)
	if !ok {
		return
	}
	if p.spec.Objective == Total {
		if total, ok := s.cheapest(r.w); ok {
			r.better(min(total, enough), "all routes")
		}
		return
	}
	longest, found := s.shortest(r.best.Bound, r.w)
	r.better(min(longest, enough), "all routes")
	if found {
		r.plan(s, longest)
	}
}

// price tries lengths by the routes that keep them.
func (r *prover) price() {
	p := r.p
	if p.spec.Objective == Total || p.tasks > pricedMost || r.best.Bound >= r.enough() || r.w.Spend(0) {
		return
	}
	c := &columns{p: p, x: newPricer(p), w: r.w, least: int32(r.best.Bound)}
	c.better = func(b int32) { r.better(int(b), "routes") }
	// Routes that were found within a length count within longer ones too, so lengths
	// rise until one is not refuted.
	part := 4
	for most := math.MaxInt; !r.w.Spend(0); {
		most = min(most, r.enough())
		least := r.best.Bound
		if least >= most {
			return
		}
		trial := least + (most-1-least)/part
		if c.try(int32(trial)) != refuted {
			most, part = trial, 2
		}
	}
}

// plan makes the plan that the sets promise.
func (r *prover) plan(s *sets, longest int) {
	var out Solution
	for _, set := range s.routes(int32(longest), r.w) {
		route, ok := order(r.p, set)
		if !ok {
			return
		}
		out.Routes = append(out.Routes, route)
	}
	if len(out.Routes) > 0 && out.Check(r.p) == nil {
		r.best.Plan = &out
		if r.o.OnBetter != nil {
			r.o.OnBetter(r.best)
		}
	}
}

// cheapest is the cost of a task in its cheapest mode.
func (p *Problem) cheapest(task int) int {
	lo, hi := p.Modes(task)
	least := p.spec.Modes[lo].Cost
	for m := lo + 1; m < hi; m++ {
		least = min(least, p.spec.Modes[m].Cost)
	}
	return int(least)
}

// serial is the cost of a plan that serves each task on its own: the longest trip,
// or all of them, and one more.
func (p *Problem) serial() int {
	sum := 1
	for t := range p.tasks {
		sum += p.Alone(t)
	}
	return sum
}

// relaxation states the problem without telling the vehicles apart.
func (p *Problem) relaxation() relax.Input {
	s := p.spec
	in := relax.Input{Depots: s.Depots, Vehicles: s.Vehicles, Limit: s.Limit, Capacity: s.Capacity}
	places := int32(0)
	add := func(from, to, cost int32) {
		in.Ways = append(in.Ways, relax.Way{From: from, To: to, Cost: cost})
		places = max(places, from+1, to+1)
	}
	for _, a := range s.Arcs {
		add(a.From, a.To, a.Cost)
	}
	if len(s.Arcs) == 0 {
		for _, l := range s.Links {
			add(l.A, l.B, l.Cost)
			add(l.B, l.A, l.Cost)
		}
	}
	for t := range p.tasks {
		task := relax.Task{Demand: p.demand(int32(t))}
		lo, hi := p.Modes(t)
		for _, m := range s.Modes[lo:hi] {
			task.Modes = append(task.Modes, relax.Way{From: m.Tail, To: m.Head, Cost: m.Cost})
			places = max(places, m.Tail+1, m.Head+1)
		}
		in.Tasks = append(in.Tasks, task)
	}
	for _, d := range s.Depots {
		places = max(places, d+1)
	}
	in.Places = int(places)
	return in
}

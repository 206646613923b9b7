package arc

import (
	"context"

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
}

// BoundOptions steer a proof.
type BoundOptions struct {
	// Work is the number of units that are spent at most, 0 for no limit. A unit is
	// about a number looked at, a few nanoseconds. With it, and a context that does
	// not end, the bound depends on problem and options alone.
	Work int64
	// Incumbent is the objective of a plan that is known, 0 for none: a proof that
	// reaches it is done, and what is tried lies below it.
	Incumbent int
	// OnBetter is told of every better bound, on the goroutine that asked for it.
	OnBetter func(Proof)
}

// BoundWithin is Bound that grows until the context ends, the work is used up or the
// bound meets the incumbent. It may take half of the time of a search with profit,
// beside it on a goroutine of its own. Besides the words of Bound it answers with
// "cuts": what all routes together have to drive (package relax), and "threshold":
// that distant streets take more vehicles the shorter the longest route is.
func BoundWithin(ctx context.Context, p *Problem, o BoundOptions) Proof {
	if p.tasks == 0 {
		return Proof{0, "no task"}
	}
	services := 0
	for t := range p.tasks {
		services += p.cheapest(t)
	}
	best := Proof{}
	better := func(b int, by string) {
		if b > best.Bound {
			best = Proof{b, by}
			if o.OnBetter != nil {
				o.OnBetter(best)
			}
		}
	}
	better(p.least(services, "services"))
	if len(p.spec.Links)+len(p.spec.Arcs) == 0 {
		return best
	}
	n, err := relax.New(p.relaxation())
	if err != nil || o.Incumbent > 0 && best.Bound >= o.Incumbent {
		return best
	}
	enough := int64(o.Incumbent)
	if enough == 0 {
		enough = int64(p.serial())
	}
	w := &relax.Work{Ctx: ctx, Most: o.Work}
	if p.spec.Objective == Total {
		n.Total(w, enough, func(b int64) { better(int(b), "cuts") })
		return best
	}
	n.Longest(w, int64(best.Bound), enough, func(b int64, tried bool) {
		by := "cuts"
		if tried {
			by = "threshold"
		}
		better(int(b), by)
	})
	return best
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

package arc

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Offer returns plans between the shortest longest route and the least total, at
// most so many: the longer a plan's longest route, the smaller its total. The limits
// of the options are shared out. All carry the bound on the problem's own objective.
// Where no plan keeps limit and capacity, the best one is returned alone.
func Offer(ctx context.Context, p *Problem, o Options, plans int) []Result {
	plans = max(1, plans)
	o.TimeLimit /= time.Duration(plans)
	if o.Iterations > 0 {
		o.Iterations = max(1, o.Iterations/plans)
	} else if o.TimeLimit == 0 {
		o.Iterations = 100_000 / plans
	}
	limit, skip, elapsed := p.spec.Limit, o.SkipBound, o.Elapsed
	search := func(objective Objective, limit int, bound bool) Result {
		o := o
		o.SkipBound = skip || !bound
		if elapsed != nil {
			begun := elapsed()
			o.Elapsed = func() time.Duration { return elapsed() - begun }
		}
		return Solve(ctx, p.For(objective, limit), o)
	}
	own := p.spec.Objective
	if plans == 1 {
		return []Result{search(own, limit, true)}
	}
	first := search(MinMax, limit, own == MinMax)
	if !first.Feasible {
		return []Result{first}
	}
	o.Start = &first.Solution
	last := search(Total, limit, own == Total)
	out := []Result{first, last}
	between := last.Longest - first.Longest
	for i := 1; i < plans-1 && between > 0; i++ {
		out = append(out, search(Total, first.Longest+between*i/(plans-1), false))
	}
	out = undominated(out)
	for i := range out {
		out[i].Bound, out[i].BoundBy = first.Bound, first.BoundBy
		if own == Total {
			out[i].Bound, out[i].BoundBy = last.Bound, last.BoundBy
		}
	}
	return out
}

// undominated keeps the plans of which each is cheaper than all with shorter routes,
// the shortest longest route first.
func undominated(plans []Result) []Result {
	plans = slices.DeleteFunc(plans, func(r Result) bool { return !r.Feasible })
	slices.SortStableFunc(plans, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Longest, b.Longest), cmp.Compare(a.Sum, b.Sum))
	})
	least := plans[0].Sum + 1
	return slices.DeleteFunc(plans, func(r Result) bool {
		if r.Sum >= least {
			return true
		}
		least = r.Sum
		return false
	})
}

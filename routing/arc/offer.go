package arc

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Offer returns plans between the shortest longest route and the least total, at
// most so many: the longer a plan's longest route, the smaller its total. The limits
// of the options are shared out. Only the first plan, that of the shortest longest
// route, has a bound, on that. Where no plan keeps limit and capacity, the best one is
// returned alone.
func Offer(ctx context.Context, p *Problem, o Options, plans int) []Result {
	plans = max(1, plans)
	o.TimeLimit /= time.Duration(plans)
	if o.Iterations > 0 {
		o.Iterations = max(1, o.Iterations/plans)
	} else if o.TimeLimit == 0 {
		o.Iterations = 100_000 / plans
	}
	limit := p.spec.Limit
	first := Solve(ctx, p.For(MinMax, limit), o)
	if plans == 1 || !first.Feasible {
		return []Result{first}
	}
	o.SkipBound, o.Start = true, &first.Solution
	out := []Result{first, Solve(ctx, p.For(Total, limit), o)}
	between := out[1].Longest - first.Longest
	for i := 1; i < plans-1 && between > 0; i++ {
		out = append(out, Solve(ctx, p.For(Total, first.Longest+between*i/(plans-1)), o))
	}
	out = slices.DeleteFunc(out, func(r Result) bool { return !r.Feasible })
	slices.SortStableFunc(out, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Longest, b.Longest), cmp.Compare(a.Sum, b.Sum))
	})
	out[0].Bound, out[0].BoundBy = first.Bound, first.BoundBy
	// Each plan has to be cheaper than all with shorter routes.
	least := out[0].Sum + 1
	return slices.DeleteFunc(out, func(r Result) bool {
		if r.Sum >= least {
			return true
		}
		least = r.Sum
		return false
	})
}

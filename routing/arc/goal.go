package arc

// goal is what a search makes small.
type goal struct {
	objective Objective
	limit     int // of a route's cost, 0 for none
	target    int // routes above it are charged, see charge
	weight    int
	fine      int // for each unit of demand above the capacity
}

// charge is what a route of that cost adds to the objective: its cost, and the
// weight, in sixteenths, times what it takes above the target.
func (g goal) charge(cost int) int { return cost + g.weight*max(0, cost-g.target)/16 }

// rank orders plans: first the demand above the capacity and what services are too
// near, then what the longest route is above the limit, then the objective, then the
// total, both with what leaving moves of an earlier plan is charged.
type rank struct{ excess, over, objective, sum int }

func (g goal) rank(excess, over, longest, sum int) rank {
	r := rank{excess: excess, over: over, sum: sum}
	if g.objective == MinMax {
		r.objective = longest
	}
	return r
}

// over is what a longest route is above the limit.
func (g goal) over(longest int) int {
	if g.limit == 0 {
		return 0
	}
	return max(0, longest-g.limit)
}

func (r rank) less(s rank) bool {
	switch {
	case r.excess != s.excess:
		return r.excess < s.excess
	case r.over != s.over:
		return r.over < s.over
	case r.objective != s.objective:
		return r.objective < s.objective
	}
	return r.sum < s.sum
}

package arc

import (
	"math"

	"gridbeat/routing/arc/relax"
	"gridbeat/routing/arc/simplex"
)

// columns proves lengths impossible by routes: give every task a profit such that no
// route within the length collects more than 1; where all profits together are more
// than the vehicles, they cannot serve all tasks within it. The best profits are the
// duals of the programme that covers all tasks with as few routes as can be, and
// routes are added to it as they are found (Desrochers, Desrosiers and Solomon, "A
// new optimization algorithm for the vehicle routing problem with time windows",
// Operations Research 40, 1992).
type columns struct {
	p     *Problem
	x     *pricer
	w     *relax.Work
	known []column
}

// verdict is what a trial came to.
type verdict int

const (
	open    verdict = iota // not known: too much work
	refuted                // no plan has a longest route of that length
	likely                 // fractions of routes keep the length, so that this proof cannot refute it
)

// try tries a length.
func (c *columns) try(longest int32) verdict {
	n, k := c.p.tasks, float64(c.p.spec.Vehicles)
	// In the programme a task has 1 less its profit.
	lp := simplex.New()
	for range n {
		lp.AddColumn(1, 1)
	}
	for _, r := range c.known {
		if r.cost <= longest {
			addRoute(lp, r)
		}
	}
	profit, center, middle := make([]float64, n), []float64(nil), make([]float64, n)
	best := 0.0 // of the center: profits over the most of a route
	rough := true
	for {
		if lp.Solve(func(int) bool { return c.w.Spend(int64(n) * 4) }) != simplex.Optimal {
			return open
		}
		sum := 0.0
		for t := range n {
			profit[t] = min(1, max(0, 1-lp.Value(t)))
			sum += profit[t]
		}
		if sum <= k*(1+1e-9) {
			return likely
		}
		at := profit
		if center != nil && !rough {
			for t := range middle {
				middle[t] = 0.5*center[t] + 0.5*profit[t]
			}
			at = middle
		}
		added, ratio, ok := c.price(lp, at, profit, longest, rough)
		if !ok {
			return open
		}
		if rough {
			rough = added > 0
			continue
		}
		if ratio > k*(1+1e-9) {
			return refuted
		}
		if ratio > best {
			best, center = ratio, append(center[:0:0], at...)
		} else if added == 0 {
			if center == nil {
				return open
			}
			center = nil // the middle hid what the profits themselves would show
			if &at[0] == &profit[0] {
				return open
			}
		}
	}
}

// price looks for routes that collect more than 1 of the profits, and tells what all
// profits are, divided by the most that a route collects of those at the point.
func (c *columns) price(lp *simplex.Program, at, profit []float64, longest int32, rough bool) (added int, ratio float64, ok bool) {
	const enough = 1 + 1e-6
	most, found, ok := c.x.best(at, longest, enough, rough, c.w)
	if !ok || math.IsInf(most, 1) {
		return 0, 0, false
	}
	sum := 0.0
	for _, v := range at {
		sum += v
	}
	for _, r := range found {
		worth := 0.0
		for t, times := range r.times {
			worth += float64(times) * profit[t]
		}
		if worth > enough && added < 40 {
			addRoute(lp, r)
			c.known = append(c.known, r)
			added++
		}
	}
	return added, sum / max(most, 1e-9), true
}

// addRoute adds the row of a route: its tasks have profits of at most 1.
func addRoute(lp *simplex.Program, r column) {
	var at []int32
	var times []float64
	sum := 0.0
	for t, k := range r.times {
		if k > 0 {
			at, times = append(at, int32(t)), append(times, float64(k))
			sum += float64(k)
		}
	}
	lp.AddRow(sum-1, simplex.Infinite, at, times)
}

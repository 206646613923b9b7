package arc

import (
	"slices"

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
	p      *Problem
	x      *pricer
	w      *relax.Work
	known  []column
	least  int32       // no plan's longest route is shorter
	better func(int32) // is told when that rises
}

// verdict is what a trial came to.
type verdict int

const (
	open    verdict = iota // not known: too much work
	refuted                // no plan has a longest route of that length
	likely                 // fractions of routes keep the length, so that this proof cannot refute it
)

// memories are the numbers of tasks that a task keeps in mind while routes are
// priced: first in a rough search that only finds routes, then in proofs that get
// better and slower.
var memories = []int{9, 7, 12}

// try tries a length.
func (c *columns) try(longest int32) verdict {
	for level := 0; ; {
		end, next := c.climb(longest, level)
		if end != likely || next+1 >= len(memories) {
			return end
		}
		// With a longer memory there are fewer routes. Those that serve a task twice
		// are the first to go.
		c.known = slices.DeleteFunc(c.known, func(r column) bool { return slices.Max(r.times) > 1 })
		level = next + 1
	}
}

// climb tries a length with longer and longer memories and tells the last one.
func (c *columns) climb(longest int32, level int) (verdict, int) {
	n, k := c.p.tasks, float64(c.p.spec.Vehicles)
	lp := c.programme(longest)
	profit, middle := make([]float64, n), make([]float64, n)
	var center []float64 // the best profits so far: those next to it swing less
	best := 0.0          // their sum over the most of a route
	plain := true
	c.x.remember(memories[level])
	for {
		if lp.Solve(func(int) bool { return c.w.Spend(int64(n) * 4) }) != simplex.Optimal {
			return open, level
		}
		sum := 0.0
		for t := range n {
			profit[t] = min(1, max(0, 1-lp.Value(t)))
			sum += profit[t]
		}
		if sum <= k*(1+1e-9) {
			return likely, level
		}
		at := profit
		if !plain {
			for t := range middle {
				middle[t] = 0.5*center[t] + 0.5*profit[t]
			}
			at = middle
		}
		added, ratio, ok := c.price(lp, at, profit, longest, level == 0)
		switch {
		case !ok:
			return open, level
		case c.least > longest:
			return refuted, level
		}
		if ratio > best || center == nil {
			best, center = ratio, append(center[:0:0], at...)
		}
		switch {
		case added > 0:
			plain = false
		case !plain:
			plain = true // the middle may hide what the profits themselves show
		case level+1 == len(memories):
			return open, level
		default:
			level++
			best, plain = 0, false
			c.x.remember(memories[level])
		}
	}
}

// programme covers all tasks by the known routes within a length. In it a task has 1
// less its profit.
func (c *columns) programme(longest int32) *simplex.Program {
	lp := simplex.New()
	for range c.p.tasks {
		lp.AddColumn(1, 1)
	}
	for _, r := range c.known {
		if r.cost <= longest {
			addRoute(lp, r)
		}
	}
	return lp
}

// price looks for routes that collect more than 1 of the profits, and tells what all
// profits are, divided by the most that a route collects of those at the point. One of
// the vehicles has to collect its share of them, and what that costs is a bound.
func (c *columns) price(lp *simplex.Program, at, profit []float64, longest int32, rough bool) (added int, ratio float64, ok bool) {
	const enough = 1 + 1e-6
	sum := 0.0
	for _, v := range at {
		sum += v
	}
	goal := sum / float64(c.p.spec.Vehicles) * (1 - 1e-9)
	o, ok := c.x.best(at, longest, enough, goal, c.least, rough, c.w)
	if !ok {
		return 0, 0, false
	}
	if !rough && o.cost > c.least {
		c.least = o.cost
		c.better(c.least)
	}
	for _, r := range o.routes {
		worth := 0.0
		for t, times := range r.times {
			worth += float64(times) * profit[t]
		}
		if worth > enough {
			addRoute(lp, r)
			c.known = append(c.known, r)
			added++
		}
	}
	return added, sum / max(o.most, 1e-9), true
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

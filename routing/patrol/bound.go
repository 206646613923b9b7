package patrol

import (
	"context"

	"gridbeat/routing"
	"gridbeat/routing/arc"
)

// bound knows what no set of routes can do without.
type bound struct {
	services int // all tasks, each in its quicker direction
	dead     int // ways that are driven once more, at least
	far      int // the farthest task alone
	by       string
}

func (b *builder) newBound(c *costs) *bound {
	x := &bound{by: "services"}
	odd := map[routing.Node]bool{}
	for t := range len(c.first) - 1 {
		least := c.modes[c.first[t]].cost
		for m := c.first[t]; m < c.first[t+1]; m++ {
			least = min(least, c.modes[m].cost)
		}
		x.services += int(least)
		x.far = max(x.far, c.alone(t))
		m := c.modes[c.first[t]]
		odd[m.first], odd[m.last] = !odd[m.first], !odd[m.last]
	}
	return x
}

// of is the time that the longest of so many routes takes at least, and why.
func (x *bound) of(routes int) (int, string) {
	share := (x.services + x.dead + routes - 1) / routes
	if x.far > share {
		return x.far, "farthest street"
	}
	return share, x.by
}

// routes is how many routes of that length it takes at least.
func (x *bound) routes(limit int) int {
	return (x.services + x.dead + limit - 1) / limit
}

// proveModes is up to how many modes a bound better than that of the services is
// looked for, proofWork how much work that is for a step of a search without a clock.
const (
	proveModes = 4000
	proofWork  = 2_000
)

// prove looks for a bound of so many routes beside the search. What it returns ends
// that and tells the best one.
func (b *builder) prove(ctx context.Context, c *costs, x *bound, routes int) func() (int, string) {
	best, by := x.of(routes)
	if len(c.modes) > proveModes {
		return func() (int, string) { return best, by }
	}
	o, cancel := arc.BoundOptions{}, func() {}
	if b.o.TimeLimit > 0 {
		ctx, cancel = context.WithDeadline(ctx, b.begun.Add(b.o.TimeLimit*95/100))
	} else {
		o.Work = int64(b.o.Iterations) * proofWork
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		all := make([]int32, c.tasks())
		for t := range all {
			all[t] = int32(t)
		}
		p, _, err := c.problem(ctx, all, 1)
		if err != nil {
			return // without a proof the bound of the services stands
		}
		if found := arc.BoundWithin(ctx, p.With(routes, int(b.in.Shift.Milliseconds())), o); found.Bound > best {
			best, by = found.Bound, found.By
		}
	}()
	return func() (int, string) {
		<-done
		cancel()
		return best, by
	}
}

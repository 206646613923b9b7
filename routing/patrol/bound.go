package patrol

import (
	"context"
	"slices"
	"time"

	"gridbeat/routing/arc"
	"gridbeat/routing/postman"
)

// bound knows what no set of routes can do without.
type bound struct {
	town     postman.Town
	sure     bool // walks through the town are bounds
	services int  // all tasks, each in its quicker direction
	dead     int  // ways that are driven once more, at least
	far      int  // the farthest task alone
	by       string
}

func (b *builder) newBound(c *costs) *bound {
	x := &bound{by: "services"}
	sure := true
	for t := range c.tasks() {
		m := c.modes[c.first[t]:c.first[t+1]]
		least := m[0].cost
		for i := range m {
			least = min(least, m[i].cost)
			sure = sure && (m[i].first == m[0].first && m[i].last == m[0].last || m[i].first == m[0].last && m[i].last == m[0].first)
		}
		x.services += int(least)
	}
	x.town, x.sure = c.town(b.ways()), sure
	x.far = c.farthest(x.town)
	again, err := postman.Again(x.town)
	if err == nil && sure && again > 0 {
		x.dead, x.by = int(again), "one-way streets"
	}
	return x
}

// farthest is what the farthest task takes alone at least, without what turns cost, along
// any ways of the town.
func (c *costs) farthest(town postman.Town) int {
	alone := make([]int, c.tasks())
	for d, home := range c.b.depots {
		out, err := postman.Costs(town, int32(home), false)
		if err != nil {
			return 0
		}
		back, err := postman.Costs(town, int32(home), true)
		if err != nil {
			return 0
		}
		for _, m := range c.modes {
			t := int(max(0, out[m.first]) + int64(m.cost) + max(0, back[m.last]))
			if k := m.task; d == 0 && alone[k] == 0 || t < alone[k] {
				alone[k] = t
			}
		}
	}
	return slices.Max(alone)
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

// prove looks for a bound of as many routes as there are beside the search. It returns
// a context for the search, which ends soon after no plan can be better, and what ends
// the proof and tells the best bound. finish ends the proof of a plan that is too large.
func (b *builder) prove(ctx context.Context, c *costs, x *bound, m *improver, finish func()) (search context.Context, proof func() (int, string)) {
	routes := len(m.tours)
	best, by := x.of(routes)
	if len(c.modes) > proveModes {
		return ctx, func() (int, string) {
			finish()
			return x.of(routes)
		}
	}
	o := arc.BoundOptions{Incumbent: func() int { return int(m.known.Load()) }}
	run := func(ctx context.Context) {
		p, err := c.relaxed(ctx)
		if err != nil {
			return // without a proof the bound of the services stands
		}
		if found := arc.BoundWithin(ctx, p.With(routes, int(b.in.Shift.Milliseconds())), o); found.Bound > best {
			best, by = found.Bound, found.By
		}
	}
	if b.o.TimeLimit == 0 {
		o.Work = int64(b.o.Iterations) * proofWork
		return ctx, func() (int, string) {
			run(ctx)
			return best, by
		}
	}
	search, stop := context.WithCancel(ctx)
	o.OnBetter = func(p arc.Proof) {
		if known := o.Incumbent(); known > 0 && p.Bound >= known {
			time.AfterFunc(time.Since(b.begun)/4, stop) // the total may still be less
		}
	}
	within, cancel := context.WithDeadline(ctx, b.begun.Add((b.o.TimeLimit-b.writing)*95/100))
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(within)
	}()
	return search, func() (int, string) {
		<-done
		cancel()
		stop()
		return best, by
	}
}

// pairOdd proves more for plans that are too large for a better proof: what walks spend
// at least to come and go evenly often at every place. It works beside all else; x knows
// the outcome once the function that it returns has come back.
func (b *builder) pairOdd(ctx context.Context, c *costs, x *bound) (finish func()) {
	if !x.sure || len(c.modes) <= proveModes {
		return func() {}
	}
	cancel := func() {}
	if b.o.TimeLimit > 0 {
		ctx, cancel = context.WithDeadline(ctx, b.begun.Add((b.o.TimeLimit-b.writing)*95/100))
	}
	least, done := int64(0), make(chan struct{})
	go func() {
		defer close(done)
		least, _ = postman.Least(ctx, x.town) // without a proof the balance alone stands
	}()
	return func() {
		<-done
		cancel()
		if int(least) > x.dead {
			x.dead, x.by = int(least), "one-way streets and odd crossings"
		}
	}
}

package patrol

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"
)

// found is the outcome of the search.
type found struct {
	costs *costs
	tours []tour
	bound int // milliseconds, of the longest route
	by    string
}

// spaceShare is the share of the time in which visits are moved apart at most, before the
// search and after it.
const spaceShare = 0.04

// rounds is how many times the routes are grouped anew at most, where they are too many
// for one group, and for how long a group is searched at least.
const (
	rounds       = 4
	groupSeconds = 2.5
)

// search finds few routes that hold all streets, of which the longest is short.
func (b *builder) search(ctx context.Context) (*found, error) {
	c, err := b.newCosts(ctx)
	if err == nil {
		c, err = b.dropFar(ctx, c)
	}
	if err != nil {
		return nil, fmt.Errorf("patrol plan: %w", err)
	}
	if c.tasks() == 0 {
		return &found{costs: c}, nil
	}
	limit, units := b.limit, len(b.in.Units)
	m := &improver{c: c, limit: limit, threads: b.o.Threads, random: rand.New(rand.NewPCG(b.o.Seed, 1)), known: new(atomic.Int64)}
	if m.tours, err = b.first(ctx, c, limit); err != nil {
		return nil, err
	}
	m.tours = c.space(m.tours, spaceShare)
	b.best(c, m.tours)
	b.timeWriting(c, m.tours)
	early := m.tours
	bound := b.newBound(c)
	finish := b.pairOdd(ctx, c, bound)
	defer finish()
	b.exchange(ctx, m)
	if err := b.fewer(ctx, m, max(units, bound.routes(limit))); err != nil {
		return nil, err
	}
	for len(m.tours) < units {
		m.tours = append(m.tours, tour{})
	}
	m.note(m.tours)
	search, proof := b.prove(ctx, c, bound, m, finish)
	err = b.improve(search, m, 1, rounds)
	b.level(ctx, m)
	m.note(m.tours)
	if m.tours = c.space(m.tours, spaceShare); c.short(early) < c.short(m.tours) {
		m.tours = early
	}
	if longest, _ := measure(m.tours); err == nil && longest > limit {
		err = bad("service-unit", "", "the streets that are fixed to a unit take it longer than a shift", "fix fewer streets to it, or give a longer shift")
	}
	f := &found{costs: c, tours: m.tours}
	f.bound, f.by = proof()
	if err != nil {
		return nil, err
	}
	return f, nil
}

// timeWriting notes how long it will take to write the plan's routes out, from the one
// with the most streets.
func (b *builder) timeWriting(c *costs, tours []tour) {
	if b.o.TimeLimit == 0 {
		return
	}
	begun := time.Now()
	most := slices.MaxFunc(tours, func(x, y tour) int { return len(x.modes) - len(y.modes) })
	if path, _, _, err := b.path(b.net.NewFinder(), c, most); err == nil {
		b.steps(drive{path: path}, nil)
	}
	b.writing = time.Since(begun) * time.Duration(len(tours)) / time.Duration(b.o.Threads)
}

// first is the first plan: a walk through all streets, cut into routes. All units go
// out when one shift is enough, else as few routes as hold the streets. Where there is
// a previous plan its routes are the first, as far as they still keep the shift.
func (b *builder) first(ctx context.Context, c *costs, limit int) ([]tour, error) {
	order, err := concat(nil), ctx.Err()
	if renewed := c.renew(b.in.Previous); renewed != nil {
		if longest, _ := measure(renewed); longest <= limit && !c.bound() {
			return renewed, err
		}
		order = concat(renewed)
	} else if err == nil {
		order, err = c.walk()
	}
	if err != nil {
		return nil, fmt.Errorf("patrol plan: %w", err)
	}
	c.fit(order, limit)
	if c.bound() {
		if pinned := c.pin(c.cut(order, len(b.in.Units), limit)); len(pinned) > 0 {
			if longest, _ := measure(pinned); longest <= limit {
				return pinned, nil
			}
		}
	}
	order, own := c.owned(order)
	few := c.cut(order, len(b.in.Units)-len(own), limit)
	if few == nil && len(order) > 0 {
		return nil, errors.New("patrol plan: no number of shifts is enough")
	}
	return append(own, few...), nil
}

// cut cuts an order into routes within the limit, even ones where all units go out.
func (c *costs) cut(order []int32, units, limit int) []tour {
	gaps := c.gaps(order)
	few := c.split(order, gaps, limit)
	if even := c.even(order, gaps, few, max(len(few), units), limit); even != nil {
		return even
	}
	return few
}

// fewer looks for fewer routes, as long as the streets seem to fit into them: each saves
// a way from and to the depot. That takes time; three numbers are tried at most. Where
// there are too many routes for one group, neighbours of single ones are tried without it.
func (b *builder) fewer(ctx context.Context, m *improver, least int) error {
	if len(m.groups()) > 1 {
		b.shed(ctx, m)
		return nil
	}
	const hope = 0.9 // what a search makes of the total, at best
	_, sum := measure(m.tours)
	fewer := max(least, int(math.Ceil(hope*float64(sum)/float64(m.limit))))
	for share := 0.4; fewer < len(m.tours) && share > 0.05; fewer, share = fewer+1, share/2 {
		if err := b.squeeze(ctx, m, fewer, share); err != nil {
			return err
		}
	}
	return nil
}

// squeeze tries to do with so many routes, fewer than there are, for a share of the
// time that is left. What the attempt has
// improved is kept where it fails: its routes, one after the other, are cut anew.
func (b *builder) squeeze(ctx context.Context, m *improver, routes int, share float64) error {
	if b.spent(ctx) {
		return nil
	}
	try := *m
	order := concat(m.tours)
	gaps := m.c.gaps(order)
	if try.tours = m.c.even(order, gaps, m.c.split(order, gaps, 2*m.limit), routes, 2*m.limit); try.tours == nil {
		return nil
	}
	if m.c.follows != nil {
		if shared := m.c.dissolve(m.tours, routes, pieces*routes); shared != nil {
			try.tours = shared
		}
	}
	if try.tours = m.c.pin(try.tours); len(try.tours) > routes {
		return nil
	}
	if err := b.improve(ctx, &try, share, rounds/2); err != nil {
		return err
	}
	longest, _ := measure(try.tours)
	if m.c.bound() && (longest > m.limit || m.c.kept(m.tours) && !m.c.kept(try.tours)) {
		return nil
	}
	if longest > m.limit {
		order = concat(try.tours)
		m.c.fit(order, m.limit)
		gaps := m.c.gaps(order)
		few := m.c.split(order, gaps, m.limit)
		try.tours = m.c.even(order, gaps, few, max(len(b.in.Units), len(few)), m.limit)
	}
	if try.tours != nil && len(try.tours) <= len(m.tours) {
		m.tours = try.tours
		b.best(m.c, m.tours)
	}
	return nil
}

func concat(tours []tour) (order []int32) {
	for _, t := range tours {
		order = append(order, t.modes...)
	}
	return order
}

// spent reports whether the time is up.
func (b *builder) spent(ctx context.Context) bool {
	return ctx.Err() != nil || b.o.TimeLimit > 0 && time.Since(b.begun) >= b.o.TimeLimit
}

// best tells of a plan.
func (b *builder) best(c *costs, tours []tour) {
	if b.o.OnBest != nil && c.kept(tours) {
		longest, sum := measure(tours)
		b.o.OnBest(time.Duration(longest)*time.Millisecond, time.Duration(sum)*time.Millisecond)
	}
}

// improve spends a share of the time that is left, or of the steps, on the routes.
func (b *builder) improve(ctx context.Context, m *improver, share float64, rounds int) error {
	if b.spent(ctx) {
		return nil
	}
	var left time.Duration
	if b.o.TimeLimit > 0 {
		left = max(time.Millisecond, time.Duration(share*0.95*float64(b.o.TimeLimit-b.writing-time.Since(b.begun))))
	}
	// A round is worth its while when every group gets some seconds of a core.
	groups := len(m.groups())
	if groups == 1 {
		rounds = 1
	} else if b.o.TimeLimit > 0 {
		rounds = max(1, min(rounds, int(left.Seconds()*float64(b.o.Threads)/(groupSeconds*float64(groups)))))
	}
	begun := time.Now()
	for r := range rounds {
		var until time.Time
		if left > 0 {
			until = begun.Add(left * time.Duration(r+1) / time.Duration(rounds))
		}
		steps := int(float64(b.o.Iterations) * share / float64(rounds))
		if err := m.round(ctx, until, steps); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("patrol plan: %w", err)
		}
		if longest, _ := measure(m.tours); longest <= m.limit {
			b.best(m.c, m.tours)
		}
		b.progress("routes", r+1, rounds)
	}
	return nil
}

// dropFar takes the tasks out that no shift is long enough for. What no route passes on
// its way is missed.
func (b *builder) dropFar(ctx context.Context, c *costs) (*costs, error) {
	limit := b.limit
	var keep []stretch
	for t, s := range b.stretches {
		if c.alone(t) <= limit {
			keep = append(keep, s)
			continue
		}
		for _, e := range s.edges {
			b.left = append(b.left, leftOut{e, "beyond shift: the way there and back from the depot is longer than a shift of " + b.in.Shift.String()})
		}
	}
	if len(keep) == len(b.stretches) {
		return c, nil
	}
	b.stretches = keep
	return b.newCosts(ctx)
}

package patrol

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// leastDifference is the share of the successions of street after street, with their
// directions, that two variants do not have in common at least.
const leastDifference = 0.5

// Variants plans up to count times for the same input, so that a patrol cannot be
// foretold: the first plan is the quickest, the total time of the others is at most
// the share within (such as 0.05) above it, and any two differ in at least half of
// their successions from one street to the next. Where fewer such plans are found,
// fewer are returned. Their IDs are that of the options with -2, -3, ... behind it.
func Variants(ctx context.Context, in Input, o Options, count int, within float64) ([]*Plan, error) {
	if count < 1 || count > 20 || !(within >= 0 && within <= 1) {
		return nil, bad("variants", "", fmt.Sprintf("%d variants within %g of the best", count, within), "ask for 1 to 20 variants within 0 to 1")
	}
	b, err := newBuilder(in, o)
	if err != nil {
		return nil, err
	}
	b.progress("streets", 1, 1)
	if count == 1 {
		p, err := b.attempt(ctx)
		return []*Plan{p}, err
	}
	whole := b.o.TimeLimit
	searches := (count + 1) / 2 // each is driven backwards as well
	var plans, good []*found
	for s := range 2 * searches {
		if whole > 0 {
			b.o.TimeLimit = time.Duration(min(s+1, searches)) * whole / time.Duration(searches)
			if s > 0 && time.Since(b.begun) > whole {
				break
			}
		}
		b.o.Seed = o.Seed + uint64(s)
		if s > 0 {
			b.in.Previous = nil // the others are to differ
		}
		f, err := b.search(ctx)
		if err != nil {
			return nil, err
		}
		plans = append(plans, f)
		if f.tours != nil {
			plans = append(plans, f.backwards())
		}
		if good, err = b.accept(plans, within); err != nil {
			return nil, err
		}
		if len(good) >= count || ctx.Err() != nil || s+1 >= searches && whole > 0 {
			break
		}
	}
	b.o.Seed, b.in.Previous = o.Seed, in.Previous
	var out []*Plan
	for i, f := range good {
		if i == count {
			break
		}
		p, err := b.plan(f)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			p.ID = fmt.Sprintf("%s-%d", p.ID, i+1)
		}
		out = append(out, p)
	}
	return out, nil
}

// accept lists the quickest plan and those that are quick and different enough, the
// quickest first.
func (b *builder) accept(plans []*found, within float64) ([]*found, error) {
	limit := b.limit
	total := func(f *found) int { _, sum := measure(f.tours); return sum }
	sorted := slices.Clone(plans)
	slices.SortStableFunc(sorted, func(x, y *found) int { return total(x) - total(y) })
	var out []*found
	var known []map[succession]bool
	for _, f := range sorted {
		longest, sum := measure(f.tours)
		if longest > limit || len(out) > 0 && float64(sum) > (1+within)*float64(total(out[0])) {
			continue
		}
		if len(out) > 0 && !f.costs.kept(f.tours) && out[0].costs.kept(out[0].tours) {
			continue
		}
		mine, err := f.successions()
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(known, func(other map[succession]bool) bool { return difference(mine, other) < leastDifference }) {
			continue
		}
		out, known = append(out, f), append(known, mine)
	}
	return out, nil
}

// backwards is the plan with every route driven the other way round, as far as
// one-ways allow: the tasks in reversed order, each the other way.
func (f *found) backwards() *found {
	c := f.costs
	out := &found{costs: c, bound: f.bound, by: f.by}
	for _, t := range f.tours {
		r := tour{depot: t.depot, unit: t.unit}
		for _, m := range slices.Backward(t.modes) {
			k := c.modes[m].task
			if c.first[k+1]-c.first[k] == 2 {
				m = c.first[k] + c.first[k+1] - 1 - m
			}
			r.modes = append(r.modes, m)
		}
		_, r.cost = c.times(r)
		out.tours = append(out.tours, r)
	}
	return out
}

// succession is one street after another, each with its direction.
type succession struct {
	before, after               int32
	beforeForward, afterForward bool
}

// successions are those of the streets along the routes.
func (f *found) successions() (map[succession]bool, error) {
	b := f.costs.b
	n, finder := b.net, b.net.NewFinder()
	out := map[succession]bool{}
	for _, t := range f.tours {
		if len(t.modes) == 0 {
			continue
		}
		path, _, _, err := b.path(finder, f.costs, t)
		if err != nil {
			return nil, err
		}
		for i := 1; i < len(path); i++ {
			x, y := path[i-1], path[i]
			if s, t := n.StreetIndex(n.Edge(x)), n.StreetIndex(n.Edge(y)); s != t || n.Forward(x) != n.Forward(y) {
				out[succession{int32(s), int32(t), n.Forward(x), n.Forward(y)}] = true
			}
		}
	}
	return out, nil
}

// difference is the share of the smaller set that the other one lacks.
func difference(x, y map[succession]bool) float64 {
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	lacks := 0
	for s := range x {
		if !y[s] {
			lacks++
		}
	}
	return float64(lacks) / float64(len(x))
}

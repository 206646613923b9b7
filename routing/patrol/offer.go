package patrol

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"gridbeat/routing/arc"
)

// mostOffered is how many plans an offer has at most: the time is shared out to them.
const mostOffered = 20

// Offer plans for the same input between the shortest longest route and the least total
// time, at most count times: the longer a plan's longest route, the less all take
// together. The plan with the shortest longest route is the first. Their IDs are that of
// the options with -2, -3, ... behind it.
func Offer(ctx context.Context, in Input, o Options, count int) ([]*Plan, error) {
	if count < 2 || count > mostOffered {
		return nil, bad("offer", "", fmt.Sprintf("an offer of %d plans", count), fmt.Sprintf("ask for 2 to %d plans", mostOffered))
	}
	b, err := newBuilder(in, o)
	if err != nil {
		return nil, err
	}
	b.progress("streets", 1, 1)
	if len(b.checks) > 0 {
		b.limit -= b.reserve()
	}
	if b.o.Iterations > 0 {
		b.o.Iterations = max(1, b.o.Iterations/count)
	}
	whole := b.o.TimeLimit
	b.o.TimeLimit = whole / time.Duration(count)
	first, err := b.search(ctx)
	if err != nil {
		return nil, err
	}
	shortest, _ := measure(first.tours)
	offer := []*found{first}
	for k := 2; k <= count && len(first.tours) > 0 && ctx.Err() == nil; k++ {
		// The least total comes second: it tells what lies between.
		limit := b.limit
		if k > 2 {
			longest, _ := measure(offer[1].tours)
			limit = shortest + (longest-shortest)*(k-2)/(count-1)
		}
		b.o.TimeLimit = time.Duration(k) * whole / time.Duration(count)
		next, err := b.shorten(ctx, first, limit, uint64(k))
		if err != nil {
			return nil, err
		}
		offer = append(offer, next)
	}
	return b.offered(offer)
}

// shorten makes the total of a plan short, with routes within the limit.
func (b *builder) shorten(ctx context.Context, f *found, limit int, k uint64) (*found, error) {
	m := &improver{c: f.costs, limit: limit, objective: arc.Total, threads: b.o.Threads, random: rand.New(rand.NewPCG(b.o.Seed, 100+k)),
		tours: slices.Clone(f.tours), known: new(atomic.Int64)}
	err := b.improve(ctx, m, 1, rounds)
	return &found{costs: f.costs, tours: m.tours, bound: f.bound, by: f.by}, err
}

// offered makes the plans and keeps those of which each is shorter in all than every one
// with a shorter longest route.
func (b *builder) offered(offer []*found) ([]*Plan, error) {
	var plans []*Plan
	late := error(nil)
	for i, f := range offer {
		if i > 0 && f.costs.kept(offer[0].tours) && !f.costs.kept(f.tours) {
			continue
		}
		p, err := b.plan(f)
		if errors.Is(err, errLate) {
			late = err
			continue
		}
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	if len(plans) == 0 {
		return nil, bad("checkpoints", "", late.Error(), "give wider times, more units or a longer shift")
	}
	slices.SortStableFunc(plans, func(x, y *Plan) int {
		xLong, xAll := x.seconds()
		yLong, yAll := y.seconds()
		return cmp.Or(cmp.Compare(xLong, yLong), cmp.Compare(xAll, yAll))
	})
	_, least := plans[0].seconds()
	least++
	plans = slices.DeleteFunc(plans, func(p *Plan) bool {
		_, all := p.seconds()
		if all >= least {
			return true
		}
		least = all
		return false
	})
	for i, p := range plans[1:] {
		p.ID = fmt.Sprintf("%s-%d", p.ID, i+2)
	}
	return plans, nil
}

// seconds are those of the longest route, and of all.
func (p *Plan) seconds() (longest, all float64) {
	for _, r := range p.Routes {
		longest, all = max(longest, r.Seconds), all+r.Seconds
	}
	return longest, all
}

package district

import (
	"context"
	"math"
	"time"
)

// chains is how often a piece of few units is seeded and cooled, each time with its
// share of the moves: the best of two short searches is as good as one long one, and
// they keep two cores busy.
const chains = 2

// chainRounds is the fewest rounds of a chain; with fewer in all there is but one.
const chainRounds = 1500

// grown seeds a piece and cools it down.
func (p *search) grown(ctx context.Context, f *forest) Partition {
	if len(p.g.Units) > 2*tileUnits || p.Rounds < chains*chainRounds {
		return p.anneal(ctx, p.seeded(ctx, f, p.rng(0)))
	}
	c := p.cooling()
	c.moves /= chains
	allot := p.share(float64(min(max(1, p.Threads), chains)) / chains)
	var parts [chains]Partition
	var late [chains]bool
	parallel(p.Threads, chains, func(k int) {
		began := time.Now()
		part := p.seeded(ctx, newForest(p.g, f.s), p.rng(uint64(10+2*k)))
		left := allot
		if allot > 0 {
			left = max(time.Millisecond, allot-time.Since(began))
		}
		parts[k], late[k] = p.cool(ctx, p.g, part, c, left, p.rng(uint64(11+2*k)))
	})
	best, least := 0, math.Inf(1)
	for k, part := range parts {
		p.late = p.late || late[k]
		if j := p.g.Score(part, p.Objective, p.Bounds); j < least {
			best, least = k, j
		}
	}
	return parts[best]
}

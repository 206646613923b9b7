package patrol

import (
	"context"
	"slices"

	"gridbeat/routing/arc"
)

const (
	levelGoal   = 1.04 // worst balance with which a plan is left as it is
	levelWeight = 30.0 // weight of uneven shifts against the total
	levelHeat   = 1000.0
	levelRounds = 6
	levelDear   = 1.025 // what a level plan's total may be of what it was
	// Moves of a round: so many a task, and at most.
	levelMoves, levelMost = 50, 60_000
	// Rounds in which single routes and their neighbours are levelled: so many without
	// success, and at most.
	levelTries, levelRoutes = 10, 40
)

// balance is the longest route of a shift over the mean of that shift, of the shift where
// that is most, when routes of like length share a shift; and by route the mean of its
// shift.
func balance(tours []tour, units int) (worst float64, mean []float64) {
	order := byLength(tours)
	mean = make([]float64, len(tours))
	crews := crews(len(order), units)
	for lo := 0; lo < len(order); {
		hi, sum := lo, 0
		for ; hi < len(order) && crews[hi].shift == crews[lo].shift; hi++ {
			sum += tours[order[hi]].cost
		}
		for _, i := range order[lo:hi] {
			mean[i] = float64(sum) / float64(hi-lo)
		}
		worst = max(worst, float64(tours[order[lo]].cost)/max(1, mean[order[lo]]))
		lo = hi
	}
	return worst, mean
}

// level evens out the routes of a shift by exchanges with routes of any shift, where they
// differ much.
func (b *builder) level(ctx context.Context, m *improver) {
	if m.c.bound() || b.in.Previous != nil || len(m.tours) < 2 || m.objective != arc.MinMax {
		return
	}
	units := len(b.in.Units)
	least, mean := balance(m.tours, units)
	longest, sum := measure(m.tours)
	if least <= levelGoal || longest > m.limit {
		return
	}
	x := m.c.newExchange(m.tours, longest, b.o.Seed)
	x.weight = levelWeight
	for range levelRounds {
		if least <= levelGoal || b.spent(ctx) {
			return
		}
		copy(x.target, mean)
		for range min(levelMoves*len(x.all), levelMost) {
			x.step(levelHeat)
		}
		tours := x.tours()
		var worst float64
		worst, mean = balance(tours, units)
		now, all := measure(tours)
		if worst < least && now <= longest && float64(all) <= levelDear*float64(sum) {
			least, m.tours = worst, tours
		}
	}
	b.levelNear(ctx, m, longest, int(levelDear*float64(sum)))
}

// levelNear goes on with single routes and their neighbours, which exchange pieces where
// they come near each other too: a route is made as short as the mean of the worst shift,
// its longest one or else one of the shift before, so that they change places; or one of
// its shortest is made as long.
func (b *builder) levelNear(ctx context.Context, m *improver, longest, most int) {
	least, mean := balance(m.tours, len(b.in.Units))
	try, seed := 0, b.o.Seed
	for range levelRoutes {
		if try == levelTries || least <= levelGoal || b.spent(ctx) {
			return
		}
		order, lo, hi := worstShift(m.tours, mean)
		ends := [2]int{order[max(0, lo-try)], order[max(lo, hi-1-try)]}
		goal := slices.Clone(mean)
		goal[ends[0]] = mean[order[lo]]
		var found [2][]tour
		inParallel(b.o.Threads, len(ends), func(i int) {
			found[i] = m.c.levelled(ctx, m.tours, m.c.neighbours(m.tours, ends[i]), goal, longest, seed+uint64(i))
		})
		try, seed = try+1, seed+uint64(len(ends))
		for _, tours := range found {
			if tours == nil {
				continue
			}
			now, all := measure(tours)
			if worst, by := balance(tours, len(b.in.Units)); worst < least && now <= longest && all <= most {
				least, mean, m.tours, try = worst, by, tours, 0
			}
		}
	}
}

// worstShift are the routes from the longest to the shortest, and which of them share the
// shift where the longest is most above the mean.
func worstShift(tours []tour, mean []float64) (order []int, lo, hi int) {
	order = byLength(tours)
	over := func(i int) float64 { return float64(tours[order[i]].cost) / max(1, mean[order[i]]) }
	for i := range order {
		if over(i) > over(lo) {
			lo = i
		}
	}
	for hi = lo; hi < len(order) && mean[order[hi]] == mean[order[lo]]; hi++ {
	}
	return order, lo, hi
}

// levelled are the tours after those of a group have come nearer to their means by
// exchanges; nil where the context ends.
func (c *costs) levelled(ctx context.Context, tours []tour, group []int, mean []float64, limit int, seed uint64) []tour {
	var own []tour
	for _, r := range group {
		own = append(own, tours[r])
	}
	x := c.newExchange(own, limit, seed)
	x.weight = levelWeight
	for i, r := range group {
		x.target[i] = mean[r]
	}
	if err := x.lookAround(ctx); err != nil {
		return nil
	}
	for range min(levelMoves*len(x.all), levelMost) {
		x.step(levelHeat)
	}
	out := slices.Clone(tours)
	for i, t := range x.tours() {
		out[group[i]] = t
	}
	return out
}

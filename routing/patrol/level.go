package patrol

import (
	"cmp"
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
)

// balance is the longest route of a shift over the mean of that shift, of the shift where
// that is most, when routes of like length share a shift; and by route the mean of its
// shift.
func balance(tours []tour, units int) (worst float64, mean []float64) {
	var order []int
	mean = make([]float64, len(tours))
	for i, t := range tours {
		if len(t.modes) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(tours[j].cost, tours[i].cost) })
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
}

package patrol

import (
	"cmp"
	"context"
	"slices"
	"time"
)

const (
	shedShare  = 0.25 // of the time, at most, that fewer routes are tried for
	shedNear   = 14   // how many routes are made one less at a time, at most
	shedModes  = 1200 // and how many modes they have
	shedPieces = 12   // into how many pieces the one that goes is dissolved
	shedBatch  = 4    // tries side by side
	shedMoves  = 200  // moves that a task makes in a try
	shedStrict = 20   // weight of what is above the limit in the end of a try
	shedHope   = 0.95 // what a search makes of the total where routes become fewer, at best
	shedSpare  = 0.9  // share of the time of the one that goes for which others need room
)

// shed does with fewer routes as long as neighbours of one can take over what it does: it
// is shared out to them, piece by piece, and exchanges between them bring all within the
// limit or do not.
func (b *builder) shed(ctx context.Context, m *improver) {
	if m.c.bound() || b.in.Previous != nil {
		return
	}
	begun, seed, least := time.Now(), b.o.Seed, max(1, len(b.in.Units))
	failed := make([]bool, len(m.tours))
	for !b.spent(ctx) {
		_, sum := measure(m.tours)
		if len(m.tours) <= least || float64(len(m.tours)-1) < shedHope*float64(sum)/float64(m.limit) ||
			b.o.TimeLimit > 0 && time.Since(begun).Seconds() > shedShare*b.o.TimeLimit.Seconds() {
			return
		}
		spares := shortest(m.tours, failed, min(shedBatch, len(m.tours)-least))
		if len(spares) == 0 {
			return
		}
		groups, found := make([][]int, len(spares)), make([][]tour, len(spares))
		inParallel(b.o.Threads, len(spares), func(i int) {
			groups[i] = m.c.neighbours(m.tours, spares[i])
			found[i] = m.c.without(ctx, m.tours, groups[i], m.limit, seed+uint64(i))
		})
		seed += uint64(len(spares))
		for _, r := range spares {
			failed[r] = true
		}
		if tours, again := exchangeGroups(m.tours, failed, groups, found); len(tours) < len(m.tours) {
			m.tours, failed = tours, again
			b.best(m.c, m.tours)
		}
	}
}

// exchangeGroups puts what was found in the place of groups of routes, as far as they have
// no route in common with one before, and tells which routes have failed.
func exchangeGroups(tours []tour, failed []bool, groups [][]int, found [][]tour) (out []tour, again []bool) {
	gone := make([]bool, len(tours))
	var more []tour
	for i, group := range groups {
		if found[i] == nil || slices.ContainsFunc(group, func(r int) bool { return gone[r] }) {
			continue
		}
		more = append(more, found[i]...)
		for _, r := range group {
			gone[r] = true
		}
	}
	for r, t := range tours {
		if !gone[r] {
			out, again = append(out, t), append(again, failed[r])
		}
	}
	return append(out, more...), append(again, make([]bool, len(more))...)
}

// shortest are so many of the shortest routes among those that have not failed.
func shortest(tours []tour, failed []bool, count int) (out []int) {
	for r := range tours {
		if !failed[r] {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(r, s int) int { return cmp.Compare(tours[r].cost, tours[s].cost) })
	return out[:min(len(out), count)]
}

// neighbours are the route itself and those that come by the same places most often, as it
// or as one of those: as many as can be made one less at a time.
func (c *costs) neighbours(tours []tour, r int) []int {
	at, passed := make([]bool, len(tours)), make([]bool, c.b.net.Nodes())
	group, modes := []int{}, 0
	for r >= 0 {
		group, at[r], modes = append(group, r), true, modes+len(tours[r].modes)
		for _, m := range tours[r].modes {
			passed[c.modes[m].first], passed[c.modes[m].last] = true, true
		}
		r = -1
		most := 0
		for s := range tours {
			if at[s] || len(group) == shedNear || modes+len(tours[s].modes) > shedModes {
				continue
			}
			shared := 0
			for _, m := range tours[s].modes {
				if passed[c.modes[m].last] {
					shared++
				}
			}
			if shared > most {
				r, most = s, shared
			}
		}
	}
	return group
}

// without does what a group of routes does without the first one; nil where there is no
// room for that, or exchanges do not bring it within the limit.
func (c *costs) without(ctx context.Context, tours []tour, group []int, limit int, seed uint64) []tour {
	spare := tours[group[0]]
	if len(group) < 2 || len(spare.modes) == 0 {
		return nil
	}
	var rest []tour
	tasks, room := len(spare.modes), 0
	for _, r := range group[1:] {
		rest = append(rest, tours[r])
		tasks += len(tours[r].modes)
		room += limit - tours[r].cost
	}
	_, ways := c.nearest(spare.modes[0], spare.modes[len(spare.modes)-1])
	if float64(room) < shedSpare*float64(spare.cost-ways) {
		return nil
	}
	c.share(rest, spare, shedPieces, limit)
	x := c.newExchange(rest, limit, seed)
	x.strict = shedStrict
	if err := x.lookAround(ctx); err != nil {
		return nil
	}
	return x.run(ctx, func(moves int) float64 { return float64(moves) / float64(shedMoves*tasks) })
}

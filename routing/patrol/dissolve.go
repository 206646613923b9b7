package patrol

import (
	"math"
	"slices"
)

// pieces is into how many pieces for each route that stays one is dissolved that does not.
const pieces = 2

// dissolve shares the shortest routes out to so many others, piece by piece: what is left
// of a plan that was made for more units keeps its order. It returns nil where routes
// belong to units or visits are to be apart.
func (c *costs) dissolve(tours []tour, routes int) []tour {
	if c.bound() || routes < 1 {
		return nil
	}
	out := slices.Clone(tours)
	slices.SortStableFunc(out, func(x, y tour) int { return y.cost - x.cost })
	spare := out[routes:]
	out = out[:routes]
	_, sum := measure(tours)
	for _, t := range spare {
		size := max(1, (len(t.modes)+pieces*routes-1)/(pieces*routes))
		for piece := range slices.Chunk(t.modes, size) {
			c.give(out, piece, sum/routes)
		}
	}
	return out
}

// give puts a piece into the route where it adds least, of those that stay within the
// mean of all where there is one.
func (c *costs) give(tours []tour, piece []int32, mean int) {
	q := c.web.metric.NewQuery()
	inner := 0
	for i, m := range piece {
		if inner += int(c.modes[m].cost); i > 0 {
			inner += int(c.gap(q, piece[i-1], m))
		}
	}
	first, last := piece[0], piece[len(piece)-1]
	best, route, place := math.MaxInt, 0, 0
	for r, t := range tours {
		for at := 0; at <= len(t.modes); at++ {
			add := inner
			if at > 0 {
				add += int(c.gap(q, t.modes[at-1], first))
			} else {
				add += int(c.modes[first].out[t.depot])
			}
			if at < len(t.modes) {
				add += int(c.gap(q, last, t.modes[at]))
			} else {
				add += int(c.modes[last].home[t.depot])
			}
			switch {
			case at > 0 && at < len(t.modes):
				add -= int(c.gap(q, t.modes[at-1], t.modes[at]))
			case at < len(t.modes):
				add -= int(c.modes[t.modes[0]].out[t.depot])
			case at > 0:
				add -= int(c.modes[t.modes[at-1]].home[t.depot])
			}
			if price := add + 4*max(0, t.cost+add-mean); price < best {
				best, route, place = price, r, at
			}
		}
	}
	t := &tours[route]
	t.modes = slices.Insert(slices.Clone(t.modes), place, piece...)
	c.price(t)
}

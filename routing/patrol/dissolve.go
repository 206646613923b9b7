package patrol

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/routing/cch"
)

// pieces is into how many pieces for each route that stays one is dissolved that does not.
const pieces = 2

// dissolve shares the shortest routes out to so many others, each in so many pieces: what
// is left of a plan that was made for more units keeps its order. It returns nil where
// routes belong to units or visits are to be apart.
func (c *costs) dissolve(tours []tour, routes, pieces int) []tour {
	if c.bound() || routes < 1 {
		return nil
	}
	out := slices.Clone(tours)
	slices.SortStableFunc(out, func(x, y tour) int { return y.cost - x.cost })
	spare := out[routes:]
	out = out[:routes]
	_, sum := measure(tours)
	for _, t := range spare {
		c.share(out, t, pieces, sum/routes)
	}
	return out
}

// share gives what a route does to others, in so many pieces.
func (c *costs) share(to []tour, spare tour, pieces, mean int) {
	size := max(1, (len(spare.modes)+pieces-1)/pieces)
	for piece := range slices.Chunk(spare.modes, size) {
		c.give(to, piece, mean)
	}
}

// opening is a link of a tour, before the mode of that number, and about how many metres
// a piece goes out of its way there.
type opening struct {
	route, at int
	metres    float64
}

// openings are the links of all tours where a piece goes least out of its way as the
// crow flies, nearest first.
func (c *costs) openings(tours []tour, piece []int32) []opening {
	n := c.b.net
	plane := n.Plane()
	away := func(p, q orb.Point) float64 { return float64(plane.Distance(p, q)) }
	first, last := n.At(c.modes[piece[0]].first), n.At(c.modes[piece[len(piece)-1]].last)
	var all []opening
	for r, t := range tours {
		home := n.At(c.b.depots[t.depot])
		for at := 0; at <= len(t.modes); at++ {
			from, to := home, home
			if at > 0 {
				from = n.At(c.modes[t.modes[at-1]].last)
			}
			if at < len(t.modes) {
				to = n.At(c.modes[t.modes[at]].first)
			}
			all = append(all, opening{r, at, away(from, first) + away(last, to) - away(from, to)})
		}
	}
	slices.SortStableFunc(all, func(x, y opening) int { return cmp.Compare(x.metres, y.metres) })
	return all[:min(len(all), giveTries)]
}

// giveTries is in how many places a piece is tried.
const giveTries = 64

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
	best, route, place := math.MaxInt, 0, 0
	for _, o := range c.openings(tours, piece) {
		add := inner + c.detour(q, tours[o.route], o.at, piece)
		if price := add + 4*max(0, tours[o.route].cost+add-mean); price < best {
			best, route, place = price, o.route, o.at
		}
	}
	t := &tours[route]
	t.modes = slices.Insert(slices.Clone(t.modes), place, piece...)
	c.price(t)
}

// detour is the time of the ways to a piece before the mode of a tour of that number and
// on from it, less that of the way that it takes the place of.
func (c *costs) detour(q *cch.Query, t tour, at int, piece []int32) (add int) {
	first, last := piece[0], piece[len(piece)-1]
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
	return add
}

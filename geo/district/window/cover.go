package window

import (
	"cmp"
	"context"
	"slices"
)

// priced is a column with its reduced cost, at least zero.
type priced struct {
	column
	reduced float64
}

// cover finds the cheapest exact cover of some units by columns, cheapest by the sum
// of reduced costs: depth first, always on the unit that the fewest columns still fit
// (Knuth 2000, dancing links), with what is spent as the bound.
type cover struct {
	ctx     context.Context
	columns []priced
	by      [MostUnits][]int // by unit: columns that hold it, by reduced cost
	best    float64          // a cover must cost less
	found   []int
	chosen  []int
	nodes   int
	most    int
	over    bool
}

// exactCover returns the cheapest cover that costs less than limit, nil for none, its
// cost or the limit, and whether it looked at all of them.
func exactCover(ctx context.Context, all set, columns []priced, limit float64, most int) (found []column, cost float64, whole bool) {
	slices.SortStableFunc(columns, func(a, b priced) int { return cmp.Compare(a.reduced, b.reduced) })
	c := &cover{ctx: ctx, columns: columns, best: limit, most: most}
	for i := range columns {
		for _, u := range columns[i].units.units() {
			c.by[u] = append(c.by[u], i)
		}
	}
	c.search(all, 0)
	for _, i := range c.found {
		found = append(found, columns[i].column)
	}
	return found, c.best, !c.over
}

func (c *cover) search(left set, spent float64) {
	if left.empty() {
		c.best = spent
		c.found = slices.Clone(c.chosen)
		return
	}
	if c.nodes++; c.nodes > c.most || c.nodes%64 == 0 && c.ctx.Err() != nil {
		c.over = true
		return
	}
	for _, i := range c.by[c.tightest(left, spent)] {
		if c.over || spent+c.columns[i].reduced >= c.best {
			return
		}
		if s := c.columns[i].units; s.within(left) {
			c.chosen = append(c.chosen, i)
			c.search(left.without(s), spent+c.columns[i].reduced)
			c.chosen = c.chosen[:len(c.chosen)-1]
		}
	}
}

// tightest is the unit that the fewest columns fit.
func (c *cover) tightest(left set, spent float64) int {
	best, at := len(c.columns)+1, left.first()
	for rest := left; best > 0 && !rest.empty(); {
		u := rest.pop()
		fit := 0
		for _, i := range c.by[u] {
			if spent+c.columns[i].reduced >= c.best || fit >= best {
				break
			}
			if c.columns[i].units.within(left) {
				fit++
			}
		}
		if fit < best {
			best, at = fit, u
		}
	}
	return at
}

package window

import "math"

// How the linear program is brought to its end, found by trial on some dozens of
// pieces of 50 blocks; prices are in those of a typical grid of the plan.
const (
	relaxations = 100   // at most
	firstWidth  = 0.04  // of the box around the duals
	firstSteps  = 200   // of one pricing, for each unit
	reach       = 0.002 // of reduced costs that count for zero
	startReach  = 0.08  // of grids to climb from
	closeReach  = 0.02  // between bound and plan: the rest is for the search of covers
)

// relax brings the linear program near its optimum: grids near those at hand as long
// as there are any, then one exact pricing, which gives the bound. The duals stay in a
// box around the best so far (Marsten, Hogan and Blankenship 1975), wider after a
// success and narrower after a failure: duals that wander make pricing long.
func (e *solver) relax() {
	typical := e.value / float64(len(e.best))
	width, steps := firstWidth*typical, firstSteps*len(e.Units)
	for range relaxations {
		e.master.box(e.center, width)
		if !e.settle(typical) {
			return
		}
		before := e.bound
		whole := e.improve(reach*typical, min(steps, e.most-e.steps))
		switch {
		case !whole && e.pricing.nodes > steps:
			steps *= 2
			width /= 2
		case whole && e.bound == before:
			width /= 2
		case whole:
			width *= 2
		}
		near := !e.master.boxed() && e.master.value()-e.bound <= 0.1*(e.value-e.bound)
		over := e.steps >= e.most || e.ctx.Err() != nil
		if near || over {
			better := e.round()
			near = near && !better
		}
		if near || over || e.value-e.bound < closeReach*typical {
			return
		}
	}
}

// round looks for a better partition in the pool, and tells whether there was one.
func (e *solver) round() bool {
	if math.IsInf(e.bound, -1) {
		return false
	}
	var columns []priced
	for _, c := range e.master.pool {
		if reduced := c.price - c.units.sum(e.center); reduced < e.value-e.bound {
			columns = append(columns, priced{c, max(0, reduced)})
		}
	}
	found, cost, _ := exactCover(e.ctx, e.all, columns, e.value-e.bound, coversOfRound)
	return e.take(found, e.bound+cost)
}

// coversOfRound is how many nodes a search for covers in the pool may have.
const coversOfRound = 3000

// take makes a partition the best so far if it is better.
func (e *solver) take(found []column, cost float64) bool {
	if found == nil || cost >= e.value-exactZero {
		return false
	}
	e.best, e.value = found, 0
	for _, c := range found {
		e.value += c.price
	}
	return true
}

// settle solves the program over the pool, and climbs to new grids until there are
// none.
func (e *solver) settle(typical float64) bool {
	for range 2 * climbs {
		pivots := e.master.pivots
		ok := e.master.solve(e.ctx, pivotsPerStep*max(0, e.most-e.steps))
		e.steps += (e.master.pivots - pivots) / pivotsPerStep
		if !ok {
			return false
		}
		size := len(e.master.pool)
		e.master.tabulate()
		for _, c := range e.master.pool[:size] {
			if c.price-e.master.worth(c.units) < startReach*typical {
				e.climb(c.units, e.master.dual, -reach*typical, e.pool)
			}
		}
		if len(e.master.pool) == size {
			return true
		}
	}
	return true
}

// pivotsPerStep is how many pivots take as long as a step.
const pivotsPerStep = 4

// pool adds a column to the linear program.
func (e *solver) pool(c column) {
	if !e.pooled[c.units] {
		e.pooled[c.units] = true
		e.master.pool = append(e.master.pool, c)
	}
}

// improve prices at the duals and pools what it finds. Lowered so far that no grid has
// a reduced cost below zero the duals' sum is a lower bound (as Farley 1990), and they
// become the center where it is the best. It tells whether it found all.
func (e *solver) improve(limit float64, steps int) (whole bool) {
	dual := e.master.dual
	found, whole := e.below(dual, limit, 3*len(dual), steps)
	lack := max(0, -e.pricing.least) // each grid not seen has shares of at least 1
	for _, f := range found {
		e.pool(f.column)
		lack = max(lack, -f.reduced/f.units.sum(e.share))
	}
	var sum float64
	for u, d := range dual {
		sum += d - lack*e.share[u]
	}
	if sum > e.bound {
		e.bound = sum
		for u, d := range dual {
			e.center[u] = d - lack*e.share[u]
		}
	}
	return whole
}

package window

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// exactZero is the difference in J that counts for none.
const exactZero = 1e-6

// ErrOutOfBounds tells that a plan has a grid out of bounds that is not of named units
// only: there may be no better one, and none is looked for.
var ErrOutOfBounds = errors.New("a grid is out of bounds without a certificate")

// ErrExcused tells that named units can make too many grids out of bounds.
var ErrExcused = errors.New("too many grids out of bounds are possible")

// Result is what became of a window.
type Result struct {
	Grids  [][]int // the best partition found, by the order of each grid's least unit; units ascending
	Before float64 // J of the plan at hand
	J      float64 // of Grids
	Bound  float64 // no partition has a lower J; minus infinity when none was found
	Proved bool    // no partition is better than Grids
	Steps  int     // taken
}

// Solve finds the partition of a window with the least J, from a plan at hand that
// has connected grids. It takes about 30 microseconds a step on 50 units; when steps
// are used up or ctx ends it returns the best partition and bound so far. The answer
// depends on nothing else.
func Solve(ctx context.Context, p *Problem, plan [][]int, steps int) (Result, error) {
	e, err := newSolver(ctx, p, plan, steps)
	if err != nil {
		return Result{}, err
	}
	before := e.value
	e.relax()
	e.finish()
	return e.result(before), nil
}

// solver is one window on its way to its optimum.
type solver struct {
	*board
	ctx     context.Context
	most    int // steps
	steps   int
	pricing *pricing
	master  *master
	pooled  map[set]bool
	excused []column
	share   []float64 // by unit: those of each grid add up to 1 or more
	best    []column
	value   float64   // of best
	center  []float64 // duals by which no grid has a reduced cost below 0
	bound   float64   // their sum
}

func newSolver(ctx context.Context, p *Problem, plan [][]int, steps int) (*solver, error) {
	b, err := newBoard(p)
	if err != nil {
		return nil, err
	}
	e := &solver{board: b, ctx: ctx, most: steps, pooled: map[set]bool{}, bound: math.Inf(-1)}
	typical, err := e.begin(plan)
	if err != nil {
		return nil, err
	}
	var ok bool
	if e.excused, ok = b.excused(); !ok {
		return nil, ErrExcused
	}
	e.pricing = newPricing(b, typical)
	named := b.named()
	e.share = make([]float64, len(p.Units))
	for u := range e.share {
		if e.share[u] = 1; p.Min > 0 && !named.has(u) {
			e.share[u] = float64(p.Units[u].Households) / float64(p.Min)
		}
	}
	e.master = newMaster(len(p.Units))
	e.master.begin(e.best)
	for _, c := range e.best {
		e.pooled[c.units] = true
	}
	for _, c := range e.excused {
		e.pool(c)
	}
	b.balls(e.pool)
	return e, nil
}

// begin takes a plan as the best so far. The first duals share each grid's price by
// households. It returns the P/A of a typical grid.
func (e *solver) begin(plan [][]int) (typical float64, err error) {
	e.center = make([]float64, len(e.Units))
	var left = e.all
	var area, rim float64
	for _, g := range plan {
		s := setOf(g)
		if !s.within(left) || !e.connected(s) {
			return 0, fmt.Errorf("a grid of %d units of the plan is in more than one piece or meets another", len(g))
		}
		left = left.without(s)
		l := e.tally(s)
		if !e.inBounds(l.households) && !s.within(e.named()) {
			return 0, ErrOutOfBounds
		}
		c := column{s, e.board.price(l)}
		e.best = append(e.best, c)
		e.value += c.price
		area, rim = area+l.area, rim+l.rim
		for _, u := range g {
			e.center[u] = c.price / float64(len(g))
			if l.households > 0 {
				e.center[u] = c.price * float64(e.Units[u].Households) / float64(l.households)
			}
		}
	}
	if !left.empty() {
		return 0, fmt.Errorf("unit %d is in no grid of the plan", left.first())
	}
	return rim / area, nil
}

// finish searches the grids that may be in a better partition: those whose reduced
// cost is below what is left between bound and plan (Baldacci, Christofides and
// Mingozzi 2008).
func (e *solver) finish() {
	base := e.bound
	if e.value-base <= exactZero || math.IsInf(base, -1) {
		return
	}
	columns, whole := e.below(e.center, e.value-base, math.MaxInt, e.most-e.steps)
	for i := range columns {
		columns[i].reduced = max(0, columns[i].reduced)
	}
	found, cost, all := exactCover(e.ctx, e.all, columns, e.value-base, coversPerStep*max(1, e.most-e.steps))
	e.take(found, base+cost)
	if whole && all {
		e.bound = e.value
	}
}

// coversPerStep is how many nodes of the search for covers take as long as a step.
const coversPerStep = 20

// below lists the grids with a reduced cost below a limit, and tells whether they are
// all. It stops early when it has most of them below zero.
func (e *solver) below(dual []float64, limit float64, most, steps int) (found []priced, whole bool) {
	e.pricing.run(e.ctx, dual, limit, steps, func(c column, reduced float64) bool {
		found = append(found, priced{c, reduced})
		if reduced < 0 {
			most--
		}
		return most > 0 && len(found) < mostColumns
	})
	e.steps += e.pricing.nodes
	for _, c := range e.excused {
		if reduced := c.price - c.units.sum(dual); reduced < limit {
			found = append(found, priced{c, reduced})
		}
	}
	return found, !e.pricing.over
}

// mostColumns is more than any search for covers gets through.
const mostColumns = 200_000

func (e *solver) result(before float64) Result {
	out := Result{Before: before, J: e.value, Bound: min(e.bound, e.value), Steps: e.steps}
	out.Proved = e.value-e.bound <= exactZero
	// In the order of the least units.
	for left := e.all; !left.empty(); {
		for _, c := range e.best {
			if c.units.has(left.first()) {
				out.Grids = append(out.Grids, c.units.units())
				left = left.without(c.units)
				break
			}
		}
	}
	return out
}

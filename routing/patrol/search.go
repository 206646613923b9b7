package patrol

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gridbeat/routing/arc"
)

// found is the outcome of the search.
type found struct {
	arc.Result
	problem *arc.Problem
}

// search finds the fewest shifts that hold all routes and the plan with the
// shortest longest route for them.
func (b *builder) search(ctx context.Context) (found, int, error) {
	if len(b.spec.Modes) == 0 {
		return found{}, 0, nil
	}
	p, err := arc.NewProblem(b.spec)
	if err != nil {
		return found{}, 0, fmt.Errorf("patrol plan: %w", err)
	}
	limit := int(b.in.Shift.Milliseconds())
	units := len(b.in.Units)
	total := p.With(1, 0)
	least, _ := arc.Bound(total)
	shifts := max(1, (least+units*limit-1)/(units*limit))
	for ; shifts <= p.Tasks()+1; shifts++ {
		q := p.With(units*shifts, limit)
		first := arc.Solve(ctx, q, arc.Options{Seed: b.o.Seed, Iterations: 1, Threads: b.o.Threads})
		if !first.Feasible && first.Longest > limit+limit/8 {
			continue
		}
		if !first.Feasible {
			if first = b.solve(ctx, q, first.Solution, 0.25); !first.Feasible {
				continue
			}
		}
		res := b.solve(ctx, q, first.Solution, 1)
		return found{res, q}, shifts, nil
	}
	return found{}, 0, errors.New("patrol plan: no number of shifts is enough")
}

// solve searches for a share of the time that is left.
func (b *builder) solve(ctx context.Context, p *arc.Problem, start arc.Solution, share float64) arc.Result {
	o := arc.Options{Seed: b.o.Seed, Threads: b.o.Threads, Start: &start}
	o.Iterations = int(float64(b.o.Iterations) * share)
	if b.o.TimeLimit > 0 {
		left := b.o.TimeLimit - time.Since(b.begun)
		o.TimeLimit = max(time.Millisecond, time.Duration(float64(left)*0.95*share))
	}
	steps := b.o.Iterations
	o.OnBest = func(g arc.Progress) { b.progress("routes", g.Iterations, max(steps, g.Iterations)) }
	return arc.Solve(ctx, p, o)
}

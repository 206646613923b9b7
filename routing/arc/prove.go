package arc

import (
	"context"
	"sync/atomic"
	"time"
)

// proofWork is the work of a proof for each step of a search that counts its steps:
// it takes a fraction of the time of the search.
const proofWork = 2000

// totalProof is the share of the time limit after which the proof of a total ends.
const totalProof = 0.2

// A proof of the longest route may go on without gain for a share of the time limit:
// proofPatience, and proofMissing times what the bound misses of the best plan, as a
// share of the bound. Where little is missing the core is worth more to the search.
const proofPatience, proofMissing = 0.08, 3.0

// idle reports whether a proof has gained nothing for too large a share of the time.
func idle(best, bound int64, waited float64) bool {
	missing := float64(best)/float64(max(1, bound)) - 1
	return best > 0 && waited > proofPatience+proofMissing*missing
}

// prove begins to prove how good a plan can be, beside the search where that has a
// time limit, on one goroutine more. A proof that gains nothing more is ended early.
// It returns a context for the search that also
// ends when no total can be less, and what ends the proof and adds it to the result.
func (s *solver) prove(ctx context.Context) (search context.Context, finish func(Result) Result) {
	var known, bound atomic.Int64 // objective of the best plan that keeps limit and capacity
	search, done := context.WithCancel(ctx)
	note := func() {
		if s.rank.excess > 0 || s.rank.over > 0 {
			return
		}
		longest, sum := 0, 0
		for _, d := range s.best {
			longest, sum = max(longest, d.cost), sum+d.cost
		}
		if s.p.spec.Objective == Total {
			longest = sum
		}
		known.Store(int64(longest))
		if bound.Load() >= int64(longest) {
			s.met.Store(true)
			if s.p.spec.Objective == Total {
				done()
			}
		}
	}
	note()
	tell := s.o.OnBest
	s.o.OnBest = func(g Progress) {
		note()
		if tell != nil {
			tell(g)
		}
	}
	o := BoundOptions{Incumbent: func() int { return int(known.Load()) }}
	if s.o.TimeLimit == 0 {
		o.Work = 1 << 20
		return search, func(r Result) Result {
			done()
			o.Work += int64(s.done) * proofWork
			return r.with(s.p, BoundWithin(ctx, s.p, o))
		}
	}
	var gained atomic.Int64 // time of the last gain
	o.OnBetter = func(proof Proof) {
		gained.Store(int64(s.o.Elapsed()))
		bound.Store(int64(proof.Bound))
		if best := known.Load(); best > 0 && int64(proof.Bound) >= best {
			s.met.Store(true)
			if s.p.spec.Objective == Total {
				done()
			}
		}
	}
	within, stop := context.WithCancel(ctx)
	if s.p.spec.Objective == Total {
		// Totals are seldom proved; the cores are better spent on the search.
		within, stop = context.WithTimeout(ctx, time.Duration(totalProof*float64(s.o.TimeLimit)))
	} else if s.p.tasks > setsMost { // a listing gains nothing until it ends
		s.between = func() {
			waited := float64(int64(s.o.Elapsed())-gained.Load()) / float64(s.o.TimeLimit)
			if idle(known.Load(), bound.Load(), waited) {
				stop()
			}
		}
	}
	proof := make(chan Proof, 1)
	go func() { proof <- BoundWithin(within, s.p, o) }()
	return search, func(r Result) Result {
		done()
		stop()
		return r.with(s.p, <-proof)
	}
}

// with adds the proof, and its plan where that is better.
func (r Result) with(p *Problem, proof Proof) Result {
	r.Bound, r.BoundBy = proof.Bound, proof.By
	if proof.Plan == nil || p.follows != nil {
		return r
	}
	longest, sum := proof.Plan.Longest(p), proof.Plan.Sum(p)
	if !r.Feasible || longest < r.Longest {
		r.Solution, r.Longest, r.Sum, r.Feasible = *proof.Plan, longest, sum, true
	}
	return r
}

package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Temperatures of the annealing, in units of J at a Compactness of 2.
const (
	hot  = 0.8
	cold = 0.008
)

// resplitEvery is how many flips are tried for one re-split of two grids of eight
// blocks each; the price of a re-split grows with their blocks, so it grows too. One
// in 40 takes half of the time: more of them leave too few flips, fewer find less.
const resplitEvery = 40

// behind is how much of the time an annealing may be behind its moves before it cools
// by the time: a stop of a moment does not make a run differ from another.
const behind = 0.03

// cooling is a stretch of annealing: its first and last temperature and its moves.
type cooling struct {
	from, to float64
	moves    int
}

// anneal improves a partition by flips and re-splits tried at some of its units,
// and leaves the best that it met. It cools by its moves, or where that is further by
// the time that it is allotted, so that it ends cold either way.
func anneal(ctx context.Context, st *state, f *forest, at []int32, c cooling, rng *rand.Rand) {
	if len(at) == 0 || len(st.label) < 2 {
		return
	}
	best := slices.Clone(st.label)
	began := time.Now()
	var j, bestJ float64 // relative to the start
	temperature, every := c.from, st.pace()
	for m := range c.moves {
		if m%1024 == 0 {
			done := float64(m) / float64(c.moves)
			if st.allot > 0 {
				if t := float64(time.Since(began)) / float64(st.allot); t > done+behind {
					done, st.late = t, true
				}
			}
			if done >= 1 || ctx.Err() != nil {
				break
			}
			temperature = c.from * math.Pow(c.to/c.from, done)
			if j < bestJ-1e-9 {
				bestJ = j
				copy(best, st.label)
			}
		}
		u := at[rng.IntN(len(at))]
		if m%every == 0 {
			j += resplit(st, f, u, temperature, rng)
		} else {
			j += flip(st, u, temperature, rng)
		}
	}
	if j > bestJ+1e-9 {
		st.restore(best)
	}
}

// pace is resplitEvery for the size of the grids.
func (st *state) pace() int {
	grids := 0
	for _, m := range st.members {
		if len(m) > 0 {
			grids++
		}
	}
	return max(resplitEvery, resplitEvery*len(st.label)/(8*max(1, grids)))
}

// restore puts the units back under earlier labels.
func (st *state) restore(labels []int32) {
	touched := map[int32]bool{}
	for u, l := range labels {
		if st.label[u] != l {
			touched[st.label[u]], touched[l] = true, true
			st.move(int32(u), l)
		}
	}
	st.free = slices.DeleteFunc(st.free, func(l int32) bool { return touched[l] })
	for _, l := range sortedKeys(touched) {
		st.shapes[l] = st.shapeOf(st.members[l])
		if len(st.members[l]) == 0 {
			st.release(l)
		}
	}
}

func sortedKeys[V any](m map[int32]V) []int32 {
	out := make([]int32, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// accept is the rule of Metropolis.
func accept(delta, temperature float64, rng *rand.Rand) bool {
	return delta <= 0 || rng.Float64() < math.Exp(-delta/temperature)
}

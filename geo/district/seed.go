package district

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
)

// seedTrees is how many trees are tried for one cut of few units. Many units give a
// tree many places to cut, and take fewer trees.
const seedTrees = 12

func treesFor(units int) int { return max(2, min(seedTrees, 4000/units)) }

// quickly is the share of the households of a large piece that each side of a cut must
// have, so that a seed is made in O(n log n) trees of n units and not in O(n^2).
const quickly = 0.15

// seed divides one connected piece into grids by recursive bisection along cuts of
// cost-biased spanning trees. A piece that no tried tree cuts into two sides of at
// least the minimum stays whole, over-full or not: the search deals with it. When time
// is up it takes the first tree that it meets; when it is cancelled it stops.
func seed(ctx context.Context, f *forest, piece []int32, bounds Bounds, rng *rand.Rand) [][]int32 {
	var out [][]int32
	todo := [][]int32{piece}
	for len(todo) > 0 {
		units := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		households := f.g.total(units)
		if len(units) == 1 || households <= bounds.Max && float64(households) < 1.5*f.s.Target || errors.Is(ctx.Err(), context.Canceled) {
			out = append(out, units)
			continue
		}
		trees := treesFor(len(units))
		if ctx.Err() != nil {
			trees = 1
		}
		a, b, ok := bisect(f, units, bounds, trees, rng)
		if !ok {
			out = append(out, units)
			continue
		}
		todo = append(todo, a, b)
	}
	return out
}

// bisect cuts the units in two, each with at least the minimum of households and as
// many as some number of grids can have, where the border is cheap for the size of the
// smaller side. Of cuts that leave a side which no number of grids fits it takes one
// only where there is no other.
func bisect(f *forest, units []int32, bounds Bounds, trees int, rng *rand.Rand) (a, b []int32, ok bool) {
	f.load(units)
	best, bestRank := math.Inf(1), len(units)
	for range trees {
		f.draw(rng, 2)
		whole := f.whole().households
		at := int32(-1)
		for _, v := range f.order[1:] {
			side := min(f.sub[v].households, whole-f.sub[v].households)
			rank := cutRank(side, whole, bounds)
			if side < bounds.Min || rank > bestRank {
				continue
			}
			value := f.cut[v]
			if whole <= 4*bounds.Max {
				value += f.s.price(f.sub[v]) + f.s.price(f.rest(v))
			} else {
				value /= math.Sqrt(float64(side))
			}
			if rank < bestRank || value < best {
				best, bestRank, at = value, rank, v
			}
		}
		if at >= 0 {
			a, b = f.below(at)
		}
	}
	return a, b, a != nil
}

// cutRank is 0 for a cut as a seed wants it, more for one that it takes only where there
// is none of a lower rank.
func cutRank(side, whole int, b Bounds) int {
	switch {
	case b.Max < 2*b.Min-1 && !(b.fits(side) && b.fits(whole-side)):
		return 2
	case whole > 4*b.Max && float64(side) < quickly*float64(whole):
		return 1
	}
	return 0
}

// fits reports whether some number of grids within bounds holds so many households
// together.
func (b Bounds) fits(households int) bool {
	return (households+b.Max-1)/b.Max*b.Min <= households
}

package district

import (
	"context"
	"math"
	"math/rand/v2"
)

// seedTrees is how many trees are tried for one cut of few units. Many units give a
// tree many places to cut, and take fewer trees.
const seedTrees = 12

func treesFor(units int) int { return max(2, min(seedTrees, 4000/units)) }

// seed divides one connected piece into grids by recursive bisection along cuts of
// cost-biased spanning trees. A piece that no tried tree cuts into two sides of at
// least the minimum stays whole, over-full or not: the search deals with it.
func seed(ctx context.Context, f *forest, piece []int32, bounds Bounds, rng *rand.Rand) [][]int32 {
	var out [][]int32
	todo := [][]int32{piece}
	for len(todo) > 0 {
		units := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		households := f.g.total(units)
		if len(units) == 1 || households <= bounds.Max && float64(households) < 1.5*f.s.Target || ctx.Err() != nil {
			out = append(out, units)
			continue
		}
		a, b, ok := bisect(f, units, bounds, rng)
		if !ok {
			out = append(out, units)
			continue
		}
		todo = append(todo, a, b)
	}
	return out
}

// bisect cuts the units in two, each with at least the minimum of households, where
// the border is cheap for the size of the smaller side.
func bisect(f *forest, units []int32, bounds Bounds, rng *rand.Rand) (a, b []int32, ok bool) {
	f.load(units)
	best := math.Inf(1)
	for range treesFor(len(units)) {
		f.draw(rng, 2)
		whole := f.whole().households
		for _, v := range f.order[1:] {
			side := min(f.sub[v].households, whole-f.sub[v].households)
			if side < bounds.Min {
				continue
			}
			value := f.cut[v]
			if whole <= 4*bounds.Max {
				value = f.cut[v] + f.s.price(f.sub[v]) + f.s.price(f.rest(v))
			} else {
				value /= math.Sqrt(float64(side))
			}
			if value < best {
				best = value
				a, b = f.below(v)
			}
		}
	}
	return a, b, a != nil
}

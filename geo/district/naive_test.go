package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Naive twins of seed, search and re-plan, to be measured against: they count all anew
// where the engine keeps sums.

// naiveCut weighs the cut of a tree below v by walking the tree and the units.
func naiveCut(f *forest, v int32) (inside shape, cost float64) {
	below := map[int32]bool{}
	for w, in := range f.mark(v) {
		if in {
			below[f.units[w]] = true
		}
	}
	for u := range below {
		unit := f.g.Units[u]
		inside.households += unit.Households
		inside.area += unit.Area
		inside.rim += unit.Perimeter
		for _, n := range f.s.arms(f.g, u) {
			switch {
			case below[n.unit]:
				inside.rim -= n.metres
			case f.at[n.unit] > 0:
				cost += n.cost
			}
		}
	}
	return inside, cost
}

// naiveBisect is bisect with each cut of each tree weighed by itself.
func naiveBisect(f *forest, units []int32, b Bounds, trees int, rng *rand.Rand) (best float64) {
	best = math.Inf(1)
	f.load(units)
	for range trees {
		f.draw(rng, 2)
		whole := f.g.total(units)
		for _, v := range f.order[1:] {
			inside, cost := naiveCut(f, v)
			if side := min(inside.households, whole-inside.households); side >= b.Min {
				best = min(best, cost/math.Sqrt(float64(side)))
			}
		}
	}
	return best
}

func TestCutsOfATreeAgreeWithACount(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 12))
	g := walled(lattice(8, rng), rng)
	f := newForest(g, newScorer(g, SearchObjective(DefaultBounds), DefaultBounds))
	f.load(allUnits(g))
	f.draw(rng, 2)
	for _, v := range f.order[1:] {
		inside, cost := naiveCut(f, v)
		for _, w := range f.walls {
			if m := f.mark(v); m[f.pos[w.a]] && m[f.pos[w.b]] {
				inside.rim -= 2 * w.metres
			}
		}
		if got := f.sub[v]; got.households != inside.households || !near(got.area, inside.area) || !near(got.rim, inside.rim) || !near(f.cut[v], cost) {
			t.Fatalf("below %d: kept %+v at %f, counted %+v at %f", v, got, f.cut[v], inside, cost)
		}
	}
}

// naiveSearch flips units by the same rule, but scores the whole plan for each.
func naiveSearch(g *Graph, p Partition, o Objective, b Bounds, moves int, home []int32, worth float64, rng *rand.Rand) {
	price := func() float64 {
		j := g.Score(renumber(p), o, b)
		for u, l := range p {
			if home != nil && home[u] == l {
				j -= worth * float64(g.Units[u].Households)
			}
		}
		return j
	}
	now := price()
	for range moves {
		u := rng.IntN(len(p))
		around := g.beside(int32(u))
		from, to := p[u], p[around[rng.IntN(len(around))].unit]
		p[u] = to
		var rest []int32
		for v, l := range p {
			if l == from {
				rest = append(rest, int32(v))
			}
		}
		if next := price(); len(rest) > 0 && g.partsOf(rest) == 1 && accept(next-now, cold, rng) {
			now = next
			continue
		}
		p[u] = from
	}
}

func BenchmarkSeed(b *testing.B) {
	g := lattice(22, rand.New(rand.NewPCG(1, 1))) // 484 blocks
	f := newForest(g, newScorer(g, SearchObjective(DefaultBounds), DefaultBounds))
	units := allUnits(g)
	b.Run("cut", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 2))
		for b.Loop() {
			bisect(f, units, DefaultBounds, 1, rng)
		}
	})
	b.Run("cut, each counted", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 2))
		for b.Loop() {
			naiveBisect(f, units, DefaultBounds, 1, rng)
		}
	})
	b.Run("all", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 2))
		for b.Loop() {
			seed(context.Background(), f, units, DefaultBounds, rng)
		}
	})
	b.Run("all of 20,164 blocks", func(b *testing.B) {
		g := lattice(142, rand.New(rand.NewPCG(1, 1)))
		f, units := newForest(g, newScorer(g, SearchObjective(DefaultBounds), DefaultBounds)), allUnits(g)
		rng := rand.New(rand.NewPCG(1, 2))
		for b.Loop() {
			seed(context.Background(), f, units, DefaultBounds, rng)
		}
	})
}

// benchMoves is how many moves one round of the benchmarks below makes.
const benchMoves = 1000

func BenchmarkMoves(b *testing.B) {
	g := lattice(22, rand.New(rand.NewPCG(1, 1)))
	o := SearchObjective(DefaultBounds)
	s := newScorer(g, o, DefaultBounds)
	f := newForest(g, s)
	start := Search(context.Background(), g, SearchOptions{Bounds: DefaultBounds, Objective: o, Seed: 1, Rounds: 20})
	for _, tt := range []struct {
		name  string
		home  []int32
		worth float64
	}{{"search", nil, 0}, {"re-plan", start, DefaultWorth / o.Target}} {
		b.Run(tt.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 3))
			st := newState(g, s, slices.Clone(start))
			st.home, st.worth = tt.home, tt.worth
			for b.Loop() {
				for range benchMoves {
					flip(st, int32(rng.IntN(len(g.Units))), cold, rng)
				}
			}
		})
		b.Run(tt.name+", all counted", func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 3))
			p := slices.Clone(start)
			for b.Loop() {
				naiveSearch(g, p, o, DefaultBounds, benchMoves, tt.home, tt.worth, rng)
			}
		})
	}
	b.Run("re-split", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 4))
		st := newState(g, s, slices.Clone(start))
		for b.Loop() {
			for range benchMoves {
				resplit(st, f, int32(rng.IntN(len(g.Units))), cold, rng)
			}
		}
	})
}

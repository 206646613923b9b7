package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// SearchOptions steer Search.
type SearchOptions struct {
	Bounds     Bounds
	Objective  Objective
	Seed       uint64
	Rounds     int // moves tried for each unit; 0 takes the default
	From       *Incumbent
	OnProgress func(done, total int)
}

// defaultRounds is enough for J to settle within about a per cent.
const defaultRounds = 2500

// resplitEvery is how many flips are tried for one re-split of two grids of eight
// blocks each; the price of a re-split grows with their blocks, so it grows too.
const resplitEvery = 10

// pace is resplitEvery for one piece.
func (st *state) pace(piece []int32) int {
	grids := map[int32]bool{}
	for _, u := range piece {
		grids[st.label[u]] = true
	}
	return max(resplitEvery, resplitEvery*len(piece)/(8*len(grids)))
}

// Search partitions each connected piece of the graph into grids within bounds, at
// low J: a seed by bisection, then simulated annealing over flips of one unit,
// re-splits of two neighbouring grids by spanning-tree cuts, splits and merges. The
// number of grids is free. The same seed gives the same answer; when ctx ends the
// best so far is returned.
func Search(ctx context.Context, g *Graph, o SearchOptions) Partition {
	s := newScorer(g, o.Objective, o.Bounds)
	if o.Rounds == 0 {
		o.Rounds = defaultRounds
	}
	f := newForest(g, s)
	pieces := g.Pieces()
	var st *state
	warmth := hot
	if o.From != nil {
		st = o.From.state(ctx, f, pieces, o)
		warmth = hot / 8
	} else {
		st = newState(g, s, seedAll(ctx, f, pieces, o))
	}
	for i, piece := range pieces {
		rng := rand.New(rand.NewPCG(o.Seed, 1<<32+uint64(i)))
		anneal(ctx, st, f, piece, o.Rounds*len(piece), warmth, rng)
		repair(ctx, st, f, piece, o.Rounds, rng)
		if o.OnProgress != nil {
			o.OnProgress(i+1, len(pieces))
		}
	}
	return renumber(st.label)
}

// seedAll seeds every piece.
func seedAll(ctx context.Context, f *forest, pieces [][]int32, o SearchOptions) Partition {
	labels := make([]int32, len(f.g.Units))
	next := int32(0)
	for i, piece := range pieces {
		rng := rand.New(rand.NewPCG(o.Seed, uint64(i)))
		for _, units := range seed(ctx, f, piece, o.Bounds, rng) {
			for _, u := range units {
				labels[u] = next
			}
			next++
		}
	}
	return renumber(labels)
}

// Temperatures of the annealing, in units of J.
const (
	hot  = 0.8
	cold = 0.02
)

// anneal improves the grids of one piece, from a temperature down, and leaves the
// best partition met.
func anneal(ctx context.Context, st *state, f *forest, piece []int32, moves int, warmth float64, rng *rand.Rand) {
	annealAround(ctx, st, f, piece, piece, moves, warmth, rng)
}

// annealAround is anneal with moves tried only at some units of the piece.
func annealAround(ctx context.Context, st *state, f *forest, piece, at []int32, moves int, warmth float64, rng *rand.Rand) {
	if len(piece) < 2 {
		return
	}
	best := make([]int32, len(piece))
	keep := func() {
		for i, u := range piece {
			best[i] = st.label[u]
		}
	}
	keep()
	var j, bestJ float64 // relative to the start
	temperature, every := warmth, st.pace(piece)
	for m := range moves {
		if m%1024 == 0 {
			if ctx.Err() != nil {
				break
			}
			temperature = warmth * math.Pow(cold/warmth, float64(m)/float64(moves))
			if j < bestJ-1e-9 {
				bestJ = j
				keep()
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
		st.restore(piece, best)
	}
}

// restore puts the units of one piece back under earlier labels.
func (st *state) restore(piece, labels []int32) {
	touched := map[int32]bool{}
	for i, u := range piece {
		touched[st.label[u]], touched[labels[i]] = true, true
		if st.label[u] != labels[i] {
			st.move(u, labels[i])
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

// flip tries to move u into the grid of one of its neighbours and returns the change
// of J, 0 when it did not.
func flip(st *state, u int32, temperature float64, rng *rand.Rand) float64 {
	around := st.g.beside(u)
	if len(around) == 0 {
		return 0
	}
	from := st.label[u]
	to := st.label[around[rng.IntN(len(around))].unit]
	if to == from {
		return 0
	}
	unit := &st.g.Units[u]
	var costFrom, costTo, metresFrom, metresTo float64
	for _, n := range around {
		switch st.label[n.unit] {
		case from:
			costFrom += st.s.cost[n.border]
			metresFrom += st.s.metres[n.border]
		case to:
			costTo += st.s.cost[n.border]
			metresTo += st.s.metres[n.border]
		}
	}
	a, b := st.shapes[from], st.shapes[to]
	a = shape{a.households - unit.Households, a.area - unit.Area, a.rim - unit.Perimeter + 2*metresFrom}
	b = shape{b.households + unit.Households, b.area + unit.Area, b.rim + unit.Perimeter - 2*metresTo}
	if len(st.members[from]) == 1 {
		return 0
	}
	delta := costFrom - costTo + st.keeps(u, from) - st.keeps(u, to) + st.s.price(a) + st.s.price(b) - st.s.price(st.shapes[from]) - st.s.price(st.shapes[to])
	if !accept(delta, temperature, rng) || !st.holdsWithout(u) {
		return 0
	}
	st.move(u, to)
	st.shapes[from], st.shapes[to] = a, b
	return delta
}

// resplit takes the grid of u and a neighbouring one, or that of u alone, and lays
// the border anew along the best cut of a random spanning tree; where that is better
// it leaves them one. It returns the change of J.
func resplit(st *state, f *forest, u int32, temperature float64, rng *rand.Rand) float64 {
	a := st.label[u]
	b := st.neighbour(a, rng)
	units := slices.Clone(st.members[a])
	before := st.s.price(st.shapes[a]) - st.keepsAll(a)
	if b >= 0 && (st.fixed || st.shapes[a].households < 2*st.s.bounds.Min || rng.IntN(8) > 0) {
		units = append(units, st.members[b]...)
		before += st.s.price(st.shapes[b]) + st.costBetween(a, b) - st.keepsAll(b)
	} else {
		b = -1
	}
	if len(units) < 2 || st.fixed && b < 0 {
		return 0
	}
	slices.Sort(units)
	f.load(units)
	f.draw(rng, 1+3*rng.Float64())
	f.weighHomes(st, a, b)
	best, at, swap := st.s.price(f.whole())-max(f.keepA[0], f.keepB[0]), int32(-1), f.keepB[0] > f.keepA[0]
	if st.fixed {
		best = math.Inf(1)
	}
	for _, v := range f.order[1:] {
		straight := f.keepB[v] + f.keepA[0] - f.keepA[v]
		swapped := f.keepA[v] + f.keepB[0] - f.keepB[v]
		if value := f.cut[v] + st.s.price(f.sub[v]) + st.s.price(f.rest(v)) - max(straight, swapped); value < best {
			best, at, swap = value, v, swapped > straight
		}
	}
	if delta := best - before; accept(delta, temperature, rng) {
		st.lay(f, at, a, b, swap)
		return delta
	}
	return 0
}

// neighbour picks a grid beside grid a, or -1.
func (st *state) neighbour(a int32, rng *rand.Rand) int32 {
	units := st.members[a]
	for range 8 {
		u := units[rng.IntN(len(units))]
		around := st.g.beside(u)
		if len(around) == 0 {
			continue
		}
		if b := st.label[around[rng.IntN(len(around))].unit]; b != a {
			return b
		}
	}
	return -1
}

func (st *state) costBetween(a, b int32) float64 {
	if len(st.members[b]) < len(st.members[a]) {
		a, b = b, a
	}
	var sum float64
	for _, u := range st.members[a] {
		for _, n := range st.g.beside(u) {
			if st.label[n.unit] == b {
				sum += st.s.cost[n.border]
			}
		}
	}
	return sum
}

// lay gives the forest's units to grid a, and those of the subtree at v to grid b (a
// new one when b is -1), or the other way round. With v -1 they all become one grid.
func (st *state) lay(f *forest, v, a, b int32, swap bool) {
	if b < 0 && v >= 0 {
		b = st.freeLabel()
	}
	if swap && b >= 0 {
		a, b = b, a
	}
	if v < 0 {
		st.moveAll(f.units, a)
		st.shapes[a] = f.whole()
		if b >= 0 {
			st.release(b)
		}
		return
	}
	inside, outside := f.below(v)
	st.moveAll(inside, b)
	st.moveAll(outside, a)
	st.shapes[a], st.shapes[b] = f.rest(v), f.sub[v]
}

func (st *state) moveAll(units []int32, to int32) {
	for _, u := range units {
		if st.label[u] != to {
			st.move(u, to)
		}
	}
}

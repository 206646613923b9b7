package district

import (
	"math"
	"math/rand/v2"
	"slices"
)

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

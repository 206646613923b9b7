package district

import (
	"math"
	"math/rand/v2"
)

// resplit takes the grid of u and a neighbouring one, or that of u alone, and lays
// the border anew along the best cut of a random spanning tree; where that is better
// it leaves them one. It returns the change of J.
func resplit(st *state, f *forest, u int32, temperature float64, rng *rand.Rand) float64 {
	a := st.label[u]
	b := st.neighbour(a, rng)
	units := append(st.units[:0], st.members[a]...)
	before := st.s.price(st.shapes[a]) - st.keepsAll(a)
	if b >= 0 && (st.fixed || st.shapes[a].households < 2*st.s.bounds.Min || rng.IntN(8) > 0) {
		units = append(units, st.members[b]...)
		before += st.s.price(st.shapes[b]) - st.keepsAll(b)
	} else {
		b = -1
	}
	st.units = units
	if len(units) < 2 || st.fixed && b < 0 {
		return 0
	}
	f.load(units)
	if b >= 0 {
		before += f.across(len(st.members[a]))
	}
	f.draw(rng, 1+3*rng.Float64())
	best, at, swap := f.bestCut(st, a, b)
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

// across is the cost of the borders between the first n units given and the others.
func (f *forest) across(n int) float64 {
	var sum float64
	for i := range f.links {
		if l := &f.links[i]; (int(l.a) < n) != (int(l.b) < n) {
			sum += l.cost
		}
	}
	return sum
}

// bestCut returns the least price of the units given as one grid or, cut at v, as
// two; v is -1 for one. In a re-plan swap tells that the subtree goes to grid a.
func (f *forest) bestCut(st *state, a, b int32) (best float64, v int32, swap bool) {
	best, v = st.s.price(f.whole()), -1
	if st.home != nil {
		return f.bestKeeping(st, a, b)
	}
	if st.fixed {
		best = math.Inf(1)
	}
	for w := int32(1); int(w) < len(f.units); w++ {
		if f.cut[w] >= best {
			continue
		}
		if value := f.cut[w] + st.s.price(f.sub[w]) + st.s.price(f.rest(w)); value < best {
			best, v = value, w
		}
	}
	return best, v, false
}

// bestKeeping is bestCut with what is worth keeping taken off.
func (f *forest) bestKeeping(st *state, a, b int32) (best float64, v int32, swap bool) {
	f.weighHomes(st, a, b)
	best, v, swap = st.s.price(f.whole())-max(f.keepA[0], f.keepB[0]), -1, f.keepB[0] > f.keepA[0]
	if st.fixed {
		best = math.Inf(1)
	}
	for w := int32(1); int(w) < len(f.units); w++ {
		straight := f.keepB[w] + f.keepA[0] - f.keepA[w]
		swapped := f.keepA[w] + f.keepB[0] - f.keepB[w]
		if value := f.cut[w] + st.s.price(f.sub[w]) + st.s.price(f.rest(w)) - max(straight, swapped); value < best {
			best, v, swap = value, w, swapped > straight
		}
	}
	return best, v, swap
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
	for w, in := range f.mark(v) {
		to := a
		if in {
			to = b
		}
		if u := f.units[w]; st.label[u] != to {
			st.move(u, to)
		}
	}
	st.shapes[a], st.shapes[b] = f.rest(v), f.sub[v]
}

func (st *state) moveAll(units []int32, to int32) {
	for _, u := range units {
		if st.label[u] != to {
			st.move(u, to)
		}
	}
}

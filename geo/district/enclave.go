package district

import (
	"math/rand/v2"
	"slices"
)

// enclavePrice is what J may rise by to open an enclave: as much as for 100 m of border
// that follows nothing.
const enclavePrice = 6

// enclaveTrees is how many spanning trees are drawn for one.
const enclaveTrees = 60

// openEnclaves lays the border between a grid that lies wholly inside another one and
// that other anew, so that both reach its rim: nobody should have to cross one team's
// ground to come to another's. Where no cut within bounds does so for enclavePrice, the
// grid stays as it is.
func openEnclaves(st *state, f *forest, rng *rand.Rand) {
	rim := st.rimUnits()
	for l := range st.members {
		if around, ok := st.enclosing(int32(l), rim); ok {
			st.openEnclave(f, int32(l), around, rim, rng)
		}
	}
}

// rimUnits tells by unit whether a part of its perimeter is no border with another:
// that of the district, or a wall.
func (st *state) rimUnits() []bool {
	out := make([]bool, len(st.g.Units))
	for u, unit := range st.g.Units {
		free := unit.Perimeter
		for _, n := range st.s.arms(st.g, int32(u)) {
			free -= n.metres
		}
		out[u] = free > 0.5+1e-3*unit.Perimeter
	}
	return out
}

// enclosing returns the one grid that a grid within bounds is wholly inside of.
func (st *state) enclosing(l int32, rim []bool) (around int32, ok bool) {
	if len(st.members[l]) == 0 || !st.within(st.shapes[l].households) {
		return -1, false
	}
	for _, u := range st.members[l] {
		if rim[u] {
			return -1, false
		}
	}
	beside := st.neighbours(l)
	if len(beside) != 1 || !st.within(st.shapes[beside[0]].households) {
		return -1, false
	}
	return beside[0], true
}

// openEnclave divides the ground of grid a and the one around it by the best of many
// cuts that leave both at the rim.
func (st *state) openEnclave(f *forest, a, around int32, rim []bool, rng *rand.Rand) {
	units := slices.Concat(st.members[a], st.members[around])
	f.load(units)
	best := st.s.price(st.shapes[a]) + st.s.price(st.shapes[around]) + f.across(len(st.members[a])) + enclavePrice
	var side []int32
	for range enclaveTrees {
		f.draw(rng, 1+3*rng.Float64())
		at := f.atRim(st, a, around, rim)
		for v := int32(1); int(v) < len(f.units); v++ {
			if at[v] == 0 || at[v] == at[0] || !st.within(f.sub[v].households) || !st.within(f.rest(v).households) {
				continue
			}
			if price := f.cut[v] + st.s.price(f.sub[v]) + st.s.price(f.rest(v)); price < best {
				best = price
				side, _ = f.below(v)
			}
		}
	}
	if side == nil {
		return
	}
	st.moveAll(units, around)
	st.moveAll(side, a)
	st.shapes[a], st.shapes[around] = st.shapeOf(st.members[a]), st.shapeOf(st.members[around])
}

// atRim counts in each subtree the units at the rim of the ground of two grids.
func (f *forest) atRim(st *state, a, b int32, rim []bool) []int32 {
	at := make([]int32, len(f.units))
	for v := len(f.units) - 1; v >= 0; v-- {
		u := f.units[v]
		outside := rim[u]
		for _, n := range st.g.beside(u) {
			outside = outside || st.label[n.unit] != a && st.label[n.unit] != b
		}
		if outside {
			at[v]++
		}
		if v > 0 {
			at[f.up[v]] += at[v]
		}
	}
	return at
}

package district

import "math/rand/v2"

// flip tries to move u into the grid of one of its neighbours and returns the change
// of J, 0 when it did not.
func flip(st *state, u int32, temperature float64, rng *rand.Rand) float64 {
	around := st.s.arms(st.g, u)
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
	for i := range around {
		n := &around[i]
		switch st.label[n.unit] {
		case from:
			costFrom += n.cost
			metresFrom += n.metres
		case to:
			costTo += n.cost
			metresTo += n.metres
		}
	}
	for _, w := range st.g.behindWalls(u) {
		switch st.label[w.unit] {
		case from:
			metresFrom += w.metres
		case to:
			metresTo += w.metres
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

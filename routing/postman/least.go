package postman

import (
	"context"

	"gridbeat/routing/arc/match"
)

// nearOdd is how many odd places ways are looked for from each when they are paired for
// a bound.
const nearOdd = 10

// Least is what closed walks through all streets, be they one or many, spend on ways
// between the streets at least. It is Again, and what comes on top as walks also meet
// every place an even number of times: the potentials of the balance leave each way a
// part of its cost, and the cheapest pairing of the odd places along these parts is
// needed as well. Turn is not counted.
//
// Both parts are counted out from duals: the sum holds whatever the potentials are, as
// long as they leave no way less than nothing.
func Least(ctx context.Context, t Town) (int64, error) {
	w, err := newWalk(t)
	if err != nil {
		return 0, err
	}
	again, err := w.balance()
	if err != nil {
		return 0, err
	}
	balanced, ok := w.potential(w.height)
	if !ok || balanced < again {
		// The potentials are not those of the cheapest balance: nothing is built on them.
		return again, nil
	}
	paired, err := w.leastPairs(ctx)
	if err != nil {
		return again, err
	}
	return balanced + paired, nil
}

// left is what the potentials leave of a way's cost.
func (w *walk) left(i int32) int64 {
	x := w.t.Ways[i]
	return int64(x.Cost) + w.height[x.From] - w.height[x.To]
}

// potential is what potentials prove; false when they leave some way less than nothing.
func (w *walk) potential(height []int64) (sum int64, ok bool) {
	for i := range w.t.Ways {
		if w.left(int32(i)) < 0 {
			return 0, false
		}
	}
	for _, s := range w.t.Streets {
		falls := height[s.From] - height[s.To]
		if s.Both && falls > 0 {
			falls = -falls
		}
		sum += falls
	}
	return sum, true
}

// hop leads to a place at a cost.
type hop struct {
	to   int32
	cost int64
}

// leastPairs is what pairing the odd places costs at least along what the potentials
// leave of the ways, in either direction.
func (w *walk) leastPairs(ctx context.Context) (int64, error) {
	// Places that cost nothing to go between are one.
	parts := newSets(len(w.t.X))
	for i, x := range w.t.Ways {
		if w.left(int32(i)) == 0 {
			parts.join(x.From, x.To)
		}
	}
	number := make([]int32, len(w.t.X))
	for _, s := range w.t.Streets {
		number[parts.find(s.From)]++
		number[parts.find(s.To)]++
	}
	var odd []int32
	for v, degree := range number {
		number[v] = -1
		if degree%2 == 1 {
			number[v] = int32(len(odd))
			odd = append(odd, int32(v))
		}
	}
	hops := make([][]hop, len(w.t.X))
	for i, x := range w.t.Ways {
		if u, v := parts.find(x.From), parts.find(x.To); u != v {
			c := w.left(int32(i))
			hops[u], hops[v] = append(hops[u], hop{v, c}), append(hops[v], hop{u, c})
		}
	}
	l := newLabels(len(w.t.X))
	near := func(i, most int, radius int64, found func(j int, cost int64)) (reached int64) {
		l.clear()
		l.reach(odd[i], 0, -1)
		for most > 0 {
			v, d, ok := l.settle()
			if !ok || d > radius {
				return radius
			}
			if j := number[v]; j >= 0 && int(j) != i {
				found(int(j), d)
				most--
			}
			reached = d
			for _, h := range hops[v] {
				l.reach(h.to, d+h.cost, v)
			}
		}
		return reached
	}
	return match.Least(ctx, len(odd), nearOdd, near)
}

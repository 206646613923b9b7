package match

import (
	"context"
	"math"
	"slices"
)

// Least is a cost that no pairing of all n vertices is below. near tells the vertices
// nearest to one, at most so many and within the radius, each with the cost of the pair;
// it returns the cost up to which it has told all of them. The answer is exact where the near pairs suffice, and a bound
// in any case: what the duals promise of a pair that was not looked at is taken off.
func Least(ctx context.Context, n, most int, near func(i, most int, radius int64, found func(j int, cost int64)) (reached int64)) (int64, error) {
	if n == 0 {
		return 0, nil
	}
	var edges []Edge
	has := map[[2]int]bool{}
	add := func(i, j int, cost int64) {
		k := [2]int{min(i, j), max(i, j)}
		if !has[k] {
			has[k] = true
			edges = append(edges, Edge{k[0], k[1], int(cost)})
		}
	}
	highest := int64(0)
	for i := range n {
		near(i, most, math.MaxInt64, func(j int, cost int64) {
			add(i, j, cost)
			highest = max(highest, cost)
		})
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	for i := range n {
		add(i, i^1, 4*highest) // so that a perfect matching exists; a pair may cost less
	}
	m := newMatcher(n, edges)
	m.pay()
	if _, err := m.perfect(ctx); err != nil {
		return 0, err
	}
	return m.proved(ctx, near)
}

// proved is half the sum of the duals, in whole numbers, after each vertex has given up
// by how much its own and another one's are above the cost of the two.
func (m *matcher) proved(ctx context.Context, near func(i, most int, radius int64, found func(j int, cost int64)) int64) (int64, error) {
	zero := m.weight[0] + m.edges[0].Cost                // the cost that a weight of 0 stands for
	share := func(v int) int { return zero - m.dual[v] } // twice what the vertex pays
	shares, twice := make([]int, m.n), 0
	for v := range m.n {
		shares[v] = share(v)
		twice += share(v)
	}
	for b := m.n; b < 2*m.n; b++ {
		if m.base[b] >= 0 && m.dual[b] > 0 {
			twice -= m.dual[b] * (len(m.leaves(b, nil)) - 1)
		}
	}
	// The few vertices that pay most look at all others, the rest at each other: they
	// need not look as far.
	slices.Sort(shares)
	highest, high := shares[m.n-1], shares[m.n-1-m.n/100]
	for i := range m.n {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		others := high
		if share(i) > high {
			others = highest
		}
		over, radius := 0, int64(max(0, share(i)+others)/2+1)
		reached := near(i, m.n, radius, func(j int, cost int64) {
			over = max(over, -m.reduced(i, j, int(cost)))
		})
		if reached < radius {
			over = max(over, share(i)+others-2*int(reached))
		}
		twice -= over
	}
	return int64(max(0, twice) / 2), nil
}

// pay lets each vertex pay as much as its edges allow and matches those that pay an edge
// in full: most of the search is done then. What vertices pay is even, as the search
// halves what two of them lack.
func (m *matcher) pay() {
	zero := m.weight[0] + m.edges[0].Cost
	paid := make([]int, m.n)
	for v := range m.n {
		least := math.MaxInt
		for _, p := range m.ends[v] {
			least = min(least, m.edges[p/2].Cost)
		}
		paid[v] = least / 2 * 2
	}
	for v := range m.n {
		least := math.MaxInt
		for _, p := range m.ends[v] {
			least = min(least, 2*m.edges[p/2].Cost-paid[m.endpoint[p]])
		}
		paid[v] = least
		for _, p := range m.ends[v] {
			if w := m.endpoint[p]; m.mate[v] < 0 && m.mate[w] < 0 && paid[v]+paid[w] == 2*m.edges[p/2].Cost {
				m.mate[v], m.mate[w] = p, p^1
			}
		}
	}
	for v := range m.n {
		m.dual[v] = zero - paid[v]
	}
}

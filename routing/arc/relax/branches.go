package relax

import (
	"cmp"
	"slices"
)

// branchPlaces is how many places all branches may have together.
const branchPlaces = 1 << 21

// branches lists, for each place but the depots, the places whose cheapest ways from
// the first depot lead over it, itself included: two and more.
func (n *Network) branches() [][]int32 {
	cost := n.out[0]
	before := make([]int32, n.in.Places)
	for v := range before {
		before[v] = -1
	}
	for _, w := range n.in.Ways {
		if w.From != w.To && w.Cost > 0 && cost[w.To] < unreached && cost[w.From]+w.Cost == cost[w.To] && before[w.To] < 0 {
			before[w.To] = w.From
		}
	}
	order := make([]int32, n.in.Places)
	for v := range order {
		order[v] = int32(v)
	}
	// The farthest come first, so that a branch is complete before it is handed on.
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(cost[b], cost[a]) })
	sets := make([][]int32, n.in.Places)
	size := 0
	var out [][]int32
	for _, v := range order {
		sets[v] = append(sets[v], v)
		if u := before[v]; u >= 0 && !n.depot[v] {
			sets[u] = append(sets[u], sets[v]...)
		}
		if size += len(sets[v]); size > branchPlaces {
			break
		}
		if len(sets[v]) > 1 && !n.depot[v] && cost[v] < unreached {
			out = append(out, sets[v])
		}
	}
	return out
}

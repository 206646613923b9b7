package relax

import "gridbeat/routing/queue"

// cheapest is Dijkstra's algorithm: the cost from a place to every place.
func cheapest(at [][]Way, from int32) []int32 {
	cost := make([]int32, len(at))
	for i := range cost {
		cost[i] = unreached
	}
	cost[from] = 0
	var q queue.Queue[int32]
	q.Push(0, from)
	for len(q) > 0 {
		here, v := q.Pop()
		if here > cost[v] {
			continue
		}
		for _, w := range at[v] {
			if c := here + w.Cost; c < cost[w.To] {
				cost[w.To] = c
				q.Push(c, w.To)
			}
		}
	}
	return cost
}

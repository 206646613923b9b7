package relax

import "container/heap"

// cheapest is Dijkstra's algorithm: the cost from a place to every place.
func cheapest(at [][]Way, from int32) []int32 {
	cost := make([]int32, len(at))
	for i := range cost {
		cost[i] = unreached
	}
	cost[from] = 0
	q := &queue{{from, 0}}
	for q.Len() > 0 {
		e := heap.Pop(q).(queued)
		if e.cost > cost[e.place] {
			continue
		}
		for _, w := range at[e.place] {
			if c := e.cost + w.Cost; c < cost[w.To] {
				cost[w.To] = c
				heap.Push(q, queued{w.To, c})
			}
		}
	}
	return cost
}

type queued struct{ place, cost int32 }

type queue []queued

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(queued)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

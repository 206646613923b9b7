package postman

import "gridbeat/routing/queue"

// labels are those of a search for shortest paths; they are cleared at the cost of
// what was reached.
type labels struct {
	cost    []int64
	by      []int32 // what the place is reached by
	state   []uint8
	queue   queue.Queue[int64]
	reached []int32
	settled []int32
}

const (
	unseen = iota
	seen
	done
)

func newLabels(places int) labels {
	return labels{cost: make([]int64, places), by: make([]int32, places), state: make([]uint8, places)}
}

func (l *labels) clear() {
	for _, v := range l.reached {
		l.state[v] = unseen
	}
	l.queue, l.reached, l.settled = l.queue[:0], l.reached[:0], l.settled[:0]
}

// reach lowers the label of a place, if the cost is less.
func (l *labels) reach(v int32, cost int64, by int32) {
	if l.state[v] == done || l.state[v] == seen && l.cost[v] <= cost {
		return
	}
	if l.state[v] == unseen {
		l.reached = append(l.reached, v)
	}
	l.state[v], l.cost[v], l.by[v] = seen, cost, by
	l.queue.Push(cost, v)
}

// settle takes the nearest place; false when there is none left.
func (l *labels) settle() (v int32, cost int64, ok bool) {
	for len(l.queue) > 0 {
		cost, v = l.queue.Pop()
		if l.state[v] == seen && l.cost[v] == cost {
			l.state[v] = done
			l.settled = append(l.settled, v)
			return v, cost, true
		}
	}
	return 0, 0, false
}

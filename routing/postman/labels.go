package postman

// labels are those of a search for shortest paths; they are cleared at the cost of
// what was reached.
type labels struct {
	cost    []int64
	by      []int32 // what the place is reached by
	state   []uint8
	queue   queue
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
	l.queue.push(label{cost, v})
}

// settle takes the nearest place; false when there is none left.
func (l *labels) settle() (v int32, cost int64, ok bool) {
	for len(l.queue) > 0 {
		x := l.queue.pop()
		if l.state[x.place] == seen && l.cost[x.place] == x.cost {
			l.state[x.place] = done
			l.settled = append(l.settled, x.place)
			return x.place, x.cost, true
		}
	}
	return 0, 0, false
}

type label struct {
	cost  int64
	place int32
}

func (x label) less(y label) bool { return x.cost < y.cost || x.cost == y.cost && x.place < y.place }

// queue is a binary heap, the least cost on top.
type queue []label

func (q *queue) push(x label) {
	a := append(*q, x)
	i := len(a) - 1
	for i > 0 && x.less(a[(i-1)/2]) {
		a[i] = a[(i-1)/2]
		i = (i - 1) / 2
	}
	a[i] = x
	*q = a
}

func (q *queue) pop() label {
	a := *q
	top, last := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	i := 0
	for 2*i+1 < len(a) {
		c := 2*i + 1
		if c+1 < len(a) && a[c+1].less(a[c]) {
			c++
		}
		if !a[c].less(last) {
			break
		}
		a[i] = a[c]
		i = c
	}
	if len(a) > 0 {
		a[i] = last
	}
	*q = a
	return top
}

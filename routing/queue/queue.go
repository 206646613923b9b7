// Package queue hands out numbered things, the cheapest first: what searches for
// shortest ways look at next.
package queue

// Entry is a number and its cost.
type Entry[C int32 | int64] struct {
	Cost   C
	Number int32
}

// Queue is a heap with the least cost on top, and of equal costs the least number. The
// zero value is empty.
type Queue[C int32 | int64] []Entry[C]

func (x Entry[C]) less(y Entry[C]) bool {
	return x.Cost < y.Cost || x.Cost == y.Cost && x.Number < y.Number
}

// Push adds a number at a cost; it may be there at another cost already.
func (q *Queue[C]) Push(cost C, number int32) {
	x := Entry[C]{cost, number}
	a := append(*q, x)
	i := len(a) - 1
	for i > 0 && x.less(a[(i-1)/2]) {
		a[i] = a[(i-1)/2]
		i = (i - 1) / 2
	}
	a[i] = x
	*q = a
}

// Pop takes the cheapest entry off a queue that is not empty.
func (q *Queue[C]) Pop() (cost C, number int32) {
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
	return top.Cost, top.Number
}

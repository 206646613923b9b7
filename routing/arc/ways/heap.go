package ways

// entry is a place and what it costs to be there.
type entry struct{ cost, place int32 }

// heap is a binary heap, the least cost on top.
type heap []entry

func (h *heap) push(e entry) {
	a := append(*h, e)
	i := len(a) - 1
	for i > 0 && a[(i-1)/2].cost > e.cost {
		a[i] = a[(i-1)/2]
		i = (i - 1) / 2
	}
	a[i] = e
	*h = a
}

func (h *heap) pop() entry {
	a := *h
	top, last := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	i := 0
	for 2*i+1 < len(a) {
		c := 2*i + 1
		if c+1 < len(a) && a[c+1].cost < a[c].cost {
			c++
		}
		if a[c].cost >= last.cost {
			break
		}
		a[i] = a[c]
		i = c
	}
	if len(a) > 0 {
		a[i] = last
	}
	*h = a
	return top
}

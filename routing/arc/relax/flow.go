package relax

import "math"

// flow computes greatest flows and least cuts by Dinic's algorithm on edges with
// capacities both ways. Capacities are whole numbers.
type flow struct {
	at       [][]int32 // arcs by place; arc i runs against arc i^1
	to       []int32
	left     []int64
	capacity []int64
	level    []int32
	next     []int32
	queue    []int32
	work     int64 // arcs looked at so far
}

func newFlow(places int) *flow {
	return &flow{at: make([][]int32, places), level: make([]int32, places), next: make([]int32, places)}
}

// join adds an edge with its capacities there and back.
func (f *flow) join(a, b int32, there, back int64) {
	f.at[a] = append(f.at[a], int32(len(f.to)))
	f.at[b] = append(f.at[b], int32(len(f.to)+1))
	f.to = append(f.to, b, a)
	f.capacity = append(f.capacity, there, back)
}

// between is the greatest flow from s to t, or most where it is more.
func (f *flow) between(s, t int32, most int64) int64 {
	f.left = append(f.left[:0], f.capacity...)
	total := int64(0)
	for total < most && f.levels(s, t) {
		clear(f.next)
		for total < most {
			by := f.push(s, t, most-total)
			if by == 0 {
				break
			}
			total += by
		}
	}
	return total
}

func (f *flow) levels(s, t int32) bool {
	for i := range f.level {
		f.level[i] = -1
	}
	f.level[s] = 0
	f.queue = append(f.queue[:0], s)
	for k := 0; k < len(f.queue); k++ {
		v := f.queue[k]
		f.work += int64(len(f.at[v]))
		for _, i := range f.at[v] {
			if u := f.to[i]; f.left[i] > 0 && f.level[u] < 0 {
				f.level[u] = f.level[v] + 1
				f.queue = append(f.queue, u)
			}
		}
	}
	return f.level[t] >= 0
}

func (f *flow) push(v, t int32, most int64) int64 {
	if v == t {
		return most
	}
	sent := int64(0)
	for ; int(f.next[v]) < len(f.at[v]); f.next[v]++ {
		i := f.at[v][f.next[v]]
		f.work++
		u := f.to[i]
		if f.left[i] <= 0 || f.level[u] != f.level[v]+1 {
			continue
		}
		by := f.push(u, t, min(most-sent, f.left[i]))
		f.left[i] -= by
		f.left[i^1] += by
		if sent += by; sent == most {
			return sent
		}
	}
	return sent
}

// side lists the places that s still reaches after a flow: its side of a least cut.
func (f *flow) side(s int32) []int32 {
	f.levels(s, s)
	return append([]int32(nil), f.queue...)
}

// fine is the number of steps that a capacity of one is cut into.
const fine = 1 << 20

// steps is a capacity in whole numbers.
func steps(x float64) int64 { return int64(math.Round(max(0, x) * fine)) }

// Package ways answers what it costs to go from one place of a sparse network to
// many, some ten times faster than a search through all of it. It deals in numbers
// only. Start with New and Costs.
//
// The network is contracted, the least important place first, with shortcuts that
// keep all costs (Geisberger, Sanders, Schultes and Vetter, "Exact routing in large
// road networks using contraction hierarchies", Transportation Science 46, 2012). A
// search climbs from the start to more important places only; one sweep from the
// most important place down then reaches all (Delling, Goldberg, Nowatzyk and
// Werneck, "PHAST", Journal of Parallel and Distributed Computing 73, 2013).
package ways

import (
	"context"
	"fmt"
	"math"
	"sync"

	"gridbeat/routing/queue"
)

// Never is the cost where there is no way.
const Never = math.MaxInt32 / 4

// Arc leads from one place to another.
type Arc struct{ From, To, Cost int32 }

// Network is a contracted network; it never changes.
type Network struct {
	places    int
	symmetric bool
	// Places are numbered anew, the most important one first.
	number []int32
	up     fan // arcs to more important places
	down   fan // arcs from more important places, by where they lead
	spare  sync.Pool
}

// fan lists arcs by one of their ends: those of v are start[v] to start[v+1].
type fan struct {
	start []int32
	arcs  []half
}

// half is an arc as seen from one end.
type half struct{ other, cost int32 }

// New contracts a network of the places 0, 1, ... n-1. Costs are from 0 to Never.
// It ends with the context's error.
func New(ctx context.Context, n int, arcs []Arc) (*Network, error) {
	for i, a := range arcs {
		if a.From < 0 || a.To < 0 || int(a.From) >= n || int(a.To) >= n || a.Cost < 0 || a.Cost > Never {
			return nil, fmt.Errorf("network of %d places: arc %d from %d to %d costs %d", n, i, a.From, a.To, a.Cost)
		}
	}
	c := newContraction(n, arcs)
	w := &Network{places: n, symmetric: c.symmetric()}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	w.number = make([]int32, n)
	for i, v := range c.order {
		w.number[v] = int32(n - 1 - i)
	}
	w.up, w.down = w.lay(c.up), w.lay(c.down)
	w.spare.New = func() any { return newClimb(n) }
	return w, nil
}

// lay writes the arcs of all places one behind the other, in the new numbers.
func (w *Network) lay(by [][]half) fan {
	f := fan{start: make([]int32, w.places+1)}
	old := make([]int32, w.places)
	for v, i := range w.number {
		old[i] = int32(v)
	}
	for i, v := range old {
		for _, h := range by[v] {
			f.arcs = append(f.arcs, half{w.number[h.other], h.cost})
		}
		f.start[i+1] = int32(len(f.arcs))
	}
	return f
}

// Symmetric says that there and back cost the same between all places.
func (w *Network) Symmetric() bool { return w.symmetric }

// few is the number of targets up to which each is searched for.
const few = 4

// Costs writes what it costs to go from a place to each of the places to, Never
// where there is no way. Several goroutines may call it at a time.
func (w *Network) Costs(from int32, to, out []int32) {
	if len(to) > few {
		w.Rows([]int32{from}, to, [][]int32{out})
		return
	}
	c, back := w.spare.Get().(*climb), w.spare.Get().(*climb)
	defer w.spare.Put(c)
	defer w.spare.Put(back)
	c.search(&w.up, w.number[from])
	for i, v := range to {
		back.search(&w.down, w.number[v])
		out[i] = Never
		for _, u := range back.reached {
			out[i] = min(out[i], back.cost[u]+c.cost[u])
		}
		back.clear()
	}
	c.clear()
}

// wide is how many places are swept from at a time.
const wide = 4

// Rows is Costs from several places, a row of out for each.
func (w *Network) Rows(from, to []int32, out [][]int32) {
	c := w.spare.Get().(*climb)
	defer w.spare.Put(c)
	if c.swept == nil {
		c.swept = make([][wide]int32, w.places)
	}
	for i := 0; i < len(from); i += wide {
		n := min(wide, len(from)-i)
		for v := range c.swept {
			c.swept[v] = [wide]int32{Never, Never, Never, Never}
		}
		for k, v := range from[i : i+n] {
			c.search(&w.up, w.number[v])
			for _, u := range c.reached {
				c.swept[u][k] = c.cost[u]
			}
			c.clear()
		}
		w.sweep(c.swept)
		for j, v := range to {
			costs := &c.swept[w.number[v]]
			for k := range n {
				out[i+k][j] = costs[k]
			}
		}
	}
}

// sweep goes through all places, the most important ones first.
func (w *Network) sweep(cost [][wide]int32) {
	for v := range cost {
		least := cost[v]
		for _, h := range w.down.arcs[w.down.start[v]:w.down.start[v+1]] {
			c := &cost[h.other]
			least[0] = min(least[0], c[0]+h.cost)
			least[1] = min(least[1], c[1]+h.cost)
			least[2] = min(least[2], c[2]+h.cost)
			least[3] = min(least[3], c[3]+h.cost)
		}
		cost[v] = least
	}
}

// climb is a search to more important places.
type climb struct {
	cost    []int32 // Never where it has not been
	reached []int32
	queue   queue.Queue[int32]
	swept   [][wide]int32 // by place, from several places; nil until it is needed
}

func newClimb(n int) *climb {
	c := &climb{cost: make([]int32, n)}
	for i := range c.cost {
		c.cost[i] = Never
	}
	return c
}

// search is Dijkstra's algorithm over the arcs of a fan.
func (c *climb) search(f *fan, from int32) {
	c.cost[from] = 0
	c.reached = append(c.reached, from)
	c.queue.Push(0, from)
	for len(c.queue) > 0 {
		cost, v := c.queue.Pop()
		if cost > c.cost[v] {
			continue
		}
		for _, h := range f.arcs[f.start[v]:f.start[v+1]] {
			if d := cost + h.cost; d < c.cost[h.other] {
				if c.cost[h.other] == Never {
					c.reached = append(c.reached, h.other)
				}
				c.cost[h.other] = d
				c.queue.Push(d, h.other)
			}
		}
	}
}

func (c *climb) clear() {
	for _, v := range c.reached {
		c.cost[v] = Never
	}
	c.reached = c.reached[:0]
}

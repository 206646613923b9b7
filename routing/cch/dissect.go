package cch

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Dissect returns the nodes of a graph in an order good for Build: nested dissection
// by inertial flow over the places x, y of the nodes on a plane, in any one unit. Nodes
// that lie on small cuts between large parts come last. Directions do not matter.
// threads (at least one) changes the time it takes, not the order. It ends early with
// the context's error.
//
// Schild, Sommer, "On balanced separators in road networks", SEA 2015; cuts are of
// nodes, not of edges.
func Dissect(ctx context.Context, g Graph, x, y []float64, threads int) ([]int32, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if len(x) != g.Nodes || len(y) != g.Nodes {
		return nil, fmt.Errorf("dissect: %d and %d coordinates for %d nodes", len(x), len(y), g.Nodes)
	}
	r := reduce(g.neighbours(), 4)
	p := piece{}
	number := make([]int32, g.Nodes)
	for v, gone := range r.gone {
		if !gone {
			number[v] = int32(len(p.id))
			p.id = append(p.id, int32(v))
			p.x, p.y = append(p.x, x[v]), append(p.y, y[v])
		}
	}
	p.adj.first = []int32{0}
	for _, v := range p.id {
		for _, w := range r.beside[v] {
			p.adj.item = append(p.adj.item, number[w])
		}
		p.adj.first = append(p.adj.first, int32(len(p.adj.item)))
	}
	d := dissection{ctx: ctx, spare: make(chan struct{}, max(1, threads)-1)}
	order := make([]int32, g.Nodes)
	copy(order, r.order)
	d.order(p, order[len(r.order):])
	return order, ctx.Err()
}

// piece is a part of a graph with nodes numbered anew.
type piece struct {
	id   []int32 // numbers in the whole
	x, y []float64
	adj  rows
}

type dissection struct {
	ctx   context.Context
	spare chan struct{} // one token for each further goroutine at work
	wait  sync.WaitGroup
}

// order writes the piece's nodes to out, those of the cut last.
func (d *dissection) order(p piece, out []int32) {
	if d.ctx.Err() != nil {
		copy(out, p.id)
		return
	}
	parts := p.components()
	if len(parts) > 1 {
		d.each(p, parts, out)
		return
	}
	if len(p.id) <= 3 || len(p.adj.item) == len(p.id)*(len(p.id)-1) {
		copy(out, p.id)
		return
	}
	part := p.separate()
	var near, cut, far []int32
	for v, side := range part {
		switch side {
		case onNear:
			near = append(near, int32(v))
		case onCut:
			cut = append(cut, int32(v))
		default:
			far = append(far, int32(v))
		}
	}
	k := len(out) - len(cut)
	for i, v := range cut {
		out[k+i] = p.id[v]
	}
	d.each(p, [][]int32{near, far}, out[:k])
}

// each orders parts of the piece one after the other, in goroutines where one is to
// spare and the part is worth it.
func (d *dissection) each(p piece, parts [][]int32, out []int32) {
	var wait sync.WaitGroup
	defer wait.Wait()
	for i, list := range parts {
		to := out[:len(list)]
		out = out[len(list):]
		if len(list) == 0 {
			continue
		}
		if i < len(parts)-1 && len(list) > 500 {
			select {
			case d.spare <- struct{}{}:
				wait.Go(func() {
					d.order(p.part(list), to)
					<-d.spare
				})
				continue
			default:
			}
		}
		d.order(p.part(list), to)
	}
}

// components returns the connected parts of the piece.
func (p piece) components() [][]int32 {
	var all [][]int32
	seen := make([]bool, len(p.id))
	for s := range int32(len(p.id)) {
		if seen[s] {
			continue
		}
		seen[s] = true
		list := []int32{s}
		for i := 0; i < len(list); i++ {
			for _, w := range p.adj.of(list[i]) {
				if !seen[w] {
					seen[w] = true
					list = append(list, w)
				}
			}
		}
		slices.Sort(list)
		all = append(all, list)
	}
	return all
}

// part returns the piece that some of its nodes, ascending, make.
func (p piece) part(list []int32) piece {
	number := make([]int32, len(p.id))
	for i := range number {
		number[i] = -1
	}
	q := piece{}
	for i, v := range list {
		number[v] = int32(i)
		q.id = append(q.id, p.id[v])
		q.x, q.y = append(q.x, p.x[v]), append(q.y, p.y[v])
	}
	q.adj.first = []int32{0}
	for _, v := range list {
		for _, w := range p.adj.of(v) {
			if number[w] >= 0 {
				q.adj.item = append(q.adj.item, number[w])
			}
		}
		q.adj.first = append(q.adj.first, int32(len(q.adj.item)))
	}
	return q
}

const (
	directions = 8
	share      = 0.25 // of the nodes are sources, as many are sinks
)

// separate looks for a small cut through a connected piece that leaves two parts of
// like size, and tells on which side of it every node lies.
func (p piece) separate() []uint8 {
	n := len(p.id)
	f := newFlow(p.adj)
	k := max(1, int(share*float64(n)))
	keys := make([]uint64, n)
	near, far := make([]int32, k), make([]int32, k)
	part := make([]uint8, n)
	var best []uint8
	bestCost, smallest := math.Inf(1), n
	for d := range directions {
		sin, cos := math.Sincos(math.Pi * float64(d) / directions)
		for v := range keys {
			keys[v] = sortable(float32(p.x[v]*cos+p.y[v]*sin))<<32 | uint64(v)
		}
		slices.Sort(keys)
		for i := range k {
			near[i], far[i] = int32(uint32(keys[i])), int32(uint32(keys[n-1-i]))
		}
		if !f.run(near, far, 2*smallest) {
			continue
		}
		f.nearCut(part)
		for side := range 2 {
			if side == 1 {
				f.farCut(part, far)
			}
			cut, less := weigh(part)
			smallest = min(smallest, cut)
			if cost := cutCost(cut, less, n); cost < bestCost {
				bestCost, best = cost, append(best[:0], part...)
			}
		}
	}
	return best
}

// sortable maps numbers to integers of the same order.
func sortable(x float32) uint64 {
	b := math.Float32bits(x)
	if b>>31 == 1 {
		return uint64(^b)
	}
	return uint64(b | 1<<31)
}

// weigh returns the size of a cut and of its smaller side.
func weigh(part []uint8) (cut, less int) {
	var count [onFar + 1]int
	for _, side := range part {
		count[side]++
	}
	return count[onCut], min(count[onNear], count[onFar])
}

// cutCost weighs a cut's size against how unequal the parts are.
func cutCost(cut, less, n int) float64 {
	return float64(cut) / math.Sqrt(float64(less+1)/float64(n))
}

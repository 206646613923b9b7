package cch

import (
	"fmt"
	"math"
)

// Never is the weight of an arc that may not be used and the distance to what cannot
// be reached. Weights lie between 0 and Never; a path of Never or more is none.
const Never = math.MaxInt32 / 4

// Graph is the fixed part of a question: arcs between nodes that are numbered from 0.
// Parallel arcs and loops are welcome; a loop is on no shortest path.
type Graph struct {
	Nodes      int
	Tail, Head []int32 // by arc
}

// check reports the first thing that is wrong with the graph.
func (g Graph) check() error {
	if g.Nodes < 0 || g.Nodes > math.MaxInt32-1 {
		return fmt.Errorf("graph: %d nodes are none that int32 can number", g.Nodes)
	}
	if len(g.Tail) != len(g.Head) {
		return fmt.Errorf("graph: %d tails for %d heads", len(g.Tail), len(g.Head))
	}
	for a := range g.Tail {
		for _, v := range [2]int32{g.Tail[a], g.Head[a]} {
			if v < 0 || int(v) >= g.Nodes {
				return fmt.Errorf("graph: arc %d names node %d of %d", a, v, g.Nodes)
			}
		}
	}
	return nil
}

// rows is an array of short lists of integers, one after the other.
type rows struct {
	first []int32 // one more than there are lists
	item  []int32
}

func (r rows) of(i int32) []int32 { return r.item[r.first[i]:r.first[i+1]] }

// owners returns for each item the list that it stands in.
func (r rows) owners() []int32 {
	owner := make([]int32, len(r.item))
	for i := range len(r.first) - 1 {
		for k := r.first[i]; k < r.first[i+1]; k++ {
			owner[k] = int32(i)
		}
	}
	return owner
}

// group returns for each of n values the positions of key that hold it, ascending;
// negative keys are left out.
func group(n int, key []int32) rows {
	r := rows{first: make([]int32, n+1)}
	for _, k := range key {
		if k >= 0 {
			r.first[k+1]++
		}
	}
	for i := range n {
		r.first[i+1] += r.first[i]
	}
	r.item = make([]int32, r.first[n])
	fill := append([]int32(nil), r.first[:n]...)
	for i, k := range key {
		if k >= 0 {
			r.item[fill[k]] = int32(i)
			fill[k]++
		}
	}
	return r
}

// neighbours returns the nodes beside each node, directions and repetitions dropped.
func (g Graph) neighbours() rows {
	out, in := group(g.Nodes, g.Tail), group(g.Nodes, g.Head)
	seen := make([]int32, g.Nodes)
	r := rows{first: make([]int32, 1, g.Nodes+1), item: make([]int32, 0, 2*len(g.Tail))}
	for v := range int32(g.Nodes) {
		seen[v] = v + 1
		add := func(w int32) {
			if seen[w] != v+1 {
				seen[w] = v + 1
				r.item = append(r.item, w)
			}
		}
		for _, a := range out.of(v) {
			add(g.Head[a])
		}
		for _, a := range in.of(v) {
			add(g.Tail[a])
		}
		r.first = append(r.first, int32(len(r.item)))
	}
	return r
}

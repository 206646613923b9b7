package cch

import "slices"

// reduced is a graph from which nodes are taken away one by one, the neighbours of
// each joined to each other.
type reduced struct {
	beside [][]int32 // neighbours, ascending; of the nodes that are left
	gone   []bool
	order  []int32 // the nodes taken away
}

// reduce takes away nodes that an elimination order may begin with at no loss: those
// with at most two neighbours, and those with at most most neighbours all of which but
// one are joined to each other (almost simplicial nodes; Bodlaender, Koster, van den
// Eijkhof, "Preprocessing rules for triangulation of probabilistic networks", 2005).
// No two neighbours go in the same round, so that a long street becomes a shallow tree.
func reduce(adj rows, most int) *reduced {
	n := len(adj.first) - 1
	r := &reduced{beside: make([][]int32, n), gone: make([]bool, n)}
	todo := make([]int32, n)
	for v := range int32(n) {
		r.beside[v] = slices.Clone(adj.of(v))
		slices.Sort(r.beside[v])
		todo[v] = v
	}
	kept := make([]int32, n) // round in which a neighbour of the node went
	queued := make([]int32, n)
	for round := int32(1); len(todo) > 0; round++ {
		var later []int32
		push := func(v int32) {
			if queued[v] != round {
				queued[v] = round
				later = append(later, v)
			}
		}
		for _, v := range todo {
			if r.gone[v] || !r.loose(v, most) {
				continue
			}
			if kept[v] == round {
				push(v)
				continue
			}
			for _, w := range r.beside[v] {
				kept[w] = round
				push(w)
			}
			r.take(v)
		}
		slices.Sort(later)
		todo = later
	}
	return r
}

// loose reports whether the node may go.
func (r *reduced) loose(v int32, most int) bool {
	list := r.beside[v]
	if len(list) <= 2 {
		return true
	}
	if len(list) > most {
		return false
	}
	for skip := range list {
		clique := true
		for i, a := range list {
			for _, b := range list[i+1:] {
				if a != list[skip] && b != list[skip] && !r.joined(a, b) {
					clique = false
				}
			}
		}
		if clique {
			return true
		}
	}
	return false
}

func (r *reduced) joined(a, b int32) bool {
	_, ok := slices.BinarySearch(r.beside[a], b)
	return ok
}

// take removes the node and joins its neighbours.
func (r *reduced) take(v int32) {
	list := r.beside[v]
	for _, a := range list {
		if i, ok := slices.BinarySearch(r.beside[a], v); ok {
			r.beside[a] = slices.Delete(r.beside[a], i, i+1)
		}
		for _, b := range list {
			if i, ok := slices.BinarySearch(r.beside[a], b); a != b && !ok {
				r.beside[a] = slices.Insert(r.beside[a], i, b)
			}
		}
	}
	r.gone[v], r.beside[v] = true, nil
	r.order = append(r.order, v)
}

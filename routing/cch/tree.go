package cch

import "slices"

// eliminationTree returns the parent of every node, all numbered by rank: the lowest
// of the higher nodes that it is joined to once the nodes below are eliminated; n for a
// root. Liu, "A compact row storage scheme for Cholesky factors using elimination
// trees", ACM TOMS 12 (1986).
func eliminationTree(beside rows) []int32 {
	n := len(beside.first) - 1
	parent := make([]int32, n)
	shortcut := make([]int32, n) // towards the root of the tree so far
	for v := range int32(n) {
		parent[v], shortcut[v] = int32(n), int32(n)
		for _, w := range beside.of(v) {
			for w < v {
				next := shortcut[w]
				shortcut[w] = v
				if next == int32(n) {
					parent[w] = v
					break
				}
				w = next
			}
		}
	}
	return parent
}

// postorder numbers the nodes of a forest so that every subtree is a run of numbers
// that ends with its root; children keep their order.
func postorder(parent []int32) []int32 {
	n := len(parent)
	size := make([]int32, n+1)
	for v, p := range parent { // children have lower numbers
		size[v]++
		size[p] += size[v]
	}
	number := make([]int32, n)
	end := make([]int32, n+1) // of the numbers not yet given below the node
	end[n] = int32(n)
	for v := n - 1; v >= 0; v-- {
		p := parent[v]
		number[v] = end[p] - 1
		end[v] = number[v]
		end[p] -= size[v]
	}
	return number
}

// renumber returns the adjacency with nodes numbered anew, lists not ordered.
func (r rows) renumber(number []int32) rows {
	n := len(number)
	old := make([]int32, n)
	for v, k := range number {
		old[k] = int32(v)
	}
	out := rows{first: make([]int32, 1, n+1), item: make([]int32, 0, len(r.item))}
	for _, v := range old {
		for _, w := range r.of(v) {
			out.item = append(out.item, number[w])
		}
		out.first = append(out.first, int32(len(out.item)))
	}
	return out
}

// complete returns for each node, numbered by rank, the higher nodes that it is joined
// to once all lower ones are eliminated, ascending: the chordal completion.
func complete(beside rows, parent []int32) rows {
	n := len(parent)
	children := group(n, rootless(parent))
	up := rows{first: make([]int32, 1, n+1)}
	seen := make([]int32, n)
	for v := range int32(n) {
		seen[v] = v + 1
		begin := len(up.item)
		add := func(list []int32) {
			for _, w := range list {
				if w > v && seen[w] != v+1 {
					seen[w] = v + 1
					up.item = append(up.item, w)
				}
			}
		}
		add(beside.of(v))
		for _, c := range children.of(v) {
			add(up.of(c))
		}
		slices.Sort(up.item[begin:])
		up.first = append(up.first, int32(len(up.item)))
	}
	return up
}

// rootless is the parents with -1 for those of roots.
func rootless(parent []int32) []int32 {
	out := slices.Clone(parent)
	for v, p := range out {
		if int(p) == len(parent) {
			out[v] = -1
		}
	}
	return out
}

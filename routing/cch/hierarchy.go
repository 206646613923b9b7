package cch

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// Hierarchy is a graph with the shortcuts that any weights may need. It never changes
// once made. Inside, nodes are numbered by rank: the elimination tree's parent of a
// node, and both ends of every shortcut from it, lie on its way to the root.
type Hierarchy struct {
	nodes  int
	rank   []int32 // by node
	node   []int32 // by rank
	parent []int32 // by rank; the number of nodes for a root
	depth  []int32 // by rank; 0 for a root
	least  []int32 // by rank; the lowest rank below the node, or its own
	height int     // nodes on the longest way to a root
	up     side    // shortcuts from a node to higher ones
	down   side    // shortcuts to a node from higher ones
	pages  []int32 // the lowest node of each page of weights, see page
	slot   []int32 // by arc of the graph: its shortcut, see slotOf
	tail   []int32 // of the graph's arcs
	head   []int32
	arcs   rows // arcs of the graph that a shortcut stands for, by slot

	updates sync.Pool // of *update
}

// side is one direction of the shortcuts, listed by their lower node.
type side struct {
	first []int32
	head  []int32 // rank of the higher node, ascending
	low   []int32 // rank of the lower node
	level []int32 // depth of the higher node
	below []leg   // by higher node, ascending by the lower one
	begin []int32 // where the higher node's run in below begins
	dir   int     // 0 upward, 1 downward
	page  []int32 // by lower node: the page of its weights
}

// leg is a shortcut seen from its higher node.
type leg struct {
	at    int32 // index of the shortcut in its side
	after int32 // first index in the other side's list of the lower node with a higher head
	end   int32 // end of that list
}

// Build makes the hierarchy of a graph; order lists its nodes, the first to be
// eliminated first, such as Dissect gives it.
func Build(g Graph, order []int32) (*Hierarchy, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if len(order) != g.Nodes {
		return nil, fmt.Errorf("build: an order of %d for %d nodes", len(order), g.Nodes)
	}
	rank := make([]int32, g.Nodes)
	for i := range rank {
		rank[i] = -1
	}
	for i, v := range order {
		if v < 0 || int(v) >= g.Nodes || rank[v] >= 0 {
			return nil, fmt.Errorf("build: entry %d of the order, %d, is no node or repeated", i, v)
		}
		rank[v] = int32(i)
	}
	h := &Hierarchy{nodes: g.Nodes, rank: rank, node: make([]int32, g.Nodes), tail: g.Tail, head: g.Head}
	beside := g.neighbours().renumber(rank)
	parent := eliminationTree(beside)
	number := postorder(parent)
	for v, r := range rank {
		rank[v] = number[r]
		h.node[number[r]] = int32(v)
	}
	h.parent = make([]int32, g.Nodes)
	for v, p := range parent {
		h.parent[number[v]] = int32(g.Nodes)
		if int(p) < g.Nodes {
			h.parent[number[v]] = number[p]
		}
	}
	h.depth = make([]int32, g.Nodes)
	for v := g.Nodes - 1; v >= 0; v-- {
		if p := h.parent[v]; int(p) < g.Nodes {
			h.depth[v] = h.depth[p] + 1
		}
		h.height = max(h.height, int(h.depth[v])+1)
	}
	h.least = make([]int32, g.Nodes)
	for v := range int32(g.Nodes) {
		h.least[v] = v
	}
	for v, p := range h.parent {
		if int(p) < g.Nodes {
			h.least[p] = min(h.least[p], h.least[v])
		}
	}
	all := complete(beside.renumber(number), h.parent)
	if len(all.item) > math.MaxInt32/2 {
		return nil, fmt.Errorf("build: %d shortcuts are too many", len(all.item))
	}
	up, down := h.usable(g, all)
	h.up, h.down = h.newSide(all, up, 0), h.newSide(all, down, 1)
	h.up.link(h.down)
	h.down.link(h.up)
	h.paginate()
	h.place(g)
	h.updates.New = func() any { return newUpdate(h) }
	return h, nil
}

// usable tells, for each pair of the chordal completion, whether some weights make a
// way of finite length from the lower to the higher node over lower ones, and whether
// some do the other way.
func (h *Hierarchy) usable(g Graph, all rows) (up, down []bool) {
	up, down = make([]bool, len(all.item)), make([]bool, len(all.item))
	for a := range g.Tail {
		t, w := h.rank[g.Tail[a]], h.rank[g.Head[a]]
		if t < w {
			i, _ := slices.BinarySearch(all.of(t), w)
			up[int(all.first[t])+i] = true
		} else if w < t {
			i, _ := slices.BinarySearch(all.of(w), t)
			down[int(all.first[w])+i] = true
		}
	}
	at := make([]int32, h.nodes) // index in all of the pair with the present node
	below, lower := group(h.nodes, all.item), all.owners()
	for x := range int32(h.nodes) {
		for i := all.first[x]; i < all.first[x+1]; i++ {
			at[all.item[i]] = i
		}
		for _, i := range below.of(x) {
			for j := i + 1; j < all.first[lower[i]+1]; j++ {
				k := at[all.item[j]]
				up[k] = up[k] || down[i] && up[j]
				down[k] = down[k] || down[j] && up[i]
			}
		}
	}
	return up, down
}

// newSide lists the pairs of the completion that are in use.
func (h *Hierarchy) newSide(all rows, used []bool, dir int) side {
	s := side{first: make([]int32, 1, h.nodes+1), dir: dir}
	for v := range int32(h.nodes) {
		for i := all.first[v]; i < all.first[v+1]; i++ {
			if used[i] {
				s.head = append(s.head, all.item[i])
				s.low = append(s.low, v)
				s.level = append(s.level, h.depth[all.item[i]])
			}
		}
		s.first = append(s.first, int32(len(s.head)))
	}
	return s
}

// link lists the shortcuts by their higher node, those alone that a way over the lower
// node to a still higher one on the other side begins or ends with.
func (s *side) link(other side) {
	n := len(s.first) - 1
	by := group(n, s.head)
	s.begin = make([]int32, 1, n+1)
	s.below = make([]leg, 0, len(s.head))
	for x := range int32(n) {
		for _, i := range by.of(x) {
			v := s.low[i]
			end := other.first[v+1]
			j, _ := slices.BinarySearch(other.head[other.first[v]:end], x+1)
			if after := other.first[v] + int32(j); after < end {
				s.below = append(s.below, leg{at: i, after: after, end: end})
			}
		}
		s.begin = append(s.begin, int32(len(s.below)))
	}
}

// slotOf numbers the shortcuts of both sides: upward ones first. It returns -1 for a
// pair without one.
func (h *Hierarchy) slotOf(tail, head int32) int32 {
	s, low, high, shift := &h.up, tail, head, int32(0)
	if head < tail {
		s, low, high, shift = &h.down, head, tail, int32(len(h.up.head))
	}
	if low == high {
		return -1
	}
	i, ok := slices.BinarySearch(s.head[s.first[low]:s.first[low+1]], high)
	if !ok {
		return -1
	}
	return shift + s.first[low] + int32(i)
}

// place finds the shortcut of every arc.
func (h *Hierarchy) place(g Graph) {
	h.slot = make([]int32, len(g.Tail))
	for a := range g.Tail {
		h.slot[a] = h.slotOf(h.rank[g.Tail[a]], h.rank[g.Head[a]])
	}
	h.arcs = group(len(h.up.head)+len(h.down.head), h.slot)
}

// Nodes is the number of nodes of the graph.
func (h *Hierarchy) Nodes() int { return h.nodes }

// Arcs is the number of arcs of the graph.
func (h *Hierarchy) Arcs() int { return len(h.slot) }

// Shortcuts is the number of shortcuts upward and downward.
func (h *Hierarchy) Shortcuts() (up, down int) { return len(h.up.head), len(h.down.head) }

// Height is the number of nodes on the longest way to a root of the elimination tree;
// it bounds the nodes that one search settles.
func (h *Hierarchy) Height() int { return h.height }

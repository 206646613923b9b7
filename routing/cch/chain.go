package cch

import "slices"

// chain is a set of seeds that lie on one way to the root; a single climb from the
// lowest serves them all.
type chain struct {
	lowest int32 // rank
	depth  int32
	seeds  []Seed // Node holds the rank
}

// chains splits seeds into chains and takes the least of their costs off all of them,
// so that none is negative. The two directions of one street, and most places, make
// one chain.
func (h *Hierarchy) chains(seeds []Seed, buf []chain) (all []chain, least int32) {
	buf = buf[:0]
	if len(seeds) == 0 {
		return buf, 0
	}
	if len(seeds) == 1 { // the common case, without sorting
		r := h.rank[seeds[0].Node]
		return append(buf, chain{r, h.depth[r], []Seed{{r, 0}}}), seeds[0].Cost
	}
	least = seeds[0].Cost
	for _, s := range seeds {
		least = min(least, s.Cost)
	}
	sorted := make([]Seed, len(seeds))
	for i, s := range seeds {
		sorted[i] = Seed{h.rank[s.Node], s.Cost - least}
	}
	slices.SortFunc(sorted, func(a, b Seed) int { return int(a.Node - b.Node) })
next:
	for _, s := range sorted {
		for i := range buf {
			if h.above(s.Node, buf[i].lowest) {
				buf[i].seeds = append(buf[i].seeds, s)
				continue next
			}
		}
		buf = append(buf, chain{s.Node, h.depth[s.Node], []Seed{s}})
	}
	return buf, least
}

// above reports whether rank a is b or lies on the way from b to the root.
func (h *Hierarchy) above(a, b int32) bool { return h.least[a] <= b && b <= a }

// plant clears the labels on the chain's way to the root and sets those of its seeds.
func (c *chain) plant(h *Hierarchy, labels []int32) {
	for i := range labels[:c.depth+1] {
		labels[i] = Never
	}
	for _, s := range c.seeds {
		d := h.depth[s.Node]
		labels[d] = min(labels[d], s.Cost)
	}
}

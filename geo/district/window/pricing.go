package window

import (
	"context"
	"math"
)

// bends is how often the multipliers of a bound are moved in a row.
const bends = 3

// pricing finds grids whose reduced cost is below a limit: branch and bound over units
// to take in and to leave out, from each least unit on, each undecided neighbour of
// what is taken in being the next to decide. On 51 blocks it looks at some thousand of
// 370,000,000 connected sets.
type pricing struct {
	net         *network
	root, spare *bound
	stack       []*bound // by depth
	t, lean     float64  // multipliers to begin with

	ctx   context.Context
	limit float64
	visit func(c column, reduced float64) bool
	most  int
	nodes int
	over  bool
	least float64

	distance []int // of reach
	queue    []int32
}

// newPricing takes P/A of a typical grid.
func newPricing(b *board, typical float64) *pricing {
	net := newNetwork(b)
	return &pricing{net: net, root: net.newBound(), spare: net.newBound(), t: typical, distance: make([]int, len(b.Units))}
}

// run visits each grid within bounds that has a reduced cost below the limit, once, in
// a fixed order; dual is what each unit is worth. It stops early when visit returns
// false, after most nodes, or when ctx ends; then over is set, and what it has not
// looked at has reduced costs of at least least.
func (c *pricing) run(ctx context.Context, dual []float64, limit float64, most int, visit func(c column, reduced float64) bool) {
	c.ctx, c.limit, c.most, c.visit = ctx, limit, most, visit
	c.nodes, c.over, c.least = 0, false, limit
	n, b := c.net, c.root
	copy(n.dual, dual)
	n.begin(b, c.t, c.lean)
	for u := range n.Units {
		if c.bend(b); b.least >= limit {
			return
		}
		if u == 0 {
			c.t, c.lean = b.t, b.lean
		}
		if c.over {
			c.least = min(c.least, b.least)
			return
		}
		child := c.at(0)
		child.copyFrom(b)
		child.take(u)
		c.explore(0, child, u)
		b.leaveOut(u)
	}
}

func (c *pricing) at(depth int) *bound {
	if depth == len(c.stack) {
		c.stack = append(c.stack, c.net.newBound())
	}
	return c.stack[depth]
}

// explore visits every grid below the limit that holds the root and all else that the
// bound takes in, and nothing that it leaves out.
func (c *pricing) explore(depth int, b *bound, root int) {
	n := c.net
	for {
		if c.nodes++; c.nodes > c.most || c.nodes%64 == 0 && c.ctx.Err() != nil {
			c.over = true
		}
		if c.over {
			c.least = min(c.least, b.least)
			return
		}
		if !c.tighten(b, root) {
			return
		}
		part := n.grown(root, b.in)
		u := c.choose(b, part)
		if u < 0 {
			c.offer(part, b.in)
			return
		}
		child := c.at(depth + 1)
		child.copyFrom(b)
		child.take(u)
		c.explore(depth+1, child, root)
		b.leaveOut(u)
	}
}

// offer visits a part with nothing undecided beside it, where that is all there is.
func (c *pricing) offer(part, in set) {
	n := c.net
	l := n.tally(part)
	if part != in || !n.inBounds(l.households) {
		return
	}
	price := n.price(l)
	if reduced := price - part.sum(n.dual); reduced < c.limit && !c.visit(column{part, price}, reduced) {
		c.over = true
	}
}

// tighten raises the bound and decides what follows from it; false when nothing below
// the limit is left.
func (c *pricing) tighten(b *bound, root int) bool {
	n := c.net
	for more := true; more; {
		if !c.reach(b, root) {
			return false
		}
		if c.bend(b); b.least >= c.limit {
			return false
		}
		more = false
		for rest := n.all.without(b.in).without(b.out); !rest.empty(); {
			u := rest.pop()
			if n.taking(b, u) >= c.limit {
				b.leaveOut(u)
				more = true
			} else if n.leaving(b, u) >= c.limit {
				b.take(u)
				more = true
			}
		}
	}
	return true
}

// reach leaves out units that no grid within bounds can hold beside those taken in;
// false when there is no such grid at all.
func (c *pricing) reach(b *bound, root int) bool {
	n := c.net
	have := 0
	for rest := b.in; !rest.empty(); {
		have += n.Units[rest.pop()].Households
	}
	room := n.Max - have
	if room < 0 {
		return false
	}
	// Households on the way to each unit, those taken in not counted.
	for u := range c.distance {
		c.distance[u] = math.MaxInt
	}
	c.distance[root] = 0
	c.queue = append(c.queue[:0], int32(root))
	for i := 0; i < len(c.queue); i++ {
		u := int(c.queue[i])
		for rest := n.near[u].without(b.out); !rest.empty(); {
			v := rest.pop()
			d := c.distance[u]
			if !b.in.has(v) {
				d += n.Units[v].Households
			}
			if d <= room && d < c.distance[v] {
				c.distance[v] = d
				c.queue = append(c.queue, int32(v))
			}
		}
	}
	for rest := n.all.without(b.out); !rest.empty(); {
		u := rest.pop()
		switch taken := b.in.has(u); {
		case c.distance[u] == math.MaxInt && taken:
			return false
		case c.distance[u] == math.MaxInt:
			b.leaveOut(u)
		case !taken:
			have += n.Units[u].Households
		}
	}
	return have >= n.Min
}

// choose picks the undecided neighbour of a part whose decision raises the bound most;
// -1 for none.
func (c *pricing) choose(b *bound, part set) int {
	n := c.net
	best, at := math.Inf(-1), -1
	for rest := n.rim(part).without(b.in).without(b.out); !rest.empty(); {
		u := rest.pop()
		if v := max(n.taking(b, u), n.leaving(b, u)); v > best {
			best, at = v, u
		}
	}
	return at
}

// bend raises the bound to the minimum cut and moves the multipliers to where that is
// higher: t to the P/A of the cut's set, the lean to what suits its households.
func (c *pricing) bend(b *bound) {
	n := c.net
	x, minimum := n.fill(b, c.limit)
	for i := 0; minimum && i < bends; i++ {
		l := n.tally(x)
		t, lean := b.t, n.leanTo(l.households, b.lean)
		if l.area > 0 {
			t = l.rim / l.area
		}
		before := b.least
		for _, step := range [...]float64{1, 0.4} {
			c.spare.copyFrom(b)
			n.change(c.spare, b.t+step*(t-b.t), b.lean+step*(lean-b.lean))
			y, ok := n.fill(c.spare, c.limit)
			if c.spare.least > before {
				b.copyFrom(c.spare)
				x, minimum = y, ok
				break
			}
		}
		if b.least-before <= 0.05*(c.limit-before) {
			return
		}
	}
}

// leanTo is the lean at which the conjugate is reached at a number of households, or
// further on where that is out of bounds.
func (n *network) leanTo(households int, lean float64) float64 {
	step := 2 * max(n.Balance, 1) / n.Target
	slope := func(h int) float64 { return 2 * n.Balance / n.Target * (float64(h)/n.Target - 1) }
	switch {
	case households < n.Min:
		return min(lean, slope(n.Min)) - 0.3*step*float64(n.Min-households)/n.Target
	case households > n.Max:
		return max(lean, slope(n.Max)) + 0.3*step*float64(households-n.Max)/n.Target
	}
	return slope(households)
}

package arrange

import "slices"

// Place tells where a point lies in an arrangement.
type Place struct {
	Face int32 // the face that holds it, Unbounded outside; on an edge, either of its faces
	Edge int32 // the edge on which it lies exactly, else -1
}

// Locate finds where p lies, exactly.
func (a *Arrangement) Locate(p Pt) Place {
	if a.below == nil || len(a.Edges) == 0 {
		return Place{Unbounded, -1}
	}
	for _, e := range a.below.at(p.X) {
		edge := a.Edges[e]
		if onSegment(p, a.Vertices[edge.A], a.Vertices[edge.B]) {
			f := a.face[2*e]
			if f == Unbounded {
				f = a.face[2*e+1]
			}
			return Place{f, e}
		}
	}
	e, ok := a.below.edgeBelow(p, a, -1)
	if !ok {
		return Place{Unbounded, -1}
	}
	return Place{a.face[2*e], -1}
}

// columns cuts the extent into upright strips, each with the edges that reach into it.
type columns struct {
	minX  int64
	width int64
	start []int32
	items []int32
}

func newColumns(a *Arrangement) *columns {
	c := &columns{width: 1, start: []int32{0, 0}}
	if len(a.Edges) == 0 {
		return c
	}
	c.minX = int64(a.Vertices[0].X)
	maxX := int64(a.Vertices[len(a.Vertices)-1].X)
	n := min(int64(len(a.Edges)), maxX-c.minX+1, 4096)
	c.width = (maxX-c.minX)/n + 1
	c.start = make([]int32, n+1)
	c.each(a, func(col int64, _ int32) { c.start[col+1]++ })
	for i := range n {
		c.start[i+1] += c.start[i]
	}
	c.items = make([]int32, c.start[n])
	next := slices.Clone(c.start)
	c.each(a, func(col int64, e int32) {
		c.items[next[col]] = e
		next[col]++
	})
	return c
}

func (c *columns) each(a *Arrangement, f func(col int64, e int32)) {
	for i, e := range a.Edges {
		last := (int64(a.Vertices[e.B].X) - c.minX) / c.width
		for col := (int64(a.Vertices[e.A].X) - c.minX) / c.width; col <= last; col++ {
			f(col, int32(i))
		}
	}
}

// at returns the edges of the strip that holds x.
func (c *columns) at(x int32) []int32 {
	col := int64(x) - c.minX
	if col < 0 || col/c.width >= int64(len(c.start)-1) {
		return nil
	}
	col /= c.width
	return c.items[c.start[col]:c.start[col+1]]
}

// halfBelow returns the half-edge whose left side faces the vertex from below,
// leaving out the edges that end at the vertex.
func (c *columns) halfBelow(vertex int32, a *Arrangement) (Half, bool) {
	e, ok := c.edgeBelow(a.Vertices[vertex], a, vertex)
	return Half(2 * e), ok
}

// edgeBelow finds the highest edge strictly below p among those whose half-open
// range of X holds p's, but for edges that end at the vertex except. A to B runs to
// the right, so half 2*e has its left side up.
func (c *columns) edgeBelow(p Pt, a *Arrangement, except int32) (int32, bool) {
	best := int32(-1)
	for _, e := range c.at(p.X) {
		edge := a.Edges[e]
		if edge.A == except || edge.B == except {
			continue
		}
		from, to := a.Vertices[edge.A], a.Vertices[edge.B]
		if from.X > p.X || to.X <= p.X || Cross(from, to, p) <= 0 {
			continue
		}
		if best < 0 || a.higher(e, best) {
			best = e
		}
	}
	return best, best >= 0
}

// higher reports whether edge e runs above edge f where both have a common X.
func (a *Arrangement) higher(e, f int32) bool {
	ea, eb := a.Vertices[a.Edges[e].A], a.Vertices[a.Edges[e].B]
	fa, fb := a.Vertices[a.Edges[f].A], a.Vertices[a.Edges[f].B]
	// They do not cross: compare the end that lies within the other's range of X.
	if ea.X >= fa.X {
		if c := Cross(fa, fb, ea); c != 0 {
			return c > 0
		}
	} else if c := Cross(ea, eb, fa); c != 0 {
		return c < 0
	}
	if eb.X <= fb.X {
		return Cross(fa, fb, eb) > 0
	}
	return Cross(ea, eb, fb) < 0
}

package edit

import (
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo/arrange"
)

// walks follows the border of a grid on its half-edges, the grid on the left, and
// returns the closed walks. Around each vertex neighbouring edges must agree.
func (c *core) walks(slot int32) [][]arrange.Pt {
	c.walk++
	var out [][]arrange.Pt
	for _, first := range c.borders[slot] {
		if c.stamp[first] == c.walk {
			continue
		}
		var ring []arrange.Pt
		from := c.edges[first].a
		if c.edges[first].right == slot {
			from = c.edges[first].b
		}
		for id := first; c.stamp[id] != c.walk; {
			c.stamp[id] = c.walk
			ring = append(ring, from)
			to := c.edges[id].far(from)
			id, from = c.next(id, from, to), to
		}
		out = append(out, ring)
	}
	return out
}

// next turns, at the end of the edge, to the first edge clockwise from the way back.
func (c *core) next(id int32, from, to arrange.Pt) int32 {
	star := c.star[to]
	if len(star) == 2 {
		return star[0] + star[1] - id
	}
	around := c.around(to)
	i := slices.Index(around, id)
	return around[(i+len(around)-1)%len(around)]
}

// around returns the edges at a vertex, counter-clockwise.
func (c *core) around(p arrange.Pt) []int32 {
	out := slices.Clone(c.star[p])
	slices.SortFunc(out, func(i, j int32) int {
		return arrange.CompareAngle(p, c.edges[i].far(p), c.edges[j].far(p))
	})
	return out
}

// twiceArea is twice the signed area of a walk.
func twiceArea(ring []arrange.Pt) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += arrange.Cross(ring[0], ring[i], ring[i+1])
	}
	return sum
}

func leastOf(ring []arrange.Pt) arrange.Pt {
	least := ring[0]
	for _, p := range ring[1:] {
		if p.Less(least) {
			least = p
		}
	}
	return least
}

// outline is the polygon of a grid that has one part.
func (c *core) outline(slot int32) orb.Polygon {
	return arrange.Polygons(c.walks(slot))[0]
}

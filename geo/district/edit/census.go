package edit

import (
	"cmp"
	"slices"

	"gridbeat/geo/arrange"
)

// census counts the households of a grid, and its area, on one side of a path that cuts
// it, for many paths: which of the border's edges and of the path's lie east of a counting
// point is worked out once for each edge.
type census struct {
	ring   []arrange.Pt
	points []point    // with households, from south to north
	words  int        // of a set of points
	east   [][]uint64 // by place in the ring: points with an odd number of edges before it to their east
	rim    []uint64   // points on the ring
	area   []int64    // by place in the ring: twice the area swept from its start
	known  map[span]crossed
}

// crossed are the points that have an edge to their east, and those that lie on it.
type crossed struct{ east, on []uint64 }

func newCensus(ring []arrange.Pt, points []point) *census {
	c := &census{ring: ring, known: map[span]crossed{}, area: make([]int64, 1, len(ring)+1)}
	for _, p := range points {
		if p.households > 0 {
			c.points = append(c.points, p)
		}
	}
	slices.SortStableFunc(c.points, func(p, q point) int { return cmp.Compare(p.at.Y, q.at.Y) })
	c.words = (len(c.points) + 63) / 64
	c.rim = make([]uint64, c.words)
	c.east = append(c.east, make([]uint64, c.words))
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		x := c.cross(a, b)
		for w, on := range x.on {
			c.rim[w] |= on
		}
		c.east = append(c.east, xor(slices.Clone(c.east[i]), x.east))
		c.area = append(c.area, c.area[i]+arrange.Cross(ring[0], a, b))
	}
	return c
}

func xor(to, with []uint64) []uint64 {
	for w := range with {
		to[w] ^= with[w]
	}
	return to
}

// cross tells the points that an edge lies east of, by the rule of arrange.InRing.
func (c *census) cross(a, b arrange.Pt) crossed {
	if b.Less(a) {
		a, b = b, a
	}
	if x, known := c.known[span{a, b}]; known {
		return x
	}
	x := crossed{make([]uint64, c.words), make([]uint64, c.words)}
	low, high := a, b // by latitude
	if low.Y > high.Y {
		low, high = high, low
	}
	first, _ := slices.BinarySearchFunc(c.points, low.Y, func(p point, y int32) int { return cmp.Compare(p.at.Y, y) })
	for i := first; i < len(c.points) && c.points[i].at.Y <= high.Y; i++ {
		p := c.points[i].at
		if p.Y < high.Y && arrange.Cross(low, high, p) > 0 {
			x.east[i/64] |= 1 << (i % 64)
		}
		if arrange.OnSegment(p, a, b) {
			x.on[i/64] |= 1 << (i % 64)
		}
	}
	c.known[span{a, b}] = x
	return x
}

// part counts the households strictly inside the path and the ring from the place to on,
// round to the place from, and tells twice the area there, without its sign.
func (c *census) part(path []arrange.Pt, from, to int) (homes int, twiceArea int64) {
	n := len(c.ring)
	in := xor(slices.Clone(c.east[from]), c.east[to])
	area := c.area[from] - c.area[to]
	if from < to {
		xor(in, c.east[n])
		area += c.area[n]
	}
	on := slices.Clone(c.rim)
	for i := 1; i < len(path); i++ {
		x := c.cross(path[i-1], path[i])
		xor(in, x.east)
		for w := range on {
			on[w] |= x.on[w]
		}
		area += arrange.Cross(c.ring[0], path[i-1], path[i])
	}
	for i, p := range c.points {
		if in[i/64]&^on[i/64]>>(i%64)&1 == 1 {
			homes += p.households
		}
	}
	return homes, max(area, -area)
}

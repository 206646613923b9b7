package edit

import (
	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// overlay is one grid with lines laid over it: a small arrangement of its own.
type overlay struct {
	c      *core
	slot   int32
	arr    *arrange.Arrangement
	border []edge  // of the grid, by line less one
	faces  []int32 // those inside the grid
	inside []bool  // by face
}

// overlaid lays segments of line 0 over a grid.
func (c *core) overlaid(slot int32, segments []arrange.Segment) (*overlay, []geo.Finding) {
	o := &overlay{c: c, slot: slot}
	for i, id := range c.borders[slot] {
		e := c.edges[id]
		o.border = append(o.border, e)
		segments = append(segments, arrange.Segment{A: e.a, B: e.b, Line: int32(i + 1)})
	}
	var err error
	if o.arr, err = arrange.Build(segments); err != nil {
		return nil, refusal("off-map", c.grids[slot].code, nil, "keep the border within the districts", "the line cannot be laid over the grid: %v", err)
	}
	o.flood()
	return o, nil
}

// along returns the border edge of the grid that runs along an edge, turned as it.
func (o *overlay) along(id int32) (edge, bool) {
	for _, tag := range o.arr.Edges[id].Tags {
		if tag.Line > 0 && tag.Net != 0 {
			e := o.border[tag.Line-1]
			if tag.Net < 0 {
				e.left, e.right = e.right, e.left
			}
			return e, true
		}
	}
	return edge{}, false
}

// flood finds the faces inside the grid.
func (o *overlay) flood() {
	o.inside = make([]bool, len(o.arr.Faces))
	enter := func(f int32) {
		if f != arrange.Unbounded && !o.inside[f] {
			o.inside[f] = true
			o.faces = append(o.faces, f)
		}
	}
	for id := range o.arr.Edges {
		if e, ok := o.along(int32(id)); ok {
			h := arrange.Half(2 * id)
			if e.left == o.slot {
				enter(o.arr.Face(h))
			}
			if e.right == o.slot {
				enter(o.arr.Face(h.Twin()))
			}
		}
	}
	for i := 0; i < len(o.faces); i++ {
		for _, h := range o.arr.Halves(o.faces[i]) {
			if _, wall := o.along(h.Edge()); !wall {
				enter(o.arr.Face(h.Twin()))
			}
		}
	}
}

// relabelled is the change that gives the faces marked to another slot.
func (o *overlay) relabelled(mark []bool, to int32) *change {
	ch := &change{cut: append([]edge{}, o.border...)}
	label := func(f, beyond int32) int32 {
		switch {
		case f == arrange.Unbounded || !o.inside[f]:
			return beyond
		case mark[f]:
			return to
		}
		return o.slot
	}
	for id, e := range o.arr.Edges {
		h := arrange.Half(2 * id)
		beyond := outside
		if b, ok := o.along(int32(id)); ok {
			beyond = b.other(o.slot)
		} else if f, g := o.arr.Face(h), o.arr.Face(h.Twin()); f == arrange.Unbounded || g == arrange.Unbounded || !o.inside[f] || !o.inside[g] {
			continue // what is laid over, outside the grid
		}
		left, right := label(o.arr.Face(h), beyond), label(o.arr.Face(h.Twin()), beyond)
		if left != right {
			ch.lay = append(ch.lay, newEdge(o.arr.Vertices[e.A], o.arr.Vertices[e.B], left, right))
		}
	}
	return ch
}

// homesIn counts, by face inside the grid, the grid's households.
func (o *overlay) homesIn() []int {
	out := make([]int, len(o.arr.Faces))
	o.c.points.each(&o.c.raster, o.c.boxOf(o.slot), func(i int32) {
		if o.c.owner[i] != o.slot {
			return
		}
		if f := o.arr.Locate(o.c.points.all[i].at).Face; f != arrange.Unbounded {
			out[f] += o.c.points.all[i].households
		}
	})
	return out
}

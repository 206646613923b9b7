package edit

import (
	"slices"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// sliverSquareMetres is the size below which a piece without homes that a block
// would cut off moves along with it: leftovers of lines drawn side by side.
const sliverSquareMetres = 30

func (m MoveBlock) plan(c *core) (*change, []geo.Finding) {
	from, border := c.locatePt(m.At)
	switch {
	case from == outside:
		return nil, refusal("off-map", "", &m.At, "choose a place inside the block", "the place lies outside all grids")
	case border:
		return nil, refusal("on-border", "", &m.At, "choose a place inside the block", "the place lies on a border")
	}
	block := c.mesh.block(m.At)
	if block == nil {
		return nil, refusal("no-block", "", &m.At, "move the border's nodes instead", "there is no block at the place")
	}
	if c.mesh.isWhole(block[0]) {
		return c.moveFaces(from, m.To, block, nil, &m.At)
	}
	return c.moveFaces(from, m.To, block, func(o *overlay, in []bool) []bool { return o.partAt(m.At, in) }, &m.At)
}

func (m MoveCompound) plan(c *core) (*change, []geo.Finding) {
	number := int32(-1)
	for i := range c.compounds {
		if c.compounds[i].ID == m.Compound {
			number = int32(i)
		}
	}
	if number < 0 || len(c.mesh.faces[number]) == 0 {
		return nil, refusal("no-compound", m.Compound, nil, "give the id of a compound within the grids", "there is no compound %q on the map", m.Compound)
	}
	at := c.compounds[number].segments[0].A
	from, found := c.giver(m, number)
	if found != nil {
		return nil, found
	}
	return c.moveFaces(from, m.To, c.mesh.faces[number], nil, &at)
}

// giver is the grid that gives a compound away: the one named, or the one of the
// taker's area that holds most of it.
func (c *core) giver(m MoveCompound, number int32) (int32, []geo.Finding) {
	if m.From != "" {
		return c.slotOf(m.From)
	}
	to, found := c.slotOf(m.To)
	if found != nil {
		return outside, found
	}
	best, most := outside, int64(0)
	size := map[int32]int64{}
	for _, f := range c.mesh.faces[number] {
		slot := c.aboveFace(f)
		if slot == outside || slot == to || c.areaOf(slot) != c.areaOf(to) {
			continue
		}
		size[slot] += c.mesh.arr.Faces[f].TwiceArea
		if size[slot] > most || size[slot] == most && slot < best {
			best, most = slot, size[slot]
		}
	}
	if best == outside {
		return outside, refusal("no-compound", m.Compound, &c.compounds[number].segments[0].A, "choose a grid of the same district and community", "no other grid beside %s holds the compound", m.To)
	}
	return best, nil
}

// aboveFace is the grid that holds a place inside a face, near one of its vertices.
func (c *core) aboveFace(f int32) int32 {
	slot := outside
	for _, h := range c.mesh.arr.Halves(f) {
		s, border := c.locatePt(c.mesh.arr.Vertices[c.mesh.arr.Origin(h)])
		if slot = s; !border {
			return s
		}
	}
	// All vertices lie on borders: ask halfway between two of them.
	cycle := c.mesh.arr.Halves(f)
	for i, h := range cycle {
		p, q := c.mesh.arr.Vertices[c.mesh.arr.Origin(h)], c.mesh.arr.Vertices[c.mesh.arr.Origin(cycle[(i+len(cycle)/2)%len(cycle)])]
		middle := arrange.Pt{X: int32((int64(p.X) + int64(q.X)) / 2), Y: int32((int64(p.Y) + int64(q.Y)) / 2)}
		if place := c.mesh.arr.Locate(middle); place.Face == f && place.Edge < 0 {
			if s, border := c.locatePt(middle); !border {
				return s
			}
		}
	}
	return slot
}

// moveFaces gives what a grid holds of some faces of the mesh to another grid. Part
// chooses among the faces of the overlay; without it the faces are a compound, which
// takes along what lies between it and the taker.
func (c *core) moveFaces(from int32, code string, faces []int32, part func(o *overlay, in []bool) []bool, at *arrange.Pt) (*change, []geo.Finding) {
	to, found := c.slotOf(code)
	if found != nil {
		return nil, found
	}
	if to == from {
		return nil, refusal("same-grid", code, at, "choose a neighbouring grid", "the block lies in grid %s already", code)
	}
	if c.areaOf(to) != c.areaOf(from) {
		return nil, c.leaving(span{*at, *at}, [2]area{c.areaOf(from), c.areaOf(to)}, [2]area{})
	}
	if part == nil {
		faces = c.linked(from, to, faces)
	}
	o, found := c.overlaid(from, c.mesh.outline(faces, 0))
	if found != nil {
		return nil, found
	}
	in := make([]bool, len(o.arr.Faces))
	held, _ := o.arr.Interior(0)
	holds := false
	for _, f := range held {
		in[f] = o.inside[f]
		holds = holds || in[f]
	}
	if !holds {
		return nil, refusal("no-block", c.grids[from].code, at, "choose a place inside the block", "grid %s holds nothing of the block", c.grids[from].code)
	}
	if part != nil {
		in = part(o, in)
	}
	o.takeAlong(in)
	return o.relabelled(in, to), nil
}

// linked adds to a compound the faces between its parts and between it and the grid
// that takes it, as little ground as may be.
func (c *core) linked(from, to int32, compound []int32) []int32 {
	m := c.mesh
	around := func(f int32) []step[int32] {
		var out []step[int32]
		for _, h := range m.arr.Halves(f) {
			g := m.arr.Face(h.Twin())
			switch {
			case g == arrange.Unbounded:
			case m.compound[g] == m.compound[compound[0]]:
				out = append(out, step[int32]{g, 0})
			case !m.isWhole(g) && c.aboveFace(g) == from:
				out = append(out, step[int32]{g, float64(m.arr.Faces[g].TwiceArea)})
			}
		}
		return out
	}
	out := slices.Clone(compound)
	take := func(path []int32) {
		for _, f := range path {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	end := int32(-1)
	left := len(compound)
	s := searchFrom(compound[0], around, nil, func(f int32) bool {
		if end < 0 && c.besideFace(f, to) {
			end = f
		}
		if m.compound[f] == m.compound[compound[0]] {
			left--
		}
		return end >= 0 && left == 0
	})
	for _, f := range compound[1:] {
		take(s.path(f))
	}
	if end >= 0 {
		take(s.path(end))
	}
	return out
}

// besideFace reports whether a grid borders on a face or reaches into it.
func (c *core) besideFace(f, slot int32) bool {
	for _, h := range c.mesh.arr.Halves(f) {
		p, q := c.mesh.arr.Vertices[c.mesh.arr.Origin(h)], c.mesh.arr.Vertices[c.mesh.arr.Head(h)]
		if id := c.find(p, q); id >= 0 && (c.edges[id].left == slot || c.edges[id].right == slot) || c.within(p, slot) {
			return true
		}
	}
	return false
}

// partAt keeps of the marked faces those that hang together with the one at p.
func (o *overlay) partAt(p arrange.Pt, in []bool) []bool {
	out := make([]bool, len(in))
	f := o.arr.Locate(p).Face
	if f == arrange.Unbounded || !in[f] {
		return in
	}
	out[f] = true
	for queue := []int32{f}; len(queue) > 0; queue = queue[1:] {
		for _, h := range o.arr.Halves(queue[0]) {
			if g := o.arr.Face(h.Twin()); g != arrange.Unbounded && in[g] && !out[g] {
				out[g] = true
				queue = append(queue, g)
			}
		}
	}
	return out
}

// takeAlong marks what the marked faces enclose, and the small pieces without homes
// that they cut off.
func (o *overlay) takeAlong(in []bool) {
	var rest []int32
	largest := int32(-1)
	for _, f := range o.faces {
		if in[f] {
			continue
		}
		if o.enclosed(f, in) {
			in[f] = true
			continue
		}
		rest = append(rest, f)
		if largest < 0 || o.arr.Faces[f].TwiceArea > o.arr.Faces[largest].TwiceArea {
			largest = f
		}
	}
	if len(rest) < 2 {
		return
	}
	homes := o.homesIn()
	kx, ky := o.c.plane.Scale()
	for _, f := range rest {
		if metres := float64(o.arr.Faces[f].TwiceArea) / 2 * kx / geo.E7 * ky / geo.E7; f != largest && homes[f] == 0 && metres < sliverSquareMetres {
			in[f] = true
		}
	}
}

// enclosed reports whether only marked faces border on a face.
func (o *overlay) enclosed(f int32, in []bool) bool {
	for _, h := range o.arr.Halves(f) {
		if g := o.arr.Face(h.Twin()); g == arrange.Unbounded || !in[g] {
			return false
		}
	}
	return true
}

package edit

import (
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// compound is a residential compound as a sheet knows it.
type compound struct {
	geo.Compound
	whole    bool // its buildings fit into one grid: it must not be cut
	box      box
	segments []arrange.Segment // its outline, line 0
}

func newCompounds(g district.Ground, b district.Bounds) []compound {
	homes := map[string]int{}
	for _, building := range g.Buildings {
		homes[building.Compound] += building.Households
	}
	out := make([]compound, 0, len(g.Compounds))
	for _, gc := range g.Compounds {
		if len(gc.Outline) == 0 || len(gc.Outline[0]) == 0 {
			continue
		}
		bound := gc.Outline.Bound()
		out = append(out, compound{
			Compound: gc, whole: homes[gc.ID] <= b.Max,
			box:      boxOf(arrange.At(bound.Min), arrange.At(bound.Max)),
			segments: arrange.AppendArea(nil, 0, orb.MultiPolygon{gc.Outline}),
		})
	}
	return out
}

// checkCompounds flips the state of the compounds that a change may have cut or made
// whole, and refuses those that it cuts.
func (c *core) checkCompounds(ch *change, near box) []geo.Finding {
	var found []geo.Finding
	for i := range c.compounds {
		k := &c.compounds[i]
		if !k.whole || !k.box.meets(near) {
			continue
		}
		cut := c.isCut(k)
		if cut == c.cut[i] {
			continue
		}
		if cut {
			at := k.segments[0].A
			found = append(found, refusal("compound-cut", k.ID, &at, "move the whole compound", "compound %s would lie in several grids, and one can hold it", k.ID)...)
		}
		ch.flipped = append(ch.flipped, int32(i))
	}
	c.flip(ch.flipped)
	return found
}

// isCut reports whether a compound lies in several grids of one district, as
// district.Check judges it: a hundredth of its area may be lost to snapping.
func (c *core) isCut(k *compound) bool {
	near, meets := c.bordersNear(k)
	if !meets {
		return false
	}
	segments := append([]arrange.Segment{}, k.segments...)
	for i, id := range near {
		segments = append(segments, arrange.Segment{A: c.edges[id].a, B: c.edges[id].b, Line: int32(i + 1)})
	}
	arr, err := arrange.Build(segments)
	if err != nil {
		return false
	}
	faces, _ := arr.Interior(0)
	inGrid := map[int32]int64{}
	for _, f := range faces {
		inGrid[c.ownerOf(arr, f, near)] += arr.Faces[f].TwiceArea
	}
	return c.spread(inGrid)
}

// spread judges areas by grid.
func (c *core) spread(inGrid map[int32]int64) bool {
	inDistrict, most := map[string]int64{}, map[string]int64{}
	var whole int64
	for slot, area := range inGrid {
		if slot == outside {
			continue
		}
		d := c.grids[slot].district
		inDistrict[d] += area
		most[d] = max(most[d], area)
		whole += area
	}
	for d, area := range inDistrict {
		if area > whole/100 && most[d] < area-area/100 {
			return true
		}
	}
	return false
}

// bordersNear returns the edges whose boxes meet a compound's, and whether one of
// them comes into it.
func (c *core) bordersNear(k *compound) ([]int32, bool) {
	var near []int32
	seen := map[int32]bool{}
	c.raster.eachCell(k.box, func(cell int) {
		for _, id := range c.cells[cell] {
			if !seen[id] && boxOf(c.edges[id].a, c.edges[id].b).meets(k.box) {
				seen[id] = true
				near = append(near, id)
			}
		}
	})
	for _, id := range near {
		if c.edges[id].entersArea(k.segments) {
			return near, true
		}
	}
	return near, false
}

// entersArea reports whether an edge meets the outline or lies inside it.
func (e *edge) entersArea(outline []arrange.Segment) bool {
	inside := false
	for _, s := range outline {
		if arrange.Crosses(e.a, e.b, s.A, s.B) || arrange.Touches(e.a, s.A, s.B) || arrange.Touches(e.b, s.A, s.B) ||
			arrange.Touches(s.A, e.a, e.b) || arrange.Touches(s.B, e.a, e.b) {
			return true
		}
		if (s.A.Y > e.a.Y) != (s.B.Y > e.a.Y) && (arrange.Cross(s.A, s.B, e.a) > 0) == (s.B.Y > s.A.Y) {
			inside = !inside
		}
	}
	return inside
}

// ownerOf is the grid of a face of the small arrangement around a compound: by a
// border along it, else by a vertex that lies on none.
func (c *core) ownerOf(arr *arrange.Arrangement, face int32, near []int32) int32 {
	halves := arr.Halves(face)
	for _, h := range halves {
		if slot, ok := c.sideOf(arr.Edges[h.Edge()].Tags, h&1 == 0, near); ok {
			return slot
		}
	}
	slot := outside
	for _, h := range halves {
		s, border := c.locatePt(arr.Vertices[arr.Origin(h)])
		if slot = s; !border {
			break
		}
	}
	return slot
}

// sideOf is the grid on the left of a half-edge with these tags, along the edge or
// against it. Where snapping laid several borders on one another the grids between
// them have no room: each is on the left of one border and on the right of the next.
func (c *core) sideOf(tags []arrange.Tag, along bool, near []int32) (slot int32, ok bool) {
	var left []int32
	right := map[int32]int{}
	for _, tag := range tags {
		if tag.Line == 0 || tag.Net == 0 {
			continue
		}
		e := c.edges[near[tag.Line-1]]
		if along != (tag.Net > 0) {
			e.left, e.right = e.right, e.left
		}
		left = append(left, e.left)
		right[e.right]++
	}
	for _, l := range left {
		if right[l]--; right[l] < 0 {
			return l, true
		}
	}
	return outside, false
}

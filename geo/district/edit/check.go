package edit

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// mostFindings is where a refusal stops listing.
const mostFindings = 8

// refusal is one finding as a list.
func refusal(rule, feature string, at *arrange.Pt, remedy, format string, v ...any) []geo.Finding {
	f := geo.Finding{Rule: rule, Feature: feature, Detail: fmt.Sprintf(format, v...), Remedy: remedy}
	if at != nil {
		p := at.Point()
		f.At = &p
	}
	return []geo.Finding{f}
}

// check judges a change that has been put: nothing when the sheet is still an exact
// tiling of the same districts and communities. Each rule relies on those before it.
func (c *core) check(ch *change) []geo.Finding {
	for _, rule := range []func(*change) []geo.Finding{c.checkEdges, c.checkVertices, c.checkAreas, c.checkGrids} {
		if found := rule(ch); len(found) > 0 {
			return found[:min(len(found), mostFindings)]
		}
	}
	return nil
}

// span is an edge without its labels.
type span struct{ a, b arrange.Pt }

func spansOf(edges []edge) map[span]edge {
	out := make(map[span]edge, len(edges))
	for _, e := range edges {
		out[span{e.a, e.b}] = e
	}
	return out
}

// checkEdges: no new edge crosses or touches another but at a common vertex.
func (c *core) checkEdges(ch *change) []geo.Finding {
	before := spansOf(ch.cut)
	for _, e := range ch.lay {
		if _, same := before[span{e.a, e.b}]; same {
			continue
		}
		if found := c.conflict(e, nil); found != nil {
			return found
		}
	}
	return nil
}

// conflict tells where an edge, laid or not, would meet the others but for those that
// skip leaves out. Edges that the sheet holds do not conflict with themselves.
func (c *core) conflict(e edge, skip func(*edge) bool) []geo.Finding {
	var found []geo.Finding
	c.raster.visit(e.a, e.b, func(cell int) {
		for _, id := range c.cells[cell] {
			o := &c.edges[id]
			if found != nil || o.a == e.a && o.b == e.b || !boxOf(e.a, e.b).meets(boxOf(o.a, o.b)) || skip != nil && skip(o) {
				continue
			}
			found = c.meeting(e, *o)
		}
	})
	return found
}

// meeting tells how two edges meet elsewhere than at a common vertex.
func (c *core) meeting(e, o edge) []geo.Finding {
	if arrange.Crosses(e.a, e.b, o.a, o.b) {
		at := e.a
		if !boxOf(o.a, o.b).holds(at) {
			at = e.b
		}
		return refusal("borders-cross", c.names(o), &at, "keep the border clear of the others", "the border would cross the border between %s", c.names(o))
	}
	for _, p := range [2]arrange.Pt{e.a, e.b} {
		if p != o.a && p != o.b && arrange.Touches(p, o.a, o.b) {
			return refusal("borders-touch", c.names(o), &p, "keep the border clear of the others", "the border would touch the border between %s where they have no common node", c.names(o))
		}
	}
	for _, p := range [2]arrange.Pt{o.a, o.b} {
		if p != e.a && p != e.b && arrange.Touches(p, e.a, e.b) {
			return refusal("borders-touch", c.names(o), &p, "keep the border clear of the others", "the border would pass through a node of the border between %s", c.names(o))
		}
	}
	return nil
}

func (c *core) names(e edge) string {
	name := func(slot int32) string {
		if slot == outside {
			return "the outside"
		}
		return c.grids[slot].code
	}
	return name(e.left) + " and " + name(e.right)
}

// checkVertices: around each vertex of the change, neighbouring edges agree on the
// grid between them, and no edge has one grid on both sides.
func (c *core) checkVertices(ch *change) []geo.Finding {
	seen := map[arrange.Pt]bool{}
	for _, edges := range [2][]edge{ch.cut, ch.lay} {
		for _, e := range edges {
			for _, p := range [2]arrange.Pt{e.a, e.b} {
				if !seen[p] && !c.agrees(p) {
					return refusal("borders-disagree", "", &p, "keep each grid on its side of its border", "a grid would be turned inside out: the borders around a node do not agree on the grid between them")
				}
				seen[p] = true
			}
		}
	}
	return nil
}

func (c *core) agrees(p arrange.Pt) bool {
	star := c.star[p]
	if len(star) == 0 {
		return true
	}
	if len(star) > 2 {
		star = c.around(p)
	}
	for i, id := range star {
		left, right := c.sides(id, p)
		_, next := c.sides(star[(i+1)%len(star)], p)
		if left == right || left != next {
			return false
		}
	}
	return true
}

// sides are the labels of an edge as seen from one of its ends.
func (c *core) sides(id int32, from arrange.Pt) (left, right int32) {
	e := &c.edges[id]
	if e.a == from {
		return e.left, e.right
	}
	return e.right, e.left
}

// checkAreas: the borders of districts and communities stay as they are. On an empty
// sheet they are whatever is laid.
func (c *core) checkAreas(ch *change) []geo.Finding {
	if len(ch.cut) == 0 && c.owner == nil {
		return nil
	}
	type walls = map[span][2]area
	borders := func(edges []edge, areaOf func(int32) area) walls {
		out := walls{}
		for _, e := range edges {
			if l, r := areaOf(e.left), areaOf(e.right); l != r {
				out[span{e.a, e.b}] = [2]area{l, r}
			}
		}
		return out
	}
	before := borders(ch.cut, func(slot int32) area { return c.areaBefore(ch, slot) })
	after := borders(ch.lay, c.areaOf)
	for _, e := range append(append([]edge{}, ch.cut...), ch.lay...) {
		s := span{e.a, e.b}
		if was, is := before[s], after[s]; was != is {
			return c.leaving(s, was, is)
		}
	}
	return nil
}

func (c *core) areaBefore(ch *change, slot int32) area {
	for _, r := range ch.records {
		if r.slot == slot {
			return r.before.area()
		}
	}
	return c.areaOf(slot)
}

func (c *core) leaving(s span, was, is [2]area) []geo.Finding {
	if was == ([2]area{}) {
		was = is
	}
	remedy := "keep the grid within its district and community"
	switch {
	case !was[0].inside || !was[1].inside:
		return refusal("leaves-district", "", &s.a, remedy, "the border of the territory would change")
	case was[0].district != was[1].district:
		return refusal("leaves-district", "", &s.a, remedy, "the border between districts %s and %s would change", was[0].district, was[1].district)
	}
	return refusal("leaves-community", "", &s.a, remedy, "the border between communities %s and %s would change", was[0].community, was[1].community)
}

// checkGrids: each grid of the change has one part, and each ring of it that stands
// free lies in the grid that it says.
func (c *core) checkGrids(ch *change) []geo.Finding {
	var found []geo.Finding
	for _, slot := range touched(ch) {
		found = append(found, c.checkGrid(slot)...)
		if _, in := ch.reshaped[slot]; in && c.owner != nil && len(found) == 0 {
			found = c.checkWidth(slot)
		}
	}
	return found
}

// leastWidth is the least mean width of a grid, in units of 1e-7 degree: about 20 cm.
// What is thinner can lose its inside where other lines are laid over it and snapped.
const leastWidth = 20

// checkWidth refuses a grid that has become a sliver.
func (c *core) checkWidth(slot int32) []geo.Finding {
	var size int64
	var round float64
	for _, id := range c.borders[slot] {
		e := c.edges[id]
		round += math.Hypot(float64(e.b.X)-float64(e.a.X), float64(e.b.Y)-float64(e.a.Y))
	}
	for _, ring := range c.walks(slot) {
		size += twiceArea(ring)
	}
	if round == 0 || float64(size) >= leastWidth*round {
		return nil
	}
	return refusal("grid-empty", c.grids[slot].code, &c.edges[c.borders[slot][0]].a, "merge the grid with a neighbour", "grid %s would be a sliver without room for anything", c.grids[slot].code)
}

// touched are the grids whose outlines, records or households a change replaces,
// ascending.
func touched(ch *change) []int32 {
	seen := map[int32]bool{}
	for slot := range ch.reshaped {
		seen[slot] = true
	}
	for _, r := range ch.records {
		seen[r.slot] = true
	}
	for _, m := range ch.moved {
		seen[m.before], seen[m.after] = true, true
	}
	delete(seen, outside)
	return slices.Sorted(maps.Keys(seen))
}

func (c *core) checkGrid(slot int32) []geo.Finding {
	code := c.grids[slot].code
	if code == "" {
		if len(c.borders[slot]) > 0 {
			return refusal("no-grid", "", &c.edges[c.borders[slot][0]].a, "", "a border names a grid that is not there")
		}
		return nil
	}
	parts := 0
	var least int64
	var at arrange.Pt
	for _, ring := range c.walks(slot) {
		size := twiceArea(ring)
		if size <= 0 {
			if found := c.checkFree(slot, ring); found != nil {
				return found
			}
			continue
		}
		if parts++; parts == 1 || size < least {
			least, at = size, ring[0]
		}
	}
	switch {
	case parts == 0:
		return refusal("grid-empty", code, nil, "merge the grids instead", "grid %s would be empty", code)
	case parts > 1:
		return refusal("grid-in-parts", code, &at, "move what would be cut off along with it", "grid %s would fall into %d parts", code, parts)
	}
	return nil
}

// checkFree: what lies just below the least vertex of a free ring is the same grid.
func (c *core) checkFree(slot int32, ring []arrange.Pt) []geo.Finding {
	p := leastOf(ring)
	if below := c.above(&point{at: p}, &p); below != slot {
		return refusal("overlap", c.grids[slot].code, &p, "move what lies within along with it", "a grid that lies within the area moved would be left behind")
	}
	return nil
}

package edit

import (
	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// checkPlace tells whether a vertex of the edge may come to lie at a place.
func (c *core) checkPlace(at arrange.Pt, e edge) []geo.Finding {
	if !c.raster.holds(at) {
		return refusal("off-map", "", &at, "keep the border within the districts", "the place lies off the map")
	}
	if len(c.star[at]) > 0 {
		return refusal("borders-touch", "", &at, "keep the border clear of the others", "another border has a node at the same place")
	}
	slot, _ := c.locatePt(at)
	switch home := c.areaOf(e.left); {
	case slot == outside:
		return refusal("off-map", "", &at, "keep the border within the districts", "the place lies outside all grids")
	case c.areaOf(e.right) != home:
		return c.leaving(span{e.a, e.b}, [2]area{c.areaOf(e.left), c.areaOf(e.right)}, [2]area{})
	case c.areaOf(slot) != home:
		return c.leaving(span{at, at}, [2]area{home, c.areaOf(slot)}, [2]area{})
	}
	return nil
}

func noNode(at arrange.Pt) []geo.Finding {
	return refusal("no-node", "", &at, "give the position of a vertex of a border, digit by digit", "no border has a node at %v", at)
}

func (m MoveNode) plan(c *core) (*change, []geo.Finding) {
	star := c.star[m.At]
	if len(star) == 0 {
		return nil, noNode(m.At)
	}
	ch := &change{}
	for _, id := range star {
		e := c.edges[id]
		if found := c.checkPlace(m.To, e); found != nil {
			return nil, found
		}
		left, right := c.sides(id, m.At)
		ch.cut = append(ch.cut, e)
		ch.lay = append(ch.lay, newEdge(m.To, e.far(m.At), left, right))
	}
	return ch, nil
}

func (n InsertNode) plan(c *core) (*change, []geo.Finding) {
	id := c.find(n.From, n.To)
	if id < 0 {
		return nil, refusal("no-border", "", &n.From, "give two neighbouring vertices of a border", "no border edge joins %v and %v", n.From, n.To)
	}
	e := c.edges[id]
	if found := c.checkPlace(n.At, e); found != nil {
		return nil, found
	}
	return &change{cut: []edge{e}, lay: []edge{newEdge(e.a, n.At, e.left, e.right), newEdge(n.At, e.b, e.left, e.right)}}, nil
}

func (r RemoveNode) plan(c *core) (*change, []geo.Finding) {
	star := c.star[r.At]
	switch len(star) {
	case 0:
		return nil, noNode(r.At)
	case 2:
	default:
		return nil, refusal("node-shared", "", &r.At, "move the node instead", "%d borders meet at the node", len(star))
	}
	e, o := c.edges[star[0]], c.edges[star[1]]
	left, right := c.sides(star[1], r.At)
	return &change{cut: []edge{e, o}, lay: []edge{newEdge(e.far(r.At), o.far(r.At), left, right)}}, nil
}

package edit

import "gridbeat/geo"

func (m Merge) plan(c *core) (*change, []geo.Finding) {
	keep, found := c.slotOf(m.Grids[0])
	if found != nil {
		return nil, found
	}
	gone, found := c.slotOf(m.Grids[1])
	if found != nil {
		return nil, found
	}
	if keep == gone {
		return nil, refusal("same-grid", m.Grids[0], nil, "choose two grids", "a grid cannot be merged with itself")
	}
	if c.areaOf(keep) != c.areaOf(gone) {
		at := c.edges[c.borders[keep][0]].a
		return nil, c.leaving(span{at, at}, [2]area{c.areaOf(keep), c.areaOf(gone)}, [2]area{})
	}
	if c.grids[gone].code < c.grids[keep].code {
		keep, gone = gone, keep
	}
	for _, slot := range [2]int32{keep, gone} {
		if c.grids[slot].locked {
			return nil, c.lockedBy(slot, nil)
		}
	}
	ch := &change{records: []replaced{{gone, c.grids[gone], record{}}}}
	shared := false
	for _, id := range c.borders[gone] {
		e := c.edges[id]
		ch.cut = append(ch.cut, e)
		if e.other(gone) == keep {
			shared = true
			continue
		}
		ch.lay = append(ch.lay, e.labelled(gone, keep))
	}
	if !shared {
		return nil, refusal("not-neighbours", c.grids[gone].code, nil, "choose two grids that share a border", "grids %s and %s share no border", c.grids[keep].code, c.grids[gone].code)
	}
	return ch, nil
}

package edit

import (
	"fmt"
	"regexp"
	"strconv"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

func (s Split) plan(c *core) (*change, []geo.Finding) {
	slot, found := c.slotOf(s.Grid)
	if found != nil {
		return nil, found
	}
	if c.grids[slot].locked {
		return nil, c.lockedBy(slot, nil)
	}
	if len(s.Path) == 0 {
		proposed, found := c.proposeSplit(slot)
		if found != nil {
			return nil, found
		}
		s.Path = proposed.Path
	}
	if found := c.checkPath(slot, s.Path); found != nil {
		return nil, found
	}
	o, found := c.overlaid(slot, arrange.AppendLine(nil, 0, lineOf(s.Path)))
	if found != nil {
		return nil, found
	}
	if len(o.faces) != 2 {
		return nil, refusal("split-path", s.Grid, &s.Path[0], "draw the line through the grid, from border to border", "the line does not cut grid %s in two: it makes %d parts", s.Grid, len(o.faces))
	}
	part, found := c.newPart(slot, s)
	if found != nil {
		return nil, found
	}
	fresh := c.freeSlot(nil)
	mark := make([]bool, len(o.arr.Faces))
	mark[o.smaller()] = true
	ch := o.relabelled(mark, fresh)
	ch.records = []replaced{{fresh, record{}, part}}
	return ch, nil
}

// checkPath: a path runs from one vertex of the grid's border to another, through
// places that lie inside.
func (c *core) checkPath(slot int32, path []arrange.Pt) []geo.Finding {
	code := c.grids[slot].code
	seen := map[arrange.Pt]bool{}
	for i, p := range path {
		if seen[p] {
			return refusal("ring-not-simple", code, &p, "draw a line that does not come back", "the line passes one place twice")
		}
		seen[p] = true
		if i > 0 && i < len(path)-1 {
			if !c.within(p, slot) {
				return refusal("split-path", code, &p, "draw the line through the grid, from border to border", "the line leaves grid %s", code)
			}
			continue
		}
		ends := false
		for _, id := range c.star[p] {
			ends = ends || c.edges[id].left == slot || c.edges[id].right == slot
		}
		if !ends {
			return refusal("split-path", code, &p, "begin and end the line at vertices of the grid's border", "the line does not end at a vertex of the border of grid %s", code)
		}
	}
	if len(path) < 2 {
		return refusal("split-path", code, nil, "draw a line from border to border", "the line has fewer than two places")
	}
	return nil
}

// smaller is the face with fewer households, or with the smaller area.
func (o *overlay) smaller() int32 {
	homes := o.homesIn()
	f, g := o.faces[0], o.faces[1]
	switch {
	case homes[f] != homes[g]:
		if homes[f] < homes[g] {
			return f
		}
		return g
	case o.arr.Faces[f].TwiceArea < o.arr.Faces[g].TwiceArea:
		return f
	}
	return g
}

// newPart is the record of the part that a split makes.
func (c *core) newPart(slot int32, s Split) (record, []geo.Finding) {
	r := c.grids[slot]
	r.code, r.name = s.Code, s.Name
	if r.code == "" {
		r.code = c.unusedCode(s.Grid)
	}
	if _, taken := c.slots[r.code]; taken || r.code == "" || c.used[r.code] {
		return r, refusal("code-used", s.Grid, nil, "give an unused code, or none", "code %q is taken or was used before", r.code)
	}
	if r.name == "" {
		r.name = c.newName(slot, r.code)
	}
	return r, checkName(s.Grid, r.name)
}

var sequence = regexp.MustCompile(`^(.*?)([0-9]{1,3})$`)

// unusedCode follows the highest sequence number among the codes that differ from
// this one in it alone; "" when there is none left.
func (c *core) unusedCode(code string) string {
	m := sequence.FindStringSubmatch(code)
	if m == nil {
		m = []string{"", code + "-", "1"}
	}
	most := 0
	highest := func(other string) {
		if n := sequenceIn(other, m[1], len(m[2])); n > most {
			most = n
		}
	}
	for other := range c.used {
		highest(other)
	}
	for other := range c.slots {
		highest(other)
	}
	limit := 1
	for range m[2] {
		limit *= 10
	}
	for step := range limit - 1 {
		next := fmt.Sprintf("%s%0*d", m[1], len(m[2]), (most+step)%(limit-1)+1)
		if _, taken := c.slots[next]; !taken && !c.used[next] {
			return next
		}
	}
	return ""
}

// sequenceIn is the number behind the prefix, 0 when the code is not of this kind.
func sequenceIn(code, prefix string, digits int) int {
	if len(code) != len(prefix)+digits || code[:len(prefix)] != prefix {
		return 0
	}
	n, err := strconv.Atoi(code[len(prefix):])
	if err != nil {
		return 0
	}
	return n
}

// newName names a grid after its community or district and its number there.
func (c *core) newName(slot int32, code string) string {
	name := c.areaNames[c.grids[slot].area()]
	if name == "" {
		name = c.areaNames[area{true, c.grids[slot].district, ""}]
	}
	if m := sequence.FindStringSubmatch(code); m != nil {
		n, _ := strconv.Atoi(m[2])
		return fmt.Sprintf("%s第%d网格", name, n)
	}
	return name + code
}

package edit

import (
	"cmp"
	"slices"
	"strings"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

func (r Restore) plan(c *core) (*change, []geo.Finding) {
	ch := &change{}
	slots, found := r.records(c, ch)
	if found != nil {
		return nil, found
	}
	seen := map[int32]bool{}
	for _, line := range r.Cut {
		for i := 1; i < len(line); i++ {
			id := c.find(line[i-1], line[i])
			if id < 0 || seen[id] {
				return nil, refusal("no-border", "", &line[i], "edit the draft as it is now", "no border edge joins %v and %v any more", line[i-1], line[i])
			}
			seen[id] = true
			ch.cut = append(ch.cut, c.edges[id])
		}
	}
	for _, b := range r.Lay {
		left, found := slots(b.Left)
		if found != nil {
			return nil, found
		}
		right, found := slots(b.Right)
		if found != nil {
			return nil, found
		}
		for i := 1; i < len(b.Line); i++ {
			ch.lay = append(ch.lay, newEdge(b.Line[i-1], b.Line[i], left, right))
		}
	}
	return ch, nil
}

// records plans the grids that come, change and go, and returns how codes are found
// once they have.
func (r Restore) records(c *core, ch *change) (func(code string) (int32, []geo.Finding), []geo.Finding) {
	for _, code := range r.Drop {
		slot, found := c.slotOf(code)
		if found != nil {
			return nil, found
		}
		ch.records = append(ch.records, replaced{slot, c.grids[slot], record{}})
	}
	known := map[string]int32{}
	for _, g := range r.Grids {
		after := record{code: g.Code, name: g.Name, district: g.District, community: g.Community}
		slot, ok := c.slots[g.Code]
		if ok {
			after.locked = c.grids[slot].locked
			if was := c.grids[slot]; after.area() != was.area() {
				return nil, refusal("leaves-district", g.Code, nil, "keep the grid within its district and community", "grid %s would change its district or community", g.Code)
			}
		} else if slot = c.freeSlot(ch.records); c.retired(g.Code) {
			return nil, refusal("code-used", g.Code, nil, "take another code", "code %q is empty or was used before", g.Code)
		}
		if found := checkName(g.Code, g.Name); found != nil {
			return nil, found
		}
		if slices.ContainsFunc(ch.records, func(x replaced) bool { return x.slot == slot || x.after.code == g.Code }) {
			return nil, refusal("code-used", g.Code, nil, "name each grid once", "grid %s is named twice", g.Code)
		}
		var before record
		if ok {
			before = c.grids[slot]
		}
		known[g.Code] = slot
		ch.records = append(ch.records, replaced{slot, before, after})
	}
	return func(code string) (int32, []geo.Finding) {
		if code == "" {
			return outside, nil
		}
		if slot, ok := known[code]; ok {
			return slot, nil
		}
		return c.slotOf(code)
	}, nil
}

// retired reports whether a code that no grid of the sheet has must not come back:
// editions have used it and the draft did not begin with it.
func (c *core) retired(code string) bool {
	_, began := c.stated[code]
	return code == "" || c.used[code] && !began
}

// inverse is the edit that undoes a change which has been put.
func (c *core) inverse(e Edit, ch *change) Edit {
	switch e := e.(type) {
	case MoveNode:
		return MoveNode{e.To, e.At}
	case InsertNode:
		return RemoveNode{e.At}
	case RemoveNode:
		return InsertNode{From: ch.lay[0].a, To: ch.lay[0].b, At: e.At}
	case Rename:
		return Rename{e.Grid, ch.records[0].before.name}
	case Lock:
		return Unlock{e.Grid}
	case Unlock:
		return Lock{e.Grid}
	}
	var r Restore
	codeBefore := func(slot int32) string {
		for _, x := range ch.records {
			if x.slot == slot {
				return x.before.code
			}
		}
		return c.codeOf(slot)
	}
	for _, x := range ch.records {
		if x.before.code == "" {
			r.Drop = append(r.Drop, x.after.code)
			continue
		}
		r.Grids = append(r.Grids, GridRecord{x.before.code, x.before.name, x.before.district, x.before.community})
	}
	for _, b := range chains(ch.lay, c.codeOf) {
		r.Cut = append(r.Cut, b.Line)
	}
	r.Lay = chains(ch.cut, codeBefore)
	return r
}

// chains joins edges with the same grids on both sides to lines, always the same way.
func chains(edges []edge, code func(slot int32) string) []Border {
	type label struct{ left, right string }
	var turned []Border // each edge as a line with the lower code on its left
	for _, e := range edges {
		b := Border{[]arrange.Pt{e.a, e.b}, code(e.left), code(e.right)}
		if b.Right < b.Left {
			b = Border{[]arrange.Pt{e.b, e.a}, b.Right, b.Left}
		}
		turned = append(turned, b)
	}
	slices.SortFunc(turned, func(a, b Border) int {
		return cmp.Or(strings.Compare(a.Left, b.Left), strings.Compare(a.Right, b.Right), comparePt(a.Line[0], b.Line[0]), comparePt(a.Line[1], b.Line[1]))
	})
	type end struct {
		label label
		at    arrange.Pt
	}
	from, into := map[end][]int{}, map[end]int{}
	for i, b := range turned {
		l := label{b.Left, b.Right}
		from[end{l, b.Line[0]}] = append(from[end{l, b.Line[0]}], i)
		into[end{l, b.Line[1]}]++
	}
	used := make([]bool, len(turned))
	var out []Border
	follow := func(i int) {
		if used[i] {
			return
		}
		used[i] = true
		b := Border{slices.Clone(turned[i].Line), turned[i].Left, turned[i].Right}
		for {
			last := end{label{b.Left, b.Right}, b.Line[len(b.Line)-1]}
			next := from[last]
			if len(next) != 1 || into[last] != 1 || used[next[0]] {
				break
			}
			used[next[0]] = true
			b.Line = append(b.Line, turned[next[0]].Line[1])
		}
		out = append(out, b)
	}
	for i, b := range turned { // first what starts a line, then closed ones
		if start := (end{label{b.Left, b.Right}, b.Line[0]}); len(from[start]) != 1 || into[start] != 1 {
			follow(i)
		}
	}
	for i := range turned {
		follow(i)
	}
	return out
}

func comparePt(p, q arrange.Pt) int { return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.Y, q.Y)) }

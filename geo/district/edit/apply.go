package edit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Outcome answers an edit.
type Outcome struct {
	Next     *Sheet        // the sheet after the edit; the sheet itself when it was refused
	Inverse  Edit          // applied to Next it gives back the sheet, byte by byte; nil when refused
	Refused  []geo.Finding // why the edit cannot be; none when it was done
	Warnings []geo.Finding // grids that the edit leaves out of bounds, with the figures
	Counts   []Count       // the grids that the edit changed, by code
}

// Apply answers one edit. The sheet stays as it is; the work is near the edit only.
func Apply(s *Sheet, e Edit) Outcome {
	c := s.lock()
	defer c.mu.Unlock()
	ch, refused := e.plan(c)
	if len(refused) > 0 {
		return Outcome{Next: s, Refused: refused}
	}
	if ch.reduce(); len(ch.cut)+len(ch.lay)+len(ch.records) == 0 {
		return Outcome{Next: s, Refused: refusal("no-change", "", nil, "", "the edit changes nothing")}
	}
	if refused = c.settle(ch); len(refused) > 0 {
		return Outcome{Next: s, Refused: refused}
	}
	next := &version{parent: c.at, change: ch, depth: c.at.depth + 1}
	c.at = next
	out := Outcome{Next: &Sheet{core: c, version: next}, Counts: c.counts(ch)}
	out.Inverse = c.inverse(e, ch)
	out.Warnings = c.warnings(out.Counts)
	ch.reshaped = nil
	return out
}

// settle puts the change, checks it and moves counting points; it takes it back and
// tells why when it is refused.
func (c *core) settle(ch *change) []geo.Finding {
	if found := c.checkSpan(ch); found != nil {
		return found
	}
	ch.reshaped = reshaped(ch)
	if found := c.checkLocks(ch); found != nil {
		return found
	}
	c.put(ch)
	found := c.check(ch)
	if found == nil && len(ch.cut)+len(ch.lay) > 0 {
		near := ch.box()
		c.recount(ch, near)
		found = c.checkCompounds(ch, near)
	}
	if found != nil {
		c.takeBack(ch)
	}
	return found
}

// recount asks for the grid of each counting point near the change.
func (c *core) recount(ch *change, near box) {
	c.points.each(&c.raster, near, func(i int32) {
		if slot, _ := c.locate(&c.points.all[i]); slot != c.owner[i] {
			ch.moved = append(ch.moved, moved{i, c.owner[i], slot})
			c.setOwner(i, slot)
		}
	})
}

// reduce leaves out the edges that a change would cut and lay again.
func (ch *change) reduce() {
	before := make(map[edge]bool, len(ch.cut))
	for _, e := range ch.cut {
		before[e] = true
	}
	same := map[edge]bool{}
	ch.lay = slices.DeleteFunc(ch.lay, func(e edge) bool {
		same[e] = before[e]
		return before[e]
	})
	ch.cut = slices.DeleteFunc(ch.cut, func(e edge) bool { return same[e] })
}

// box holds all that a change touches.
func (ch *change) box() box {
	var out box
	first := true
	for _, edges := range [2][]edge{ch.cut, ch.lay} {
		for _, e := range edges {
			if first {
				out, first = boxOf(e.a, e.b), false
			}
			out = out.with(e.a).with(e.b)
		}
	}
	return out
}

// checkSpan: new edges have a length, lie on the sheet, and are laid once.
func (c *core) checkSpan(ch *change) []geo.Finding {
	seen := make(map[span]bool, len(ch.lay))
	cut := spansOf(ch.cut)
	for _, e := range ch.lay {
		for _, p := range [2]arrange.Pt{e.a, e.b} {
			if !c.raster.holds(p) {
				return refusal("off-map", "", &p, "keep the border within the districts", "the border would leave the map")
			}
		}
		_, was := cut[span{e.a, e.b}]
		if e.a == e.b || seen[span{e.a, e.b}] || !was && c.find(e.a, e.b) >= 0 {
			return refusal("borders-overlap", "", &e.a, "keep the border clear of the others", "the border would run over itself or over another border")
		}
		seen[span{e.a, e.b}] = true
	}
	return nil
}

// checkLocks: the outlines and names of locked grids stay.
func (c *core) checkLocks(ch *change) []geo.Finding {
	for _, slot := range slices.Sorted(maps.Keys(ch.reshaped)) {
		if at := ch.reshaped[slot]; int(slot) < len(c.grids) && c.grids[slot].locked {
			return c.lockedBy(slot, &at)
		}
	}
	for _, r := range ch.records {
		if r.before.locked && (r.after.code != r.before.code || r.after.name != r.before.name) {
			return c.lockedBy(r.slot, nil)
		}
	}
	return nil
}

// reshaped are the grids whose outlines a change replaces, each with a place of it; a
// grid that only gets another neighbour is none.
func reshaped(ch *change) map[int32]arrange.Pt {
	type half struct {
		span
		slot int32
		left bool
	}
	balance := map[half]int{}
	note := func(edges []edge, by int) {
		for _, e := range edges {
			balance[half{span{e.a, e.b}, e.left, true}] += by
			balance[half{span{e.a, e.b}, e.right, false}] += by
		}
	}
	note(ch.cut, -1)
	note(ch.lay, 1)
	out := map[int32]arrange.Pt{}
	for h, n := range balance {
		if at, seen := out[h.slot]; h.slot != outside && n != 0 && (!seen || h.a.Less(at)) {
			out[h.slot] = h.a
		}
	}
	return out
}

func (c *core) lockedBy(slot int32, at *arrange.Pt) []geo.Finding {
	return refusal("locked", c.grids[slot].code, at, "unlock the grid first", "grid %s is locked", c.grids[slot].code)
}

// counts tells the households of the grids that a change touched, and before it.
func (c *core) counts(ch *change) []Count {
	var out []Count
	for _, slot := range touched(ch) {
		if c.grids[slot].code != "" {
			out = append(out, c.count(slot))
		}
	}
	for i := range out {
		slot := c.slots[out[i].Code]
		for _, m := range ch.moved {
			homes := c.points.all[m.point].households
			if m.after == slot {
				out[i].Before -= homes
			}
			if m.before == slot {
				out[i].Before += homes
			}
		}
	}
	slices.SortFunc(out, func(a, b Count) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// warnings tells which of the grids are out of bounds. Publishing refuses them,
// editing does not.
func (c *core) warnings(counts []Count) []geo.Finding {
	var out []geo.Finding
	b := c.draft.Bounds
	for _, n := range counts {
		if n.Households >= b.Min && n.Households <= b.Max {
			continue
		}
		detail, remedy := fmt.Sprintf("%d households, %d more than the maximum of %d", n.Households, n.Households-b.Max, b.Max), "move a block to a neighbour, or split the grid"
		if n.Households < b.Min {
			detail, remedy = fmt.Sprintf("%d households, %d fewer than the minimum of %d", n.Households, b.Min-n.Households, b.Min), "take in a block of a neighbour, or merge the grid"
		}
		at := c.edges[c.borders[c.slots[n.Code]][0]].a.Point()
		out = append(out, geo.Finding{Rule: "bounds", Feature: n.Code, At: &at, Detail: detail, Remedy: remedy})
	}
	return out
}

package edit

import (
	"slices"
	"strings"

	"gridbeat/geo/district"
)

// Draft gives the draft back with its grids as they are now: outlines walked on
// half-edges, so that neighbours have the same digits, households counted by the
// rule for points, exceptions as the figures bear out.
func (s *Sheet) Draft() *district.Draft {
	c := s.lock()
	defer c.mu.Unlock()
	out := c.draft
	out.Districts = slices.Clone(c.draft.Districts)
	largest := c.largest()
	homes := map[string]int{}
	for slot, r := range c.grids {
		if r.code != "" {
			out.Grids = append(out.Grids, c.grid(int32(slot), largest[slot]))
			homes[r.district] += c.homes[slot]
		}
	}
	slices.SortFunc(out.Grids, func(a, b district.Grid) int { return strings.Compare(a.Code, b.Code) })
	for i, d := range out.Districts {
		if n, drawn := homes[d.Code]; drawn {
			out.Districts[i].Households = n
		}
	}
	return &out
}

// Grid gives one grid as Draft would; false when there is none of this code.
func (s *Sheet) Grid(code string) (district.Grid, bool) {
	c := s.lock()
	defer c.mu.Unlock()
	slot, ok := c.slots[code]
	if !ok {
		return district.Grid{}, false
	}
	largest := 0
	c.points.each(&c.raster, c.boxOf(slot), func(i int32) {
		if c.owner[i] == slot {
			largest = max(largest, c.points.all[i].households)
		}
	})
	return c.grid(slot, largest), true
}

// largest is the most households of one building, by slot.
func (c *core) largest() []int {
	out := make([]int, len(c.grids))
	for i, slot := range c.owner {
		if slot != outside {
			out[slot] = max(out[slot], c.points.all[i].households)
		}
	}
	return out
}

func (c *core) grid(slot int32, largest int) district.Grid {
	r := c.grids[slot]
	g := district.Grid{Code: r.code, Name: r.name, District: r.district, Community: r.community, Households: c.homes[slot], Outline: c.outline(slot), Locked: r.locked}
	g.Exceptions = c.exceptions(slot, largest)
	return g
}

// exceptions keeps what the draft stated where it still holds: with the same
// households, or that a barrier cuts the grid off.
func (c *core) exceptions(slot int32, largest int) []string {
	why, ok := district.Exceptions(c.draft.Bounds, c.homes[slot], largest, c.homesBeside(slot))
	if ok && len(why) == 0 {
		return why
	}
	stated := c.stated[c.grids[slot].code]
	for _, e := range stated.Exceptions {
		same := stated.Households == c.homes[slot] && ok && kind(e) == kind(why[0])
		barrier := kind(e) == "under:barrier" && c.homes[slot] < c.draft.Bounds.Min
		if same || barrier {
			return slices.Clone(stated.Exceptions)
		}
	}
	if !ok {
		return []string{}
	}
	return why
}

func kind(exception string) string {
	k, _, _ := strings.Cut(exception, " ")
	return k
}

// homesBeside are the households of the neighbours in the same district and
// community, in the order of their codes.
func (c *core) homesBeside(slot int32) []int {
	seen := map[int32]bool{outside: true, slot: true}
	var beside []int32
	for _, id := range c.borders[slot] {
		if o := c.edges[id].other(slot); !seen[o] && c.areaOf(o) == c.areaOf(slot) {
			seen[o] = true
			beside = append(beside, o)
		}
	}
	slices.SortFunc(beside, func(a, b int32) int { return strings.Compare(c.grids[a].code, c.grids[b].code) })
	out := make([]int, len(beside))
	for i, o := range beside {
		out[i] = c.homes[o]
	}
	return out
}

// Borders gives all borders as lines from node to node, each once, with the grids on
// its sides: what a screen draws and drags.
func (s *Sheet) Borders() []Border {
	c := s.lock()
	defer c.mu.Unlock()
	seen := make([]bool, len(c.edges))
	var edges []edge
	for _, ids := range c.borders {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				edges = append(edges, c.edges[id])
			}
		}
	}
	return chains(edges, c.codeOf)
}

package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gridbeat/geo"
)

// mostNameRunes is the longest name of a grid.
const mostNameRunes = 100

func (r Rename) plan(c *core) (*change, []geo.Finding) {
	if found := checkName(r.Grid, r.Name); found != nil {
		return nil, found
	}
	return c.recordChange(r.Grid, func(rec *record) { rec.name = r.Name })
}

func checkName(grid, name string) []geo.Finding {
	if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > mostNameRunes || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return refusal("name", grid, nil, "give a name of 1 to 100 characters", "%q is no name for a grid", name)
	}
	return nil
}

func (l Lock) plan(c *core) (*change, []geo.Finding) {
	return c.recordChange(l.Grid, func(rec *record) { rec.locked = true })
}

func (u Unlock) plan(c *core) (*change, []geo.Finding) {
	return c.recordChange(u.Grid, func(rec *record) { rec.locked = false })
}

// recordChange changes what a grid is besides its shape. What changes nothing is no
// edit.
func (c *core) recordChange(code string, f func(*record)) (*change, []geo.Finding) {
	slot, found := c.slotOf(code)
	if found != nil {
		return nil, found
	}
	after := c.grids[slot]
	f(&after)
	if after == c.grids[slot] {
		return nil, refusal("no-change", code, nil, "", "grid %s is so already", code)
	}
	return &change{records: []replaced{{slot, c.grids[slot], after}}}, nil
}

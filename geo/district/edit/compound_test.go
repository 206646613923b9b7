package edit

import (
	"testing"

	"gridbeat/geo/arrange"
)

func TestTheGridBesideBordersThatSnappingLaidOnOneAnother(t *testing.T) {
	// From west to east: grid 1 | border 1 | grid 2 | border 2 | grid 3, all going north.
	c := &core{edges: []edge{{left: 1, right: 2}, {left: 2, right: 3}, {left: 3, right: 2}}}
	near := []int32{0, 1, 2} // border 3 is border 2 going south
	outline := arrange.Tag{Line: 0, Net: 1}
	for _, row := range []struct {
		name  string
		tags  []arrange.Tag
		along bool
		want  int32
		ok    bool
	}{
		{"one border, west of it", []arrange.Tag{outline, {Line: 1, Net: 1}}, true, 1, true},
		{"one border, east of it", []arrange.Tag{{Line: 1, Net: 1}}, false, 2, true},
		{"one border laid against the edge", []arrange.Tag{{Line: 1, Net: -1}}, true, 2, true},
		{"two borders, west of both", []arrange.Tag{outline, {Line: 1, Net: 1}, {Line: 2, Net: 1}}, true, 1, true},
		{"two borders, east of both", []arrange.Tag{{Line: 1, Net: 1}, {Line: 2, Net: 1}}, false, 3, true},
		{"two borders that run against each other", []arrange.Tag{{Line: 1, Net: 1}, {Line: 3, Net: -1}}, false, 3, true},
		{"no border", []arrange.Tag{outline}, true, outside, false},
		{"there and back", []arrange.Tag{{Line: 2, Net: 1}, {Line: 3, Net: 1}}, true, outside, false},
	} {
		if slot, ok := c.sideOf(row.tags, row.along, near); slot != row.want || ok != row.ok {
			t.Errorf("%s: grid %d, %t, want %d, %t", row.name, slot, ok, row.want, row.ok)
		}
	}
}

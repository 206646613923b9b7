package district

import (
	"slices"

	"gridbeat/geo"
)

// Contained tells which grids leave their district or overlap another grid, each with
// a place: what no edition may hold. Grids whose district is not among those given are
// not looked at. districts must be the outlines that belong to the grids.
func Contained(grids []Grid, districts []geo.District) []geo.Finding {
	known := map[string]bool{}
	for _, d := range districts {
		known[d.Code] = true
	}
	c := &checker{ground: Ground{Districts: districts}}
	for _, g := range grids {
		if known[g.District] {
			c.grids = append(c.grids, g)
		}
	}
	if len(c.grids) == 0 {
		return nil
	}
	if c.layOut() {
		c.tiling()
	}
	return slices.DeleteFunc(c.found, func(f geo.Finding) bool {
		return !slices.Contains([]string{"overshoot", "overlap", "outline", "arrangement"}, f.Rule)
	})
}

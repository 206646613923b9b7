package ingest

import (
	"fmt"
	"slices"
	"strings"

	"gridbeat/geo"
)

// DistrictsFromBoundaries makes districts of the map's administrative areas of one
// admin_level, sorted by name. Their codes are the areas' official codes where
// each has its own, else 001, 002, ... in the order of the names. A map without
// an area of that level is a *geo.InputError that lists the levels there are.
func DistrictsFromBoundaries(m *geo.StreetMap, level int) ([]geo.District, error) {
	var found []geo.Boundary
	levels := map[int]bool{}
	for _, b := range m.Boundaries {
		levels[b.AdminLevel] = true
		if b.AdminLevel == level {
			found = append(found, b)
		}
	}
	if len(found) == 0 {
		return nil, bad(m.Source, "boundary-missing", "", fmt.Sprintf("no boundary of admin_level %d closes in this map", level), levelsRemedy(levels))
	}
	slices.SortFunc(found, func(a, b geo.Boundary) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	refs := map[string]bool{}
	for _, b := range found {
		refs[b.Ref] = true
	}
	official := len(refs) == len(found) && !refs[""]
	out := make([]geo.District, len(found))
	for i, b := range found {
		out[i] = geo.District{Code: fmt.Sprintf("%03d", i+1), Name: b.Name, Outline: b.Outline}
		if official {
			out[i].Code = b.Ref
		}
	}
	return out, nil
}

func levelsRemedy(levels map[int]bool) string {
	if len(levels) == 0 {
		return "give the districts as GeoJSON, or cut demonstration districts with: gridbeat districts cut"
	}
	var have []string
	for l := range 20 {
		if levels[l] {
			have = append(have, fmt.Sprint(l))
		}
	}
	return "choose a level that is there: " + strings.Join(have, ", ")
}

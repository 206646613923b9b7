package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// outlines are the exported grids, how many vertices they have, and what is told of edges
// that do not have a grid on both sides.
func outlines(t *testing.T, args ...string) (fc geojson.FeatureCollection, vertices int, unpaired []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(must(t, args...)), &fc); err != nil {
		t.Fatal(err)
	}
	edges := map[[2]orb.Point]int{}
	for _, f := range fc.Features {
		for _, ring := range f.Geometry.(orb.Polygon) {
			vertices += len(ring) - 1
			for i := 1; i < len(ring); i++ {
				edges[[2]orb.Point{ring[i-1], ring[i]}]++
			}
		}
	}
	for e, n := range edges {
		if n > 1 {
			unpaired = append(unpaired, "twice the same way")
		}
		if edges[[2]orb.Point{e[1], e[0]}] == 0 {
			unpaired = append(unpaired, "rim")
		}
	}
	return fc, vertices, unpaired
}

func TestSimplifiedGridsAreExported(t *testing.T) {
	store := newTown(t)
	whole, all, _ := outlines(t, "export", "grids", "--store", store)
	coarse, few, sides := outlines(t, "export", "grids", "--simplify", "20", "--store", store)
	if len(coarse.Features) != len(whole.Features) || len(whole.Features) == 0 {
		t.Fatalf("%d grids of %d", len(coarse.Features), len(whole.Features))
	}
	if few*2 > all {
		t.Errorf("%d vertices are left of %d", few, all)
	}
	if slices.Contains(sides, "twice the same way") || len(sides)*5 > few {
		t.Errorf("of %d edges %d have one side only", few, len(sides))
	}
	if _, same, _ := outlines(t, "export", "grids", "--simplify", "0", "--store", store); same != all {
		t.Errorf("0 metres leave %d vertices of %d", same, all)
	}
	for name, args := range map[string][]string{
		"grids alone":      {"export", "streets", "--simplify", "20", "--store", store},
		"below nothing":    {"export", "grids", "--simplify=-1", "--store", store},
		"not a number":     {"export", "grids", "--simplify", "NaN", "--store", store},
		"more than a town": {"export", "grids", "--simplify", "1001", "--store", store},
	} {
		if got := gridbeat(t, args...); got.code != exitBad || !strings.Contains(got.stderr, "--simplify") {
			t.Errorf("%s: exit code %d, %s", name, got.code, got.stderr)
		}
	}
}

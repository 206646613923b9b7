package ingest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gridbeat/geo"
)

func TestStreetListsAreReadInEveryForm(t *testing.T) {
	for form, file := range map[string]string{
		"CSV":     "id,name\n12,High Street\n7,\n",
		"GeoJSON": collectionOf(`{"type":"Feature","properties":{"id":"12"},"geometry":{"type":"LineString","coordinates":[[1,2],[1,3]]}}`, `{"type":"Feature","id":7,"properties":{},"geometry":null}`),
		"JSON":    `[{"id":"12"},{"id":7}]`,
	} {
		if ids, err := ReadStreetList("closed", strings.NewReader(file)); err != nil || !slices.Equal(ids, []string{"12", "7"}) {
			t.Errorf("%s: %v, %v", form, ids, err)
		}
	}
}

func TestStreetListsWithFaultsAreRefused(t *testing.T) {
	for file, want := range map[string]string{
		"street\n12\n":   "column-missing",
		"id\n12\n\"\"\n": "id-missing",
		"id\n12\n12\n":   "id-twice",
	} {
		_, err := ReadStreetList("closed.csv", strings.NewReader(file))
		var bad *geo.InputError
		if !errors.As(err, &bad) || bad.Findings[0].Rule != want {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
}

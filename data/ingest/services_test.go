package ingest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

func TestServicesAreRead(t *testing.T) {
	want := []patrol.Service{{Street: "12", Visits: 2, Apart: 90 * time.Minute}, {Street: "7", Visits: 1, Unit: "unit 01"}}
	for form, file := range map[string]string{
		"CSV":  "id,visits,apart_minutes,unit\n12,2,90,\n7,,,unit 01\n",
		"JSON": `[{"id":"12","visits":2,"apart_minutes":90},{"id":"7","unit":"unit 01"}]`,
	} {
		got, err := ReadServices("levels", strings.NewReader(file))
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", form, err, d)
		}
	}
}

func TestServicesWithFaultsAreRefused(t *testing.T) {
	for file, want := range map[string]string{
		"street,visits\n12,2\n":     "column-missing",
		"id,visits\n12,often\n":     "visits-no-number",
		"id,visits\n12,0\n":         "visits-no-number",
		"id,apart_minutes\n12,-5\n": "apart-no-number",
		"id,visits\n12,1\n":         "service-empty",
		"id,visits\n12,2\n12,3\n":   "id-twice",
	} {
		_, err := ReadServices("levels.csv", strings.NewReader(file))
		var bad *geo.InputError
		if !errors.As(err, &bad) || bad.Findings[0].Rule != want {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
}

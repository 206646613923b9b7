package district_test

import (
	"errors"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

func TestRulesOfAPublication(t *testing.T) {
	d := district.Draft{ID: "d", Version: 3}
	var refused *geo.InputError
	for _, row := range []struct {
		name         string
		stored, last int
		want         string
	}{
		{"a version that was checked and is new", 3, 2, ""},
		{"one that is published already", 3, 3, "refused"},
		{"one that was saved over meanwhile", 4, 2, "stale"},
	} {
		got, err := "", d.Unpublished(row.stored, row.last)
		switch {
		case errors.As(err, &refused):
			got = "refused"
		case errors.Is(err, geo.ErrStale):
			got = "stale"
		}
		if got != row.want {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
	began := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		from time.Time
		ok   bool
	}{
		"later":                          {began.Add(time.Hour), true},
		"at the same time":               {began, true},
		"less than a millisecond later":  {began.Add(999 * time.Microsecond), true},
		"less than a millisecond before": {began.Add(-time.Microsecond), false},
		"before":                         {began.Add(-time.Hour), false},
	} {
		if err := district.Follows(1, began, row.from); (err == nil) != row.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

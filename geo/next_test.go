package geo_test

import (
	"errors"
	"testing"
	"time"

	"gridbeat/geo"
)

func TestNextFollowsOnlyTheVersionBeforeIt(t *testing.T) {
	for _, row := range []struct {
		name           string
		id             string
		stored, next   int
		stale, refused bool
	}{
		{"a new one", "u1", 0, 1, false, false},
		{"the one after the stored one", "u1", 7, 8, false, false},
		{"the stored one again", "u1", 7, 7, true, false},
		{"one that skips a version", "u1", 7, 9, true, false},
		{"a new one that says it is not", "u1", 0, 2, true, false},
		{"a version of nothing", "u1", 0, 0, true, false},
		{"one without an id", "", 0, 1, false, true},
	} {
		err := geo.Next{Noun: "user", ID: row.id, Version: row.next}.Follows(row.stored)
		var bad *geo.InputError
		if errors.Is(err, geo.ErrStale) != row.stale || errors.As(err, &bad) != row.refused || (err == nil) == (row.stale || row.refused) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	if got := (geo.Next{Noun: "user", ID: "u1", Version: 3}).Saved(at); got != (geo.Change{At: at, Kind: "user.saved", ID: "u1", Version: 3}) {
		t.Errorf("the log tells %+v", got)
	}
}

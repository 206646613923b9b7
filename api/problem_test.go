package api

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gridbeat/geo"
)

func TestEachErrorHasItsStatus(t *testing.T) {
	for name, row := range map[string]struct {
		err    error
		status int
	}{
		"bad input":        {fmt.Errorf("locate: %w", geo.NewInputError("f", geo.Finding{Detail: "d"})), 400},
		"not found":        {fmt.Errorf("plan x: %w", geo.ErrNotFound), 404},
		"stale":            {fmt.Errorf("draft x: %w", geo.ErrStale), 412},
		"the client left":  {fmt.Errorf("read: %w", context.Canceled), 503},
		"it took too long": {fmt.Errorf("read: %w", context.DeadlineExceeded), 503},
		"another site":     {fmt.Errorf("%w: x", errForeign), 403},
		"anything else":    {errors.New("disk on fire"), 500},
	} {
		t.Run(name, func(t *testing.T) {
			p := problemOf(row.err)
			if p.Status != row.status || p.Title == "" {
				t.Errorf("got %+v", p)
			}
			if p.Status == 500 && p.Detail == row.err.Error() {
				t.Error("the inside of the server is told to everyone")
			}
		})
	}
}

func TestAProblemTellsAtMostSoManyFields(t *testing.T) {
	if got := fieldsOf(make([]geo.Finding, 1000)); len(got) != problemFields {
		t.Errorf("%d fields", len(got))
	}
}

package storetest

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

// crowd is how many incidents the large cases take: 100,000 with GRIDBEAT_LARGE=1.
func crowd() int {
	if os.Getenv("GRIDBEAT_LARGE") == "1" {
		return 100_000
	}
	return 3_000
}

func testLarge(t *testing.T, open Open) {
	t.Run("a crowd of incidents is paged without loss while writes go on", func(t *testing.T) {
		ctx, s, n := t.Context(), open(t), crowd()
		must(s.SaveIncidents(ctx, manyIncidents(n), day(9)))(t)
		stop, written := background(t, func(i int) error {
			_, _, err := s.CreateIncident(ctx, fresh(fmt.Sprintf("later-%06d", i), day(40)), dispatch.Intake{Day: "20260209", At: day(40)})
			return err
		})
		seen := paged(t, s, n/100, func(dispatch.Incident) {})
		stop()
		for i := range n {
			if id := fmt.Sprintf("incident-%08d", i); !seen[id] {
				t.Fatalf("%s was lost", id)
			}
		}
		if written() == 0 {
			t.Error("nothing was written meanwhile")
		}
	})
	t.Run("incidents are saved while a crowd is imported", func(t *testing.T) {
		ctx, s, n := t.Context(), open(t), crowd()
		var longest atomic.Int64
		stop, written := background(t, func(i int) error {
			start := time.Now()
			_, _, err := s.CreateIncident(ctx, fresh(fmt.Sprintf("urgent-%06d", i), day(40)), dispatch.Intake{Day: "20260209", Actor: "desk", At: day(40)})
			longest.Store(max(longest.Load(), int64(time.Since(start))))
			return err
		})
		for written() == 0 {
			time.Sleep(time.Millisecond)
		}
		before, start := written(), time.Now()
		counted(t, geo.Counts{Added: n})(s.LoadIncidents(ctx, manyIncidents(n), day(9), nil))
		took, during := time.Since(start), written()-before
		stop()
		t.Logf("%d incidents imported in %v, %d saved meanwhile, the slowest in %v", n, took, during, time.Duration(longest.Load()))
		if during == 0 {
			t.Error("nobody could save an incident while the import ran")
		}
		if wait := time.Duration(longest.Load()); wait > 2*time.Second {
			t.Errorf("somebody waited %v for an import, 2 s are allowed", wait)
		}
		if all := must(s.FindIncidents(ctx, dispatch.Query{}))(t); len(all) != n+written() {
			t.Errorf("%d incidents are there, want %d", len(all), n+written())
		}
	})
}

// paged are the ids of all incidents, page by page, each of which must come once; after
// is called with the last of every page.
func paged(t *testing.T, s Store, limit int, after func(last dispatch.Incident)) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for q := (dispatch.Query{Limit: limit}); ; {
		page := must(s.FindIncidents(t.Context(), q))(t)
		if len(page) == 0 {
			return seen
		}
		for _, i := range page {
			if seen[i.ID] {
				t.Fatalf("%s came twice", i.ID)
			}
			seen[i.ID] = true
		}
		last := page[len(page)-1]
		q.After = dispatch.Cursor{ReportedAt: last.ReportedAt, ID: last.ID}
		after(last)
	}
}

// background repeats a write until stop is called, and counts those that succeeded.
func background(t *testing.T, write func(i int) error) (stop func(), written func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var count atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ctx.Err() == nil; i++ {
			if err := write(i); err != nil {
				t.Error(err)
				return
			}
			count.Add(1)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop, func() int { return int(count.Load()) }
}

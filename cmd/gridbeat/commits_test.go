package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gridbeat/routing/dispatch"
)

// TestCommitsWithAndWithoutAStandby tells how many incidents a second are filed through
// the store when a commit waits for the disk alone, and when it waits until a standby
// shows it; by the writers of one station, who follow each other, and of eight.
func TestCommitsWithAndWithoutAStandby(t *testing.T) {
	if testing.Short() {
		t.Skip("2026-11-29: starts two PostgreSQL; runs without -short")
	}
	p := newPair(t)
	names := map[string]string{"standby1": "until the standby shows it", "": "for its own disk"}
	var stores []store // opened once: each keeps up to eight sessions of the hundred
	for n := range 8 {
		stores = append(stores, openStore(t, fmt.Sprintf("%s&station=s%d", p.primary.url("app", "gridbeat"), n)))
	}
	best := map[string]float64{}
	for range 2 { // in turns, since tables grow meanwhile
		for _, wait := range []string{"standby1", ""} {
			p.primary.exec(t, "postgres", `ALTER SYSTEM SET synchronous_standby_names = '`+wait+`'`, `SELECT pg_reload_conf()`)
			time.Sleep(500 * time.Millisecond)
			for _, stations := range []int{1, 8} {
				what := fmt.Sprintf("a commit waits %s, %d station(s)", names[wait], stations)
				best[what] = max(best[what], commits(t, stores[:stations], 2*time.Second))
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(best)) {
		t.Logf("%s: %.0f incidents/s by 8 writers", what, best[what])
		if best[what] == 0 {
			t.Error("nothing was filed")
		}
	}
}

// commits files incidents by eight writers for a while and returns how many a second.
func commits(t *testing.T, stores []store, d time.Duration) float64 {
	t.Helper()
	var count atomic.Int64
	var clients sync.WaitGroup
	begun := time.Now()
	for n := range 8 {
		clients.Go(func() {
			for k := 0; time.Since(begun) < d; k++ {
				id := fmt.Sprintf("incident-%d-%d-%d", n, k, begun.UnixNano())
				i := dispatch.Incident{ID: id, Category: dispatch.Tip, Priority: dispatch.Normal, State: dispatch.Reported, ReportedAt: begun, How: "outside"}
				if _, _, err := stores[n%len(stores)].CreateIncident(t.Context(), i, dispatch.Intake{Day: "20260301", Actor: "x", Key: id, Fingerprint: id, At: begun}); err != nil {
					t.Error(err)
					return
				}
				count.Add(1)
			}
		})
	}
	clients.Wait()
	return float64(count.Load()) / time.Since(begun).Seconds()
}

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gridbeat/routing/dispatch"
)

// BenchmarkCommits tells how many incidents a second eight writers file through the store
// when a commit waits for the disk alone, and when it waits until a standby shows it; in
// one station, where they follow each other, and in eight. Run it with -benchtime 3s.
func BenchmarkCommits(b *testing.B) {
	p := newPair(b)
	var stores []store // opened once: each keeps up to eight sessions of the hundred
	for n := range 8 {
		stores = append(stores, openStore(b, fmt.Sprintf("%s&station=s%d", p.primary.url("app", "gridbeat"), n)))
	}
	for _, wait := range []struct{ standby, name string }{{"", "own disk"}, {"standby1", "standby shows it"}} {
		for _, stations := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/%d stations", wait.name, stations), func(b *testing.B) {
				p.primary.exec(b, "postgres", `ALTER SYSTEM SET synchronous_standby_names = '`+wait.standby+`'`, `SELECT pg_reload_conf()`)
				time.Sleep(500 * time.Millisecond) // until every session has read it
				b.ResetTimer()
				commits(b, stores[:stations])
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
			})
		}
	}
}

// commits files b.N incidents by eight writers.
func commits(b *testing.B, stores []store) {
	b.Helper()
	var count atomic.Int64
	var clients sync.WaitGroup
	begun := time.Now()
	for n := range 8 {
		clients.Go(func() {
			for k := count.Add(1); k <= int64(b.N); k = count.Add(1) {
				id := fmt.Sprintf("incident-%d-%d", k, begun.UnixNano())
				i := dispatch.Incident{ID: id, Category: dispatch.Tip, Priority: dispatch.Normal, State: dispatch.Reported, ReportedAt: begun, How: "outside"}
				if _, _, err := stores[n%len(stores)].CreateIncident(b.Context(), i, dispatch.Intake{Day: "20260301", Actor: "x", Key: id, Fingerprint: id, At: begun}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
}

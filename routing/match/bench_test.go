//go:build unix

package match_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"gridbeat/routing"
	"gridbeat/routing/match"
)

// BenchmarkDelaware reports the processor time of a point, which other work on the
// machine changes less than the time on the wall.
func BenchmarkDelaware(b *testing.B) {
	traces, net := delaware(b, routing.Car)
	m := match.New(net, match.DefaultOptions(routing.Car))
	for _, row := range rows {
		b.Run(rowName(row.sigma, row.every), func(b *testing.B) {
			var all [][]match.Fix
			points := 0
			for _, s := range traces {
				all = append(all, s.resample(seeds[0], row.sigma, row.every))
				points += len(all[len(all)-1])
			}
			begin := used()
			for b.Loop() {
				for _, fixes := range all {
					if _, err := m.Match(context.Background(), fixes); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64((used()-begin).Microseconds())/float64(b.N*points), "cpu-us/point")
		})
	}
}

// used is the processor time of this process.
func used() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

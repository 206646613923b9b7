//go:build unix

package routing_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/dispatch"
)

// Delaware is the largest real extract at hand: it comes with the tests of the module
// that reads the format.
var delaware = sync.OnceValues(func() (*routing.Network, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(strings.TrimSpace(string(dir)), "testdata", "delaware-latest.osm.pbf")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	m, err := ingest.ReadPBF(context.Background(), path, nil)
	if err != nil {
		return nil, err
	}
	return routing.NewNetwork(m.Streets, m.Posts, m.Restrictions, routing.Car)
})

var travels [2]struct {
	once   sync.Once
	travel *routing.Travel
	err    error
}

func network(b *testing.B) *routing.Network {
	b.Helper()
	n, err := delaware()
	if err != nil {
		b.Skipf("no map of Delaware in the module cache: %v", err)
	}
	return n
}

func travel(b *testing.B, turns routing.TurnModel) *routing.Travel {
	b.Helper()
	n := network(b)
	t := &travels[turns]
	t.once.Do(func() { t.travel, t.err = n.NewTravel(b.Context(), turns, 1) })
	if t.err != nil {
		b.Fatal(t.err)
	}
	return t.travel
}

// spots are places on streets of the main part.
func spots(n *routing.Network, count int, seed uint64) []routing.Spot {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []routing.Spot
	for len(out) < count {
		if e := routing.Edge(r.IntN(n.Edges())); n.EdgeMain(e) {
			out = append(out, routing.Spot{Edge: e, Offset: n.Metres(e) * geo.Metres(r.Float64())})
		}
	}
	return out
}

func stops(n *routing.Network, count int, seed uint64) []routing.Stop {
	r := rand.New(rand.NewPCG(seed, 2))
	var out []routing.Stop
	for len(out) < count {
		if a := routing.Arc(r.IntN(n.ArcCount())); n.Main(a) {
			out = append(out, routing.Stop{Arc: a})
		}
	}
	return out
}

// cpu reports the processor time of an operation, which other work on the machine does
// not change as it does the time on the wall. To be deferred before the loop.
func cpu(b *testing.B) func() {
	used := func() time.Duration {
		var r syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
			b.Fatal(err)
		}
		return time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	begin := used()
	return func() {
		b.ReportMetric(float64((used()-begin).Nanoseconds())/float64(b.N)/1000, "cpu-us/op")
	}
}

// models runs a benchmark on both turn models.
func models(b *testing.B, f func(*testing.B, *routing.Network, *routing.Travel)) {
	for i, name := range []string{"exact", "quick"} {
		b.Run(name, func(b *testing.B) {
			t := travel(b, routing.TurnModel(i))
			b.ResetTimer()
			f(b, t.Now().Network(), t)
		})
	}
}

func BenchmarkDelawareBuild(b *testing.B) {
	n := network(b)
	for i, name := range []string{"exact", "quick"} {
		b.Run(name, func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				if _, err := n.NewTravel(b.Context(), routing.TurnModel(i), 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The judge, beside which the others are read: one row of 500 by plain Dijkstra.
func BenchmarkDelawareDijkstra1x500(b *testing.B) {
	n := network(b)
	from, to := stops(n, 100, 1), stops(n, 500, 2)
	defer cpu(b)()
	for i := 0; b.Loop(); i++ {
		if _, err := n.Table(b.Context(), from[i%100:i%100+1], to, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDelawareBetween(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		s := spots(n, 1000, 3)
		now := t.Now()
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			now.Between(s[i%1000], s[(i*7+1)%1000])
		}
	})
}

func BenchmarkDelawarePath(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		s := spots(n, 1000, 3)
		now := t.Now()
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			now.Path(s[i%1000], s[(i*7+1)%1000])
		}
	})
}

func BenchmarkDelaware500x500(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		from, to := stops(n, 500, 1), stops(n, 500, 2)
		defer cpu(b)()
		for b.Loop() {
			if _, err := t.Now().Table(b.Context(), from, to, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDelawareFleetSelect500(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		s := spots(n, 500, 4)
		defer cpu(b)()
		for b.Loop() {
			t.Now().Fleet(s)
		}
	})
}

// Two sweeps: arrivals from either end of the street.
func BenchmarkDelawareFleetArrivals500(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		fleet, calls := t.Now().Fleet(spots(n, 500, 4)), spots(n, 1000, 5)
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			fleet.Arrivals(calls[i%1000])
		}
	})
}

func BenchmarkDelawareCloseAndOpen(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		s := spots(n, 1000, 6)
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			e := s[i/2%1000].Edge
			change := t.Close
			if i%2 == 1 {
				change = t.Open
			}
			if err := change(e); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		if err := t.Open(t.Now().Closed()...); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkDelawareIsochrone5Minutes(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		s := spots(n, 1000, 7)
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			t.Now().Isochrone(s[i%1000], 300_000)
		}
	})
}

func BenchmarkDelawareReach500(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		s := spots(n, 500, 8)
		defer cpu(b)()
		for b.Loop() {
			t.Now().Reach(s)
		}
	})
}

func BenchmarkDelawareSnap(b *testing.B) {
	n := network(b)
	r := rand.New(rand.NewPCG(9, 9))
	s := spots(n, 1000, 9)
	for i := range s {
		s[i].Offset = 0
	}
	at := make([][2]float64, 1000)
	for i := range at {
		p := n.Part(s[i].Edge, 0, 0)[0]
		at[i] = [2]float64{p[0] + (r.Float64()-0.5)/500, p[1] + (r.Float64()-0.5)/500}
	}
	defer cpu(b)()
	for i := 0; b.Loop(); i++ {
		n.Snap(at[i%1000], 500)
	}
}

func dispatchUnits(n *routing.Network, now time.Time) ([]dispatch.Unit, []routing.Spot) {
	places := spots(n, 500, 10)
	r := rand.New(rand.NewPCG(10, 10))
	var units []dispatch.Unit
	for _, s := range places {
		units = append(units, dispatch.Unit{Spot: s, SeenAt: now.Add(-time.Duration(r.IntN(150)) * time.Second), Accuracy: 10, Busy: r.IntN(3) == 0})
	}
	return units, places
}

// All that a ranking takes, positions fresh.
func BenchmarkDelawareRank500(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		at := time.Unix(1_800_000_000, 0)
		units, places := dispatchUnits(n, at)
		o := dispatch.RankOptions{Count: 5, OldAfter: 2 * time.Minute, SoonWithin: 10 * time.Minute, Speed: 12}
		calls := spots(n, 1000, 5)
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			if _, err := dispatch.Rank(units, t.Now().Once(places), dispatch.Call{Spot: calls[i%1000], Now: at}, o); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDelawareCoverageLeft500(b *testing.B) {
	models(b, func(b *testing.B, n *routing.Network, t *routing.Travel) {
		units, places := dispatchUnits(n, time.Unix(1_800_000_000, 0))
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			if _, err := dispatch.LeftAfter(t.Now().Reach(places), units, i%500, 5*time.Minute, 100); err != nil {
				b.Fatal(err)
			}
		}
	})
}

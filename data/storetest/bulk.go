package storetest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// Bulk measures loads with the change log, every index and every trigger on, in
// committed steps: incidents and positions (100,000 of each, or GRIDBEAT_ROWS), and
// a plan of a tenth as many grids that is saved, changed everywhere, published and read
// back whole. It tells the longest step of a load, and how long somebody who saves
// incidents meanwhile waited at most.
// Run it with -benchtime 1x.
func Bulk(b *testing.B, open func(testing.TB) Store) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("GRIDBEAT_ROWS")); err == nil && n > 0 {
		rows = n
	}
	b.Run(fmt.Sprintf("%d incidents", rows), func(b *testing.B) {
		all := manyIncidents(rows)
		bulk(b, open, len(all), func(s Store) {
			longest := &steps{}
			besides(b, s, func() error { return second(s.LoadIncidents(b.Context(), all, day(9), longest.told)) })
			b.ReportMetric(longest.seconds, "s/longest-step")
		})
	})
	b.Run(fmt.Sprintf("%d positions", rows), func(b *testing.B) {
		all := manyPositions(rows)
		bulk(b, open, len(all), func(s Store) {
			longest := &steps{}
			besides(b, s, func() error { return second(s.LoadPositions(b.Context(), all, day(9), longest.told)) })
			b.ReportMetric(longest.seconds, "s/longest-step")
		})
	})
	b.Run(fmt.Sprintf("%d buildings imported", rows), func(b *testing.B) {
		all := manyBuildings(rows, 1)
		bulk(b, open, rows, func(s Store) {
			besides(b, s, func() error { return second(s.SaveBuildings(b.Context(), all, day(9))) })
		})
	})
	d := manyGrids(rows / 10)
	b.Run(fmt.Sprintf("%d grids saved as a draft", len(d.Grids)), func(b *testing.B) {
		bulk(b, open, len(d.Grids), func(s Store) {
			besides(b, s, func() error { return s.SaveDraft(b.Context(), d, day(9)) })
		})
	})
	b.Run(fmt.Sprintf("%d grids of a draft changed", len(d.Grids)), func(b *testing.B) {
		saved := func(t testing.TB) Store {
			s := open(t)
			must(0, s.SaveDraft(t.Context(), d, day(9)))(t)
			return s
		}
		next := d
		next.Version++
		next.Grids = slices.Clone(d.Grids)
		for i := range next.Grids {
			next.Grids[i].Households++
		}
		bulk(b, saved, len(d.Grids), func(s Store) {
			besides(b, s, func() error { return s.SaveDraft(b.Context(), next, day(9)) })
		})
	})
	b.Run(fmt.Sprintf("%d grids published", len(d.Grids)), func(b *testing.B) {
		prepared := func(t testing.TB) Store {
			s := open(t)
			must(0, s.SaveDraft(t.Context(), d, day(9)))(t)
			return s
		}
		bulk(b, prepared, len(d.Grids), func(s Store) {
			besides(b, s, func() error { return second(s.Publish(b.Context(), d.ID, day(9), day(9))) })
		})
	})
	b.Run(fmt.Sprintf("%d grids read whole", len(d.Grids)), func(b *testing.B) {
		published := func(t testing.TB) Store {
			s := open(t)
			must(0, s.SaveDraft(t.Context(), d, day(9)))(t)
			must(s.Publish(t.Context(), d.ID, day(9), day(9)))(t)
			return s
		}
		bulk(b, published, len(d.Grids), func(s Store) {
			if e := must(s.Edition(b.Context(), 1))(b); len(e.Grids) != len(d.Grids) {
				b.Fatalf("%d grids of %d came back", len(e.Grids), len(d.Grids))
			}
		})
	})
}

// besides runs a write while somebody else saves incidents, and tells how long the
// slowest of those took.
func besides(b *testing.B, s Store, write func() error) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	slowest := make(chan time.Duration)
	go func() {
		longest := time.Duration(0)
		for i := 0; ctx.Err() == nil; i++ {
			start := time.Now()
			_, _, err := s.CreateIncident(ctx, fresh(fmt.Sprintf("urgent-%06d", i), day(40)), dispatch.Intake{Day: "20260209", Actor: "desk", At: day(40)})
			if err != nil && ctx.Err() == nil {
				b.Error(err)
			}
			longest = max(longest, time.Since(start))
			time.Sleep(5 * time.Millisecond)
		}
		slowest <- longest
	}()
	must(0, write())(b)
	cancel()
	b.ReportMetric((<-slowest).Seconds(), "s/longest-wait")
}

// bulk times load on an open store, and tells rows a second and the most memory that
// the program has had so far.
func bulk(b *testing.B, open func(testing.TB) Store, rows int, load func(Store)) {
	for b.Loop() {
		b.StopTimer()
		s := open(b)
		b.StartTimer()
		load(s)
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	if peak := peakMiB(); peak > 0 {
		b.ReportMetric(peak, "peak-MiB")
	}
}

// steps keeps the longest time between two steps of a load: what came before the first,
// the laying out of all values, is not among them.
type steps struct {
	last    time.Time
	seconds float64
}

func (s *steps) told(int, int) {
	now := time.Now()
	if !s.last.IsZero() {
		s.seconds = max(s.seconds, now.Sub(s.last).Seconds())
	}
	s.last = now
}

// peakMiB is the most memory that this program has had, where the system tells it.
func peakMiB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		return 0
	}
	return kib / 1024
}

func manyIncidents(n int) []dispatch.Incident {
	out := make([]dispatch.Incident, n)
	for i := range out {
		reported := day(1).Add(time.Duration(i) * 20 * time.Second)
		at := dispatch.Day(reported, time.UTC)
		answer, closing := dispatch.Due(dispatch.Normal, reported)
		out[i] = dispatch.Incident{ID: fmt.Sprintf("incident-%08d", i), Number: dispatch.FormatNumber(at, i%9000+1),
			Category: dispatch.Dispute, Priority: dispatch.Normal, State: dispatch.Reported, Point: scattered(i),
			Grid: fmt.Sprintf("4404020019%05d", i%400), District: "01", How: "inside", Level: "member", Responsible: "陈一",
			Text: "楼上漏水，邻里纠纷", ReportedAt: reported, AnswerDueAt: answer, CloseDueAt: closing, Version: 1}
	}
	return out
}

func manyPositions(n int) []patrol.Position {
	out := make([]patrol.Position, n)
	for i := range out {
		out[i] = patrol.Position{Unit: fmt.Sprintf("unit-%03d", i%200), At: day(1).Add(time.Duration(i/200) * 5 * time.Second),
			Point: scattered(i), Accuracy: 5}
	}
	return out
}

// scattered is a place in a town of about 10 km, far from the one before.
func scattered(i int) orb.Point {
	return geo.RoundE7(orb.Point{113.5 + float64(i*7919%100_003)*1e-6, 22.2 + float64(i*104_729%100_019)*1e-6})
}

// manyGrids is a draft of about n grids, each with 96 vertices.
func manyGrids(n int) district.Draft {
	d := district.Draft{ID: "many", Version: 1, Bounds: district.DefaultBounds, CreatedAt: day(2)}
	const step = 2e-3
	for i := range n {
		west, south := 100+float64(i%400)*step, 22+float64(i/400)*step
		d.Grids = append(d.Grids, district.Grid{Code: fmt.Sprintf("440402%09d", i+1), Name: fmt.Sprintf("第%d网格", i+1), District: "01",
			Households: 300, Outline: orb.Polygon{manyCorners(west, south, step)}})
	}
	return d
}

// manyCorners is a square with 24 vertices on each side.
func manyCorners(west, south, side float64) orb.Ring {
	corners := []orb.Point{{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}, {west, south}}
	var ring orb.Ring
	for i := range 4 {
		for k := range 24 {
			f := float64(k) / 24
			ring = append(ring, geo.RoundE7(orb.Point{corners[i][0] + f*(corners[i+1][0]-corners[i][0]), corners[i][1] + f*(corners[i+1][1]-corners[i][1])}))
		}
	}
	return append(ring, ring[0])
}

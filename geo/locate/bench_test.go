package locate_test

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/geojson/geometry"
	"github.com/tidwall/rtree"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// peer is a way to find the grid of a point: its number, -1 for none.
type peer struct {
	name  string
	build func(grids []district.Grid) func(p orb.Point) int
}

var peers = []peer{
	{"gridbeat", gridbeat},
	{"orb+rtree", orbTree},
	{"tidwall", tidwallTree},
	{"s2", s2Index},
}

func gridbeat(grids []district.Grid) func(orb.Point) int {
	l, err := district.NewLocator(grids)
	if err != nil {
		panic(err)
	}
	return func(p orb.Point) int {
		if l.Locate(p, 0).How == district.Outside {
			return -1
		}
		return 0
	}
}

func boxTree(grids []district.Grid) *rtree.RTreeG[int] {
	var tree rtree.RTreeG[int]
	for i, g := range grids {
		b := g.Outline.Bound()
		tree.Insert(b.Min, b.Max, i)
	}
	return &tree
}

func orbTree(grids []district.Grid) func(orb.Point) int {
	tree := boxTree(grids)
	return func(p orb.Point) int {
		found := -1
		tree.Search(p, p, func(_, _ [2]float64, i int) bool {
			if planar.PolygonContains(grids[i].Outline, p) {
				found = i
			}
			return found < 0
		})
		return found
	}
}

func tidwallTree(grids []district.Grid) func(orb.Point) int {
	tree := boxTree(grids)
	points := func(r orb.Ring) []geometry.Point {
		out := make([]geometry.Point, len(r))
		for i, p := range r {
			out[i] = geometry.Point{X: p[0], Y: p[1]}
		}
		return out
	}
	polys := make([]*geometry.Poly, len(grids))
	for i, g := range grids {
		var holes [][]geometry.Point
		for _, h := range g.Outline[1:] {
			holes = append(holes, points(h))
		}
		polys[i] = geometry.NewPoly(points(g.Outline[0]), holes, geometry.DefaultIndexOptions)
	}
	return func(p orb.Point) int {
		found := -1
		tree.Search(p, p, func(_, _ [2]float64, i int) bool {
			if polys[i].ContainsPoint(geometry.Point{X: p[0], Y: p[1]}) {
				found = i
			}
			return found < 0
		})
		return found
	}
}

func s2Index(grids []district.Grid) func(orb.Point) int {
	index := s2.NewShapeIndex()
	for _, g := range grids {
		var loops []*s2.Loop
		for _, ring := range g.Outline {
			ps := make([]s2.Point, 0, len(ring)-1)
			for _, p := range ring[1:] {
				ps = append(ps, s2.PointFromLatLng(s2.LatLngFromDegrees(p[1], p[0])))
			}
			loops = append(loops, s2.LoopFromPoints(ps))
		}
		index.Add(s2.PolygonFromOrientedLoops(loops))
	}
	index.Build()
	query := s2.NewContainsPointQuery(index, s2.VertexModelSemiOpen)
	return func(p orb.Point) int {
		if len(query.ContainingShapes(s2.PointFromLatLng(s2.LatLngFromDegrees(p[1], p[0])))) == 0 {
			return -1
		}
		return 0
	}
}

var sizes = []int{10_000, 200_000}

// BenchmarkLocate puts this package, as district.Locator, beside other libraries:
// ns/op (cpu-ns/op where others use the cores too) and the 99th percentile of single
// calls. Slow: S2 indexes 200,000 grids for a minute; -bench '^BenchmarkLocate$/10000'
// leaves that out.
func BenchmarkLocate(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			t := sized(n)
			grids, points := t.grids(), t.points(1<<20)
			for _, peer := range peers {
				var at func(orb.Point) int
				b.Run(peer.name, func(b *testing.B) {
					if at == nil {
						at = peer.build(grids)
						runtime.GC()
					}
					i, start := 0, cpuTime()
					for b.Loop() {
						at(points[i&(len(points)-1)])
						i++
					}
					b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
					b.StopTimer()
					b.ReportMetric(percentile(at, points[:1<<18], 0.99), "p99-ns")
				})
			}
		})
	}
}

// percentile is the nanoseconds within which a share of single calls answer.
func percentile(at func(orb.Point) int, points []orb.Point, share float64) float64 {
	took := make([]time.Duration, len(points))
	for i, p := range points {
		start := time.Now()
		at(p)
		took[i] = time.Since(start)
	}
	slices.SortFunc(took, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return float64(took[int(share*float64(len(took)))])
}

func BenchmarkLocateAll(b *testing.B) {
	t := sized(10_000)
	l, err := district.NewLocator(t.grids())
	if err != nil {
		b.Fatal(err)
	}
	points := t.points(1 << 20)
	out := make([]district.Location, len(points))
	for b.Loop() {
		l.LocateAll(points, 0, out)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(points)), "ns/point")
}

// BenchmarkNewLocator tells the CPU seconds of a build, and the megabytes that the
// locator holds once it is built and all else but the grids is given back.
func BenchmarkNewLocator(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			grids := sized(n).grids()
			var cpu time.Duration
			var held uint64
			for b.Loop() {
				before, start := heap(), cpuTime()
				l, err := district.NewLocator(grids)
				if err != nil {
					b.Fatal(err)
				}
				cpu += cpuTime() - start
				held = heap() - before
				runtime.KeepAlive(l)
			}
			runtime.KeepAlive(grids)
			b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
			b.ReportMetric(float64(held)/1e6, "MB")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkNearest(b *testing.B) {
	t := sized(10_000)
	l, err := district.NewLocator(t.grids())
	if err != nil {
		b.Fatal(err)
	}
	west := orb.Point{originX/geo.E7 - 0.003, originY/geo.E7 + 0.2}
	for b.Loop() {
		l.Locate(west, 1000)
	}
}

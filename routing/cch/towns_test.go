//go:build unix

package cch_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gridbeat/data/ingest"
	"gridbeat/routing"
	"gridbeat/routing/cch"
)

// town is the car network of a real extract.
type town struct {
	g      cch.Graph
	weight []int32
	x, y   []float64
	main   []int32 // nodes of the largest strongly connected part
	h      *cch.Hierarchy
	m      *cch.Metric
}

// towns are what is measured: the state of Delaware, which comes with the tests of the
// module that reads the format, and Porto.
var towns = []struct {
	name string
	load func() (*town, error)
}{
	{"delaware", sync.OnceValues(func() (*town, error) {
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
		if err != nil {
			return nil, err
		}
		return newTown(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "delaware-latest.osm.pbf"))
	})},
	{"porto", sync.OnceValues(func() (*town, error) { return newTown("../../../shared/data/maps/dev/porto.osm.pbf") })},
}

func newTown(path string) (*town, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	streets, err := ingest.ReadPBF(context.Background(), path, nil)
	if err != nil {
		return nil, err
	}
	n, err := routing.NewNetwork(streets.Streets, nil, nil, routing.Car)
	if err != nil {
		return nil, err
	}
	s := &town{g: cch.Graph{Nodes: n.Nodes()}}
	for v := range routing.Node(n.Nodes()) {
		x, y := n.Plane().XY(n.At(v))
		s.x, s.y = append(s.x, x), append(s.y, y)
	}
	for a := range routing.Arc(n.ArcCount()) {
		s.g.Tail, s.g.Head = append(s.g.Tail, int32(n.Tail(a))), append(s.g.Head, int32(n.Head(a)))
		s.weight = append(s.weight, n.Millis(a))
		if n.Main(a) {
			s.main = append(s.main, int32(n.Tail(a)))
		}
	}
	slices.Sort(s.main)
	s.main = slices.Compact(s.main)
	order, err := cch.Dissect(context.Background(), s.g, s.x, s.y, 1)
	if err != nil {
		return nil, err
	}
	if s.h, err = cch.Build(s.g, order); err != nil {
		return nil, err
	}
	s.m, err = s.h.Customize(s.weight, 1)
	return s, err
}

// inTowns runs a benchmark in each town that is at hand.
func inTowns(b *testing.B, f func(b *testing.B, s *town)) {
	for _, t := range towns {
		b.Run(t.name, func(b *testing.B) {
			s, err := t.load()
			if err != nil {
				b.Skipf("the map is not at hand: %v", err)
			}
			b.ResetTimer()
			f(b, s)
		})
	}
}

func (s *town) places(count int, seed uint64) [][]cch.Seed {
	r := rand.New(rand.NewPCG(seed, 1))
	var out [][]cch.Seed
	for range count {
		out = append(out, []cch.Seed{{Node: s.main[r.IntN(len(s.main))]}})
	}
	return out
}

// cpu reports the processor time of an operation, which other work on the machine
// changes less than the time on the wall. To be deferred before the loop.
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

// The judge: plain Dijkstra with a heap of four children a node, until 500 are reached.
func BenchmarkDijkstra1x500(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		first, item := adjacency(s.g)
		from, to := s.places(100, 1), s.places(500, 2)
		d := make([]int32, s.g.Nodes)
		goal := make([]bool, s.g.Nodes)
		var heap [][2]int32
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			for v := range d {
				d[v] = cch.Never
			}
			left := 0
			for _, t := range to {
				if !goal[t[0].Node] {
					left++
				}
				goal[t[0].Node] = true
			}
			d[from[i%100][0].Node] = 0
			heap = push(heap[:0], 0, from[i%100][0].Node)
			for len(heap) > 0 && left > 0 {
				var top [2]int32
				heap, top = pop(heap)
				v := top[1]
				if top[0] != d[v] {
					continue
				}
				if goal[v] {
					goal[v] = false
					left--
				}
				for _, a := range item[first[v]:first[v+1]] {
					if t := top[0] + s.weight[a]; t < d[s.g.Head[a]] {
						d[s.g.Head[a]] = t
						heap = push(heap, t, s.g.Head[a])
					}
				}
			}
		}
		b.ReportMetric(float64(s.g.Nodes), "nodes")
		b.ReportMetric(float64(len(s.weight)), "arcs")
	})
}

func adjacency(g cch.Graph) (first, item []int32) {
	first = make([]int32, g.Nodes+1)
	for _, v := range g.Tail {
		first[v+1]++
	}
	for v := range g.Nodes {
		first[v+1] += first[v]
	}
	item = make([]int32, len(g.Tail))
	fill := slices.Clone(first)
	for a, v := range g.Tail {
		item[fill[v]] = int32(a)
		fill[v]++
	}
	return first, item
}

func push(h [][2]int32, key, v int32) [][2]int32 {
	h = append(h, [2]int32{})
	i := len(h) - 1
	for i > 0 && h[(i-1)/4][0] > key {
		h[i] = h[(i-1)/4]
		i = (i - 1) / 4
	}
	h[i] = [2]int32{key, v}
	return h
}

func pop(h [][2]int32) ([][2]int32, [2]int32) {
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for c := 1; c < len(h); c = 4*i + 1 {
		m := c
		for j := c + 1; j < min(c+4, len(h)); j++ {
			if h[j][0] < h[m][0] {
				m = j
			}
		}
		if h[m][0] >= last[0] {
			break
		}
		h[i] = h[m]
		i = m
	}
	if len(h) > 0 {
		h[i] = last
	}
	return h, top
}

func BenchmarkDissectAndBuild(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		defer cpu(b)()
		for b.Loop() {
			order, err := cch.Dissect(b.Context(), s.g, s.x, s.y, 1)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := cch.Build(s.g, order); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCustomize(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		defer cpu(b)()
		for b.Loop() {
			if _, err := s.h.Customize(s.weight, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDistance(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		p, q := s.places(1000, 3), s.m.NewQuery()
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			q.Distance(p[i%1000], p[(i*7+1)%1000])
		}
	})
}

func BenchmarkPath(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		p, q := s.places(1000, 3), s.m.NewQuery()
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			q.Path(p[i%1000], p[(i*7+1)%1000])
		}
	})
}

func BenchmarkSelect500(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		to := s.places(500, 2)
		defer cpu(b)()
		for b.Loop() {
			s.m.Select(to, cch.ToTargets)
		}
	})
}

func Benchmark1x500(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		from, out := s.places(1000, 1), make([]int32, 500)
		sweep := s.m.Select(s.places(500, 2), cch.ToTargets).NewSweep()
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			sweep.Distances(from[i%1000], out)
		}
	})
}

// Selection counted.
func Benchmark500x500(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		from, to, out := s.places(500, 1), s.places(500, 2), make([]int32, 500*500)
		defer cpu(b)()
		for b.Loop() {
			if err := s.m.Select(to, cch.ToTargets).Table(b.Context(), from, out, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Every second operation closes an arc, the next one opens it; the slowest tenth of
// ten thousand is reported beside the mean.
func BenchmarkCloseAndOpen(b *testing.B) {
	inTowns(b, func(b *testing.B, s *town) {
		r := rand.New(rand.NewPCG(6, 6))
		var took []time.Duration
		m := s.m
		var c [1]cch.Change
		defer cpu(b)()
		for i := 0; b.Loop(); i++ {
			if i%2 == 0 {
				c[0] = cch.Change{Arc: int32(r.IntN(len(s.weight))), Weight: cch.Never}
			} else {
				c[0].Weight = s.weight[c[0].Arc]
			}
			begin := time.Now()
			var err error
			if m, err = m.With(c[:]); err != nil {
				b.Fatal(err)
			}
			if len(took) < 10_000 {
				took = append(took, time.Since(begin))
			}
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "median-us")
		b.ReportMetric(float64(took[len(took)*9/10].Nanoseconds())/1000, "p90-us")
	})
}

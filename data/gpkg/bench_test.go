package gpkg_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/storetest"
	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// ringed makes n buildings with outlines of 12 corners.
func ringed(n int) []geo.Building {
	bs := crowd(n, 0.05)
	for i := range bs {
		ring := make(orb.Ring, 13)
		for k := range ring {
			sin, cos := math.Sincos(float64(k%12) * math.Pi / 6)
			ring[k] = geo.RoundE7(orb.Point{bs[i].At[0] + 1e-4*cos, bs[i].At[1] + 1e-4*sin})
		}
		bs[i].Outline = orb.Polygon{ring}
	}
	return bs
}

func manyStreets(n int) *geo.StreetMap {
	m := &geo.StreetMap{}
	for i := range n {
		line, nodes := make(orb.LineString, 10), make([]int64, 10)
		for k := range line {
			line[k] = geo.RoundE7(orb.Point{113.5 + float64(i%60)*0.001 + float64(k)*1e-4, 22.2 + float64(i/60)*0.001})
			nodes[k] = int64(i*10 + k)
		}
		m.Streets = append(m.Streets, geo.Street{ID: fmt.Sprintf("w%d", i), Name: "路", Class: "residential",
			Tags: map[string]string{"oneway": "yes", "lanes": "2", "surface": "asphalt"}, Nodes: nodes, Line: line})
	}
	return m
}

func rate(b *testing.B, rows int) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkImport(b *testing.B) {
	b.Run("25,000 buildings with outlines, new", func(b *testing.B) {
		bs := ringed(25_000)
		for b.Loop() {
			b.StopTimer()
			s, _ := openFile(b)
			b.StartTimer()
			if _, err := s.SaveBuildings(b.Context(), bs, day); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, len(bs))
	})
	b.Run("25,000 buildings, unchanged", func(b *testing.B) {
		bs := ringed(25_000)
		s, _ := openFile(b)
		for b.Loop() {
			if _, err := s.SaveBuildings(b.Context(), bs, day); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, len(bs))
	})
	b.Run("25,000 buildings, all changed", func(b *testing.B) {
		bs := ringed(25_000)
		s, _ := openFile(b)
		for b.Loop() {
			for i := range bs {
				bs[i].Households++
			}
			if _, err := s.SaveBuildings(b.Context(), bs, day); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, len(bs))
	})
	b.Run("3,000 streets, new", func(b *testing.B) {
		m := manyStreets(3_000)
		for b.Loop() {
			b.StopTimer()
			s, _ := openFile(b)
			b.StartTimer()
			if _, err := s.SaveStreets(b.Context(), m, day); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, len(m.Streets))
	})
}

func BenchmarkReadBuildings(b *testing.B) {
	bs := ringed(25_000)
	s, _ := openFile(b)
	if _, err := s.SaveBuildings(b.Context(), bs, day); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Buildings(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	rate(b, len(bs))
}

// BenchmarkPositions saves batches of 66 fixes, one second of a busy station.
func BenchmarkPositions(b *testing.B) {
	s, _ := openFile(b)
	at := day
	for b.Loop() {
		ps := make([]patrol.Position, 66)
		for i := range ps {
			ps[i] = patrol.Position{Unit: fmt.Sprint("u", i), At: at, Point: orb.Point{113.5, 22.2}, Accuracy: 5}
		}
		at = at.Add(time.Second)
		if _, err := s.SavePositions(b.Context(), ps, at); err != nil {
			b.Fatal(err)
		}
	}
	rate(b, 66)
}

func BenchmarkBulk(b *testing.B) {
	storetest.Bulk(b, func(t testing.TB) storetest.Store { s, _ := openFile(t); return s })
}

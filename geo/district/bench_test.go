package district

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func BenchmarkSearch(b *testing.B) {
	g := lattice(22, rand.New(rand.NewPCG(1, 1))) // 484 blocks
	o := SearchOptions{Bounds: DefaultBounds, Objective: DefaultObjective(DefaultBounds), Seed: 1}
	for b.Loop() {
		Search(context.Background(), g, o)
	}
}

func BenchmarkDraw(b *testing.B) {
	g := town(rand.New(rand.NewPCG(1, 1)), 20, 4)
	for b.Loop() {
		if _, _, err := Draw(context.Background(), g, DrawOptions{Seed: 1, Rounds: 100}); err != nil {
			b.Fatal(err)
		}
	}
}

// benchGrids is a drawn town and points all over it.
func benchGrids(b *testing.B) ([]Grid, []orb.Point) {
	d, _, err := Draw(context.Background(), town(rand.New(rand.NewPCG(1, 1)), 30, 4), DrawOptions{Seed: 1, Rounds: 50})
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	points := make([]orb.Point, 4096)
	for i := range points {
		points[i] = orb.Point{112 + 0.03*rng.Float64(), 21.8 + 0.03*rng.Float64()}
	}
	return d.Grids, points
}

func BenchmarkLocate(b *testing.B) {
	grids, points := benchGrids(b)
	b.Run("locator", func(b *testing.B) {
		l, err := NewLocator(grids)
		if err != nil {
			b.Fatal(err)
		}
		i := 0
		for b.Loop() {
			l.Locate(points[i%len(points)], 0)
			i++
		}
	})
	b.Run("every grid", func(b *testing.B) {
		i := 0
		for b.Loop() {
			for _, g := range grids {
				if g.Outline.Bound().Contains(points[i%len(points)]) && planar.PolygonContains(g.Outline, points[i%len(points)]) {
					break
				}
			}
			i++
		}
	})
}

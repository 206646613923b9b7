package district

import (
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// With a maximum below twice the minimum some numbers of households fit no number of
// grids, and no flip leads from one number of grids to another.
func TestGapsBetweenNumbersOfGridsAreSkipped(t *testing.T) {
	for _, tt := range []struct {
		name   string
		n      int
		bounds Bounds
	}{
		{"64 cells in eights", 8, Bounds{8, 8}},
		{"64 cells: 7 grids are too few, 9 are what fits above", 8, Bounds{7, 9}},
		{"100 cells: 10 or 11 grids", 10, Bounds{9, 10}},
		{"144 cells: 8 grids only", 12, Bounds{17, 18}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := lattice(tt.n, rand.New(rand.NewPCG(1, 9)))
			for i := range g.Units {
				g.Units[i].Households = 1
			}
			for seed := range uint64(3) {
				p := Search(context.Background(), g, SearchOptions{Bounds: tt.bounds, Objective: SearchObjective(tt.bounds), Seed: seed, Rounds: 100})
				if m := Measure(g, p, tt.bounds, nil); m.Out > 0 || m.InParts > 0 {
					t.Errorf("seed %d: %d grids, %d out of bounds, %d in parts", seed, m.Regions, m.Out, m.InParts)
				}
			}
		})
	}
}

func TestFitsAgreesWithACount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Bounds{Min: rapid.IntRange(1, 20).Draw(t, "min")}
		b.Max = b.Min + rapid.IntRange(0, 20).Draw(t, "more")
		h := rapid.IntRange(0, 200).Draw(t, "households")
		want := false
		for k := range h + 1 {
			want = want || k*b.Min <= h && h <= k*b.Max
		}
		if got := b.fits(h); got != want {
			t.Errorf("%d households within %v: %v, want %v", h, b, got, want)
		}
	})
}

// A town whose prices are all the same is seeded as fast as any other: each cut leaves
// both sides a share of it.
func TestSeedOfATownWithoutMainRoadsTakesFewCuts(t *testing.T) {
	g := lattice(40, rand.New(rand.NewPCG(1, 10)))
	for i := range g.Borders {
		g.Borders[i].Metres = [classes]float64{Local: 100}
	}
	s := newScorer(g, SearchObjective(DefaultBounds), DefaultBounds)
	f := newForest(g, s)
	rng := rand.New(rand.NewPCG(1, 11))
	todo, work := [][]int32{allUnits(g)}, 0
	for len(todo) > 0 {
		units := todo[0]
		todo = todo[1:]
		if g.total(units) <= DefaultBounds.Max {
			continue
		}
		work += len(units)
		a, b, ok := bisect(f, units, DefaultBounds, 2, rng)
		if !ok {
			t.Fatalf("%d units are not cut", len(units))
		}
		todo = append(todo, a, b)
	}
	if work > 30*len(g.Units) {
		t.Errorf("%d units were passed for a seed of %d", work, len(g.Units))
	}
}

package district

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"gridbeat/geo"
)

// TestBlocksAreWhatGridsAreMadeOf: they cover each district once, hold its homes, and none
// lies in two grids.
func TestBlocksAreWhatGridsAreMadeOf(t *testing.T) {
	for seed := range uint64(4) {
		g := town(rand.New(rand.NewPCG(seed, 1)), 8, 2)
		draft, report, err := Draw(context.Background(), g, DrawOptions{Seed: 1, Blocks: true})
		if err != nil {
			t.Fatal(err)
		}
		area, homes, ids := map[string]float64{}, 0, map[string]bool{}
		locator, err := NewLocator(draft.Grids)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range report.DrawnFrom {
			if ids[b.ID] || b.ID == "" || len(b.Outline) == 0 || b.Households < 0 {
				t.Errorf("seed %d: block %+v", seed, b)
			}
			ids[b.ID] = true
			area[b.District] += planar.Area(b.Outline)
			homes += b.Households
			for _, p := range b.Outline[0] { // a vertex is of the grids that touch there, one of which holds all of the block
				if l := locator.Locate(p, 0); l.Grid == "" {
					t.Errorf("seed %d: block %s has a vertex in no grid", seed, b.ID)
				}
			}
		}
		total := 0
		for _, gr := range draft.Grids {
			total += gr.Households
		}
		if homes != total || len(report.DrawnFrom) < report.Blocks {
			t.Errorf("seed %d: %d homes in %d blocks, %d in the grids made of %d", seed, homes, len(report.DrawnFrom), total, report.Blocks)
		}
		for _, d := range draft.Districts {
			if whole := planar.Area(d.Outline); math.Abs(area[d.Code]-whole) > 1e-9*whole {
				t.Errorf("seed %d: the blocks of district %s cover %g of %g", seed, d.Code, area[d.Code], whole)
			}
		}
		_, again, err := Draw(context.Background(), g, DrawOptions{Seed: 2, Blocks: true})
		if err != nil || !reflect.DeepEqual(again.DrawnFrom, report.DrawnFrom) {
			t.Errorf("seed %d: another search has other blocks, %v", seed, err)
		}
	}
}

// Two blocks may have one least vertex: wedges between streets that leave a junction.
func TestBlocksWithOneLeastVertexHaveTwoNames(t *testing.T) {
	ring := func(ps ...orb.Point) orb.Polygon { return orb.Polygon{append(ps, ps[0])} }
	one := geo.Block{Compound: "low", Outline: ring(orb.Point{113, 22}, orb.Point{114, 22}, orb.Point{114, 23})}
	two := geo.Block{Compound: "high", Outline: ring(orb.Point{113, 22}, orb.Point{114, 23}, orb.Point{113.5, 23})}
	for _, bs := range [][]geo.Block{{one, two}, {two, one}} {
		nameBlocks(bs)
		if bs[0].ID != "1130000000,220000000" || bs[0].Compound != "low" || bs[1].ID != "1130000000,220000000,2" || bs[1].Compound != "high" {
			t.Errorf("named %s of %s and %s of %s", bs[0].ID, bs[0].Compound, bs[1].ID, bs[1].Compound)
		}
	}
}

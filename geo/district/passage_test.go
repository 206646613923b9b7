package district

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// riverGround is a district of 400 x 400 m with a river through its middle, given by its
// banks, and homes on both sides.
func riverGround(north, south int, banks ...float64) Ground {
	g := drawnGround(400, 400)
	for _, y := range banks {
		g.Barriers = append(g.Barriers, geo.Barrier{Kind: "water", Line: settleLine(0, y, 400, y)})
	}
	g.homes(north, 200, 300)
	g.homes(south, 200, 100)
	return g
}

func TestRiversAndRailPartBlocks(t *testing.T) {
	//  +-----+   +-----+   +--+--+   +-----+
	//  |     |   |     |   |  |  |   | \_/ |
	//  |~~~~~|   |~~~~~|   |~~|~~|   |~~~~~|
	//  |     |   |  |  |   |  |  |   |     |
	//  +-----+   +--+--+   +--+--+   +-----+
	plain := riverGround(200, 200, 200)
	ends := riverGround(200, 200, 200)
	ends.street("residential", 200, 0, 200, 200)
	bridge := riverGround(200, 200, 200)
	bridge.street("residential", 200, 0, 200, 400)
	touches := riverGround(200, 200, 200)
	touches.street("residential", 100, 400, 200, 200, 300, 400)
	along := riverGround(200, 200, 200)
	along.street("residential", 0, 200, 400, 200)
	wide := riverGround(200, 200, 190, 210)
	wideBridge := riverGround(200, 200, 190, 210)
	wideBridge.street("footway", 200, 0, 200, 400)
	poor := riverGround(200, 20, 190, 210)
	tests := []struct {
		name   string
		ground Ground
		pieces int
	}{
		{"a river without a bridge parts the land", plain, 2},
		{"a street that ends at the river is no bridge", ends, 2},
		{"a bridge joins the banks", bridge, 1},
		{"a street that only touches the river is no bridge", touches, 2},
		{"a street on the line of the rail is no barrier", along, 1},
		{"a river with an area goes to one bank", wide, 2},
		{"and to both where a foot bridge crosses it", wideBridge, 1},
		{"a bank with too few homes for a grid is tied to the other", poor, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr, err := newTerrain(tt.ground)
			if err != nil {
				t.Fatal(err)
			}
			bl, err := newBlocks(tr, DefaultBounds)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(bl.graph.Pieces()); n != tt.pieces {
				t.Errorf("%d pieces, want %d", n, tt.pieces)
			}
		})
	}
}

// TestNoGridCrossesARiverWithoutABridge parts towns by a river that no street crosses.
func TestNoGridCrossesARiverWithoutABridge(t *testing.T) {
	for seed := range uint64(5) {
		g := town(rand.New(rand.NewPCG(seed, 3)), 8, 1)
		const low, high = 21.8 + 0.0044, 21.8 + 0.0046
		for i, s := range g.Streets {
			for k := 1; k < len(s.Line); k++ {
				if (s.Line[k-1][1] < low) != (s.Line[k][1] < low) {
					g.Streets[i].Line = s.Line[:k] // it ends at the river
					break
				}
			}
		}
		g.Compounds = slices.DeleteFunc(g.Compounds, func(c geo.Compound) bool {
			b := c.Outline.Bound()
			return b.Min[1] < high && b.Max[1] > low
		})
		for _, y := range []float64{low, high} {
			g.Barriers = append(g.Barriers, geo.Barrier{Kind: "water", Line: orb.LineString{{111.99, y}, {112.02, y}}})
		}
		draft, _, err := Draw(context.Background(), g, DrawOptions{Seed: seed, Rounds: 50})
		if err != nil {
			t.Fatal(err)
		}
		ground := g
		ground.Districts = draft.Districts
		for _, f := range Check(draft.Grids, ground, draft.Bounds) {
			t.Errorf("seed %d: %v", seed, f)
		}
		locator, err := NewLocator(draft.Grids)
		if err != nil {
			t.Fatal(err)
		}
		north, south := map[string]int{}, map[string]int{}
		for _, b := range g.Buildings {
			switch grid := locator.Locate(b.At, 0).Grid; {
			case b.Households == 0:
			case b.At[1] > high:
				north[grid] += b.Households
			case b.At[1] < low:
				south[grid] += b.Households
			}
		}
		for grid := range north {
			if south[grid] > 0 {
				t.Errorf("seed %d: grid %s has %d homes north of the river and %d south of it", seed, grid, north[grid], south[grid])
			}
		}
	}
}

package district

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// drawnGround is a district of the given box with streets around it.
func drawnGround(x, y float64) Ground {
	box := settleBox(0, 0, x, y)
	return Ground{
		Districts: []geo.District{{Code: "D", Name: "district", Outline: orb.MultiPolygon{box}}},
		Streets:   []geo.Street{{ID: "s", Class: "residential", Line: orb.LineString(box[0])}},
	}
}

func (g *Ground) compound(id string, outline orb.Polygon) {
	g.Compounds = append(g.Compounds, geo.Compound{ID: id, Outline: outline})
}

func (g *Ground) street(class string, xy ...float64) {
	g.Streets = append(g.Streets, geo.Street{ID: "s", Class: class, Line: settleLine(xy...)})
}

func (g *Ground) homes(households int, x, y float64) {
	g.Buildings = append(g.Buildings, geo.Building{ID: "b", At: settleAt(x, y), Households: households})
}

func settleLine(xy ...float64) orb.LineString {
	var out orb.LineString
	for i := 0; i < len(xy); i += 2 {
		out = append(out, settleAt(xy[i], xy[i+1]))
	}
	return out
}

func TestBlocksAreCutAtTheirNecks(t *testing.T) {
	//  +---------+   +---------+   +----+----+   +---------+
	//  | +-----+ |   | +-+ +-+ |   |    |    |   |  far    |
	//  | |     | |   | | | | | |   |    |    |   |    +-+  |
	//  | +-----+ |   | +-+ +-+ |   |    |    |   |    +-+  |
	//  +---------+   +---------+   +----+----+   +---------+
	one := drawnGround(200, 120)
	one.compound("c", settleBox(20, 20, 180, 100))
	rounded := drawnGround(200, 120)
	rounded.compound("c", orb.Polygon{{settleAt(22, 20), settleAt(178, 20), settleAt(180, 22), settleAt(180, 98), settleAt(178, 100), settleAt(22, 100), settleAt(20, 98), settleAt(20, 22), settleAt(22, 20)}})
	two := drawnGround(200, 120)
	two.compound("c", settleBox(20, 20, 95, 100))
	two.compound("d", settleBox(105, 20, 180, 100))
	street := drawnGround(200, 120)
	street.street("residential", 100, 0, 100, 120)
	far := drawnGround(600, 600)
	far.compound("c", settleBox(250, 250, 350, 350))
	built := drawnGround(200, 120)
	built.compound("c", settleBox(20, 20, 180, 100))
	for _, x := range []float64{5, 10, 15, 185, 190, 195} {
		for y := 12.0; y < 110; y += 24 {
			b := settleBox(x-1, y-11, x+1, y+11)
			built.Buildings = append(built.Buildings, geo.Building{ID: "b", At: settleAt(x, y), Outline: b})
		}
	}
	river := drawnGround(600, 120) // a river 20 m wide, and a street that ends at it
	river.Barriers = []geo.Barrier{{Kind: "water", Line: settleLine(0, 50, 600, 50)}, {Kind: "water", Line: settleLine(0, 70, 600, 70)}}
	river.street("residential", 300, 0, 300, 50)
	tests := []struct {
		name   string
		ground Ground
		faces  int
	}{
		{"the ground around a compound comes in four parts", one, 1 + 4},
		{"so it does when the corners of the wall are rounded", rounded, 1 + 4},
		{"and between two compounds it is parted from the ground around", two, 2 + 7},
		{"blocks without corners that stick into them are not cut", street, 2},
		{"where the street is far the ground stays whole", far, 2},
		{"no cut runs through a building", built, 1 + 2},
		{"a river is cut where a street ends at it", river, 2 + 2 + 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr, err := newTerrain(tt.ground)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tr.cutNecks(context.Background()); err != nil {
				t.Fatal(err)
			}
			if len(tr.arr.Faces) != tt.faces {
				t.Errorf("%d faces, want %d", len(tr.arr.Faces), tt.faces)
			}
		})
	}
}

func TestNeckCutsStayInTheirBlocks(t *testing.T) {
	for seed := range uint64(20) {
		tr, err := newTerrain(town(rand.New(rand.NewPCG(seed, 3)), 6, 2))
		if err != nil {
			t.Fatal(err)
		}
		before := tr.arr
		n := &necks{terrain: tr, crowd: tr.crowd()}
		for f := range before.Faces {
			for _, c := range n.of(int32(f)) {
				mid := orb.Point{(c[0].Point()[0] + c[1].Point()[0]) / 2, (c[0].Point()[1] + c[1].Point()[1]) / 2}
				if at := before.Locate(arrange.At(mid)); at.Face != int32(f) && at.Edge < 0 {
					t.Fatalf("seed %d: the cut %v of face %d lies in face %d", seed, c, f, at.Face)
				}
				for _, e := range before.Edges {
					p, q := before.Vertices[e.A], before.Vertices[e.B]
					if arrange.Crosses(c[0], c[1], p, q) && !arrange.Touches(c[1], p, q) {
						t.Fatalf("seed %d: the cut %v crosses %v-%v", seed, c, p, q)
					}
				}
			}
		}
	}
}

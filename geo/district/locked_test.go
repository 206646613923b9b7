package district

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
)

func TestLockedGridsStayInARedraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 8))
		g := town(rng, rapid.IntRange(6, 10).Draw(t, "n"), rapid.IntRange(1, 2).Draw(t, "districts"))
		first, _, err := Draw(context.Background(), g, DrawOptions{Seed: 1, Rounds: 50})
		if err != nil {
			t.Fatal(err)
		}
		published := rapid.Bool().Draw(t, "published")
		if published {
			g.Districts = first.Districts // with every vertex of the grids
		}
		for i := range first.Grids {
			first.Grids[i].Locked = rng.IntN(4) == 0
		}
		for i := range g.Buildings {
			if rng.IntN(4) == 0 {
				g.Buildings[i].Households = rng.IntN(120)
			}
		}
		second, report, err := Draw(context.Background(), g, DrawOptions{Seed: 2, Rounds: 50, Previous: &Edition{Number: 1, Grids: first.Grids}})
		if err != nil {
			t.Fatal(err)
		}
		plane := geo.NewPlane(first.Grids[0].Outline[0][0])
		for _, was := range first.Grids {
			if !was.Locked {
				continue
			}
			i := slices.IndexFunc(second.Grids, func(x Grid) bool { return x.Code == was.Code })
			if i < 0 || !second.Grids[i].Locked || second.Grids[i].Name != was.Name {
				t.Fatalf("grid %s is %d of the redraw, not as it was", was.Code, i)
			}
			is := second.Grids[i]
			if a, b := plane.Area(was.Outline), plane.Area(is.Outline); !near(float64(a), float64(b)) {
				t.Errorf("grid %s had %.1f m2, has %.1f", was.Code, a, b)
			}
			for _, p := range was.Outline[0] {
				if published && !slices.Contains(is.Outline[0], p) {
					t.Errorf("grid %s lost its vertex %v", was.Code, p)
				}
			}
			if !slices.Contains(report.Locked, was.Code) {
				t.Errorf("the report does not say that %s is locked", was.Code)
			}
		}
		for _, h := range report.Handovers {
			for _, x := range first.Grids {
				if x.Locked && (h.From == x.Code || h.To == x.Code) {
					t.Errorf("the locked grid %s hands over %+v", x.Code, h)
				}
			}
		}
	})
}

// Four blocks in a row, of which a hand-drawn border cuts the second: it is no border
// of any block.
//
//	| A |  A : B | B | B |
func TestALockedBorderThroughABlockStays(t *testing.T) {
	ring := func(west, east float64) orb.Polygon {
		return orb.Polygon{{{west, 10}, {east, 10}, {east, 10.001}, {west, 10.001}, {west, 10}}}
	}
	g := Ground{Districts: []geo.District{{Code: "D", Name: "D", Outline: orb.MultiPolygon{ring(20, 20.004)}}}}
	for i := range 5 {
		x := 20 + float64(i)*0.001
		g.Streets = append(g.Streets, geo.Street{ID: string(rune('a' + i)), Class: "residential", Line: orb.LineString{{x, 10}, {x, 10.001}}})
	}
	for i := range 16 {
		g.Buildings = append(g.Buildings, geo.Building{ID: string(rune('a' + i)), At: orb.Point{20.00013 + float64(i)*0.00025, 10.0005}, Households: 60})
	}
	a := Grid{Code: "000000000901001", Name: "by hand", District: "D", Locked: true, Outline: ring(20, 20.0016)}
	b := Grid{Code: "000000000901002", Name: "rest", District: "D", Outline: ring(20.0016, 20.004)}
	d, report, err := Draw(context.Background(), g, DrawOptions{Seed: 1, Rounds: 50, Previous: &Edition{Number: 1, Grids: []Grid{a, b}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Grids[0]; got.Code != a.Code || got.Name != a.Name || got.Households != 360 || !slices.Contains(got.Outline[0], orb.Point{20.0016, 10.001}) {
		t.Errorf("the locked grid became %+v", got)
	}
	if report.Households != 960 || report.Out > 0 {
		t.Errorf("%+v", report)
	}
	g.Districts[0].Outline = orb.MultiPolygon{ring(20.0004, 20.004)}
	_, _, err = Draw(context.Background(), g, DrawOptions{Seed: 1, Previous: &Edition{Number: 1, Grids: []Grid{a, b}}})
	var bad *geo.InputError
	if !errors.As(err, &bad) || bad.Findings[0].Rule != "locked" && bad.Findings[0].Feature != a.Code {
		t.Errorf("a locked grid that its district has left: %v", err)
	}
}

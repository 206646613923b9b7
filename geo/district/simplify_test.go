package district

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo/arrange"
)

func TestSimplifiedGridsStillTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grids, _ := patchwork(t)
		out, used, err := Simplify(grids, 5) // metres; the patchwork is about 22 m wide
		if err != nil {
			t.Fatal(err)
		}
		if len(out) != len(grids) {
			t.Fatalf("%d grids became %d", len(grids), len(out))
		}
		var segments []arrange.Segment
		before, after := 0, 0
		for i := range out {
			segments = arrange.AppendArea(segments, int32(i), orb.MultiPolygon{out[i].Outline})
			before += vertices(grids[i])
			after += vertices(out[i])
		}
		if after > before {
			t.Errorf("%d vertices became %d", before, after)
		}
		a, err := arrange.Build(segments)
		if err != nil {
			t.Fatal(err)
		}
		owned := make([]int, len(a.Faces))
		for i := range out {
			faces, ok := a.Interior(int32(i))
			if !ok {
				t.Fatalf("grid %d encloses no area at tolerance %v", i, used)
			}
			for _, f := range faces {
				owned[f]++
			}
		}
		for f, n := range owned {
			if n > 1 {
				t.Errorf("face %d lies in %d grids", f, n)
			}
		}
	})
}

func vertices(g Grid) int {
	n := 0
	for _, ring := range g.Outline {
		n += len(ring) - 1
	}
	return n
}

func TestABorderBentByLittleIsDrawnStraightForBothItsGrids(t *testing.T) {
	//  +---+---+
	//  |   <   |   the middle border is bent by 1 m
	//  +---+---+
	bend := orb.Point{112.00101, 21.8005}
	west := orb.Polygon{{{112, 21.8}, {112.001, 21.8}, bend, {112.001, 21.801}, {112, 21.801}, {112, 21.8}}}
	east := orb.Polygon{{{112.001, 21.8}, {112.002, 21.8}, {112.002, 21.801}, {112.001, 21.801}, bend, {112.001, 21.8}}}
	out, used, err := Simplify([]Grid{{Code: "1", Outline: west}, {Code: "2", Outline: east}}, 2)
	if err != nil || used != 2 {
		t.Fatalf("tolerance %v, error %v", used, err)
	}
	for _, g := range out {
		for _, p := range g.Outline[0] {
			if p == bend {
				t.Errorf("grid %s keeps the bend", g.Code)
			}
		}
	}
}

package edit

import (
	"fmt"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// A sketch is a town of square blocks, 1000 steps wide, one letter each for its grid,
// the north first; lower case is district e, upper case district D. Every block has
// 100 homes in its middle and streets all around; the second upright street is a
// primary road.
const sketchWest, sketchSouth = 1_120_000_000, 218_000_000

// corner is where the streets i from the west and j from the south cross.
func corner(i, j int) arrange.Pt {
	return arrange.Pt{X: int32(sketchWest + 1000*i), Y: int32(sketchSouth + 1000*j)}
}

// block is the middle of the block in column i and row j from the south.
func block(i, j int) arrange.Pt {
	p := corner(i, j)
	return arrange.Pt{X: p.X + 500, Y: p.Y + 500}
}

func sketch(t testing.TB, rows ...string) place {
	t.Helper()
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	var g district.Ground
	width, height := len(rows[0]), len(rows)
	street := func(class string, at func(k int) arrange.Pt, n int) {
		s := geo.Street{ID: fmt.Sprintf("w%d", len(g.Streets)), Class: class}
		for k := range n + 1 {
			s.Line = append(s.Line, at(k).Point())
		}
		g.Streets = append(g.Streets, s)
	}
	for i := range width + 1 {
		street(map[bool]string{true: "primary", false: "residential"}[i == 1], func(k int) arrange.Pt { return corner(i, k) }, height)
	}
	for j := range height + 1 {
		street("residential", func(k int) arrange.Pt { return corner(k, j) }, width)
	}
	var segments []arrange.Segment
	for _, s := range g.Streets {
		segments = arrange.AppendLine(segments, 0, s.Line)
	}
	arr, err := arrange.Build(segments)
	if err != nil {
		t.Fatal(err)
	}
	faces, areas := map[string][]int32{}, map[string][]int32{}
	for j, row := range rows {
		for i, letter := range row {
			f := arr.Locate(block(i, j)).Face
			area := "D"
			if letter >= 'a' {
				area = "e"
			}
			faces[string(letter)] = append(faces[string(letter)], f)
			areas[area] = append(areas[area], f)
			g.Buildings = append(g.Buildings, geo.Building{ID: fmt.Sprintf("b%d-%d", i, j), At: block(i, j).Point(), Households: 100})
		}
	}
	d := &district.Draft{ID: "sketch", Bounds: district.DefaultBounds}
	for _, code := range sortedNames(areas) {
		d.Districts = append(d.Districts, geo.District{Code: code, Name: "district " + code, Outline: arr.Outline(areas[code])})
	}
	g.Districts = d.Districts
	for _, letter := range sortedNames(faces) {
		area := "D"
		if letter >= "a" {
			area = "e"
		}
		d.Grids = append(d.Grids, district.Grid{Code: letter + "1", Name: "grid " + letter, District: area, Outline: arr.Outline(faces[letter])[0]})
	}
	return place{d, g}
}

func sortedNames(m map[string][]int32) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// withCompound walls the land between two places in, with homes in its middle.
func (p place) withCompound(low, high arrange.Pt, homes int) place {
	bound := orb.Bound{Min: low.Point(), Max: high.Point()}
	p.ground.Compounds = append(p.ground.Compounds, geo.Compound{ID: "yard", Outline: bound.ToPolygon()})
	p.ground.Buildings = append(p.ground.Buildings, geo.Building{ID: "yard", At: middle(low, high).Point(), Households: homes, Compound: "yard"})
	return p
}

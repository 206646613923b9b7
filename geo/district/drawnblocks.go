package district

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"gridbeat/geo"
)

// drawnFrom are the blocks that grids were made of, by id. A block's id is its least vertex in
// units of 1e-7 degree: it stays the same as long as the ground there does.
func (t *terrain) drawnFrom(bl *blocks) []geo.Block {
	var out []geo.Block
	for u, faces := range bl.faces {
		parts := t.arr.Outline(faces)
		slices.SortFunc(parts, func(a, b orb.Polygon) int { return cmp.Compare(planar.Area(b), planar.Area(a)) })
		for n, part := range parts {
			b := geo.Block{Outline: part, Compound: t.wholeOf(faces)}
			if n == 0 { // parts that touch in a point only have no homes to tell apart
				b.Households = bl.graph.Units[u].Households
			}
			b.District = t.ground.Districts[t.district[faces[0]]].Code
			if c := t.community[faces[0]]; c >= 0 {
				b.Community = t.ground.Communities[c].Code
			}
			out = append(out, b)
		}
	}
	nameBlocks(out)
	return out
}

// wholeOf is the id of the compound that all the faces are of, "" where there is none.
func (t *terrain) wholeOf(faces []int32) string {
	c := t.compound[faces[0]]
	if c < 0 || slices.ContainsFunc(faces, func(f int32) bool { return t.compound[f] != c }) {
		return ""
	}
	return t.ground.Compounds[c].ID
}

// nameBlocks gives the blocks their ids, and sorts by them. A ring begins at its least
// vertex; of blocks with the same one the one with the least second vertex comes first.
func nameBlocks(bs []geo.Block) {
	start := func(b geo.Block) [4]int64 {
		at, next := unitsE7(b.Outline[0][0]), unitsE7(b.Outline[0][1])
		return [4]int64{at[0], at[1], next[0], next[1]}
	}
	slices.SortFunc(bs, func(a, b geo.Block) int {
		x, y := start(a), start(b)
		return slices.Compare(x[:], y[:])
	})
	twins := 0
	for i := range bs {
		at := unitsE7(bs[i].Outline[0][0])
		if twins++; i == 0 || unitsE7(bs[i-1].Outline[0][0]) != at {
			twins = 1
		}
		if bs[i].ID = fmt.Sprintf("%d,%d", at[0], at[1]); twins > 1 {
			bs[i].ID += fmt.Sprintf(",%d", twins)
		}
	}
	slices.SortFunc(bs, func(a, b geo.Block) int { return compareStrings(a.ID, b.ID) })
}

func unitsE7(p orb.Point) [2]int64 {
	return [2]int64{int64(math.Round(p[0] * 1e7)), int64(math.Round(p[1] * 1e7))}
}

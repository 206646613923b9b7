package ingest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// snapGrains is how far apart, in steps of 1e-7 degree, corners of neighbours may
// lie and still be the same: three centimetres, what rounding and the change of
// datum move a corner that stood on a neighbour's side.
const snapGrains = 3

// snapBorders makes neighbours share their corners where they nearly do: corners
// of different outlines within snapGrains become one, and a corner that close to
// a neighbour's side becomes a corner of it. An outline that would be broken by
// that is left as it is.
func snapBorders(outlines []orb.MultiPolygon) {
	owners := map[grain]map[int]bool{}
	var tree rtree.RTreeG[grain]
	for i, mp := range outlines {
		for _, p := range mp {
			for _, r := range p {
				for _, at := range r {
					g := grainOf(at)
					if owners[g] == nil {
						owners[g] = map[int]bool{}
						tree.Insert([2]float64{float64(g.x), float64(g.y)}, [2]float64{float64(g.x), float64(g.y)}, g)
					}
					owners[g][i] = true
				}
			}
		}
	}
	to := mergedCorners(owners, &tree)
	for i, mp := range outlines {
		snapped := make(orb.MultiPolygon, len(mp))
		ok := true
		for j, p := range mp {
			snapped[j] = make(orb.Polygon, len(p))
			for k, r := range p {
				snapped[j][k] = snapRing(r, i, owners, to, &tree)
			}
			ok = ok && checkPolygon(snapped[j]) == nil
		}
		if ok {
			outlines[i] = snapped
		}
	}
}

// mergedCorners returns where corners move: onto the lowest corner of another
// outline that is near and does not move itself.
func mergedCorners(owners map[grain]map[int]bool, tree *rtree.RTreeG[grain]) map[grain]grain {
	to := map[grain]grain{}
	for _, g := range slices.SortedFunc(maps.Keys(owners), compareGrains) {
		best, found := g, false
		search(tree, g, g, func(o grain) {
			_, moves := to[o]
			if !moves && compareGrains(o, best) < 0 && !sharesOwner(owners[o], owners[g]) {
				best, found = o, true
			}
		})
		if found {
			to[g] = best
		}
	}
	return to
}

func compareGrains(a, b grain) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }

func sharesOwner(a, b map[int]bool) bool {
	for k := range a {
		if b[k] {
			return true
		}
	}
	return false
}

// search calls f for the corners within snapGrains of the box of a and b.
func search(tree *rtree.RTreeG[grain], a, b grain, f func(grain)) {
	low := [2]float64{float64(min(a.x, b.x) - snapGrains), float64(min(a.y, b.y) - snapGrains)}
	high := [2]float64{float64(max(a.x, b.x) + snapGrains), float64(max(a.y, b.y) + snapGrains)}
	tree.Search(low, high, func(_, _ [2]float64, g grain) bool {
		f(g)
		return true
	})
}

// snapRing moves the corners of a ring and puts in the neighbours' corners that
// lie on its sides.
func snapRing(r orb.Ring, owner int, owners map[grain]map[int]bool, to map[grain]grain, tree *rtree.RTreeG[grain]) orb.Ring {
	moved := func(g grain) grain {
		if t, moves := to[g]; moves {
			return t
		}
		return g
	}
	var out orb.Ring
	for i := 1; i < len(r); i++ {
		a, b := grainOf(r[i-1]), grainOf(r[i])
		ma, mb := moved(a), moved(b)
		out = append(out, ma.point())
		var on []grain
		search(tree, a, b, func(g grain) {
			if m := moved(g); m == g && m != ma && m != mb && !owners[g][owner] && beside(a, b, g) {
				on = append(on, g)
			}
		})
		slices.SortFunc(on, func(g, h grain) int { return cmp.Or(cmp.Compare(along(a, b, g), along(a, b, h)), compareGrains(g, h)) })
		for _, g := range on {
			out = append(out, g.point())
		}
	}
	return tidy(append(out, out[0]))
}

// along is how far g stands along the stretch from a to b, 0 at a and 1 at b.
func along(a, b, g grain) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	return (float64(g.x-a.x)*dx + float64(g.y-a.y)*dy) / (dx*dx + dy*dy)
}

// beside reports whether g lies between a and b and within snapGrains of the line.
func beside(a, b, g grain) bool {
	if a == b {
		return false
	}
	k := along(a, b, g)
	if k <= 0 || k >= 1 {
		return false
	}
	x := float64(a.x) + k*float64(b.x-a.x) - float64(g.x)
	y := float64(a.y) + k*float64(b.y-a.y) - float64(g.y)
	return x*x+y*y <= snapGrains*snapGrains
}

// snapAreas snaps the outlines of a file of neighbours.
func snapAreas(areas []area) {
	outlines := make([]orb.MultiPolygon, len(areas))
	for i, a := range areas {
		outlines[i] = a.outline
	}
	snapBorders(outlines)
	for i := range areas {
		areas[i].outline = outlines[i]
	}
}

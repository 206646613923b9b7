package district

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// incumbent tells each unit's grid in the edition in force: the one that holds most
// of its households, or else a place inside it.
func (t *terrain) incumbent(bl *blocks, e *Edition) (*Incumbent, error) {
	locator, err := NewLocator(e.Grids)
	if err != nil {
		return nil, err
	}
	number := map[string]int32{}
	for i, g := range e.Grids {
		number[g.Code] = int32(i)
	}
	in := &Incumbent{Home: filled(len(bl.faces), -1), Worth: DefaultWorth}
	for u, faces := range bl.faces {
		if i := t.lock[faces[0]]; i >= 0 {
			in.Home[u] = number[t.locks[i].Code]
			in.Locked = append(in.Locked, in.Home[u])
			continue
		}
		weight := map[int32]int{}
		for _, f := range faces {
			for _, i := range t.inFace[f] {
				b := t.ground.Buildings[i]
				if at := locator.Locate(b.At, 0); at.Grid != "" {
					weight[number[at.Grid]] += b.Households
				}
			}
		}
		most := 0
		for _, g := range sortedKeys(weight) {
			if weight[g] > most {
				in.Home[u], most = g, weight[g]
			}
		}
		if most == 0 {
			if at := locator.Locate(t.insideOf(t.largest(faces)), 0); at.Grid != "" {
				in.Home[u] = number[at.Grid]
			}
		}
	}
	return in, nil
}

func (t *terrain) largest(faces []int32) int32 {
	return slices.MaxFunc(faces, func(f, g int32) int {
		return cmp.Or(cmp.Compare(t.arr.Faces[f].TwiceArea, t.arr.Faces[g].TwiceArea), cmp.Compare(g, f))
	})
}

// insideOf is a place inside a face: the middle of its longest chord from west to
// east, half way up or near it.
func (t *terrain) insideOf(face int32) orb.Point {
	var low, high float64
	for i, h := range t.arr.Halves(face) {
		_, y := t.plane.XY(t.arr.Vertices[t.arr.Origin(h)].Point())
		if i == 0 {
			low, high = y, y
		}
		low, high = min(low, y), max(high, y)
	}
	best, at := int64(-1), t.arr.Vertices[t.arr.Origin(t.arr.Faces[face].Outer)].Point()
	for _, k := range []float64{0.5, 0.37, 0.63, 0.21, 0.79} {
		chords, _ := t.chords(face, 0, 1, low+k*(high-low))
		for _, c := range chords {
			if width := max(c[0].X, c[1].X) - min(c[0].X, c[1].X); int64(width) > best {
				best = int64(width)
				p, q := c[0].Point(), c[1].Point()
				at = orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}
			}
		}
		if best > 0 {
			break
		}
	}
	return at
}

// keptCodes matches grids with those of the edition in force by the largest overlap
// of households, then of buildings, each at most once and within its district. It
// returns the matched grid of before by the grid's first face.
func (t *terrain) keptCodes(byArea map[[2]int32][]walked, e *Edition) (map[int32]Grid, error) {
	if e == nil {
		return nil, nil
	}
	locator, err := NewLocator(e.Grids)
	if err != nil {
		return nil, err
	}
	type match struct {
		face       int32
		grid       string
		households int
		buildings  int
	}
	before := map[string]Grid{}
	for _, g := range e.Grids {
		before[g.Code] = g
	}
	var matches []match
	for area, ws := range byArea {
		for _, w := range ws {
			found := map[string]*match{}
			for _, f := range w.faces {
				places := make([]orb.Point, 0, len(t.inFace[f])+1)
				homes := []int{0}
				places = append(places, t.insideOf(f))
				for _, i := range t.inFace[f] {
					places = append(places, t.ground.Buildings[i].At)
					homes = append(homes, t.ground.Buildings[i].Households)
				}
				for i, at := range places {
					l := locator.Locate(at, 0)
					if l.Grid == "" || l.District != t.ground.Districts[area[0]].Code {
						continue
					}
					if found[l.Grid] == nil {
						found[l.Grid] = &match{face: w.faces[0], grid: l.Grid}
					}
					found[l.Grid].households += homes[i]
					found[l.Grid].buildings++
				}
			}
			for _, m := range found {
				matches = append(matches, *m)
			}
		}
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.households, a.households), cmp.Compare(b.buildings, a.buildings), cmp.Compare(a.grid, b.grid), cmp.Compare(a.face, b.face))
	})
	kept, taken := map[int32]Grid{}, map[string]bool{}
	for _, ws := range byArea {
		for _, w := range ws {
			if i := t.lock[w.faces[0]]; i >= 0 {
				kept[w.faces[0]], taken[t.locks[i].Code] = t.locks[i], true
			}
		}
	}
	for _, m := range matches {
		if _, done := kept[m.face]; !done && !taken[m.grid] {
			kept[m.face], taken[m.grid] = before[m.grid], true
		}
	}
	return kept, nil
}

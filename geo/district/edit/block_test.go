package edit

import (
	"testing"

	"gridbeat/geo/arrange"
)

// insideOf finds a place strictly inside a face of the mesh, near its border.
func insideOf(m *mesh, f int32) (arrange.Pt, bool) {
	cycle := m.arr.Cycle(m.arr.Faces[f].Outer)
	for i, h := range cycle {
		for k := 2; k < len(cycle); k++ {
			p := middle(m.arr.Vertices[m.arr.Origin(h)], m.arr.Vertices[m.arr.Origin(cycle[(i+k)%len(cycle)])])
			if within(m, f, p) {
				return p, true
			}
		}
	}
	return arrange.Pt{}, false
}

// within reports whether a place and what lies a few centimetres from it are inside a
// face: nearer to its rim a grid's border, which may pass a node of the block by less than
// a unit of length, can have the place on its other side.
func within(m *mesh, f int32, p arrange.Pt) bool {
	const step = 5
	for _, d := range []arrange.Pt{{}, {X: step}, {X: -step}, {Y: step}, {Y: -step}} {
		if place := m.arr.Locate(arrange.Pt{X: p.X + d.X, Y: p.Y + d.Y}); place.Face != f || place.Edge >= 0 {
			return false
		}
	}
	return true
}

// Every block on a border may cross it, unless its grid would be cut in two or lost.
func TestBlocksOnABorderMove(t *testing.T) {
	for name, p := range map[string]place{"town": town(t, 1, 14, 2, 2), "sample map": sampleMap(t)} {
		t.Run(name, func(t *testing.T) {
			s := p.sheet(t)
			done, why := 0, map[string]int{}
			for _, m := range crossingMoves(s) {
				out := Apply(s, m)
				if len(out.Refused) == 0 {
					done++
					continue
				}
				f := out.Refused[0]
				why[f.Rule]++
				if f.Rule != "grid-empty" && (f.Rule != "grid-in-parts" || f.Feature == m.To) {
					t.Errorf("%+v: %v", m, out.Refused)
				}
			}
			if done < 300 {
				t.Errorf("%d moved only, refused %v", done, why)
			}
		})
	}
}

// crossingMoves are the moves of all blocks over all borders that they lie on.
func crossingMoves(s *Sheet) []MoveBlock {
	c := s.lock()
	defer c.mu.Unlock()
	var out []MoveBlock
	for f := range c.mesh.arr.Faces {
		at, ok := insideOf(c.mesh, int32(f))
		from, border := c.locatePt(at)
		if !ok || border || from == outside {
			continue
		}
		for slot, r := range c.grids {
			if int32(slot) != from && c.areaOf(int32(slot)) == c.areaOf(from) && c.besideFace(int32(f), int32(slot)) {
				out = append(out, MoveBlock{at, r.code})
			}
		}
	}
	return out
}

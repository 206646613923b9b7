package district

import (
	"fmt"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Locked grids of a plan in force are ground by themselves: their outlines are lines
// of the arrangement, all their faces are one block, and no block is shared with what
// lies around them.

// layLocked lays the outlines of the locked grids over the arrangement. A locked grid
// that the districts of today cut or leave out is an input error that names it.
func (t *terrain) layLocked(grids []Grid) error {
	var segments []arrange.Segment
	for _, g := range grids {
		if !g.Locked {
			continue
		}
		if t.locks == nil {
			t.first.locks = int32(len(t.class))
		}
		segments = arrange.AppendArea(segments, int32(len(t.class)), orb.MultiPolygon{g.Outline})
		t.class = append(t.class, NoRoad)
		t.locks = append(t.locks, g)
	}
	if len(segments) == 0 {
		return nil
	}
	arr, err := t.arr.With(segments)
	if err != nil {
		return fmt.Errorf("lay locked grids: %w", err)
	}
	t.arr = arr
	if err := t.assign(); err != nil {
		return err
	}
	return t.checkLocks()
}

// assignLocks tells each face its locked grid, -1 for none, and takes it out of its
// compound: what is locked is not joined to what is not.
func (t *terrain) assignLocks() {
	t.lock = filled(len(t.arr.Faces), -1)
	for i, g := range t.locks {
		faces, _ := t.arr.Interior(t.first.locks + int32(i))
		for _, f := range faces {
			if d := t.district[f]; d >= 0 && t.ground.Districts[d].Code == g.District {
				t.lock[f], t.compound[f] = int32(i), -1
			}
		}
	}
	if len(t.locks) > 0 {
		t.lockSlivers()
	}
}

// lockSlivers gives what lies between a locked grid and the border of the district, when
// both were drawn as one line once, to the locked grid.
func (t *terrain) lockSlivers() {
	for f := range t.arr.Faces {
		if t.district[f] < 0 || t.lock[f] >= 0 || t.area(int32(f)) >= sliverSquareMetres {
			continue
		}
		best, most, open := int32(-1), 0.0, false
		for _, h := range t.arr.Halves(int32(f)) {
			g := t.arr.Face(h.Twin())
			if g == arrange.Unbounded || t.district[g] != t.district[f] {
				continue
			}
			if t.lock[g] < 0 {
				open = true
			} else if metres := t.metres(h.Edge()); metres > most {
				best, most = g, metres
			}
		}
		if best >= 0 && !open {
			t.lock[f], t.compound[f] = t.lock[best], -1
		}
	}
}

// checkLocks: a locked grid lies in its district.
func (t *terrain) checkLocks() error {
	for i, g := range t.locks {
		faces, _ := t.arr.Interior(t.first.locks + int32(i))
		inside, outside := 0.0, 0.0
		for _, f := range faces {
			if t.lock[f] == int32(i) {
				inside += t.area(f)
			} else {
				outside += t.area(f)
			}
		}
		switch {
		case inside == 0:
			return lockError(g, "holds no ground of district "+g.District)
		case outside > sliverSquareMetres:
			return lockError(g, fmt.Sprintf("reaches out of district %s, with %.0f square metres", g.District, outside))
		}
	}
	return nil
}

func lockError(g Grid, detail string) error {
	return geo.NewInputError("the plan in force", geo.Finding{Rule: "locked", Feature: g.Code,
		Detail: "the locked grid " + detail, Remedy: "unlock it, or give the district its old outline"})
}

// joinLocks makes each locked grid one block.
func (j *joiner) joinLocks() {
	first := map[int32]int32{}
	for f, i := range j.t.lock {
		if i < 0 {
			continue
		}
		if _, ok := first[i]; !ok {
			first[i] = int32(f)
		}
		j.join(first[i], int32(f))
	}
}

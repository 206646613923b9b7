package district

import (
	"fmt"
	"slices"

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
	for i := range t.locks {
		faces, _ := t.arr.Interior(t.first.locks + int32(i))
		for _, f := range faces {
			t.lock[f], t.compound[f] = int32(i), -1
		}
	}
}

func (t *terrain) checkLocks() error {
	held := make([]bool, len(t.locks))
	for f, i := range t.lock {
		if i < 0 {
			continue
		}
		held[i] = true
		if d := t.district[f]; d < 0 || t.ground.Districts[d].Code != t.locks[i].District {
			return lockError(t.locks[i], "reaches out of district "+t.locks[i].District)
		}
	}
	if i := slices.Index(held, false); i >= 0 {
		return lockError(t.locks[i], "holds no ground")
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

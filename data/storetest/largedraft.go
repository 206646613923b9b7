package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// largeGrids is more than a first step.
const largeGrids = 2_500

// largeDraft is a version of a draft of so many grids that a store may lay them out in
// several steps. All grids of a version have the same households.
func largeDraft(version, households int) district.Draft {
	d := district.Draft{ID: "large", Version: version, Bounds: district.DefaultBounds, CreatedAt: day(2)}
	const side = 1e-3
	for i := range largeGrids {
		west, south := 113+float64(i%100)*side, 22+float64(i/100)*side
		d.Grids = append(d.Grids, district.Grid{Code: fmt.Sprintf("440402%09d", i+1), Name: fmt.Sprintf("第%d网格", i+1), District: "01", Households: households,
			Outline: orb.Polygon{{geo.RoundE7(orb.Point{west, south}), geo.RoundE7(orb.Point{west + side, south}),
				geo.RoundE7(orb.Point{west + side, south + side}), geo.RoundE7(orb.Point{west, south + side}), geo.RoundE7(orb.Point{west, south})}}})
	}
	east, north := 113+100*side, 22+largeGrids/100*side
	d.Districts = []geo.District{{Code: "01", Name: "东", Households: largeGrids * households, Outline: orb.MultiPolygon{{{{113, 22},
		geo.RoundE7(orb.Point{east, 22}), geo.RoundE7(orb.Point{east, north}), geo.RoundE7(orb.Point{113, north}), {113, 22}}}}}}
	return d
}

func testLargeDrafts(t *testing.T, open Open) {
	t.Run("every version comes back, and what was published stays as it was", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		one, two := largeDraft(1, 100), largeDraft(2, 200)
		must(0, s.SaveDraft(ctx, one, day(1)))(t)
		same(t, one, must(s.Draft(ctx, one.ID))(t))
		must(s.Publish(ctx, one.ID, day(2), day(2)))(t)
		must(0, s.SaveDraft(ctx, two, day(3)))(t)
		same(t, two, must(s.Draft(ctx, one.ID))(t))

		three := largeDraft(3, 200) // one grid differs, one is gone, one is new
		three.Grids[7].Name = "七"
		three.Grids = append(three.Grids[:largeGrids-2:largeGrids-2], district.Grid{Code: "9", District: "01", Outline: one.Grids[largeGrids-1].Outline})
		must(0, s.SaveDraft(ctx, three, day(4)))(t)
		same(t, three, must(s.Draft(ctx, one.ID))(t))
		must(s.Publish(ctx, one.ID, day(5), day(5)))(t)
		four := largeDraft(4, 200) // the edition's grids are another's now
		four.Grids = four.Grids[:10]
		must(0, s.SaveDraft(ctx, four, day(6)))(t)
		same(t, four, must(s.Draft(ctx, one.ID))(t))
		for number, want := range []district.Draft{one, three} {
			e := must(s.Edition(ctx, number+1))(t)
			if diff := cmp.Diff(want.Grids, e.Grids, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("edition %d is not what was published (-published +read):\n%.2000s", number+1, diff)
			}
		}
		var kinds []string
		for _, c := range must(s.Changes(ctx, 0, 0))(t) {
			kinds = append(kinds, fmt.Sprintf("%s %s %d", c.Kind, c.ID, c.Version))
		}
		equal(t, []string{"draft.saved large 1", "district.saved 01 0", "edition.published 1 1", "draft.saved large 2",
			"draft.saved large 3", "district.saved 01 0", "edition.published 2 2", "draft.saved large 4"}, kinds)
	})
	t.Run("readers see one version or the next, never parts of two", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		must(0, s.SaveDraft(ctx, largeDraft(1, 100), day(1)))(t)
		var done atomic.Bool
		var readers sync.WaitGroup
		for range 2 {
			readers.Go(func() {
				for !done.Load() {
					d, err := s.Draft(ctx, "large")
					if err == nil {
						err = oneVersion(d)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for version := 2; version < 5; version++ {
			must(0, s.SaveDraft(ctx, largeDraft(version, 100*version), day(1)))(t)
		}
		done.Store(true)
		readers.Wait()
	})
	t.Run("of two who save one version, one wins whole", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		must(0, s.SaveDraft(ctx, largeDraft(1, 100), day(1)))(t)
		var won, n atomic.Int32
		race(func() {
			d := largeDraft(2, 200)
			own := fmt.Sprint(n.Add(1))
			for i := range d.Grids {
				d.Grids[i].Community = own
			}
			switch err := s.SaveDraft(ctx, d, day(1)); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, geo.ErrStale):
				t.Error(err)
			}
		})
		d := must(s.Draft(ctx, "large"))(t)
		if err := oneVersion(d); err != nil || won.Load() != 1 || d.Version != 2 {
			t.Errorf("%d won, version %d is stored, %v", won.Load(), d.Version, err)
		}
	})
	t.Run("a save that is stopped half-way leaves the version before it", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		one, two := largeDraft(1, 100), largeDraft(2, 200)
		must(0, s.SaveDraft(ctx, one, day(1)))(t)
		stopped := 0
		for delay := time.Millisecond; delay < 20*time.Second; delay *= 2 {
			short, cancel := context.WithTimeout(ctx, delay)
			err := s.SaveDraft(short, two, day(2))
			cancel()
			if err == nil {
				break
			}
			stopped++
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%v, want context.DeadlineExceeded", err)
			}
			same(t, one, must(s.Draft(ctx, one.ID))(t))
		}
		if stopped == 0 {
			t.Error("no save was stopped")
		}
		same(t, two, must(s.Draft(ctx, one.ID))(t))
		whole := must(s.Archive(ctx))(t)
		if found := whole.Check(); len(found) > 0 {
			t.Errorf("doctor finds %v", found)
		}
	})
	t.Run("what is wrong with the last grid is refused whole", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		one, bad := largeDraft(1, 100), largeDraft(2, 200)
		must(0, s.SaveDraft(ctx, one, day(1)))(t)
		bad.Grids[largeGrids-1].Code = bad.Grids[0].Code
		err := s.SaveDraft(ctx, bad, day(1))
		refused(t, err)
		same(t, one, must(s.Draft(ctx, one.ID))(t))
	})
}

// same compares a draft with what came back.
func same(t *testing.T, want, got district.Draft) {
	t.Helper()
	want.Grids = slices.Clone(want.Grids)
	slices.SortFunc(want.Grids, func(a, b district.Grid) int { return strings.Compare(a.Code, b.Code) })
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("version %d is not what came back (-saved +read):\n%.2000s", want.Version, diff)
	}
}

// oneVersion fails where the grids of a large draft come from two versions.
func oneVersion(d district.Draft) error {
	if len(d.Grids) != largeGrids {
		return fmt.Errorf("%d grids, want %d", len(d.Grids), largeGrids)
	}
	for _, g := range d.Grids {
		if g.Households != 100*d.Version || g.Community != d.Grids[0].Community {
			return fmt.Errorf("version %d has a grid with %d households in community %q, another is in %q", d.Version, g.Households, g.Community, d.Grids[0].Community)
		}
	}
	return nil
}

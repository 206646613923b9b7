package storetest

import (
	"errors"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district/edit"
)

func at(lon, lat float64) arrange.Pt { return arrange.At(orb.Point{lon, lat}) }

// townSteps are edits of each shape, each with what undoes it.
func townSteps() []edit.Step {
	return []edit.Step{
		{Edit: edit.Rename{Grid: "440402001900001", Name: `新 "name"`}, Inverse: edit.Rename{Grid: "440402001900001", Name: "东区第1网格"}},
		{Edit: edit.MoveNode{At: at(113.5, 22.2), To: at(113.5000001, 22.2000001)}, Inverse: edit.MoveNode{At: at(113.5000001, 22.2000001), To: at(113.5, 22.2)}},
		{Edit: edit.Merge{Grids: [2]string{"440402001900001", "440402001900002"}},
			Inverse: edit.Restore{Lay: []edit.Border{{Line: []arrange.Pt{at(113.5, 22.2), at(113.51, 22.2123457)}, Left: "440402001900001", Right: "440402001900002"}},
				Grids: []edit.GridRecord{{Code: "440402001900002", Name: "东区第2网格", District: "01"}}}},
	}
}

func testDraftEdits(t *testing.T, open Open) {
	t.Run("edits are kept in their order, each with its inverse and the version it led to", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		must(0, s.SaveDraft(ctx, townDraft("d1", 1), day(2)))(t)
		equal(t, []edit.Step{}, must(s.DraftEdits(ctx, "d1"))(t))
		steps := townSteps()
		must(0, s.EditDraft(geo.ActingAs(ctx, "陈一"), townDraft("d1", 2), steps[:2], day(3)))(t)
		must(0, s.SaveDraft(ctx, townDraft("d1", 3), day(4)))(t) // drawn anew: nothing to undo
		must(0, s.EditDraft(ctx, townDraft("d1", 4), steps[2:], day(5)))(t)
		for i := range steps {
			steps[i].Draft, steps[i].Number = "d1", i+1
		}
		steps[0].Version, steps[0].At, steps[0].Actor = 2, day(3), "陈一"
		steps[1].Version, steps[1].At, steps[1].Actor = 2, day(3), "陈一"
		steps[2].Version, steps[2].At = 4, day(5)
		equal(t, steps, must(s.DraftEdits(ctx, "d1"))(t))
		equal(t, townDraft("d1", 4), must(s.Draft(ctx, "d1"))(t))
		log := must(s.Changes(ctx, 0, 0))(t)
		if len(log) != 4 || log[1].Kind != "draft.saved" || log[1].Version != 2 || log[1].Actor != "陈一" {
			t.Errorf("the log is %v", log)
		}
	})
	t.Run("drafts keep their edits apart", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		for _, id := range []string{"d1", "d2"} {
			must(0, s.EditDraft(ctx, townDraft(id, 1), townSteps()[:1], day(2)))(t)
			if got := must(s.DraftEdits(ctx, id))(t); len(got) != 1 || got[0].Draft != id || got[0].Number != 1 {
				t.Errorf("%s: %v", id, got)
			}
		}
		if _, err := s.DraftEdits(ctx, "d3"); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("of no draft: %v, want geo.ErrNotFound", err)
		}
	})
	t.Run("a stale draft leaves no edits behind, nor does an edit that is none", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		must(0, s.EditDraft(ctx, townDraft("d1", 1), townSteps()[:1], day(2)))(t)
		err := unharmed(t, ctx, s, func() error { return s.EditDraft(ctx, townDraft("d1", 1), townSteps(), day(3)) })
		if !errors.Is(err, geo.ErrStale) {
			t.Errorf("%v, want geo.ErrStale", err)
		}
		refused(t, unharmed(t, ctx, s, func() error {
			return s.EditDraft(ctx, townDraft("d1", 2), []edit.Step{{Edit: edit.Lock{Grid: "440402001900001"}}}, day(3))
		}))
		if got := must(s.DraftEdits(ctx, "d1"))(t); len(got) != 1 {
			t.Errorf("%d edits are there, want 1", len(got))
		}
	})
}

package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gridbeat/geo"
)

func testDrafts(t *testing.T, open Open) {
	t.Run("every field comes back, grids and districts sorted by code", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		d := townDraft("d1", 1)
		slices.Reverse(d.Grids)
		slices.Reverse(d.Districts)
		if err := s.SaveDraft(ctx, d, day(2)); err != nil {
			t.Fatal(err)
		}
		equal(t, townDraft("d1", 1), must(s.Draft(ctx, "d1"))(t))
	})

	t.Run("the next version replaces the one before", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		for version := 1; version <= 3; version++ {
			d := townDraft("d1", version)
			d.Grids = d.Grids[version-1:]
			d.Grids[0].Households = 100 * version
			if err := s.SaveDraft(ctx, d, day(version)); err != nil {
				t.Fatal(err)
			}
			equal(t, d, must(s.Draft(ctx, "d1"))(t))
		}
	})

	t.Run("a version that is not one more is stale and changes nothing", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		for _, version := range []int{0, 2} {
			if err := s.SaveDraft(ctx, townDraft("d1", version), day(2)); !errors.Is(err, geo.ErrStale) {
				t.Errorf("version %d of a new draft: %v, want geo.ErrStale", version, err)
			}
		}
		if err := s.SaveDraft(ctx, townDraft("d1", 1), day(2)); err != nil {
			t.Fatal(err)
		}
		for _, version := range []int{0, 1, 3} {
			d := townDraft("d1", version)
			d.Grids = d.Grids[:1]
			err := unharmed(t, ctx, s, func() error { return s.SaveDraft(ctx, d, day(3)) })
			if !errors.Is(err, geo.ErrStale) {
				t.Errorf("version %d over 1: %v, want geo.ErrStale", version, err)
			}
		}
		equal(t, townDraft("d1", 1), must(s.Draft(ctx, "d1"))(t))
	})

	t.Run("drafts do not touch each other, and the newest is the one made last", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		old, young := townDraft("z-old", 1), townDraft("a-young", 1)
		young.CreatedAt = old.CreatedAt.Add(time.Hour)
		young.Grids = young.Grids[2:]
		for _, d := range []error{s.SaveDraft(ctx, young, day(2)), s.SaveDraft(ctx, old, day(3))} {
			if d != nil {
				t.Fatal(d)
			}
		}
		equal(t, old, must(s.Draft(ctx, "z-old"))(t))
		equal(t, young, must(s.NewestDraft(ctx))(t))
	})

	t.Run("two grids of one code are refused", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		d := townDraft("d1", 1)
		d.Grids[1].Code = d.Grids[0].Code
		refused(t, unharmed(t, ctx, s, func() error { return s.SaveDraft(ctx, d, day(2)) }))
		if _, err := s.Draft(ctx, "d1"); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("half a draft is there: %v", err)
		}
	})
}

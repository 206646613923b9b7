package storetest

import (
	"errors"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// publish saves a draft of one version and publishes it.
func publish(t *testing.T, s Store, d district.Draft, from time.Time) district.Edition {
	t.Helper()
	if err := s.SaveDraft(t.Context(), d, from); err != nil {
		t.Fatal(err)
	}
	return must(s.Publish(t.Context(), d.ID, from, from.Add(time.Minute)))(t)
}

func testEditions(t *testing.T, open Open) {
	t.Run("a draft becomes the first edition with all its fields", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		d := townDraft("d1", 1)
		e := publish(t, s, d, day(5))
		equal(t, district.Edition{Number: 1, ValidFrom: day(5), Bounds: d.Bounds, Grids: d.Grids, Districts: d.Districts}, e)
		equal(t, e, must(s.Edition(ctx, 1))(t))
		equal(t, []district.EditionInfo{{Number: 1, ValidFrom: day(5), Grids: 3, Households: 1189}}, must(s.Editions(ctx))(t))
		equal(t, d, must(s.Draft(ctx, "d1"))(t))
	})

	t.Run("the draft's outlines become the districts', and no district is lost", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		imported := append(townDistricts(), geo.District{Code: "03", Name: "not in the draft", Outline: townDistricts()[1].Outline})
		counted(t, geo.Counts{Added: 3})(s.SaveDistricts(ctx, imported, day(1)))
		d := townDraft("d1", 1)
		publish(t, s, d, day(5))
		equal(t, append(d.Districts, imported[2]), must(s.Districts(ctx))(t))
	})

	t.Run("each moment has its edition", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		publish(t, s, townDraft("d1", 1), day(5))
		second := townDraft("d2", 1)
		second.Grids = second.Grids[:2]
		publish(t, s, second, day(10))
		third := townDraft("d3", 1)
		third.Grids[0].Households = 1
		publish(t, s, third, day(10).Add(time.Second))

		if _, err := s.EditionAt(ctx, day(5).Add(-time.Millisecond)); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("before the first edition: %v, want geo.ErrNotFound", err)
		}
		for _, row := range []struct {
			name string
			at   time.Time
			want int
		}{
			{"the moment the first begins", day(5), 1},
			{"a millisecond before the second", day(10).Add(-time.Millisecond), 1},
			{"the moment the second begins", day(10), 2},
			{"the moment the third begins", day(10).Add(time.Second), 3},
			{"long after", day(10).AddDate(50, 0, 0), 3},
			{"the same moment told in another zone", day(10).In(time.UTC), 2},
		} {
			e := must(s.EditionAt(ctx, row.at))(t)
			if e.Number != row.want {
				t.Errorf("%s: edition %d, want %d", row.name, e.Number, row.want)
			}
			equal(t, must(s.Edition(ctx, row.want))(t), e)
		}
		first := must(s.Edition(ctx, 1))(t)
		equal(t, townDraft("d1", 1).Grids, first.Grids)
		if first.ValidTo == nil || !first.ValidTo.Equal(day(10)) {
			t.Errorf("the first edition ends at %v, want %v", first.ValidTo, day(10))
		}
		infos := must(s.Editions(ctx))(t)
		if len(infos) != 3 || infos[1].Grids != 2 || infos[1].ValidTo == nil || infos[2].ValidTo != nil {
			t.Errorf("editions: %+v", infos)
		}
	})

	t.Run("an edition may replace another at the very moment it begins", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		publish(t, s, townDraft("d1", 1), day(5))
		publish(t, s, townDraft("d2", 1), day(5))
		if e := must(s.EditionAt(ctx, day(5)))(t); e.Number != 2 {
			t.Errorf("edition %d, want 2", e.Number)
		}
	})

	t.Run("an edition cannot begin before the last one did", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		publish(t, s, townDraft("d1", 1), day(5))
		if err := s.SaveDraft(ctx, townDraft("d2", 1), day(6)); err != nil {
			t.Fatal(err)
		}
		refused(t, unharmed(t, ctx, s, func() error {
			_, err := s.Publish(ctx, "d2", day(5).Add(-time.Millisecond), day(6))
			return err
		}))
		must(s.Publish(ctx, "d2", day(7), day(6)))(t)
	})

	t.Run("one version of a draft is published once", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		publish(t, s, townDraft("d1", 1), day(5))
		refused(t, unharmed(t, ctx, s, func() error { _, err := s.Publish(ctx, "d1", day(6), day(6)); return err }))
		if e := publish(t, s, townDraft("d1", 2), day(7)); e.Number != 2 {
			t.Errorf("the next version became edition %d, want 2", e.Number)
		}
	})

	t.Run("a draft that goes on changing leaves its edition alone", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		e := publish(t, s, townDraft("d1", 1), day(5))
		d := townDraft("d1", 2)
		d.Grids, d.Districts = d.Grids[:1], nil
		if err := s.SaveDraft(ctx, d, day(6)); err != nil {
			t.Fatal(err)
		}
		equal(t, e, must(s.Edition(ctx, 1))(t))
	})
}

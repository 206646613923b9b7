package storetest

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

func testPeople(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	want := townPeople()
	counted(t, geo.Counts{Added: 2})(s.SavePeople(ctx, []dispatch.Person{want[1], want[0]}, day(1)))
	equal(t, want, must(s.People(ctx))(t))

	t.Run("a save by id changes that one and retires nobody", func(t *testing.T) {
		want[0].Grid = ""
		counted(t, geo.Counts{Changed: 1})(s.SavePeople(ctx, want[:1], day(2)))
		counted(t, geo.Counts{Unchanged: 2})(s.SavePeople(ctx, want, day(2)))
		equal(t, want, must(s.People(ctx))(t))
	})
	t.Run("the same person twice is refused", func(t *testing.T) {
		refused(t, unharmed(t, ctx, s, func() error {
			_, err := s.SavePeople(ctx, []dispatch.Person{{ID: "p9"}, {ID: "p9"}}, day(2))
			return err
		}))
	})
}

func testIncidents(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	want := townIncidents()
	counted(t, geo.Counts{Added: 2})(s.SaveIncidents(ctx, []dispatch.Incident{want[1], want[0]}, day(3)))
	t.Run("every field comes back, sorted by time", func(t *testing.T) {
		equal(t, want, must(s.Incidents(ctx))(t))
	})
	t.Run("a save by id changes that one and retires none", func(t *testing.T) {
		want[0].State, want[0].Version = dispatch.Closed, 3
		counted(t, geo.Counts{Changed: 1})(s.SaveIncidents(ctx, want[:1], day(4)))
		counted(t, geo.Counts{Unchanged: 2})(s.SaveIncidents(ctx, want, day(4)))
		equal(t, want, must(s.Incidents(ctx))(t))
	})
	t.Run("a version below the stored one is stale", func(t *testing.T) {
		late := slices.Clone(want)
		late[1].Text, late[0].Version = "written before the stale one", 2
		slices.Reverse(late)
		err := unharmed(t, ctx, s, func() error { _, err := s.SaveIncidents(ctx, late, day(5)); return err })
		if !errors.Is(err, geo.ErrStale) {
			t.Errorf("%v, want geo.ErrStale", err)
		}
	})
	t.Run("so is a version that is stored already and says something else", func(t *testing.T) {
		for _, more := range []int{0, 150} { // few are written one by one
			changed := append(slices.Clone(want), manyIncidents(more)...)
			changed[1].Text = "another text"
			err := unharmed(t, ctx, s, func() error { _, err := s.SaveIncidents(ctx, changed, day(5)); return err })
			if !errors.Is(err, geo.ErrStale) {
				t.Errorf("%v, want geo.ErrStale", err)
			}
		}
	})
	t.Run("an incident nowhere on earth is refused", func(t *testing.T) {
		bad := want[0]
		bad.Point[0] = math.NaN()
		refused(t, unharmed(t, ctx, s, func() error { _, err := s.SaveIncidents(ctx, []dispatch.Incident{bad}, day(5)); return err }))
	})
}

func testPositions(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	want := townPositions()
	counted(t, geo.Counts{Added: 3})(s.SavePositions(ctx, []patrol.Position{want[2], want[0], want[1]}, day(3)))
	for _, row := range []struct {
		name         string
		since, until time.Time
		want         []patrol.Position
	}{
		{"no limits give all, sorted by time", time.Time{}, time.Time{}, want},
		{"since is part of the answer", want[1].At, time.Time{}, want[1:]},
		{"until is not", time.Time{}, want[1].At, want[:1]},
		{"both", want[1].At, want[2].At, want[1:2]},
		{"a moment between two fixes", want[1].At.Add(time.Second), want[2].At.Add(-time.Second), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			equal(t, row.want, must(s.Positions(ctx, row.since, row.until))(t))
		})
	}
	t.Run("a fix that is sent again is not doubled", func(t *testing.T) {
		better := want[0]
		better.Accuracy = 2
		counted(t, geo.Counts{Changed: 1, Unchanged: 2})(s.SavePositions(ctx, []patrol.Position{want[0], want[1], better}, day(3)))
		equal(t, []patrol.Position{better, want[1], want[2]}, must(s.Positions(ctx, time.Time{}, time.Time{}))(t))
	})
	t.Run("a simulated fix never takes the place of a real one", func(t *testing.T) {
		real := want[0]
		real.Simulated = false
		counted(t, geo.Counts{Added: 1})(s.SavePositions(ctx, []patrol.Position{real}, day(3)))
		equal(t, []patrol.Position{real}, must(s.Positions(ctx, real.At, want[1].At))(t)[:1])
		if n := len(must(s.Positions(ctx, time.Time{}, time.Time{}))(t)); n != 4 {
			t.Errorf("%d fixes, want 4", n)
		}
	})
}

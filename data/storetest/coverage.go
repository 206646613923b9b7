package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

var _ patrol.TripStore = Store(nil)

func townTrips() []patrol.Trip {
	begin := day(3).Add(8*time.Hour + 123*time.Millisecond)
	return []patrol.Trip{
		{Unit: "A", Since: begin, Until: begin.Add(time.Hour), Fixes: 300, Digest: "a1", Visits: []patrol.Visit{
			{Unit: "A", Street: "w1", From: 0.25, To: 99.87, At: begin.Add(time.Minute), Confidence: 0.98},
			{Unit: "A", Street: "路", From: 12, To: 13.5, At: begin.Add(time.Hour), Confidence: 0.5},
		}},
		{Unit: "A", Since: begin.Add(2 * time.Hour), Until: begin.Add(3 * time.Hour), Fixes: 1, Digest: "a2"},
		{Unit: "A", Simulated: true, Since: begin, Until: begin.Add(time.Minute), Fixes: 2, Digest: "a3"},
		{Unit: "甲", Since: begin, Until: begin, Fixes: 1, Digest: "b"},
	}
}

func testTrips(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	want := townTrips()
	list := func(since, until time.Time) (out []patrol.Trip) {
		t.Helper()
		if err := s.EachTrip(ctx, since, until, func(v patrol.Trip) error { out = append(out, v); return nil }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	save := func(ts []patrol.Trip, gone ...patrol.TripKey) {
		t.Helper()
		if err := s.SaveTrips(ctx, ts, gone, day(4)); err != nil {
			t.Fatal(err)
		}
	}
	save([]patrol.Trip{want[3], want[1], want[0], want[2]})
	t.Run("every field comes back, by unit, mark and time", func(t *testing.T) { equal(t, want, list(time.Time{}, time.Time{})) })
	t.Run("trips that overlap a time", func(t *testing.T) {
		end := want[0].Until
		equal(t, want[:2], list(end, time.Time{}))
		equal(t, []patrol.Trip{want[1]}, list(end.Add(time.Millisecond), time.Time{}))
		equal(t, []patrol.Trip{want[0], want[2], want[3]}, list(time.Time{}, want[1].Since))
	})
	t.Run("a save changes by unit, mark and beginning, and deletes what is gone", func(t *testing.T) {
		before := len(must(s.Changes(ctx, 0, 0))(t))
		longer := want[1]
		longer.Until, longer.Digest, longer.Visits = longer.Until.Add(time.Hour), "a4", want[0].Visits[:1]
		save([]patrol.Trip{longer}, want[0].Key(), want[3].Key())
		equal(t, []patrol.Trip{longer, want[2]}, list(time.Time{}, time.Time{}))
		changes := must(s.Changes(ctx, 0, 0))(t)
		if len(changes) != before+1 || changes[before].Kind != "trips.saved" {
			t.Errorf("the log has %v", changes[before:])
		}
		save([]patrol.Trip{longer}, want[0].Key())
		if n := len(must(s.Changes(ctx, 0, 0))(t)); n != before+1 {
			t.Errorf("saving the same again logged %d entries", n-before-1)
		}
	})
	t.Run("a trip without a unit is refused, and nothing of its call stays", func(t *testing.T) {
		refused(t, unharmed(t, ctx, s, func() error {
			return s.SaveTrips(ctx, []patrol.Trip{want[0], {Since: want[0].Since}}, []patrol.TripKey{want[2].Key()}, day(4))
		}))
		if n := len(list(time.Time{}, time.Time{})); n != 2 {
			t.Errorf("%d trips, want 2", n)
		}
	})
	t.Run("an error of the caller ends the reading", func(t *testing.T) {
		stop := errors.New("stop")
		if err := s.EachTrip(ctx, time.Time{}, time.Time{}, func(patrol.Trip) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("%v, want the caller's error", err)
		}
	})
}

func testEachPosition(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	ps := townPositions()
	real := ps[0]
	real.Simulated = false
	counted(t, geo.Counts{Added: 4})(s.SavePositions(ctx, append(ps, real), day(3)))
	var got []patrol.Position
	each := func(p patrol.Position) error { got = append(got, p); return nil }
	if err := s.EachPosition(ctx, each); err != nil {
		t.Fatal(err)
	}
	equal(t, []patrol.Position{ps[1], real, ps[0], ps[2]}, got)
	stopped, stop := context.WithCancel(ctx)
	stop()
	if err := s.EachPosition(stopped, each); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func testCoverage(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	want := []patrol.CoveredStreet{
		{Street: "w1", Name: "梅华东路", Line: orb.LineString{{113.5011111, 22.2011111}, {113.51, 22.21}}, Covered: 12.34, Length: 1300.5,
			Last: day(3).Add(time.Hour + 7*time.Millisecond), Simulated: true},
		{Street: "w2", Line: orb.LineString{{113.5, 22.2}, {113.51, 22.2}}, Length: 1030},
	}
	counted(t, geo.Counts{Added: 2})(s.SaveCoverage(ctx, []patrol.CoveredStreet{want[1], want[0]}, day(4)))
	equal(t, want, must(s.Coverage(ctx))(t))
	counted(t, geo.Counts{Unchanged: 2})(s.SaveCoverage(ctx, want, day(4)))
	want[0].Covered = 1300.5
	counted(t, geo.Counts{Changed: 1, Retired: 1})(s.SaveCoverage(ctx, want[:1], day(4)))
	equal(t, want[:1], must(s.Coverage(ctx))(t))
	var kinds []string
	for _, c := range must(s.Changes(ctx, 0, 0))(t) {
		kinds = append(kinds, c.Kind)
	}
	equal(t, []string{"coverage.saved", "coverage.saved"}, kinds)
}

package storetest

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

func testLoads(t *testing.T, open Open) {
	const n = 3_000 // more than a first step
	t.Run("incidents", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		all := manyIncidents(n)
		for name, spoil := range map[string]func([]dispatch.Incident){
			"the last is nowhere":         func(is []dispatch.Incident) { is[n-1].Point[0] = math.NaN() },
			"the last is the first again": func(is []dispatch.Incident) { is[n-1].ID = is[0].ID },
		} {
			bad := slices.Clone(all)
			spoil(bad)
			t.Run(name, func(t *testing.T) {
				refused(t, unharmed(t, ctx, s, func() error { _, err := s.LoadIncidents(ctx, bad, day(9), nil); return err }))
			})
		}
		testLoad(t, func(told func(int, int)) (geo.Counts, error) { return s.LoadIncidents(ctx, all, day(9), told) }, n)
		equal(t, all, must(s.Incidents(ctx))(t))
		log := must(s.Changes(ctx, 0, 0))(t)
		if len(log) != n || log[0].Kind != "incident.created" || log[n-1].ID != all[n-1].ID {
			t.Errorf("%d entries in the log, want one for each of %d incidents", len(log), n)
		}
		stale := slices.Clone(all)
		stale[n-1].Text = "another text"
		if _, err := s.LoadIncidents(ctx, stale, day(9), nil); !errors.Is(err, geo.ErrStale) {
			t.Errorf("a stale one: %v, want geo.ErrStale", err)
		}
		equal(t, all, must(s.Incidents(ctx))(t))
	})
	t.Run("positions", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		all := manyPositions(n)
		again := append(slices.Clone(all), all[0]) // a fix that was sent twice
		testLoad(t, func(told func(int, int)) (geo.Counts, error) { return s.LoadPositions(ctx, again, day(9), told) }, n)
		if got := must(s.Positions(ctx, time.Time{}, time.Time{}))(t); len(got) != n {
			t.Errorf("%d fixes are there, want %d", len(got), n)
		}
		bad := slices.Clone(all)
		bad[n-1].Point[1] = 91
		refused(t, unharmed(t, ctx, s, func() error {
			_, err := s.LoadPositions(ctx, append(bad, patrol.Position{Unit: "new"}), day(9), nil)
			return err
		}))
	})
	t.Run("nothing", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		counted(t, geo.Counts{})(s.LoadPositions(ctx, nil, day(9), nil))
		equal(t, contents{}, everything(t, ctx, s))
	})
	t.Run("a load whose context has ended", func(t *testing.T) {
		s := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.LoadIncidents(ctx, manyIncidents(n), day(9), nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		equal(t, contents{}, everything(t, t.Context(), s))
	})
}

// testLoad loads n values, once to add them and once to find them there, and a repeated
// one besides if there is one.
func testLoad(t *testing.T, load func(func(done, total int)) (geo.Counts, error), n int) {
	t.Helper()
	last, whole, steps := 0, 0, 0
	told := func(done, total int) {
		steps++
		if done <= last || done > total {
			t.Errorf("told %d of %d after %d", done, total, last)
		}
		last, whole = done, total
	}
	first := must(load(told))(t)
	if first.Added != n || first.Changed+first.Retired != 0 {
		t.Errorf("counted %+v, want %d added", first, n)
	}
	if last != whole || whole < n || steps < 2 {
		t.Errorf("told %d of %d at last, after %d steps", last, whole, steps)
	}
	if again := must(load(nil))(t); again != (geo.Counts{Unchanged: n + first.Unchanged}) {
		t.Errorf("the same again: %+v", again)
	}
}

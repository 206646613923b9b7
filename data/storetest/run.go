package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

// Open returns an empty store and closes it when the test ends.
type Open func(t *testing.T) Store

// Hold returns the store in the hands of a worker: what is written through it commits only
// while the ticket counts, and with a result that is not null ends the job.
type Hold func(s Store, ticket job.Ticket, result json.RawMessage, at time.Time) Store

// Run holds a store to the contract. Every case opens its own.
func Run(t *testing.T, open func(t *testing.T) Store, hold Hold) {
	for _, group := range []struct {
		noun string
		run  func(*testing.T, Open)
	}{
		{"an empty store", testEmpty},
		{"station", testStation},
		{"streets", testStreets},
		{"collections", testCollections},
		{"imports", testImport},
		{"people", testPeople},
		{"incidents", testIncidents},
		{"the flow of incidents", testFlow},
		{"positions", testPositions},
		{"positions one by one", testEachPosition},
		{"loads", testLoads},
		{"trips", testTrips},
		{"coverage", testCoverage},
		{"drafts", testDrafts},
		{"large drafts", testLargeDrafts},
		{"edits of drafts", testDraftEdits},
		{"editions", testEditions},
		{"places", testPlaces},
		{"plans", testPlans},
		{"users", testUsers},
		{"tokens", testTokens},
		{"units", testUnits},
		{"shifts", testShifts},
		{"notices", testNotices},
		{"changes", testChanges},
		{"news", testNews},
		{"jobs", func(t *testing.T, open Open) { testJobs(t, open, hold) }},
		{"archives", testArchive},
		{"contexts", testContexts},
		{"readers and writers", testConcurrency},
		{"publishers", testPublishers},
		{"crowds", testLarge},
	} {
		t.Run(group.noun, func(t *testing.T) { group.run(t, open) })
	}
}

// testEmpty: nothing is there, and asking for it is no failure of the store.
func testEmpty(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	state := everything(t, ctx, s)
	if diff := cmp.Diff(contents{}, state, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("an empty store holds something (-want +got):\n%s", diff)
	}
	for name, ask := range map[string]func() error{
		"draft":        func() error { _, err := s.Draft(ctx, "d1"); return err },
		"newest draft": func() error { _, err := s.NewestDraft(ctx); return err },
		"edition":      func() error { _, err := s.Edition(ctx, 1); return err },
		"edition at":   func() error { _, err := s.EditionAt(ctx, day(1)); return err },
		"plan":         func() error { _, err := s.Plan(ctx, "p1"); return err },
		"newest plan":  func() error { _, err := s.NewestPlan(ctx); return err },
		"publish":      func() error { _, err := s.Publish(ctx, "d1", day(1), day(1)); return err },
	} {
		if err := ask(); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("%s: %v, want geo.ErrNotFound", name, err)
		}
	}
}

// day is midnight of a day in January 2026 in Shanghai, with the zone that callers
// use: a store may give it back in another.
func day(n int) time.Time {
	return time.Date(2026, 1, n, 0, 0, 0, 0, time.FixedZone("+08", 8*3600))
}

// equal compares what was saved with what came back: times as instants, empty as
// nil, everything else to the last bit.
func equal(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateComparable()); diff != "" {
		t.Errorf("what came back differs (-saved +read):\n%s", diff)
	}
}

// must fails the test when a step of its preparation failed.
func must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func counted(t *testing.T, want geo.Counts) func(geo.Counts, error) {
	t.Helper()
	return func(got geo.Counts, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("counted %+v, want %+v", got, want)
		}
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	var bad *geo.InputError
	if !errors.As(err, &bad) {
		t.Fatalf("%v, want a *geo.InputError", err)
	}
	if len(bad.Findings) == 0 || bad.Findings[0].Remedy == "" {
		t.Errorf("%v names no remedy", bad)
	}
}

// unharmed runs what must fail and compares the store before and after.
func unharmed(t *testing.T, ctx context.Context, s Store, what func() error) error {
	t.Helper()
	before := everything(t, ctx, s)
	err := what()
	if err == nil {
		t.Fatal("it did not fail")
	}
	if diff := cmp.Diff(before, everything(t, ctx, s), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the store was changed (-before +after):\n%s", diff)
	}
	return err
}

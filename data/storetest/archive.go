package storetest

import (
	"testing"

	"gridbeat/data/archive"
	"gridbeat/routing/dispatch"
)

// lived fills a store with what happens to one in the course of time: several
// editions, a draft that goes on, plans.
func lived(t *testing.T, s Store) {
	t.Helper()
	ctx := t.Context()
	settle(t, s)
	publish(t, s, townDraft("d1", 2), day(8))
	if err := s.EditDraft(ctx, townDraft("d1", 3), townSteps(), day(9)); err != nil {
		t.Fatal(err)
	}
	must(s.SaveBlocks(ctx, townBlocks(), day(9)))(t)
	i := created(t, s, "incident-10", dispatch.Intake{Day: "20260109", Actor: "duty", At: day(9)})
	advance(t, s, i, dispatch.Filed)
	if err := s.SavePlan(ctx, townPlan("p2"), day(9)); err != nil {
		t.Fatal(err)
	}
	must(s.SaveBuildings(ctx, townBuildings()[1:], day(9)))(t)
	for _, u := range townUsers() {
		must(0, s.SaveUser(ctx, u, day(9)))(t)
	}
	for _, k := range townTokens() {
		must(0, s.SaveToken(ctx, k, day(9)))(t)
	}
	for n := range 2 {
		must(0, s.SaveUnit(ctx, townUnits()[n], day(9)))(t)
		must(0, s.SaveShift(ctx, townShifts()[n], day(9)))(t)
		must(0, s.SaveNotice(ctx, townNotices()[n], day(9)))(t)
	}
}

func testArchive(t *testing.T, open Open) {
	t.Run("a copy holds the same, and goes on from there", func(t *testing.T) {
		ctx, from, to := t.Context(), open(t), open(t)
		lived(t, from)
		a := must(from.Archive(ctx))(t)
		if len(a.Editions) != 2 || len(a.Drafts) != 1 || a.Drafts[0].Published != 2 || len(a.Plans) != 2 || len(a.Changes) == 0 {
			t.Fatalf("the archive holds %d editions, %d drafts, %d plans, %d changes", len(a.Editions), len(a.Drafts), len(a.Plans), len(a.Changes))
		}
		if err := to.Restore(ctx, a); err != nil {
			t.Fatal(err)
		}
		b := must(to.Archive(ctx))(t)
		equal(t, a, b)
		before, after := must(a.Sums())(t), must(b.Sums())(t)
		if found := archive.Differences(before, after); len(found) > 0 {
			t.Errorf("the sums differ: %v", found)
		}
		equal(t, everything(t, ctx, from), everything(t, ctx, to))
		if i := created(t, to, "incident-11", dispatch.Intake{Day: "20260109", At: day(9)}); i.Number != "20260109-0002" {
			t.Errorf("the first number after the copy is %s", i.Number)
		}
		publish(t, to, townDraft("d1", 4), day(10))
		last := a.Changes[len(a.Changes)-1].Sequence
		more := must(to.Changes(ctx, last, 0))(t)
		if len(more) != 3 || more[0].Sequence <= last {
			t.Errorf("after the copy the log goes on with %v, after %d", more, last)
		}
	})
	t.Run("a store that was written to is not overwritten", func(t *testing.T) {
		ctx, from, to := t.Context(), open(t), open(t)
		lived(t, from)
		must(to.SaveBuildings(ctx, townBuildings()[:1], day(1)))(t)
		a := must(from.Archive(ctx))(t)
		refused(t, unharmed(t, ctx, to, func() error { return to.Restore(ctx, a) }))
	})
	t.Run("half an archive is none", func(t *testing.T) {
		ctx, from, to := t.Context(), open(t), open(t)
		lived(t, from)
		a := must(from.Archive(ctx))(t)
		if found := a.Check(); len(found) > 0 {
			t.Errorf("a store that was lived in: %v", found)
		}
		a.Plans = append(a.Plans, a.Plans[0])
		if err := unharmed(t, ctx, to, func() error { return to.Restore(ctx, a) }); err == nil {
			t.Error("two plans of one id were taken")
		}
	})
	t.Run("sums tell one changed value", func(t *testing.T) {
		ctx, from := t.Context(), open(t)
		lived(t, from)
		a := must(from.Archive(ctx))(t)
		before := must(a.Sums())(t)
		a.Buildings[0].Households++
		found := archive.Differences(before, must(a.Sums())(t))
		if len(found) != 1 || found[0].Feature != "buildings" {
			t.Errorf("found %v, want the buildings", found)
		}
	})
	t.Run("an empty store is an empty archive", func(t *testing.T) {
		if a := must(open(t).Archive(t.Context()))(t); !a.Empty() {
			t.Errorf("it holds %v", a)
		}
	})
}

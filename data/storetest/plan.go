package storetest

import (
	"testing"
	"time"

	"gridbeat/routing/patrol"
)

func testPlans(t *testing.T, open Open) {
	t.Run("every field comes back, routes and pieces in the plan's order", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		if err := s.SavePlan(ctx, townPlan("p1"), day(4)); err != nil {
			t.Fatal(err)
		}
		equal(t, townPlan("p1"), must(s.Plan(ctx, "p1"))(t))
	})
	t.Run("a plan of nothing is a plan", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		if err := s.SavePlan(ctx, patrol.Plan{ID: "p0", CreatedAt: day(1)}, day(4)); err != nil {
			t.Fatal(err)
		}
		equal(t, patrol.Plan{ID: "p0", CreatedAt: day(1)}, must(s.Plan(ctx, "p0"))(t))
	})
	t.Run("a plan is never changed", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		if err := s.SavePlan(ctx, townPlan("p1"), day(4)); err != nil {
			t.Fatal(err)
		}
		other := townPlan("p1")
		other.Routes, other.Note = nil, "other"
		refused(t, unharmed(t, ctx, s, func() error { return s.SavePlan(ctx, other, day(5)) }))
		refused(t, unharmed(t, ctx, s, func() error { return s.SavePlan(ctx, townPlan("p1"), day(5)) }))
		equal(t, townPlan("p1"), must(s.Plan(ctx, "p1"))(t))
	})
	t.Run("the newest is the one made last, not the one saved last", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		young, old := townPlan("a"), townPlan("b")
		young.CreatedAt = old.CreatedAt.Add(time.Second)
		for _, p := range []patrol.Plan{young, old} {
			if err := s.SavePlan(ctx, p, day(4)); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, young, must(s.NewestPlan(ctx))(t))
	})
}

package storetest

import (
	"math"
	"slices"
	"testing"

	"gridbeat/geo"
)

func testStreets(t *testing.T, open Open) {
	t.Run("every field comes back, sorted by id", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		m := townMap()
		slices.Reverse(m.Streets)
		slices.Reverse(m.Posts)
		slices.Reverse(m.Restrictions)
		counted(t, geo.Counts{Added: 3})(s.SaveStreets(ctx, m, day(1)))

		want := townMap()
		equal(t, want.Streets, must(s.Streets(ctx))(t))
		equal(t, want.Posts, must(s.Posts(ctx))(t))
		equal(t, want.Restrictions, must(s.Restrictions(ctx))(t))
		equal(t, want.Barriers, must(s.Barriers(ctx))(t))
	})

	t.Run("a second map replaces the first and tells streets by id", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		counted(t, geo.Counts{Added: 3})(s.SaveStreets(ctx, townMap(), day(1)))
		counted(t, geo.Counts{Unchanged: 3})(s.SaveStreets(ctx, townMap(), day(2)))
		m := townMap()
		m.Streets[0].Tags["oneway"] = "no"
		m.Streets[1].ID = "w3"
		m.Posts, m.Barriers, m.Restrictions = m.Posts[:1], m.Barriers[1:], nil
		counted(t, geo.Counts{Added: 1, Changed: 1, Retired: 1, Unchanged: 1})(s.SaveStreets(ctx, m, day(3)))
		equal(t, []geo.Street{m.Streets[0], m.Streets[2], m.Streets[1]}, must(s.Streets(ctx))(t))
		equal(t, m.Posts, must(s.Posts(ctx))(t))
		equal(t, m.Barriers, must(s.Barriers(ctx))(t))
		equal(t, m.Restrictions, must(s.Restrictions(ctx))(t))
	})

	t.Run("bad streets are refused and nothing changes", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		counted(t, geo.Counts{Added: 3})(s.SaveStreets(ctx, townMap(), day(1)))
		for name, spoil := range map[string]func(m *geo.StreetMap){
			"the same id twice":                  func(m *geo.StreetMap) { m.Streets[2].ID = m.Streets[0].ID },
			"no id":                              func(m *geo.StreetMap) { m.Streets[1].ID = "" },
			"a coordinate that is not a number":  func(m *geo.StreetMap) { m.Streets[2].Line[1][0] = math.NaN() },
			"a latitude off the globe":           func(m *geo.StreetMap) { m.Barriers[2].Line[0] = [2]float64{22.3, 113.5} },
			"an infinite coordinate of a post":   func(m *geo.StreetMap) { m.Posts[1].At[1] = math.Inf(1) },
			"a restriction that stands twice":    func(m *geo.StreetMap) { m.Restrictions[1].ID = "r10" },
			"a coordinate of enormous magnitude": func(m *geo.StreetMap) { m.Streets[0].Line[0][1] = 1e308 },
		} {
			t.Run(name, func(t *testing.T) {
				m := townMap()
				m.Streets[0].Name = "changed before the bad one"
				spoil(m)
				refused(t, unharmed(t, ctx, s, func() error { _, err := s.SaveStreets(ctx, m, day(2)); return err }))
			})
		}
	})
}

package storetest

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// collection is one of the sets that an import replaces as a whole.
type collection[V any] struct {
	save    func(context.Context, []V, time.Time) (geo.Counts, error)
	read    func(context.Context) ([]V, error)
	values  []V // sorted, at least two
	change  func(*V)
	renamed func(*V) // gives the value a new identity that sorts last
	spoil   func(*V)
}

func testCollections(t *testing.T, open Open) {
	t.Run("districts", func(t *testing.T) {
		s := open(t)
		testCollection(t, s, collection[geo.District]{s.SaveDistricts, s.Districts, townDistricts(),
			func(d *geo.District) { d.Outline[0][0][1][0] += 1e-7 },
			func(d *geo.District) { d.Code = "99" },
			func(d *geo.District) { d.Outline[0][0][2][1] = 91 }})
	})
	t.Run("communities", func(t *testing.T) {
		s := open(t)
		testCollection(t, s, collection[geo.Community]{s.SaveCommunities, s.Communities, townCommunities(),
			func(c *geo.Community) { c.Households++ },
			func(c *geo.Community) { c.Code = "99" },
			func(c *geo.Community) { c.Outline[0][0][2][1] = math.NaN() }})
	})
	t.Run("compounds", func(t *testing.T) {
		s := open(t)
		testCollection(t, s, collection[geo.Compound]{s.SaveCompounds, s.Compounds, townCompounds(),
			func(c *geo.Compound) { c.Name += "二期" },
			func(c *geo.Compound) { c.ID = "z" },
			func(c *geo.Compound) { c.Outline[0][1][0] = math.Inf(-1) }})
	})
	t.Run("buildings", func(t *testing.T) {
		s := open(t)
		testCollection(t, s, collection[geo.Building]{s.SaveBuildings, s.Buildings, townBuildings(),
			func(b *geo.Building) { b.Outline = nil },
			func(b *geo.Building) { b.ID = "z" },
			func(b *geo.Building) { b.At = orb.Point{22.2, 113.5} }})
	})
	t.Run("blocks", func(t *testing.T) {
		s := open(t)
		testCollection(t, s, collection[geo.Block]{s.SaveBlocks, s.Blocks, townBlocks(),
			func(b *geo.Block) { b.Households++ },
			func(b *geo.Block) { b.ID = "z" },
			func(b *geo.Block) { b.Outline[0][1][0] = math.Inf(1) }})
	})
	t.Run("tags of buildings are not kept", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		bs := townBuildings()
		bs[0].Tags = map[string]string{"amenity": "school"}
		counted(t, geo.Counts{Added: 3})(s.SaveBuildings(ctx, bs, day(1)))
		equal(t, townBuildings(), must(s.Buildings(ctx))(t))
	})
}

func testCollection[V any](t *testing.T, s Store, c collection[V]) {
	ctx := t.Context()
	n := len(c.values)
	t.Run("every field comes back, sorted", func(t *testing.T) {
		upside := slices.Clone(c.values)
		slices.Reverse(upside)
		counted(t, geo.Counts{Added: n})(c.save(ctx, upside, day(1)))
		equal(t, c.values, must(c.read(ctx))(t))
	})
	t.Run("the same again changes nothing and is not logged", func(t *testing.T) {
		before := must(s.Changes(ctx, 0, 1000))(t)
		counted(t, geo.Counts{Unchanged: n})(c.save(ctx, c.values, day(2)))
		equal(t, before, must(s.Changes(ctx, 0, 1000))(t))
	})
	t.Run("a bad value is refused and nothing changes", func(t *testing.T) {
		bad := must(c.read(ctx))(t)
		c.change(&bad[0])
		c.spoil(&bad[1])
		refused(t, unharmed(t, ctx, s, func() error { _, err := c.save(ctx, bad, day(2)); return err }))
		twice := append(slices.Clone(c.values), c.values[0])
		refused(t, unharmed(t, ctx, s, func() error { _, err := c.save(ctx, twice, day(2)); return err }))
	})
	t.Run("what is new, other or gone is told", func(t *testing.T) {
		next := must(c.read(ctx))(t)
		c.change(&next[0])
		c.renamed(&next[1])
		slices.Reverse(next[1:])
		counted(t, geo.Counts{Added: 1, Changed: 1, Retired: 1, Unchanged: n - 2})(c.save(ctx, next, day(3)))
		slices.Reverse(next[1:])
		equal(t, append(append(next[:1:1], next[2:]...), next[1]), must(c.read(ctx))(t))
	})
	t.Run("an empty collection retires all", func(t *testing.T) {
		counted(t, geo.Counts{Retired: n})(c.save(ctx, nil, day(4)))
		equal(t, []V{}, must(c.read(ctx))(t))
	})
}

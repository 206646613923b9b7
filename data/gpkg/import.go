package gpkg

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// Import writes the parts of an import in one transaction: all or none.
func (s *Store) Import(ctx context.Context, v district.Import, at time.Time) (c district.ImportCounts, err error) {
	err = s.onBench(ctx, func(b *bench) error {
		var parts []part
		for _, lay := range []func() (part, error){
			func() (part, error) { return layStreets(ctx, b, v.Streets, at, &c.Streets) },
			func() (part, error) { return layPart(ctx, b, districts, v.Districts, at, &c.Districts) },
			func() (part, error) { return layPart(ctx, b, communities, v.Communities, at, &c.Communities) },
			func() (part, error) { return layPart(ctx, b, compounds, v.Compounds, at, &c.Compounds) },
			func() (part, error) { return layPart(ctx, b, buildings, v.Buildings, at, &c.Buildings) },
		} {
			p, err := lay()
			if err != nil {
				return err
			}
			parts = append(parts, p)
		}
		return s.land(ctx, b, func(t *tx) error {
			for _, write := range parts {
				if err := write(t); err != nil {
					return err
				}
			}
			if v.Station != nil {
				return t.saveStation(ctx, *v.Station)
			}
			return nil
		})
	})
	if err != nil {
		return district.ImportCounts{}, fmt.Errorf("import: %w", err)
	}
	return c, nil
}

// part writes one part of an import that was laid out before.
type part func(*tx) error

// layPart lays out the values that replace a collection, if there are any.
func layPart[T any](ctx context.Context, b *bench, r records[T], vs []T, at time.Time, counts *geo.Counts) (part, error) {
	if vs == nil {
		return func(*tx) error { return nil }, nil
	}
	p, err := layWhole(ctx, b, r, vs)
	return func(t *tx) (err error) {
		if *counts, err = p.replace(ctx, t, at); err != nil {
			return err
		}
		return t.logImport(ctx, r.table, *counts, at)
	}, err
}

// layStreets lays out a street map: streets, posts, restrictions and barriers, with one
// entry in the change log for all of them. It counts streets.
func layStreets(ctx context.Context, b *bench, m *geo.StreetMap, at time.Time, counts *geo.Counts) (part, error) {
	if m == nil {
		return func(*tx) error { return nil }, nil
	}
	s, e1 := layWhole(ctx, b, streets, m.Streets)
	p, e2 := layWhole(ctx, b, posts, m.Posts)
	r, e3 := layWhole(ctx, b, restrictions, m.Restrictions)
	l, e4 := layWhole(ctx, b, barriers, barrierParts(m.Barriers))
	return func(t *tx) (err error) {
		if *counts, err = s.replace(ctx, t, at); err != nil {
			return err
		}
		all := *counts
		for _, replace := range []func(context.Context, *tx, time.Time, ...any) (geo.Counts, error){p.replace, r.replace, l.replace} {
			c, err := replace(ctx, t, at)
			if err != nil {
				return err
			}
			all = sum(all, c)
		}
		return t.logImport(ctx, "streets", all, at)
	}, cmp.Or(e1, e2, e3, e4)
}

package gpkg

import (
	"context"
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// Import writes the parts of an import in one transaction: all or none.
func (s *Store) Import(ctx context.Context, v district.Import, at time.Time) (c district.ImportCounts, err error) {
	err = s.write(ctx, func(t *tx) error {
		if v.Streets != nil {
			if c.Streets, err = t.saveStreets(ctx, v.Streets, at); err != nil {
				return err
			}
		}
		if err := importPart(ctx, t, districts, v.Districts, at, &c.Districts); err != nil {
			return err
		}
		if err := importPart(ctx, t, communities, v.Communities, at, &c.Communities); err != nil {
			return err
		}
		if err := importPart(ctx, t, compounds, v.Compounds, at, &c.Compounds); err != nil {
			return err
		}
		if err := importPart(ctx, t, buildings, v.Buildings, at, &c.Buildings); err != nil {
			return err
		}
		if v.Station != nil {
			return t.saveStation(ctx, *v.Station)
		}
		return nil
	})
	if err != nil {
		return district.ImportCounts{}, fmt.Errorf("import: %w", err)
	}
	return c, nil
}

// importPart replaces a collection by its part of an import, if there is one.
func importPart[T any](ctx context.Context, t *tx, r records[T], vs []T, at time.Time, counts *geo.Counts) (err error) {
	if vs == nil {
		return nil
	}
	if *counts, err = r.replace(ctx, t, vs, at); err != nil {
		return err
	}
	return t.logImport(ctx, r.table, *counts, at)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"gridbeat/geo"
)

// geoPackage writes the collection as a GeoPackage of its own: a fresh store that
// holds nothing else.
func (e *exportCmd) geoPackage(ctx context.Context, st store) error {
	if e.Out == "-" {
		return errors.New("--format gpkg needs a file: give --out FILE.gpkg")
	}
	if _, err := os.Stat(e.Out); err == nil {
		return fmt.Errorf("%s is there already; a GeoPackage is not written over", e.Out)
	}
	target := storeFlag{Store: e.Out}
	err := target.make(ctx, func(to store) error { return e.copyInto(ctx, st, to) })
	if err != nil {
		os.Remove(e.Out)
	}
	return err
}

func (e *exportCmd) copyInto(ctx context.Context, from, to store) error {
	switch e.Collection {
	case "districts":
		return copyAll(ctx, from.Districts, to.SaveDistricts)
	case "communities":
		return copyAll(ctx, from.Communities, to.SaveCommunities)
	case "compounds":
		return copyAll(ctx, from.Compounds, to.SaveCompounds)
	case "buildings":
		return copyAll(ctx, from.Buildings, to.SaveBuildings)
	case "incidents":
		return copyAll(ctx, from.Incidents, to.SaveIncidents)
	case "coverage":
		return copyAll(ctx, from.Coverage, to.SaveCoverage)
	}
	return fmt.Errorf("--format gpkg is not written for %s alone; the store is a GeoPackage itself and opens in QGIS as it is", e.Collection)
}

func copyAll[T any](ctx context.Context, load func(context.Context) ([]T, error),
	save func(context.Context, []T, time.Time) (geo.Counts, error)) error {
	all, err := load(ctx)
	if err != nil {
		return err
	}
	_, err = save(ctx, all, time.Now())
	return err
}

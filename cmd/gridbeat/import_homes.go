package main

import (
	"context"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
)

// importCompoundsCmd replaces the compounds.
type importCompoundsCmd struct {
	importFlags
	ruleFlag
}

// Run does the command.
func (i *importCompoundsCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "compounds", func(ctx context.Context) (work, error) {
		if isMap(i.Files[0]) {
			s, _, findings, err := i.settle(ctx, con, i.importFlags)
			if err != nil {
				return work{}, err
			}
			return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
				return saveCompounds(ctx, con, st, s.Compounds)
			}}, nil
		}
		cs, err := readAreas(i.importFlags, ingest.ReadCompounds)
		if err != nil {
			return work{}, err
		}
		areas := make([]area, len(cs))
		for n, c := range cs {
			areas[n] = area{"compound " + c.ID, orb.MultiPolygon{c.Outline}}
		}
		if err := i.checkAreas(ctx, areas); err != nil {
			return work{}, err
		}
		return work{nil, func(ctx context.Context, st store) (geo.Counts, error) {
			return saveCompounds(ctx, con, st, cs)
		}}, nil
	})
}

// importBuildingsCmd replaces the buildings and their household counts.
type importBuildingsCmd struct {
	importFlags
	ruleFlag
}

// Run does the command.
func (i *importBuildingsCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "buildings", func(ctx context.Context) (work, error) {
		if isMap(i.Files[0]) {
			s, rule, findings, err := i.settle(ctx, con, i.importFlags)
			if err != nil {
				return work{}, err
			}
			return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
				return saveBuildings(ctx, con, st, s.Buildings, rule)
			}}, nil
		}
		bs, findings, err := readRows(i.importFlags, ingest.ReadBuildings)
		if err != nil {
			return work{}, err
		}
		bs, rule, err := i.count(ctx, i.Files[0], bs)
		if err != nil {
			return work{}, err
		}
		return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
			points := make([]orb.Point, len(bs))
			for n := range bs {
				points[n] = bs[n].At
			}
			if err := checkPlaces(ctx, con, st, i.Files[0], points, geo.Datum(i.Datum)); err != nil {
				return geo.Counts{}, err
			}
			return saveBuildings(ctx, con, st, bs, rule)
		}}, nil
	})
}

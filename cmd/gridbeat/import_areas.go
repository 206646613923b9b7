package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// readRows reads each file with read and joins the rows and the findings.
func readRows[T any](f importFlags, read func(name string, r io.Reader, datum geo.Datum) ([]T, []geo.Finding, error)) ([]T, []geo.Finding, error) {
	var all []T
	var told []geo.Finding
	for _, file := range f.Files {
		if isMap(file) {
			return nil, nil, fmt.Errorf("%s: this import does not read maps; give a GeoJSON or a table", file)
		}
		in, err := os.Open(file)
		if err != nil {
			return nil, nil, err
		}
		rows, findings, err := read(file, in, geo.Datum(f.Datum))
		if err = errors.Join(err, in.Close()); err != nil {
			return nil, nil, err
		}
		all, told = append(all, rows...), append(told, findings...)
	}
	return all, told, nil
}

// readAreas is readRows for the readers that have no findings to tell.
func readAreas[T any](f importFlags, read func(name string, r io.Reader, datum geo.Datum) ([]T, error)) ([]T, error) {
	all, _, err := readRows(f, func(name string, r io.Reader, datum geo.Datum) ([]T, []geo.Finding, error) {
		rows, err := read(name, r, datum)
		return rows, nil, err
	})
	return all, err
}

// importDistrictsCmd replaces the districts.
type importDistrictsCmd struct {
	importFlags
	AdminLevel int `placeholder:"N" help:"Of a .osm.pbf: take the boundaries of that admin_level."`
}

// Run does the command.
func (i *importDistrictsCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "districts", func(ctx context.Context) (work, error) {
		ds, findings, err := i.read(ctx, con)
		if err != nil {
			return work{}, err
		}
		bounds, err := i.mapBounds(ctx)
		if err != nil {
			return work{}, err
		}
		if err := ingest.ValidateDistricts(i.Files[0], ds, bounds); err != nil {
			return work{}, err
		}
		return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
			return st.SaveDistricts(ctx, ds, con.now())
		}}, nil
	})
}

func (i *importDistrictsCmd) read(ctx context.Context, con *console) ([]geo.District, []geo.Finding, error) {
	if !isMap(i.Files[0]) {
		ds, err := readAreas(i.importFlags, ingest.ReadDistricts)
		return ds, nil, err
	}
	if i.AdminLevel == 0 {
		return nil, nil, errors.New("a map is given: say with --admin-level N which boundaries are the districts (8 is a subdistrict in China)")
	}
	m, err := i.readMap(ctx, con)
	if err != nil {
		return nil, nil, err
	}
	ds, err := ingest.DistrictsFromBoundaries(m, i.AdminLevel)
	return ds, m.Findings, err
}

// mapBounds is the extent of the streets in the store; without streets it is the
// whole earth, off which nothing lies.
func (f importFlags) mapBounds(ctx context.Context) (bounds orb.Bound, err error) {
	bounds = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	if !f.exists() {
		return bounds, nil
	}
	err = f.use(ctx, func(st store) error {
		streets, err := st.Streets(ctx)
		if len(streets) > 0 {
			bounds = extent(streets)
		}
		return err
	})
	return bounds, err
}

// importCommunitiesCmd replaces the communities.
type importCommunitiesCmd struct {
	importFlags
}

// Run does the command.
func (i *importCommunitiesCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "communities", func(ctx context.Context) (work, error) {
		cs, err := readAreas(i.importFlags, ingest.ReadCommunities)
		if err != nil {
			return work{}, err
		}
		areas := make([]area, len(cs))
		for n, c := range cs {
			areas[n] = area{"community " + c.Code, c.Outline}
		}
		if err := i.checkAreas(ctx, areas); err != nil {
			return work{}, err
		}
		return work{nil, func(ctx context.Context, st store) (geo.Counts, error) {
			return saveCommunities(ctx, con, st, cs)
		}}, nil
	})
}

// saveCommunities saves the communities, and spreads their known totals over the
// buildings that are there already.
func saveCommunities(ctx context.Context, con *console, st store, cs []geo.Community) (geo.Counts, error) {
	bs, err := st.Buildings(ctx)
	if err != nil {
		return geo.Counts{}, err
	}
	if len(bs) == 0 {
		return st.SaveCommunities(ctx, cs, con.now())
	}
	return saveHomes(ctx, con, st, cs, cs, bs, district.DefaultHouseholdRule())
}

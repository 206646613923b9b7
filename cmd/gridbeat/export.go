package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"gridbeat/api/geojson"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/patrol"
)

// exportCmd writes one collection of a store to a file.
type exportCmd struct {
	storeFlag
	Collection string  `arg:"" enum:"districts,communities,compounds,grids,buildings,streets,incidents,patrols,missed,coverage" help:"districts, communities, compounds, grids, buildings, streets, incidents, patrols, missed or coverage."`
	Format     string  `enum:"geojson,csv,gpkg,gpx,html" default:"geojson" help:"geojson, csv, gpkg, or for patrols gpx and html: sheets for printing."`
	Lang       string  `enum:"zh,en" default:"zh" help:"Language of the sheets: zh or en."`
	Start      string  `placeholder:"HH:MM" help:"When the shift begins: the sheets then tell times of day; as planned by default."`
	Edition    int     `xor:"of" help:"Grids and districts of that edition; the one in force by default."`
	Draft      string  `xor:"of" help:"Grids and districts of that draft."`
	Simplify   float64 `placeholder:"METRES" help:"Grids with fewer vertices, for small scales: no border moves farther than that, and they still tile."`
	Plan       string  `help:"Routes of that plan; the newest by default."`
	Out        string  `short:"o" default:"-" help:"File to write; - is stdout."`
}

// Run does the command.
func (e *exportCmd) Run(ctx context.Context, con *console) error {
	if (e.Format == "gpx" || e.Format == "html") && e.Collection != "patrols" {
		return fmt.Errorf("--format %s is for patrols; use geojson or csv", e.Format)
	}
	if e.Simplify != 0 && (e.Collection != "grids" || e.Format == "gpkg") {
		return errors.New("--simplify is for grids as geojson or csv")
	}
	if !(e.Simplify >= 0 && e.Simplify <= simplifyMost) {
		return fmt.Errorf("--simplify %v: give 0 to %d metres", e.Simplify, simplifyMost)
	}
	return e.use(ctx, func(st store) error {
		if err := e.freshen(ctx, con, st); err != nil {
			return err
		}
		switch e.Format {
		case "gpkg":
			return e.geoPackage(ctx, st)
		case "html":
			return e.sheets(ctx, con, st)
		case "gpx":
			p, err := e.plan(ctx, st)
			if err != nil {
				return err
			}
			return writeOut(con, e.Out, func(w io.Writer) error { return writeGPX(w, p) })
		}
		c, err := e.collection(ctx, con, st)
		if err != nil {
			return err
		}
		write := c.WriteGeoJSON
		if e.Format == "csv" {
			write = c.WriteCSV
		}
		return writeOut(con, e.Out, write)
	})
}

// simplifyMost is the tolerance of --simplify at most, in metres.
const simplifyMost = 1000

// freshen brings the coverage up to date with the tracks.
func (e *exportCmd) freshen(ctx context.Context, con *console, st store) error {
	if e.Collection != "coverage" {
		return nil
	}
	p, err := newestPlan(ctx, st, e.Plan)
	if err != nil {
		return err
	}
	_, err = traceTracks(ctx, con, st, p, autoTracks)
	return err
}

// collection loads what is asked for. What is not there yet is empty, unless it
// was asked for by its number or id.
func (e *exportCmd) collection(ctx context.Context, con *console, st store) (geojson.Collection, error) {
	switch e.Collection {
	case "districts":
		return e.districts(ctx, con, st)
	case "communities":
		all, err := st.Communities(ctx)
		return geojson.Communities(all), err
	case "compounds":
		all, err := st.Compounds(ctx)
		return geojson.Compounds(all), err
	case "grids":
		return e.grids(ctx, con, st)
	case "buildings":
		return e.buildings(ctx, con, st)
	case "streets":
		all, err := st.Streets(ctx)
		return geojson.Streets(all), err
	case "incidents":
		all, err := st.Incidents(ctx)
		return geojson.Incidents(all), err
	case "patrols":
		p, err := e.plan(ctx, st)
		return geojson.Patrols(p), err
	case "coverage":
		all, err := st.Coverage(ctx)
		return geojson.Coverage(all), err
	}
	p, err := e.plan(ctx, st)
	return geojson.Missed(p), err
}

func (e *exportCmd) plan(ctx context.Context, st store) (patrol.Plan, error) {
	return newestPlan(ctx, st, e.Plan)
}

// sheets writes the plan for printing.
func (e *exportCmd) sheets(ctx context.Context, con *console, st store) error {
	start, err := parseClock(e.Start)
	if err != nil {
		return fmt.Errorf("--start: %w", err)
	}
	p, err := e.plan(ctx, st)
	if err != nil {
		return err
	}
	if e.Start == "" {
		start = clockOf(p.Asked.Starts)
	}
	streets, err := st.Streets(ctx)
	if err != nil {
		return err
	}
	station, err := st.Station(ctx)
	if err != nil && !errors.Is(err, geo.ErrNotFound) {
		return err
	}
	source := station.Map.Attribution
	if station.Map.Date != "" {
		source += ", " + station.Map.Date
	}
	return writeOut(con, e.Out, func(w io.Writer) error { return writeSheets(w, p, streets, source, e.Lang, start) })
}

// edition returns the set of grids that the flags ask for; false when there is
// none in force and none was asked for.
func (e *exportCmd) edition(ctx context.Context, con *console, st store) (district.Edition, bool, error) {
	if e.Edition != 0 {
		ed, err := st.Edition(ctx, e.Edition)
		return ed, true, named(err, fmt.Sprintf("edition %d", e.Edition))
	}
	ed, found, err := inForce(ctx, st, con.now())
	if err == nil && !found {
		con.say("no edition is in force")
	}
	return ed, found, err
}

func (e *exportCmd) districts(ctx context.Context, con *console, st store) (geojson.Collection, error) {
	switch {
	case e.Draft != "":
		d, err := st.Draft(ctx, e.Draft)
		return geojson.Districts(d.Districts), named(err, "draft "+e.Draft)
	case e.Edition != 0:
		ed, _, err := e.edition(ctx, con, st)
		return geojson.Districts(ed.Districts), err
	}
	all, err := st.Districts(ctx)
	return geojson.Districts(all), err
}

func (e *exportCmd) grids(ctx context.Context, con *console, st store) (geojson.Collection, error) {
	if e.Draft != "" {
		d, err := st.Draft(ctx, e.Draft)
		if err == nil {
			d.Grids, err = e.simplified(con, d.Grids)
		}
		return geojson.DraftGrids(d), named(err, "draft "+e.Draft)
	}
	ed, found, err := e.edition(ctx, con, st)
	if !found || err != nil {
		return geojson.Empty("grids"), err
	}
	ed.Grids, err = e.simplified(con, ed.Grids)
	return geojson.Grids(ed), err
}

// simplified takes vertices off the grids where that was asked for.
func (e *exportCmd) simplified(con *console, grids []district.Grid) ([]district.Grid, error) {
	if e.Simplify == 0 || len(grids) == 0 {
		return grids, nil
	}
	out, used, err := district.Simplify(grids, geo.Metres(e.Simplify))
	if err != nil {
		return nil, fmt.Errorf("--simplify: %w", err)
	}
	if used < geo.Metres(e.Simplify) {
		con.say("borders would have met: simplified by %.3g m at most", float64(used))
	}
	return out, nil
}

// buildings tells for each building its grid of the chosen set of grids.
func (e *exportCmd) buildings(ctx context.Context, con *console, st store) (geojson.Collection, error) {
	var grids []district.Grid
	if e.Draft != "" {
		d, err := st.Draft(ctx, e.Draft)
		if err != nil {
			return geojson.Collection{}, named(err, "draft "+e.Draft)
		}
		grids = d.Grids
	} else {
		ed, _, err := e.edition(ctx, con, st)
		if err != nil {
			return geojson.Collection{}, err
		}
		grids = ed.Grids
	}
	gridOf, err := gridFinder(grids)
	if err != nil {
		return geojson.Collection{}, err
	}
	all, err := st.Buildings(ctx)
	return geojson.Buildings(all, gridOf), err
}

// gridFinder returns the function that tells the grid of a place, "" for none.
func gridFinder(grids []district.Grid) (func(orb.Point) string, error) {
	if len(grids) == 0 {
		return nil, nil
	}
	locator, err := district.NewLocator(grids)
	if err != nil {
		return nil, err
	}
	return func(p orb.Point) string { return locator.Locate(p, 0).Grid }, nil
}

// named says which thing was not found.
func named(err error, thing string) error {
	if errors.Is(err, geo.ErrNotFound) {
		return fmt.Errorf("%s: %w", thing, err)
	}
	return err
}

// writeOut writes to the file, whole or not at all, or to stdout for "-".
func writeOut(con *console, name string, write func(io.Writer) error) error {
	if name == "-" {
		con.endProgress()
		return write(con.stdout)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(f.Name())
	err = errors.Join(write(f), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	con.say("wrote %s", name)
	return nil
}

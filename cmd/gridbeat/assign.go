package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// nearestLimit is how far outside the territory a place still gets the nearest
// grid; the API keeps to the same.
const nearestLimit = geo.Metres(200)

// assignCmd tells the grid of each point of a file. All columns of the file are
// kept, and four are added: grid, district, how, metres.
type assignCmd struct {
	storeFlag
	File   string    `arg:"" help:"CSV with lon and lat, GeoJSON points, or one JSON object a line; - is stdin."`
	Datum  string    `enum:"wgs84,gcj02,bd09" default:"wgs84" help:"Coordinate system of the file: wgs84, gcj02 or bd09."`
	At     time.Time `format:"2006-01-02T15:04:05Z07:00" placeholder:"RFC3339" help:"By the edition in force then; now by default."`
	Format string    `enum:"csv,geojson,ndjson,same" default:"same" help:"csv, geojson, ndjson, or same as the file."`
	Out    string    `short:"o" default:"-" help:"File to write; - is stdout."`
}

// assignedColumns are the columns that assign adds.
var assignedColumns = []string{"grid", "district", "how", "metres"}

// Run does the command.
func (a *assignCmd) Run(ctx context.Context, con *console) error {
	records, format, err := a.read(con)
	if err != nil {
		return err
	}
	if a.Format != "same" {
		format = a.Format
	}
	return a.use(ctx, func(st store) error {
		if err := a.checkPlaces(ctx, con, st, records); err != nil {
			return err
		}
		locations, err := a.locate(ctx, con, st, records)
		if err != nil {
			return err
		}
		err = writeOut(con, a.Out, func(w io.Writer) error { return writeAssigned(w, format, records, locations) })
		if err != nil {
			return err
		}
		con.say("%s", describeLocations(locations))
		return nil
	})
}

// read reads the whole file and says in which form it is.
func (a *assignCmd) read(con *console) ([]ingest.PointRecord, string, error) {
	name, in := a.File, con.stdin
	if a.File == "-" {
		name = "stdin"
	} else {
		f, err := os.Open(a.File)
		if err != nil {
			return nil, "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, "", fmt.Errorf("read %s: %w", name, err)
	}
	records, findings, err := ingest.ReadPoints(name, bytes.NewReader(text), geo.Datum(a.Datum))
	if err != nil {
		return nil, "", err
	}
	con.findings(findings)
	return records, formOf(text), nil
}

// formOf tells csv, geojson and ndjson apart by how the text begins.
func formOf(text []byte) string {
	start := bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	switch {
	case len(start) == 0 || (start[0] != '{' && start[0] != '['):
		return "csv"
	case bytes.Contains(start[:min(len(start), 4096)], []byte(`FeatureCollection"`)):
		return "geojson"
	}
	return "ndjson"
}

func (a *assignCmd) checkPlaces(ctx context.Context, con *console, st store, records []ingest.PointRecord) error {
	points := make([]orb.Point, len(records))
	for i, r := range records {
		points[i] = r.Point
	}
	return checkPlaces(ctx, con, st, a.File, points, geo.Datum(a.Datum))
}

// locate answers for each record by the edition in force at the time.
func (a *assignCmd) locate(ctx context.Context, con *console, st store, records []ingest.PointRecord) ([]district.Location, error) {
	at := a.At
	if at.IsZero() {
		at = con.now()
	}
	locator, err := locatorAt(ctx, st, at)
	if err != nil {
		return nil, err
	}
	out := make([]district.Location, len(records))
	for i, r := range records {
		out[i] = locator.Locate(r.Point, nearestLimit)
	}
	return out, nil
}

// locatorAt returns the locator of the edition in force at that time.
func locatorAt(ctx context.Context, st store, at time.Time) (*district.Locator, error) {
	e, found, err := inForce(ctx, st, at)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("no edition is in force at " + at.Format(time.RFC3339) + "; publish grids first: gridbeat grids publish --draft ID")
	}
	return district.NewLocator(e.Grids)
}

func describeLocations(all []district.Location) string {
	count := map[district.How]int{}
	for _, l := range all {
		count[l.How]++
	}
	parts := []string{}
	for _, how := range []district.How{district.Inside, district.Border, district.Nearest, district.Outside} {
		parts = append(parts, fmt.Sprintf("%d %s", count[how], how))
	}
	return fmt.Sprintf("%d points: %s", len(all), strings.Join(parts, ", "))
}

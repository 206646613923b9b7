package ingest

import (
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// PointRecord is one place of a file, with everything that the file says of it.
type PointRecord struct {
	ID     string // "" where the file has no id
	Point  orb.Point
	Fields []Field // all columns, in their order, untouched
	Line   int     // of the file, counted from 1
}

// ReadPoints reads places from CSV (columns lon and lat), GeoJSON (Point), a JSON
// list or one JSON object a line, for assignment: every column is kept. Positions
// come in datum and leave in WGS-84. The findings say what was noticed about the
// file; a place that is empty, no number, off the globe or with swapped axes is a
// *geo.InputError with its line.
func ReadPoints(name string, r io.Reader, datum geo.Datum) ([]PointRecord, []geo.Finding, error) {
	f, err := readRecords(name, r, "name")
	if err != nil {
		return nil, nil, err
	}
	if err := f.needPlaces(); err != nil {
		return nil, nil, err
	}
	out := make([]PointRecord, 0, len(f.records))
	for _, rec := range f.records {
		p, ok := f.place(rec, datum)
		if f.full() {
			break
		}
		if ok {
			out = append(out, PointRecord{ID: rec.get(idNames...), Point: p, Fields: rec.properties, Line: rec.line})
		}
	}
	return out, f.findings, f.done()
}

// SwappedAxes tells when most points lie off the bounds, but would lie on them
// with longitude and latitude exchanged; nil otherwise.
func SwappedAxes(points []orb.Point, bounds orb.Bound) *geo.Finding {
	off, swapped := 0, 0
	for _, p := range points {
		if !bounds.Contains(p) {
			off++
			if bounds.Contains(orb.Point{p[1], p[0]}) {
				swapped++
			}
		}
	}
	if 2*swapped <= len(points) {
		return nil
	}
	return &geo.Finding{
		Rule:   "axes-swapped",
		Detail: fmt.Sprintf("%d of %d positions lie off the map, and %d would lie on it with latitude and longitude exchanged", off, len(points), swapped),
		Remedy: positionRemedy("axes-swapped"),
	}
}

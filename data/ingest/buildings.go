package ingest

import (
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// ReadBuildings reads buildings with their household counts from GeoJSON (Point,
// Polygon, or MultiPolygon of one part) or CSV (lon, lat): id, households, and
// optionally levels, kind and name. A count that is given is kept as such; where
// the cell is empty it is unknown. Negative, fractional and absurd counts (above
// MaxHouseholds) are a *geo.InputError with their line.
func ReadBuildings(name string, r io.Reader, datum geo.Datum) ([]geo.Building, []geo.Finding, error) {
	f, err := readRecords(name, r)
	if err != nil {
		return nil, nil, err
	}
	if err := f.needPlaces(); err != nil {
		return nil, nil, err
	}
	if err := f.columnsNeeded([]string{"id", "编号"}, []string{"households", "户数"}); err != nil {
		return nil, nil, err
	}
	out := make([]geo.Building, 0, len(f.records))
	for _, rec := range f.records {
		b := geo.Building{ID: f.id(rec, idNames...), Kind: rec.get("kind", "building"), Name: rec.get("name", "名称"), Compound: rec.get("compound")}
		n, given, bad := householdCount(rec.get("households", "户数"), MaxHouseholds)
		if bad != nil {
			f.fault(rec, bad.rule, "it "+bad.detail, householdsRemedy)
		}
		if given {
			b.Households, b.Source = n, geo.Given
		}
		if b.Kind == "" {
			b.Kind = "yes"
			if n > 0 {
				b.Kind = "residential"
			}
		}
		b.Tags = map[string]string{"building": b.Kind}
		b.Levels = f.storeys(rec)
		f.outline(rec, datum, &b)
		if f.full() {
			break
		}
		out = append(out, b)
	}
	return out, f.findings, f.done()
}

// storeys reads the optional levels.
func (f *recordFile) storeys(rec feature) float64 {
	text := rec.get("levels", "building:levels", "层数")
	if text == "" {
		return 0
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= maxLevels) {
		f.fault(rec, "levels-unreadable", fmt.Sprintf("levels is %q", text), "give the number of storeys, or leave it empty")
		return 0
	}
	return v
}

// outline fills where the building is counted and, where it is known, its outline.
func (f *recordFile) outline(rec feature, datum geo.Datum, b *geo.Building) {
	switch rec.geometry.(type) {
	case orb.Polygon, orb.MultiPolygon:
	default:
		p, _ := f.place(rec, datum)
		b.At = geo.RoundE7(p)
		return
	}
	mp, bad := areaOf(rec, datum)
	switch {
	case bad != nil:
		f.fault(rec, bad.rule, "it "+bad.detail, areaRemedy(bad.rule))
		return
	case len(mp) != 1:
		f.fault(rec, "geometry-parts", fmt.Sprintf("the building has %d parts", len(mp)), "make each part a building of its own")
		return
	}
	at, ok := middle(mp[0])
	if !ok {
		f.fault(rec, "ring-thin", "the outline is thinner than a centimetre", "give a Point")
		return
	}
	b.Outline, b.At = mp[0], at
}

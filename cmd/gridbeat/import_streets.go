package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// importStreetsCmd replaces the streets, posts, turn restrictions and barriers.
type importStreetsCmd struct {
	importFlags
}

// Run does the command.
func (i *importStreetsCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "streets", func(ctx context.Context) (work, error) {
		m, err := i.readMap(ctx, con)
		if err != nil {
			return work{}, err
		}
		con.say("%s: %s", m.Source, describeMap(m))
		return work{m.Findings, func(ctx context.Context, st store) (geo.Counts, error) { return saveStreets(ctx, con, st, m) }}, nil
	})
}

// readMap reads the one map file of an import.
func (f importFlags) readMap(ctx context.Context, con *console) (*geo.StreetMap, error) {
	file, err := f.oneFile()
	if err != nil {
		return nil, err
	}
	if f.Datum != string(geo.WGS84) {
		return nil, fmt.Errorf("--datum %s: OpenStreetMap is always wgs84", f.Datum)
	}
	if !isMap(file) {
		return nil, fmt.Errorf("%s: a map is an OpenStreetMap file whose name ends in .osm.pbf", file)
	}
	return readMap(ctx, con, file)
}

func readMap(ctx context.Context, con *console, file string) (*geo.StreetMap, error) {
	return ingest.ReadPBF(ctx, file, func(done, total int64) {
		con.step("read "+filepath.Base(file), int(done>>10), int(total>>10))
	})
}

// saveStreets saves the map's streets and tells the station where they come from.
func saveStreets(ctx context.Context, con *console, st store, m *geo.StreetMap) (geo.Counts, error) {
	s, err := st.Station(ctx)
	if err != nil {
		return geo.Counts{}, err
	}
	s.Map = district.MapSource{File: m.Source, Date: m.Date, Attribution: "© OpenStreetMap contributors, ODbL"}
	s = withDefaults(s)
	counts, err := st.Import(ctx, district.Import{Streets: m, Station: &s}, con.now())
	return counts.Streets, err
}

// withDefaults fills in what a station needs and nobody has said yet.
func withDefaults(s district.Station) district.Station {
	if s.Name == "" {
		s.Name = strings.TrimSuffix(filepath.Base(s.Map.File), ".osm.pbf")
	}
	if s.TimeZone == "" {
		s.TimeZone = "Asia/Shanghai"
	}
	if s.Bounds == (district.Bounds{}) {
		s.Bounds = district.DefaultBounds
	}
	return s
}

func describeMap(m *geo.StreetMap) string {
	var metres geo.Metres
	for _, s := range m.Streets {
		metres += geo.Length(s.Line)
	}
	return fmt.Sprintf("%d streets of %.1f km, %d turn restrictions, %d barriers, %d buildings, %d residential areas, %d boundaries that close",
		len(m.Streets), float64(metres)/1000, len(m.Restrictions), len(m.Barriers), len(m.Buildings), len(m.Landuse), len(m.Boundaries))
}

package ingest

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// The names under which positions and ids are found, in CSV and in JSON.
var (
	lonNames = []string{"lon", "lng", "longitude", "long", "x", "经度"}
	latNames = []string{"lat", "latitude", "y", "纬度"}
	idNames  = []string{"id", "编号"}
)

// recordFile is a file of records, one place each: CSV, GeoJSON, a JSON list or
// one JSON object a line.
type recordFile struct {
	source   string
	records  []feature
	header   []string // in the order of the file
	findings []geo.Finding
	faults   []geo.Finding
	taken    map[string]int // ids and their lines
}

// maxFaults is how many faults of one file are told.
const maxFaults = 50

// readRecords reads any of the forms and refuses columns that look personal,
// except those in allowed.
func readRecords(name string, r io.Reader, allowed ...string) (*recordFile, error) {
	text, findings, err := readText(name, r)
	if err != nil {
		return nil, err
	}
	f := &recordFile{source: name, findings: findings, taken: map[string]int{}}
	var c columns
	if looksLikeJSON(text) {
		if f.records, err = parseFeatures(name, text, true); err != nil {
			return nil, err
		}
		c = featureColumns(f.records)
	} else {
		t, err := parseTable(name, text)
		if err != nil {
			return nil, err
		}
		f.records, c = t.records(), t.columns()
	}
	f.header = c.names
	return f, refusePersonal(name, c, allowed...)
}

func (t *Table) records() []feature {
	out := make([]feature, len(t.Rows))
	for i, r := range t.Rows {
		fields := make([]Field, len(r.Cells))
		for j, cell := range r.Cells {
			fields[j] = Field{Name: t.Header[j], Value: cell}
		}
		out[i] = feature{label: lineName(r.Line), line: r.Line, properties: fields}
	}
	return out
}

// fault tells what is wrong with a record.
func (f *recordFile) fault(rec feature, rule, detail, remedy string) {
	label := rec.label
	if !strings.HasPrefix(label, "line ") {
		label += fmt.Sprintf(", line %d", rec.line)
	}
	f.faults = append(f.faults, geo.Finding{Rule: rule, Feature: label, Detail: detail, Remedy: remedy})
}

// full reports whether enough faults were told to stop.
func (f *recordFile) full() bool { return len(f.faults) >= maxFaults }

// done returns the bad input that was met.
func (f *recordFile) done() error {
	if len(f.faults) > 0 {
		return &geo.InputError{Source: f.source, Findings: f.faults}
	}
	return nil
}

// columnsNeeded fails when a record file lacks a column; each group lists the
// names of one.
func (f *recordFile) columnsNeeded(groups ...[]string) error {
	if len(f.records) == 0 {
		return nil
	}
	have := map[string]bool{}
	for _, h := range f.header {
		have[strings.ToLower(h)] = true
	}
	for _, names := range groups {
		found := false
		for _, n := range names {
			found = found || have[n]
		}
		if !found {
			return bad(f.source, "column-missing", "", fmt.Sprintf("there is no column %s", names[0]),
				fmt.Sprintf("add it; the file has: %s", strings.Join(f.header, ", ")))
		}
	}
	return nil
}

// needPlaces fails when the records have neither points nor lon and lat.
func (f *recordFile) needPlaces() error {
	for _, r := range f.records {
		if r.geometry == nil && r.kind == "" {
			return f.columnsNeeded(lonNames, latNames)
		}
	}
	return nil
}

// place returns where a record is, in WGS-84, from its point or its columns.
func (f *recordFile) place(rec feature, datum geo.Datum) (orb.Point, bool) {
	p, ok := rec.geometry.(orb.Point)
	if !ok {
		if rec.geometry != nil || rec.kind != "" {
			f.fault(rec, "geometry-kind", "the geometry is a "+rec.kind, "give a Point")
			return p, false
		}
		for i, names := range [][]string{lonNames, latNames} {
			text := rec.get(names...)
			v, err := strconv.ParseFloat(text, 64)
			switch {
			case text == "":
				f.fault(rec, "position-empty", names[0]+" is empty", "give it, or leave the record out: an unknown place is absent, never 0,0")
				return p, false
			case err != nil:
				f.fault(rec, "position-no-number", fmt.Sprintf("%s is %q", names[0], text), "give decimal degrees")
				return p, false
			}
			p[i] = v
		}
	}
	if bad := positionFault(p); bad != nil {
		f.fault(rec, bad.rule, "it "+bad.detail, positionRemedy(bad.rule))
		return p, false
	}
	return datum.ToWGS84(p), true
}

// id returns the record's id and tells where it is empty or taken.
func (f *recordFile) id(rec feature, names ...string) string {
	id := rec.get(names...)
	if id == "" {
		f.fault(rec, "id-missing", names[0]+" is empty", "give each record its own "+names[0])
		return id
	}
	if line, taken := f.taken[id]; taken {
		f.fault(rec, "id-twice", fmt.Sprintf("the %s %s is also in line %d", names[0], id, line), "give each record its own "+names[0])
	}
	f.taken[id] = rec.line
	return id
}

// moment reads a time with its offset, from the first of the columns.
func (f *recordFile) moment(rec feature, names ...string) time.Time {
	text, name := rec.get(names...), names[0]
	t, err := time.Parse(time.RFC3339, strings.Replace(text, " ", "T", 1))
	if err != nil {
		f.fault(rec, "time-unreadable", fmt.Sprintf("%s is %q", name, text), "write times as 2026-01-31T08:30:00+08:00")
		return time.Time{}
	}
	if t.Year() < 1970 || t.Year() > 2200 {
		f.fault(rec, "time-unreadable", fmt.Sprintf("%s is in the year %d", name, t.Year()), "give the time of the event")
	}
	return t
}

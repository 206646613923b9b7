package ingest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// The names under which the unit, time and accuracy of a fix are found.
var (
	unitNames     = []string{"unit", "单元", "单位"}
	fixTimeNames  = []string{"at", "time", "timestamp", "时间"}
	accuracyNames = []string{"accuracy_metres", "accuracy", "精度"}
)

// ReadPositions reads fixes of patrol units from GPX, CSV or JSON: unit, lon, lat,
// at and optionally accuracy_metres, the radius that holds two thirds of the fixes.
// In GPX the unit is the name of the track, or that of the file where the track has
// none. Order is that of the file.
func ReadPositions(name string, r io.Reader, datum geo.Datum) ([]patrol.Position, []geo.Finding, error) {
	text, findings, err := readText(name, r)
	if err != nil {
		return nil, nil, err
	}
	if t := bytes.TrimSpace(text); t[0] == '<' {
		ps, err := parseGPX(name, t, datum)
		return ps, findings, err
	}
	f, err := readRecords(name, bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	if err := f.refuseNames(); err != nil {
		return nil, nil, err
	}
	if err := f.needPlaces(); err != nil {
		return nil, nil, err
	}
	if err := f.columnsNeeded(unitNames, fixTimeNames); err != nil {
		return nil, nil, err
	}
	out := make([]patrol.Position, 0, len(f.records))
	for _, rec := range f.records {
		p := patrol.Position{Unit: rec.get(unitNames...), At: f.moment(rec, fixTimeNames...), Accuracy: f.accuracy(rec)}
		if p.Unit == "" {
			f.fault(rec, "unit-missing", "the unit is empty", "name the unit")
		}
		at, _ := f.place(rec, datum)
		p.Point = geo.RoundE7(at)
		if f.full() {
			break
		}
		out = append(out, p)
	}
	return out, findings, f.done()
}

// accuracy reads the optional accuracy in metres.
func (f *recordFile) accuracy(rec feature) float64 {
	text := rec.get(accuracyNames...)
	if text == "" {
		return 0
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 100_000) {
		f.fault(rec, "accuracy-unreadable", fmt.Sprintf("accuracy_metres is %q", text), "give metres, or leave it empty")
		return 0
	}
	return v
}

type gpxPoint struct {
	Lon  string `xml:"lon,attr"`
	Lat  string `xml:"lat,attr"`
	Time string `xml:"time"`
}

// parseGPX walks through the tracks of a GPX file.
func parseGPX(name string, text []byte, datum geo.Datum) ([]patrol.Position, error) {
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // text is UTF-8 by now
	f := &recordFile{source: name}
	fallback := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	unit := fallback
	var out []patrol.Position
	seen, inTrack := false, false
	for !f.full() {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := dec.InputPos()
		if err != nil {
			return nil, bad(name, "gpx-broken", lineName(line), err.Error(), "export the track again")
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			if end, ok := token.(xml.EndElement); ok && end.Name.Local == "trk" {
				unit, inTrack = fallback, false
			}
			continue
		}
		switch start.Name.Local {
		case "gpx":
			seen = true
		case "trk":
			inTrack = true
		case "name":
			var text string
			if err := dec.DecodeElement(&text, &start); err == nil && inTrack && strings.TrimSpace(text) != "" {
				unit = strings.TrimSpace(text)
			}
		case "trkpt":
			var p gpxPoint
			if err := dec.DecodeElement(&p, &start); err != nil {
				return nil, bad(name, "gpx-broken", lineName(line), err.Error(), "export the track again")
			}
			if pos, ok := f.fix(p, unit, line, datum); ok {
				out = append(out, pos)
			}
		}
	}
	if !seen {
		return nil, bad(name, "gpx-broken", "", "this XML is not GPX", "give GPX, CSV or JSON")
	}
	return out, f.done()
}

// fix turns a track point into a position.
func (f *recordFile) fix(p gpxPoint, unit string, line int, datum geo.Datum) (patrol.Position, bool) {
	rec := feature{label: lineName(line), line: line, properties: []Field{{"lon", p.Lon}, {"lat", p.Lat}, {"time", strings.TrimSpace(p.Time)}}}
	at, ok := f.place(rec, datum)
	if !ok {
		return patrol.Position{}, false
	}
	if rec.get("time") == "" {
		f.fault(rec, "time-missing", "the track point has no time", "export the track with its times: coverage needs to know when")
		return patrol.Position{}, false
	}
	when := f.moment(rec, "time")
	return patrol.Position{Unit: unit, At: when, Point: geo.RoundE7(at)}, !when.Equal(time.Time{})
}

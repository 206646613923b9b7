package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/routing/patrol"
)

// The elements of GPX 1.1 that stand in others, in the order in which its schema asks for
// them (an xsd:sequence each), and the attributes that it requires.
// https://www.topografix.com/GPX/1/1/
var (
	gpxChildren = map[string][]string{
		"gpx":      {"metadata", "wpt", "rte", "trk", "extensions"},
		"metadata": {"name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"},
		"trk":      {"name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"},
		"trkseg":   {"trkpt", "extensions"},
		"trkpt": {"ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type", "fix", "sat", "hdop", "vdop", "pdop",
			"ageofdgpsdata", "dgpsid", "extensions"},
		"name": {}, "desc": {}, "time": {},
	}
	gpxMany     = []string{"wpt", "rte", "trk", "trkseg", "trkpt", "link"} // maxOccurs unbounded
	gpxRequired = map[string][]string{"gpx": {"version", "creator"}, "trkpt": {"lat", "lon"}}
)

// checkGPX holds a file against those rules, and returns the first breach.
func checkGPX(text string) error {
	type open struct{ name, last string }
	var stack []open
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if e.Name.Space != "http://www.topografix.com/GPX/1/1" {
				return fmt.Errorf("%s is in the name space %q", name, e.Name.Space)
			}
			if len(stack) == 0 && name != "gpx" {
				return fmt.Errorf("the root is %s", name)
			}
			if len(stack) > 0 {
				in := &stack[len(stack)-1]
				order := gpxChildren[in.name]
				now, before := slices.Index(order, name), slices.Index(order, in.last)
				if now < 0 || now < before || now == before && !slices.Contains(gpxMany, name) {
					return fmt.Errorf("%s follows %q in %s", name, in.last, in.name)
				}
				in.last = name
			}
			if err := checkGPXAttributes(e); err != nil {
				return err
			}
			stack = append(stack, open{name: name})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if k := len(stack); k > 0 && stack[k-1].name == "time" {
				if _, err := time.Parse("2006-01-02T15:04:05Z07:00", string(e)); err != nil {
					return err
				}
			} else if k > 0 && len(gpxChildren[stack[k-1].name]) > 0 && strings.TrimSpace(string(e)) != "" {
				return fmt.Errorf("text in %s", stack[k-1].name)
			}
		}
	}
}

func checkGPXAttributes(e xml.StartElement) error {
	for _, want := range gpxRequired[e.Name.Local] {
		i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == want })
		if i < 0 {
			return fmt.Errorf("%s lacks %s", e.Name.Local, want)
		}
		value, bad := e.Attr[i].Value, false
		switch v, err := strconv.ParseFloat(value, 64); want {
		case "version":
			bad = value != "1.1"
		case "lat":
			bad = err != nil || math.Abs(v) > 90
		case "lon":
			bad = err != nil || v < -180 || v >= 180
		}
		if bad {
			return fmt.Errorf("%s has %s %q", e.Name.Local, want, value)
		}
	}
	return nil
}

func TestGPXKeepsTheRulesOfItsSchema(t *testing.T) {
	for name, plan := range map[string]patrol.Plan{
		"no routes":  {ID: "plan-0"},
		"one route":  {ID: "plan-1", CreatedAt: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC), Routes: []patrol.Route{{Unit: "a", Shift: 1, Line: orb.LineString{{113.5, 22.2}, {-179.9999999, -89}}}}},
		"odd names":  {ID: `"<&>"`, Routes: []patrol.Route{{Unit: "一\x01]]>", Shift: 1, Line: orb.LineString{{0, 0}, {0, 1}}}, {Unit: "", Shift: 2}}},
		"a dead end": {ID: "p", Profile: "foot", Routes: []patrol.Route{{Unit: "b", Line: orb.LineString{{1, 1}}}}},
	} {
		var b strings.Builder
		if err := writeGPX(&b, plan); err != nil {
			t.Fatal(err)
		}
		if err := checkGPX(b.String()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
	for _, wrong := range []string{
		`<gpx version="1.1" creator="x"/>`,
		`<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.0" creator="x"/>`,
		`<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><trk><desc>a</desc><name>b</name></trk></gpx>`,
		`<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><trk><trkseg><trkpt lat="1"/></trkseg></trk></gpx>`,
		`<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><metadata><time>yesterday</time></metadata></gpx>`,
	} {
		if checkGPX(wrong) == nil {
			t.Errorf("the judge lets pass %s", wrong)
		}
	}
}

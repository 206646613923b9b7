package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// feature is one feature of a GeoJSON file.
type feature struct {
	label      string // how messages name it: "feature 3 (id ...)"
	line       int
	properties []Field
	geometry   orb.Geometry // nil, Point, Polygon or MultiPolygon; not yet checked
	kind       string       // the geometry's type as written
}

// get returns the text of the first property with one of the names.
func (f *feature) get(names ...string) string {
	for _, n := range names {
		for _, p := range f.properties {
			if strings.EqualFold(p.Name, n) {
				return p.Text()
			}
		}
	}
	return ""
}

type rawFeature struct {
	Type       string          `json:"type"`
	ID         any             `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties json.RawMessage `json:"properties"`
	Features   json.RawMessage `json:"features"`
	CRS        *struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	} `json:"crs"`
}

// readFeatures reads a FeatureCollection, a single Feature, or one feature a line.
func readFeatures(name string, r io.Reader) ([]feature, []geo.Finding, error) {
	text, findings, err := readText(name, r)
	if err != nil {
		return nil, nil, err
	}
	fs, err := parseFeatures(name, text, false)
	return fs, findings, err
}

// parseFeatures reads the features of a text; where plain is set, also objects
// that are no features, in a list or one a line, whose members become properties.
func parseFeatures(name string, text []byte, plain bool) ([]feature, error) {
	if !looksLikeJSON(text) {
		return nil, bad(name, "geojson-broken", "", "this is not GeoJSON", "give a FeatureCollection")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	var out []feature
	at, line := int64(0), 1
	for {
		var data json.RawMessage
		if err := dec.Decode(&data); err == io.EOF {
			break
		} else if err != nil {
			return nil, jsonError(name, text, dec.InputOffset(), err)
		}
		start := dec.InputOffset() - int64(len(data))
		line += bytes.Count(text[at:start], []byte("\n"))
		at = start
		fs, err := parseValue(name, text, data, len(out), line, plain)
		if err != nil {
			return nil, err
		}
		out = append(out, fs...)
		if len(out) > MaxRows {
			return nil, bad(name, "file-large", "", fmt.Sprintf("there are more than %d features", MaxRows), "split the file")
		}
	}
	return out, nil
}

// parseValue reads the features of one JSON value of a text.
func parseValue(name string, text []byte, data json.RawMessage, before, line int, plain bool) ([]feature, error) {
	if plain && !isFeature(data) {
		return plainObjects(name, data, before, line)
	}
	raw, err := decodeFeature(data)
	if err != nil {
		return nil, bad(name, "geojson-broken", lineName(line), "this is no feature or list of features", "write it as RFC 7946 says")
	}
	switch raw.Type {
	case "FeatureCollection":
		if err := checkCRS(name, raw); err != nil {
			return nil, err
		}
		return collection(name, text, raw.Features)
	case "Feature":
		f, err := toFeature(name, raw, before+1, line)
		return []feature{f}, err
	}
	return nil, bad(name, "geojson-broken", lineName(line), fmt.Sprintf("the type is %q", raw.Type), "give a FeatureCollection of features")
}

// collection reads the features of a FeatureCollection one by one.
func collection(name string, text []byte, list json.RawMessage) ([]feature, error) {
	var raws []json.RawMessage
	if len(list) == 0 || json.Unmarshal(list, &raws) != nil {
		return nil, bad(name, "geojson-broken", "", "the FeatureCollection has no list of features", "write features, [] where there are none")
	}
	out := make([]feature, 0, len(raws))
	at, line := 0, 1
	for i, data := range raws {
		// the line of each feature, found in one walk through the text
		if k := bytes.Index(text[at:], data); k >= 0 {
			line += bytes.Count(text[at:at+k], []byte("\n"))
			at += k
		}
		raw, err := decodeFeature(data)
		if err != nil || raw.Type != "Feature" {
			return nil, bad(name, "geojson-broken", fmt.Sprintf("feature %d (line %d)", i+1, line), "this is no Feature", "write features as RFC 7946 says")
		}
		f, err := toFeature(name, raw, i+1, line)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func decodeFeature(data json.RawMessage) (rawFeature, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var raw rawFeature
	return raw, dec.Decode(&raw)
}

// isFeature reports whether data says that it is a feature or a collection.
func isFeature(data json.RawMessage) bool {
	var t struct {
		Type string `json:"type"`
	}
	return json.Unmarshal(data, &t) == nil && (t.Type == "Feature" || t.Type == "FeatureCollection")
}

// plainObjects reads an object, or a list of objects, as records without a
// geometry.
func plainObjects(name string, data json.RawMessage, before, line int) ([]feature, error) {
	list := []json.RawMessage{data}
	if data[0] == '[' {
		list = nil
		if err := json.Unmarshal(data, &list); err != nil {
			return nil, bad(name, "json-broken", lineName(line), err.Error(), "give a list of objects")
		}
	}
	var out []feature
	at := 0
	for i, d := range list {
		if k := bytes.Index(data[at:], d); k >= 0 {
			line += bytes.Count(data[at:at+k], []byte("\n"))
			at += k
		}
		fields, err := orderedFields(d)
		if err != nil || fields == nil {
			return nil, bad(name, "json-broken", lineName(line), fmt.Sprintf("record %d is no object", before+i+1), "give objects with members")
		}
		out = append(out, feature{label: lineName(line), line: line, properties: fields})
	}
	return out, nil
}

// checkCRS refuses files that say themselves that they are not longitude and
// latitude.
func checkCRS(name string, raw rawFeature) error {
	if raw.CRS == nil {
		return nil
	}
	crs := raw.CRS.Properties.Name
	if crs == "" || strings.Contains(crs, "CRS84") || strings.HasSuffix(crs, "4326") || strings.HasSuffix(crs, "4490") {
		return nil
	}
	return bad(name, "crs-unknown", "", fmt.Sprintf("the file is in %q", crs), "convert it to longitude and latitude (EPSG:4326)")
}

func toFeature(name string, raw rawFeature, number, line int) (feature, error) {
	f := feature{label: fmt.Sprintf("feature %d", number), line: line}
	fields, err := orderedFields(raw.Properties)
	if err != nil {
		return f, bad(name, "geojson-broken", f.label, "its properties are no object", "write properties, {} where there are none")
	}
	f.properties = fields
	if raw.ID != nil && f.get("id") == "" {
		f.properties = append([]Field{{Name: "id", Value: raw.ID}}, f.properties...)
	}
	for _, key := range []string{"code", "id"} {
		if v := f.get(key); v != "" {
			f.label += fmt.Sprintf(" (%s %s)", key, v)
			break
		}
	}
	f.geometry, f.kind, err = parseGeometry(raw.Geometry)
	if err != nil {
		return f, bad(name, "geometry-broken", f.label, err.Error(), "write the geometry as RFC 7946 says")
	}
	return f, nil
}

// orderedFields reads an object and keeps the order in which it is written.
func orderedFields(data json.RawMessage) ([]Field, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("no object")
	}
	var out []Field
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		out = append(out, Field{Name: key.(string), Value: value})
	}
	return out, nil
}

func parseGeometry(data json.RawMessage) (orb.Geometry, string, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, "", nil
	}
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(data, &g); err != nil {
		return nil, "", errors.New("the geometry is no object")
	}
	var err error
	switch g.Type {
	case "Point":
		var c []float64
		if err = json.Unmarshal(g.Coordinates, &c); err == nil {
			var p orb.Point
			p, err = position(c)
			return p, g.Type, err
		}
	case "Polygon":
		var c [][][]float64
		if err = json.Unmarshal(g.Coordinates, &c); err == nil {
			var p orb.Polygon
			p, err = polygonOf(c)
			return p, g.Type, err
		}
	case "MultiPolygon":
		var c [][][][]float64
		if err = json.Unmarshal(g.Coordinates, &c); err == nil {
			mp := make(orb.MultiPolygon, len(c))
			for i := range c {
				if mp[i], err = polygonOf(c[i]); err != nil {
					return nil, g.Type, err
				}
			}
			return mp, g.Type, nil
		}
	default:
		return nil, g.Type, nil // told by who wanted another
	}
	return nil, g.Type, fmt.Errorf("the coordinates of the %s are broken (%v)", g.Type, err)
}

func polygonOf(c [][][]float64) (orb.Polygon, error) {
	p := make(orb.Polygon, len(c))
	for i, ring := range c {
		p[i] = make(orb.Ring, len(ring))
		for j, pos := range ring {
			var err error
			if p[i][j], err = position(pos); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// position takes longitude and latitude; a height is dropped.
func position(c []float64) (orb.Point, error) {
	if len(c) < 2 {
		return orb.Point{}, fmt.Errorf("a position has %d numbers", len(c))
	}
	return orb.Point{c[0], c[1]}, nil
}

// positionFault says what is wrong with a position, or returns nil.
func positionFault(p orb.Point) *fault {
	switch {
	case geo.ValidPosition(p):
		return nil
	case math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0):
		return &fault{rule: "position-no-number", detail: "has a coordinate that is no number"}
	case geo.ValidPosition(orb.Point{p[1], p[0]}):
		return &fault{rule: "axes-swapped", detail: fmt.Sprintf("has the position %g, %g: latitude and longitude are swapped", p[0], p[1])}
	}
	return &fault{rule: "position-out-of-range", detail: fmt.Sprintf("has the position %g, %g, which is not on the globe", p[0], p[1])}
}

func positionRemedy(rule string) string {
	if rule == "axes-swapped" {
		return "write longitude first, then latitude"
	}
	return "give longitude -180..180 and latitude -90..90 in degrees"
}

func jsonError(name string, text []byte, at int64, err error) error {
	var s *json.SyntaxError
	switch {
	case errors.As(err, &s):
		at = s.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		at = int64(len(text))
	}
	return bad(name, "json-broken", lineName(lineAt(text, at)), err.Error(), "repair the JSON there; NaN and Infinity are no JSON numbers")
}

func lineAt(text []byte, offset int64) int {
	offset = min(max(offset, 0), int64(len(text)))
	return 1 + bytes.Count(text[:offset], []byte("\n"))
}

// featureColumns shows the properties of all features to refusePersonal.
func featureColumns(fs []feature) columns {
	var names []string
	index := map[string]int{}
	var values [][]string
	for _, f := range fs {
		for _, p := range f.properties {
			i, known := index[p.Name]
			if !known {
				i = len(names)
				index[p.Name] = i
				names, values = append(names, p.Name), append(values, nil)
			}
			values[i] = append(values[i], p.Text())
		}
	}
	return columns{names, func(i int, each func(string)) {
		for _, v := range values[i] {
			each(v)
		}
	}}
}

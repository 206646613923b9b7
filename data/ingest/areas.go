package ingest

import (
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// MaxHouseholds is the largest number of homes that one building may be given;
// more is a slip of the pen. maxAreaHouseholds is that of a community.
const (
	MaxHouseholds     = 20_000
	maxAreaHouseholds = 10_000_000
)

// ReadDistricts reads police districts from GeoJSON: Polygon or MultiPolygon with
// code and name. Positions come in datum and are turned into WGS-84, rounded to
// seven decimals; corners of neighbours within three centimetres of each other, or
// of a side, are made one. All faults of single features are collected in one
// *geo.InputError; how the districts lie to each other is for ValidateDistricts.
func ReadDistricts(name string, r io.Reader, datum geo.Datum) ([]geo.District, error) {
	fs, err := readAreas(name, r, datum)
	if err != nil {
		return nil, err
	}
	snapAreas(fs.areas)
	out := make([]geo.District, 0, len(fs.areas))
	for _, a := range fs.areas {
		code := fs.need(a, "code", "adcode", "id")
		out = append(out, geo.District{Code: code, Name: a.get("name"), Outline: a.outline})
	}
	return out, fs.done("district")
}

// ReadCommunities reads communities from GeoJSON: Polygon or MultiPolygon with
// code, name, district (a code) and optionally households, the known total.
func ReadCommunities(name string, r io.Reader, datum geo.Datum) ([]geo.Community, error) {
	fs, err := readAreas(name, r, datum)
	if err != nil {
		return nil, err
	}
	snapAreas(fs.areas)
	out := make([]geo.Community, 0, len(fs.areas))
	for _, a := range fs.areas {
		c := geo.Community{Code: fs.need(a, "code", "id"), Name: a.get("name"), District: a.get("district"), Outline: a.outline}
		n, _, f := householdCount(a.get("households"), maxAreaHouseholds)
		if f != nil {
			fs.tell(f.finding(a.label, "the community", householdsRemedy))
		}
		c.Households = n
		out = append(out, c)
	}
	return out, fs.done("community")
}

// ReadCompounds reads residential compounds from GeoJSON: Polygon with id and
// name. Every compound is closed and atomic, so that a MultiPolygon of several
// parts is refused.
func ReadCompounds(name string, r io.Reader, datum geo.Datum) ([]geo.Compound, error) {
	fs, err := readAreas(name, r, datum)
	if err != nil {
		return nil, err
	}
	out := make([]geo.Compound, 0, len(fs.areas))
	for _, a := range fs.areas {
		c := geo.Compound{ID: fs.need(a, "id", "code"), Name: a.get("name"), Origin: "import"}
		if len(a.outline) == 1 {
			c.Outline = a.outline[0]
		} else {
			fs.tell(geo.Finding{
				Rule: "geometry-parts", Feature: a.label, Detail: fmt.Sprintf("the compound has %d parts", len(a.outline)), Remedy: "make each part a compound of its own",
			})
		}
		out = append(out, c)
	}
	return out, fs.done("compound")
}

const householdsRemedy = "give a whole number of homes, 0 or more"

// householdCount reads a number of homes; given is false for an empty text.
func householdCount(text string, limit int) (n int, given bool, f *fault) {
	if text == "" {
		return 0, false, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || v != v:
		return 0, false, &fault{rule: "households-unreadable", detail: fmt.Sprintf("has %q households", text)}
	case v < 0:
		return 0, false, &fault{rule: "households-negative", detail: fmt.Sprintf("has %s households", text)}
	case v > float64(limit):
		return 0, false, &fault{rule: "households-absurd", detail: fmt.Sprintf("has %s households, more than %d", text, limit)}
	case v != float64(int(v)):
		return 0, false, &fault{rule: "households-fraction", detail: fmt.Sprintf("has %s households", text)}
	}
	return int(v), true, nil
}

// area is a feature whose outline is checked, in WGS-84.
type area struct {
	feature
	outline orb.MultiPolygon
}

// areaFile is a file of areas and what is wrong with it.
type areaFile struct {
	source   string
	areas    []area
	findings []geo.Finding
	lines    map[string]string // keys that are taken, and by which feature
}

func (a *areaFile) tell(f geo.Finding) { a.findings = append(a.findings, f) }

// need returns the text of the first property named, and tells where it is empty
// or taken.
func (a *areaFile) need(f area, names ...string) string {
	v := f.get(names...)
	if v == "" {
		a.tell(geo.Finding{Rule: "property-missing", Feature: f.label, Detail: fmt.Sprintf("it has no %s", names[0]), Remedy: "give each feature one"})
	} else if other, taken := a.lines[v]; taken {
		a.tell(geo.Finding{Rule: "id-twice", Feature: f.label, Detail: fmt.Sprintf("the %s %s is also that of %s", names[0], v, other), Remedy: "give each feature its own"})
	}
	a.lines[v] = f.label
	return v
}

// done returns the bad input that was met, also where there is nothing at all.
func (a *areaFile) done(what string) error {
	if len(a.areas) == 0 && len(a.findings) == 0 {
		a.tell(geo.Finding{Rule: "file-empty", Detail: "the file holds no " + what, Remedy: "give a FeatureCollection with features"})
	}
	if len(a.findings) > 0 {
		return &geo.InputError{Source: a.source, Findings: a.findings}
	}
	return nil
}

func readAreas(name string, r io.Reader, datum geo.Datum) (*areaFile, error) {
	fs, _, err := readFeatures(name, r)
	if err != nil {
		return nil, err
	}
	if err := refusePersonal(name, featureColumns(fs)); err != nil {
		return nil, err
	}
	out := &areaFile{source: name, lines: map[string]string{}}
	for _, f := range fs {
		mp, bad := areaOf(f, datum)
		if bad != nil {
			out.tell(bad.finding(f.label, "it", areaRemedy(bad.rule)))
			continue
		}
		out.areas = append(out.areas, area{f, mp})
	}
	return out, nil
}

func areaRemedy(rule string) string {
	switch rule {
	case "axes-swapped", "position-no-number", "position-out-of-range":
		return positionRemedy(rule)
	case "geometry-kind":
		return "give a Polygon or MultiPolygon"
	}
	return "repair the outline (in QGIS: Vector geometry, Fix geometries)"
}

// areaOf checks the outline of a feature and turns it into WGS-84.
func areaOf(f feature, datum geo.Datum) (orb.MultiPolygon, *fault) {
	var mp orb.MultiPolygon
	switch g := f.geometry.(type) {
	case orb.Polygon:
		mp = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		mp = g
	default:
		kind := f.kind
		if kind == "" {
			kind = "nothing"
		}
		return nil, &fault{rule: "geometry-kind", detail: "has " + kind + " as its geometry"}
	}
	if len(mp) == 0 {
		return nil, &fault{rule: "ring-empty", detail: "has no ring"}
	}
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		moved := make(orb.Polygon, len(p))
		for j, r := range p {
			if len(r) > 0 && r[0] != r[len(r)-1] {
				return nil, faultOn(r[0], "ring-open", "has a ring that does not close")
			}
			ring := make(orb.Ring, len(r))
			for k, at := range r {
				if f := positionFault(at); f != nil {
					return nil, f
				}
				ring[k] = datum.ToWGS84(at)
			}
			moved[j] = tidy(ring)
		}
		if f := checkPolygon(moved); f != nil {
			return nil, f
		}
		out[i] = oriented(moved)
	}
	return out, nil
}

// faultOn is a fault at a position that may be none.
func faultOn(p orb.Point, rule, detail string) *fault {
	if !geo.ValidPosition(p) {
		return &fault{rule: rule, detail: detail}
	}
	return faultAt(p, rule, detail)
}

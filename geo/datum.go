package geo

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// Datum is the coordinate system that a position is given in. Maps published in
// China are shifted on purpose: GCJ-02 by some 600 metres, BD-09 by about as much
// again. Inside gridbeat everything is WGS84.
type Datum string

// The datums.
const (
	WGS84 Datum = "wgs84" // GPS, OpenStreetMap, GeoJSON
	GCJ02 Datum = "gcj02" // AMap, Tencent and most official web maps in China
	BD09  Datum = "bd09"  // Baidu
)

// Datums lists all datums in their fixed order.
var Datums = []Datum{WGS84, GCJ02, BD09}

// ParseDatum reads a datum's name; case, hyphens and spaces are ignored and ""
// is WGS84. Any other word is an *InputError.
func ParseDatum(name string) (Datum, error) {
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name)) {
	case "", "wgs84", "epsg:4326":
		return WGS84, nil
	case "gcj02":
		return GCJ02, nil
	case "bd09", "bd09ll":
		return BD09, nil
	}
	return "", NewInputError("datum", Finding{
		Rule:   "datum-unknown",
		Detail: fmt.Sprintf("%q is no datum that is known here", name),
		Remedy: "use wgs84, gcj02 or bd09",
	})
}

// ToWGS84 returns the WGS-84 position of p, which is given in d. The shifted
// datums have no closed inverse: it is found by iteration and is good to a
// millimetre. Places outside the rectangle in which the shift is used (72.004 to
// 137.8347 E, 0.8293 to 55.8271 N) come back unchanged, as do positions that are
// not valid.
func (d Datum) ToWGS84(p orb.Point) orb.Point {
	switch d {
	case GCJ02:
		return invert(shiftGCJ, p)
	case BD09:
		return invert(shiftGCJ, invert(shiftBD, p))
	}
	return p
}

// FromWGS84 returns the position in d of the WGS-84 position p; places outside
// the rectangle of ToWGS84 come back unchanged.
func (d Datum) FromWGS84(p orb.Point) orb.Point {
	switch d {
	case GCJ02:
		return shiftGCJ(p)
	case BD09:
		return shiftBD(shiftGCJ(p))
	}
	return p
}

// The shift of GCJ-02 is defined on the Krasovsky ellipsoid.
const (
	krasovskyMetres       = 6378245.0
	krasovskyEccentricity = 0.00669342162296594323 // squared
)

// shifted reports whether p lies in the rectangle in which the shift is applied.
func shifted(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271
}

// shiftGCJ is WGS-84 to GCJ-02 by the published formula.
func shiftGCJ(p orb.Point) orb.Point {
	if !shifted(p) {
		return p
	}
	x, y := p[0]-105, p[1]-35
	common := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + common +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + common +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin, cos := math.Sincos(p[1] / 180 * math.Pi)
	w := 1 - krasovskyEccentricity*sin*sin
	root := math.Sqrt(w)
	return orb.Point{
		p[0] + east*180/(krasovskyMetres/root*cos*math.Pi),
		p[1] + north*180/(krasovskyMetres*(1-krasovskyEccentricity)/(w*root)*math.Pi),
	}
}

// shiftBD is GCJ-02 to BD-09.
func shiftBD(p orb.Point) orb.Point {
	if !shifted(p) {
		return p
	}
	const turn = math.Pi * 3000 / 180
	z := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*turn)
	sin, cos := math.Sincos(math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*turn))
	return orb.Point{z*cos + 0.0065, z*sin + 0.006}
}

// invert returns the position that forward moves to p, by fixed point iteration.
// It gains about two digits a round: six rounds reach 1e-12 degrees.
func invert(forward func(orb.Point) orb.Point, p orb.Point) orb.Point {
	const (
		enough = 1e-12 // degrees, a tenth of a micrometre
		rounds = 30
	)
	if !shifted(p) {
		return p
	}
	guess := p
	for range rounds {
		got := forward(guess)
		dx, dy := got[0]-p[0], got[1]-p[1]
		guess = orb.Point{guess[0] - dx, guess[1] - dy}
		if math.Abs(dx) < enough && math.Abs(dy) < enough {
			break
		}
	}
	return guess
}

package postgis

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"gridbeat/geo"
)

// srid is WGS 84, longitude and latitude in degrees; exactSRID stands for none.
const (
	srid      = 4326
	exactSRID = 0
)

var errPosition = errors.New("not a longitude and latitude in degrees")

// toWire makes the geometry that is sent to PostGIS, digits unchanged, and nil (null)
// where g has no position at all. A position that is no place on earth is refused.
func toWire(g orb.Geometry) (any, error) { return wire(g, srid, degrees) }

// toExact is toWire in whole units of 1e-7 degree.
func toExact(g orb.Polygon) (any, error) { return wire(g, exactSRID, sevenths) }

func degrees(v float64) float64  { return v }
func sevenths(v float64) float64 { return math.Round(v * geo.E7) }

func wire(g orb.Geometry, srid int, unit func(float64) float64) (any, error) {
	var out geom.T
	var err error
	empty := true
	switch g := g.(type) {
	case orb.Point:
		cs, badPosition := coords([]orb.Point{g}, unit)
		empty, err = false, badPosition
		if err == nil {
			out, err = geom.NewPoint(geom.XY).SetSRID(srid).SetCoords(cs[0])
		}
	case orb.LineString:
		cs, badPosition := coords(g, unit)
		empty, err = len(cs) == 0, badPosition
		if err == nil {
			out, err = geom.NewLineString(geom.XY).SetSRID(srid).SetCoords(cs)
		}
	case orb.Polygon:
		rings, none, badPosition := ringCoords(g, unit)
		empty, err = none, badPosition
		if err == nil {
			out, err = geom.NewPolygon(geom.XY).SetSRID(srid).SetCoords(rings)
		}
	case orb.MultiPolygon:
		var parts [][][]geom.Coord
		for _, p := range g {
			rings, none, badPosition := ringCoords(p, unit)
			if badPosition != nil {
				return nil, badPosition
			}
			empty = empty && none
			parts = append(parts, rings)
		}
		out, err = geom.NewMultiPolygon(geom.XY).SetSRID(srid).SetCoords(parts)
	default:
		return nil, fmt.Errorf("%T is no geometry of this store", g)
	}
	if err != nil || empty {
		return nil, err
	}
	return out, nil
}

func ringCoords(p orb.Polygon, unit func(float64) float64) (rings [][]geom.Coord, empty bool, err error) {
	empty = true
	for _, ring := range p {
		cs, err := coords(ring, unit)
		if err != nil {
			return nil, false, err
		}
		empty = empty && len(cs) == 0
		rings = append(rings, cs)
	}
	return rings, empty, nil
}

func coords(line []orb.Point, unit func(float64) float64) ([]geom.Coord, error) {
	out := make([]geom.Coord, len(line))
	for i, p := range line {
		if !geo.ValidPosition(p) {
			return nil, fmt.Errorf("%w: %v, %v", errPosition, p[0], p[1])
		}
		out[i] = geom.Coord{unit(p[0]), unit(p[1])}
	}
	return out, nil
}

// fromWire makes the domain's geometry of what PostGIS sends; nil is the empty one.
func fromWire[G orb.Geometry](v geom.T) (g G, err error) {
	if v == nil {
		return g, nil
	}
	var any orb.Geometry
	switch v := v.(type) {
	case *geom.Point:
		any = orb.Point{v.X(), v.Y()}
	case *geom.LineString:
		any = orb.LineString(points(v.Coords()))
	case *geom.Polygon:
		any = polygon(v)
	case *geom.MultiPolygon:
		var m orb.MultiPolygon
		for i := range v.NumPolygons() {
			m = append(m, polygon(v.Polygon(i)))
		}
		any = m
	}
	g, ok := any.(G)
	if !ok {
		return g, fmt.Errorf("a %T where the layer holds %T", v, g)
	}
	return g, nil
}

func polygon(p *geom.Polygon) orb.Polygon {
	var out orb.Polygon
	for _, ring := range p.Coords() {
		out = append(out, points(ring))
	}
	return out
}

func points(cs []geom.Coord) []orb.Point {
	out := make([]orb.Point, len(cs))
	for i, c := range cs {
		out[i] = orb.Point{c[0], c[1]}
	}
	return out
}

// shape scans a geometry column into the domain's geometry; null leaves it empty.
type shape[G orb.Geometry] struct{ into *G }

// ScanGeom implements pgxgeom.GeomScanner.
func (s shape[G]) ScanGeom(v geom.T) (err error) {
	*s.into, err = fromWire[G](v)
	return err
}

func shapeOf[G orb.Geometry](into *G) shape[G] { return shape[G]{into} }

package geojson

import (
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// Districts are the police districts with their households.
func Districts(ds []geo.District) Collection {
	return collect("districts", []string{"code", "name", "households"}, ds, func(d geo.District) Feature {
		return Feature{ID: d.Code, Geometry: single(d.Outline), Values: []any{d.Code, d.Name, d.Households}}
	})
}

// Communities are the optional areas inside districts.
func Communities(cs []geo.Community) Collection {
	return collect("communities", []string{"code", "name", "district"}, cs, func(c geo.Community) Feature {
		return Feature{ID: c.Code, Geometry: single(c.Outline), Values: []any{c.Code, c.Name, known(c.District)}}
	})
}

// Compounds are the residential compounds that grids keep whole.
func Compounds(cs []geo.Compound) Collection {
	return collect("compounds", []string{"id", "name", "households", "origin"}, cs, func(c geo.Compound) Feature {
		return Feature{ID: c.ID, Geometry: c.Outline, Values: []any{c.ID, c.Name, c.Households, known(c.Origin)}}
	})
}

// Buildings are the places where households are counted, each with the source of
// its count. gridOf tells the code of the grid that a place belongs to, "" when
// none; it may be nil.
func Buildings(bs []geo.Building, gridOf func(orb.Point) string) Collection {
	columns := []string{"id", "kind", "name", "households", "households_source", "grid", "compound"}
	c := collect("buildings", columns, bs, func(b geo.Building) Feature {
		var grid any
		if gridOf != nil {
			grid = known(gridOf(b.At))
		}
		return Feature{ID: b.ID, Geometry: b.At, Values: []any{
			b.ID, b.Kind, known(b.Name), b.Households, string(b.Source), grid, known(b.Compound)}}
	})
	c.Points = true
	return c
}

// Streets are the streets as they are mapped. oneway is 1 along the line, -1
// against it and 0 both ways.
func Streets(ss []geo.Street) Collection {
	columns := []string{"id", "name", "name_en", "class", "main", "oneway", "length_metres"}
	return collect("streets", columns, ss, func(s geo.Street) Feature {
		return Feature{ID: s.ID, Geometry: s.Line, Values: []any{
			s.ID, known(s.Name), known(s.NameEn), s.Class, s.Main(), s.OneWay(), cents(float64(geo.Length(s.Line)))}}
	})
}

// single is the only polygon of m where it has but one, else m.
func single(m orb.MultiPolygon) orb.Geometry {
	if len(m) == 1 {
		return m[0]
	}
	return m
}

// cents rounds a measure to two decimals.
func cents(v float64) float64 { return math.Round(v*100) / 100 }

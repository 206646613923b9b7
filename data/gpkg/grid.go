package gpkg

import (
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const gridColumns = `code, name, district, community, households, exceptions, locked, geom`

// gridValues are the values of gridColumns.
func gridValues(g district.Grid) ([]any, error) {
	outline, err := encode(g.Outline)
	return []any{g.Code, g.Name, g.District, g.Community, g.Households, asJSON(list(g.Exceptions)), g.Locked, outline}, err
}

func scanGrid(row scanner) (g district.Grid, err error) {
	var outline []byte
	if err := row.Scan(&g.Code, &g.Name, &g.District, &g.Community, &g.Households, jsonText{&g.Exceptions}, &g.Locked, &outline); err != nil {
		return g, err
	}
	g.Outline, err = decode[orb.Polygon](outline)
	return g, err
}

// outlineValues are the values of code, name, households, geom.
func outlineValues(d geo.District) ([]any, error) {
	outline, err := encode(d.Outline)
	return []any{d.Code, d.Name, d.Households, outline}, err
}

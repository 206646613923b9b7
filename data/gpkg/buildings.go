package gpkg

import (
	"context"
	"errors"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const buildingColumns = `id, kind, name, levels, households, households_source, compound, outline, geom`

const (
	listBuildings = `SELECT ` + buildingColumns + ` FROM buildings ORDER BY id`
	findBuilding  = `SELECT ` + buildingColumns + ` FROM buildings WHERE id = ?1`

	insertBuilding = `INSERT INTO buildings (` + buildingColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	updateBuilding = `UPDATE buildings SET kind = ?2, name = ?3, levels = ?4, households = ?5,
		households_source = ?6, compound = ?7, outline = ?8, geom = ?9 WHERE id = ?1`
)

var buildings = records[geo.Building]{
	noun: "building", table: "buildings", layer: true, keyed: 1,
	find: findBuilding, insert: insertBuilding, update: updateBuilding,
	bind: func(v geo.Building) ([]any, error) {
		at, err := encode(v.At)
		outline, outlineErr := encode(v.Outline)
		return []any{v.ID, v.Kind, v.Name, known(v.Levels), v.Households, v.Source, v.Compound, outline, at},
			errors.Join(err, outlineErr)
	},
}

func scanBuilding(row scanner) (v geo.Building, err error) {
	var at, outline []byte
	if err := row.Scan(&v.ID, &v.Kind, &v.Name, maybe(&v.Levels), &v.Households, &v.Source, &v.Compound, &outline, &at); err != nil {
		return v, err
	}
	if v.At, err = decode[orb.Point](at); err != nil {
		return v, err
	}
	v.Outline, err = decode[orb.Polygon](outline)
	return v, err
}

// SaveBuildings replaces the buildings of the store. Their tags are not kept.
func (s *Store) SaveBuildings(ctx context.Context, bs []geo.Building, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, buildings, bs, at)
}

// Buildings lists the buildings by id.
func (s *Store) Buildings(ctx context.Context) ([]geo.Building, error) {
	return readAll(ctx, s, "buildings", listBuildings, scanBuilding)
}

package gpkg

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const (
	listCompounds  = `SELECT id, name, origin, households, geom FROM compounds ORDER BY id`
	findCompound   = `SELECT id, name, origin, households, geom FROM compounds WHERE id = ?1`
	insertCompound = `INSERT INTO compounds (id, name, origin, households, geom) VALUES (?1, ?2, ?3, ?4, ?5)`
	updateCompound = `UPDATE compounds SET name = ?2, origin = ?3, households = ?4, geom = ?5 WHERE id = ?1`
)

var compounds = records[geo.Compound]{
	noun: "compound", table: "compounds", layer: true, keyed: 1,
	find: findCompound, insert: insertCompound, update: updateCompound,
	bind: func(v geo.Compound) ([]any, error) {
		outline, err := encode(v.Outline)
		return []any{v.ID, v.Name, v.Origin, v.Households, outline}, err
	},
}

func scanCompound(row scanner) (v geo.Compound, err error) {
	var outline []byte
	if err := row.Scan(&v.ID, &v.Name, &v.Origin, &v.Households, &outline); err != nil {
		return v, err
	}
	v.Outline, err = decode[orb.Polygon](outline)
	return v, err
}

// SaveCompounds replaces the compounds of the store.
func (s *Store) SaveCompounds(ctx context.Context, cs []geo.Compound, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, compounds, cs, at)
}

// Compounds lists the compounds by id.
func (s *Store) Compounds(ctx context.Context) ([]geo.Compound, error) {
	return readAll(ctx, s, "compounds", listCompounds, scanCompound)
}

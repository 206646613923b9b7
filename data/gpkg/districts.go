package gpkg

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const (
	listDistricts  = `SELECT code, name, households, geom FROM districts ORDER BY code`
	findDistrict   = `SELECT code, name, households, geom FROM districts WHERE code = ?1`
	insertDistrict = `INSERT INTO districts (code, name, households, geom) VALUES (?1, ?2, ?3, ?4)`
	updateDistrict = `UPDATE districts SET name = ?2, households = ?3, geom = ?4 WHERE code = ?1`
)

var districts = records[geo.District]{
	noun: "district", table: "districts", layer: true, keyed: 1,
	find: findDistrict, insert: insertDistrict, update: updateDistrict,
	bind: outlineValues,
}

func scanDistrict(row scanner) (v geo.District, err error) {
	var outline []byte
	if err := row.Scan(&v.Code, &v.Name, &v.Households, &outline); err != nil {
		return v, err
	}
	v.Outline, err = decode[orb.MultiPolygon](outline)
	return v, err
}

// SaveDistricts replaces the districts of the store.
func (s *Store) SaveDistricts(ctx context.Context, ds []geo.District, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, districts, ds, at)
}

// Districts lists the districts by code.
func (s *Store) Districts(ctx context.Context) ([]geo.District, error) {
	return readAll(ctx, s, "districts", listDistricts, scanDistrict)
}

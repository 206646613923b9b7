package gpkg

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const (
	listCommunities = `SELECT code, name, district, households, geom FROM communities ORDER BY code`
	findCommunity   = `SELECT code, name, district, households, geom FROM communities WHERE code = ?1`
	insertCommunity = `INSERT INTO communities (code, name, district, households, geom) VALUES (?1, ?2, ?3, ?4, ?5)`
	updateCommunity = `UPDATE communities SET name = ?2, district = ?3, households = ?4, geom = ?5 WHERE code = ?1`
)

var communities = records[geo.Community]{
	noun: "community", table: "communities", layer: true, keyed: 1,
	find: findCommunity, insert: insertCommunity, update: updateCommunity,
	bind: func(v geo.Community) ([]any, error) {
		outline, err := encode(v.Outline)
		return []any{v.Code, v.Name, v.District, known(v.Households), outline}, err
	},
}

func scanCommunity(row scanner) (v geo.Community, err error) {
	var outline []byte
	if err := row.Scan(&v.Code, &v.Name, &v.District, maybe(&v.Households), &outline); err != nil {
		return v, err
	}
	v.Outline, err = decode[orb.MultiPolygon](outline)
	return v, err
}

// SaveCommunities replaces the communities of the store.
func (s *Store) SaveCommunities(ctx context.Context, cs []geo.Community, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, communities, cs, at)
}

// Communities lists the communities by code.
func (s *Store) Communities(ctx context.Context) ([]geo.Community, error) {
	return readAll(ctx, s, "communities", listCommunities, scanCommunity)
}

package gpkg

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const streetColumns = `id, name, name_en, class, main, oneway, length_metres, tags, nodes, geom`

const (
	listStreets = `SELECT ` + streetColumns + ` FROM streets ORDER BY id`
	findStreet  = `SELECT ` + streetColumns + ` FROM streets WHERE id = ?1`

	insertStreet = `INSERT INTO streets (` + streetColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	updateStreet = `UPDATE streets SET name = ?2, name_en = ?3, class = ?4, main = ?5, oneway = ?6,
		length_metres = ?7, tags = ?8, nodes = ?9, geom = ?10 WHERE id = ?1`
)

var streets = records[geo.Street]{
	noun: "street", table: "streets", layer: true, keyed: 1,
	find: findStreet, insert: insertStreet, update: updateStreet,
	bind: func(v geo.Street) ([]any, error) {
		line, err := encode(v.Line)
		return []any{v.ID, v.Name, v.NameEn, v.Class, v.Main(), v.OneWay(), float64(geo.Length(v.Line)),
			asJSON(tagTable(v.Tags)), asJSON(list(v.Nodes)), line}, err
	},
}

func scanStreet(row scanner) (v geo.Street, err error) {
	var main bool
	var oneway int
	var length float64
	var line []byte
	if err := row.Scan(&v.ID, &v.Name, &v.NameEn, &v.Class, &main, &oneway, &length,
		jsonText{&v.Tags}, jsonText{&v.Nodes}, &line); err != nil {
		return v, err
	}
	v.Line, err = decode[orb.LineString](line)
	return v, err
}

func tagTable(tags map[string]string) map[string]string {
	if tags == nil {
		return map[string]string{}
	}
	return tags
}

// SaveStreets replaces the streets of the store, and with them the posts, turn
// restrictions and barriers of the same map. It counts streets.
func (s *Store) SaveStreets(ctx context.Context, m *geo.StreetMap, at time.Time) (geo.Counts, error) {
	c, err := s.Import(ctx, district.Import{Streets: m}, at)
	return c.Streets, err
}

func sum(all ...geo.Counts) (c geo.Counts) {
	for _, o := range all {
		c.Added += o.Added
		c.Changed += o.Changed
		c.Retired += o.Retired
		c.Unchanged += o.Unchanged
	}
	return c
}

// Streets lists the streets by id.
func (s *Store) Streets(ctx context.Context) ([]geo.Street, error) {
	return readAll(ctx, s, "streets", listStreets, scanStreet)
}

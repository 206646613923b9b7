package gpkg

import (
	"context"

	"gridbeat/geo"
)

const restrictionColumns = `id, kind, from_street, via_node, via_streets, to_street, exceptions`

const (
	listRestrictions = `SELECT ` + restrictionColumns + ` FROM restrictions ORDER BY id`
	findRestriction  = `SELECT ` + restrictionColumns + ` FROM restrictions WHERE id = ?1`

	insertRestriction = `INSERT INTO restrictions (` + restrictionColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	updateRestriction = `UPDATE restrictions SET kind = ?2, from_street = ?3, via_node = ?4, via_streets = ?5,
		to_street = ?6, exceptions = ?7 WHERE id = ?1`
)

var restrictions = records[geo.Restriction]{
	noun: "restriction", table: "restrictions", keyed: 1,
	find: findRestriction, insert: insertRestriction, update: updateRestriction,
	bind: func(v geo.Restriction) ([]any, error) {
		return []any{v.ID, v.Kind, v.From, known(v.ViaNode), asJSON(list(v.ViaWays)), v.To, asJSON(list(v.Except))}, nil
	},
}

func scanRestriction(row scanner) (v geo.Restriction, err error) {
	return v, row.Scan(&v.ID, &v.Kind, &v.From, maybe(&v.ViaNode), jsonText{&v.ViaWays}, &v.To, jsonText{&v.Except})
}

// Restrictions lists the turn restrictions by id.
func (s *Store) Restrictions(ctx context.Context) ([]geo.Restriction, error) {
	return readAll(ctx, s, "restrictions", listRestrictions, scanRestriction)
}

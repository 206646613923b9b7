package gpkg

import (
	"context"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// barrierPart is one line of a barrier: a map may draw one as several lines.
type barrierPart struct {
	geo.Barrier
	part int // 1, 2, ...
}

// barrierParts counts the lines of each barrier, in the order given.
func barrierParts(bs []geo.Barrier) []barrierPart {
	parts := make([]barrierPart, len(bs))
	last := map[string]int{}
	for i, b := range bs {
		last[b.ID]++
		parts[i] = barrierPart{b, last[b.ID]}
	}
	return parts
}

const (
	listBarriers  = `SELECT id, part, kind, geom FROM barriers ORDER BY id, part`
	findBarrier   = `SELECT id, part, kind, geom FROM barriers WHERE id = ?1 AND part = ?2`
	insertBarrier = `INSERT INTO barriers (id, part, kind, geom) VALUES (?1, ?2, ?3, ?4)`
	updateBarrier = `UPDATE barriers SET kind = ?3, geom = ?4 WHERE id = ?1 AND part = ?2`
)

var barriers = records[barrierPart]{
	noun: "barrier", table: "barriers", layer: true, keyed: 2,
	find: findBarrier, insert: insertBarrier, update: updateBarrier,
	bind: func(v barrierPart) ([]any, error) {
		line, err := encode(v.Line)
		return []any{v.ID, v.part, v.Kind, line}, err
	},
}

func scanBarrier(row scanner) (v geo.Barrier, err error) {
	var part int
	var line []byte
	if err := row.Scan(&v.ID, &part, &v.Kind, &line); err != nil {
		return v, err
	}
	v.Line, err = decode[orb.LineString](line)
	return v, err
}

// Barriers lists the barriers by id, the lines of one in the order of the map.
func (s *Store) Barriers(ctx context.Context) ([]geo.Barrier, error) {
	return readAll(ctx, s, "barriers", listBarriers, scanBarrier)
}

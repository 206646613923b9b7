package gpkg

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

const (
	listPositions = `SELECT at, unit, simulated, accuracy_metres, geom FROM tracks
		WHERE at >= ?1 AND at < ?2 ORDER BY at, unit, simulated`
	findPosition = `SELECT at, unit, simulated, accuracy_metres, geom FROM tracks
		WHERE at = ?1 AND unit = ?2 AND simulated = ?3`
	insertPosition = `INSERT INTO tracks (at, unit, simulated, accuracy_metres, geom) VALUES (?1, ?2, ?3, ?4, ?5)`
	updatePosition = `UPDATE tracks SET accuracy_metres = ?4, geom = ?5 WHERE at = ?1 AND unit = ?2 AND simulated = ?3`
)

// positions have their simulated mark in their identity, so that a simulated fix
// never takes the place of a real one.
var positions = records[patrol.Position]{
	noun: "position", table: "tracks", layer: true, keyed: 3, repeats: true,
	find: findPosition, insert: insertPosition, update: updatePosition,
	bind: func(v patrol.Position) ([]any, error) {
		point, err := encode(v.Point)
		return []any{v.At, v.Unit, v.Simulated, known(v.Accuracy), point}, err
	},
}

func scanPosition(row scanner) (v patrol.Position, err error) {
	var point []byte
	if err := row.Scan(moment{&v.At}, &v.Unit, &v.Simulated, maybe(&v.Accuracy), &point); err != nil {
		return v, err
	}
	v.Point, err = decode[orb.Point](point)
	return v, err
}

// SavePositions adds fixes; a second fix of a unit at the same millisecond takes
// the place of the first.
func (s *Store) SavePositions(ctx context.Context, ps []patrol.Position, at time.Time) (geo.Counts, error) {
	return addAll(ctx, s, positions, "positions", ps, at)
}

// LoadPositions is SavePositions in steps, as LoadIncidents is.
func (s *Store) LoadPositions(ctx context.Context, ps []patrol.Position, at time.Time, told func(done, total int)) (geo.Counts, error) {
	counts, err := loadAll(ctx, s, positions, ps, told, func(t *tx, _ *staged[patrol.Position], _ []patrol.Position, c geo.Counts) error {
		return t.logImport(ctx, "positions", c, at)
	})
	if err != nil {
		return counts, fmt.Errorf("load positions: %w", err)
	}
	return counts, nil
}

// endOfTime sorts behind every stamp.
const endOfTime = "9999-12-31T23:59:59.999Z~"

// Positions lists the fixes from since on and before until, by time and unit; a
// zero time is no limit.
func (s *Store) Positions(ctx context.Context, since, until time.Time) ([]patrol.Position, error) {
	first, end := stamp(since), endOfTime
	if !until.IsZero() {
		end = stamp(until)
	}
	return readAll(ctx, s, "positions", listPositions, scanPosition, first, end)
}

package gpkg

import (
	"context"
	"database/sql"
	"time"

	"github.com/paulmach/orb"
)

// Boxes returns the box (min x, max x, min y, max y) of every feature of a layer
// that is not empty, from its coordinates.
func (s *Store) Boxes(ctx context.Context, layer string) (map[int64][4]float64, error) {
	boxes := map[int64][4]float64{}
	return boxes, s.read(ctx, func(t *sql.Tx) error {
		_, err := query(ctx, t, `SELECT fid, geom FROM `+layer, func(row scanner) (_ any, err error) {
			var fid int64
			var blob []byte
			if err := row.Scan(&fid, &blob); err != nil || blob == nil {
				return nil, err
			}
			b, empty, err := envelope(blob)
			if !empty {
				boxes[fid] = b
			}
			return nil, err
		})
		return err
	})
}

// OpenPage is the statement of the newest open incidents.
const OpenPage = pageIncidents + onlyOpen + pageOrder

// SetClock gives the store another clock for how long it holds the write lock.
func (s *Store) SetClock(now func() time.Time) { s.now = now }

// PrepareUpTo makes a file with the schema of some past day: the steps up to a number.
func PrepareUpTo(ctx context.Context, path string, last int) error {
	db := sql.OpenDB(newConnector(path, writing, time.Second))
	defer db.Close()
	db.SetMaxOpenConns(1)
	steps, err := schemaSteps()
	for _, s := range steps {
		if err == nil && s.number <= last {
			err = migrate(ctx, db, s)
		}
	}
	return err
}

// Outline is a geometry as a layer holds it.
func Outline(g orb.Geometry) (any, error) { return encode(g) }

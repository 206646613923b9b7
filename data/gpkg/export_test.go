package gpkg

import (
	"context"
	"database/sql"
	"time"
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

package gpkg

import (
	"cmp"
	"context"
	"time"

	"gridbeat/geo"
)

const (
	insertChange = `INSERT INTO changes (at, kind, id, version, actor) VALUES (?1, ?2, ?3, ?4, ?5)`
	listChanges  = `SELECT sequence, at, kind, id, version, actor FROM changes WHERE sequence > ?1 ORDER BY sequence LIMIT ?2`
)

// log appends to the change log within the transaction that it tells of. There is
// one writer at a time, so that entries become visible in their order.
func (t *tx) log(ctx context.Context, c geo.Change) error {
	t.touch("changes", false)
	_, err := t.ExecContext(ctx, insertChange, stamp(c.At), c.Kind, c.ID, c.Version, cmp.Or(c.Actor, geo.Actor(ctx)))
	return err
}

// logImport tells that a collection differs from what it was.
func (t *tx) logImport(ctx context.Context, table string, c geo.Counts, at time.Time) error {
	if c.Added+c.Changed+c.Retired == 0 {
		return nil
	}
	return t.log(ctx, geo.Change{At: at, Kind: table + ".imported"})
}

// Changes lists the entries of the change log after a sequence, the oldest first;
// a limit of 0 or less is none.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]geo.Change, error) {
	if limit <= 0 {
		limit = -1
	}
	return readAll(ctx, s, "changes", listChanges, scanChange, after, limit)
}

func scanChange(row scanner) (c geo.Change, err error) {
	return c, row.Scan(&c.Sequence, moment{&c.At}, &c.Kind, &c.ID, &c.Version, &c.Actor)
}

package postgis

import (
	"cmp"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
)

const (
	// The lock of the change log, and of each collection that an import replaces:
	// classes of advisory locks, the station or a hash being the second number.
	logLock        = 0x67626c67 // "gblg"
	collectionLock = 0x67626363 // "gbcc"

	takeLogLock = `SELECT pg_advisory_xact_lock($1, $2)`
	// The next sequence is one more than the highest of the station: the lock sees to
	// it that nobody else adds one meanwhile. Each timeline has numbers of its own, so
	// that after a promotion none comes again that the old primary had given and lost.
	insertChanges = `INSERT INTO gridbeat.changes (station, sequence, at, kind, id, version, actor)
		SELECT $1, greatest((SELECT max(sequence) FROM gridbeat.changes WHERE station = $1), (` + timeline + `::bigint - 1) << 40) + c.place,
			c.at, c.kind, c.id, c.version, c.actor
		FROM unnest($2::timestamptz[], $3::text[], $4::text[], $5::integer[], $6::text[])
			WITH ORDINALITY AS c (at, kind, id, version, actor, place)`
	listChanges = `SELECT sequence, at, kind, id, version, actor FROM gridbeat.changes
		WHERE station = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`
)

// log notes an entry of the change log. All entries are written at the end of the
// transaction: see saveChanges.
func (t *tx) log(c geo.Change) { t.changes = append(t.changes, c) }

// logImport tells that a collection differs from what it was.
func (t *tx) logImport(table string, c geo.Counts, at time.Time) {
	if c.Added+c.Changed+c.Retired > 0 {
		t.log(geo.Change{At: at, Kind: table + ".imported"})
	}
}

// saveChanges writes the noted entries as the transaction's last step. The station's
// lock is taken before the first sequence is, and held until the commit is visible:
// nobody ever sees an entry before one with a lower sequence. A long import takes it
// at its very end and so blocks nobody while it works.
func (t *tx) saveChanges(ctx context.Context) error {
	if len(t.changes) == 0 {
		return nil
	}
	n := len(t.changes)
	ats, kinds, ids, versions := make([]time.Time, n), make([]string, n), make([]string, n), make([]int32, n)
	actors := make([]string, n)
	for i, c := range t.changes {
		ats[i], kinds[i], ids[i], versions[i] = stamp(c.At), c.Kind, c.ID, int32(c.Version)
		actors[i] = cmp.Or(c.Actor, geo.Actor(ctx))
	}
	b := &pgx.Batch{}
	b.Queue(takeLogLock, logLock, t.station)
	b.Queue(insertChanges, t.station, ats, kinds, ids, versions, actors)
	return t.SendBatch(ctx, b).Close()
}

// Changes lists the entries of the change log after a sequence, the oldest first;
// a limit of 0 or less is none.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]geo.Change, error) {
	var most *int
	if limit > 0 {
		most = &limit
	}
	return readAll(ctx, s, "changes", listChanges, scanChange, after, most)
}

func scanChange(row pgx.CollectableRow) (c geo.Change, err error) {
	err = row.Scan(&c.Sequence, &c.At, &c.Kind, &c.ID, &c.Version, &c.Actor)
	return c, err
}

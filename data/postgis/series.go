package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gridbeat/geo"
)

// saveNext saves one value of records whose second column is a version, as the next one
// of its identity; see geo.Next.
func saveNext[T any](ctx context.Context, s *Store, r records[T], v T, id string, version int, at time.Time) error {
	next := geo.Next{Noun: r.noun, ID: id, Version: version}
	err := s.write(ctx, func(t *tx) error {
		stored, err := t.lockVersion(ctx, r.table, id)
		if err != nil {
			return err
		}
		if err := next.Follows(stored); err != nil {
			return err
		}
		save := r.updateOne
		if stored == 0 {
			save = r.insertRow
		}
		if err := save(ctx, t, v); err != nil {
			return r.explain(id, err)
		}
		t.log(next.Saved(at))
		return nil
	})
	if err != nil {
		return fmt.Errorf("save %s %s: %w", r.noun, id, err)
	}
	return nil
}

// lockVersion locks a record and returns its version, 0 where there is none.
func (t *tx) lockVersion(ctx context.Context, table, id string) (version int, err error) {
	err = t.QueryRow(ctx, `SELECT version FROM gridbeat.`+table+` WHERE station = $1 AND id = $2 FOR UPDATE`, t.station, id).Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return version, err
}

// explain says in words which rule of the table a value broke, where it did. A row that
// somebody else added meanwhile is errRaced.
func (r records[T]) explain(id string, err error) error {
	var broken *pgconn.PgError
	switch {
	case r.taken(err):
		return errRaced
	case !errors.As(err, &broken):
		return err
	case broken.Code == "23505":
		return r.refuse(id, fmt.Errorf("another %s has the same %s", r.noun, r.alone))
	case broken.Code == "23503":
		return r.refuse(id, fmt.Errorf("the %s that it names is not there", r.names))
	}
	return err
}

// readOne is a query for one value as a whole transaction, whose $1 is the station:
// geo.ErrNotFound where it finds none.
func readOne[T any](ctx context.Context, s *Store, what, statement string, scan pgx.RowToFunc[T], key string) (v T, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		rows, err := t.Query(ctx, statement, s.station, key)
		if err != nil {
			return err
		}
		v, err = pgx.CollectExactlyOneRow(rows, scan)
		if errors.Is(err, pgx.ErrNoRows) {
			err = geo.ErrNotFound
		}
		return err
	})
	if err != nil {
		var none T
		return none, fmt.Errorf("%s: %w", what, err)
	}
	return v, nil
}

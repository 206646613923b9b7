package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"gridbeat/geo"
)

// saveNext saves one value of records whose second column is a version, as the next one
// of its identity; see geo.Next.
func saveNext[T any](ctx context.Context, s *Store, r records[T], v T, id string, version int, at time.Time) error {
	next := geo.Next{Noun: r.noun, ID: id, Version: version}
	err := s.write(ctx, func(t *tx) error {
		stored, err := t.versionOf(ctx, r.table, id)
		if err != nil {
			return err
		}
		if err := next.Follows(stored); err != nil {
			return err
		}
		w, err := r.open(ctx, t)
		if err != nil {
			return err
		}
		if _, err := w.put(ctx, v); err != nil {
			return r.explain(id, err)
		}
		return t.log(ctx, next.Saved(at))
	})
	if err != nil {
		return fmt.Errorf("save %s %s: %w", r.noun, id, err)
	}
	return nil
}

// versionOf is the stored version of a record, 0 where there is none.
func (t *tx) versionOf(ctx context.Context, table, id string) (version int, err error) {
	err = t.QueryRowContext(ctx, `SELECT version FROM `+table+` WHERE id = ?1`, id).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return version, err
}

// explain says in words which rule of the table a value broke, where it did.
func (r records[T]) explain(id string, err error) error {
	var broken sqlite3.Error
	if !errors.As(err, &broken) {
		return err
	}
	switch broken.ExtendedCode {
	case sqlite3.ErrConstraintUnique:
		return refused(r.noun, id, fmt.Errorf("another %s has the same %s", r.noun, r.alone))
	case sqlite3.ErrConstraintForeignKey:
		return refused(r.noun, id, fmt.Errorf("the %s that it names is not there", r.names))
	}
	return err
}

// readOne is a query for one value as a whole transaction: geo.ErrNotFound where it finds
// none.
func readOne[T any](ctx context.Context, s *Store, what, statement string, scan func(scanner) (T, error), key string) (v T, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		v, err = scan(t.QueryRowContext(ctx, statement, key))
		if errors.Is(err, sql.ErrNoRows) {
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

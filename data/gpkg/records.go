package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gridbeat/geo"
)

// records tells how the values of one domain type lie as rows of one table, which
// have a stable identity. The statements take and give the same columns in the
// same order: the identity first, the geometry of a layer last.
type records[T any] struct {
	noun   string // what one is called, in findings and in the change log
	table  string
	layer  bool // the table has a geometry
	keyed  int  // how many columns the identity has
	find   string
	insert string
	update string
	bind   func(T) ([]any, error)

	older   func(stored []any, next T) bool // a value that differs is outdated; nil where rows have no version
	unnamed int                             // the first columns of the identity that findings leave out
	silent  bool                            // retired rows are not named in the change log, only the whole
	repeats bool                            // one write may name an identity twice: the last one counts
	alone   string                          // what two of them never share, beside the identity
	names   string                          // what else a row names that must be there
}

// outcome tells what became of one value.
type outcome int

const (
	unchanged outcome = iota
	added
	changed
)

// rowWriter writes values one by one within a transaction.
type rowWriter[T any] struct {
	records[T]
	tx                           *tx
	findOne, insertOne, changeIt *sql.Stmt
	width                        int // columns of a row
	seen                         map[string]bool
	counts                       geo.Counts
}

// open prepares the statements; they end with the transaction.
func (r records[T]) open(ctx context.Context, t *tx) (w *rowWriter[T], err error) {
	w = &rowWriter[T]{records: r, tx: t, seen: map[string]bool{}}
	for statement, query := range map[**sql.Stmt]string{&w.findOne: r.find, &w.insertOne: r.insert, &w.changeIt: r.update} {
		if *statement, err = t.PrepareContext(ctx, query); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", r.table, err)
		}
	}
	w.width, err = columnCount(ctx, w.findOne, r.keyed)
	return w, err
}

func columnCount(ctx context.Context, find *sql.Stmt, keyed int) (int, error) {
	rows, err := find.QueryContext(ctx, make([]any, keyed)...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	return len(columns), err
}

// put writes one value unless the row already says the same. A second value with
// the same identity, or one without any, is refused.
func (w *rowWriter[T]) put(ctx context.Context, v T) (outcome, error) {
	if err := ctx.Err(); err != nil {
		return unchanged, err
	}
	next, err := w.bind(v)
	if err != nil {
		return unchanged, w.refuse(next, err)
	}
	if err := driverValues(next); err != nil {
		return unchanged, err
	}
	key := keyText(next[:w.keyed])
	if err := w.identify(next, w.seen[key]); err != nil {
		return unchanged, err
	}
	w.seen[key] = true
	// Statements that can be cancelled cost a goroutine each; the check above and
	// the transaction itself see to the context.
	ctx = context.WithoutCancel(ctx)
	stored, err := w.stored(ctx, next[:w.keyed])
	if err != nil {
		return unchanged, err
	}
	if stored != nil && w.older != nil && w.older(stored, v) && !sameRow(stored, next) {
		return unchanged, fmt.Errorf("%s %v: %w", w.noun, next[0], geo.ErrStale)
	}
	return w.settle(ctx, stored, next)
}

// settle writes what differs and counts it.
func (w *rowWriter[T]) settle(ctx context.Context, stored, next []any) (outcome, error) {
	what, statement := added, w.insertOne
	switch {
	case stored == nil:
		w.counts.Added++
	case sameRow(stored, next):
		w.counts.Unchanged++
		return unchanged, nil
	default:
		what, statement = changed, w.changeIt
		w.counts.Changed++
	}
	if _, err := statement.ExecContext(ctx, next...); err != nil {
		return unchanged, fmt.Errorf("write %s %v: %w", w.noun, next[0], err)
	}
	e := w.tx.touch(w.table, w.layer)
	if !w.layer {
		return what, nil
	}
	e.add(next[len(next)-1])
	if stored != nil {
		e.drop(stored[len(stored)-1])
	}
	return what, nil
}

func (w *rowWriter[T]) putAll(ctx context.Context, vs []T) error {
	for _, v := range vs {
		if _, err := w.put(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// few is how many values are written one by one, without laying them out first.
const few = 100

// importAll makes the table hold exactly these values, as a whole transaction with its
// entry in the change log, unless nothing differs.
func importAll[T any](ctx context.Context, s *Store, r records[T], vs []T, at time.Time) (counts geo.Counts, err error) {
	err = s.onBench(ctx, func(b *bench) error {
		p, err := layWhole(ctx, b, r, vs)
		if err != nil {
			return err
		}
		return s.land(ctx, b, func(t *tx) error {
			if counts, err = p.replace(ctx, t, at); err != nil {
				return err
			}
			return t.logImport(ctx, r.table, counts, at)
		})
	})
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save %s: %w", r.table, err)
	}
	return counts, nil
}

// addAll adds or changes these values, as a whole transaction with its entry in the
// change log, unless nothing differs.
func addAll[T any](ctx context.Context, s *Store, r records[T], what string, vs []T, at time.Time) (counts geo.Counts, err error) {
	if len(vs) <= few {
		err = s.write(ctx, func(t *tx) error {
			w, err := r.open(ctx, t)
			if err != nil {
				return err
			}
			if err := w.putAll(ctx, vs); err != nil {
				return err
			}
			counts = w.counts
			return t.logImport(ctx, what, counts, at)
		})
	} else {
		err = landAll(ctx, s, r, vs, func(t *tx, _ *staged[T], c geo.Counts) error {
			counts = c
			return t.logImport(ctx, what, c, at)
		})
	}
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save %s: %w", what, err)
	}
	return counts, nil
}

// readAll is query as a whole transaction.
func readAll[T any](ctx context.Context, s *Store, what, statement string, scan func(scanner) (T, error), args ...any) (all []T, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		all, err = query(ctx, t, statement, scan, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return all, nil
}

func (w *rowWriter[T]) stored(ctx context.Context, key []any) ([]any, error) {
	row := make([]any, w.width)
	err := w.findOne.QueryRowContext(ctx, key...).Scan(pointers(row)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return row, err
}

func pointers(row []any) []any {
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	return into
}

func refused(noun, id string, why error) error {
	return geo.NewInputError("store", geo.Finding{Rule: noun + "-refused", Feature: noun + " " + id, Detail: why.Error(),
		Remedy: "correct it in the source and save again"})
}

func sameRow(stored, next []any) bool {
	for i := range next {
		if !same(stored[i], next[i]) {
			return false
		}
	}
	return true
}

func keyText(key []any) string {
	parts := make([]string, len(key))
	for i, k := range key {
		parts[i] = fmt.Sprint(k)
	}
	return strings.Join(parts, "/")
}

// query reads rows into values.
func query[T any](ctx context.Context, t *sql.Tx, statement string, scan func(scanner) (T, error), args ...any) ([]T, error) {
	rows, err := t.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

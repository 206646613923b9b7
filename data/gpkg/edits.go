package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gridbeat/geo"
	"gridbeat/geo/district/edit"
)

const (
	stepColumns    = `draft, number, version, at, actor, edit, inverse`
	listDraftEdits = `SELECT ` + stepColumns + ` FROM draft_edits WHERE draft = ?1 ORDER BY number`
	listEdits      = `SELECT ` + stepColumns + ` FROM draft_edits ORDER BY draft, number`
	findStep       = `SELECT ` + stepColumns + ` FROM draft_edits WHERE draft = ?1 AND number = ?2`
	lastStep       = `SELECT coalesce(max(number), 0) FROM draft_edits WHERE draft = ?1`
	insertStep     = `INSERT INTO draft_edits (` + stepColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	updateStep     = `UPDATE draft_edits SET version = ?3, at = ?4, actor = ?5, edit = ?6, inverse = ?7 WHERE draft = ?1 AND number = ?2`
)

var draftEdits = records[edit.Step]{
	noun: "edit", table: "draft_edits", keyed: 2,
	find: findStep, insert: insertStep, update: updateStep,
	bind: func(v edit.Step) ([]any, error) {
		done, undone, err := v.Text()
		return []any{v.Draft, v.Number, v.Version, v.At, v.Actor, done, undone}, err
	},
}

func scanStep(row scanner) (v edit.Step, err error) {
	var done, undone string
	if err := row.Scan(&v.Draft, &v.Number, &v.Version, moment{&v.At}, &v.Actor, &done, &undone); err != nil {
		return v, err
	}
	return v, v.Read(done, undone)
}

// addSteps appends edits to those of a draft.
func (t *tx) addSteps(ctx context.Context, steps []edit.Step) error {
	if len(steps) == 0 {
		return nil
	}
	var last int
	if err := t.QueryRowContext(ctx, lastStep, steps[0].Draft).Scan(&last); err != nil {
		return err
	}
	for i := range steps {
		steps[i].Number = last + 1 + i
	}
	w, err := draftEdits.open(ctx, t)
	if err != nil {
		return err
	}
	return w.putAll(ctx, steps)
}

// DraftEdits lists the edits of a draft in their order; geo.ErrNotFound where there is no
// such draft.
func (s *Store) DraftEdits(ctx context.Context, id string) (steps []edit.Step, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		var version, published int
		err := t.QueryRowContext(ctx, draftVersion, id).Scan(&version, &published)
		if errors.Is(err, sql.ErrNoRows) {
			return geo.ErrNotFound
		}
		if err != nil {
			return err
		}
		steps, err = query(ctx, t, listDraftEdits, scanStep, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("edits of draft %s: %w", id, err)
	}
	return steps, nil
}

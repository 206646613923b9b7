package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/geo/district/edit"
)

const (
	findSteps      = `SELECT draft, number, version, at, actor, edit, inverse FROM gridbeat.draft_edits WHERE station = $1`
	listDraftEdits = findSteps + ` AND draft = $2 ORDER BY number`
	listEdits      = findSteps + ` ORDER BY draft COLLATE "C", number`
	lastStep       = `SELECT coalesce(max(number), 0) FROM gridbeat.draft_edits WHERE station = $1 AND draft = $2`
	hasDraft       = `SELECT version FROM gridbeat.drafts WHERE station = $1 AND id = $2`
)

var draftEdits = records[edit.Step]{
	noun: "edit", table: "draft_edits", keyed: 2,
	columns: []string{"draft", "number", "version", "at", "actor", "edit", "inverse"},
	bind: func(v edit.Step) ([]any, error) {
		done, undone, err := v.Text()
		return []any{v.Draft, v.Number, v.Version, stamp(v.At), v.Actor, done, undone}, err
	},
}

func scanStep(row pgx.CollectableRow) (v edit.Step, err error) {
	var done, undone string
	if err := row.Scan(&v.Draft, &v.Number, &v.Version, &v.At, &v.Actor, &done, &undone); err != nil {
		return v, err
	}
	return v, v.Read(done, undone)
}

// addSteps appends edits to those of a draft, which the caller has locked.
func (t *tx) addSteps(ctx context.Context, steps []edit.Step) error {
	if len(steps) == 0 {
		return nil
	}
	var last int
	if err := t.QueryRow(ctx, lastStep, t.station, steps[0].Draft).Scan(&last); err != nil {
		return err
	}
	for i := range steps {
		steps[i].Number = last + 1 + i
	}
	return putEvery(ctx, t, draftEdits, steps)
}

// DraftEdits lists the edits of a draft in their order; geo.ErrNotFound where there is no
// such draft.
func (s *Store) DraftEdits(ctx context.Context, id string) (steps []edit.Step, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		var version int
		err := t.QueryRow(ctx, hasDraft, s.station, id).Scan(&version)
		if errors.Is(err, pgx.ErrNoRows) {
			return geo.ErrNotFound
		}
		if err != nil {
			return err
		}
		steps, err = query(ctx, t, s.station, listDraftEdits, scanStep, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("edits of draft %s: %w", id, err)
	}
	return steps, nil
}

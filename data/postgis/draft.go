package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
)

const (
	draftColumns = `id, seed, min_households, max_households, created_at, version`
	findDraft    = `SELECT ` + draftColumns + ` FROM gridbeat.drafts WHERE station = $1 AND id = $2`
	newestDraft  = `SELECT ` + draftColumns + ` FROM gridbeat.drafts WHERE station = $1 ORDER BY created_at DESC, made DESC LIMIT 1`
	lockDraft    = `SELECT version, coalesce(published_version, 0) FROM gridbeat.drafts WHERE station = $1 AND id = $2 FOR UPDATE`

	insertDraft = `INSERT INTO gridbeat.drafts (station, ` + draftColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
	updateDraft = `UPDATE gridbeat.drafts SET seed = $3, min_households = $4, max_households = $5, created_at = $6, version = $7
		WHERE station = $1 AND id = $2`

	gridColumns    = `code, name, district, community, households, exceptions, locked, geom`
	listDraftGrids = `SELECT ` + gridColumns + ` FROM gridbeat.draft_grids
		WHERE station = $1 AND draft = $2 ORDER BY code COLLATE "C"`
	listDraftDistricts = `SELECT code, name, households, geom FROM gridbeat.draft_districts
		WHERE station = $1 AND draft = $2 ORDER BY code COLLATE "C"`
)

// draftGrids are the rows of one draft's grids; only those that differ are written.
func draftGrids(draft string) records[district.Grid] {
	return records[district.Grid]{
		noun: "draft grid", table: "draft_grids", keyed: 2, scope: 1, silent: true,
		columns: []string{"draft", "code", "name", "district", "community", "households", "exceptions", "locked", "geom"},
		bind: func(g district.Grid) ([]any, error) {
			values, err := gridValues(g)
			return append([]any{draft}, values...), err
		},
	}
}

// draftDistricts are the rows of one draft's district outlines.
func draftDistricts(draft string) records[geo.District] {
	return records[geo.District]{
		noun: "draft district", table: "draft_districts", keyed: 2, scope: 1, silent: true,
		columns: []string{"draft", "code", "name", "households", "geom"},
		bind: func(d geo.District) ([]any, error) {
			values, err := outlineValues(d)
			return append([]any{draft}, values...), err
		},
	}
}

// gridValues are the values of gridColumns.
func gridValues(g district.Grid) ([]any, error) {
	outline, err := toWire(g.Outline)
	return []any{g.Code, g.Name, g.District, g.Community, g.Households, list(g.Exceptions), g.Locked, outline}, err
}

func scanGrid(row pgx.CollectableRow) (g district.Grid, err error) {
	err = row.Scan(&g.Code, &g.Name, &g.District, &g.Community, &g.Households, &g.Exceptions, &g.Locked, shapeOf(&g.Outline))
	return g, err
}

// SaveDraft saves a draft by id. Its version must be one more than the stored one,
// 1 for a new draft; else somebody else saved it meanwhile: geo.ErrStale.
func (s *Store) SaveDraft(ctx context.Context, d district.Draft, at time.Time) error {
	return s.EditDraft(ctx, d, nil, at)
}

// EditDraft is SaveDraft of what edits made of a draft; they are appended to its list,
// each with its inverse, in the same transaction. Of the steps no more is read.
func (s *Store) EditDraft(ctx context.Context, d district.Draft, steps []edit.Step, at time.Time) error {
	made := edit.Made(steps, d.ID, d.Version, geo.Actor(ctx), at)
	err := s.write(ctx, func(t *tx) error {
		if err := t.saveDraftHead(ctx, d); err != nil {
			return err
		}
		if _, err := draftGrids(d.ID).replace(ctx, t, d.Grids, at, d.ID); err != nil {
			return err
		}
		if _, err := draftDistricts(d.ID).replace(ctx, t, d.Districts, at, d.ID); err != nil {
			return err
		}
		if err := t.addSteps(ctx, made); err != nil {
			return err
		}
		t.log(d.Next().Saved(at))
		return nil
	})
	if err != nil {
		return fmt.Errorf("save draft %s: %w", d.ID, err)
	}
	return nil
}

func (t *tx) saveDraftHead(ctx context.Context, d district.Draft) error {
	stored, _, err := t.draftVersions(ctx, d.ID)
	statement := updateDraft
	switch {
	case errors.Is(err, geo.ErrNotFound):
		statement = insertDraft
	case err != nil:
		return err
	}
	if err := d.Next().Follows(stored); err != nil {
		return err
	}
	tag, err := t.Exec(ctx, statement, t.station, d.ID, asSeed(d.Seed), d.Bounds.Min, d.Bounds.Max, stamp(d.CreatedAt), d.Version)
	if err == nil && tag.RowsAffected() == 0 {
		return errRaced
	}
	return err
}

// draftVersions locks a draft and returns its stored version and the one published
// last, or geo.ErrNotFound.
func (t *tx) draftVersions(ctx context.Context, id string) (stored, published int, err error) {
	err = t.QueryRow(ctx, lockDraft, t.station, id).Scan(&stored, &published)
	if errors.Is(err, pgx.ErrNoRows) {
		err = geo.ErrNotFound
	}
	return stored, published, err
}

// Draft returns the draft of that id, or geo.ErrNotFound.
func (s *Store) Draft(ctx context.Context, id string) (district.Draft, error) {
	d, err := s.readDraft(ctx, findDraft, id)
	if err != nil {
		return district.Draft{}, fmt.Errorf("draft %s: %w", id, err)
	}
	return d, nil
}

// NewestDraft returns the draft that was made last, or geo.ErrNotFound.
func (s *Store) NewestDraft(ctx context.Context) (district.Draft, error) {
	d, err := s.readDraft(ctx, newestDraft)
	if err != nil {
		return district.Draft{}, fmt.Errorf("newest draft: %w", err)
	}
	return d, nil
}

func (s *Store) readDraft(ctx context.Context, statement string, args ...any) (d district.Draft, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		d, err = loadDraft(ctx, t, s.station, statement, args...)
		return err
	})
	return d, err
}

func loadDraft(ctx context.Context, t pgx.Tx, station int32, statement string, args ...any) (d district.Draft, err error) {
	var seed string
	err = t.QueryRow(ctx, statement, append([]any{station}, args...)...).Scan(&d.ID, &seed, &d.Bounds.Min, &d.Bounds.Max,
		&d.CreatedAt, &d.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, geo.ErrNotFound
	}
	if err != nil {
		return d, err
	}
	if err := parseSeed(seed, &d.Seed); err != nil {
		return d, err
	}
	if d.Grids, err = query(ctx, t, station, listDraftGrids, scanGrid, d.ID); err != nil {
		return d, err
	}
	d.Districts, err = query(ctx, t, station, listDraftDistricts, scanDistrict, d.ID)
	return d, err
}

package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
)

const (
	findDraft    = `SELECT id, seed, min_households, max_households, created_at, version FROM drafts WHERE id = ?1`
	newestDraft  = `SELECT id, seed, min_households, max_households, created_at, version FROM drafts ORDER BY created_at DESC, fid DESC LIMIT 1`
	draftVersion = `SELECT version, coalesce(published_version, 0) FROM drafts WHERE id = ?1`

	insertDraft = `INSERT INTO drafts (id, seed, min_households, max_households, created_at, version)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	updateDraft = `UPDATE drafts SET seed = ?2, min_households = ?3, max_households = ?4, created_at = ?5,
		version = ?6 WHERE id = ?1`

	listDraftGrids  = `SELECT ` + gridColumns + ` FROM draft_grids WHERE draft = ?1 ORDER BY code`
	findDraftGrid   = `SELECT draft, ` + gridColumns + ` FROM draft_grids WHERE draft = ?1 AND code = ?2`
	insertDraftGrid = `INSERT INTO draft_grids (draft, ` + gridColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	updateDraftGrid = `UPDATE draft_grids SET name = ?3, district = ?4, community = ?5, households = ?6,
		exceptions = ?7, locked = ?8, geom = ?9 WHERE draft = ?1 AND code = ?2`

	listDraftDistricts  = `SELECT code, name, households, geom FROM draft_districts WHERE draft = ?1 ORDER BY code`
	findDraftDistrict   = `SELECT draft, code, name, households, geom FROM draft_districts WHERE draft = ?1 AND code = ?2`
	insertDraftDistrict = `INSERT INTO draft_districts (draft, code, name, households, geom) VALUES (?1, ?2, ?3, ?4, ?5)`
	updateDraftDistrict = `UPDATE draft_districts SET name = ?3, households = ?4, geom = ?5 WHERE draft = ?1 AND code = ?2`
)

// draftGrids are the rows of one draft's grids; only those that differ are written.
func draftGrids(draft string) records[district.Grid] {
	return records[district.Grid]{
		noun: "draft grid", table: "draft_grids", layer: true, keyed: 2, silent: true,
		find: findDraftGrid, insert: insertDraftGrid, update: updateDraftGrid,
		bind: func(g district.Grid) ([]any, error) {
			values, err := gridValues(g)
			return append([]any{draft}, values...), err
		},
	}
}

// draftDistricts are the rows of one draft's district outlines.
func draftDistricts(draft string) records[geo.District] {
	return records[geo.District]{
		noun: "draft district", table: "draft_districts", layer: true, keyed: 2, silent: true,
		find: findDraftDistrict, insert: insertDraftDistrict, update: updateDraftDistrict,
		bind: func(d geo.District) ([]any, error) {
			values, err := outlineValues(d)
			return append([]any{draft}, values...), err
		},
	}
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
	err := s.onBench(ctx, func(b *bench) error {
		grids, err := layWhole(ctx, b, draftGrids(d.ID), d.Grids)
		if err != nil {
			return err
		}
		outlines, err := layWhole(ctx, b, draftDistricts(d.ID), d.Districts)
		if err != nil {
			return err
		}
		return s.land(ctx, b, func(t *tx) error {
			if err := saveDraftHead(ctx, t, d); err != nil {
				return err
			}
			if _, err := grids.replace(ctx, t, at, d.ID); err != nil {
				return err
			}
			if _, err := outlines.replace(ctx, t, at, d.ID); err != nil {
				return err
			}
			if err := t.addSteps(ctx, made); err != nil {
				return err
			}
			return t.log(ctx, geo.Change{At: at, Kind: "draft.saved", ID: d.ID, Version: d.Version})
		})
	})
	if err != nil {
		return fmt.Errorf("save draft %s: %w", d.ID, err)
	}
	return nil
}

func saveDraftHead(ctx context.Context, t *tx, d district.Draft) error {
	if d.ID == "" {
		return refused("draft", "", errors.New("it has no id"))
	}
	stored, _, err := t.draftVersions(ctx, d.ID)
	statement := updateDraft
	switch {
	case errors.Is(err, geo.ErrNotFound):
		statement = insertDraft
	case err != nil:
		return err
	}
	if d.Version != stored+1 {
		return fmt.Errorf("version %d is stored, %d was to be saved: %w", stored, d.Version, geo.ErrStale)
	}
	t.touch("drafts", false)
	_, err = t.ExecContext(ctx, statement, d.ID, asSeed(d.Seed), d.Bounds.Min, d.Bounds.Max, stamp(d.CreatedAt), d.Version)
	return err
}

// draftVersions returns the stored version of a draft and the one published last,
// or geo.ErrNotFound.
func (t *tx) draftVersions(ctx context.Context, id string) (stored, published int, err error) {
	err = t.QueryRowContext(ctx, draftVersion, id).Scan(&stored, &published)
	if errors.Is(err, sql.ErrNoRows) {
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
	err = s.read(ctx, func(t *sql.Tx) error {
		d, err = loadDraft(ctx, t, statement, args...)
		return err
	})
	return d, err
}

func loadDraft(ctx context.Context, t *sql.Tx, statement string, args ...any) (d district.Draft, err error) {
	err = t.QueryRowContext(ctx, statement, args...).Scan(&d.ID, seedText{&d.Seed}, &d.Bounds.Min, &d.Bounds.Max,
		moment{&d.CreatedAt}, &d.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return d, geo.ErrNotFound
	}
	if err != nil {
		return d, err
	}
	if d.Grids, err = query(ctx, t, listDraftGrids, scanGrid, d.ID); err != nil {
		return d, err
	}
	d.Districts, err = query(ctx, t, listDraftDistricts, scanDistrict, d.ID)
	return d, err
}

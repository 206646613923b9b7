package gpkg

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/geo/job"
)

const (
	findDraft    = `SELECT id, seed, min_households, max_households, created_at, version FROM drafts WHERE id = ?1`
	newestDraft  = `SELECT id, seed, min_households, max_households, created_at, version FROM drafts ORDER BY created_at DESC, fid DESC LIMIT 1`
	draftVersion = `SELECT version, coalesce(published_version, 0) FROM drafts WHERE id = ?1`

	insertDraft = `INSERT INTO drafts (id, seed, min_households, max_households, created_at, version)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	updateDraft = `UPDATE drafts SET seed = ?2, min_households = ?3, max_households = ?4, created_at = ?5,
		version = ?6 WHERE id = ?1`
)

// SaveDraft saves a draft by id. Its version must be one more than the stored one,
// 1 for a new draft; else somebody else saved it meanwhile: geo.ErrStale.
func (s *Store) SaveDraft(ctx context.Context, d district.Draft, at time.Time) error {
	return s.EditDraft(ctx, d, nil, at)
}

// EditDraft is SaveDraft of what edits made of a draft; they are appended to its list,
// each with its inverse, in the same transaction. Of the steps no more is read. A draft
// of which much differs is laid out in short transactions before that one, which holds
// the write lock no longer for a large draft than for a small one.
func (s *Store) EditDraft(ctx context.Context, d district.Draft, steps []edit.Step, at time.Time) error {
	made := edit.Made(steps, d.ID, d.Version, geo.Actor(ctx), at)
	whole := false
	err := s.onBench(ctx, func(b *bench) error {
		own, err := b.draftToChange(ctx, d)
		if err != nil {
			return err
		}
		l, err := layTiles(ctx, b, own, d)
		if err != nil {
			return err
		}
		entry := func(t *tx) error {
			if err := t.addSteps(ctx, made); err != nil {
				return err
			}
			return t.log(ctx, d.Next().Saved(at))
		}
		if few, err := l.differLittle(ctx, b, own); err != nil {
			return err
		} else if few {
			if err := s.landChanges(ctx, b, d, own, l, at, entry); !errors.Is(err, errNamed) {
				return err
			}
		}
		whole = true
		return s.landTiles(ctx, b, []tile{l.grids, l.outlines}, func(t *tx, tiling int64) error {
			if err := saveDraftHead(ctx, t, d); err != nil {
				return err
			}
			if err := t.name(ctx, tiling, l, d.ID, nil); err != nil {
				return err
			}
			return entry(t)
		})
	})
	if err != nil {
		return fmt.Errorf("save draft %s: %w", d.ID, err)
	}
	if whole {
		_ = s.sweep(ctx) // the draft is saved; what is left now is swept the next time
	}
	return nil
}

// errNamed says that a tiling may be changed no longer: that of a draft became an
// edition's, or blocks were replaced by others.
var errNamed = errors.New("the tiling has another name now")

// draftToChange is the tiling in which a draft can be changed, 0 for none; geo.ErrStale
// where another version is stored than the one that it follows.
func (b *bench) draftToChange(ctx context.Context, d district.Draft) (tiling int64, err error) {
	stored, _, err := draftVersions(ctx, b.conn, d.ID)
	if err != nil && !errors.Is(err, geo.ErrNotFound) {
		return 0, plain(ctx, err)
	}
	if err := d.Next().Follows(stored); err != nil {
		return 0, err
	}
	tiling, err = tilingOf(ctx, b.conn, d.ID)
	return tiling, plain(ctx, err)
}

// differLittle compares what was laid out with a tiling, and reports whether it can be
// changed in one short step.
func (l tiles) differLittle(ctx context.Context, b *bench, tiling int64) (bool, error) {
	if tiling == 0 {
		return false, nil
	}
	g, err := l.grids.differences(ctx, b.conn, tiling)
	if err != nil {
		return false, plain(ctx, err)
	}
	o, err := l.outlines.differences(ctx, b.conn, tiling)
	return g+o <= job.FirstStep, plain(ctx, err)
}

// landChanges writes what differs into the draft's own tiling, as long as nobody changed
// or published it since it was compared; errNamed when somebody published it.
func (s *Store) landChanges(ctx context.Context, b *bench, d district.Draft, own int64, l tiles, at time.Time, entry func(*tx) error) error {
	return s.land(ctx, b, func(t *tx) error {
		if err := saveDraftHead(ctx, t, d); err != nil {
			return err
		}
		if now, err := tilingOf(ctx, t, d.ID); err != nil || now != own {
			return cmp.Or(err, errNamed)
		}
		if err := t.changeTiling(ctx, own, l, at); err != nil {
			return err
		}
		return entry(t)
	})
}

func saveDraftHead(ctx context.Context, t *tx, d district.Draft) error {
	stored, _, err := draftVersions(ctx, t, d.ID)
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
	t.touch("drafts", false)
	_, err = t.ExecContext(ctx, statement, d.ID, asSeed(d.Seed), d.Bounds.Min, d.Bounds.Max, stamp(d.CreatedAt), d.Version)
	return err
}

// draftVersions returns the stored version of a draft and the one published last,
// or geo.ErrNotFound.
func draftVersions(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, id string) (stored, published int, err error) {
	err = q.QueryRowContext(ctx, draftVersion, id).Scan(&stored, &published)
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
	d.Districts, err = query(ctx, t, listDraftOutlines, scanDistrict, d.ID)
	return d, err
}

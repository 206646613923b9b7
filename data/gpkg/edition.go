package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const editionColumns = `number, valid_from, valid_to, min_households, max_households`

const (
	findEdition = `SELECT ` + editionColumns + ` FROM editions WHERE number = ?1`
	editionAt   = `SELECT ` + editionColumns + ` FROM editions
		WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1) ORDER BY number DESC LIMIT 1`
	listEditions = `SELECT number, valid_from, valid_to, grids, households FROM editions ORDER BY number`
)

// Edition returns the edition of that number, or geo.ErrNotFound.
func (s *Store) Edition(ctx context.Context, number int) (district.Edition, error) {
	e, err := s.readEdition(ctx, findEdition, number)
	if err != nil {
		return district.Edition{}, fmt.Errorf("edition %d: %w", number, err)
	}
	return e, nil
}

// EditionAt returns the edition that is in force at a time, from the moment it
// begins until the moment the next one does, or geo.ErrNotFound.
func (s *Store) EditionAt(ctx context.Context, at time.Time) (district.Edition, error) {
	e, err := s.readEdition(ctx, editionAt, stamp(at))
	if err != nil {
		return district.Edition{}, fmt.Errorf("edition at %s: %w", at.Format(time.RFC3339), err)
	}
	return e, nil
}

func (s *Store) readEdition(ctx context.Context, statement string, args ...any) (e district.Edition, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		e, err = loadEdition(ctx, t, statement, args...)
		return err
	})
	return e, err
}

func loadEdition(ctx context.Context, t *sql.Tx, statement string, args ...any) (e district.Edition, err error) {
	err = t.QueryRowContext(ctx, statement, args...).Scan(&e.Number, moment{&e.ValidFrom}, openEnd{&e.ValidTo},
		&e.Bounds.Min, &e.Bounds.Max)
	if errors.Is(err, sql.ErrNoRows) {
		return e, geo.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	if e.Grids, err = query(ctx, t, listGrids, scanGrid, e.Number); err != nil {
		return e, err
	}
	e.Districts, err = query(ctx, t, listEditionOutlines, scanDistrict, e.Number)
	return e, err
}

// openEnd scans a DATETIME; null leaves nil, which is "still in force".
type openEnd struct{ into **time.Time }

// Scan implements sql.Scanner.
func (o openEnd) Scan(value any) error {
	if value == nil {
		*o.into = nil
		return nil
	}
	*o.into = new(time.Time)
	return moment{*o.into}.Scan(value)
}

// Editions lists the editions by number, without their geometry.
func (s *Store) Editions(ctx context.Context) ([]district.EditionInfo, error) {
	return readAll(ctx, s, "editions", listEditions, func(row scanner) (e district.EditionInfo, err error) {
		return e, row.Scan(&e.Number, moment{&e.ValidFrom}, openEnd{&e.ValidTo}, &e.Grids, &e.Households)
	})
}

const (
	numberAt = `SELECT number FROM editions WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1) ORDER BY number DESC LIMIT 1`
	// The index keeps single precision, rounded outwards, and holds every tiling.
	gridsNear = `SELECT ` + gridColumns + ` FROM tiling_grids WHERE tiling = (SELECT id FROM tilings WHERE edition = ?1)
		AND fid IN (SELECT id FROM rtree_tiling_grids_geom WHERE minx <= ?2 AND maxx >= ?2 AND miny <= ?3 AND maxy >= ?3) ORDER BY code`
)

// GridAt returns the code of the grid that a point belonged to at a time, by the edition
// in force then; "" where it lay in none, and geo.ErrNotFound when no edition was.
func (s *Store) GridAt(ctx context.Context, p orb.Point, at time.Time) (code string, err error) {
	if !geo.ValidPosition(p) {
		return "", refused("point", fmt.Sprint(p), errPosition)
	}
	p = geo.RoundE7(p)
	var near []district.Grid
	err = s.read(ctx, func(t *sql.Tx) error {
		var number int
		if err := t.QueryRowContext(ctx, numberAt, stamp(at)).Scan(&number); err != nil {
			return err
		}
		near, err = query(ctx, t, gridsNear, scanGrid, number, p[0], p[1])
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = geo.ErrNotFound
	}
	if err == nil && len(near) > 0 {
		var l *district.Locator
		if l, err = district.NewLocator(near); err == nil {
			code = l.Locate(p, 0).Grid
		}
	}
	if err != nil {
		return "", fmt.Errorf("grid at %s: %w", at.Format(time.RFC3339), err)
	}
	return code, nil
}

package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const editionColumns = `number, valid_from, valid_to, min_households, max_households`

const (
	findEdition = `SELECT ` + editionColumns + ` FROM gridbeat.editions WHERE station = $1 AND number = $2`
	editionAt   = `SELECT ` + editionColumns + ` FROM gridbeat.editions
		WHERE station = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) ORDER BY number DESC LIMIT 1`
	listEditions = `SELECT number, valid_from, valid_to, grids, households FROM gridbeat.editions
		WHERE station = $1 ORDER BY number`

	listGrids = `SELECT ` + gridColumns + ` FROM gridbeat.grids
		WHERE station = $1 AND edition = $2 ORDER BY code COLLATE "C"`
	listEditionDistricts = `SELECT code, name, households, geom FROM gridbeat.edition_districts
		WHERE station = $1 AND edition = $2 ORDER BY code COLLATE "C"`
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
	err = s.read(ctx, func(t pgx.Tx) error {
		e, err = loadEdition(ctx, t, s.station, statement, args...)
		return err
	})
	return e, err
}

func loadEdition(ctx context.Context, t pgx.Tx, station int32, statement string, args ...any) (e district.Edition, err error) {
	err = t.QueryRow(ctx, statement, append([]any{station}, args...)...).Scan(&e.Number, &e.ValidFrom, &e.ValidTo,
		&e.Bounds.Min, &e.Bounds.Max)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, geo.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	if e.Grids, err = query(ctx, t, station, listGrids, scanGrid, e.Number); err != nil {
		return e, err
	}
	e.Districts, err = query(ctx, t, station, listEditionDistricts, scanDistrict, e.Number)
	return e, err
}

// Editions lists the editions by number, without their geometry.
func (s *Store) Editions(ctx context.Context) ([]district.EditionInfo, error) {
	return readAll(ctx, s, "editions", listEditions, func(row pgx.CollectableRow) (e district.EditionInfo, err error) {
		err = row.Scan(&e.Number, &e.ValidFrom, &e.ValidTo, &e.Grids, &e.Households)
		return e, err
	})
}

// numberAt is the edition in force at a time.
const numberAt = `SELECT number FROM gridbeat.editions WHERE station = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
	ORDER BY number DESC LIMIT 1`

// GridAt returns the code of the grid that a point belonged to at a time, by the edition
// in force then; "" where it lay in none, and geo.ErrNotFound when no edition was.
func (s *Store) GridAt(ctx context.Context, p orb.Point, at time.Time) (code string, err error) {
	if !geo.ValidPosition(p) {
		return "", refused("point", fmt.Sprint(p), errPosition)
	}
	err = s.read(ctx, func(t pgx.Tx) error {
		var number int
		if err := t.QueryRow(ctx, numberAt, s.station, stamp(at)).Scan(&number); err != nil {
			return err
		}
		return t.QueryRow(ctx, `SELECT coalesce(gridbeat.grid_at($1, $2, $3), '')`, p[0], p[1], number).Scan(&code)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = geo.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("grid at %s: %w", at.Format(time.RFC3339), err)
	}
	return code, nil
}

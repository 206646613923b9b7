package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

const planColumns = `id, created_at, edition, district, profile, units, depots, shift_seconds, seed,
	street_metres, route_metres, shifts, bound_seconds, note, asked`

const (
	findPlan   = `SELECT ` + planColumns + ` FROM plans WHERE id = ?1`
	newestPlan = `SELECT ` + planColumns + ` FROM plans ORDER BY created_at DESC, fid DESC LIMIT 1`
	countPlan  = `SELECT count(*) FROM plans WHERE id = ?1`
	insertPlan = `INSERT INTO plans (` + planColumns + `)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`
)

// SavePlan saves a plan, which is never changed afterwards: a second plan of the
// same id is refused with a *geo.InputError.
func (s *Store) SavePlan(ctx context.Context, p patrol.Plan, at time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		var taken int
		if err := t.QueryRowContext(ctx, countPlan, p.ID).Scan(&taken); err != nil {
			return err
		}
		if taken > 0 || p.ID == "" {
			return geo.NewInputError("plans", geo.Finding{Rule: "plan-refused", Feature: p.ID,
				Detail: "a plan needs an id of its own and is never changed", Remedy: "give the new plan a new id"})
		}
		if err := insertWholePlan(ctx, t, p); err != nil {
			return err
		}
		return t.log(ctx, geo.Change{At: at, Kind: "plan.saved", ID: p.ID, Version: 1})
	})
	if err != nil {
		return fmt.Errorf("save plan %s: %w", p.ID, err)
	}
	return nil
}

func insertWholePlan(ctx context.Context, t *tx, p patrol.Plan) error {
	t.touch("plans", false)
	if _, err := t.ExecContext(ctx, insertPlan, p.ID, stamp(p.CreatedAt), known(p.Edition), p.District, p.Profile,
		asJSON(list(p.Units)), asJSON(list(p.Depots)), p.Shift.Seconds(), asSeed(p.Seed), p.StreetMetres,
		p.RouteMetres, p.Shifts, known(p.Bound.Seconds()), p.Note, asJSON(p.Asked)); err != nil {
		return err
	}
	if err := insertRoutes(ctx, t, p.ID, p.Routes); err != nil {
		return err
	}
	return insertMissed(ctx, t, p.ID, p.Missed)
}

// Plan returns the plan of that id, or geo.ErrNotFound.
func (s *Store) Plan(ctx context.Context, id string) (patrol.Plan, error) {
	p, err := s.readPlan(ctx, findPlan, id)
	if err != nil {
		return patrol.Plan{}, fmt.Errorf("plan %s: %w", id, err)
	}
	return p, nil
}

// NewestPlan returns the plan that was made last, or geo.ErrNotFound.
func (s *Store) NewestPlan(ctx context.Context) (patrol.Plan, error) {
	p, err := s.readPlan(ctx, newestPlan)
	if err != nil {
		return patrol.Plan{}, fmt.Errorf("newest plan: %w", err)
	}
	return p, nil
}

func (s *Store) readPlan(ctx context.Context, statement string, args ...any) (p patrol.Plan, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		p, err = loadPlan(ctx, t, statement, args...)
		return err
	})
	return p, err
}

func loadPlan(ctx context.Context, t *sql.Tx, statement string, args ...any) (p patrol.Plan, err error) {
	if p, err = scanPlan(t.QueryRowContext(ctx, statement, args...)); err != nil {
		return p, err
	}
	if p.Routes, err = query(ctx, t, listRoutes, scanRoute, p.ID); err != nil {
		return p, err
	}
	p.Missed, err = query(ctx, t, listMissed, scanMissed, p.ID)
	return p, err
}

func scanPlan(row scanner) (p patrol.Plan, err error) {
	err = row.Scan(&p.ID, moment{&p.CreatedAt}, maybe(&p.Edition), &p.District, &p.Profile, jsonText{&p.Units},
		jsonText{&p.Depots}, seconds{&p.Shift}, seedText{&p.Seed}, &p.StreetMetres, &p.RouteMetres, &p.Shifts,
		seconds{&p.Bound}, &p.Note, jsonText{&p.Asked})
	if errors.Is(err, sql.ErrNoRows) {
		err = geo.ErrNotFound
	}
	return p, err
}

// seconds scans a column of seconds; null leaves zero.
type seconds struct{ into *time.Duration }

// Scan implements sql.Scanner.
func (s seconds) Scan(value any) error {
	var v float64
	err := maybe(&v).Scan(value)
	*s.into = time.Duration(math.Round(v * float64(time.Second)))
	return err
}

func placeIn(plan string, n int) string { return plan + "." + strconv.Itoa(n) }

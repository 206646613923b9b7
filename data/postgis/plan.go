package postgis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

const planColumns = `id, created_at, edition, district, profile, units, depots, shift_seconds, seed,
	street_metres, route_metres, shifts, bound_seconds, note, asked`

const (
	findPlan   = `SELECT ` + planColumns + ` FROM gridbeat.plans WHERE station = $1 AND id = $2`
	newestPlan = `SELECT ` + planColumns + ` FROM gridbeat.plans WHERE station = $1 ORDER BY created_at DESC, made DESC LIMIT 1`
	insertPlan = `INSERT INTO gridbeat.plans (station, ` + planColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING`

	listRoutes = `SELECT unit, shift, metres, seconds, depot, steps, geom FROM gridbeat.patrols
		WHERE station = $1 AND plan = $2 ORDER BY route`
	listMissed = `SELECT street, name, reason, geom FROM gridbeat.missed WHERE station = $1 AND plan = $2 ORDER BY piece`
)

// step is patrol.Step as it stands in the steps column.
type step struct {
	Street  string  `json:"street"`
	Turn    string  `json:"turn"`
	Metres  float64 `json:"metres"`
	Seconds float64 `json:"seconds"`
	Visit   int     `json:"visit,omitempty"`
}

// numbered is a route or a piece of a plan with its place in it, from 1.
type numbered[T any] struct {
	n     int
	value T
}

func number[T any](vs []T) []numbered[T] {
	out := make([]numbered[T], len(vs))
	for i, v := range vs {
		out[i] = numbered[T]{i + 1, v}
	}
	return out
}

func planRoutes(plan string) records[numbered[patrol.Route]] {
	return records[numbered[patrol.Route]]{
		noun: "route", table: "patrols", keyed: 2,
		columns: []string{"plan", "route", "unit", "shift", "metres", "seconds", "depot", "steps", "geom"},
		bind: func(v numbered[patrol.Route]) ([]any, error) {
			r := v.value
			line, err := toWire(r.Line)
			steps := make([]step, len(r.Steps))
			for i, s := range r.Steps {
				steps[i] = step(s)
			}
			return []any{plan, v.n, r.Unit, r.Shift, r.Metres, r.Seconds, asJSON(r.Depot), asJSON(steps), line}, err
		},
	}
}

func planMissed(plan string) records[numbered[patrol.Missed]] {
	return records[numbered[patrol.Missed]]{
		noun: "missed", table: "missed", keyed: 2,
		columns: []string{"plan", "piece", "street", "name", "reason", "geom"},
		bind: func(v numbered[patrol.Missed]) ([]any, error) {
			line, err := toWire(v.value.Line)
			return []any{plan, v.n, v.value.Street, v.value.Name, v.value.Reason, line}, err
		},
	}
}

// SavePlan saves a plan, which is never changed afterwards: a second plan of the
// same id is refused with a *geo.InputError.
func (s *Store) SavePlan(ctx context.Context, p patrol.Plan, at time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		if err := t.insertPlan(ctx, p); err != nil {
			return err
		}
		t.log(geo.Change{At: at, Kind: "plan.saved", ID: p.ID, Version: 1})
		return nil
	})
	if err != nil {
		return fmt.Errorf("save plan %s: %w", p.ID, err)
	}
	return nil
}

// insertPlan writes a plan with its routes, and refuses one without an id of its own.
func (t *tx) insertPlan(ctx context.Context, p patrol.Plan) error {
	added := int64(0)
	if p.ID != "" {
		tag, err := t.Exec(ctx, insertPlan, t.station, p.ID, stamp(p.CreatedAt), known(p.Edition), p.District, p.Profile,
			list(p.Units), asJSON(list(p.Depots)), p.Shift.Seconds(), asSeed(p.Seed), p.StreetMetres,
			p.RouteMetres, p.Shifts, known(p.Bound.Seconds()), p.Note, asJSON(p.Asked))
		if err != nil {
			return err
		}
		added = tag.RowsAffected()
	}
	if added == 0 {
		return geo.NewInputError("plans", geo.Finding{Rule: "plan-refused", Feature: p.ID,
			Detail: "a plan needs an id of its own and is never changed", Remedy: "give the new plan a new id"})
	}
	if _, err := planRoutes(p.ID).put(ctx, t, number(p.Routes)); err != nil {
		return err
	}
	_, err := planMissed(p.ID).put(ctx, t, number(p.Missed))
	return err
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
	err = s.read(ctx, func(t pgx.Tx) error {
		p, err = loadPlan(ctx, t, s.station, statement, args...)
		return err
	})
	return p, err
}

func loadPlan(ctx context.Context, t pgx.Tx, station int32, statement string, args ...any) (p patrol.Plan, err error) {
	if p, err = scanPlan(t.QueryRow(ctx, statement, append([]any{station}, args...)...)); err != nil {
		return p, err
	}
	if p.Routes, err = query(ctx, t, station, listRoutes, scanRoute, p.ID); err != nil {
		return p, err
	}
	p.Missed, err = query(ctx, t, station, listMissed, scanMissed, p.ID)
	return p, err
}

func scanPlan(row pgx.Row) (p patrol.Plan, err error) {
	var edition *int
	var shift float64
	var bound *float64
	var seed string
	err = row.Scan(&p.ID, &p.CreatedAt, &edition, &p.District, &p.Profile, &p.Units, &p.Depots, &shift, &seed,
		&p.StreetMetres, &p.RouteMetres, &p.Shifts, &bound, &p.Note, &p.Asked)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, geo.ErrNotFound
	}
	if err != nil {
		return p, err
	}
	p.Edition, p.Shift, p.Bound = orZero(edition), duration(shift), duration(orZero(bound))
	return p, parseSeed(seed, &p.Seed)
}

func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds * float64(time.Second)))
}

func scanRoute(row pgx.CollectableRow) (r patrol.Route, err error) {
	var steps []step
	err = row.Scan(&r.Unit, &r.Shift, &r.Metres, &r.Seconds, &r.Depot, &steps, shapeOf(&r.Line))
	for _, s := range steps {
		r.Steps = append(r.Steps, patrol.Step(s))
	}
	return r, err
}

func scanMissed(row pgx.CollectableRow) (m patrol.Missed, err error) {
	err = row.Scan(&m.Street, &m.Name, &m.Reason, shapeOf(&m.Line))
	return m, err
}

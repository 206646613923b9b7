package gpkg

import (
	"context"
	"time"

	"gridbeat/routing/patrol"
)

const (
	unitColumns = `id, version, name, profile, district, skills, retired, simulated`
	listUnits   = `SELECT ` + unitColumns + ` FROM units ORDER BY id`
	findUnit    = `SELECT ` + unitColumns + ` FROM units WHERE id = ?1`
	insertUnit  = `INSERT INTO units (` + unitColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	updateUnit  = `UPDATE units SET version = ?2, name = ?3, profile = ?4, district = ?5, skills = ?6, retired = ?7,
		simulated = ?8 WHERE id = ?1`

	shiftColumns = `id, version, unit, starts_at, ends_at, people, plan, cancelled, simulated`
	listShifts   = `SELECT ` + shiftColumns + ` FROM shifts WHERE ends_at > ?1 AND starts_at < ?2 ORDER BY starts_at, id`
	findShift    = `SELECT ` + shiftColumns + ` FROM shifts WHERE id = ?1`
	insertShift  = `INSERT INTO shifts (` + shiftColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	updateShift  = `UPDATE shifts SET version = ?2, unit = ?3, starts_at = ?4, ends_at = ?5, people = ?6, plan = ?7,
		cancelled = ?8, simulated = ?9 WHERE id = ?1`
)

var units = records[patrol.Unit]{
	noun: "unit", table: "units", keyed: 1,
	find: findUnit, insert: insertUnit, update: updateUnit,
	bind: func(v patrol.Unit) ([]any, error) {
		return []any{v.ID, v.Version, v.Name, v.Profile, v.District, asJSON(list(v.Skills)), v.Retired, v.Simulated}, nil
	},
}

func scanUnit(row scanner) (v patrol.Unit, err error) {
	return v, row.Scan(&v.ID, &v.Version, &v.Name, &v.Profile, &v.District, jsonText{&v.Skills}, &v.Retired, &v.Simulated)
}

var shifts = records[patrol.Shift]{
	noun: "shift", table: "shifts", keyed: 1, names: "unit",
	find: findShift, insert: insertShift, update: updateShift,
	bind: func(v patrol.Shift) ([]any, error) {
		return []any{v.ID, v.Version, v.Unit, v.Starts, v.Ends, asJSON(list(v.People)), v.Plan, v.Cancelled, v.Simulated}, v.Check()
	},
}

func scanShift(row scanner) (v patrol.Shift, err error) {
	return v, row.Scan(&v.ID, &v.Version, &v.Unit, moment{&v.Starts}, moment{&v.Ends}, jsonText{&v.People}, &v.Plan,
		&v.Cancelled, &v.Simulated)
}

// SaveUnit saves the next version of a unit.
func (s *Store) SaveUnit(ctx context.Context, u patrol.Unit, at time.Time) error {
	return saveNext(ctx, s, units, u, u.ID, u.Version, at)
}

// Units lists the units by id.
func (s *Store) Units(ctx context.Context) ([]patrol.Unit, error) {
	return readAll(ctx, s, "units", listUnits, scanUnit)
}

// Unit returns the unit of that id, or geo.ErrNotFound.
func (s *Store) Unit(ctx context.Context, id string) (patrol.Unit, error) {
	return readOne(ctx, s, "unit "+id, findUnit, scanUnit, id)
}

// SaveShift saves the next version of a shift.
func (s *Store) SaveShift(ctx context.Context, v patrol.Shift, at time.Time) error {
	return saveNext(ctx, s, shifts, v, v.ID, v.Version, at)
}

// Shifts lists the shifts that overlap since <= t < until by their start and id; a zero
// time is no limit.
func (s *Store) Shifts(ctx context.Context, since, until time.Time) ([]patrol.Shift, error) {
	end := endOfTime
	if !until.IsZero() {
		end = stamp(until)
	}
	return readAll(ctx, s, "shifts", listShifts, scanShift, stamp(since), end)
}

// Shift returns the shift of that id, or geo.ErrNotFound.
func (s *Store) Shift(ctx context.Context, id string) (patrol.Shift, error) {
	return readOne(ctx, s, "shift "+id, findShift, scanShift, id)
}

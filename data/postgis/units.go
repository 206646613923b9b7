package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

const (
	findUnits = `SELECT id, version, name, profile, district, skills, retired, simulated FROM gridbeat.units WHERE station = $1`
	listUnits = findUnits + ` ORDER BY id COLLATE "C"`
	findUnit  = findUnits + ` AND id = $2`

	findShifts = `SELECT id, version, unit, starts_at, ends_at, people, plan, cancelled, simulated
		FROM gridbeat.shifts WHERE station = $1`
	listShifts = findShifts + ` AND ($2::timestamptz IS NULL OR ends_at > $2) AND ($3::timestamptz IS NULL OR starts_at < $3)
		ORDER BY starts_at, id COLLATE "C"`
	findShift = findShifts + ` AND id = $2`

	findNotices = `SELECT id, version, aim, title, text, grids, author, created_at, valid_until, deliveries, simulated
		FROM gridbeat.notices WHERE station = $1`
	listNotices = findNotices + ` ORDER BY created_at, id COLLATE "C"`
	findNotice  = findNotices + ` AND id = $2`
)

var units = records[patrol.Unit]{
	noun: "unit", table: "units", keyed: 1,
	columns: []string{"id", "version", "name", "profile", "district", "skills", "retired", "simulated"},
	bind: func(v patrol.Unit) ([]any, error) {
		return []any{v.ID, v.Version, v.Name, v.Profile, v.District, list(v.Skills), v.Retired, v.Simulated}, nil
	},
}

func scanUnit(row pgx.CollectableRow) (v patrol.Unit, err error) {
	err = row.Scan(&v.ID, &v.Version, &v.Name, &v.Profile, &v.District, &v.Skills, &v.Retired, &v.Simulated)
	return v, err
}

var shifts = records[patrol.Shift]{
	noun: "shift", table: "shifts", keyed: 1, names: "unit",
	columns: []string{"id", "version", "unit", "starts_at", "ends_at", "people", "plan", "cancelled", "simulated"},
	bind: func(v patrol.Shift) ([]any, error) {
		return []any{v.ID, v.Version, v.Unit, stamp(v.Starts), stamp(v.Ends), list(v.People), v.Plan, v.Cancelled, v.Simulated}, v.Check()
	},
}

func scanShift(row pgx.CollectableRow) (v patrol.Shift, err error) {
	err = row.Scan(&v.ID, &v.Version, &v.Unit, &v.Starts, &v.Ends, &v.People, &v.Plan, &v.Cancelled, &v.Simulated)
	return v, err
}

var notices = records[dispatch.Notice]{
	noun: "notice", table: "notices", keyed: 1,
	columns: []string{"id", "version", "aim", "title", "text", "grids", "author", "created_at", "valid_until", "deliveries", "simulated"},
	bind: func(v dispatch.Notice) ([]any, error) {
		return []any{v.ID, v.Version, string(v.Aim), v.Title, v.Text, list(v.Grids), v.Author, stamp(v.CreatedAt), known(v.ValidUntil),
			asJSON(list(v.Deliveries)), v.Simulated}, v.Check()
	},
}

func scanNotice(row pgx.CollectableRow) (v dispatch.Notice, err error) {
	var until *time.Time
	err = row.Scan(&v.ID, &v.Version, &v.Aim, &v.Title, &v.Text, &v.Grids, &v.Author, &v.CreatedAt, &until, &v.Deliveries, &v.Simulated)
	v.ValidUntil = orZero(until)
	return v, err
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
	return readAll(ctx, s, "shifts", listShifts, scanShift, known(since), known(until))
}

// Shift returns the shift of that id, or geo.ErrNotFound.
func (s *Store) Shift(ctx context.Context, id string) (patrol.Shift, error) {
	return readOne(ctx, s, "shift "+id, findShift, scanShift, id)
}

// SaveNotice saves the next version of a notice.
func (s *Store) SaveNotice(ctx context.Context, n dispatch.Notice, at time.Time) error {
	return saveNext(ctx, s, notices, n, n.ID, n.Version, at)
}

// Notices lists the notices by the time when they were made, then by id.
func (s *Store) Notices(ctx context.Context) ([]dispatch.Notice, error) {
	return readAll(ctx, s, "notices", listNotices, scanNotice)
}

// Notice returns the notice of that id, or geo.ErrNotFound.
func (s *Store) Notice(ctx context.Context, id string) (dispatch.Notice, error) {
	return readOne(ctx, s, "notice "+id, findNotice, scanNotice, id)
}

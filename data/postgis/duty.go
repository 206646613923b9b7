package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

const (
	listPeople = `SELECT id, name, role, duty_phone, grid, district, simulated FROM gridbeat.people
		WHERE station = $1 ORDER BY id COLLATE "C"`
	incidentColumns = `id, version, number, category, priority, state, grid, district, how, metres, level, responsible,
		text, reported_at, answer_due_at, close_due_at, simulated, geom`
	listIncidents = `SELECT ` + incidentColumns + ` FROM gridbeat.incidents
		WHERE station = $1 ORDER BY reported_at, id COLLATE "C"`
	listPositions = `SELECT at, unit, simulated, accuracy_metres, geom FROM gridbeat.tracks
		WHERE station = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
		ORDER BY at, unit COLLATE "C", simulated`
)

var people = records[dispatch.Person]{
	noun: "person", table: "people", keyed: 1,
	columns: []string{"id", "name", "role", "duty_phone", "grid", "district", "simulated"},
	bind: func(v dispatch.Person) ([]any, error) {
		return []any{v.ID, v.Name, string(v.Role), v.DutyPhone, v.Grid, v.District, v.Simulated}, nil
	},
}

// SavePeople adds or changes people by id.
func (s *Store) SavePeople(ctx context.Context, ps []dispatch.Person, at time.Time) (geo.Counts, error) {
	return addAll(ctx, s, people, "people", ps, at)
}

// People lists the people by id.
func (s *Store) People(ctx context.Context) ([]dispatch.Person, error) {
	return readAll(ctx, s, "people", listPeople, scanPerson)
}

func scanPerson(row pgx.CollectableRow) (v dispatch.Person, err error) {
	err = row.Scan(&v.ID, &v.Name, &v.Role, &v.DutyPhone, &v.Grid, &v.District, &v.Simulated)
	return v, err
}

var incidents = records[dispatch.Incident]{
	noun: "incident", table: "incidents", keyed: 1, versioned: true,
	columns: []string{"id", "version", "number", "category", "priority", "state", "grid", "district", "how", "metres", "level",
		"responsible", "text", "reported_at", "answer_due_at", "close_due_at", "simulated", "geom"},
	bind: func(v dispatch.Incident) ([]any, error) {
		at, err := toWire(v.Point)
		return []any{v.ID, v.Version, v.Number, string(v.Category), string(v.Priority), string(v.State), v.Grid, v.District,
			string(v.How), float64(v.Metres), string(v.Level), v.Responsible, v.Text, stamp(v.ReportedAt),
			known(v.AnswerDueAt), known(v.CloseDueAt), v.Simulated, at}, err
	},
}

func scanIncident(row pgx.CollectableRow) (dispatch.Incident, error) { return scanIncidentRow(row) }

func scanIncidentRow(row pgx.Row) (v dispatch.Incident, err error) {
	var answer, closing *time.Time
	err = row.Scan(&v.ID, &v.Version, &v.Number, &v.Category, &v.Priority, &v.State, &v.Grid, &v.District, &v.How,
		&v.Metres, &v.Level, &v.Responsible, &v.Text, &v.ReportedAt, &answer, &closing, &v.Simulated, shapeOf(&v.Point))
	v.AnswerDueAt, v.CloseDueAt = orZero(answer), orZero(closing)
	return v, err
}

// SaveIncidents adds or changes incidents by id; one that differs from the stored
// one must have a higher version, else it is geo.ErrStale. Each has its own entry in the change log.
func (s *Store) SaveIncidents(ctx context.Context, is []dispatch.Incident, at time.Time) (counts geo.Counts, err error) {
	err = s.write(ctx, func(t *tx) error {
		done, err := t.saveIncidents(ctx, is, "", at)
		if err != nil {
			return err
		}
		counts = done.Counts
		return nil
	})
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save incidents: %w", err)
	}
	return counts, nil
}

// Incidents lists the incidents by the time of their report, then by id.
func (s *Store) Incidents(ctx context.Context) ([]dispatch.Incident, error) {
	return readAll(ctx, s, "incidents", listIncidents, scanIncident)
}

// positions have their simulated mark in their identity, so that a simulated fix
// never takes the place of a real one.
var positions = records[patrol.Position]{
	noun: "position", table: "tracks", keyed: 3, repeats: true,
	columns: []string{"at", "unit", "simulated", "accuracy_metres", "geom"},
	bind: func(v patrol.Position) ([]any, error) {
		point, err := toWire(v.Point)
		return []any{stamp(v.At), v.Unit, v.Simulated, known(v.Accuracy), point}, err
	},
}

// SavePositions adds fixes; a second fix of a unit at the same millisecond takes
// the place of the first.
func (s *Store) SavePositions(ctx context.Context, ps []patrol.Position, at time.Time) (geo.Counts, error) {
	return addAll(ctx, s, positions, "positions", ps, at)
}

// Positions lists the fixes from since on and before until, by time and unit; a
// zero time is no limit.
func (s *Store) Positions(ctx context.Context, since, until time.Time) ([]patrol.Position, error) {
	return readAll(ctx, s, "positions", listPositions, scanPosition, known(since), known(until))
}

func scanPosition(row pgx.CollectableRow) (v patrol.Position, err error) {
	var accuracy *float64
	err = row.Scan(&v.At, &v.Unit, &v.Simulated, &accuracy, shapeOf(&v.Point))
	v.Accuracy = orZero(accuracy)
	return v, err
}

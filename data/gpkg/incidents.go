package gpkg

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

const incidentColumns = `id, version, number, category, priority, state, grid, district, how, metres, level,
	responsible, text, reported_at, answer_due_at, close_due_at, simulated, geom`

const (
	listIncidents = `SELECT ` + incidentColumns + ` FROM incidents ORDER BY reported_at, id`
	findIncident  = `SELECT ` + incidentColumns + ` FROM incidents WHERE id = ?1`

	logIncidents = `INSERT INTO changes (at, actor, kind, id, version)
		SELECT ?1, ?2, CASE WHEN m.place IS NULL THEN 'incident.created' ELSE 'incident.changed' END, s.id, s.version FROM `

	insertIncident = `INSERT INTO incidents (` + incidentColumns + `)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)`
	updateIncident = `UPDATE incidents SET version = ?2, number = ?3, category = ?4, priority = ?5, state = ?6,
		grid = ?7, district = ?8, how = ?9, metres = ?10, level = ?11, responsible = ?12, text = ?13,
		reported_at = ?14, answer_due_at = ?15, close_due_at = ?16, simulated = ?17, geom = ?18 WHERE id = ?1`
)

var incidents = records[dispatch.Incident]{
	noun: "incident", table: "incidents", layer: true, keyed: 1,
	find: findIncident, insert: insertIncident, update: updateIncident,
	bind: func(v dispatch.Incident) ([]any, error) {
		at, err := encode(v.Point)
		return []any{v.ID, v.Version, v.Number, v.Category, v.Priority, v.State, v.Grid, v.District, v.How, v.Metres,
			v.Level, v.Responsible, v.Text, v.ReportedAt, known(v.AnswerDueAt), known(v.CloseDueAt), v.Simulated, at}, err
	},
	older: func(stored []any, v dispatch.Incident) bool { return stored[1].(int64) >= int64(v.Version) },
}

func scanIncident(row scanner) (v dispatch.Incident, err error) {
	var at []byte
	if err := row.Scan(&v.ID, &v.Version, &v.Number, &v.Category, &v.Priority, &v.State, &v.Grid, &v.District, &v.How,
		&v.Metres, &v.Level, &v.Responsible, &v.Text, moment{&v.ReportedAt}, moment{&v.AnswerDueAt},
		moment{&v.CloseDueAt}, &v.Simulated, &at); err != nil {
		return v, err
	}
	v.Point, err = decode[orb.Point](at)
	return v, err
}

// SaveIncidents adds or changes incidents by id; one that differs from the stored
// one must have a higher version, else it is geo.ErrStale. Each has its own entry in the change log.
func (s *Store) SaveIncidents(ctx context.Context, is []dispatch.Incident, at time.Time) (counts geo.Counts, err error) {
	if len(is) <= few {
		err = s.write(ctx, func(t *tx) error {
			counts, err = saveFewIncidents(ctx, t, is, at)
			return err
		})
	} else {
		err = landAll(ctx, s, incidents, is, func(t *tx, p *staged[dispatch.Incident], c geo.Counts) error {
			counts = c
			return logStaged(ctx, t, p, is, at)
		})
	}
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save incidents: %w", err)
	}
	return counts, nil
}

// LoadIncidents is SaveIncidents in steps: each is a transaction of its own and so short
// that others can write between them. All are checked before the first, and told is
// called after each. When a step fails the ones before it stay; the same load, done
// again, does the rest.
func (s *Store) LoadIncidents(ctx context.Context, is []dispatch.Incident, at time.Time, told func(done, total int)) (geo.Counts, error) {
	counts, err := loadAll(ctx, s, incidents, is, told, func(t *tx, p *staged[dispatch.Incident], step []dispatch.Incident, _ geo.Counts) error {
		return logStaged(ctx, t, p, step, at)
	})
	if err != nil {
		return counts, fmt.Errorf("load incidents: %w", err)
	}
	return counts, nil
}

// logStaged writes the entries of incidents that have landed, and notes their numbers.
func logStaged(ctx context.Context, t *tx, p *staged[dispatch.Incident], is []dispatch.Incident, at time.Time) error {
	t.touch("changes", false)
	if _, err := t.ExecContext(ctx, logIncidents+p.fates()+` ORDER BY s.place`, stamp(at), geo.Actor(ctx)); err != nil {
		return err
	}
	return noteNumbers(ctx, t, is...)
}

func saveFewIncidents(ctx context.Context, t *tx, is []dispatch.Incident, at time.Time) (geo.Counts, error) {
	w, err := incidents.open(ctx, t)
	if err != nil {
		return geo.Counts{}, err
	}
	for _, v := range is {
		if err := saveIncident(ctx, w, v, "", at); err != nil {
			return geo.Counts{}, err
		}
	}
	return w.counts, nil
}

func saveIncident(ctx context.Context, w *rowWriter[dispatch.Incident], v dispatch.Incident, actor string, at time.Time) error {
	what, err := w.put(ctx, v)
	if err != nil || what == unchanged {
		return err
	}
	if err := noteNumbers(ctx, w.tx, v); err != nil {
		return err
	}
	kind := "incident.created"
	if what == changed {
		kind = "incident.changed"
	}
	return w.tx.log(ctx, geo.Change{At: at, Actor: actor, Kind: kind, ID: v.ID, Version: v.Version})
}

// noteNumbers keeps the numbers that incidents bring with them from being given again.
func noteNumbers(ctx context.Context, t *tx, is ...dispatch.Incident) error {
	last := map[string]int{}
	for _, i := range is {
		if day, count, ok := dispatch.ParseNumber(i.Number); ok {
			last[day] = max(last[day], count)
		}
	}
	for _, day := range slices.Sorted(maps.Keys(last)) {
		if _, err := t.ExecContext(ctx, noteNumber, day, last[day]); err != nil {
			return err
		}
	}
	return nil
}

// Incidents lists the incidents by the time of their report, then by id.
func (s *Store) Incidents(ctx context.Context) ([]dispatch.Incident, error) {
	return readAll(ctx, s, "incidents", listIncidents, scanIncident)
}

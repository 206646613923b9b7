package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

const (
	findKey    = `SELECT fingerprint, incident FROM idempotency_keys WHERE key = ?1`
	insertKey  = `INSERT INTO idempotency_keys (key, fingerprint, incident, at) VALUES (?1, ?2, ?3, ?4)`
	deleteKeys = `DELETE FROM idempotency_keys WHERE at < ?1`

	nextNumber = `INSERT INTO incident_days (day, last) VALUES (?1, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last`
	noteNumber = `INSERT INTO incident_days (day, last) VALUES (?1, ?2) ON CONFLICT (day) DO UPDATE SET last = max(last, excluded.last)`

	historyColumns = `incident, version, at, actor, from_state, to_state, reason, outcome, level, responsible`
	insertHistory  = `INSERT INTO incident_history (` + historyColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	listHistory    = `SELECT ` + historyColumns + ` FROM incident_history WHERE incident = ?1 ORDER BY version`
	listHistories  = `SELECT ` + historyColumns + ` FROM incident_history ORDER BY incident, version`

	pageIncidents = `SELECT ` + incidentColumns + ` FROM incidents
		WHERE (?1 = '' OR category = ?1) AND (?2 = '' OR state = ?2) AND (?3 = '' OR grid = ?3) AND (?4 = '' OR district = ?4)`
	// onlyOpen is word for word the condition of the index incidents_open.
	onlyOpen  = ` AND state NOT IN ('` + dispatch.Closed + `', '` + dispatch.Duplicate + `', '` + dispatch.Referred + `')`
	behind    = ` AND (reported_at, id) < (?6, ?7)`
	pageOrder = ` ORDER BY reported_at DESC, id DESC LIMIT ?5`
)

// CreateIncident saves a new incident, version 1, under the next number of its day,
// with the first entry of its history. A key that came before with the same request
// gives the incident that was made then, and created is false; with another request
// it is geo.ErrKeyReused.
func (s *Store) CreateIncident(ctx context.Context, i dispatch.Incident, in dispatch.Intake) (stored dispatch.Incident, created bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		if known, err := t.knownKey(ctx, in); known != "" || err != nil {
			if err == nil {
				stored, err = loadIncident(ctx, t.Tx, known)
			}
			return err
		}
		created = true
		stored, err = t.createIncident(ctx, i, in)
		return err
	})
	if err != nil {
		return dispatch.Incident{}, false, fmt.Errorf("create incident: %w", err)
	}
	return stored, created, nil
}

// knownKey returns the incident that the key stands for, "" when it is new.
func (t *tx) knownKey(ctx context.Context, in dispatch.Intake) (incident string, err error) {
	if in.Key == "" {
		return "", nil
	}
	var fingerprint string
	err = t.QueryRowContext(ctx, findKey, in.Key).Scan(&fingerprint, &incident)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err == nil && fingerprint != in.Fingerprint:
		return "", geo.ErrKeyReused
	}
	return incident, err
}

func (t *tx) createIncident(ctx context.Context, i dispatch.Incident, in dispatch.Intake) (dispatch.Incident, error) {
	var count int
	if err := t.QueryRowContext(ctx, nextNumber, in.Day).Scan(&count); err != nil {
		return i, err
	}
	i.Number, i.Version = dispatch.FormatNumber(in.Day, count), 1
	w, err := incidents.open(ctx, t)
	if err != nil {
		return i, err
	}
	err = saveIncident(ctx, w, i, in.Actor, in.At)
	if errors.Is(err, geo.ErrStale) || err == nil && w.counts.Added != 1 {
		return i, refused("incident", i.ID, errors.New("its id is taken"))
	}
	if err != nil {
		return i, err
	}
	if err := t.addHistory(ctx, i.Opened(in.Actor)); err != nil {
		return i, err
	}
	if in.Key != "" {
		if _, err := t.ExecContext(ctx, deleteKeys, stamp(in.At.Add(-dispatch.KeyLifetime))); err != nil {
			return i, err
		}
		if _, err := t.ExecContext(ctx, insertKey, in.Key, in.Fingerprint, i.ID, stamp(in.At)); err != nil {
			return i, err
		}
	}
	return loadIncident(ctx, t.Tx, i.ID)
}

func (t *tx) addHistory(ctx context.Context, e dispatch.Entry) error {
	t.touch("incident_history", false)
	_, err := t.ExecContext(ctx, insertHistory, e.Incident, e.Version, stamp(e.At), e.Actor, e.From, e.To, e.Reason,
		e.Outcome, e.Level, e.Responsible)
	return err
}

// AdvanceIncident saves the incident as a step left it, with the step's entry. Its
// version must be one more than the stored one, else it is geo.ErrStale; an incident
// that is not there is geo.ErrNotFound.
func (s *Store) AdvanceIncident(ctx context.Context, i dispatch.Incident, e dispatch.Entry) error {
	err := s.write(ctx, func(t *tx) error {
		stored, err := loadIncident(ctx, t.Tx, i.ID)
		if err != nil {
			return err
		}
		if err := (geo.Next{Noun: "incident", ID: i.ID, Version: i.Version}).Follows(stored.Version); err != nil {
			return err
		}
		w, err := incidents.open(ctx, t)
		if err != nil {
			return err
		}
		if err := saveIncident(ctx, w, i, e.Actor, e.At); err != nil {
			return err
		}
		return t.addHistory(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("incident %s: %w", i.ID, err)
	}
	return nil
}

// Incident returns the incident of that id, or geo.ErrNotFound.
func (s *Store) Incident(ctx context.Context, id string) (i dispatch.Incident, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		i, err = loadIncident(ctx, t, id)
		return err
	})
	if err != nil {
		return dispatch.Incident{}, fmt.Errorf("incident %s: %w", id, err)
	}
	return i, nil
}

func loadIncident(ctx context.Context, t *sql.Tx, id string) (dispatch.Incident, error) {
	i, err := scanIncident(t.QueryRowContext(ctx, findIncident, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = geo.ErrNotFound
	}
	return i, err
}

// History lists what happened to an incident, in order; nothing for one that came in
// as a whole from a file.
func (s *Store) History(ctx context.Context, id string) ([]dispatch.Entry, error) {
	return readAll(ctx, s, "history", listHistory, scanEntry, id)
}

func scanEntry(row scanner) (e dispatch.Entry, err error) {
	err = row.Scan(&e.Incident, &e.Version, moment{&e.At}, &e.Actor, &e.From, &e.To, &e.Reason, &e.Outcome, &e.Level, &e.Responsible)
	return e, err
}

// FindIncidents lists the incidents that a query chooses, the newest first. Who goes
// on behind the last of each page misses none that was there all the while.
func (s *Store) FindIncidents(ctx context.Context, q dispatch.Query) ([]dispatch.Incident, error) {
	limit := -1
	if q.Limit > 0 {
		limit = q.Limit
	}
	statement, args := pageIncidents, []any{q.Category, q.State, q.Grid, q.District, limit}
	if q.Open {
		statement += onlyOpen
	}
	if q.After.ID != "" {
		statement += behind
		args = append(args, stamp(q.After.ReportedAt), q.After.ID)
	}
	return readAll(ctx, s, "incidents", statement+pageOrder, scanIncident, args...)
}

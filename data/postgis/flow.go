package postgis

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

const (
	// A key that two requests bring at once makes the second wait for the first.
	keyLock = 0x67626964 // "gbid"
	lockKey = `SELECT pg_advisory_xact_lock($1, hashtext($2))`
	findKey = `SELECT fingerprint, incident FROM gridbeat.idempotency_keys WHERE station = $1 AND key = $2`
	// touchKey makes the answer to a repeated request wait, at its commit, until all that
	// its first sending wrote is confirmed too.
	touchKey   = `UPDATE gridbeat.idempotency_keys SET incident = incident WHERE station = $1 AND key = $2`
	insertKey  = `INSERT INTO gridbeat.idempotency_keys (station, key, fingerprint, incident, at) VALUES ($1, $2, $3, $4, $5)`
	deleteKeys = `DELETE FROM gridbeat.idempotency_keys WHERE station = $1 AND at < $2`

	nextNumber = `INSERT INTO gridbeat.incident_days AS d (station, day, last) VALUES ($1, $2, 1)
		ON CONFLICT (station, day) DO UPDATE SET last = d.last + 1 RETURNING last`
	noteNumbers = `INSERT INTO gridbeat.incident_days AS d (station, day, last)
		SELECT $1, n.day, n.count FROM unnest($2::text[], $3::integer[]) AS n (day, count)
		ON CONFLICT (station, day) DO UPDATE SET last = greatest(d.last, excluded.last)`

	historyColumns = `incident, version, at, actor, from_state, to_state, reason, outcome, level, responsible`
	insertHistory  = `INSERT INTO gridbeat.incident_history (station, ` + historyColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	listHistory = `SELECT ` + historyColumns + ` FROM gridbeat.incident_history
		WHERE station = $1 AND incident = $2 ORDER BY version`
	listHistories = `SELECT ` + historyColumns + ` FROM gridbeat.incident_history
		WHERE station = $1 ORDER BY incident COLLATE "C", version`

	findIncident  = `SELECT ` + incidentColumns + ` FROM gridbeat.incidents WHERE station = $1 AND id = $2`
	pageIncidents = `SELECT ` + incidentColumns + ` FROM gridbeat.incidents WHERE station = $1
		AND ($2 = '' OR category = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR grid = $4) AND ($5 = '' OR district = $5)`
	// onlyOpen is word for word the condition of the index incidents_open.
	onlyOpen  = ` AND state NOT IN ('` + dispatch.Closed + `', '` + dispatch.Duplicate + `', '` + dispatch.Referred + `')`
	behind    = ` AND (reported_at, id COLLATE "C") < ($7, $8)`
	pageOrder = ` ORDER BY reported_at DESC, id COLLATE "C" DESC LIMIT $6`
)

// CreateIncident saves a new incident, version 1, under the next number of its day,
// with the first entry of its history. A key that came before with the same request
// gives the incident that was made then, and created is false; with another request
// it is geo.ErrKeyReused.
func (s *Store) CreateIncident(ctx context.Context, i dispatch.Incident, in dispatch.Intake) (stored dispatch.Incident, created bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		created = false
		if known, err := t.knownKey(ctx, in); known != "" || err != nil {
			if err == nil {
				stored, err = loadIncident(ctx, t.Tx, t.station, known)
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
	if _, err := t.Exec(ctx, lockKey, keyLock, fmt.Sprint(t.station, " ", in.Key)); err != nil {
		return "", err
	}
	var fingerprint string
	err = t.QueryRow(ctx, findKey, t.station, in.Key).Scan(&fingerprint, &incident)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil
	case err == nil && fingerprint != in.Fingerprint:
		return "", geo.ErrKeyReused
	case err == nil:
		_, err = t.Exec(ctx, touchKey, t.station, in.Key)
	}
	return incident, err
}

func (t *tx) createIncident(ctx context.Context, i dispatch.Incident, in dispatch.Intake) (dispatch.Incident, error) {
	var count int
	if err := t.QueryRow(ctx, nextNumber, t.station, in.Day).Scan(&count); err != nil {
		return i, err
	}
	i.Number, i.Version = dispatch.FormatNumber(in.Day, count), 1
	if err := incidents.insertOne(ctx, t, i); err != nil {
		return i, err
	}
	t.log(geo.Change{At: in.At, Actor: in.Actor, Kind: "incident.created", ID: i.ID, Version: i.Version})
	if err := t.addHistory(ctx, i.Opened(in.Actor)); err != nil {
		return i, err
	}
	if in.Key != "" {
		if _, err := t.Exec(ctx, deleteKeys, t.station, in.At.Add(-dispatch.KeyLifetime)); err != nil {
			return i, err
		}
		if _, err := t.Exec(ctx, insertKey, t.station, in.Key, in.Fingerprint, i.ID, stamp(in.At)); err != nil {
			return i, err
		}
	}
	return loadIncident(ctx, t.Tx, t.station, i.ID)
}

func (t *tx) addHistory(ctx context.Context, e dispatch.Entry) error {
	_, err := t.Exec(ctx, insertHistory, t.station, e.Incident, e.Version, stamp(e.At), e.Actor, e.From, e.To, e.Reason,
		e.Outcome, e.Level, e.Responsible)
	return err
}

// saveIncidents adds or changes incidents, each with its own entry in the change log.
func (t *tx) saveIncidents(ctx context.Context, is []dispatch.Incident, actor string, at time.Time) (settled, error) {
	done, err := incidents.put(ctx, t, is)
	if err != nil {
		return done, err
	}
	all := make([]int, len(is))
	for place := range is {
		all[place] = place
	}
	return done, t.logIncidents(ctx, is, all, done, actor, at)
}

// logIncidents notes what became of the incidents at some places, and their numbers.
func (t *tx) logIncidents(ctx context.Context, is []dispatch.Incident, places []int, done settled, actor string, at time.Time) error {
	saved := make([]dispatch.Incident, 0, len(places))
	for _, place := range places {
		i := is[place]
		saved = append(saved, i)
		if kind := done.kind(place); kind != "" {
			t.log(geo.Change{At: at, Actor: actor, Kind: "incident." + kind, ID: i.ID, Version: i.Version})
		}
	}
	return t.noteNumbers(ctx, saved)
}

// noteNumbers keeps the numbers that incidents bring with them from being given again.
func (t *tx) noteNumbers(ctx context.Context, is []dispatch.Incident) error {
	last := map[string]int32{}
	for _, i := range is {
		if day, count, ok := dispatch.ParseNumber(i.Number); ok {
			last[day] = max(last[day], int32(count))
		}
	}
	if len(last) == 0 {
		return nil
	}
	days := slices.Sorted(maps.Keys(last)) // one order, so that writers wait in no circle
	counts := make([]int32, len(days))
	for n, day := range days {
		counts[n] = last[day]
	}
	_, err := t.Exec(ctx, noteNumbers, t.station, days, counts)
	return err
}

// AdvanceIncident saves the incident as a step left it, with the step's entry. Its
// version must be one more than the stored one, else it is geo.ErrStale; an incident
// that is not there is geo.ErrNotFound.
func (s *Store) AdvanceIncident(ctx context.Context, i dispatch.Incident, e dispatch.Entry) error {
	err := s.write(ctx, func(t *tx) error {
		stored, err := oneIncident(t.QueryRow(ctx, findIncident+` FOR UPDATE`, t.station, i.ID))
		if err != nil {
			return err
		}
		if err := (geo.Next{Noun: "incident", ID: i.ID, Version: i.Version}).Follows(stored.Version); err != nil {
			return err
		}
		if err := incidents.updateOne(ctx, t, i); err != nil {
			return err
		}
		t.log(geo.Change{At: e.At, Actor: e.Actor, Kind: "incident.changed", ID: i.ID, Version: i.Version})
		return t.addHistory(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("incident %s: %w", i.ID, err)
	}
	return nil
}

// Incident returns the incident of that id, or geo.ErrNotFound.
func (s *Store) Incident(ctx context.Context, id string) (i dispatch.Incident, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		i, err = loadIncident(ctx, t, s.station, id)
		return err
	})
	if err != nil {
		return dispatch.Incident{}, fmt.Errorf("incident %s: %w", id, err)
	}
	return i, nil
}

func loadIncident(ctx context.Context, t pgx.Tx, station int32, id string) (dispatch.Incident, error) {
	return oneIncident(t.QueryRow(ctx, findIncident, station, id))
}

func oneIncident(row pgx.Row) (dispatch.Incident, error) {
	i, err := scanIncidentRow(row)
	if errors.Is(err, pgx.ErrNoRows) {
		err = geo.ErrNotFound
	}
	return i, err
}

// History lists what happened to an incident, in order; nothing for one that came in
// as a whole from a file.
func (s *Store) History(ctx context.Context, id string) ([]dispatch.Entry, error) {
	return readAll(ctx, s, "history", listHistory, scanEntry, id)
}

func scanEntry(row pgx.CollectableRow) (e dispatch.Entry, err error) {
	err = row.Scan(&e.Incident, &e.Version, &e.At, &e.Actor, &e.From, &e.To, &e.Reason, &e.Outcome, &e.Level, &e.Responsible)
	return e, err
}

// FindIncidents lists the incidents that a query chooses, the newest first. Who goes
// on behind the last of each page misses none that was there all the while.
func (s *Store) FindIncidents(ctx context.Context, q dispatch.Query) ([]dispatch.Incident, error) {
	var limit *int
	if q.Limit > 0 {
		limit = &q.Limit
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

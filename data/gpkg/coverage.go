package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

const (
	eachPosition = `SELECT at, unit, simulated, accuracy_metres, geom FROM tracks ORDER BY unit, simulated, at`

	eachTrip = `SELECT unit, simulated, since, until, fixes, digest, visits FROM trips
		WHERE until >= ?1 AND since < ?2 ORDER BY unit, simulated, since`
	findTrip = `SELECT unit, simulated, since, until, fixes, digest, visits FROM trips
		WHERE unit = ?1 AND simulated = ?2 AND since = ?3`
	insertTrip = `INSERT INTO trips (unit, simulated, since, until, fixes, digest, visits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	updateTrip = `UPDATE trips SET until = ?4, fixes = ?5, digest = ?6, visits = ?7 WHERE unit = ?1 AND simulated = ?2 AND since = ?3`
	removeTrip = `DELETE FROM trips WHERE unit = ?1 AND simulated = ?2 AND since = ?3`

	listCoverage = `SELECT street, name, covered_metres, length_metres, last_visit_at, simulated, geom FROM coverage ORDER BY street`
	findCovered  = `SELECT street, name, covered_metres, length_metres, last_visit_at, simulated, geom FROM coverage WHERE street = ?1`

	insertCovered = `INSERT INTO coverage (street, name, covered_metres, length_metres, last_visit_at, simulated, geom)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	updateCovered = `UPDATE coverage SET name = ?2, covered_metres = ?3, length_metres = ?4, last_visit_at = ?5,
		simulated = ?6, geom = ?7 WHERE street = ?1`
)

// visit is patrol.Visit as it stands in the visits column; unit and mark are the trip's.
type visit struct {
	Street     string    `json:"street"`
	From       float64   `json:"from_metres"`
	To         float64   `json:"to_metres"`
	At         time.Time `json:"at"`
	Confidence float64   `json:"confidence"`
}

var trips = records[patrol.Trip]{
	noun: "trip", table: "trips", keyed: 3, find: findTrip, insert: insertTrip, update: updateTrip,
	bind: func(t patrol.Trip) ([]any, error) {
		visits := make([]visit, len(t.Visits))
		for i, v := range t.Visits {
			visits[i] = visit{v.Street, v.From, v.To, v.At.UTC(), v.Confidence}
		}
		return []any{t.Unit, t.Simulated, t.Since, t.Until, t.Fixes, t.Digest, asJSON(visits)}, nil
	},
}

func scanTrip(row scanner) (t patrol.Trip, err error) {
	var visits []visit
	err = row.Scan(&t.Unit, &t.Simulated, moment{&t.Since}, moment{&t.Until}, &t.Fixes, &t.Digest, jsonText{&visits})
	for _, v := range visits {
		t.Visits = append(t.Visits, patrol.Visit{Unit: t.Unit, Simulated: t.Simulated, Street: v.Street,
			From: v.From, To: v.To, At: v.At, Confidence: v.Confidence})
	}
	return t, err
}

// EachPosition calls each with every fix, by unit, real before simulated, and time.
func (s *Store) EachPosition(ctx context.Context, each func(patrol.Position) error) error {
	return readEach(ctx, s, "positions", eachPosition, scanPosition, each)
}

// EachTrip calls each with every trip that overlaps since <= t < until, by unit,
// real before simulated, and time; a zero time is no limit.
func (s *Store) EachTrip(ctx context.Context, since, until time.Time, each func(patrol.Trip) error) error {
	first, end := stamp(since), endOfTime
	if !until.IsZero() {
		end = stamp(until)
	}
	return readEach(ctx, s, "trips", eachTrip, scanTrip, each, first, end)
}

// readEach calls each with one row after the other, of one state of the store.
func readEach[T any](ctx context.Context, s *Store, what, statement string, scan func(scanner) (T, error), each func(T) error, args ...any) error {
	err := s.read(ctx, func(t *sql.Tx) error {
		rows, err := t.QueryContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				return err
			}
			if err := each(v); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// SaveTrips adds or changes trips by unit, mark and beginning, and deletes those
// that are gone.
func (s *Store) SaveTrips(ctx context.Context, ts []patrol.Trip, gone []patrol.TripKey, at time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		w, err := trips.open(ctx, t)
		if err != nil {
			return err
		}
		for _, k := range gone {
			r, err := t.ExecContext(ctx, removeTrip, k.Unit, k.Simulated, stamp(k.Since))
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			w.counts.Retired += int(n)
			t.touch("trips", false)
		}
		if err := w.putAll(ctx, ts); err != nil {
			return err
		}
		if w.counts.Added+w.counts.Changed+w.counts.Retired == 0 {
			return nil
		}
		return t.log(ctx, geo.Change{At: at, Kind: "trips.saved"})
	})
	if err != nil {
		return fmt.Errorf("save trips: %w", err)
	}
	return nil
}

var covered = records[patrol.CoveredStreet]{
	noun: "coverage", table: "coverage", layer: true, keyed: 1, silent: true,
	find: findCovered, insert: insertCovered, update: updateCovered,
	bind: func(c patrol.CoveredStreet) ([]any, error) {
		line, err := encode(c.Line)
		return []any{c.Street, c.Name, c.Covered, c.Length, known(c.Last), c.Simulated, line}, err
	},
}

func scanCovered(row scanner) (c patrol.CoveredStreet, err error) {
	var line []byte
	if err := row.Scan(&c.Street, &c.Name, &c.Covered, &c.Length, moment{&c.Last}, &c.Simulated, &line); err != nil {
		return c, err
	}
	c.Line, err = decode[orb.LineString](line)
	return c, err
}

// SaveCoverage puts the sum by street in the place of the one before it.
func (s *Store) SaveCoverage(ctx context.Context, cs []patrol.CoveredStreet, at time.Time) (counts geo.Counts, err error) {
	err = s.onBench(ctx, func(b *bench) error {
		p, err := layWhole(ctx, b, covered, cs)
		if err != nil {
			return err
		}
		return s.land(ctx, b, func(t *tx) error {
			if counts, err = p.replace(ctx, t, at); err != nil || counts.Added+counts.Changed+counts.Retired == 0 {
				return err
			}
			return t.log(ctx, geo.Change{At: at, Kind: "coverage.saved"})
		})
	})
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save coverage: %w", err)
	}
	return counts, nil
}

// Coverage lists the sum by street, by its id, as it was saved last.
func (s *Store) Coverage(ctx context.Context) ([]patrol.CoveredStreet, error) {
	return readAll(ctx, s, "coverage", listCoverage, scanCovered)
}

package postgis

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

const (
	eachPosition = `SELECT at, unit, simulated, accuracy_metres, geom FROM gridbeat.tracks
		WHERE station = $1 ORDER BY unit COLLATE "C", simulated, at`
	eachTrip = `SELECT unit, simulated, since, until, fixes, digest, visits FROM gridbeat.trips
		WHERE station = $1 AND ($2::timestamptz IS NULL OR until >= $2) AND ($3::timestamptz IS NULL OR since < $3)
		ORDER BY unit COLLATE "C", simulated, since`
	removeTrip   = `DELETE FROM gridbeat.trips WHERE station = $1 AND unit = $2 AND simulated = $3 AND since = $4`
	listCoverage = `SELECT street, name, covered_metres, length_metres, last_visit_at, simulated, geom FROM gridbeat.coverage
		WHERE station = $1 ORDER BY street COLLATE "C"`
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
	noun: "trip", table: "trips", keyed: 3,
	columns: []string{"unit", "simulated", "since", "until", "fixes", "digest", "visits"},
	bind: func(t patrol.Trip) ([]any, error) {
		visits := make([]visit, len(t.Visits))
		for i, v := range t.Visits {
			visits[i] = visit{v.Street, v.From, v.To, v.At.UTC(), v.Confidence}
		}
		return []any{t.Unit, t.Simulated, stamp(t.Since), stamp(t.Until), t.Fixes, t.Digest, asJSON(visits)}, nil
	},
}

func scanTrip(row pgx.CollectableRow) (t patrol.Trip, err error) {
	var text []byte
	var visits []visit
	if err = row.Scan(&t.Unit, &t.Simulated, &t.Since, &t.Until, &t.Fixes, &t.Digest, &text); err == nil {
		err = json.Unmarshal(text, &visits)
	}
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
	return readEach(ctx, s, "trips", eachTrip, scanTrip, each, known(since), known(until))
}

// readEach calls each with one row after the other, of one state of the store.
func readEach[T any](ctx context.Context, s *Store, what, statement string, scan pgx.RowToFunc[T], each func(T) error, args ...any) error {
	err := s.read(ctx, func(t pgx.Tx) error {
		rows, err := t.Query(ctx, statement, append([]any{s.station}, args...)...)
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
		var retired int64
		for _, k := range gone {
			tag, err := t.Exec(ctx, removeTrip, t.station, k.Unit, k.Simulated, stamp(k.Since))
			if err != nil {
				return err
			}
			retired += tag.RowsAffected()
		}
		done, err := trips.put(ctx, t, ts)
		if err != nil {
			return err
		}
		if int64(done.Added+done.Changed)+retired > 0 {
			t.log(geo.Change{At: at, Kind: "trips.saved"})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save trips: %w", err)
	}
	return nil
}

var covered = records[patrol.CoveredStreet]{
	noun: "coverage", table: "coverage", keyed: 1, silent: true,
	columns: []string{"street", "name", "covered_metres", "length_metres", "last_visit_at", "simulated", "geom"},
	bind: func(c patrol.CoveredStreet) ([]any, error) {
		line, err := toWire(c.Line)
		return []any{c.Street, c.Name, c.Covered, c.Length, known(c.Last), c.Simulated, line}, err
	},
}

func scanCovered(row pgx.CollectableRow) (c patrol.CoveredStreet, err error) {
	var last *time.Time
	err = row.Scan(&c.Street, &c.Name, &c.Covered, &c.Length, &last, &c.Simulated, shapeOf(&c.Line))
	c.Last = orZero(last)
	return c, err
}

// SaveCoverage puts the sum by street in the place of the one before it.
func (s *Store) SaveCoverage(ctx context.Context, cs []patrol.CoveredStreet, at time.Time) (counts geo.Counts, err error) {
	err = s.write(ctx, func(t *tx) error {
		if counts, err = covered.replace(ctx, t, cs, at); err != nil {
			return err
		}
		if counts.Added+counts.Changed+counts.Retired > 0 {
			t.log(geo.Change{At: at, Kind: "coverage.saved"})
		}
		return nil
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

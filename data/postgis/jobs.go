package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

const (
	jobColumns = `id, kind, subject, input, state, attempt, worker, stage, done, total, result, error,
		created_at, started_at, ended_at, version`
	findJob    = `SELECT ` + jobColumns + `, payload FROM gridbeat.jobs WHERE station = $1 AND id = $2`
	lockJob    = findJob + ` FOR UPDATE`
	listJobs   = `SELECT ` + jobColumns + `, ''::bytea FROM gridbeat.jobs WHERE station = $1 ORDER BY created_at DESC, made DESC LIMIT $2`
	findJobKey = `SELECT id, fingerprint FROM gridbeat.jobs WHERE station = $1 AND key = $2`
	findTaken  = `SELECT id FROM gridbeat.jobs WHERE station = $1 AND subject = $2 AND state IN ('queued', 'running')`
	insertJob  = `INSERT INTO gridbeat.jobs (station, id, kind, subject, input, payload, state, attempt, delivery, worker,
		stage, done, total, error, created_at, version, key, fingerprint)
		VALUES ($1, $2, $3, $4, $5, $6, 'queued', 1, $7, '', '', 0, 0, '', $8, 1, $9, $10)`

	// touchJobKey makes the answer to a repeated request wait, at its commit, for all that
	// its first sending wrote.
	touchJobKey = `UPDATE gridbeat.jobs SET key = key WHERE station = $1 AND id = $2`

	queueJob = `UPDATE gridbeat.jobs SET state = 'queued', attempt = attempt + 1, delivery = $3, error = $4, lease_until = NULL,
		ended_at = NULL, version = version + 1 WHERE station = $1 AND id = $2`
	stopJob = `UPDATE gridbeat.jobs SET state = $3, result = $4, error = $5, ended_at = $6, lease_until = NULL,
		payload = CASE WHEN $3 = 'done' THEN ''::bytea ELSE payload END, version = version + 1 WHERE station = $1 AND id = $2`
	startJob = `UPDATE gridbeat.jobs SET state = 'running', worker = $4, lease_until = clock_timestamp() + $5::interval,
		stage = '', done = 0, total = 0, started_at = $6, version = version + 1
		WHERE station = $1 AND id = $2 AND attempt = $3 AND state = 'queued'`
	keepJob = `UPDATE gridbeat.jobs SET lease_until = clock_timestamp() + $4::interval,
		stage = CASE WHEN $5 = '' THEN stage ELSE $5 END, done = CASE WHEN $5 = '' THEN done ELSE $6 END,
		total = CASE WHEN $5 = '' THEN total ELSE $7 END
		WHERE station = $1 AND id = $2 AND attempt = $3 AND state = 'running'`
	holdJob = `SELECT FROM gridbeat.jobs WHERE station = $1 AND id = $2 AND attempt = $3 AND state = 'running' FOR UPDATE`

	// A waiting job whose delivery River does not have any more, or gave to a worker that
	// did not take it, is lost.
	lostJobs = `SELECT j.id FROM gridbeat.jobs j
		WHERE j.station = $1 AND (j.state = 'running' AND j.lease_until < clock_timestamp()
			OR j.state = 'queued' AND NOT EXISTS (SELECT FROM ` + queueSchema + `.river_job r WHERE r.id = j.delivery
				AND (r.state IN ('available', 'scheduled', 'pending', 'retryable')
					OR r.state = 'running' AND r.attempted_at > clock_timestamp() - interval '20 s')))
		ORDER BY j.made LIMIT 100 FOR UPDATE OF j SKIP LOCKED`
)

func scanJob(row pgx.CollectableRow) (j job.Job, err error) { return scanJobRow(row) }

func scanJobRow(row pgx.Row) (j job.Job, err error) {
	var input string
	var result *string
	var started, ended *time.Time
	err = row.Scan(&j.ID, &j.Kind, &j.Subject, &input, &j.State, &j.Attempt, &j.Worker, &j.Stage, &j.Done, &j.Total, &result,
		&j.Error, &j.CreatedAt, &started, &ended, &j.Version, &j.Payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return j, geo.ErrNotFound
	}
	j.Input, j.StartedAt, j.EndedAt = json.RawMessage(input), orZero(started), orZero(ended)
	if result != nil {
		j.Result = json.RawMessage(*result)
	}
	return j, err
}

// AddJob implements job.Queue.
func (s *Store) AddJob(ctx context.Context, n job.New) (j job.Job, added bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		added = false
		if err := n.Check(); err != nil {
			return refused("job", n.ID, err)
		}
		id, found, err := t.repeatedJob(ctx, n)
		if err != nil {
			return err
		}
		if !found {
			if err := t.insertJob(ctx, n); err != nil {
				return err
			}
			id, added = n.ID, true
		}
		j, err = scanJobRow(t.QueryRow(ctx, findJob, t.station, id))
		return err
	})
	if err != nil {
		return job.Job{}, false, fmt.Errorf("add job %s: %w", n.ID, err)
	}
	return j, added, nil
}

// repeatedJob finds the job that a request with this key added before.
func (t *tx) repeatedJob(ctx context.Context, n job.New) (id string, found bool, err error) {
	if n.Key == "" {
		return "", false, nil
	}
	if _, err := t.Exec(ctx, lockKey, keyLock, "job "+n.Key); err != nil {
		return "", false, err
	}
	var fingerprint string
	err = t.QueryRow(ctx, findJobKey, t.station, n.Key).Scan(&id, &fingerprint)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, err
	case fingerprint != n.Fingerprint:
		return "", false, geo.ErrKeyReused
	}
	_, err = t.Exec(ctx, touchJobKey, t.station, id)
	return id, true, err
}

func (t *tx) insertJob(ctx context.Context, n job.New) error {
	if err := t.free(ctx, n.Subject); err != nil {
		return err
	}
	delivery, err := t.deliver(ctx, job.Ticket{Job: n.ID, Attempt: 1}, 0)
	if err != nil {
		return err
	}
	if n.Input == nil {
		n.Input = json.RawMessage("null")
	}
	_, err = t.Exec(ctx, insertJob, t.station, n.ID, n.Kind, n.Subject, string(n.Input), list(n.Payload), delivery, stamp(n.At),
		n.Key, n.Fingerprint)
	if taken := uniqueBroken(err); taken == "jobs_one_a_subject" {
		return errRaced // somebody added one meanwhile: look again
	} else if taken != "" {
		return refused("job", n.ID, errors.New("the id is taken"))
	}
	t.log(geo.Change{At: n.At, Kind: "job.queued", ID: n.ID, Version: 1})
	return err
}

// free fails with a *job.TakenError where a job waits or runs for the subject.
func (t *tx) free(ctx context.Context, subject string) error {
	if subject == "" {
		return nil
	}
	other := job.TakenError{Subject: subject}
	err := t.QueryRow(ctx, findTaken, t.station, subject).Scan(&other.Job)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &other
}

// uniqueBroken is the name of the unique index that an insert would have broken.
func uniqueBroken(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "23505" {
		return e.ConstraintName
	}
	return ""
}

// Job implements job.Queue.
func (s *Store) Job(ctx context.Context, id string) (j job.Job, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		j, err = scanJobRow(t.QueryRow(ctx, findJob, s.station, id))
		return err
	})
	if err != nil {
		return job.Job{}, fmt.Errorf("job %s: %w", id, err)
	}
	return j, nil
}

// Jobs implements job.Queue.
func (s *Store) Jobs(ctx context.Context, limit int) ([]job.Job, error) {
	return readAll(ctx, s, "jobs", listJobs, scanJob, limit)
}

// CancelJob implements job.Queue.
func (s *Store) CancelJob(ctx context.Context, id string, at time.Time) (job.Job, error) {
	return s.turnJob(ctx, "cancel", id, at, job.Job.Cancel)
}

// RetryJob implements job.Queue.
func (s *Store) RetryJob(ctx context.Context, id string, at time.Time) (job.Job, error) {
	return s.turnJob(ctx, "retry", id, at, job.Job.Retry)
}

// turnJob gives one job, under its row's lock, the end that is decided on, and returns
// what it became.
func (s *Store) turnJob(ctx context.Context, verb, id string, at time.Time, decide func(job.Job) (job.End, error)) (j job.Job, err error) {
	err = s.write(ctx, func(t *tx) error {
		if j, err = scanJobRow(t.QueryRow(ctx, lockJob, t.station, id)); err != nil {
			return err
		}
		e, err := decide(j)
		if err != nil {
			return err
		}
		if err := t.endJob(ctx, j, e, at); err != nil {
			return err
		}
		j, err = scanJobRow(t.QueryRow(ctx, findJob, t.station, id))
		return err
	})
	if err != nil {
		return job.Job{}, fmt.Errorf("%s job %s: %w", verb, id, err)
	}
	return j, nil
}

// queueAgain gives a job its next attempt. One that was over has to find its subject free.
func (t *tx) queueAgain(ctx context.Context, j job.Job, e job.End, at time.Time) error {
	if j.State.Over() {
		if err := t.free(ctx, j.Subject); err != nil {
			return err
		}
	}
	delivery, err := t.deliver(ctx, job.Ticket{Job: j.ID, Attempt: j.Attempt + 1}, e.Wait)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, queueJob, t.station, j.ID, delivery, e.Error)
	if uniqueBroken(err) != "" {
		return errRaced
	}
	t.log(geo.Change{At: at, Kind: "job.queued", ID: j.ID, Version: j.Version + 1})
	return err
}

func (t *tx) endJob(ctx context.Context, j job.Job, e job.End, at time.Time) error {
	if e.State == job.Queued {
		return t.queueAgain(ctx, j, e, at)
	}
	var result *string
	if e.Result != nil {
		text := string(e.Result)
		result = &text
	}
	_, err := t.Exec(ctx, stopJob, t.station, j.ID, string(e.State), result, e.Error, stamp(at))
	t.log(geo.Change{At: at, Kind: "job." + string(e.State), ID: j.ID, Version: j.Version + 1})
	return err
}

// TakeJob implements job.Queue.
func (s *Store) TakeJob(ctx context.Context, ticket job.Ticket, worker string, lease time.Duration, at time.Time) (j job.Job, err error) {
	err = s.write(ctx, func(t *tx) error {
		tag, err := t.Exec(ctx, startJob, t.station, ticket.Job, ticket.Attempt, worker, lease, stamp(at))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return job.ErrLost
		}
		if j, err = scanJobRow(t.QueryRow(ctx, findJob, t.station, ticket.Job)); err != nil {
			return err
		}
		t.log(geo.Change{At: at, Kind: "job.running", ID: j.ID, Version: j.Version})
		return nil
	})
	if err != nil {
		return job.Job{}, fmt.Errorf("take job %s: %w", ticket.Job, err)
	}
	return j, nil
}

// KeepJob implements job.Queue. It is no change that the log tells of.
func (s *Store) KeepJob(ctx context.Context, ticket job.Ticket, p job.Progress, lease time.Duration) error {
	err := s.write(ctx, func(t *tx) error {
		tag, err := t.Exec(ctx, keepJob, t.station, ticket.Job, ticket.Attempt, lease, p.Stage, p.Done, p.Total)
		if err == nil && tag.RowsAffected() == 0 {
			err = job.ErrLost
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keep job %s: %w", ticket.Job, err)
	}
	return nil
}

// EndJob implements job.Queue.
func (s *Store) EndJob(ctx context.Context, ticket job.Ticket, e job.End, at time.Time) error {
	_, err := s.turnJob(ctx, "end", ticket.Job, at, func(j job.Job) (job.End, error) { return j.Finish(ticket, e) })
	if errors.Is(err, geo.ErrNotFound) {
		err = job.ErrLost
	}
	return err
}

// SetBackJobs implements job.Queue.
func (s *Store) SetBackJobs(ctx context.Context, at time.Time) (n int, err error) {
	err = s.write(ctx, func(t *tx) error {
		lost, err := query(ctx, t.Tx, t.station, lostJobs, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, id := range lost {
			j, err := scanJobRow(t.QueryRow(ctx, findJob, t.station, id))
			if err != nil {
				return err
			}
			if err := t.endJob(ctx, j, j.Lose(), at); err != nil {
				return err
			}
		}
		n = len(lost)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("set back jobs: %w", err)
	}
	return n, nil
}

// ForJob is the store in the hands of a worker: what it writes commits only while the
// ticket counts, else it is job.ErrLost and nothing is changed. With a result each write
// also ends the job, in the same transaction. Closing the store closes this one.
func (s *Store) ForJob(ticket job.Ticket, result json.RawMessage, at time.Time) *Store {
	held := *s
	held.hold = &hold{ticket, result, at}
	return &held
}

// midway is the store for a step that is not the last of a write: it ends no job.
func (s *Store) midway() *Store {
	if s.hold == nil || s.hold.result == nil {
		return s
	}
	return s.ForJob(s.hold.ticket, nil, s.hold.at)
}

// hold is the condition under which a worker's writes commit.
type hold struct {
	ticket job.Ticket
	result json.RawMessage // not null: the write ends the job
	at     time.Time
}

// keep locks the job until the commit and fails when the ticket counts no longer.
func (h *hold) keep(ctx context.Context, t *tx) error {
	if h == nil {
		return nil
	}
	tag, err := t.Exec(ctx, holdJob, t.station, h.ticket.Job, h.ticket.Attempt)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return job.ErrLost
	}
	if h.result == nil {
		return nil
	}
	j, err := scanJobRow(t.QueryRow(ctx, findJob, t.station, h.ticket.Job))
	if err != nil {
		return err
	}
	return t.endJob(ctx, j, job.End{State: job.Done, Result: h.result}, h.at)
}

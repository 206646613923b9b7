package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

const (
	jobColumns = `id, kind, subject, input, state, attempt, worker, stage, done, total, result, error,
		created_at, started_at, ended_at, version`
	findJob    = `SELECT ` + jobColumns + `, payload FROM jobs WHERE id = ?1`
	listJobs   = `SELECT ` + jobColumns + `, x'' FROM jobs ORDER BY created_at DESC, made DESC LIMIT ?1`
	findJobKey = `SELECT id, fingerprint FROM jobs WHERE key = ?1`
	findTaken  = `SELECT id FROM jobs WHERE subject = ?1 AND state IN ('queued', 'running')`
	countJob   = `SELECT count(*) FROM jobs WHERE id = ?1`
	insertJob  = `INSERT INTO jobs (id, kind, subject, input, payload, state, attempt, not_before, worker, stage, done, total, error,
		created_at, version, key, fingerprint) VALUES (?1, ?2, ?3, ?4, ?5, 'queued', 1, ?6, '', '', 0, 0, '', ?7, 1, ?8, ?9)`
	queueJob = `UPDATE jobs SET state = 'queued', attempt = attempt + 1, not_before = ?2, error = ?3, lease_until = NULL,
		ended_at = NULL, version = version + 1 WHERE id = ?1`
	stopJob = `UPDATE jobs SET state = ?2, result = ?3, error = ?4, ended_at = ?5, lease_until = NULL,
		payload = CASE WHEN ?2 = 'done' THEN x'' ELSE payload END, version = version + 1 WHERE id = ?1`
	startJob = `UPDATE jobs SET state = 'running', worker = ?3, lease_until = ?4, stage = '', done = 0, total = 0,
		started_at = ?5, version = version + 1 WHERE id = ?1 AND attempt = ?2 AND state = 'queued'`
	keepJob = `UPDATE jobs SET lease_until = ?3, stage = iif(?4 = '', stage, ?4), done = iif(?4 = '', done, ?5),
		total = iif(?4 = '', total, ?6) WHERE id = ?1 AND attempt = ?2 AND state = 'running'`
	waitingJobs = `SELECT id, attempt FROM jobs WHERE state = 'queued' AND not_before <= ?1 ORDER BY made LIMIT ?2`
	lostJobs    = `SELECT id FROM jobs WHERE state = 'running' AND lease_until < ?1 ORDER BY made`

	jobPause = 250 * time.Millisecond // between two looks at the waiting jobs
)

func scanJob(row scanner) (j job.Job, err error) {
	var input string
	var result *string
	err = row.Scan(&j.ID, &j.Kind, &j.Subject, &input, &j.State, &j.Attempt, &j.Worker, &j.Stage, &j.Done, &j.Total, &result, &j.Error,
		moment{&j.CreatedAt}, moment{&j.StartedAt}, moment{&j.EndedAt}, &j.Version, &j.Payload)
	if errors.Is(err, sql.ErrNoRows) {
		return j, geo.ErrNotFound
	}
	j.Input = json.RawMessage(input)
	if result != nil {
		j.Result = json.RawMessage(*result)
	}
	return j, err
}

func (t *tx) job(ctx context.Context, id string) (job.Job, error) {
	return scanJob(t.QueryRowContext(ctx, findJob, id))
}

// AddJob implements job.Queue.
func (s *Store) AddJob(ctx context.Context, n job.New) (j job.Job, added bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		if err := n.Check(); err != nil {
			return refused("job", n.ID, err)
		}
		id, err := repeatedJob(ctx, t, n)
		if err != nil {
			return err
		}
		if id == "" {
			if err := addJob(ctx, t, n); err != nil {
				return err
			}
			id, added = n.ID, true
		}
		j, err = t.job(ctx, id)
		return err
	})
	if err != nil {
		return job.Job{}, false, fmt.Errorf("add job %s: %w", n.ID, err)
	}
	return j, added, nil
}

// repeatedJob is the job that a request with this key added before, "" for none.
func repeatedJob(ctx context.Context, t *tx, n job.New) (id string, err error) {
	if n.Key == "" {
		return "", nil
	}
	var fingerprint string
	err = t.QueryRowContext(ctx, findJobKey, n.Key).Scan(&id, &fingerprint)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err == nil && fingerprint != n.Fingerprint:
		return "", geo.ErrKeyReused
	}
	return id, err
}

func addJob(ctx context.Context, t *tx, n job.New) error {
	var there int
	if err := t.QueryRowContext(ctx, countJob, n.ID).Scan(&there); err != nil {
		return err
	}
	if there > 0 {
		return refused("job", n.ID, errors.New("the id is taken"))
	}
	if err := freeSubject(ctx, t, n.Subject); err != nil {
		return err
	}
	if n.Input == nil {
		n.Input = json.RawMessage("null")
	}
	if _, err := t.ExecContext(ctx, insertJob, n.ID, n.Kind, n.Subject, string(n.Input), list(n.Payload), stamp(time.Time{}), stamp(n.At),
		n.Key, n.Fingerprint); err != nil {
		return err
	}
	return t.log(ctx, geo.Change{At: n.At, Kind: "job.queued", ID: n.ID, Version: 1})
}

// freeSubject fails with a *job.TakenError where a job waits or runs for the subject.
func freeSubject(ctx context.Context, t *tx, subject string) error {
	if subject == "" {
		return nil
	}
	other := job.TakenError{Subject: subject}
	err := t.QueryRowContext(ctx, findTaken, subject).Scan(&other.Job)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &other
}

// Job implements job.Queue.
func (s *Store) Job(ctx context.Context, id string) (j job.Job, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		j, err = scanJob(t.QueryRowContext(ctx, findJob, id))
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

// turnJob gives one job the end that is decided on, and returns what it became.
func (s *Store) turnJob(ctx context.Context, verb, id string, at time.Time, decide func(job.Job) (job.End, error)) (j job.Job, err error) {
	err = s.write(ctx, func(t *tx) error {
		if j, err = t.job(ctx, id); err != nil {
			return err
		}
		e, err := decide(j)
		if err != nil {
			return err
		}
		if err := endJob(ctx, t, j, e, at); err != nil {
			return err
		}
		j, err = t.job(ctx, id)
		return err
	})
	if err != nil {
		return job.Job{}, fmt.Errorf("%s job %s: %w", verb, id, err)
	}
	return j, nil
}

// queueAgain gives a job its next attempt. One that was over has to find its subject free.
func queueAgain(ctx context.Context, t *tx, j job.Job, e job.End, at time.Time) error {
	if j.State.Over() {
		if err := freeSubject(ctx, t, j.Subject); err != nil {
			return err
		}
	}
	if _, err := t.ExecContext(ctx, queueJob, j.ID, stamp(time.Now().Add(e.Wait)), e.Error); err != nil {
		return err
	}
	return t.log(ctx, geo.Change{At: at, Kind: "job.queued", ID: j.ID, Version: j.Version + 1})
}

func endJob(ctx context.Context, t *tx, j job.Job, e job.End, at time.Time) error {
	if e.State == job.Queued {
		return queueAgain(ctx, t, j, e, at)
	}
	var result any
	if e.Result != nil {
		result = string(e.Result)
	}
	if _, err := t.ExecContext(ctx, stopJob, j.ID, string(e.State), result, e.Error, stamp(at)); err != nil {
		return err
	}
	return t.log(ctx, geo.Change{At: at, Kind: "job." + string(e.State), ID: j.ID, Version: j.Version + 1})
}

// DeliverJobs implements job.Queue: it looks for waiting jobs a few times a second. A
// file has no other machines to tell.
func (s *Store) DeliverJobs(ctx context.Context, slots int, take func(context.Context, job.Ticket)) error {
	var working sync.WaitGroup
	defer working.Wait()
	returned := make(chan job.Ticket, slots)
	given := map[job.Ticket]bool{}
	tick := time.NewTicker(jobPause)
	defer tick.Stop()
	for {
		waiting, err := s.waitingJobs(ctx, 2*slots)
		if err != nil && ctx.Err() == nil && !errors.Is(err, geo.ErrBusy) {
			return fmt.Errorf("deliver jobs: %w", err)
		}
		for _, ticket := range waiting {
			if given[ticket] || len(given) == slots {
				continue
			}
			given[ticket] = true
			working.Go(func() {
				take(ctx, ticket)
				returned <- ticket
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case ticket := <-returned:
			delete(given, ticket)
		case <-tick.C:
		}
	}
}

func (s *Store) waitingJobs(ctx context.Context, most int) ([]job.Ticket, error) {
	return readAll(ctx, s, "waiting jobs", waitingJobs, func(row scanner) (t job.Ticket, err error) {
		return t, row.Scan(&t.Job, &t.Attempt)
	}, stamp(time.Now()), most)
}

// TakeJob implements job.Queue.
func (s *Store) TakeJob(ctx context.Context, ticket job.Ticket, worker string, lease time.Duration, at time.Time) (j job.Job, err error) {
	err = s.write(ctx, func(t *tx) error {
		if err := needOne(t.ExecContext(ctx, startJob, ticket.Job, ticket.Attempt, worker, stamp(time.Now().Add(lease)), stamp(at))); err != nil {
			return err
		}
		if j, err = t.job(ctx, ticket.Job); err != nil {
			return err
		}
		return t.log(ctx, geo.Change{At: at, Kind: "job.running", ID: j.ID, Version: j.Version})
	})
	if err != nil {
		return job.Job{}, fmt.Errorf("take job %s: %w", ticket.Job, err)
	}
	return j, nil
}

// needOne is job.ErrLost where a statement found no job.
func needOne(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return job.ErrLost
}

// KeepJob implements job.Queue. It is no change that the log tells of.
func (s *Store) KeepJob(ctx context.Context, ticket job.Ticket, p job.Progress, lease time.Duration) error {
	err := s.write(ctx, func(t *tx) error {
		return needOne(t.ExecContext(ctx, keepJob, ticket.Job, ticket.Attempt, stamp(time.Now().Add(lease)), p.Stage, p.Done, p.Total))
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

// SetBackJobs implements job.Queue. It writes only when there is something to set back.
func (s *Store) SetBackJobs(ctx context.Context, at time.Time) (n int, err error) {
	id := func(row scanner) (id string, err error) { return id, row.Scan(&id) }
	lost, err := readAll(ctx, s, "lost jobs", lostJobs, id, stamp(time.Now()))
	if err != nil || len(lost) == 0 {
		return 0, err
	}
	err = s.write(ctx, func(t *tx) error {
		lost, err := query(ctx, t.Tx, lostJobs, id, stamp(time.Now()))
		if err != nil {
			return err
		}
		for _, id := range lost {
			j, err := t.job(ctx, id)
			if err != nil {
				return err
			}
			if err := endJob(ctx, t, j, j.Lose(), at); err != nil {
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

// keep fails when the ticket counts no longer; there is no other writer until the commit.
func (h *hold) keep(ctx context.Context, t *tx) error {
	if h == nil {
		return nil
	}
	j, err := t.job(ctx, h.ticket.Job)
	switch {
	case errors.Is(err, geo.ErrNotFound), err == nil && !j.Holds(h.ticket):
		return job.ErrLost
	case err != nil || h.result == nil:
		return err
	}
	return endJob(ctx, t, j, job.End{State: job.Done, Result: h.result}, h.at)
}

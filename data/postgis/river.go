package postgis

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"gridbeat/geo/job"
)

// queueSchema is where River keeps its tables. They hold tickets only: a station's
// number, a job's id and the attempt.
const queueSchema = "gridbeat_queue"

// delivery is one attempt at a job as River carries it.
type delivery struct {
	Job     string `json:"job"`
	Attempt int    `json:"attempt"`
}

// Kind names the deliveries among River's jobs.
func (delivery) Kind() string { return "gridbeat" }

// queueName is the queue of one station: a worker is given only what is its station's.
func queueName(station int32) string { return fmt.Sprintf("station-%d", station) }

var silent = slog.New(slog.DiscardHandler)

// inserter puts deliveries into transactions of others.
var inserter = newInserter()

func newInserter() *river.Client[pgx.Tx] {
	c, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Schema: queueSchema, Logger: silent})
	if err != nil {
		panic(err) // the configuration itself is wrong
	}
	return c
}

// deliver has River hand the ticket to a worker once the transaction commits, after a
// while. River tries it once: whether a job is tried again is ours to say.
func (t *tx) deliver(ctx context.Context, ticket job.Ticket, wait time.Duration) (id int64, err error) {
	o := &river.InsertOpts{Queue: queueName(t.station), MaxAttempts: 1}
	if wait > 0 {
		o.ScheduledAt = time.Now().Add(wait)
	}
	r, err := inserter.InsertTx(ctx, t.Tx, delivery{ticket.Job, ticket.Attempt}, o)
	if err != nil {
		return 0, fmt.Errorf("hand a job to the queue: %w", err)
	}
	return r.Job.ID, nil
}

// carrier is the worker as River sees it.
type carrier struct {
	river.WorkerDefaults[delivery]
	take func(context.Context, job.Ticket)
}

// Work hands a delivery on.
func (c carrier) Work(ctx context.Context, j *river.Job[delivery]) error {
	c.take(ctx, job.Ticket{Job: j.Args.Job, Attempt: j.Args.Attempt})
	return nil
}

// DeliverJobs implements job.Queue.
func (s *Store) DeliverJobs(ctx context.Context, slots int, take func(context.Context, job.Ticket)) error {
	all := river.NewWorkers()
	river.AddWorker(all, carrier{take: take})
	c, err := river.NewClient(riverpgxv5.New(s.writes), &river.Config{
		Schema:  queueSchema,
		Queues:  map[string]river.QueueConfig{queueName(s.station): {MaxWorkers: slots}},
		Workers: all,
		// No attempt has an end that the clock sets: leases tell who is dead.
		JobTimeout:        -1,
		FetchCooldown:     100 * time.Millisecond,
		FetchPollInterval: time.Second,
		Logger:            silent,
	})
	if err != nil {
		return fmt.Errorf("deliver jobs: %w", err)
	}
	if err := c.Start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("deliver jobs: %w", err)
	}
	<-c.Stopped() // ends with ctx, once all that was taken has returned
	return nil
}

// migrateQueue brings River's tables up to date, and lets the application use them.
func migrateQueue(ctx context.Context, address string) error {
	pool, err := pgxpool.New(ctx, address)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+queueSchema); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: queueSchema, Logger: silent})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	for _, grant := range []string{
		`GRANT USAGE ON SCHEMA ` + queueSchema + ` TO gridbeat_app`,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ` + queueSchema + ` TO gridbeat_app`,
		`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ` + queueSchema + ` TO gridbeat_app`,
	} {
		if _, err := pool.Exec(ctx, grant); err != nil {
			return fmt.Errorf("let the application use the queue: %w", err)
		}
	}
	return nil
}

package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

// fake is a queue with one job.
type fake struct {
	job.Queue
	keep func() error // the answer to KeepJob

	mu    sync.Mutex
	steps []job.Progress
	ends  []job.End
}

func (f *fake) DeliverJobs(ctx context.Context, _ int, take func(context.Context, job.Ticket)) error {
	take(ctx, job.Ticket{Job: "j1", Attempt: 1})
	<-ctx.Done()
	return nil
}

func (f *fake) TakeJob(context.Context, job.Ticket, string, time.Duration, time.Time) (job.Job, error) {
	return job.Job{ID: "j1", Kind: "draw", Attempt: 1}, nil
}

func (f *fake) KeepJob(_ context.Context, _ job.Ticket, p job.Progress, _ time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.steps = append(f.steps, p)
	return f.keep()
}

func (f *fake) EndJob(ctx context.Context, _ job.Ticket, e job.End, _ time.Time) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f.ends = append(f.ends, e)
	return nil
}

func (f *fake) SetBackJobs(context.Context, time.Time) (int, error) { return 0, nil }

func TestRunner(t *testing.T) {
	fine := func() error { return nil }
	for name, row := range map[string]struct {
		keep func() error
		work func(ctx context.Context) (json.RawMessage, error)
		stop time.Duration // after which the runner is stopped
		took time.Duration // how long the work worked
		want []job.End
	}{
		"a result ends the job": {fine, func(ctx context.Context) (json.RawMessage, error) {
			time.Sleep(30 * time.Minute)
			return json.RawMessage(`{}`), nil
		}, time.Hour, 30 * time.Minute, []job.End{{State: job.Done, Result: json.RawMessage(`{}`)}}},
		"work that has ended its job itself needs no end": {fine, func(ctx context.Context) (json.RawMessage, error) {
			return nil, nil
		}, time.Hour, 0, nil},
		"an error fails it": {fine, func(ctx context.Context) (json.RawMessage, error) {
			return nil, errors.New("no districts")
		}, time.Hour, 0, []job.End{{State: job.Failed, Error: "no districts"}}},
		"a store that is away has it tried again": {fine, func(ctx context.Context) (json.RawMessage, error) {
			return nil, fmt.Errorf("save: %w", geo.ErrUnconfirmed)
		}, time.Hour, 0, []job.End{{State: job.Queued, Error: "save: " + geo.ErrUnconfirmed.Error(), Wait: 5 * time.Second}}},
		"a runner that is stopped gives it back": {fine, func(ctx context.Context) (json.RawMessage, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, time.Minute, time.Minute, []job.End{{State: job.Queued, Error: "its worker was stopped"}}},
		"a job that is taken away stops at once": {func() error { return job.ErrLost }, func(ctx context.Context) (json.RawMessage, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, time.Hour, job.KeepEvery, nil},
		"a lease that cannot be renewed stops the work when it has run out": {func() error { return geo.ErrUnreachable }, func(ctx context.Context) (json.RawMessage, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, time.Hour, job.Lease + job.KeepEvery, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), row.stop)
				defer cancel()
				f := &fake{keep: row.keep}
				var took time.Duration
				r := job.Runner{Queue: f, Worker: "w", Kinds: map[string]job.Work{"draw": func(ctx context.Context, task *job.Task) (json.RawMessage, error) {
					task.Step("search", 1, 2)
					begun := time.Now()
					defer func() { took = time.Since(begun) }()
					return row.work(ctx)
				}}}
				r.Run(ctx)
				if took != row.took {
					t.Errorf("it worked for %v, want %v", took, row.took)
				}
				if fmt.Sprint(f.ends) != fmt.Sprint(row.want) {
					t.Errorf("it ended as %v, want %v", f.ends, row.want)
				}
				if took > job.KeepEvery && (len(f.steps) == 0 || f.steps[0] != job.Progress{Stage: "search", Done: 1, Total: 2}) {
					t.Errorf("its progress was told as %v", f.steps)
				}
			})
		})
	}
	t.Run("a kind that nobody knows fails", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			f := &fake{keep: fine}
			r := job.Runner{Queue: f}
			r.Run(ctx)
			if len(f.ends) != 1 || f.ends[0].State != job.Failed || f.ends[0].Error == "" {
				t.Errorf("it ended as %v", f.ends)
			}
		})
	})
}

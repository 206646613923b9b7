package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gridbeat/geo"
)

// The rhythm of workers: a job whose worker is killed waits for at most Lease and one
// LookEvery until it is set back, well within a minute.
const (
	Lease     = 20 * time.Second
	KeepEvery = 4 * time.Second
	LookEvery = 5 * time.Second

	endPatience = 10 * time.Second // with the store, when an attempt ends
	retryWait   = 5 * time.Second  // before a job is tried again that the store refused
)

// Task is an attempt at a job in the hands of its work.
type Task struct {
	Job
	Ticket Ticket

	mu       sync.Mutex
	progress Progress
}

// Step notes how far the work is; it may be called from any goroutine.
func (t *Task) Step(stage string, done, total int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress = Progress{stage, done, total}
}

func (t *Task) stepped() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.progress
}

// Work does one kind of job. What it writes it writes under the task's ticket. It
// returns the job's result; nil when the last write has ended the job. An input that
// cannot be worked is an error; the context ends when the job is no longer this
// worker's.
type Work func(ctx context.Context, t *Task) (json.RawMessage, error)

// Runner works the jobs of a queue.
type Runner struct {
	Queue  Queue
	Kinds  map[string]Work
	Worker string // a name that no other runner has at the same time
	Slots  int    // jobs at a time
	Log    *slog.Logger
	Now    func() time.Time

	Lease, KeepEvery, LookEvery time.Duration // zero: the package's
}

// Run works until ctx ends, and returns when all work has stopped: what was under way
// is queued for others.
func (r *Runner) Run(ctx context.Context) {
	c := r.withDefaults()
	ctx, cancel := context.WithCancel(ctx)
	var look sync.WaitGroup
	look.Go(func() { c.lookAfter(ctx) })
	for ctx.Err() == nil {
		if err := c.Queue.DeliverJobs(ctx, c.Slots, c.take); err != nil {
			c.Log.WarnContext(ctx, "jobs not delivered; trying again", "error", err)
			pause(ctx, c.LookEvery)
		}
	}
	cancel()
	look.Wait()
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (r Runner) withDefaults() Runner {
	for value, otherwise := range map[*time.Duration]time.Duration{&r.Lease: Lease, &r.KeepEvery: KeepEvery, &r.LookEvery: LookEvery} {
		if *value == 0 {
			*value = otherwise
		}
	}
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.Log == nil {
		r.Log = slog.New(slog.DiscardHandler)
	}
	r.Slots = max(1, r.Slots)
	return r
}

// lookAfter sets back the jobs of dead workers, again and again: every runner does.
func (r *Runner) lookAfter(ctx context.Context) {
	tick := time.NewTicker(r.LookEvery)
	defer tick.Stop()
	for {
		n, err := r.Queue.SetBackJobs(ctx, r.Now())
		if n > 0 {
			r.Log.WarnContext(ctx, "jobs of dead workers set back", "jobs", n)
		}
		if err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "jobs not looked after", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// take works one attempt to its end.
func (r *Runner) take(ctx context.Context, ticket Ticket) {
	j, err := r.Queue.TakeJob(ctx, ticket, r.Worker, r.Lease, r.Now())
	if err != nil {
		if !errors.Is(err, ErrLost) && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "job not taken", "job", ticket.Job, "error", err)
		}
		return // it is somebody else's, or will be set back
	}
	task := &Task{Job: j, Ticket: ticket}
	result, lost, err := r.work(ctx, task)
	if lost {
		r.Log.WarnContext(ctx, "job lost to others", "job", ticket.Job, "attempt", ticket.Attempt)
		return
	}
	if err == nil && result == nil {
		return // its last write has ended it
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endPatience)
	defer cancel()
	err = r.Queue.EndJob(last, ticket, r.end(ctx, ticket, result, err), r.Now())
	if err != nil && !errors.Is(err, ErrLost) {
		r.Log.WarnContext(ctx, "job not ended; it will be set back", "job", ticket.Job, "error", err)
	}
}

// end tells how an attempt ends that nobody has taken away.
func (r *Runner) end(ctx context.Context, ticket Ticket, result json.RawMessage, err error) End {
	again := errors.Is(err, geo.ErrBusy) || errors.Is(err, geo.ErrUnconfirmed) || errors.Is(err, geo.ErrUnreachable)
	switch {
	case err == nil:
		return End{State: Done, Result: result}
	case ctx.Err() != nil:
		return End{State: Queued, Error: "its worker was stopped"}
	case again && ticket.Attempt < MaxAttempts:
		return End{State: Queued, Error: err.Error(), Wait: retryWait}
	}
	return End{State: Failed, Error: err.Error()}
}

// work runs the work and keeps its lease meanwhile. Lost is true when the ticket
// counted no longer before the work ended, or may count no longer because the lease
// could not be renewed in time.
func (r *Runner) work(ctx context.Context, task *Task) (result json.RawMessage, lost bool, err error) {
	work, known := r.Kinds[task.Kind]
	if !known {
		return nil, false, fmt.Errorf("this gridbeat knows no job of kind %q", task.Kind)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	var keeper sync.WaitGroup
	keeper.Go(func() {
		lost = !r.keep(inner, task)
		cancel()
	})
	result, err = work(inner, task)
	cancel()
	keeper.Wait()
	return result, lost || errors.Is(err, ErrLost), err
}

// keep renews the lease until ctx ends (true), or the job is lost (false).
func (r *Runner) keep(ctx context.Context, task *Task) bool {
	tick := time.NewTicker(r.KeepEvery)
	defer tick.Stop()
	for kept := time.Now(); ; {
		select {
		case <-ctx.Done():
			return true
		case <-tick.C:
		}
		asked := time.Now()
		short, cancel := context.WithTimeout(ctx, r.Lease/2)
		err := r.Queue.KeepJob(short, task.Ticket, task.stepped(), r.Lease)
		cancel()
		switch {
		case err == nil:
			kept = asked
		case ctx.Err() != nil:
			return true
		case errors.Is(err, ErrLost), time.Since(kept) > r.Lease:
			return false
		}
	}
}

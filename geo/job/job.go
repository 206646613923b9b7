// Package job is what a long piece of work is while it waits, runs and ends: drawing
// grids, planning patrols, importing, matching tracks. Several machines may share the
// work, and any of them may die or freeze at any moment.
//
// A Queue keeps the jobs; it is a store's. A Runner works them. Each try at a job is an
// attempt with a number, and who has that attempt holds a Ticket. The worker renews its
// lease while it works; when it does not, the job is set back, which gives it the next
// number. Whatever a worker writes commits only while its ticket still counts, so that
// one who was frozen and wakes later changes nothing.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// State is where a job stands.
type State string

// The states of a job. One that has failed or was cancelled can be tried again.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Over reports whether a job in this state waits for nothing and nobody.
func (s State) Over() bool { return s == Done || s == Failed || s == Cancelled }

// MaxAttempts is how often a job is tried whose workers die or cannot reach the store.
const MaxAttempts = 5

var (
	// ErrLost says that the ticket counts no longer: the job was cancelled, or set back
	// and given to another worker.
	ErrLost = errors.New("the job is not this worker's any more")
	// ErrState says that a job cannot do from its present state what was asked.
	ErrState = errors.New("the job is in another state")
)

// TakenError says that another job waits or runs for the same subject.
type TakenError struct {
	Subject string
	Job     string // id of the other one
}

// Error names the job that is in the way.
func (e *TakenError) Error() string {
	return fmt.Sprintf("job %s works on %s; wait for its end or cancel it", e.Job, e.Subject)
}

// Job is one piece of work as the store knows it.
type Job struct {
	ID      string
	Kind    string          // names the work, such as "draw"
	Subject string          // of two jobs for one subject only one waits or runs; "" for none
	Input   json.RawMessage // what the kind asks for
	Payload []byte          // a file that came with it

	State   State
	Attempt int    // 1 for the first try
	Worker  string // who has it, or had it last

	Stage       string // what the worker does at the moment
	Done, Total int    // how far it is; Total 0 when the end is not known

	Result json.RawMessage // null until it is done
	Error  string          // why it failed, or was set back last

	CreatedAt time.Time
	StartedAt time.Time // of the last attempt, zero before
	EndedAt   time.Time // zero before
	Version   int       // rises with every change of state
}

// New is a job to be added.
type New struct {
	ID, Kind, Subject string
	Input             json.RawMessage
	Payload           []byte

	Key, Fingerprint string // of a request that may come again; "" for none
	At               time.Time
}

// Ticket is one attempt at a job: who holds it may work, and write.
type Ticket struct {
	Job     string
	Attempt int
}

// Progress is how far a worker is.
type Progress struct {
	Stage       string
	Done, Total int
}

// End is how an attempt ends.
type End struct {
	State  State // Done, Failed, or Queued to be tried again
	Result json.RawMessage
	Error  string
	Wait   time.Duration // before it is tried again
}

// Queue keeps jobs. Each method is one transaction. Leases run by the clock of the
// store, which all workers share.
type Queue interface {
	// AddJob adds a job, which waits for a worker. A key that came before with the same
	// fingerprint gives the job that was added then, and added is false; with another it
	// is geo.ErrKeyReused. A subject that another job has is a *TakenError.
	AddJob(ctx context.Context, n New) (j Job, added bool, err error)
	Job(ctx context.Context, id string) (Job, error)    // geo.ErrNotFound
	Jobs(ctx context.Context, limit int) ([]Job, error) // the newest first, without payloads
	// CancelJob ends a job that waits or runs; ErrState for one that is over.
	CancelJob(ctx context.Context, id string, at time.Time) (Job, error)
	// RetryJob queues one that failed or was cancelled, as its next attempt; else ErrState.
	RetryJob(ctx context.Context, id string, at time.Time) (Job, error)

	// DeliverJobs hands tickets of waiting jobs to take, at most slots at a time, until
	// ctx ends; it returns once every take has. A ticket may come twice, or late: TakeJob
	// decides.
	DeliverJobs(ctx context.Context, slots int, take func(context.Context, Ticket)) error
	// TakeJob gives a waiting attempt to a worker for the time of the lease.
	TakeJob(ctx context.Context, t Ticket, worker string, lease time.Duration, at time.Time) (Job, error) // ErrLost
	// KeepJob renews the lease and notes the progress.
	KeepJob(ctx context.Context, t Ticket, p Progress, lease time.Duration) error // ErrLost
	// EndJob ends the attempt.
	EndJob(ctx context.Context, t Ticket, e End, at time.Time) error // ErrLost
	// SetBackJobs queues anew the jobs whose lease ran out and those whose delivery was
	// lost, each with its next attempt; one that was tried MaxAttempts times has failed.
	SetBackJobs(ctx context.Context, at time.Time) (n int, err error)
}

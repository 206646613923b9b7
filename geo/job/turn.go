package job

import (
	"errors"
	"fmt"
)

// What becomes of a job is decided here, for every store. An End whose state is Queued
// gives the job its next attempt.

// Check says why a job cannot be added, nil when it can.
func (n New) Check() error {
	if n.ID == "" || n.Kind == "" {
		return errors.New("it has no id or no kind")
	}
	return nil
}

// Holds reports whether who has the ticket may work and write.
func (j Job) Holds(t Ticket) bool {
	return j.ID == t.Job && j.State == Running && j.Attempt == t.Attempt
}

// Cancel is the end of a job that waits or runs; ErrState for one that is over.
func (j Job) Cancel() (End, error) {
	if j.State.Over() {
		return End{}, fmt.Errorf("it is %s: %w", j.State, ErrState)
	}
	return End{State: Cancelled, Error: "it was cancelled"}, nil
}

// Retry queues a job that failed or was cancelled; ErrState for any other.
func (j Job) Retry() (End, error) {
	if j.State != Failed && j.State != Cancelled {
		return End{}, fmt.Errorf("it is %s: %w", j.State, ErrState)
	}
	return End{State: Queued}, nil
}

// Finish is the end that a worker gives its attempt; ErrLost where the ticket counts no
// longer.
func (j Job) Finish(t Ticket, e End) (End, error) {
	if !j.Holds(t) {
		return End{}, ErrLost
	}
	return e, nil
}

// Lose is what becomes of a job whose lease ran out, or whose attempt never reached a
// worker.
func (j Job) Lose() End {
	if j.State == Queued {
		return End{State: Queued, Error: "its delivery was lost"}
	}
	why := "its worker " + j.Worker + " was lost"
	if j.Attempt >= MaxAttempts {
		return End{State: Failed, Error: fmt.Sprintf("%s, %d times", why, j.Attempt)}
	}
	return End{State: Queued, Error: why}
}

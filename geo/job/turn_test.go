package job_test

import (
	"errors"
	"testing"

	"gridbeat/geo/job"
)

func TestWhatBecomesOfAJob(t *testing.T) {
	type verdict struct{ cancel, retry, finish, lose job.State } // "" for refused
	for state, want := range map[job.State]verdict{
		job.Queued:    {cancel: job.Cancelled, lose: job.Queued},
		job.Running:   {cancel: job.Cancelled, finish: job.Done, lose: job.Queued},
		job.Done:      {lose: job.Queued},
		job.Failed:    {retry: job.Queued, lose: job.Queued},
		job.Cancelled: {retry: job.Queued, lose: job.Queued},
	} {
		j := job.Job{ID: "j", State: state, Attempt: 2, Worker: "w"}
		cancel, e1 := j.Cancel()
		retry, e2 := j.Retry()
		finish, e3 := j.Finish(job.Ticket{Job: "j", Attempt: 2}, job.End{State: job.Done})
		if got := (verdict{cancel.State, retry.State, finish.State, j.Lose().State}); got != want {
			t.Errorf("%s: %+v, want %+v", state, got, want)
		}
		for _, err := range []error{e1, e2} {
			if err != nil && !errors.Is(err, job.ErrState) {
				t.Errorf("%s: %v, want job.ErrState", state, err)
			}
		}
		if e3 != nil && !errors.Is(e3, job.ErrLost) {
			t.Errorf("%s: %v, want job.ErrLost", state, e3)
		}
	}
}

func TestATicketOfAnotherAttemptOrJobCountsNoMore(t *testing.T) {
	j := job.Job{ID: "j", State: job.Running, Attempt: 2}
	for ticket, want := range map[job.Ticket]bool{{Job: "j", Attempt: 2}: true, {Job: "j", Attempt: 1}: false, {Job: "j", Attempt: 3}: false, {Job: "k", Attempt: 2}: false} {
		if j.Holds(ticket) != want {
			t.Errorf("%v: want %v", ticket, want)
		}
	}
}

func TestALostJobIsTriedSoManyTimes(t *testing.T) {
	j := job.Job{State: job.Running, Worker: "w"}
	for j.Attempt = 1; j.Attempt < job.MaxAttempts; j.Attempt++ {
		if e := j.Lose(); e.State != job.Queued || e.Error != "its worker w was lost" {
			t.Errorf("attempt %d: %+v", j.Attempt, e)
		}
	}
	if e := j.Lose(); e.State != job.Failed || e.Error != "its worker w was lost, 5 times" {
		t.Errorf("attempt %d: %+v", j.Attempt, e)
	}
}

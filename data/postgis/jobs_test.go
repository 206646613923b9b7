package postgis_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"gridbeat/geo/job"
)

// TestAJobMayRunLongerThanRiversMinute: by default River ends a job's context after one
// minute, and gives up on its worker after an hour.
func TestAJobMayRunLongerThanRiversMinute(t *testing.T) {
	if testing.Short() {
		t.Skip("2026-11-29: takes more than a minute; runs without -short")
	}
	t.Parallel()
	const long = 65 * time.Second
	s := openStation(t, "long work")
	ctx, stop := context.WithTimeout(t.Context(), 2*long)
	defer stop()
	if _, _, err := s.AddJob(ctx, job.New{ID: "long", Kind: "wait", At: at(1)}); err != nil {
		t.Fatal(err)
	}
	r := job.Runner{Queue: s, Worker: "w", Kinds: map[string]job.Work{"wait": func(ctx context.Context, _ *job.Task) (json.RawMessage, error) {
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(long):
		}
		defer time.AfterFunc(time.Second, stop)
		return json.RawMessage(`"waited"`), nil
	}}}
	r.Run(ctx)
	j, err := s.Job(t.Context(), "long")
	if err != nil || j.State != job.Done || j.Attempt != 1 {
		t.Errorf("after %v it is %+v, %v", long, j, err)
	}
}

// TestADeliveryThatIsLostIsMadeAgain: River's row is gone, or with a worker that died
// before it took the job.
func TestADeliveryThatIsLostIsMadeAgain(t *testing.T) {
	ctx := t.Context()
	s := openStation(t, "lost deliveries")
	for _, id := range []string{"gone", "stuck", "fine"} {
		if _, _, err := s.AddJob(ctx, job.New{ID: id, Kind: "wait", At: at(1)}); err != nil {
			t.Fatal(err)
		}
	}
	owner := session(t, database(t).owner)
	for id, loss := range map[string]string{
		"gone":  `DELETE FROM gridbeat_queue.river_job WHERE args->>'job' = $1`,
		"stuck": `UPDATE gridbeat_queue.river_job SET state = 'running', attempted_at = now() - interval '1 minute' WHERE args->>'job' = $1`,
	} {
		if _, err := owner.Exec(ctx, loss, id); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.SetBackJobs(ctx, at(2)); err != nil || n != 2 {
		t.Errorf("%d set back, %v; want 2", n, err)
	}
	for id, attempt := range map[string]int{"gone": 2, "stuck": 2, "fine": 1} {
		if j, err := s.Job(ctx, id); err != nil || j.State != job.Queued || j.Attempt != attempt {
			t.Errorf("%s is %+v, %v", id, j, err)
		}
	}
}

package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

const longLease = time.Hour

func newJob(id, subject string) job.New {
	return job.New{ID: id, Kind: "draw", Subject: subject, Input: json.RawMessage(`{"seed":1,"name":"梅华"}`), Payload: []byte{0, 255, 10}, At: day(1)}
}

func addJob(t *testing.T, s Store, n job.New) job.Job {
	t.Helper()
	j, added, err := s.AddJob(t.Context(), n)
	if err != nil || !added {
		t.Fatalf("job %s: added %v, %v", n.ID, added, err)
	}
	return j
}

// started adds a job and takes its first attempt.
func started(t *testing.T, s Store, id string, lease time.Duration) job.Ticket {
	t.Helper()
	addJob(t, s, newJob(id, ""))
	ticket := job.Ticket{Job: id, Attempt: 1}
	must(s.TakeJob(t.Context(), ticket, "w1", lease, day(2)))(t)
	return ticket
}

func lost(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, job.ErrLost) {
		t.Errorf("%s: %v, want job.ErrLost", what, err)
	}
}

func testJobs(t *testing.T, open Open, hold Hold) {
	t.Run("what is not there, and what is no job", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		ticket := job.Ticket{Job: "none", Attempt: 1}
		for name, ask := range map[string]func() error{
			"job":    func() error { return second(s.Job(ctx, "none")) },
			"cancel": func() error { return second(s.CancelJob(ctx, "none", day(1))) },
			"retry":  func() error { return second(s.RetryJob(ctx, "none", day(1))) },
		} {
			if err := ask(); !errors.Is(err, geo.ErrNotFound) {
				t.Errorf("%s: %v, want geo.ErrNotFound", name, err)
			}
		}
		lost(t, "take", second(s.TakeJob(ctx, ticket, "w", longLease, day(1))))
		lost(t, "keep", s.KeepJob(ctx, ticket, job.Progress{}, longLease))
		lost(t, "end", s.EndJob(ctx, ticket, job.End{State: job.Done}, day(1)))
		refused(t, second2(s.AddJob(ctx, job.New{Kind: "draw", At: day(1)})))
		refused(t, second2(s.AddJob(ctx, job.New{ID: "j1", At: day(1)})))
		addJob(t, s, newJob("j1", ""))
		refused(t, second2(s.AddJob(ctx, newJob("j1", ""))))
	})
	t.Run("a job waits, runs and ends, each with its entry in the log", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		want := job.Job{ID: "j1", Kind: "draw", Subject: "draft d1", Input: newJob("", "").Input, Payload: newJob("", "").Payload,
			State: job.Queued, Attempt: 1, CreatedAt: day(1), Version: 1}
		equal(t, want, addJob(t, s, newJob("j1", "draft d1")))
		ticket := job.Ticket{Job: "j1", Attempt: 1}
		want.State, want.Worker, want.StartedAt, want.Version = job.Running, "w1", day(2), 2
		equal(t, want, must(s.TakeJob(ctx, ticket, "w1", longLease, day(2)))(t))
		if err := s.KeepJob(ctx, ticket, job.Progress{Stage: "search", Done: 3, Total: 9}, longLease); err != nil {
			t.Fatal(err)
		}
		if err := s.KeepJob(ctx, ticket, job.Progress{}, longLease); err != nil { // nothing new to tell
			t.Fatal(err)
		}
		want.Stage, want.Done, want.Total = "search", 3, 9
		equal(t, want, must(s.Job(ctx, "j1"))(t))
		if err := s.EndJob(ctx, ticket, job.End{State: job.Done, Result: json.RawMessage(`{"draft":"d1"}`)}, day(3)); err != nil {
			t.Fatal(err)
		}
		want.State, want.Result, want.EndedAt, want.Payload, want.Version = job.Done, json.RawMessage(`{"draft":"d1"}`), day(3), nil, 3
		equal(t, want, must(s.Job(ctx, "j1"))(t))
		kinds := []string{"job.queued", "job.running", "job.done"}
		log := must(s.Changes(ctx, 0, 0))(t)
		for n, c := range log {
			if len(log) != 3 || c.Kind != kinds[n] || c.Version != n+1 || c.ID != "j1" {
				t.Errorf("the log says %v", log)
			}
		}
		addJob(t, s, newJob("j2", "draft d1"))
		if all := must(s.Jobs(ctx, 10))(t); len(all) != 2 || all[0].ID != "j2" || len(all[0].Payload) != 0 {
			t.Errorf("the list is %v", all)
		}
	})
	t.Run("a key that comes again adds nothing", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		n := newJob("j1", "draft d1")
		n.Key, n.Fingerprint = "k", "f"
		first := addJob(t, s, n)
		n.ID = "j2"
		again, added, err := s.AddJob(ctx, n)
		if err != nil || added {
			t.Fatalf("added %v, %v", added, err)
		}
		equal(t, first, again)
		n.Fingerprint = "g"
		if err := second2(s.AddJob(ctx, n)); !errors.Is(err, geo.ErrKeyReused) {
			t.Errorf("%v, want geo.ErrKeyReused", err)
		}
	})
	t.Run("of two jobs for one subject one waits or runs", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		var won atomic.Int32
		race(func() {
			_, _, err := s.AddJob(ctx, newJob(fmt.Sprintf("j%d", won.Add(1)), "draft d1"))
			var taken *job.TakenError
			if errors.As(err, &taken) {
				won.Add(10)
				if taken.Job == "" || taken.Subject != "draft d1" {
					t.Errorf("it says %v", taken)
				}
			} else if err != nil {
				t.Error(err)
			}
		})
		if won.Load() != 12 {
			t.Errorf("not one of two was refused: %d", won.Load())
		}
		addJob(t, s, newJob("other", "draft d2"))
		first := must(s.Jobs(ctx, 10))(t)[1]
		must(s.CancelJob(ctx, first.ID, day(2)))(t)
		addJob(t, s, newJob("j3", "draft d1"))
		var taken *job.TakenError
		if _, err := s.RetryJob(ctx, first.ID, day(3)); !errors.As(err, &taken) || taken.Job != "j3" {
			t.Errorf("%v, want that j3 is in the way", err)
		}
	})
	t.Run("one attempt is given to one worker", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		addJob(t, s, newJob("j1", ""))
		var got atomic.Int32
		var workers sync.WaitGroup
		for n := range 8 {
			workers.Go(func() {
				_, err := s.TakeJob(ctx, job.Ticket{Job: "j1", Attempt: 1}, fmt.Sprint("w", n), longLease, day(1))
				if err == nil {
					got.Add(1)
				} else if !errors.Is(err, job.ErrLost) {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		if got.Load() != 1 {
			t.Errorf("%d workers got it", got.Load())
		}
	})
	t.Run("cancelled, failed and tried again", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		ticket := started(t, s, "j1", longLease)
		if j := must(s.CancelJob(ctx, "j1", day(3)))(t); j.State != job.Cancelled || !j.EndedAt.Equal(day(3)) {
			t.Errorf("after the cancel: %+v", j)
		}
		lost(t, "keep", s.KeepJob(ctx, ticket, job.Progress{}, longLease))
		lost(t, "end", s.EndJob(ctx, ticket, job.End{State: job.Done}, day(3)))
		if err := second(s.CancelJob(ctx, "j1", day(3))); !errors.Is(err, job.ErrState) {
			t.Errorf("cancelled twice: %v", err)
		}
		if j := must(s.RetryJob(ctx, "j1", day(4)))(t); j.State != job.Queued || j.Attempt != 2 || !j.EndedAt.IsZero() || string(j.Payload) != "\x00\xff\n" {
			t.Errorf("after the retry: %+v", j)
		}
		if err := second(s.RetryJob(ctx, "j1", day(4))); !errors.Is(err, job.ErrState) {
			t.Errorf("tried again while it waits: %v", err)
		}
		lost(t, "the first attempt", second(s.TakeJob(ctx, ticket, "w", longLease, day(4))))
		ticket.Attempt = 2
		must(s.TakeJob(ctx, ticket, "w2", longLease, day(4)))(t)
		if err := s.EndJob(ctx, ticket, job.End{State: job.Queued, Error: "the store was away"}, day(5)); err != nil {
			t.Fatal(err)
		}
		ticket.Attempt = 3
		must(s.TakeJob(ctx, ticket, "w3", longLease, day(5)))(t)
		if err := s.EndJob(ctx, ticket, job.End{State: job.Failed, Error: "no districts"}, day(6)); err != nil {
			t.Fatal(err)
		}
		if j := must(s.Job(ctx, "j1"))(t); j.State != job.Failed || j.Error != "no districts" || j.Attempt != 3 {
			t.Errorf("it ended as %+v", j)
		}
	})
	t.Run("a job whose lease ran out is set back, others are not", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		started(t, s, "alive", longLease)
		dead := started(t, s, "dead", time.Millisecond)
		addJob(t, s, newJob("waiting", ""))
		time.Sleep(20 * time.Millisecond)
		if n := must(s.SetBackJobs(ctx, day(3)))(t); n != 1 {
			t.Errorf("%d jobs set back, want 1", n)
		}
		if n := must(s.SetBackJobs(ctx, day(3)))(t); n != 0 {
			t.Errorf("%d jobs set back again", n)
		}
		if j := must(s.Job(ctx, "dead"))(t); j.State != job.Queued || j.Attempt != 2 {
			t.Errorf("the dead worker's job: %+v", j)
		}
		for _, id := range []string{"alive", "waiting"} {
			if j := must(s.Job(ctx, id))(t); j.Attempt != 1 {
				t.Errorf("%s: attempt %d", id, j.Attempt)
			}
		}
		lost(t, "keep", s.KeepJob(ctx, dead, job.Progress{}, longLease))
	})
	t.Run("a job that kills its workers fails in the end", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		addJob(t, s, newJob("j1", ""))
		for attempt := 1; attempt <= job.MaxAttempts; attempt++ {
			must(s.TakeJob(ctx, job.Ticket{Job: "j1", Attempt: attempt}, "w", time.Millisecond, day(2)))(t)
			time.Sleep(20 * time.Millisecond)
			must(s.SetBackJobs(ctx, day(3)))(t)
		}
		if j := must(s.Job(ctx, "j1"))(t); j.State != job.Failed || j.Error == "" {
			t.Errorf("after %d dead workers: %+v", job.MaxAttempts, j)
		}
	})
	t.Run("a worker who was given up writes nothing", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		ticket := started(t, s, "j1", time.Millisecond)
		frozen := hold(s, ticket, nil, day(3))
		last := hold(s, ticket, json.RawMessage(`{}`), day(3))
		if err := frozen.SaveDraft(ctx, townDraft("d1", 1), day(3)); err != nil {
			t.Fatalf("while the ticket counts: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
		must(s.SetBackJobs(ctx, day(3)))(t)
		must(s.TakeJob(ctx, job.Ticket{Job: "j1", Attempt: 2}, "w2", longLease, day(3)))(t)
		for name, write := range map[string]func() error{
			"a draft":    func() error { return frozen.SaveDraft(ctx, townDraft("d1", 2), day(4)) },
			"an import":  func() error { return second(frozen.SaveBuildings(ctx, townBuildings(), day(4))) },
			"a plan":     func() error { return last.SavePlan(ctx, townPlan("p1"), day(4)) },
			"the result": func() error { return s.EndJob(ctx, ticket, job.End{State: job.Done}, day(4)) },
		} {
			lost(t, name, unharmed(t, ctx, s, write))
		}
		if j := must(s.Job(ctx, "j1"))(t); j.State != job.Running || j.Worker != "w2" {
			t.Errorf("the job of the other worker: %+v", j)
		}
	})
	t.Run("the last write ends the job, both or none", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		ticket := started(t, s, "j1", longLease)
		last := hold(s, ticket, json.RawMessage(`{"draft":"d1"}`), day(3))
		if err := last.SaveDraft(ctx, townDraft("d1", 7), day(3)); !errors.Is(err, geo.ErrStale) {
			t.Fatalf("%v, want geo.ErrStale", err)
		}
		if j := must(s.Job(ctx, "j1"))(t); j.State != job.Running {
			t.Fatalf("a failed write has ended it: %+v", j)
		}
		if err := last.SaveDraft(ctx, townDraft("d1", 1), day(3)); err != nil {
			t.Fatal(err)
		}
		if j := must(s.Job(ctx, "j1"))(t); j.State != job.Done || string(j.Result) != `{"draft":"d1"}` || !j.EndedAt.Equal(day(3)) {
			t.Errorf("it ended as %+v", j)
		}
		lost(t, "a second write", last.SaveDraft(ctx, townDraft("d1", 2), day(4)))
	})
	t.Run("a load ends the job with its last step, not with the first", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		ticket := started(t, s, "j1", longLease)
		steps := 0
		must(hold(s, ticket, json.RawMessage(`{}`), day(3)).LoadPositions(ctx, manyPositions(5_000), day(3), func(done, total int) {
			steps++
			want := job.Running
			if done == total {
				want = job.Done
			}
			if j := must(s.Job(ctx, "j1"))(t); j.State != want {
				t.Errorf("after %d of %d the job is %s", done, total, j.State)
			}
		}))(t)
		if steps < 2 {
			t.Errorf("%d steps", steps)
		}
		lost(t, "a load", second(hold(s, ticket, nil, day(3)).LoadPositions(ctx, manyPositions(9_000), day(3), nil)))
	})
	t.Run("waiting jobs are delivered to as many workers as there are slots", func(t *testing.T) {
		testDelivery(t, open(t))
	})
}

// testDelivery has two runners work eight jobs, one of which is tried twice.
func testDelivery(t *testing.T, s Store) {
	const jobs = 8
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var mu sync.Mutex
	tries, busy, most := map[string]int{}, 0, 0
	work := func(ctx context.Context, task *job.Task) (json.RawMessage, error) {
		mu.Lock()
		tries[task.ID]++
		busy++
		most = max(most, busy)
		first := tries[task.ID] == 1
		mu.Unlock()
		task.Step("work", 1, 2)
		time.Sleep(20 * time.Millisecond)
		mu.Lock()
		busy--
		mu.Unlock()
		if task.ID == "j0" && first {
			return nil, job.ErrLost // as if somebody had taken it: its lease runs out
		}
		return json.RawMessage(`{"id":"` + task.ID + `"}`), nil
	}
	var runners sync.WaitGroup
	for n := range 2 {
		r := &job.Runner{Queue: s, Kinds: map[string]job.Work{"draw": work}, Worker: fmt.Sprint("w", n), Slots: 2,
			Lease: 300 * time.Millisecond, KeepEvery: 50 * time.Millisecond, LookEvery: 100 * time.Millisecond}
		runners.Go(func() { r.Run(ctx) })
	}
	for n := range jobs {
		addJob(t, s, newJob(fmt.Sprintf("j%d", n), ""))
	}
	done := 0
	for ; done < jobs && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		done = 0
		for _, j := range must(s.Jobs(t.Context(), jobs))(t) {
			if j.State == job.Done {
				done++
			}
		}
	}
	stop()
	runners.Wait()
	for n := range jobs {
		id, want := fmt.Sprintf("j%d", n), 1
		if n == 0 {
			want = 2
		}
		if tries[id] != want {
			t.Errorf("%s was tried %d times, want %d", id, tries[id], want)
		}
	}
	if done != jobs || most > 4 {
		t.Errorf("%d of %d done, at most %d at a time", done, jobs, most)
	}
}

func second2[A, B any](_ A, _ B, err error) error { return err }

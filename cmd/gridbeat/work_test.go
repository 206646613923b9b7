package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing/patrol"
)

type jobJSON struct {
	ID, Kind, State, Stage, Error string
	Attempt, Done, Total          int
	Input                         struct{ Draft string }
	Result                        struct {
		Draft, Plan string
		Plans       []string
		Added       int
	}
}

func planBody(seconds int) string {
	return fmt.Sprintf(`{"units":["甲","乙"],"depots":[[113.537,22.277]],"time_limit_seconds":%d}`, seconds)
}

// ends waits for the end of a job.
func (w web) ends(t *testing.T, id string, d time.Duration) (j jobJSON) {
	t.Helper()
	eventually(t, d, "job "+id+" ends", func() bool {
		j = told[jobJSON](t, w, http.StatusOK, "GET", "/api/v1/jobs/"+id, "")
		return j.State != "queued" && j.State != "running"
	})
	return j
}

// starts waits until a worker has the attempt.
func (w web) starts(t *testing.T, id string, attempt int, d time.Duration) time.Duration {
	t.Helper()
	return eventually(t, d, fmt.Sprintf("attempt %d at job %s runs", attempt, id), func() bool {
		j := told[jobJSON](t, w, http.StatusOK, "GET", "/api/v1/jobs/"+id, "")
		return j.State == "running" && j.Attempt == attempt
	})
}

// eachStore runs a test on the town in a file and in a database.
func eachStore(t *testing.T, test func(t *testing.T, store string)) {
	t.Run("a file", func(t *testing.T) {
		t.Parallel()
		test(t, newTown(t))
	})
	t.Run("a database", func(t *testing.T) {
		if testing.Short() {
			t.Skip("2026-11-29: takes its time; runs without -short")
		}
		t.Parallel()
		database := newDatabase(t) + "&station=" + url.QueryEscape("town")
		if got := gridbeat(t, "store", "copy", newTown(t), database); got.code != exitDone {
			t.Fatal(got.stderr)
		}
		test(t, database)
	})
}

func TestJobsAreWorkedForTheAPI(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store string) {
		_, w := serving(t, store)
		draw := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/drafts", `{"time_limit_seconds":60}`, "Idempotency-Key", "d1")
		again := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/drafts", `{"time_limit_seconds":60}`, "Idempotency-Key", "d1")
		if again.ID != draw.ID || draw.Input.Draft == "" {
			t.Errorf("a repeated request made another job: %+v, %+v", draw, again)
		}
		draw = w.ends(t, draw.ID, 2*time.Minute)
		if draw.State != "done" || draw.Result.Draft != draw.Input.Draft {
			t.Fatalf("drawing ended as %+v", draw)
		}
		var d struct {
			Version, Households int
			Grids               struct{ Features []any }
		}
		d = told[struct {
			Version, Households int
			Grids               struct{ Features []any }
		}](t, w, http.StatusOK, "GET", "/api/v1/drafts/"+draw.Result.Draft, "")
		if d.Version != 1 || d.Households == 0 || len(d.Grids.Features) == 0 {
			t.Errorf("the draft: version %d, %d households, %d grids", d.Version, d.Households, len(d.Grids.Features))
		}
		replan := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/drafts", `{"from_draft":"`+draw.Result.Draft+`","time_limit_seconds":60}`)
		if code, body, _ := w.try("POST", "/api/v1/drafts", `{"from_draft":"`+draw.Result.Draft+`"}`); code != http.StatusConflict || !strings.Contains(string(body), replan.ID) {
			t.Errorf("a second re-plan of one draft: %d %s", code, body)
		}
		plan := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/patrol-plans", planBody(2))
		csv := "id,lon,lat,households\nb1,113.52,22.27,30\nb2,113.53,22.27,40\n"
		in := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/imports?collection=buildings&name=homes.csv", csv)
		bad := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/imports?collection=people&name=people.csv", "id,lon,lat\n1,113.5,22.2\n")
		match := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/coverage", "")
		if j := w.ends(t, replan.ID, 2*time.Minute); j.State != "done" {
			t.Errorf("the re-plan ended as %+v", j)
		}
		if j := w.ends(t, plan.ID, time.Minute); j.State != "done" || j.Result.Plan == "" {
			t.Errorf("the plan ended as %+v", j)
		}
		if j := w.ends(t, in.ID, time.Minute); j.State != "done" || j.Result.Added != 2 {
			t.Errorf("the import ended as %+v", j)
		}
		if j := w.ends(t, bad.ID, time.Minute); j.State != "failed" || !strings.Contains(j.Error, "people.csv") || strings.Contains(j.Error, "/tmp/") {
			t.Errorf("an import without columns ended as %+v", j)
		}
		if j := w.ends(t, match.ID, time.Minute); j.State != "done" {
			t.Errorf("the matching ended as %+v", j)
		}
	})
}

func TestAPlanMadeAnewOverHTTPKeepsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	_, w := serving(t, town)
	type planJob struct {
		ID     string
		Result struct {
			Plans   []string
			Renewed *renewedResult
		}
	}
	plan := func(body string) (planJob, patrol.Plan) {
		t.Helper()
		j := told[planJob](t, w, http.StatusAccepted, "POST", "/api/v1/patrol-plans", body)
		if ended := w.ends(t, j.ID, time.Minute); ended.State != "done" {
			t.Fatalf("the job ended as %+v", ended)
		}
		j = told[planJob](t, w, http.StatusOK, "GET", "/api/v1/jobs/"+j.ID, "")
		var p patrol.Plan
		if err := (storeFlag{Store: town}).use(t.Context(), func(st store) (err error) {
			p, err = st.NewestPlan(t.Context())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return j, p
	}
	j, first := plan(`{"units":["a","b"],"depots":[[113.5337,22.2739]],"profile":"ebike","time_limit_seconds":2,"offer":2,"start":"08:30",
		"checkpoints":[{"name":"School","at":[113.5337,22.2739],"from_seconds":900,"until_seconds":5400}]}`)
	starts := 8*time.Hour + 30*time.Minute
	want := patrol.Asked{Starts: &starts, Checkpoints: []patrol.Checkpoint{{Name: "School", At: orb.Point{113.5337, 22.2739}, From: 15 * time.Minute, Until: 90 * time.Minute}}}
	if d := cmp.Diff(want, first.Asked); d != "" || len(j.Result.Plans) < 1 || len(j.Result.Plans) > 2 {
		t.Errorf("%d plans; what was asked for (-want +got):\n%s", len(j.Result.Plans), d)
	}
	j, again := plan(`{"from_plan":"newest","time_limit_seconds":1}`)
	if d := cmp.Diff(want, again.Asked); d != "" || again.Profile != "ebike" || len(again.Units) != 2 {
		t.Errorf("made anew for %v by %s (-want +got):\n%s", again.Units, again.Profile, d)
	}
	if r := j.Result.Renewed; r == nil || r.Previous != first.ID || r.Moves == 0 || r.Kept > r.Moves {
		t.Errorf("what is kept is told as %+v", r)
	}
	want.Checkpoints = nil
	if _, without := plan(`{"from_plan":"` + first.ID + `","time_limit_seconds":1,"checkpoints":[]}`); cmp.Diff(want, without.Asked) != "" {
		t.Errorf("without checkpoints it asks for %+v", without.Asked)
	}
}

// TestAJobGoesOnElsewhereWhenItsWorkerIsKilled: a job that may take half an hour.
func TestAJobGoesOnElsewhereWhenItsWorkerIsKilled(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store string) {
		_, w := serving(t, store, "--slots", "0")
		first := spawn(t, "work", "--store", store)
		j := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/patrol-plans", planBody(1800))
		w.starts(t, j.ID, 1, 30*time.Second)
		time.Sleep(2 * time.Second) // it has begun
		second := spawn(t, "work", "--store", store)
		first.kill()
		t.Logf("killed; goes on elsewhere after %.1f s", w.starts(t, j.ID, 2, time.Minute).Seconds())
		told[jobJSON](t, w, http.StatusOK, "DELETE", "/api/v1/jobs/"+j.ID, "")
		short := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/patrol-plans", planBody(1))
		if j := w.ends(t, short.ID, time.Minute); j.State != "done" {
			t.Errorf("the worker whose job was cancelled does nothing else: %+v\n%s", j, second.said)
		}
		if j := w.ends(t, j.ID, time.Second); j.State != "cancelled" || j.Attempt != 2 {
			t.Errorf("the cancelled job: %+v", j)
		}
	})
}

// TestAWorkerThatWakesLaterChangesNothing: it is stopped while it works, and goes on
// when another one has done its work.
func TestAWorkerThatWakesLaterChangesNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store string) {
		_, w := serving(t, store, "--slots", "0")
		sleeper := spawn(t, "work", "--store", store)
		j := told[jobJSON](t, w, http.StatusAccepted, "POST", "/api/v1/patrol-plans", planBody(3))
		w.starts(t, j.ID, 1, 30*time.Second)
		time.Sleep(time.Second)
		if err := sleeper.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		spawn(t, "work", "--store", store)
		t.Logf("stopped; goes on elsewhere after %.1f s", w.starts(t, j.ID, 2, time.Minute).Seconds())
		done := w.ends(t, j.ID, time.Minute)
		if done.State != "done" || done.Attempt != 2 {
			t.Fatalf("it ended as %+v", done)
		}
		before := changesOf(t, w)
		if err := sleeper.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(6 * time.Second) // it ends its search and wants to save the plan
		if after := changesOf(t, w); after != before {
			t.Errorf("the worker that woke changed something (before, after):\n%s\n%s", before, after)
		}
		if now := w.ends(t, j.ID, time.Second); now.Attempt != done.Attempt || now.Result.Plan != done.Result.Plan {
			t.Errorf("the job was %+v, is %+v", done, now)
		}
		if !strings.Contains(sleeper.said.String(), "job lost to others") {
			t.Errorf("the worker that woke does not say so: %s", sleeper.said)
		}
	})
}

// changesOf is the whole change log, as a listener from the beginning is told it.
func changesOf(t *testing.T, w web) string {
	t.Helper()
	l := listen(t, w, 0)
	time.Sleep(time.Second)
	l.stop()
	return fmt.Sprint(l.events())
}

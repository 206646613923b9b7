package api_test

import (
	"strings"
	"testing"
	"time"

	"gridbeat/geo/job"
)

type jobJSON struct {
	ID, Kind, State string
	Attempt         int
	Error           *string
	Input           struct {
		Draft, Collection, Datum string
		Min, Max                 int
	}
	CreatedAt string  `json:"created_at"`
	EndedAt   *string `json:"ended_at"`
}

func TestAJobIsQueuedToldAndCancelled(t *testing.T) {
	tn := newTown(t)
	rec := tn.ask("POST", "/api/v1/drafts", `{"min":100}`, "Idempotency-Key", "k1")
	j := answer[jobJSON](t, rec, 202)
	if j.State != "queued" || j.Attempt != 1 || j.Kind != "draw" || j.Input.Min != 100 || j.Input.Max != 500 || j.CreatedAt != "2026-03-01T12:00:00+08:00" ||
		rec.Header().Get("Location") != "/api/v1/jobs/"+j.ID {
		t.Errorf("queued as %+v, %v", j, rec.Header())
	}
	again := tn.ask("POST", "/api/v1/drafts", `{"min":100}`, "Idempotency-Key", "k1")
	if answer[jobJSON](t, again, 202).ID != j.ID || again.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("the same request again: %s", again.Body)
	}
	refused(t, tn.ask("POST", "/api/v1/drafts", `{"min":101}`, "Idempotency-Key", "k1"), 422)
	if got := answer[jobJSON](t, tn.ask("GET", "/api/v1/jobs/"+j.ID, ""), 200); got.ID != j.ID {
		t.Errorf("read back %+v", got)
	}
	if got := answer[struct{ Items []jobJSON }](t, tn.ask("GET", "/api/v1/jobs", ""), 200); len(got.Items) != 1 {
		t.Errorf("listed %+v", got)
	}
	if got := answer[jobJSON](t, tn.ask("DELETE", "/api/v1/jobs/"+j.ID, ""), 200); got.State != "cancelled" || got.EndedAt == nil {
		t.Errorf("cancelled: %+v", got)
	}
	refused(t, tn.ask("DELETE", "/api/v1/jobs/"+j.ID, ""), 409)
	if got := answer[jobJSON](t, tn.ask("POST", "/api/v1/jobs/"+j.ID+"/retry", ""), 202); got.State != "queued" || got.Attempt != 2 {
		t.Errorf("tried again: %+v", got)
	}
	for _, method := range []string{"GET", "DELETE"} {
		refused(t, tn.ask(method, "/api/v1/jobs/nobody", ""), 404)
	}
}

func TestOneJobADraftAtATime(t *testing.T) {
	tn := newTown(t)
	first := answer[jobJSON](t, tn.ask("POST", "/api/v1/drafts", `{"from_draft":"draft-01"}`), 202)
	p := refused(t, tn.ask("POST", "/api/v1/drafts", `{"from_draft":"draft-01"}`), 409)
	if !strings.Contains(p.Detail, first.ID) {
		t.Errorf("it does not name the job in the way: %s", p.Detail)
	}
	ticket := job.Ticket{Job: first.ID, Attempt: 1}
	if _, err := tn.store.TakeJob(t.Context(), ticket, "w", time.Minute, noon); err != nil {
		t.Fatal(err)
	}
	if err := tn.store.EndJob(t.Context(), ticket, job.End{State: job.Failed, Error: "no"}, noon); err != nil {
		t.Fatal(err)
	}
	if got := answer[jobJSON](t, tn.ask("GET", "/api/v1/jobs/"+first.ID, ""), 200); got.State != "failed" || *got.Error != "no" {
		t.Errorf("the failed job: %+v", got)
	}
	answer[jobJSON](t, tn.ask("POST", "/api/v1/drafts", `{"from_draft":"draft-01"}`), 202)
}

func TestRequestsForWorkThatCannotBe(t *testing.T) {
	tn := newTown(t)
	for _, row := range []struct{ path, body, pointer string }{
		{"/api/v1/drafts", `{"min":500,"max":100}`, "/min"},
		{"/api/v1/drafts", `{"time_limit_seconds":100000}`, "/time_limit_seconds"},
		{"/api/v1/drafts", `{"from_edition":true,"from_draft":"draft-01"}`, "/from_draft"},
		{"/api/v1/drafts", `{"seed":-1}`, "/seed"},
		{"/api/v1/patrol-plans", `{"depots":[[113.5,22.27]]}`, "/units"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[999,22.27]]}`, "/depots"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"profile":"boat"}`, "/profile"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"variants":99}`, "/variants"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"closed":["1",""]}`, "/closed"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"services":[{"street":"1","visits":-2}]}`, "/services"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"offer":3,"variants":2}`, "/offer"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"start":"soon"}`, "/start"},
		{"/api/v1/patrol-plans", `{"units":["a"],"depots":[[113.5,22.27]],"checkpoints":[{"name":"A","at":[113.5,22.27],"from_seconds":60,"until_seconds":30}]}`, "/checkpoints"},
		{"/api/v1/patrol-plans", `{"from_plan":"newest","units":[""]}`, "/units"},
		{"/api/v1/imports?collection=secrets&name=a.csv", `x`, "/collection"},
		{"/api/v1/imports?collection=people&name=../a.csv", `x`, "/name"},
		{"/api/v1/imports?collection=people&name=a.csv&datum=moon", `x`, "/datum"},
	} {
		p := refused(t, tn.ask("POST", row.path, row.body), 400)
		if len(p.Errors) != 1 || p.Errors[0].Pointer != row.pointer {
			t.Errorf("%s %s: %+v, want %s", row.path, row.body, p.Errors, row.pointer)
		}
	}
	refused(t, tn.ask("POST", "/api/v1/drafts", `{"from_draft":"none"}`), 404)
	refused(t, tn.ask("POST", "/api/v1/patrol-plans", `{"from_plan":"none"}`), 404)
}

func TestADraftIsEditedAndPublished(t *testing.T) {
	tn := newTown(t)
	type draft struct {
		ID                  string
		Version, Households int
		Grids               struct {
			Features []struct{ Properties struct{ Code, Name string } }
		}
	}
	rec := tn.ask("GET", "/api/v1/drafts/draft-01", "")
	if d := answer[draft](t, rec, 200); d.Version != 1 || d.Households != 500 || len(d.Grids.Features) != 2 || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("the draft: %+v", d)
	}
	edit := `[{"op":"rename","grid":"` + westGrid + `","name":"梅华"}]`
	d := answer[draft](t, tn.ask("PATCH", "/api/v1/drafts/draft-01", edit, "If-Match", `"1"`), 200)
	if d.Version != 2 || d.Grids.Features[0].Properties.Name != "梅华" {
		t.Errorf("edited: %+v", d)
	}
	if kept, err := tn.store.DraftEdits(t.Context(), "draft-01"); err != nil || len(kept) != 1 || kept[0].Version != 2 ||
		kept[0].Edit.Op() != "rename" || kept[0].Inverse == nil {
		t.Errorf("the list of its edits holds %v, %v", kept, err)
	}
	refused(t, tn.ask("PATCH", "/api/v1/drafts/draft-01", edit, "If-Match", `"1"`), 412)
	refused(t, tn.ask("PATCH", "/api/v1/drafts/draft-01", `[{"op":"rename","grid":"none","name":"x"}]`), 422)
	refused(t, tn.ask("PATCH", "/api/v1/drafts/draft-01", `{}`), 400)
	refused(t, tn.ask("PATCH", "/api/v1/drafts/none", edit), 404)
	refused(t, tn.ask("POST", "/api/v1/drafts/draft-01/publish", "", "If-Match", `"1"`), 412)
	if e := answer[struct{ Edition int }](t, tn.ask("POST", "/api/v1/drafts/draft-01/publish", "", "If-Match", `"2"`), 201); e.Edition != 2 {
		t.Errorf("published as %+v", e)
	}
	refused(t, tn.ask("POST", "/api/v1/drafts/draft-01/publish", ""), 400)
}

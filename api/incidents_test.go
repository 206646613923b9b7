package api_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/routing/dispatch"
)

type incidentJSON struct {
	ID, Number, Category, Priority, State, How, Level, Text string
	Grid, District, Responsible                             *string
	Lon, Lat, Metres                                        float64
	ReportedAt                                              string `json:"reported_at"`
	AnswerDueAt                                             string `json:"answer_due_at"`
	CloseDueAt                                              string `json:"close_due_at"`
	Version                                                 int
	Allowed                                                 []string
}

const report = `{"category":"dispute","priority":"normal","lon":113.505,"lat":22.275,"text":"楼上漏水"}`

func (tn town) file(t *testing.T, body string, headers ...string) incidentJSON {
	t.Helper()
	return answer[incidentJSON](t, tn.ask("POST", "/api/v1/incidents", body, headers...), 201)
}

func TestAReportGetsGridNumberClocksAndHolder(t *testing.T) {
	tn := newTown(t)
	rec := tn.ask("POST", "/api/v1/incidents", report)
	got := answer[incidentJSON](t, rec, 201)
	if got.State != "reported" || *got.Grid != westGrid || *got.District != "01" || got.How != "inside" || got.Level != "leader" || *got.Responsible != "李网格" {
		t.Errorf("placed as %+v", got)
	}
	if len(got.ID) < 8 || got.Version != 1 || got.Number != "20260301-0002" || got.Text != "楼上漏水" {
		t.Errorf("filed as %+v", got)
	}
	if got.ReportedAt != "2026-03-01T12:00:00+08:00" || got.AnswerDueAt != "2026-03-01T12:30:00+08:00" || got.CloseDueAt != "2026-03-02T12:00:00+08:00" {
		t.Errorf("clocks %s %s %s", got.ReportedAt, got.AnswerDueAt, got.CloseDueAt)
	}
	if rec.Header().Get("Location") != "/api/v1/incidents/"+got.ID || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("headers %v", rec.Header())
	}
	again := answer[incidentJSON](t, tn.ask("GET", "/api/v1/incidents/"+got.ID, ""), 200)
	if again.Number != got.Number || again.Lon != 113.505 {
		t.Errorf("read back %+v", again)
	}
	if rec := tn.ask("GET", "/api/v1/incidents/"+got.ID, "", "If-None-Match", `"1"`); rec.Code != 304 {
		t.Errorf("unchanged: %d", rec.Code)
	}
	urgent := tn.file(t, `{"category":"emergency","priority":"urgent","lon":113.505,"lat":22.275}`)
	if urgent.Level != "command" || urgent.AnswerDueAt >= got.AnswerDueAt {
		t.Errorf("an urgent one: %+v", urgent)
	}
	border := tn.file(t, `{"category":"other","lon":113.51,"lat":22.275}`)
	if *border.Grid != westGrid || border.How != "border" {
		t.Errorf("on the border: %+v", border)
	}
	outside := tn.file(t, `{"category":"other","lon":113.6,"lat":22.275}`)
	if outside.Grid != nil || outside.How != "outside" || outside.Level != "station" {
		t.Errorf("outside: %+v", outside)
	}
	shifted := tn.file(t, `{"category":"other","lon":113.51,"lat":22.273,"datum":"gcj02"}`)
	if shifted.Lon >= 113.51 || shifted.Lon < 113.50 {
		t.Errorf("from GCJ-02: %+v", shifted)
	}
}

func TestAReportBeforeTheFirstEditionIsTakenByTheStation(t *testing.T) {
	got := emptyTown(t).file(t, report)
	if got.Grid != nil || got.Level != "station" || got.How != "outside" {
		t.Errorf("%+v", got)
	}
}

func TestBadReportsAreRefusedWithAllThatIsWrong(t *testing.T) {
	tn := newTown(t)
	p := refused(t, tn.ask("POST", "/api/v1/incidents", `{"category":"riot","priority":"high","lon":113.505,"datum":"mars","text":"`+strings.Repeat("长", 2001)+`"}`), 400)
	var pointers []string
	for _, e := range p.Errors {
		pointers = append(pointers, e.Pointer)
	}
	if strings.Join(pointers, " ") != "/category /priority /text /datum /lat" {
		t.Errorf("told %v", pointers)
	}
	for _, body := range []string{`{`, `[]`, `{"lon":"113"}`, ``, `{"category":"other","lon":22.275,"lat":113.505}`, `{"category":"other","lon":999,"lat":1}`} {
		if p := refused(t, tn.ask("POST", "/api/v1/incidents", body), 400); p.Detail == "" {
			t.Errorf("%s: no detail", body)
		}
	}
	refused(t, tn.ask("POST", "/api/v1/incidents", report, "Idempotency-Key", strings.Repeat("k", 256)), 400)
	refused(t, tn.ask("GET", "/api/v1/incidents/nobody", ""), 404)
	refused(t, tn.ask("GET", "/api/v1/incidents/nobody/history", ""), 404)
	refused(t, tn.ask("POST", "/api/v1/incidents/nobody/transitions", `{"to":"filed"}`), 404)
}

func TestARepeatedRequestFilesOnce(t *testing.T) {
	tn := newTown(t)
	var answers [6]*httptest.ResponseRecorder
	var clients sync.WaitGroup
	for n := range answers {
		clients.Go(func() { answers[n] = tn.ask("POST", "/api/v1/incidents", report, "Idempotency-Key", "abc") })
	}
	clients.Wait()
	ids := map[string]bool{}
	for _, rec := range answers {
		ids[answer[incidentJSON](t, rec, 201).ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("%d incidents of one request", len(ids))
	}
	refused(t, tn.ask("POST", "/api/v1/incidents", strings.Replace(report, "楼上", "楼下", 1), "Idempotency-Key", "abc"), 422)
}

func TestAnIncidentTakesItsSteps(t *testing.T) {
	tn := newTown(t)
	i := tn.file(t, report)
	step := func(status int, body string, headers ...string) *httptest.ResponseRecorder {
		t.Helper()
		rec := tn.ask("POST", "/api/v1/incidents/"+i.ID+"/transitions", body, headers...)
		if rec.Code != status {
			t.Fatalf("%s: status %d, want %d: %s", body, rec.Code, status, rec.Body)
		}
		return rec
	}
	got := answer[incidentJSON](t, step(200, `{"to":"filed"}`, "If-Match", `"1"`), 200)
	if got.State != "filed" || got.Version != 2 {
		t.Errorf("%+v", got)
	}
	stale := answer[map[string]any](t, step(412, `{"to":"dispatched"}`, "If-Match", `"1"`), 412)
	if stale["version"] != 2.0 || stale["changed_by"] != "everyone" || stale["changed_at"] != "2026-03-01T12:00:00+08:00" {
		t.Errorf("stale: %v", stale)
	}
	illegal := answer[map[string]any](t, step(409, `{"to":"closed"}`), 409)
	if fmt.Sprint(illegal["allowed"]) != fmt.Sprint(dispatch.Allowed("filed")) {
		t.Errorf("illegal: %v", illegal)
	}
	step(400, `{"to":"lost"}`)
	step(400, `{"to":"dispatched","outcome":"arrested"}`)
	step(400, `{"to":"dispatched"}`, "If-Match", `"soon"`)
	step(400, `nonsense`)
	for _, to := range []string{"dispatched", "answered", "on_site", "handled"} {
		step(200, `{"to":"`+to+`"}`)
	}
	step(200, `{"to":"closed","reason":"双方和解","outcome":"mediated"}`, "If-Match", `"6"`)
	history := answer[struct {
		Items []struct {
			Version         int
			Actor, To       string
			From            *string
			Reason, Outcome *string
		}
	}](t, tn.ask("GET", "/api/v1/incidents/"+i.ID+"/history", ""), 200).Items
	if len(history) != 7 || history[0].From != nil || history[6].To != "closed" || *history[6].Outcome != "mediated" || *history[6].Reason != "双方和解" || history[6].Version != 7 {
		t.Errorf("history %+v", history)
	}
}

func TestIncidentsAreListedInPages(t *testing.T) {
	tn := newTown(t)
	var all []dispatch.Incident
	for n := range 25 {
		i := incident(fmt.Sprintf("page-%04d", n), orb.Point{113.505, 22.275})
		i.ReportedAt = founded.Add(time.Duration(n) * time.Second)
		if n%2 == 1 {
			i.State = dispatch.Closed
		}
		all = append(all, i)
	}
	if _, err := tn.store.SaveIncidents(t.Context(), all, noon); err != nil {
		t.Fatal(err)
	}
	type page struct {
		Items []incidentJSON
		Next  *string
	}
	seen, pages := 0, 0
	for target := "/api/v1/incidents?limit=10"; target != ""; pages++ {
		got := answer[page](t, tn.ask("GET", target, ""), 200)
		seen, target = seen+len(got.Items), ""
		if got.Next != nil {
			target = "/api/v1/incidents?limit=10&cursor=" + *got.Next
		}
	}
	if seen != 26 || pages != 3 {
		t.Errorf("%d incidents in %d pages, want 26 in 3", seen, pages)
	}
	if got := answer[page](t, tn.ask("GET", "/api/v1/incidents?open=true&grid="+eastGrid, ""), 200); len(got.Items) != 14 || got.Next != nil {
		t.Errorf("%d open ones, want 14", len(got.Items))
	}
	for _, bad := range []string{"limit=0", "limit=1001", "limit=x", "cursor=!", "cursor=AAAA", "state=lost", "category=riot", "open=perhaps"} {
		refused(t, tn.ask("GET", "/api/v1/incidents?"+bad, ""), 400)
	}
}

package api_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/api"
	"gridbeat/geo/account"
	"gridbeat/routing/dispatch"
)

func TestStationTellsWhatThePageMustSay(t *testing.T) {
	type station struct {
		Name     string
		TimeZone string `json:"time_zone"`
		Extent   [4]float64
		Counts   map[string]int
		Demo     bool
		DemoSeed int `json:"demo_seed"`
		Homes    struct {
			Rule    string
			Assumed float64 `json:"assumed_share"`
		}
		Edition struct{ Number, Grids, Households int }
		Plan    struct {
			ID      string
			Longest float64 `json:"longest_seconds"`
			Bound   float64 `json:"bound_seconds"`
			Missed  int
		}
		Tracks   struct{ Simulated bool }
		Sequence int64
		Changed  *time.Time `json:"changed_at"`
		Now      time.Time
	}
	got := answer[station](t, newTown(t).ask("GET", "/api/v1/station", ""), 200)
	if got.Name != "香洲派出所" || got.TimeZone != "Asia/Shanghai" || !got.Demo || got.DemoSeed != 7 || got.Homes.Rule != "by floor area" || got.Homes.Assumed != 1 {
		t.Errorf("station %+v", got)
	}
	if got.Extent != [4]float64{113.50, 22.27, 113.52, 22.28} {
		t.Errorf("extent %v", got.Extent)
	}
	for name, n := range map[string]int{"districts": 1, "grids": 2, "streets": 1, "compounds": 1, "buildings": 2, "people": 1, "incidents": 1, "positions": 2, "communities": 0} {
		if got.Counts[name] != n {
			t.Errorf("%d %s, want %d", got.Counts[name], name, n)
		}
	}
	if e := got.Edition; e.Number != 1 || e.Grids != 2 || e.Households != 500 {
		t.Errorf("edition %+v", e)
	}
	if p := got.Plan; p.ID != "plan-001" || p.Longest != 3000 || p.Bound != 1200 || p.Missed != 1 {
		t.Errorf("plan %+v", p)
	}
	if !got.Tracks.Simulated || got.Sequence == 0 || got.Changed == nil || !got.Now.Equal(noon) {
		t.Errorf("tracks %v, sequence %d, changed %v, now %v", got.Tracks, got.Sequence, got.Changed, got.Now)
	}
	empty := answer[map[string]any](t, emptyTown(t).ask("GET", "/api/v1/station", ""), 200)
	if empty["edition"] != nil || empty["plan"] != nil || empty["extent"] != nil || empty["time_zone"] != "Asia/Shanghai" {
		t.Errorf("an empty store: %v", empty)
	}
}

func TestDutyPhonesAreToldOnlyWhereEveryoneHasEveryRole(t *testing.T) {
	tn := newTown(t)
	if body := tn.ask("GET", "/api/v1/people", "").Body.String(); !strings.Contains(body, "000-1234") || !strings.Contains(body, "李网格") {
		t.Errorf("with every role: %s", body)
	}
	closed, err := api.New(api.Config{Store: tn.store})
	if err != nil {
		t.Fatal(err)
	}
	tn.Server = closed
	if body := tn.ask("GET", "/api/v1/people", "").Body.String(); strings.Contains(body, "000-1234") || !strings.Contains(body, "李网格") {
		t.Errorf("without: %s", body)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	tn := newTown(t)
	for _, path := range []string{"/", "/api/v1/station", "/nothing"} {
		h := tn.ask("GET", path, "").Header()
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	tn := newTown(t)
	for name, row := range map[string]struct {
		headers []string
		status  int
	}{
		"this machine by name":       {[]string{"Host", "localhost:8080"}, 200},
		"this machine by IPv6":       {[]string{"Host", "[::1]:8080"}, 200},
		"a name that was rebound":    {[]string{"Host", "evil.example:8080"}, 403},
		"another machine":            {[]string{"Host", "192.168.1.7:8080"}, 403},
		"a page of this server":      {[]string{"Origin", "http://127.0.0.1:8080"}, 200},
		"a page of another port":     {[]string{"Origin", "http://127.0.0.1:9999"}, 403},
		"a page of another site":     {[]string{"Origin", "https://evil.example"}, 403},
		"a page without any address": {[]string{"Origin", "null"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			rec := tn.ask("GET", "/api/v1/station", "", row.headers...)
			if rec.Code != row.status {
				t.Errorf("status %d, want %d", rec.Code, row.status)
			}
		})
	}
}

func TestHealthAndReadiness(t *testing.T) {
	tn := newTown(t)
	if got := answer[map[string]any](t, tn.ask("GET", "/healthz", ""), 200); got["status"] != "ok" || got["version"] != "test" {
		t.Errorf("healthz %v", got)
	}
	if got := answer[map[string]any](t, tn.ask("GET", "/readyz", ""), 200); got["status"] != "ready" {
		t.Errorf("readyz %v", got)
	}
	tn.store.Close()
	if got := answer[map[string]any](t, tn.ask("GET", "/healthz", ""), 200); got["status"] != "ok" {
		t.Errorf("healthz without a store: %v", got)
	}
	p := refused(t, tn.ask("GET", "/readyz", ""), 500)
	if strings.Contains(p.Detail, "sql") {
		t.Errorf("tells what is inside: %s", p.Detail)
	}
}

// next reads events until one of the kind comes, and gives its lines.
func next(t *testing.T, r *bufio.Reader, kind string) string {
	t.Helper()
	var lines []string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended before %s: %v", kind, err)
		}
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
			continue
		}
		if all := strings.Join(lines, "\n"); strings.Contains(all, "event: "+kind) {
			return all
		}
		lines = nil
	}
}

func listen(t *testing.T, url string, headers ...string) *bufio.Reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %v", res.StatusCode, res.Header)
	}
	return bufio.NewReader(res.Body)
}

func TestChangesAreToldAndResumed(t *testing.T) {
	tn := newTown(t)
	srv := httptest.NewServer(tn)
	t.Cleanup(srv.Close)
	url := srv.URL + "/api/v1/events"
	live := listen(t, url)
	next(t, live, "heartbeat")
	if _, err := tn.store.SaveIncidents(t.Context(), []dispatch.Incident{incident("inc-0002", orb.Point{113.505, 22.275})}, noon); err != nil {
		t.Fatal(err)
	}
	told := next(t, live, "incident.created")
	if !strings.Contains(told, `"id":"inc-0002"`) || !strings.Contains(told, `"kind":"incident.created"`) || !strings.HasPrefix(told, "id: ") {
		t.Errorf("told %s", told)
	}

	again := next(t, listen(t, url, "Last-Event-ID", "0"), "incident.created")
	if !strings.Contains(again, "inc-0001") {
		t.Errorf("resumed from the beginning with %s", again)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(told, "id: "), "\n")
	ahead := next(t, listen(t, url+"?after=999999"), "reset")
	if !strings.Contains(ahead, `{"sequence":`+id+`}`) {
		t.Errorf("told one who knows too much: %s", ahead)
	}
	refused(t, tn.ask("GET", "/api/v1/events", "", "Last-Event-ID", "yesterday"), 400)
}

// TestChangesOfAccountsAreToldToNobody: neither live nor to one who resumes.
func TestChangesOfAccountsAreToldToNobody(t *testing.T) {
	tn := newTown(t)
	srv := httptest.NewServer(tn)
	t.Cleanup(srv.Close)
	url := srv.URL + "/api/v1/events"
	live := listen(t, url)
	next(t, live, "heartbeat")
	user := account.User{ID: "u-secret", Login: "chen", Role: account.Admin, CreatedAt: noon, Version: 1}
	token := account.Token{ID: "k-secret", User: user.ID, Digest: account.TokenDigest("x"), Scope: account.Viewer,
		CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), Version: 1}
	if err := errors.Join(tn.store.SaveUser(t.Context(), user, noon), tn.store.SaveToken(t.Context(), token, noon)); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.store.SaveIncidents(t.Context(), []dispatch.Incident{incident("inc-0003", orb.Point{113.505, 22.275})}, noon); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]*bufio.Reader{"live": live, "resumed": listen(t, url, "Last-Event-ID", "0")} {
		for told := ""; !strings.Contains(told, "inc-0003"); {
			told = next(t, from, "")
			if strings.Contains(told, "secret") || strings.Contains(told, "user.") || strings.Contains(told, "token.") {
				t.Errorf("%s: told %s", name, told)
			}
		}
	}
}

func TestServeStopsStreamsAndReturns(t *testing.T) {
	tn := newTown(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- tn.Serve(ctx, l) }()
	stream := listen(t, "http://"+l.Addr().String()+"/api/v1/events")
	next(t, stream, "heartbeat")
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(8 * time.Second):
		t.Fatal("an open stream keeps the server from stopping")
	}
	if _, err := http.Get("http://" + l.Addr().String() + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

func TestWithoutAccountsOnlyLoopbackIsServed(t *testing.T) {
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := newTown(t).Serve(t.Context(), l); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("got %v", err)
	}
}

func TestNewNeedsAStore(t *testing.T) {
	if _, err := api.New(api.Config{}); err == nil {
		t.Error("a server without a store was made")
	}
}

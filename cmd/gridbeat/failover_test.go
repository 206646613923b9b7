package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gridbeat/routing/dispatch"
)

// pair is a primary with its synchronous standby.
type pair struct{ primary, standby *cluster }

// newPair starts a primary that confirms a commit only once its standby shows it too.
func newPair(t testing.TB) pair {
	t.Helper()
	p := pair{primary: newCluster(t, "synchronous_commit = remote_apply", "wal_keep_size = 256MB")}
	p.primary.exec(t, "gridbeat", `ALTER SYSTEM SET synchronous_standby_names = 'standby1'`)
	p.standby = emptyCluster(t)
	p.standby.do(t, "pg_basebackup", "-D", p.standby.data, "-h", "127.0.0.1", "-p", fmt.Sprint(p.primary.port), "-U", "gridbeat",
		"-R", "-X", "stream", "-c", "fast")
	p.standby.set(t, "cluster_name = 'standby1'")
	p.standby.start(t)
	p.primary.exec(t, "gridbeat", `SELECT pg_reload_conf()`)
	eventually(t, 30*time.Second, "the standby is synchronous", func() bool {
		return one[int](t, p.primary, `SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'`) == 1
	})
	return p
}

// url names both servers, the first primary first.
func (p pair) url() string {
	return fmt.Sprintf("postgres://app@127.0.0.1:%d,127.0.0.1:%d/gridbeat?sslmode=disable&station=town", p.primary.port, p.standby.port)
}

// promote makes the standby the primary as docs/scale.md says. It has inherited that it
// waits for a standby, and has none: that is cleared.
func (p pair) promote(t *testing.T) {
	t.Helper()
	p.standby.exec(t, "postgres", `SELECT pg_promote(true)`, `ALTER SYSTEM SET synchronous_standby_names = ''`, `SELECT pg_reload_conf()`)
}

// TestFailover kills the primary under two API servers and four writers.
func TestFailover(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("2026-11-29: starts two PostgreSQL; runs without -short")
	}
	p := newPair(t)
	if got := gridbeat(t, "store", "copy", newTown(t), p.primary.url("app", "gridbeat")+"&station=town"); got.code != exitDone {
		t.Fatal(got.stderr)
	}
	_, one1 := serving(t, p.url())
	_, two := serving(t, p.url())
	begin := newestSequence(t, p.url())
	ears := []*ear{listen(t, one1, begin), listen(t, two, begin)}
	f := file(t, "failover", writers, func(client int) web { return []web{one1, two}[client%2] })
	f.more(time.Minute)

	standbyDelayed(t, p, f)
	f.more(time.Minute)

	begun := time.Now()
	p.primary.kill(true)
	p.promote(t)
	t.Logf("from the kill of the primary to the first acknowledged write %.2f s", f.more(time.Minute).Sub(begun).Seconds())
	f.more(time.Minute)

	p.primary.start(t) // it comes back as it was
	before := one[int](t, p.primary, `SELECT count(*) FROM gridbeat.incidents`)
	acceptsNothing(t, p)
	f.more(time.Minute)
	j := told[jobJSON](t, two, http.StatusAccepted, "POST", "/api/v1/patrol-plans", planBody(1))
	if j = one1.ends(t, j.ID, 2*time.Minute); j.State != "done" {
		t.Errorf("a job after the promotion ended as %+v", j)
	}
	f.more(time.Minute)
	f.end()
	if after := one[int](t, p.primary, `SELECT count(*) FROM gridbeat.incidents`); after != before {
		t.Errorf("the old primary held %d incidents and holds %d", before, after)
	}
	heardAll(t, p.url(), begin, f, ears)
	judgeStore(t, p.url(), f)
	fencedByItsStart(t, p)
}

// standbyDelayed stops the standby from showing what it gets: no write is acknowledged
// meanwhile, and those that were sent are neither lost nor doubled afterwards.
func standbyDelayed(t *testing.T, p pair, f *filing) {
	t.Helper()
	p.standby.exec(t, "postgres", `SELECT pg_wal_replay_pause()`)
	time.Sleep(time.Second) // what was confirmed already is told
	before, _ := f.acked()
	time.Sleep(12 * time.Second) // longer than the store's patience with a commit
	if during, _ := f.acked(); during != before {
		t.Errorf("%d writes were acknowledged that the standby did not show", during-before)
	}
	f.mu.Lock()
	if f.refused == 0 {
		t.Error("no write was refused while the standby stood still")
	}
	f.mu.Unlock()
	p.standby.exec(t, "postgres", `SELECT pg_wal_replay_resume()`)
}

func newestSequence(t *testing.T, url string) int64 {
	t.Helper()
	changes, err := openStore(t, url).Changes(t.Context(), 0, 0)
	if err != nil || len(changes) == 0 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	return changes[len(changes)-1].Sequence
}

// acceptsNothing: a server that knows only the old primary acknowledges no write, and one
// that knows both uses the new one.
func acceptsNothing(t *testing.T, p pair) {
	t.Helper()
	body := `{"category":"tip","lon":113.53,"lat":22.277,"text":"to the old primary"}`
	lost, w := serving(t, p.primary.url("app", "gridbeat")+"&station=town", "--slots", "0")
	defer lost.kill()
	if code, answer, err := w.try("POST", "/api/v1/incidents", body, "Idempotency-Key", "old"); err != nil || code != http.StatusServiceUnavailable ||
		!strings.Contains(string(answer), "unconfirmed") {
		t.Errorf("a write to the old primary: %d %s %v, want 503", code, answer, err)
	}
	fresh, w := serving(t, p.url(), "--slots", "0")
	defer fresh.kill()
	told[struct{ ID string }](t, w, http.StatusCreated, "POST", "/api/v1/incidents", strings.Replace(body, "old", "new", 1))
}

// heardAll holds what the clients of both servers heard against the log: every event once
// and in order, across the promotion.
func heardAll(t *testing.T, url string, begin int64, f *filing, ears []*ear) {
	t.Helper()
	changes, err := openStore(t, url).Changes(t.Context(), begin, 0)
	if err != nil {
		t.Fatal(err)
	}
	for n, l := range ears {
		eventually(t, 30*time.Second, "the listener has heard the last event", func() bool {
			all := l.events()
			return len(all) > 0 && all[len(all)-1].sequence >= changes[len(changes)-1].Sequence
		})
		l.stop()
		all := l.events()
		if len(all) != len(changes) {
			t.Errorf("listener %d heard %d events of %d", n, len(all), len(changes))
		}
		for i := range min(len(all), len(changes)) {
			if all[i].sequence != changes[i].Sequence || !strings.Contains(all[i].text, changes[i].ID) {
				t.Fatalf("listener %d: event %d is %v, the log says %v", n, i, all[i], changes[i])
			}
		}
	}
	t.Logf("each of %d listeners heard all %d events once and in order", len(ears), len(changes))
}

// fencedByItsStart starts the old primary with gridbeat fence before it: it takes no
// write, not even one that waits for nobody.
func fencedByItsStart(t *testing.T, p pair) {
	t.Helper()
	p.primary.kill(true)
	peers := p.standby.url("app", "gridbeat")
	if got := gridbeat(t, "fence", p.primary.data, "--peers", peers); got.code != exitDone || !strings.Contains(got.stdout, "starts as a standby") {
		t.Fatalf("fence: %d %s%s", got.code, got.stdout, got.stderr)
	}
	p.primary.start(t)
	conn := p.primary.connect(t, "gridbeat", "gridbeat")
	defer conn.Close(context.Background())
	_, err := conn.Exec(t.Context(), `SET synchronous_commit = off; CREATE TABLE public.mine (n int)`)
	if err == nil || !strings.Contains(err.Error(), "read-only transaction") {
		t.Errorf("a write to the fenced server: %v", err)
	}
	if got := gridbeat(t, "fence", p.standby.data, "--peers", p.primary.url("app", "gridbeat")); got.code != exitDone || !strings.Contains(got.stdout, "it may start") {
		t.Errorf("fence of the new primary: %d %s%s", got.code, got.stdout, got.stderr)
	}
	gone := p.primary.url("app", "gridbeat")
	p.primary.kill(true)
	if got := gridbeat(t, "fence", p.standby.data, "--peers", gone); got.code != exitBad || !strings.Contains(got.stderr, "nobody can say") {
		t.Errorf("fence where nobody answers: %d %s%s", got.code, got.stdout, got.stderr)
	}
	if got := gridbeat(t, "fence", filepath.Dir(p.standby.data), "--peers", gone); got.code != exitBad {
		t.Errorf("fence of no data folder: %d", got.code)
	}
}

// TestARepeatedRequestIsNotAcknowledgedBeforeTheFirstIsSafe: a commit that was not
// confirmed is there, and its key is found; but the answer waits for the standby too.
func TestARepeatedRequestIsNotAcknowledgedBeforeTheFirstIsSafe(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("2026-11-29: starts two PostgreSQL; runs without -short")
	}
	p := newPair(t)
	st := openStore(t, p.url())
	in := dispatch.Intake{Day: "20260301", Actor: "x", Key: "k", Fingerprint: "f", At: time.Now()}
	i := dispatch.Incident{ID: "incident-1", Category: dispatch.Tip, Priority: dispatch.Normal, State: dispatch.Reported, ReportedAt: time.Now(), How: "outside"}
	p.standby.exec(t, "postgres", `SELECT pg_wal_replay_pause()`)
	ended := make(chan error, 2)
	create := func(id string) {
		i := i
		i.ID = id
		_, _, err := st.CreateIncident(context.Background(), i, in)
		ended <- err
	}
	go create("incident-1")
	eventually(t, 10*time.Second, "the commit waits for the standby", func() bool {
		return one[int](t, p.primary, `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`) == 1
	})
	// Somebody cancels the wait: PostgreSQL warns, and shows what may be lost.
	p.primary.exec(t, "postgres", `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "did not confirm") {
		t.Errorf("a commit that ended with a warning: %v", err)
	}
	if n := one[int](t, p.primary, `SELECT count(*) FROM gridbeat.incidents WHERE id = 'incident-1'`); n != 1 {
		t.Fatalf("the test's ground is gone: %d rows show", n)
	}
	go create("incident-2")
	select {
	case err := <-ended:
		t.Errorf("the repeated request was answered while the standby stood still: %v", err)
	case <-time.After(3 * time.Second):
	}
	p.standby.exec(t, "postgres", `SELECT pg_wal_replay_resume()`)
	if err := <-ended; err != nil {
		t.Errorf("the repeated request: %v", err)
	}
	if all, err := st.Incidents(t.Context()); err != nil || len(all) != 1 || all[0].ID != "incident-1" {
		t.Errorf("there are %v, %v", all, err)
	}
}

// TestReadsFollowWritesOnAStandby: what a client has written it reads, whether its
// standby has it or not.
func TestReadsFollowWritesOnAStandby(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("2026-11-29: starts two PostgreSQL; runs without -short")
	}
	p := newPair(t)
	p.primary.exec(t, "gridbeat", `ALTER SYSTEM SET synchronous_standby_names = ''`, `SELECT pg_reload_conf()`) // or nothing would be late
	_, w := serving(t, p.url(), "--read-standby", "--slots", "0")
	post := func(text string) (path, position string) {
		t.Helper()
		req, _ := http.NewRequest("POST", w.url+"/api/v1/incidents", strings.NewReader(`{"category":"tip","lon":113.53,"lat":22.277,"text":"`+text+`"}`))
		res, err := patient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusCreated || res.Header.Get("Gridbeat-Position") == "" {
			t.Fatalf("%d, %v", res.StatusCode, res.Header)
		}
		return res.Header.Get("Location"), res.Header.Get("Gridbeat-Position")
	}
	read := func(path, position string) (code int, took time.Duration) {
		t.Helper()
		begun := time.Now()
		var headers []string
		if position != "" {
			headers = []string{"Gridbeat-Position", position}
		}
		code, _, err := w.try("GET", path, "", headers...)
		if err != nil {
			t.Fatal(err)
		}
		return code, time.Since(begun)
	}
	path, position := post("first")
	if code, _ := read(path, position); code != http.StatusOK {
		t.Errorf("read after write: %d", code)
	}
	eventually(t, 10*time.Second, "the standby shows it too", func() bool { code, _ := read(path, ""); return code == http.StatusOK })
	p.standby.exec(t, "postgres", `SELECT pg_wal_replay_pause()`)
	path, position = post("second")
	if code, _ := read(path, ""); code != http.StatusNotFound {
		t.Errorf("without a position the standby is not asked: %d", code)
	}
	code, took := read(path, position)
	if code != http.StatusOK || took < 200*time.Millisecond || took > 2*time.Second {
		t.Errorf("with the position: %d after %v, want 200 after 200 ms and a little", code, took)
	}
	if code, took := read(path, "7/0/1"); code != http.StatusOK || took < 200*time.Millisecond {
		t.Errorf("with a position on another timeline: %d after %v, want the primary's answer", code, took)
	}
	p.standby.exec(t, "postgres", `SELECT pg_wal_replay_resume()`)
	eventually(t, 10*time.Second, "the standby answers fast", func() bool {
		code, took := read(path, position)
		return code == http.StatusOK && took < 150*time.Millisecond
	})
	p.standby.kill(true)
	if code, took := read(path, position); code != http.StatusOK || took > 3*time.Second {
		t.Errorf("without a standby: %d after %v", code, took)
	}
}

// TestStationsOfTwoDatabases serves two stations, each from a database of its own.
func TestStationsOfTwoDatabases(t *testing.T) {
	t.Parallel()
	east, west := newDatabase(t), newDatabase(t)
	list := writeFile(t, "stations.json", fmt.Sprintf(`{"east": %q, "west": %q}`, east, west))
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	spawn(t, "serve-all", list, "--listen", address)
	w := web{"http://" + address}
	eventually(t, time.Minute, "both stations answer", func() bool {
		for _, key := range []string{"east", "west"} {
			if code, _, err := w.try("GET", "/healthz", "", "Gridbeat-Station", key); err != nil || code != http.StatusOK {
				return false
			}
		}
		return true
	})
	body := `{"category":"tip","lon":113.53,"lat":22.277,"text":"%s"}`
	for key, n := range map[string]int{"east": 1, "west": 2} {
		for i := range n {
			told[struct{ ID string }](t, w, http.StatusCreated, "POST", "/api/v1/incidents", fmt.Sprintf(body, key), "Gridbeat-Station", key, "Idempotency-Key", fmt.Sprint("k", i))
		}
	}
	for key, n := range map[string]int{"east": 1, "west": 2} {
		got := told[struct{ Items []struct{ Text string } }](t, w, http.StatusOK, "GET", "/api/v1/incidents", "", "Gridbeat-Station", key)
		if len(got.Items) != n || got.Items[0].Text != key {
			t.Errorf("%s shows %v", key, got.Items)
		}
		stored, err := openStore(t, map[string]string{"east": east, "west": west}[key]).Incidents(t.Context())
		if err != nil || len(stored) != n {
			t.Errorf("the database of %s holds %d, %v", key, len(stored), err)
		}
	}
	for _, headers := range [][]string{nil, {"Gridbeat-Station", "north"}} {
		if code, answer, err := w.try("GET", "/api/v1/incidents", "", headers...); err != nil || code != http.StatusNotFound || !strings.Contains(string(answer), "no-station") {
			t.Errorf("%v: %d %s %v", headers, code, answer, err)
		}
	}
	code, _, err := web{strings.Replace(w.url, "127.0.0.1", "east.localhost", 1)}.try("GET", "/healthz", "")
	if err == nil && code != http.StatusOK { // where the system resolves such names
		t.Errorf("by host: %d", code)
	}
}

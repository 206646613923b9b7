package main

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/data/postgis"
)

// rounds is how often each kind of server is killed: a few times, or as often as make
// torture says.
func rounds(t *testing.T, few int) int {
	t.Helper()
	if testing.Short() {
		t.Skip("2026-11-29: kills servers; runs without -short")
	}
	text := os.Getenv("GRIDBEAT_TORTURE_ROUNDS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("GRIDBEAT_TORTURE_ROUNDS=%s: give a number", text)
	}
	return n
}

// tortureSeed makes the moments of the kills others in each run, where
// GRIDBEAT_TORTURE_SEED says so.
func tortureSeed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("GRIDBEAT_TORTURE_SEED")
	if text == "" {
		return 6
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("GRIDBEAT_TORTURE_SEED=%s: give a number", text)
	}
	return seed
}

const writers = 4

// torture kills and starts anew what kill and restart say, again and again, at a random
// moment while clients write, and then judges the store.
func torture(t *testing.T, seed uint64, n int, w web, store string, kill, restart func(chance *rand.Rand)) {
	chance := rand.New(rand.NewPCG(seed, tortureSeed(t)))
	f := file(t, t.Name(), writers, func(int) web { return w })
	var longest time.Duration
	for round := range n {
		before, _ := f.acked()
		f.more(time.Minute)
		time.Sleep(time.Duration(chance.IntN(300_000)) * time.Microsecond)
		kill(chance)
		killed, _ := f.acked()
		begun := time.Now()
		restart(chance)
		first := f.more(time.Minute)
		longest = max(longest, first.Sub(begun))
		if after, _ := f.acked(); killed == before || after == killed {
			t.Fatalf("round %d: %d acknowledged before the kill, %d after it", round, killed-before, after-killed)
		}
	}
	f.end()
	t.Logf("%d rounds; from restart to the first accepted write %.2f s at most", n, longest.Seconds())
	if longest > 10*time.Second {
		t.Errorf("from restart to the first accepted write: %v, want 10 s at most", longest)
	}
	judgeStore(t, store, f)
}

// judgeStore asks doctor, compares what was acknowledged, and has one entry in the change
// log for each incident.
func judgeStore(t *testing.T, store string, f *filing) {
	t.Helper()
	st := openStore(t, store)
	stored, err := st.Incidents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.judge(stored)
	entries := map[string]int{}
	changes, err := st.Changes(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Kind == "incident.created" {
			entries[c.ID]++
		}
	}
	for _, i := range stored {
		if strings.HasPrefix(i.Text, f.prefix) && entries[i.ID] != 1 {
			t.Errorf("incident %s has %d entries in the log", i.ID, entries[i.ID])
		}
	}
	if got := gridbeat(t, "doctor", "--store", store); got.code != exitDone {
		t.Errorf("doctor: %d\n%s%s", got.code, got.stdout, got.stderr)
	}
}

func openStore(t testing.TB, address string) store {
	t.Helper()
	var st store
	var err error
	if strings.HasSuffix(address, ".gpkg") {
		st, err = gpkg.Open(context.Background(), address)
	} else {
		st, err = postgis.Open(context.Background(), address)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// townIn copies the sample town into a cluster and returns its URL there.
func townIn(t *testing.T, c *cluster) string {
	t.Helper()
	address := c.url("app", "gridbeat") + "&station=town"
	if got := gridbeat(t, "store", "copy", newTown(t), address); got.code != exitDone {
		t.Fatal(got.stderr)
	}
	return address
}

// serverTorture kills the server.
func serverTorture(t *testing.T, seed uint64, n int, store string) {
	p, w := serving(t, store)
	address := strings.TrimPrefix(w.url, "http://")
	torture(t, seed, n, w, store, func(*rand.Rand) { p.kill() }, func(*rand.Rand) {
		p = spawn(t, "serve", "--listen", address, "--store", store)
	})
	p.kill()
}

func TestTortureServerOnAFile(t *testing.T) {
	n := rounds(t, 4)
	serverTorture(t, 1, n, newTown(t))
}

func TestTortureServerOnPostgreSQL(t *testing.T) {
	n := rounds(t, 3)
	serverTorture(t, 2, n, townIn(t, newCluster(t)))
}

// TestTorturePostgreSQL kills PostgreSQL: its first process, or all of them at once.
func TestTorturePostgreSQL(t *testing.T) {
	n := rounds(t, 3)
	c := newCluster(t)
	store := townIn(t, c)
	_, w := serving(t, store)
	torture(t, 3, n, w, store, func(chance *rand.Rand) { c.kill(chance.IntN(2) == 0) }, func(*rand.Rand) { c.start(t) })
	if one[string](t, c, `SHOW fsync`) != "on" || one[string](t, c, `SHOW synchronous_commit`) != "on" {
		t.Error("what keeps data safe is off")
	}
}

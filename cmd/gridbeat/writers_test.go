package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"gridbeat/routing/dispatch"
)

// filing has clients file incidents without a pause to speak of. Each sends a report
// with a key of its own, the same again until it is acknowledged, and then the next.
type filing struct {
	t      *testing.T
	prefix string // of the keys, which are the texts too
	where  func(client int) web

	stop chan struct{}
	done sync.WaitGroup

	mu       sync.Mutex
	acks     map[string]string // incident by key
	ackTimes []time.Time
	by       []int // acknowledged, by client
	refused  int   // answers that were no acknowledgement
}

// file starts the clients; each goes to the server that where tells.
func file(t *testing.T, prefix string, clients int, where func(client int) web) *filing {
	f := &filing{t: t, prefix: prefix, where: where, stop: make(chan struct{}), acks: map[string]string{}, by: make([]int, clients)}
	for n := range clients {
		chance := rand.New(rand.NewPCG(uint64(n), 7))
		f.done.Go(func() { f.client(n, chance) })
	}
	return f
}

func (f *filing) client(n int, chance *rand.Rand) {
	for i := 0; ; i++ {
		key := fmt.Sprintf("%s-%d-%d", f.prefix, n, i)
		for !f.send(n, key) {
			select {
			case <-f.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
		select {
		case <-f.stop:
			return
		case <-time.After(time.Duration(5+chance.IntN(20)) * time.Millisecond):
		}
	}
}

// send sends one report and tells whether it was acknowledged. That a server is away, or
// cannot promise, is no fault; any other answer is.
func (f *filing) send(n int, key string) bool {
	body := fmt.Sprintf(`{"category":"hazard","lon":%.7f,"lat":22.277,"text":"%s"}`, 113.52+float64(n)*0.005, key)
	code, answer, err := f.where(n).try("POST", "/api/v1/incidents", body, "Idempotency-Key", key)
	f.mu.Lock()
	defer f.mu.Unlock()
	var i struct{ ID string }
	switch {
	case err != nil || code == http.StatusServiceUnavailable:
		f.refused++
		return false
	case code != http.StatusCreated || json.Unmarshal(answer, &i) != nil:
		f.t.Errorf("%s: %d %s", key, code, answer)
		f.refused++
		return false
	}
	f.acks[key] = i.ID
	f.ackTimes = append(f.ackTimes, time.Now())
	f.by[n]++
	return true
}

// acked is how many were acknowledged so far, by the client that has the fewest.
func (f *filing) acked() (all, fewest int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fewest = f.by[0]
	for _, n := range f.by {
		fewest = min(fewest, n)
	}
	return len(f.acks), fewest
}

// more waits until every client has been acknowledged once more, and returns when the
// first of all these was.
func (f *filing) more(d time.Duration) (first time.Time) {
	f.t.Helper()
	f.mu.Lock()
	before := append([]int(nil), f.by...)
	all := len(f.acks)
	f.mu.Unlock()
	eventually(f.t, d, "every client is acknowledged once more", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		for n := range before {
			if f.by[n] == before[n] {
				return false
			}
		}
		return true
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ackTimes[all]
}

func (f *filing) end() {
	close(f.stop)
	f.done.Wait()
}

// judge compares what was acknowledged with what the store holds.
func (f *filing) judge(stored []dispatch.Incident) {
	f.t.Helper()
	byText := map[string][]string{}
	for _, i := range stored {
		byText[i.Text] = append(byText[i.Text], i.ID)
	}
	lost, twice := 0, 0
	for key, id := range f.acks {
		switch ids := byText[key]; {
		case len(ids) == 0 || ids[0] != id:
			lost++
		case len(ids) > 1:
			twice++
		}
	}
	f.t.Logf("%d acknowledged, %d lost, %d twice; %d answers were none", len(f.acks), lost, twice, f.refused)
	if lost > 0 || twice > 0 {
		f.t.Errorf("of %d acknowledged writes %d are lost and %d are there twice", len(f.acks), lost, twice)
	}
}

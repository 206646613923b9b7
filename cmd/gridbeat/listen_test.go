package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// ear hears the events of a server, and comes back with Last-Event-ID whenever the
// stream breaks, as a browser does.
type ear struct {
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu   sync.Mutex
	last int64
	all  []heard
}

// heard is one event.
type heard struct {
	sequence int64
	text     string // kind and data
}

func listen(t *testing.T, w web, after int64) *ear {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &ear{cancel: cancel, last: after}
	l.done.Go(func() {
		for ctx.Err() == nil {
			l.hear(ctx, w)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	t.Cleanup(l.stop)
	return l
}

func (l *ear) stop() {
	l.cancel()
	l.done.Wait()
}

func (l *ear) hear(ctx context.Context, w web) {
	req, err := http.NewRequestWithContext(ctx, "GET", w.url+"/api/v1/events", nil)
	if err != nil {
		return
	}
	l.mu.Lock()
	req.Header.Set("Last-Event-ID", strconv.FormatInt(l.last, 10))
	l.mu.Unlock()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer res.Body.Close()
	var id int64
	var kind string
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			id, _ = strconv.ParseInt(value, 10, 64)
		case "event":
			kind = value
		case "data":
			if id > 0 {
				l.mu.Lock()
				l.last = id
				l.all = append(l.all, heard{id, kind + " " + value})
				l.mu.Unlock()
			} else if kind == "reset" {
				l.mu.Lock()
				l.all = append(l.all, heard{0, fmt.Sprint("reset ", value)})
				l.mu.Unlock()
			}
		case "":
			id, kind = 0, ""
		}
	}
}

func (l *ear) events() []heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]heard(nil), l.all...)
}

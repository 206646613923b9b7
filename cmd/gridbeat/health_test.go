package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("%s was asked", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	ask := func() int {
		return run(t.Context(), []string{"health", "--listen", strings.TrimPrefix(server.URL, "http://")}, strings.NewReader(""), io.Discard, io.Discard)
	}
	if code := ask(); code != exitDone {
		t.Errorf("a server that answers: exit code %d", code)
	}
	status = http.StatusServiceUnavailable
	if code := ask(); code != exitFailed {
		t.Errorf("a server that refuses: exit code %d", code)
	}
	server.Close()
	if code := ask(); code != exitFailed {
		t.Errorf("no server: exit code %d", code)
	}
	if code := run(t.Context(), []string{"health", "--listen", "no host"}, strings.NewReader(""), io.Discard, io.Discard); code != exitBad {
		t.Errorf("no address: exit code %d", code)
	}
}

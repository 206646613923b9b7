package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test's own executable play gridbeat.
const asProgram = "GRIDBEAT_TEST_AS_PROGRAM"

// process is a gridbeat that runs beside the test and dies with it.
type process struct {
	*exec.Cmd
	said *output
}

// output is what a process says; it may be read while the process runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func spawn(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{exec.Command(os.Args[0], args...), &output{}}
	p.Env = append(os.Environ(), asProgram+"=1")
	p.Stdout, p.Stderr = p.said, p.said
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// kill ends the process with no warning, also one that is stopped.
func (p *process) kill() {
	p.Process.Kill()
	p.Wait()
}

// freePort is a port of this machine that nobody listens on at the moment.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// eventually waits until it is so, and fails the test when it is not in time.
func eventually(t testing.TB, d time.Duration, what string, so func() bool) (took time.Duration) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if took = time.Since(begun); so() {
			return took
		}
		if took > d {
			t.Fatalf("not within %v: %s", d, what)
		}
	}
}

// web is a server that a test talks to as a client on the same machine.
type web struct{ url string }

// serving starts a server for a store and waits until it answers.
func serving(t *testing.T, store string, flags ...string) (*process, web) {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	p := spawn(t, append([]string{"serve", "--listen", address, "--store", store}, flags...)...)
	w := web{"http://" + address}
	eventually(t, time.Minute, "the server answers; it says: "+p.said.String(), func() bool {
		code, _, err := w.try("GET", "/healthz", "")
		return err == nil && code == http.StatusOK
	})
	return p, w
}

var patient = &http.Client{Timeout: 30 * time.Second}

// try sends one request; the headers come in pairs.
func (w web) try(method, path, body string, headers ...string) (code int, answer []byte, err error) {
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := patient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// told is a JSON answer that must have the status.
func told[T any](t *testing.T, w web, status int, method, path, body string, headers ...string) (v T) {
	t.Helper()
	code, answer, err := w.try(method, path, body, headers...)
	if err == nil && code == status {
		err = json.Unmarshal(answer, &v)
	}
	if err != nil || code != status {
		t.Fatalf("%s %s: %d, want %d, %v\n%s", method, path, code, status, err, answer)
	}
	return v
}

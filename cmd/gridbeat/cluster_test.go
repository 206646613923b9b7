package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is a PostgreSQL of the test's own, with everything on that keeps data safe. It
// listens on loopback only and dies with the test. It runs as the user postgres where
// the test is root, else as the test's user.
type cluster struct {
	dir, data string
	port      int
	as        *syscall.Credential
	server    *exec.Cmd
	ended     chan struct{} // closed when the server's process is gone
	said      *output
}

// postgresProgram is a program of PostgreSQL 15 by its full name.
func postgresProgram(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("/usr/lib/postgresql/15/bin", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("GRIDBEAT_REQUIRE_PG") == "1" {
			t.Fatal(err)
		}
		t.Skip("no PostgreSQL 15; make test installs it")
	}
	return path
}

// emptyCluster is one without data.
func emptyCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{port: freePort(t), said: &output{}}
	var err error
	if c.dir, err = os.MkdirTemp("", "gridbeat-cluster-"); err != nil {
		t.Fatal(err)
	}
	c.data = filepath.Join(c.dir, "data")
	t.Cleanup(func() {
		c.kill(true)
		os.RemoveAll(c.dir)
	})
	if os.Getuid() == 0 {
		postgres, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(postgres.Uid)
		gid, _ := strconv.Atoi(postgres.Gid)
		c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(c.dir, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// newCluster is one that runs, with a database for gridbeat in it.
func newCluster(t testing.TB, settings ...string) *cluster {
	t.Helper()
	c := emptyCluster(t)
	c.do(t, "initdb", "-D", c.data, "-U", "gridbeat", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	c.set(t, settings...)
	c.start(t)
	c.exec(t, "postgres", `CREATE DATABASE gridbeat`)
	c.exec(t, "gridbeat", `CREATE EXTENSION postgis`)
	if got := gridbeat(t, "migrate", "--store", c.url("gridbeat", "gridbeat")); got.code != exitDone {
		t.Fatal(got.stderr)
	}
	c.exec(t, "gridbeat", `CREATE ROLE app LOGIN NOSUPERUSER NOBYPASSRLS IN ROLE gridbeat_app`)
	return c
}

// do runs one of PostgreSQL's programs to its end.
func (c *cluster) do(t testing.TB, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(postgresProgram(t, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: c.as}
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, said)
	}
}

// set adds lines to the configuration.
func (c *cluster) set(t testing.TB, lines ...string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(c.data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, strings.Join(lines, "\n")); err != nil {
		t.Fatal(err)
	}
}

// start starts the server and waits until it answers. A server whose last processes are
// still ending refuses to start; then it is tried again.
func (c *cluster) start(t testing.TB) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; {
		c.launch(t)
		for {
			select {
			case <-c.ended:
			default:
				if c.answers() {
					return
				}
				time.Sleep(20 * time.Millisecond)
				if time.Now().Before(until) {
					continue
				}
				t.Fatalf("PostgreSQL does not answer:\n%s", c.said)
			}
			break
		}
		if time.Now().After(until) {
			t.Fatalf("PostgreSQL does not start:\n%s", c.said)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (c *cluster) launch(t testing.TB) {
	t.Helper()
	c.server = exec.Command(postgresProgram(t, "postgres"), "-D", c.data, "-p", fmt.Sprint(c.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+c.dir)
	c.server.Dir = c.dir
	c.server.Stdout, c.server.Stderr = c.said, c.said
	c.server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: c.as}
	if err := c.server.Start(); err != nil {
		t.Fatal(err)
	}
	ended, server := make(chan struct{}), c.server
	go func() {
		server.Wait()
		close(ended)
	}()
	c.ended = ended
}

func (c *cluster) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url("gridbeat", "postgres"))
	if err != nil {
		return false
	}
	conn.Close(ctx)
	return true
}

// kill ends the server with no warning: its first process, or every one.
func (c *cluster) kill(every bool) {
	if c.server == nil {
		return
	}
	pids := []int{c.server.Process.Pid}
	if every {
		pids = append(pids, children(pids[0])...)
	}
	for _, pid := range pids {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	<-c.ended
}

// children are the processes that a process has started.
func children(parent int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(after)
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// url is the address of a database for a role.
func (c *cluster) url(role, database string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", role, c.port, database)
}

// exec runs statements, one by one, as the owner.
func (c *cluster) exec(t testing.TB, database string, statements ...string) {
	t.Helper()
	conn := c.connect(t, "gridbeat", database)
	defer conn.Close(context.Background())
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func (c *cluster) connect(t testing.TB, role, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.url(role, database))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// one is the single value that a query gives.
func one[T any](t testing.TB, c *cluster, query string) (v T) {
	t.Helper()
	conn := c.connect(t, "gridbeat", "gridbeat")
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gridbeat/data/demo"
)

var update = flag.Bool("update", false, "renew the golden files")

// answer is what a command did.
type answer struct {
	code           int
	stdout, stderr string
}

// gridbeat runs the program within the test.
func gridbeat(t testing.TB, args ...string) answer {
	t.Helper()
	return gridbeatReading(t, "", args...)
}

func gridbeatReading(t testing.TB, stdin string, args ...string) answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return answer{code, stdout.String(), stderr.String()}
}

// must is gridbeat for a command that has to succeed; it returns what was printed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	a := gridbeat(t, args...)
	if a.code != exitDone {
		t.Fatalf("gridbeat %s: exit code %d\n%s", strings.Join(args, " "), a.code, a.stderr)
	}
	return a.stdout
}

// built is the sample town, made once from the command line for all tests.
var built struct {
	once     sync.Once
	dir      string
	problem  string
	mapFile  string
	store    string
	said     map[string]string // stdout by command
	messages map[string]string // stderr by command
}

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main() // this test plays the program that is killed
	}
	flag.Parse()
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// buildTown walks through the commands of a new station, in their order.
func buildTown() {
	built.said, built.messages = map[string]string{}, map[string]string{}
	var err error
	if built.dir, err = os.MkdirTemp("", "gridbeat-town-"); err != nil {
		built.problem = err.Error()
		return
	}
	if built.mapFile, err = demo.WriteMap(built.dir); err != nil {
		built.problem = err.Error()
		return
	}
	built.store = filepath.Join(built.dir, "town.gpkg")
	do := func(name string, args ...string) {
		if built.problem != "" {
			return
		}
		var stdout, stderr bytes.Buffer
		args = append(args, "--store", built.store)
		if code := run(context.Background(), args, nil, &stdout, &stderr); code != exitDone {
			built.problem = fmt.Sprintf("gridbeat %s: exit code %d\n%s", strings.Join(args, " "), code, stderr.String())
		}
		built.said[name], built.messages[name] = stdout.String(), stderr.String()
	}
	do("streets", "import", "streets", built.mapFile)
	do("compounds", "import", "compounds", built.mapFile)
	do("buildings", "import", "buildings", built.mapFile)
	do("cut", "districts", "cut", "--count", "4", "--bounds", "113.517,22.2664,113.5571,22.2881")
	do("draw", "grids", "draw", "--json", "--time-limit", "2m")
	draft, _, _ := strings.Cut(strings.TrimPrefix(built.said["draw"], `{"draft":"`), `"`)
	do("publish", "grids", "publish", "--draft", draft)
}

// newTown returns a private copy of the sample town's store.
func newTown(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("2026-11-23: builds a whole town; runs without -short")
	}
	built.once.Do(buildTown)
	if built.problem != "" {
		t.Fatal(built.problem)
	}
	path := filepath.Join(t.TempDir(), "town.gpkg")
	if err := copyFile(built.store, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fingerprint is the SHA-256 of a store's file; a log that is not yet in it is a
// fault of the test.
func fingerprint(t *testing.T, path string) string {
	t.Helper()
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		t.Fatalf("%s has an open log", path)
	}
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return "absent"
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

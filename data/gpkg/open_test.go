package gpkg_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// raw runs a script on a file as another program would, and returns a connection.
func raw(t *testing.T, path, script string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestOpenRefusesWhatIsNotItsOwn(t *testing.T) {
	for _, row := range []struct {
		name string
		make func(t *testing.T, path string)
		says string
	}{
		{"a text file", func(t *testing.T, path string) {
			os.WriteFile(path, []byte(strings.Repeat("id,lon,lat\n1,113.5,22.2\n", 100)), 0o644)
		}, "not a GeoPackage"},
		{"an SQLite file of another program", func(t *testing.T, path string) {
			raw(t, path, `CREATE TABLE notes (text TEXT)`).Close()
		}, "not a GeoPackage"},
		{"a GeoPackage of another program", func(t *testing.T, path string) {
			raw(t, path, `PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (table_name TEXT)`).Close()
		}, "not a gridbeat store"},
		{"a store of a newer gridbeat", func(t *testing.T, path string) {
			reopen(t, path).Close()
			raw(t, path, `INSERT INTO gridbeat_schema VALUES (999, '0999_future.sql', '2030-01-01T00:00:00.000Z')`).Close()
		}, "schema 999"},
		{"a store that was cut short", func(t *testing.T, path string) {
			reopen(t, path).Close()
			os.Truncate(path, 20_000)
		}, "damaged"},
		{"a folder", func(t *testing.T, path string) { os.Mkdir(path, 0o755) }, "cannot be opened"},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.gpkg")
			row.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := gpkg.Open(t.Context(), path)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			var bad *geo.InputError
			if !errors.As(err, &bad) || bad.Findings[0].Remedy == "" || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("it says %q, want %q, the file and a remedy", err, row.says)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
	t.Run("a path in a folder that does not exist", func(t *testing.T) {
		_, err := gpkg.Open(t.Context(), filepath.Join(t.TempDir(), "none", "file.gpkg"))
		var bad *geo.InputError
		if !errors.As(err, &bad) {
			t.Errorf("%v, want a *geo.InputError", err)
		}
	})
}

func TestReopenedStoreHoldsWhatWasSaved(t *testing.T) {
	s, path := openFile(t)
	fill(t, s)
	want, err := s.Edition(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	again := reopen(t, closed(t, s, path))
	got, err := again.EditionAt(t.Context(), day.Add(2*time.Hour))
	if err != nil || len(got.Grids) != len(want.Grids) || got.Number != 2 {
		t.Errorf("edition %d with %d grids, %v", got.Number, len(got.Grids), err)
	}
}

func TestManyProgramsMakeOneStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := gpkg.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.SaveStation(t.Context(), district.Station{Name: "所"}); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	changes, err := reopen(t, path).Changes(t.Context(), 0, 0)
	if err != nil || len(changes) != 6 {
		t.Errorf("%d entries in the log, %v, want 6", len(changes), err)
	}
}

func TestWriteWaitsForAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	s, err := gpkg.OpenOptions(t.Context(), path, gpkg.Options{BusyTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	other := raw(t, path, `BEGIN IMMEDIATE`)

	if err := s.SaveStation(t.Context(), district.Station{}); !errors.Is(err, gpkg.ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
	patient := reopen(t, path)
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := patient.SaveStation(short, district.Station{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want context.DeadlineExceeded", err)
	}
	if _, err := s.Station(t.Context()); err != nil {
		t.Errorf("reading beside a foreign write: %v", err)
	}
	if _, err := other.Exec(`ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveStation(t.Context(), district.Station{}); err != nil {
		t.Errorf("after the other program ended: %v", err)
	}
}

package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/data/storetest"
	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
)

// databases counts those that this run has made.
var databases atomic.Int64

// newDatabase makes a database of its own beside the judge's, with the schema that
// gridbeat migrate makes, and returns the URL of the application's login.
func newDatabase(t *testing.T) string {
	t.Helper()
	conn := judge(t)
	name := fmt.Sprintf("gridbeat_cmd_%d_%d", os.Getpid(), databases.Add(1))
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec(`CREATE DATABASE ` + name)
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(os.Getenv("GRIDBEAT_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	if got := gridbeat(t, "migrate", "--store", u.String()); got.code != exitDone {
		t.Fatalf("migrate: %d\n%s", got.code, got.stderr)
	}
	exec(`DO $$ BEGIN CREATE ROLE gridbeat_cmd_app LOGIN NOSUPERUSER NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
	exec(`GRANT gridbeat_app TO gridbeat_cmd_app`)
	u.User = url.User("gridbeat_cmd_app")
	return u.String()
}

// enrol gives the town one record of each kind that no command makes.
func enrol(t *testing.T, file string) {
	t.Helper()
	s, now := openStore(t, file).(*gpkg.Store), time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	ctx := geo.ActingAs(t.Context(), "test")
	e, err := s.EditionAt(ctx, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	grid := e.Grids[0].Code
	storetest.Enrol(t, s, grid, now)
	_, blockErr := s.SaveBlocks(ctx, []geo.Block{{ID: "f1", District: e.Grids[0].District, Households: 7, Outline: e.Grids[0].Outline}}, now)
	for _, err := range []error{
		blockErr,
		s.EditDraft(ctx, district.Draft{ID: "by hand", Version: 1, CreatedAt: now},
			[]edit.Step{{Edit: edit.Lock{Grid: grid}, Inverse: edit.Unlock{Grid: grid}}}, now),
		s.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// enrolled looks for them in a copy.
func enrolled(t *testing.T, file string) {
	t.Helper()
	s := openStore(t, file)
	a, err := s.Archive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := []int{len(a.Users), len(a.Tokens), len(a.Units), len(a.Shifts), len(a.Notices), len(a.Blocks), len(a.Edits)}
	if !slices.Equal(got, []int{1, 1, 1, 1, 1, 1, 1}) {
		t.Errorf("users, tokens, units, shifts, notices, blocks and edits of the copy: %v", got)
	}
	if a.Tokens[0].Digest != account.TokenDigest(storetest.EnrolledSecret) || a.Edits[0].Inverse != (edit.Unlock{Grid: a.Users[0].Grid}) {
		t.Errorf("%+v and %+v came back", a.Tokens[0], a.Edits[0])
	}
}

func TestACopyOfTheTownAnswersTheSame(t *testing.T) {
	database := newDatabase(t) + "&station=town"
	town := newTown(t)
	enrol(t, town)
	back := filepath.Join(t.TempDir(), "back.gpkg")
	for _, args := range [][]string{
		{"store", "copy", town, database}, {"backup", "--store", database, "--out", back},
	} {
		if got := gridbeat(t, args...); got.code != exitDone || !strings.Contains(got.stdout, "the same at both ends") {
			t.Fatalf("%v: %d\n%s%s", args, got.code, got.stdout, got.stderr)
		}
	}
	for _, collection := range []string{"grids", "districts", "streets", "buildings"} {
		want := gridbeat(t, "export", collection, "--store", town)
		for _, store := range []string{database, back} {
			got := gridbeat(t, "export", collection, "--store", store)
			if got.code != exitDone || got.stdout != want.stdout {
				t.Errorf("%s out of the copy differ: exit code %d, %d bytes for %d", collection, got.code, len(got.stdout), len(want.stdout))
			}
		}
	}
	if got := gridbeat(t, "doctor", "--store", database); got.code != exitDone {
		t.Errorf("doctor: %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	enrolled(t, back)
	copied := filepath.Join(t.TempDir(), "layers.gpkg")
	for _, code := range []int{exitDone, exitBad} { // the second time it is there already
		if got := gridbeat(t, "handout", "--store", database, "--out", copied); got.code != code {
			t.Errorf("handout: %d, want %d\n%s%s", got.code, code, got.stdout, got.stderr)
		}
	}
	if got := gridbeat(t, "store", "copy", town, database); got.code != exitBad || !strings.Contains(got.stderr, "already holds a station") {
		t.Errorf("a second copy: %d\n%s", got.code, got.stderr)
	}
}

func TestAFreshDatabaseTakesTheCommandsOfANewStation(t *testing.T) {
	database := newDatabase(t)
	table := filepath.Join(t.TempDir(), "homes.csv")
	if err := os.WriteFile(table, []byte("id,lon,lat,households\nb1,113.52,22.27,30\nb2,113.53,22.27,40\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"import", "buildings", table, "--dry-run"}, "2"},
		{[]string{"export", "buildings", "--format", "csv"}, "id"},
		{[]string{"import", "buildings", table}, "2"},
		{[]string{"export", "buildings", "--format", "csv"}, "b2"},
		{[]string{"migrate"}, ""},
	} {
		got := gridbeat(t, append(step.args, "--store", database)...)
		if step.args[0] == "migrate" {
			if got.code != exitBad { // this login may not change the schema
				t.Errorf("migrate: %d\n%s", got.code, got.stdout)
			}
			continue
		}
		if got.code != exitDone || !strings.Contains(got.stdout, step.want) {
			t.Errorf("%v: %d\n%s%s", step.args, got.code, got.stdout, got.stderr)
		}
	}
	for _, broken := range []string{"postgres://127.0.0.1:1/none?connect_timeout=2", "postgres://%zz", database + "&station="} {
		if got := gridbeat(t, "export", "buildings", "--store", broken); got.code != exitBad || strings.Contains(got.stderr, "panic") {
			t.Errorf("%s: %d\n%s", broken, got.code, got.stderr)
		}
	}
}

package gpkg_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/gpkg"
	"gridbeat/data/storetest"
	"gridbeat/geo"
	"gridbeat/geo/account"
)

func homes(n int) []geo.Building {
	bs := make([]geo.Building, n)
	for i := range bs {
		bs[i] = geo.Building{ID: string(rune('a' + i)), Kind: "apartments", Households: 10, Source: geo.Given, At: orb.Point{113.5, 22.2}}
	}
	return bs
}

// live returns the file of a store with a few homes, closed.
func live(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "live.gpkg")
	s := reopen(t, path)
	if _, err := s.SaveBuildings(t.Context(), homes(3), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	return closed(t, s, path)
}

const refusal = "only gridbeat writes to it"

func TestOutsideEditsOfALiveStoreAreRefused(t *testing.T) {
	path := live(t)
	db := raw(t, path, ``)
	for _, edit := range []string{
		`INSERT INTO people (id, name, role, duty_phone, grid, district, simulated) VALUES ('x', 'x', 'x', '', '', '', 0)`,
		`UPDATE buildings SET households = 11`, `DELETE FROM buildings`, `UPDATE changes SET kind = ''`,
	} {
		if _, err := db.Exec(edit); err == nil || !strings.Contains(err.Error(), refusal) && !strings.Contains(err.Error(), "ST_IsEmpty") {
			t.Errorf("%s: %v, want the refusal (or that the spatial functions are missing)", edit, err)
		}
	}
	s := reopen(t, path)
	got, err := s.Buildings(t.Context())
	if err != nil || len(got) != 3 || got[0].Households != 10 {
		t.Errorf("the store holds %v, %v", got, err)
	}
	if _, err := s.SaveBuildings(t.Context(), homes(5), time.Unix(1, 0)); err != nil {
		t.Errorf("gridbeat itself: %v", err)
	}
}

// TestTheSQLiteShellIsRefusedInWords tries what somebody with a shell would.
func TestTheSQLiteShellIsRefusedInWords(t *testing.T) {
	need(t, "sqlite3")
	path := live(t)
	for _, edit := range []string{`DELETE FROM buildings`, `UPDATE buildings SET households = 9`, `UPDATE changes SET kind = ''`,
		`INSERT INTO users (id, version, login, name, role, grid, language, person, password, disabled, created_at)
			VALUES ('u', 1, 'root', '', 'admin', '', '', '', '', 0, '')`} {
		out, err := exec.Command("sqlite3", path, edit).CombinedOutput()
		if err == nil || !strings.Contains(string(out), refusal) && !strings.Contains(string(out), "ST_IsEmpty") {
			t.Errorf("%s: %v\n%s", edit, err, out)
		}
	}
	if out, err := exec.Command("sqlite3", path, `SELECT count(*) FROM buildings`).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "3" {
		t.Errorf("reading: %v %s", err, out)
	}
}

// TestAHandOutUnderWritesIsOneState hands out again and again while somebody saves.
func TestAHandOutUnderWritesIsOneState(t *testing.T) {
	s, _ := openFile(t)
	if _, err := s.SaveBuildings(t.Context(), sameHomes(800, 1), day); err != nil {
		t.Fatal(err)
	}
	done, stop := make(chan error, 1), make(chan struct{})
	go func() {
		for n := 2; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if _, err := s.SaveBuildings(context.Background(), sameHomes(800, n), day); err != nil {
				done <- err
				return
			}
		}
	}()
	for n := range 3 {
		a, err := s.Archive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("copy%d.gpkg", n))
		if err := gpkg.WriteHandOut(t.Context(), path, a); err != nil {
			t.Fatal(err)
		}
		db := raw(t, path, ``)
		var rows, states, hidden int
		if err := db.QueryRow(`SELECT count(*), count(DISTINCT households) FROM buildings`).Scan(&rows, &states); err != nil || rows != 800 || states != 1 {
			t.Errorf("%d buildings of %d saves, %v", rows, states, err)
		}
		err = db.QueryRow(`SELECT count(*) FROM sqlite_master WHERE name LIKE 'gridbeat%' OR name IN
			('people', 'incidents', 'tracks', 'trips', 'jobs', 'users', 'tokens', 'changes', 'drafts', 'idempotency_keys')`).Scan(&hidden)
		if err != nil || hidden != 0 {
			t.Errorf("%d private tables were handed out, %v", hidden, err)
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestOGRIsRefusedInWords(t *testing.T) {
	need(t, "ogr2ogr")
	path := live(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	points := filepath.Join(t.TempDir(), "more.geojson")
	more := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"z","kind":"x","name":"","households":1,
		"households_source":"given","compound":""},"geometry":{"type":"Point","coordinates":[113.5,22.2]}}]}`
	if err := os.WriteFile(points, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogr2ogr", "-append", "-nln", "buildings", path, points).CombinedOutput()
	if err == nil || !strings.Contains(string(out), refusal) {
		t.Errorf("ogr2ogr: %v\n%s", err, out)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(before) != len(after) {
		t.Errorf("the file grew from %d to %d bytes", len(before), len(after))
	}
}

func TestAHandOutIsAnOrdinaryFile(t *testing.T) {
	need(t, "ogr2ogr")
	s, _ := openFile(t)
	if _, err := s.SaveBuildings(t.Context(), homes(3), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	storetest.Enrol(t, s, "", day)
	a, err := s.Archive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.gpkg")
	if err := gpkg.WriteHandOut(t.Context(), path, a); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(bytes), storetest.EnrolledLogin) || strings.Contains(string(bytes), account.TokenDigest(storetest.EnrolledSecret)) {
		t.Errorf("the hand-out tells of accounts, %v", err)
	}
	out, err := exec.Command("ogrinfo", "-al", "-so", path).CombinedOutput()
	text := string(out)
	if err != nil || strings.Contains(text, "ERROR") || !strings.Contains(text, "Layer name: buildings") {
		t.Fatalf("ogrinfo: %v\n%s", err, text)
	}
	for _, none := range []string{"people", "incidents", "tracks", "drafts", "changes", "gridbeat_guard", "gridbeat_schema", "incident_history", "incident_days", "idempotency_keys", "users", "tokens",
		"units", "shifts", "notices", "draft_edits"} {
		if strings.Contains(text, "Layer name: "+none) {
			t.Errorf("the hand-out holds %s", none)
		}
	}
	edited := filepath.Join(t.TempDir(), "edited.gpkg")
	for _, args := range [][]string{
		{"ogrinfo", path, "-sql", "UPDATE buildings SET households = 12"},
		{"ogr2ogr", edited, path},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil || strings.Contains(string(out), "ERROR") {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	need(t, validator)
	if out, err := exec.Command("/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg", "--extra", path).CombinedOutput(); err != nil {
		t.Errorf("validate_gpkg --extra: %v\n%s", err, out)
	}
}

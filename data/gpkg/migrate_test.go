package gpkg_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/data/gpkg"
)

// TestAnOldFileKeepsItsDraftsAndEditions: before 0017 each had rows of its own.
func TestAnOldFileKeepsItsDraftsAndEditions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.gpkg")
	if err := gpkg.PrepareUpTo(t.Context(), path, 16); err != nil {
		t.Fatal(err)
	}
	grid, e1 := gpkg.Outline(box(113.5, 22.2, 0.01))
	whole, e2 := gpkg.Outline(orb.MultiPolygon{box(113.5, 22.2, 0.01)})
	if e1 != nil || e2 != nil {
		t.Fatal(e1, e2)
	}
	db := raw(t, path, `UPDATE gridbeat_guard SET writing = 1`)
	for _, statement := range []string{
		`INSERT INTO drafts (id, seed, min_households, max_households, created_at, version, published_version) VALUES ('d', '7', 150, 500, '2026-01-05T08:00:00.000Z', 2, 1)`,
		`INSERT INTO editions VALUES (1, '2026-01-05T08:00:00.000Z', NULL, 150, 500, 1, 200, 'd', 1, '2026-01-05T08:00:00.000Z')`,
		`INSERT INTO draft_grids (geom, draft, code, name, district, community, households, exceptions, locked) VALUES (?1, 'd', '1', '一', '01', '', 210, '["multipart: x"]', 1)`,
		`INSERT INTO draft_districts (geom, draft, code, name, households) VALUES (?1, 'd', '01', '东', 210)`,
		`INSERT INTO grids (geom, edition, code, name, district, community, households, exceptions, valid_from, locked) VALUES (?1, 1, '1', '', '01', '', 200, '[]', '2026-01-05T08:00:00.000Z', 0)`,
		`INSERT INTO edition_districts (geom, edition, code, name, households) VALUES (?1, 1, '01', '东', 200)`,
		`INSERT INTO changes (at, kind, id, version) VALUES ('2026-01-05T08:00:00.000Z', 'draft.saved', 'd', 1), ('2026-01-05T08:00:00.000Z', 'edition.published', '1', 1), ('2026-01-05T08:00:00.000Z', 'draft.saved', 'd', 2)`,
		`UPDATE gridbeat_guard SET writing = 0`,
	} {
		var args []any
		switch {
		case strings.Contains(statement, "_districts"):
			args = []any{whole}
		case strings.Contains(statement, "?1"):
			args = []any{grid}
		}
		if _, err := db.Exec(statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := reopen(t, path)
	d, err := s.Draft(t.Context(), "d")
	if err != nil || len(d.Grids) != 1 || d.Grids[0].Households != 210 || !d.Grids[0].Locked || d.Grids[0].Exceptions[0] != "multipart: x" || len(d.Districts) != 1 {
		t.Errorf("the draft is %+v, %v", d, err)
	}
	e, err := s.Edition(t.Context(), 1)
	if err != nil || len(e.Grids) != 1 || e.Grids[0].Households != 200 || e.Districts[0].Households != 200 {
		t.Errorf("the edition is %+v, %v", e, err)
	}
	if code, err := s.GridAt(t.Context(), orb.Point{113.505, 22.205}, day); err != nil || code != "1" {
		t.Errorf("a point is in grid %q, %v", code, err)
	}
	all, err := s.Archive(t.Context())
	if err != nil || len(all.Check()) > 0 {
		t.Errorf("doctor finds %v, %v", all.Check(), err)
	}
	d.Version, d.Grids[0].Name = 3, "壹"
	if err := s.SaveDraft(t.Context(), d, day); err != nil {
		t.Errorf("saving the draft again: %v", err)
	}
	if tilings, rows := stray(t, path); tilings != 0 || rows != 2 {
		t.Errorf("%d tilings are stray, %d rows are there", tilings, rows)
	}
	checkWhole(t, closed(t, s, path), "tiling_grids")
	need(t, validator)
	if out, err := exec.Command("/usr/bin/python3", validator, "--extra", path).CombinedOutput(); err != nil {
		t.Errorf("validate_gpkg --extra: %v\n%s", err, out)
	}
}

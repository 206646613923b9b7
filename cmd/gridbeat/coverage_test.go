package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// walkLines makes rows of unit, lon, lat, at, accuracy_metres: a walk along lines at
// 1.3 m/s, a fix every 10 s with a little noise.
func walkLines(unit string, begin time.Time, seed uint64, lines ...orb.LineString) []string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var rows []string
	at := begin
	for _, line := range lines {
		plane := geo.NewPlane(line[0])
		for i := 1; i < len(line); i++ {
			length := float64(plane.Distance(line[i-1], line[i]))
			for d := 0.0; d < length; d += 13 {
				p := orb.Point{line[i-1][0] + (line[i][0]-line[i-1][0])*d/length, line[i-1][1] + (line[i][1]-line[i-1][1])*d/length}
				x, y := plane.XY(p)
				p = plane.Point(x+3*rng.NormFloat64(), y+3*rng.NormFloat64())
				rows = append(rows, fmt.Sprintf("%s,%.7f,%.7f,%s,6", unit, p[0], p[1], at.Format(time.RFC3339)))
				at = at.Add(10 * time.Second)
			}
		}
		at = at.Add(time.Hour)
	}
	return rows
}

// exported is a street as it is exported.
type exported struct {
	Properties struct {
		ID     string  `json:"id"`
		Class  string  `json:"class"`
		Length float64 `json:"length_metres"`
	}
	Geometry struct{ Coordinates orb.LineString }
}

// residential lists the longest residential streets of the town.
func residential(t *testing.T, store string, n int) (ids []string, lines []orb.LineString) {
	t.Helper()
	var fc struct{ Features []exported }
	if err := json.Unmarshal([]byte(must(t, "export", "streets", "--store", store)), &fc); err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(fc.Features, func(a, b exported) int { return int(b.Properties.Length - a.Properties.Length) })
	for _, f := range fc.Features {
		if f.Properties.Class == "residential" && len(ids) < n {
			ids, lines = append(ids, f.Properties.ID), append(lines, f.Geometry.Coordinates)
		}
	}
	return ids, lines
}

const trackHead = "unit,lon,lat,at,accuracy_metres\n"

func TestCoverageFollowsFromTheTracksInAnyOrder(t *testing.T) {
	store := newTown(t)
	ids, lines := residential(t, store, 3)
	begin := time.Date(2026, 1, 5, 8, 0, 0, 0, time.FixedZone("", 8*3600))
	rows := slices.Concat(walkLines("甲", begin, 1, lines[0], lines[1]), walkLines("乙", begin.Add(24*time.Hour), 2, lines[2]))
	whole, parts := filepath.Join(t.TempDir(), "whole.gpkg"), filepath.Join(t.TempDir(), "parts.gpkg")
	for _, path := range []string{whole, parts} {
		if err := copyFile(store, path); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "import", "tracks", writeFile(t, "all.csv", trackHead+strings.Join(rows, "\n")), "--store", whole)
	rng := rand.New(rand.NewPCG(3, 1))
	shuffled := slices.Concat(rows, rows[:len(rows)/3])
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for i := 0; i < 4; i++ {
		part := shuffled[i*len(shuffled)/4 : (i+1)*len(shuffled)/4]
		must(t, "import", "tracks", writeFile(t, "part.csv", trackHead+strings.Join(part, "\n")), "--store", parts)
	}
	if a, b := must(t, "export", "coverage", "--store", whole), must(t, "export", "coverage", "--store", parts); a != b {
		t.Error("the coverage of shuffled parts differs from that of the whole")
	}
	for _, row := range properties(t, whole, "coverage") {
		if i := slices.Index(ids, row["street"].(string)); i >= 0 {
			covered, length := row["covered_metres"].(float64), row["length_metres"].(float64)
			if covered < 0.9*length || covered > length || row["last_visit_at"] == nil || row["simulated"] != false {
				t.Errorf("a street that was walked: %v", row)
			}
		}
	}

	told := func(args ...string) (r coverageResult) {
		t.Helper()
		if err := json.Unmarshal([]byte(must(t, append([]string{"patrols", "coverage", "--json", "--store", whole}, args...)...)), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	all, second, none := told(), told("--since", "2026-01-06"), told("--until", "2026-01-05T08:00:00+08:00")
	if all.Tracks != "real" || all.Trips < 3 || all.ZoneKind != "grid" || all.Covered <= second.Covered || second.Covered <= 0 || none.Covered != 0 {
		t.Errorf("covered %g m of %d trips (%s), %g m on the second day, %g m before all", all.Covered, all.Trips, all.Tracks, second.Covered, none.Covered)
	}
	if told("--tracks", "simulated").Covered != 0 {
		t.Error("real tracks are told as simulated ones")
	}
	sum := 0.0
	for _, z := range all.Zones {
		sum += z.Covered
	}
	if d := sum - all.Covered; d > 5 || d < -5 {
		t.Errorf("the grids have %g m covered, all %g", sum, all.Covered)
	}
	left := func(r coverageResult) (sum float64) {
		for _, s := range r.NotVisited {
			sum += s.Metres
		}
		return sum
	}
	if d := left(none) - left(all); d < 0.9*all.Covered {
		t.Errorf("%g m are covered, and what is not visited differs by %g m", all.Covered, d)
	}
	if text := must(t, "patrols", "coverage", "--store", whole); !strings.Contains(text, "oldest visit") || !strings.Contains(text, "not visited:") {
		t.Errorf("the text says %q", text)
	}

	file := filepath.Join(t.TempDir(), "coverage.gpkg")
	must(t, "export", "coverage", "--format", "gpkg", "--out", file, "--store", whole)
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM coverage WHERE covered_metres > 0 AND geom IS NOT NULL`).Scan(&n); err != nil || n < 3 {
		t.Errorf("%d covered streets in the GeoPackage: %v", n, err)
	}
	if csv := must(t, "export", "coverage", "--format", "csv", "--store", whole); !strings.HasPrefix(csv, "street,name,covered_metres,length_metres,last_visit_at,simulated\n") {
		t.Errorf("CSV begins %.80q", csv)
	}
}

func TestCoverageUsageThatIsWrong(t *testing.T) {
	store := newTown(t)
	for name, args := range map[string][]string{
		"give a time such as":       {"--since", "yesterday"},
		"give a time after --since": {"--since", "2026-01-06", "--until", "2026-01-05"},
		"plan none":                 {"--plan", "none"},
	} {
		a := gridbeat(t, append([]string{"patrols", "coverage", "--store", store}, args...)...)
		if a.code != exitBad || !strings.Contains(a.stderr, name) {
			t.Errorf("%v: exit code %d, %s", args, a.code, a.stderr)
		}
	}
}

package postgis_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"gridbeat/data/postgis"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// slanted makes a tiling of n by n grids whose borders run askew over lattice points,
// so that many of those lie exactly on an edge. Codes are shuffled.
func slanted(n int, rng *rand.Rand) []district.Grid {
	corner := func(x, y int) orb.Point {
		return geo.RoundE7(orb.Point{113.5 + float64(x*7+y*3)*0.001, 22.2 + float64(y*5-x*2)*0.001})
	}
	var out []district.Grid
	for i, k := range rng.Perm(n * n) {
		x, y := i%n, i/n
		ring := orb.Ring{corner(x, y), corner(x+1, y), corner(x+1, y+1), corner(x, y+1), corner(x, y)}
		out = append(out, district.Grid{Code: fmt.Sprintf("440402001900%03d", k), District: "01", Households: 200, Outline: orb.Polygon{ring}})
	}
	return out
}

// probes are points that try an edition: its corners, lattice points of its slanted
// edges, and n random ones. It tells how many lie on edges.
func probes(grids []district.Grid, n int, rng *rand.Rand) (lon, lat []float64, edges int) {
	add := func(p orb.Point) { lon, lat = append(lon, p[0]), append(lat, p[1]) }
	for _, g := range grids {
		ring := g.Outline[0]
		for i := 1; i < len(ring); i++ {
			add(ring[i])
			for k := 1; k < 1000; k += 37 { // edges are multiples of 1,000 steps in both directions
				f := float64(k) / 1000
				add(geo.RoundE7(orb.Point{ring[i-1][0] + f*(ring[i][0]-ring[i-1][0]), ring[i-1][1] + f*(ring[i][1]-ring[i-1][1])}))
				edges++
			}
		}
	}
	for range n {
		add(orb.Point{113.5 + rng.Float64()*0.12, 22.17 + rng.Float64()*0.1})
	}
	return lon, lat, edges
}

// publishGrids makes grids the first edition of a station.
func publishGrids(t testing.TB, s *postgis.Store, grids []district.Grid) {
	t.Helper()
	d := district.Draft{ID: "d1", Version: 1, Bounds: district.DefaultBounds, Grids: grids, CreatedAt: at(1)}
	if err := s.SaveDraft(t.Context(), d, at(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "d1", at(2), at(2)); err != nil {
		t.Fatal(err)
	}
}

// TestSQLAndGoGiveOneOwner compares the grid of points in SQL, one by one and in bulk,
// with the locator's: all corners, lattice points of the slanted edges, and random
// points, 1,000,000 of them with GRIDBEAT_LARGE=1.
func TestSQLAndGoGiveOneOwner(t *testing.T) {
	ctx, s := t.Context(), openStation(t, "answers")
	rng := rand.New(rand.NewPCG(1, 2))
	grids := slanted(12, rng)
	publishGrids(t, s, grids)
	locator, err := district.NewLocator(grids)
	if err != nil {
		t.Fatal(err)
	}
	random := 20_000
	if os.Getenv("GRIDBEAT_LARGE") == "1" {
		random = 1_000_000
	}
	lon, lat, edges := probes(grids, random, rng)
	app := session(t, database(t).app)
	if _, err := app.Exec(ctx, `SELECT set_config('gridbeat.station', gridbeat.enter_station('answers')::text, false)`); err != nil {
		t.Fatal(err)
	}
	ours, shared := make([]string, len(lon)), 0
	for i := range lon {
		l := locator.Locate(orb.Point{lon[i], lat[i]}, 0)
		if l.How == district.Border {
			shared++
		}
		ours[i] = l.Grid
	}
	if shared < edges {
		t.Errorf("%d points lie on borders, of %d put on edges", shared, edges)
	}
	for name, ask := range map[string]struct {
		statement string
		points    int
	}{
		"one by one": {`SELECT coalesce(gridbeat.grid_at(lon, lat, 1), '') FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS p (lon, lat, n) ORDER BY n`, len(lon) - random + 20_000},
		"in bulk":    {`SELECT coalesce(code, '') FROM gridbeat.grids_of($1::float8[], $2::float8[], 1) ORDER BY place`, len(lon)},
	} {
		rows, err := app.Query(ctx, ask.statement, lon[:ask.points], lat[:ask.points])
		if err != nil {
			t.Fatal(err)
		}
		answers, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(answers) != ask.points {
			t.Fatalf("%s: %d answers, %v", name, len(answers), err)
		}
		wrong := 0
		for i, got := range answers {
			if got != ours[i] {
				if wrong++; wrong < 5 {
					t.Errorf("%s: %v, %v: %q in SQL, %q in Go", name, lon[i], lat[i], got, ours[i])
				}
			}
		}
		t.Logf("%s: %d points, of which %d were put on slanted edges, %d differ", name, len(answers), edges, wrong)
	}
}

// BenchmarkGridsOf answers a million points in SQL, under the application's role, and
// in Go, and tells the points a second of both.
func BenchmarkGridsOf(b *testing.B) {
	ctx, s := b.Context(), openStation(b, "speed")
	rng := rand.New(rand.NewPCG(5, 6))
	grids := slanted(100, rng)
	for i := range grids {
		grids[i].Code = fmt.Sprintf("4404020019%05d", i)
	}
	publishGrids(b, s, grids)
	owner := session(b, database(b).owner)
	if _, err := owner.Exec(ctx, `ANALYZE gridbeat.grids`); err != nil {
		b.Fatal(err)
	}
	const points = 1_000_000
	lon, lat := make([]float64, points), make([]float64, points)
	at := make([]orb.Point, points)
	for i := range points {
		at[i] = orb.Point{113.5 + rng.Float64(), 22 + rng.Float64()*0.7}
		lon[i], lat[i] = at[i][0], at[i][1]
	}
	locator, err := district.NewLocator(grids)
	if err != nil {
		b.Fatal(err)
	}
	app := session(b, database(b).app)
	if _, err := app.Exec(ctx, `SELECT set_config('gridbeat.station', gridbeat.enter_station('speed')::text, false)`); err != nil {
		b.Fatal(err)
	}
	var sql, ours time.Duration
	for b.Loop() {
		start := time.Now()
		found := number(b, app, `SELECT count(code) FROM gridbeat.grids_of($1::float8[], $2::float8[], 1)`, lon, lat)
		sql += time.Since(start)
		out := make([]district.Location, points)
		start = time.Now()
		locator.LocateAll(at, 0, out)
		ours += time.Since(start)
		for _, l := range out {
			if l.Grid != "" {
				found--
			}
		}
		if found != 0 {
			b.Fatalf("SQL finds %d more points in a grid", found)
		}
	}
	b.ReportMetric(points*float64(b.N)/sql.Seconds(), "sql-points/s")
	b.ReportMetric(points*float64(b.N)/ours.Seconds(), "go-points/s")
	b.ReportMetric(sql.Seconds()/ours.Seconds(), "times")
}

// TestBoxQueriesUseTheIndex reads the plans of the hot queries under the application's
// role, with the row filter in force.
func TestBoxQueriesUseTheIndex(t *testing.T) {
	ctx := t.Context()
	s := openStation(t, "plans")
	var homes []geo.Building
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 3000 {
		b := building(fmt.Sprintf("b%05d", n), 10)
		b.At = orb.Point{113 + rng.Float64(), 22 + rng.Float64()}
		homes = append(homes, b)
	}
	if _, err := s.SaveBuildings(ctx, homes, at(1)); err != nil {
		t.Fatal(err)
	}
	var incidents []dispatch.Incident
	for n := range 3000 {
		incidents = append(incidents, dispatch.Incident{ID: fmt.Sprintf("i%05d", n), Version: 1, Point: homes[n].At, ReportedAt: at(1), State: []string{dispatch.Reported, dispatch.Closed}[min(n%30, 1)]})
	}
	if _, err := s.SaveIncidents(ctx, incidents, at(1)); err != nil {
		t.Fatal(err)
	}
	var fixes []patrol.Position
	for n := range 3000 {
		fixes = append(fixes, patrol.Position{Unit: "u", Point: homes[n].At, At: at(1).Add(time.Duration(n) * time.Hour)})
	}
	if _, err := s.SavePositions(ctx, fixes, at(1)); err != nil {
		t.Fatal(err)
	}
	publishGrids(t, s, slanted(25, rng))
	if _, err := session(t, database(t).owner).Exec(ctx, `ANALYZE`); err != nil {
		t.Fatal(err)
	}
	app := session(t, database(t).app)
	if _, err := app.Exec(ctx, `SELECT set_config('gridbeat.station', gridbeat.enter_station('plans')::text, false)`); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, index, query string }{
		{"buildings in a box", "buildings_geom", `SELECT id FROM gridbeat.buildings WHERE station = gridbeat.current_station()
			AND geom && ST_MakeEnvelope(113.5, 22.2, 113.52, 22.22, 4326)`},
		{"the same through the view", "buildings_geom", `SELECT id FROM gridbeat.layer_buildings
			WHERE geom && ST_MakeEnvelope(113.5, 22.2, 113.52, 22.22, 4326)`},
		{"the grid of a point", "grids_exact", `SELECT code FROM gridbeat.grids WHERE station = gridbeat.current_station() AND edition = 1
			AND exact && ST_MakePoint(1135100000, 222100000) AND ST_Covers(exact, ST_MakePoint(1135100000, 222100000)) ORDER BY code LIMIT 1`},
		{"one incident", "incidents_pkey", `SELECT id FROM gridbeat.incidents WHERE station = gridbeat.current_station() AND id = 'x'`},
		{"incidents, newest first", "incidents_by_page", `SELECT id FROM gridbeat.incidents WHERE station = gridbeat.current_station()
			AND (reported_at, id COLLATE "C") < ('2026-01-01T08:00:00Z', 'i00100') ORDER BY reported_at DESC, id COLLATE "C" DESC LIMIT 50`},
		{"open incidents, newest first", "incidents_open", `SELECT id FROM gridbeat.incidents WHERE station = gridbeat.current_station()
			AND state NOT IN ('closed', 'duplicate', 'referred') ORDER BY reported_at DESC, id COLLATE "C" DESC LIMIT 50`},
		{"positions of a time", "tracks_pkey", `SELECT unit FROM gridbeat.tracks WHERE station = gridbeat.current_station()
			AND at >= '2026-01-01' AND at < '2026-01-02' ORDER BY at`},
		{"the log after a sequence", "changes_pkey", `SELECT id FROM gridbeat.changes WHERE station = gridbeat.current_station()
			AND sequence > 5 ORDER BY sequence LIMIT 100`},
	} {
		t.Run(row.name, func(t *testing.T) {
			rows, err := app.Query(ctx, `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) `+row.query)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			plan := strings.Join(lines, "\n")
			t.Logf("%s\n%s", row.query, plan)
			if !strings.Contains(plan, row.index) {
				t.Errorf("the plan does not use %s", row.index)
			}
		})
	}
}

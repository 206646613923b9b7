package postgis_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
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

// TestSQLAndGoGiveOneOwner compares the grid of points in SQL with the locator's: all
// corners, lattice points of the slanted edges, and random points.
func TestSQLAndGoGiveOneOwner(t *testing.T) {
	ctx, s := t.Context(), openStation(t, "answers")
	rng := rand.New(rand.NewPCG(1, 2))
	grids := slanted(12, rng)
	d := district.Draft{ID: "d1", Version: 1, Bounds: district.DefaultBounds, Grids: grids, CreatedAt: at(1)}
	if err := s.SaveDraft(ctx, d, at(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(ctx, "d1", at(2), at(2)); err != nil {
		t.Fatal(err)
	}
	locator, err := district.NewLocator(grids)
	if err != nil {
		t.Fatal(err)
	}
	var lon, lat []float64
	add := func(p orb.Point) { lon, lat = append(lon, p[0]), append(lat, p[1]) }
	edges := 0
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
	for range 20_000 {
		add(orb.Point{113.5 + rng.Float64()*0.12, 22.17 + rng.Float64()*0.1})
	}
	app := session(t, database(t).app)
	if _, err := app.Exec(ctx, `SELECT set_config('gridbeat.station', gridbeat.enter_station('answers')::text, false)`); err != nil {
		t.Fatal(err)
	}
	rows, err := app.Query(ctx, `SELECT coalesce(gridbeat.grid_at(lon, lat, 1), '')
		FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS p (lon, lat, n) ORDER BY n`, lon, lat)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	wrong, shared := 0, 0
	for i, got := range answers {
		l := locator.Locate(orb.Point{lon[i], lat[i]}, 0)
		if l.How == district.Border {
			shared++
		}
		if l.How == district.Nearest || l.How == district.Outside {
			l.Grid = ""
		}
		if got != l.Grid {
			if wrong++; wrong < 5 {
				t.Errorf("%v, %v: %q in SQL, %q (%s) in Go", lon[i], lat[i], got, l.Grid, l.How)
			}
		}
	}
	if wrong > 0 || shared < edges {
		t.Errorf("%d of %d points differ; %d lie on borders, of %d put on edges", wrong, len(answers), shared, edges)
	}
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
		incidents = append(incidents, dispatch.Incident{ID: fmt.Sprintf("i%05d", n), Version: 1, Point: homes[n].At, ReportedAt: at(1)})
	}
	if _, err := s.SaveIncidents(ctx, incidents, at(1)); err != nil {
		t.Fatal(err)
	}
	d := district.Draft{ID: "d1", Version: 1, Bounds: district.DefaultBounds, Grids: slanted(25, rng), CreatedAt: at(1)}
	if err := s.SaveDraft(ctx, d, at(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(ctx, "d1", at(2), at(2)); err != nil {
		t.Fatal(err)
	}
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
			if plan := strings.Join(lines, "\n"); !strings.Contains(plan, row.index) {
				t.Errorf("the plan does not use %s:\n%s", row.index, plan)
			}
		})
	}
}

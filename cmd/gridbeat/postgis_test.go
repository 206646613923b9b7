package main

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	pgxgeom "github.com/twpayne/pgx-geom"

	"gridbeat/data/demo"
	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// judge opens a session with PostGIS, the second opinion on geometry.
func judge(t *testing.T) *pgx.Conn {
	t.Helper()
	url := os.Getenv("GRIDBEAT_TEST_POSTGRES")
	if url == "" {
		if os.Getenv("GRIDBEAT_REQUIRE_TOOLS") != "" {
			t.Fatal("GRIDBEAT_TEST_POSTGRES is not set; run make test")
		}
		t.Skip("no PostGIS: GRIDBEAT_TEST_POSTGRES is not set; make test starts one")
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	if err := pgxgeom.Register(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	return conn
}

// plan draws the sample town's grids.
func plan(t *testing.T) (*district.Draft, district.Ground) {
	t.Helper()
	path, err := demo.WriteMap(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m, err := ingest.ReadPBF(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	homes, err := district.Settle(t.Context(), m, district.DefaultHouseholdRule())
	if err != nil {
		t.Fatal(err)
	}
	g := district.Ground{Streets: m.Streets, Barriers: m.Barriers, Compounds: homes.Compounds, Buildings: homes.Buildings}
	g.Districts, err = district.CutDistricts(t.Context(), g, demo.Bounds, district.CutOptions{Count: 4, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := district.Draw(t.Context(), g, district.DrawOptions{Seed: 1, Rounds: 200, Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return d, g
}

func wire(area orb.MultiPolygon) *geom.MultiPolygon {
	out := geom.NewMultiPolygon(geom.XY).SetSRID(4326)
	for _, polygon := range area {
		var rings [][]geom.Coord
		for _, ring := range polygon {
			var cs []geom.Coord
			for _, p := range ring {
				cs = append(cs, geom.Coord{p[0], p[1]})
			}
			rings = append(rings, cs)
		}
		if err := out.Push(geom.NewPolygon(geom.XY).MustSetCoords(rings)); err != nil {
			panic(err) // the layouts are the same
		}
	}
	return out
}

// TestPostGISFindsTheSameAsWeDo has GEOS judge the sample town's grids: valid, apart,
// tiling their districts, and the grid of 20,000 random points.
func TestPostGISFindsTheSameAsWeDo(t *testing.T) {
	conn, ctx := judge(t), t.Context()
	d, _ := plan(t)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	count := func(sql string, args ...any) (n float64) {
		t.Helper()
		if err := conn.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return n
	}
	exec(`CREATE TEMP TABLE grid (code text, district text, g geometry(MultiPolygon, 4326))`)
	exec(`CREATE TEMP TABLE district (code text, g geometry(MultiPolygon, 4326))`)
	for _, x := range d.Grids {
		exec(`INSERT INTO grid VALUES ($1, $2, $3)`, x.Code, x.District, wire(orb.MultiPolygon{x.Outline}))
	}
	for _, x := range d.Districts {
		exec(`INSERT INTO district VALUES ($1, $2)`, x.Code, wire(x.Outline))
	}
	exec(`CREATE INDEX ON grid USING gist (g)`)
	if n := count(`SELECT count(*) FROM grid WHERE NOT ST_IsValid(g)`); n > 0 {
		t.Errorf("%g grids are invalid", n)
	}
	if n := count(`SELECT count(*) FROM grid a JOIN grid b ON a.code < b.code AND ST_Intersects(a.g, b.g) WHERE ST_Relate(a.g, b.g, 'T********')`); n > 0 {
		t.Errorf("%g pairs of grids overlap", n)
	}
	if n := count(`SELECT coalesce(max(abs(1 - s.a / ST_Area(d.g))), 1) FROM district d JOIN (SELECT district, sum(ST_Area(g)) a FROM grid GROUP BY district) s ON s.district = d.code`); n > 1e-12 {
		t.Errorf("grids differ from their district by %g of its area", n)
	}
	if n := count(`SELECT coalesce(sum(ST_Area(ST_SymDifference(d.g, s.g))), 1) FROM district d JOIN (SELECT district, ST_Union(g) g FROM grid GROUP BY district) s ON s.district = d.code`); n > 1e-15 {
		t.Errorf("the united grids and the districts differ by %g square degrees", n)
	}
	pointsAgree(t, conn, d)
}

// pointsAgree compares the locator with PostGIS on random points, one in four of
// them on a vertex of a border.
func pointsAgree(t *testing.T, conn *pgx.Conn, d *district.Draft) {
	locator, err := district.NewLocator(d.Grids)
	if err != nil {
		t.Fatal(err)
	}
	bound := demo.Bounds.Pad(0.001)
	rng := rand.New(rand.NewPCG(20, 26))
	const n = 20_000
	lon, lat, ours := make([]float64, n), make([]float64, n), make([]string, n)
	for i := range n {
		p := orb.Point{bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1])}
		switch i % 4 {
		case 0:
			ring := d.Grids[rng.IntN(len(d.Grids))].Outline[0]
			p = ring[rng.IntN(len(ring))]
		case 1:
			p = geo.RoundE7(p)
		}
		lon[i], lat[i], ours[i] = p[0], p[1], locator.Locate(p, 0).Grid
	}
	var wrong int
	err = conn.QueryRow(t.Context(), `
		SELECT count(*) FROM unnest($1::float8[], $2::float8[], $3::text[]) AS p(lon, lat, ours)
		WHERE ours <> coalesce((SELECT min(code) FROM grid WHERE ST_Intersects(g, ST_SetSRID(ST_MakePoint(lon, lat), 4326))), '')`,
		lon, lat, ours).Scan(&wrong)
	if err != nil {
		t.Fatal(err)
	}
	if wrong > 0 {
		t.Errorf("%d of %d points have another grid in PostGIS", wrong, n)
	}
}

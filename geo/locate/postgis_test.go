package locate_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"gridbeat/geo/district"
)

// BenchmarkBulkBesidePostGIS locates 1,000,000 points in bulk, and has PostGIS join the
// same points with the same grids: prepared ST_Covers below a GiST index, one process,
// no JIT. It reports the CPU seconds of both for a million points and how many times
// PostGIS takes ours; both must find as many points inside. It needs a PostGIS on this
// machine at GRIDBEAT_TEST_POSTGRES: .ci/with-postgres go test -bench PostGIS ./geo/locate
func BenchmarkBulkBesidePostGIS(b *testing.B) {
	url := os.Getenv("GRIDBEAT_TEST_POSTGRES")
	if url == "" {
		b.Skip("no PostGIS: GRIDBEAT_TEST_POSTGRES is not set; .ci/with-postgres starts one")
	}
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			t := sized(n)
			grids, points := t.grids(), t.points(1_000_000)
			l, err := district.NewLocator(grids)
			if err != nil {
				b.Fatal(err)
			}
			pg := newPostGIS(b, url, grids, points)
			out := make([]district.Location, len(points))
			var ours, theirs time.Duration
			for b.Loop() {
				start := cpuTime()
				for range repeats {
					l.LocateAll(points, 0, out)
				}
				ours += (cpuTime() - start) / repeats
				joined, took := pg.join(b)
				theirs += took
				if inside := countInside(out); inside != joined {
					b.Fatalf("PostGIS finds %d of the points in a grid, we %d", joined, inside)
				}
			}
			b.ReportMetric(ours.Seconds()/float64(b.N), "cpu-s")
			b.ReportMetric(theirs.Seconds()/float64(b.N), "postgis-cpu-s")
			b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times")
		})
	}
}

// repeats is how often the short side of the comparison runs for each join.
const repeats = 5

func countInside(out []district.Location) int {
	n := 0
	for _, l := range out {
		if l.How == district.Inside || l.How == district.Border {
			n++
		}
	}
	return n
}

// postGIS is a session whose server process runs on this machine.
type postGIS struct {
	conn *pgx.Conn
	pid  int
}

func newPostGIS(b *testing.B, url string, grids []district.Grid, points []orb.Point) *postGIS {
	b.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close(ctx) })
	pg := &postGIS{conn: conn}
	exec := func(sql string) {
		if _, err := conn.Exec(ctx, sql); err != nil {
			b.Fatal(err)
		}
	}
	copyIn := func(table string, columns []string, n int, row func(i int) ([]any, error)) {
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, row)); err != nil {
			b.Fatal(err)
		}
	}
	exec(`SET max_parallel_workers_per_gather = 0; SET jit = off; SET maintenance_work_mem = '256MB'`)
	exec(`CREATE TEMP TABLE raw (code text, body bytea); CREATE TEMP TABLE at (lon float8, lat float8)`)
	copyIn("raw", []string{"code", "body"}, len(grids), func(i int) ([]any, error) {
		body, err := wkb.Marshal(grids[i].Outline)
		return []any{grids[i].Code, body}, err
	})
	copyIn("at", []string{"lon", "lat"}, len(points), func(i int) ([]any, error) { return []any{points[i][0], points[i][1]}, nil })
	exec(`CREATE TEMP TABLE grid AS SELECT code, ST_GeomFromWKB(body, 4326) AS geom FROM raw;
		CREATE TEMP TABLE point AS SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom FROM at;
		CREATE INDEX ON grid USING gist (geom)`)
	exec(`ANALYZE grid`)
	exec(`ANALYZE point`)
	if err := conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pg.pid); err != nil {
		b.Fatal(err)
	}
	return pg
}

// join has every point joined with the grids that cover it.
func (pg *postGIS) join(b *testing.B) (joined int, cpu time.Duration) {
	b.Helper()
	before := pg.cpu(b)
	if err := pg.conn.QueryRow(context.Background(), `SELECT count(*) FROM point p JOIN grid g ON ST_Covers(g.geom, p.geom)`).Scan(&joined); err != nil {
		b.Fatal(err)
	}
	return joined, pg.cpu(b) - before
}

// cpu is the processor time of the server process, by Linux's clock of 10 ms.
func (pg *postGIS) cpu(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pg.pid))
	if err != nil {
		b.Skipf("the server is not on this machine: %v", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	var user, system int64
	fields := strings.Fields(rest)
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

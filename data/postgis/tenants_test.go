package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"gridbeat/data/postgis"
	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

func at(day int) time.Time { return time.Date(2026, 1, day, 8, 0, 0, 0, time.UTC) }

func building(id string, homes int) geo.Building {
	return geo.Building{ID: id, Kind: "apartments", Households: homes, Source: geo.Given, At: orb.Point{113.5, 22.2}}
}

// session connects as a role, and works for no station until it says so.
func session(t testing.TB, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func number(t testing.TB, c *pgx.Conn, query string, args ...any) (n int) {
	t.Helper()
	if err := c.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestStationsDoNotMeet(t *testing.T) {
	ctx := t.Context()
	east, west := openStation(t, "east"), openStation(t, "west")
	if _, err := east.SaveBuildings(ctx, []geo.Building{building("b1", 10), building("b2", 20)}, at(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := west.SaveBuildings(ctx, []geo.Building{building("b1", 77)}, at(1)); err != nil {
		t.Fatal(err)
	}
	got, err := east.Buildings(ctx)
	if err != nil || len(got) != 2 || got[0].Households != 10 {
		t.Errorf("east sees %v, %v", got, err)
	}
	c, err := west.SaveBuildings(ctx, nil, at(2))
	if err != nil || c != (geo.Counts{Retired: 1}) {
		t.Errorf("west retired %+v, %v; want its own one", c, err)
	}
	changes, err := west.Changes(ctx, 0, 0)
	if err != nil || len(changes) != 3 {
		t.Errorf("west's log holds %v, %v; want three entries", changes, err)
	}
}

// TestTheSecondWall asks in SQL without naming the station, as a forgotten condition
// would: the row filter answers for the station of the session and no other.
func TestTheSecondWall(t *testing.T) {
	ctx := t.Context()
	north, south := openStation(t, "north"), openStation(t, "south")
	if _, err := north.SaveBuildings(ctx, []geo.Building{building("n1", 1)}, at(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := south.SaveBuildings(ctx, []geo.Building{building("s1", 1), building("s2", 1)}, at(1)); err != nil {
		t.Fatal(err)
	}
	app := session(t, database(t).app)
	id := number(t, session(t, database(t).owner), `SELECT station FROM gridbeat.stations WHERE key = 'north'`)
	tables := []string{"buildings", "layer_buildings", "changes", "stations"}
	for _, table := range tables {
		if n := number(t, app, `SELECT count(*) FROM gridbeat.`+table); n != 0 {
			t.Errorf("no station: %d rows of %s are seen", n, table)
		}
	}
	if _, err := app.Exec(ctx, `SELECT set_config('gridbeat.station', $1, false)`, fmt.Sprint(id)); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if n := number(t, app, `SELECT count(*) FROM gridbeat.`+table); n != 1 {
			t.Errorf("north sees %d rows of %s, want its own one", n, table)
		}
	}
	_, err := app.Exec(ctx, `UPDATE gridbeat.buildings SET station = station + 1`)
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("a row given to another station: %v, want the row filter's refusal", err)
	}
	for _, forbidden := range []string{
		`DELETE FROM gridbeat.changes`, `UPDATE gridbeat.changes SET kind = ''`, `TRUNCATE gridbeat.buildings`,
		`INSERT INTO gridbeat.stations (key) VALUES ('mine')`, `ALTER TABLE gridbeat.buildings DISABLE ROW LEVEL SECURITY`,
	} {
		if _, err := app.Exec(ctx, forbidden); err == nil {
			t.Errorf("the application may do: %s", forbidden)
		}
	}
}

// enrol gives a station one record of each kind that is saved one by one, all with the
// same ids as in other stations.
func enrol(t *testing.T, s *postgis.Store, key string) {
	t.Helper()
	ctx := t.Context()
	_, err := s.SaveBlocks(ctx, []geo.Block{{ID: "b1", District: key, Outline: orb.Polygon{{{113, 22}, {114, 22}, {114, 23}, {113, 22}}}}}, at(1))
	for _, err := range []error{
		err,
		s.EditDraft(ctx, district.Draft{ID: "d1", Version: 1, CreatedAt: at(1)},
			[]edit.Step{{Edit: edit.Lock{Grid: key}, Inverse: edit.Unlock{Grid: key}}}, at(1)),
		s.SaveUser(ctx, account.User{ID: "u1", Login: "chen", Name: key, Role: account.Admin, CreatedAt: at(1), Version: 1}, at(1)),
		s.SaveToken(ctx, account.Token{ID: "k1", User: "u1", Name: key, Digest: account.TokenDigest("one"), Scope: account.Viewer,
			CreatedAt: at(1), ExpiresAt: at(2), Version: 1}, at(1)),
		s.SaveUnit(ctx, patrol.Unit{ID: "car", Name: key, Version: 1}, at(1)),
		s.SaveShift(ctx, patrol.Shift{ID: "s1", Unit: "car", Starts: at(1), Ends: at(2), Version: 1}, at(1)),
		s.SaveNotice(ctx, dispatch.Notice{ID: "n1", Aim: dispatch.Warning, Title: key, Grids: []string{"g"}, CreatedAt: at(1), Version: 1}, at(1)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestAccountsOfAnotherStationAreNobodys: the same logins and secrets in two stations are
// two users, and none of them is found from the other one.
func TestAccountsOfAnotherStationAreNobodys(t *testing.T) {
	ctx := t.Context()
	here, there, empty := openStation(t, "accounts here"), openStation(t, "accounts there"), openStation(t, "accounts nowhere")
	enrol(t, here, "here")
	enrol(t, there, "there")
	for _, row := range []struct {
		s    *postgis.Store
		want string
	}{{here, "here"}, {there, "there"}} {
		u, e1 := row.s.UserOf(ctx, "chen")
		k, e2 := row.s.TokenOf(ctx, account.TokenDigest("one"))
		if u.Name != row.want || k.Name != row.want || e1 != nil || e2 != nil {
			t.Errorf("%s finds %q and %q, %v, %v", row.want, u.Name, k.Name, e1, e2)
		}
	}
	_, e1 := empty.UserOf(ctx, "chen")
	_, e2 := empty.TokenOf(ctx, account.TokenDigest("one"))
	if !errors.Is(e1, geo.ErrNotFound) || !errors.Is(e2, geo.ErrNotFound) {
		t.Errorf("a third station finds them: %v, %v", e1, e2)
	}
}

// TestNoTableShowsAnotherStation looks at every table and view there is, under the
// application's role and a reader's.
func TestNoTableShowsAnotherStation(t *testing.T) {
	ctx := t.Context()
	for _, key := range []string{"mine", "theirs"} {
		s := openStation(t, key)
		if _, err := s.SaveBuildings(ctx, []geo.Building{building("b1", 10)}, at(1)); err != nil {
			t.Fatal(err)
		}
		enrol(t, s, key)
	}
	owner, app := session(t, database(t).owner), session(t, database(t).app)
	mine := number(t, owner, `SELECT station FROM gridbeat.stations WHERE key = 'mine'`)
	rows, err := owner.Query(ctx, `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'station'
		WHERE c.relnamespace = 'gridbeat'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'readers' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 20 {
		t.Fatalf("only %v, %v", tables, err)
	}
	unguarded := number(t, owner, `SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'station'
		WHERE c.relnamespace = 'gridbeat'::regnamespace AND c.relkind = 'r' AND c.relname <> 'readers' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`)
	if unguarded > 0 {
		t.Errorf("%d tables of stations are without the row filter", unguarded)
	}
	if _, err := app.Exec(ctx, `SELECT set_config('gridbeat.station', $1, false)`, fmt.Sprint(mine)); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if n := number(t, app, `SELECT count(*) FROM gridbeat.`+table+` WHERE station <> $1`, mine); n > 0 {
			t.Errorf("%d rows of others are seen in %s", n, table)
		}
	}
	if n := number(t, owner, `SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'gridbeat'::regnamespace AND c.relkind = 'v'
		AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)`); n > 0 {
		t.Errorf("%d views show what their owner sees", n)
	}
}

// TestAReaderSeesTheLayersOfOneStation is a GIS program's login: it cannot choose
// another station, sees no people or incidents, and writes nothing.
func TestAReaderSeesTheLayersOfOneStation(t *testing.T) {
	ctx := t.Context()
	for key, n := range map[string]int{"atlas": 1, "beyond": 2} {
		if _, err := openStation(t, key).SaveBuildings(ctx, []geo.Building{building("b1", 10), building("b2", 10)}[:n], at(1)); err != nil {
			t.Fatal(err)
		}
	}
	owner := session(t, database(t).owner)
	if _, err := owner.Exec(ctx, `DO $$ BEGIN CREATE ROLE gridbeat_test_reader LOGIN NOSUPERUSER NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$`); err != nil {
		t.Fatal(err)
	}
	number(t, owner, `SELECT gridbeat.admit_reader('gridbeat_test_reader', 'atlas')`)
	beyond := number(t, owner, `SELECT station FROM gridbeat.stations WHERE key = 'beyond'`)
	u, err := url.Parse(database(t).app)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User("gridbeat_test_reader")
	reader := session(t, u.String())
	for _, set := range []string{"", fmt.Sprint(beyond)} {
		if _, err := reader.Exec(ctx, `SELECT set_config('gridbeat.station', $1, false)`, set); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"layer_buildings", "buildings"} {
			if n := number(t, reader, `SELECT count(*) FROM gridbeat.`+table); n != 1 {
				t.Errorf("with station %q the reader sees %d rows of %s, want the one of its own", set, n, table)
			}
		}
	}
	for _, forbidden := range []string{
		`SELECT * FROM gridbeat.people`, `SELECT * FROM gridbeat.incidents`, `SELECT * FROM gridbeat.changes`, `SELECT * FROM gridbeat.readers`,
		`SELECT * FROM gridbeat.users`, `SELECT * FROM gridbeat.tokens`, `SELECT * FROM gridbeat.shifts`, `SELECT * FROM gridbeat.draft_edits`,
		`UPDATE gridbeat.buildings SET households = 0`, `DELETE FROM gridbeat.layer_buildings`,
		`SELECT gridbeat.enter_station('beyond')`, `SELECT gridbeat.admit_reader('gridbeat_test_reader', 'beyond')`,
	} {
		if _, err := reader.Exec(ctx, forbidden); err == nil {
			t.Errorf("a reader may do: %s", forbidden)
		}
	}
	if _, err := owner.Exec(ctx, `SELECT gridbeat.admit_reader('gridbeat_test_reader', 'nowhere')`); err == nil {
		t.Error("a reader was admitted to a station that is not there")
	}
}

// TestTheLogShowsNoEntryLate has eight writers write, and so take their transaction's
// number, pause, and only then take a sequence and commit, while a reader follows the
// log by its last sequence: nothing is skipped.
func TestTheLogShowsNoEntryLate(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := openStation(t, "busy")
	const writers, writes = 8, 40
	done := make(chan error, writers)
	for w := range writers {
		mine := openStation(t, "busy")
		chance := rand.New(rand.NewPCG(1, uint64(w)))
		pause := func() { time.Sleep(time.Duration(chance.IntN(8)) * time.Millisecond) }
		go func() {
			for n := range writes {
				i := dispatch.Incident{ID: fmt.Sprintf("incident-%d-%03d", w, n), Version: 1, Point: orb.Point{113.5, 22.2}, ReportedAt: at(1)}
				if err := mine.SaveSlowly(ctx, i, at(1), pause); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	seen, last, left := map[string]bool{}, int64(0), writers
	follow := func() {
		page, err := s.Changes(ctx, last, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			if c.Sequence <= last || seen[c.ID] {
				t.Fatalf("entry %d of %s after %d", c.Sequence, c.ID, last)
			}
			last, seen[c.ID] = c.Sequence, true
		}
	}
	for left > 0 {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			left--
		default:
			follow()
		}
	}
	for before := -1; before != len(seen); {
		before = len(seen)
		follow()
	}
	if len(seen) != writers*writes {
		t.Errorf("the reader saw %d entries of %d", len(seen), writers*writes)
	}
}

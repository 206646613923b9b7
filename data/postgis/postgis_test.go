package postgis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/data/postgis"
	"gridbeat/data/storetest"
	"gridbeat/geo/job"
)

var _ storetest.Store = (*postgis.Store)(nil)

// appLogin is the role that tests open stores under: neither owner nor superuser.
const appLogin = "gridbeat_test_app"

// server is one database of this test run, prepared once.
type server struct {
	once  sync.Once
	err   error
	owner string // URL of a role that may do everything
	app   string // URL of the application's role
	cases int
}

var shared server

// database returns the URLs of a database with the schema in it.
func database(t testing.TB) *server {
	t.Helper()
	address := os.Getenv("GRIDBEAT_TEST_POSTGRES")
	if address == "" {
		if os.Getenv("GRIDBEAT_REQUIRE_PG") == "1" {
			t.Fatal("GRIDBEAT_TEST_POSTGRES is not set; run make test")
		}
		t.Skip("no PostGIS: GRIDBEAT_TEST_POSTGRES is not set; make test starts one")
	}
	shared.once.Do(func() { shared.err = shared.prepare(context.Background(), address) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return &shared
}

func (s *server) prepare(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("gridbeat_contract_%d", os.Getpid())
	for _, statement := range []string{
		`CREATE DATABASE ` + name,
		`DO $$ BEGIN CREATE ROLE ` + appLogin + ` LOGIN NOSUPERUSER NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	u.Path = "/" + name
	s.owner = u.String()
	u.User = url.User(appLogin)
	s.app = u.String()
	if _, err := postgis.Migrate(ctx, s.owner); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `GRANT gridbeat_app TO `+appLogin)
	return err
}

// openStation opens a station of the shared database under the application's role.
func openStation(t testing.TB, key string) *postgis.Store {
	t.Helper()
	s, err := postgis.Open(t.Context(), stationURL(database(t).app, key))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func stationURL(address, key string) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + "station=" + url.QueryEscape(key)
}

// TestContract runs every case as a station of its own in one database, so that rows
// of others lie all around it.
func TestContract(t *testing.T) {
	db := database(t)
	storetest.Run(t, func(t *testing.T) storetest.Store {
		db.cases++
		return openStation(t, fmt.Sprintf("case %d 派出所", db.cases))
	}, func(s storetest.Store, ticket job.Ticket, result json.RawMessage, at time.Time) storetest.Store {
		return s.(*postgis.Store).ForJob(ticket, result, at)
	})
}

// TestPostGISOutsidePublic works in a database whose PostGIS lies in a schema of its own.
func TestPostGISOutsidePublic(t *testing.T) {
	ctx := t.Context()
	owner := session(t, database(t).owner)
	name := fmt.Sprintf("gridbeat_elsewhere_%d", os.Getpid())
	if _, err := owner.Exec(ctx, `CREATE DATABASE `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { owner.Exec(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`) })
	elsewhere := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		return u.String()
	}
	inside := session(t, elsewhere(database(t).owner))
	if _, err := inside.Exec(ctx, `CREATE SCHEMA "geo stuff"; GRANT USAGE ON SCHEMA "geo stuff" TO PUBLIC; CREATE EXTENSION postgis SCHEMA "geo stuff"`); err != nil {
		t.Fatal(err)
	}
	if _, err := postgis.Migrate(ctx, elsewhere(database(t).owner)); err != nil {
		t.Fatal(err)
	}
	s, err := postgis.Open(ctx, elsewhere(database(t).app))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	grids := slanted(3, rand.New(rand.NewPCG(1, 1)))
	publishGrids(t, s, grids)
	corner := grids[0].Outline[0][0]
	if code, err := s.GridAt(ctx, corner, at(3)); err != nil || code == "" {
		t.Errorf("the grid of a corner: %q, %v", code, err)
	}
}

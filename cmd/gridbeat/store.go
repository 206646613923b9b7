package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gridbeat/api"
	"gridbeat/data/archive"
	"gridbeat/data/gpkg"
	"gridbeat/data/postgis"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// store is what the commands ask of a store. Each method is one transaction.
type store interface {
	api.Store
	accountStore
	SaveStation(ctx context.Context, s district.Station) error
	SaveStreets(ctx context.Context, m *geo.StreetMap, at time.Time) (geo.Counts, error)
	SaveDistricts(ctx context.Context, ds []geo.District, at time.Time) (geo.Counts, error)
	SaveCommunities(ctx context.Context, cs []geo.Community, at time.Time) (geo.Counts, error)
	SaveCompounds(ctx context.Context, cs []geo.Compound, at time.Time) (geo.Counts, error)
	SaveBuildings(ctx context.Context, bs []geo.Building, at time.Time) (geo.Counts, error)
	SaveBlocks(ctx context.Context, bs []geo.Block, at time.Time) (geo.Counts, error)
	Blocks(ctx context.Context) ([]geo.Block, error)
	Import(ctx context.Context, v district.Import, at time.Time) (district.ImportCounts, error)
	SavePeople(ctx context.Context, ps []dispatch.Person, at time.Time) (geo.Counts, error)
	SaveIncidents(ctx context.Context, is []dispatch.Incident, at time.Time) (geo.Counts, error)
	SavePositions(ctx context.Context, ps []patrol.Position, at time.Time) (geo.Counts, error)
	LoadIncidents(ctx context.Context, is []dispatch.Incident, at time.Time, told func(done, total int)) (geo.Counts, error)
	LoadPositions(ctx context.Context, ps []patrol.Position, at time.Time, told func(done, total int)) (geo.Counts, error)
	Posts(ctx context.Context) ([]geo.Post, error)
	Restrictions(ctx context.Context) ([]geo.Restriction, error)
	Barriers(ctx context.Context) ([]geo.Barrier, error)
	SaveDraft(ctx context.Context, d district.Draft, at time.Time) error
	Draft(ctx context.Context, id string) (district.Draft, error)
	NewestDraft(ctx context.Context) (district.Draft, error)
	Publish(ctx context.Context, draftID string, from, at time.Time) (district.Edition, error)
	EditionAt(ctx context.Context, at time.Time) (district.Edition, error)
	SavePlan(ctx context.Context, p patrol.Plan, at time.Time) error
	EachPosition(ctx context.Context, each func(patrol.Position) error) error
	EachTrip(ctx context.Context, since, until time.Time, each func(patrol.Trip) error) error
	SaveTrips(ctx context.Context, ts []patrol.Trip, gone []patrol.TripKey, at time.Time) error
	SaveCoverage(ctx context.Context, cs []patrol.CoveredStreet, at time.Time) (geo.Counts, error)
	Archive(ctx context.Context) (archive.Archive, error)
	Restore(ctx context.Context, a archive.Archive) error
	Close() error
}

// storeFlag is the flag of every command that works on a store.
type storeFlag struct {
	Store string `required:"" env:"GRIDBEAT_STORE" placeholder:"FILE.gpkg|postgres://..." help:"The store: one GeoPackage file, or a PostgreSQL database with PostGIS, in which ?station=KEY names the station."`

	// rehearse is a dry run: all is checked and counted, nothing is kept.
	rehearse bool

	// readStandby lets requests that allow it read from a standby of the URL.
	readStandby bool

	// given is a store that is open already; the flag's is not opened then.
	given store
}

// use opens the store, hands it to f and closes it. A store that is not there is
// an error.
func (s storeFlag) use(ctx context.Context, f func(store) error) error {
	if s.given != nil {
		return f(s.given)
	}
	if err := s.known(); err != nil {
		return err
	}
	if !s.exists() {
		return geo.NewInputError(s.Store, geo.Finding{
			Rule: "store-missing", Detail: "there is no such store",
			Remedy: "make one with: gridbeat import streets MAP.osm.pbf --store " + s.Store,
		})
	}
	return s.open(ctx, f)
}

// make is use for the commands that begin a store when there is none.
func (s storeFlag) make(ctx context.Context, f func(store) error) error {
	if s.given != nil {
		return f(s.given)
	}
	if err := s.known(); err != nil {
		return err
	}
	return s.open(ctx, f)
}

func (s storeFlag) known() error {
	if s.server() || strings.HasSuffix(s.Store, ".gpkg") {
		return nil
	}
	return fmt.Errorf("--store %s: a store is a file whose name ends in .gpkg, or a postgres:// URL", s.Store)
}

// server reports whether the store is a database and not a file.
func (s storeFlag) server() bool {
	return strings.HasPrefix(s.Store, "postgres://") || strings.HasPrefix(s.Store, "postgresql://")
}

// name is the store as it may be told: without the password of a database.
func (s storeFlag) name() string {
	if u, err := url.Parse(s.Store); err == nil && s.server() {
		return u.Redacted()
	}
	return s.Store
}

// exists reports whether the store is there; a database that is not says so when it
// is opened.
func (s storeFlag) exists() bool {
	if s.server() {
		return true
	}
	_, err := os.Stat(s.Store)
	return err == nil
}

func (s storeFlag) open(ctx context.Context, f func(store) error) (err error) {
	path := s.Store
	if s.rehearse && !s.exists() { // not even an empty file is made
		dir, err := os.MkdirTemp("", "gridbeat-dry-run-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "store.gpkg")
	}
	var st store
	if s.server() {
		st, err = postgis.OpenOptions(ctx, path, postgis.Options{Rehearse: s.rehearse, ReadStandby: s.readStandby})
	} else {
		st, err = gpkg.OpenOptions(ctx, path, gpkg.Options{Rehearse: s.rehearse})
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return f(st)
}

// ground loads all that grids are drawn from.
func ground(ctx context.Context, st store) (g district.Ground, err error) {
	if g.Districts, err = st.Districts(ctx); err != nil {
		return g, err
	}
	if g.Communities, err = st.Communities(ctx); err != nil {
		return g, err
	}
	if g.Streets, err = st.Streets(ctx); err != nil {
		return g, err
	}
	if g.Barriers, err = st.Barriers(ctx); err != nil {
		return g, err
	}
	if g.Compounds, err = st.Compounds(ctx); err != nil {
		return g, err
	}
	g.Buildings, err = st.Buildings(ctx)
	return g, err
}

// inForce returns the edition in force at that time; false when there is none.
func inForce(ctx context.Context, st store, at time.Time) (district.Edition, bool, error) {
	e, err := st.EditionAt(ctx, at)
	if errors.Is(err, geo.ErrNotFound) {
		return e, false, nil
	}
	return e, err == nil, err
}

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/patrol"
)

// stationAnswer is all that the page must know before it draws, and all that it
// must say about what it shows.
type stationAnswer struct {
	Name     string         `json:"name"`
	NameEn   string         `json:"name_en"`
	TimeZone string         `json:"time_zone"`
	Bounds   boundsAnswer   `json:"bounds"`
	Extent   *[4]float64    `json:"extent"` // west, south, east, north; null when nothing is mapped
	Map      mapAnswer      `json:"map"`
	Homes    homesAnswer    `json:"homes"`
	Demo     bool           `json:"demo"`
	DemoSeed uint64         `json:"demo_seed"`
	Counts   map[string]int `json:"counts"`
	Edition  *editionAnswer `json:"edition"` // in force; null when none
	Plan     *planAnswer    `json:"plan"`    // newest; null when none
	Tracks   *tracksAnswer  `json:"tracks"`  // null when there are no positions
	Sequence int64          `json:"sequence"`
	Changed  *time.Time     `json:"changed_at"` // of the newest change; null when nothing was ever written
	Now      time.Time      `json:"now"`
	Version  string         `json:"version"`
	AllRoles bool           `json:"all_roles"`
}

type boundsAnswer struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

type mapAnswer struct {
	Date        string `json:"date"`
	Attribution string `json:"attribution"`
}

type homesAnswer struct {
	Rule         string  `json:"rule"`
	GivenShare   float64 `json:"given_share"`
	DerivedShare float64 `json:"derived_share"`
	AssumedShare float64 `json:"assumed_share"`
}

type editionAnswer struct {
	Number     int        `json:"number"`
	ValidFrom  time.Time  `json:"valid_from"`
	ValidTo    *time.Time `json:"valid_to"`
	Grids      int        `json:"grids"`
	Households int        `json:"households"`
}

type planAnswer struct {
	ID             string    `json:"id"`
	CreatedAt      time.Time `json:"created_at"`
	Edition        int       `json:"edition"`
	District       *string   `json:"district"`
	Profile        string    `json:"profile"`
	Units          []string  `json:"units"`
	Shifts         int       `json:"shifts"`
	ShiftSeconds   float64   `json:"shift_seconds"`
	Routes         int       `json:"routes"`
	Missed         int       `json:"missed"`
	StreetMetres   float64   `json:"street_metres"`
	RouteMetres    float64   `json:"route_metres"`
	LongestSeconds float64   `json:"longest_seconds"`
	BoundSeconds   float64   `json:"bound_seconds"` // 0 when no bound is known
	Seed           uint64    `json:"seed"`
	Note           string    `json:"note"`
}

type tracksAnswer struct {
	Fixes     int       `json:"fixes"`
	FirstAt   time.Time `json:"first_at"`
	LastAt    time.Time `json:"last_at"`
	Simulated bool      `json:"simulated"` // at least one fix is
}

// stationMemo keeps the answer until the store changes or another edition comes
// into force.
type stationMemo struct {
	mu       sync.Mutex
	sequence int64
	edition  int
	answer   *stationAnswer
}

// getStation answers what the territory is, what is held about it, and how good it is.
func (s *Server) getStation(c echo.Context) error {
	a, err := s.describe(c.Request().Context())
	if err != nil {
		return err
	}
	now := *a
	now.Now = s.now()
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, now)
}

// describe is the station's answer as of the newest change; it is shared, not to be changed.
func (s *Server) describe(ctx context.Context) (*stationAnswer, error) {
	newest, err := s.feed.newest(ctx)
	if err != nil {
		return nil, err
	}
	in, err := s.editions.inForce(ctx, newest.Sequence, s.now())
	if err != nil && !errors.Is(err, geo.ErrNotFound) {
		return nil, err
	}
	m := &s.station
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answer != nil && m.sequence == newest.Sequence && m.edition == in.Number {
		return m.answer, nil
	}
	a, err := s.readStation(ctx)
	if err != nil {
		return nil, err
	}
	if in.Number > 0 {
		a.Edition = &editionAnswer{in.Number, in.ValidFrom, in.ValidTo, in.Grids, in.Households}
		a.Counts["grids"] = in.Grids
	}
	a.Sequence, a.Version, a.AllRoles = newest.Sequence, s.version, s.open
	if !newest.At.IsZero() {
		a.Changed = &newest.At
	}
	m.answer, m.sequence, m.edition = a, newest.Sequence, in.Number
	return a, nil
}

func (s *Server) readStation(ctx context.Context) (*stationAnswer, error) {
	st, err := s.store.Station(ctx)
	if err != nil {
		return nil, fmt.Errorf("read station: %w", err)
	}
	a := &stationAnswer{Name: st.Name, NameEn: st.NameEn, TimeZone: st.TimeZone, Demo: st.Demo, DemoSeed: st.DemoSeed,
		Map:    mapAnswer{st.Map.Date, st.Map.Attribution},
		Homes:  homesAnswer{st.Homes.Rule, st.Homes.GivenShare, st.Homes.DerivedShare, st.Homes.AssumedShare},
		Counts: map[string]int{"grids": 0}}
	if a.TimeZone == "" {
		a.TimeZone = defaultZone
	}
	b := st.Bounds
	if b == (district.Bounds{}) {
		b = district.DefaultBounds
	}
	a.Bounds = boundsAnswer{b.Min, b.Max}
	if err := s.count(ctx, a); err != nil {
		return nil, err
	}
	p, err := s.store.NewestPlan(ctx)
	switch {
	case err == nil:
		a.Plan = describePlan(p)
	case !errors.Is(err, geo.ErrNotFound):
		return nil, fmt.Errorf("read newest plan: %w", err)
	}
	return a, nil
}

// count fills in how much there is of each collection, and where.
func (s *Server) count(ctx context.Context, a *stationAnswer) error {
	ds, err := s.store.Districts(ctx)
	if err != nil {
		return fmt.Errorf("count districts: %w", err)
	}
	streets, err := s.store.Streets(ctx)
	if err != nil {
		return fmt.Errorf("count streets: %w", err)
	}
	if extent := extentOf(ds, streets); !extent.IsEmpty() {
		a.Extent = &[4]float64{extent.Min[0], extent.Min[1], extent.Max[0], extent.Max[1]}
	}
	a.Counts["districts"], a.Counts["streets"] = len(ds), len(streets)
	positions, err := s.store.Positions(ctx, time.Time{}, time.Time{})
	if err != nil {
		return fmt.Errorf("count positions: %w", err)
	}
	a.Counts["positions"], a.Tracks = len(positions), describeTracks(positions)
	return errors.Join(
		counted(ctx, a, "communities", s.store.Communities),
		counted(ctx, a, "compounds", s.store.Compounds),
		counted(ctx, a, "buildings", s.store.Buildings),
		counted(ctx, a, "people", s.store.People),
		counted(ctx, a, "incidents", s.store.Incidents))
}

func counted[T any](ctx context.Context, a *stationAnswer, name string, read func(context.Context) ([]T, error)) error {
	rows, err := read(ctx)
	if err != nil {
		return fmt.Errorf("count %s: %w", name, err)
	}
	a.Counts[name] = len(rows)
	return nil
}

func describePlan(p patrol.Plan) *planAnswer {
	a := &planAnswer{ID: p.ID, CreatedAt: p.CreatedAt, Edition: p.Edition, District: code(p.District), Profile: p.Profile,
		Units: p.Units, Shifts: p.Shifts, ShiftSeconds: p.Shift.Seconds(), Routes: len(p.Routes), Missed: len(p.Missed),
		StreetMetres: p.StreetMetres, RouteMetres: p.RouteMetres, BoundSeconds: p.Bound.Seconds(), Seed: p.Seed, Note: p.Note}
	if a.Units == nil {
		a.Units = []string{}
	}
	for _, r := range p.Routes {
		a.LongestSeconds = max(a.LongestSeconds, r.Seconds)
	}
	return a
}

func describeTracks(ps []patrol.Position) *tracksAnswer {
	if len(ps) == 0 {
		return nil
	}
	a := &tracksAnswer{Fixes: len(ps), FirstAt: ps[0].At, LastAt: ps[0].At}
	for _, p := range ps {
		if p.At.Before(a.FirstAt) {
			a.FirstAt = p.At
		}
		if p.At.After(a.LastAt) {
			a.LastAt = p.At
		}
		a.Simulated = a.Simulated || p.Simulated
	}
	return a
}

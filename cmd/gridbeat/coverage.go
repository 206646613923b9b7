package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/patrol"
)

// Which tracks coverage is told from; real and simulated ones are never mixed.
const (
	autoTracks      = "auto" // real ones where there are any
	realTracks      = "real"
	simulatedTracks = "simulated"
)

// traced is the coverage of a store, up to date with its fixes.
type traced struct {
	patrol.Updated
	streets   []geo.Street
	profile   routing.Profile
	simulated bool // which tracks are told
}

// traceTracks finds what the store's tracks passed, as far as that is not known yet,
// and keeps the sum by street. The profile is that of the plan.
func traceTracks(ctx context.Context, con *console, st store, plan patrol.Plan, tracks string) (t traced, err error) {
	if t.profile, err = patrol.TrackProfile(plan); err != nil {
		return t, err
	}
	if t.streets, err = st.Streets(ctx); err != nil {
		return t, err
	}
	if len(t.streets) == 0 {
		return t, noStreets("the store")
	}
	posts, err1 := st.Posts(ctx)
	restrictions, err2 := st.Restrictions(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return t, err
	}
	tracer, err := patrol.NewTracer(t.streets, posts, restrictions, t.profile)
	if err != nil {
		return t, err
	}
	t.Updated, err = tracer.Update(ctx, st, con.now(), func(fixes int) { con.step("match tracks", fixes, 0) })
	if err != nil {
		return t, err
	}
	t.simulated = tracks == simulatedTracks || tracks == autoTracks && t.Real == 0 && t.Simulated > 0
	all := patrol.NewCoverage(t.streets)
	if _, err := patrol.ReadCoverage(ctx, st, all, nobody, time.Time{}, time.Time{}, t.Real == 0 && t.Simulated > 0); err != nil {
		return t, err
	}
	_, err = st.SaveCoverage(ctx, all.Summary(t.Real == 0), con.now())
	return t, err
}

// nobody keeps no coverage of single units.
func nobody(string) *patrol.Coverage { return nil }

// newestPlan returns the plan of that id, or the newest for "", or none.
func newestPlan(ctx context.Context, st store, id string) (patrol.Plan, error) {
	if id != "" {
		p, err := st.Plan(ctx, id)
		return p, named(err, "plan "+id)
	}
	p, err := st.NewestPlan(ctx)
	if errors.Is(err, geo.ErrNotFound) {
		return patrol.Plan{}, nil
	}
	return p, err
}

// patrolsCoverageCmd tells what was truly passed.
type patrolsCoverageCmd struct {
	storeFlag
	Plan   string `placeholder:"ID" help:"Compare with that plan; the newest by default."`
	Since  string `placeholder:"TIME" help:"Only visits from then on: 2026-01-31T08:00:00+08:00, or 2026-01-31 for its midnight at the station."`
	Until  string `placeholder:"TIME" help:"Only visits before then."`
	Tracks string `enum:"auto,real,simulated" default:"auto" help:"real or simulated tracks; by default the real ones where there are any. They are never mixed."`
}

// Run does the command.
func (p *patrolsCoverageCmd) Run(ctx context.Context, con *console) error {
	return p.use(ctx, func(st store) error {
		r, err := p.coverage(ctx, con, st)
		if err != nil {
			return err
		}
		return con.result(r, r.String())
	})
}

func (p *patrolsCoverageCmd) coverage(ctx context.Context, con *console, st store) (coverageResult, error) {
	station, err := st.Station(ctx)
	if err != nil {
		return coverageResult{}, err
	}
	zone, err := time.LoadLocation(withDefaults(station).TimeZone)
	if err != nil {
		return coverageResult{}, fmt.Errorf("the station's time zone: %w", err)
	}
	since, err1 := parseMoment("--since", p.Since, zone)
	until, err2 := parseMoment("--until", p.Until, zone)
	if err := errors.Join(err1, err2); err != nil {
		return coverageResult{}, err
	}
	if !until.IsZero() && !since.Before(until) {
		return coverageResult{}, fmt.Errorf("--until %s: give a time after --since", p.Until)
	}
	plan, err := newestPlan(ctx, st, p.Plan)
	if err != nil {
		return coverageResult{}, err
	}
	t, err := traceTracks(ctx, con, st, plan, p.Tracks)
	if err != nil {
		return coverageResult{}, err
	}
	zones, kind, err := coverageZones(ctx, con, st, t.streets)
	if err != nil {
		return coverageResult{}, err
	}
	all, byUnit := patrol.NewCoverage(t.streets), map[string]*patrol.Coverage{}
	unit := func(name string) *patrol.Coverage {
		if byUnit[name] == nil {
			byUnit[name] = patrol.NewCoverage(t.streets)
		}
		return byUnit[name]
	}
	if _, err := patrol.ReadCoverage(ctx, st, all, unit, since, until, t.simulated); err != nil {
		return coverageResult{}, err
	}
	r := newCoverageResult(t, since.In(zone), until.In(zone), zone)
	r.addZones(kind, all.Zones(zones))
	r.addNotVisited(all, zones)
	if len(plan.Routes) > 0 {
		r.addPlan(&plan, t.streets, byUnit)
	}
	return r, nil
}

// coverageZones are the grids in force, or the districts where there are none, or all
// of the map.
func coverageZones(ctx context.Context, con *console, st store, streets []geo.Street) (zones []patrol.Zone, kind string, err error) {
	e, found, err := inForce(ctx, st, con.now())
	if err != nil {
		return nil, "", err
	}
	if found {
		for _, g := range e.Grids {
			zones = append(zones, patrol.Zone{Code: g.Code, Outline: orb.MultiPolygon{g.Outline}})
		}
		return zones, "grid", nil
	}
	ds, err := st.Districts(ctx)
	for _, d := range ds {
		zones = append(zones, patrol.Zone{Code: d.Code, Outline: d.Outline})
	}
	if err != nil || len(zones) > 0 {
		return zones, "district", err
	}
	all := streets[0].Line.Bound()
	for _, s := range streets {
		all = all.Union(s.Line.Bound())
	}
	return []patrol.Zone{{Code: "all", Outline: orb.MultiPolygon{all.Pad(1e-6).ToPolygon()}}}, "map", nil
}

// parseMoment reads a time with its offset, or a day at the station; "" is zero.
func parseMoment(flag, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%s %s: give a time such as 2026-01-31T08:00:00+08:00, or a day such as 2026-01-31", flag, text)
}

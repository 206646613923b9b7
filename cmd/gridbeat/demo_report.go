package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gridbeat/data/demo"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// demoReport is the short account of the sample town.
type demoReport struct {
	Station    string         `json:"station"`
	MapDate    string         `json:"map_date"`
	Seed       uint64         `json:"seed"`
	StreetKM   float64        `json:"street_km"`
	Districts  int            `json:"districts"`
	Compounds  int            `json:"compounds"`
	Buildings  int            `json:"buildings"`
	Households map[string]int `json:"households"` // by source
	Grids      int            `json:"grids"`
	InGrids    int            `json:"households_in_grids"` // the others lie outside the districts
	InBounds   int            `json:"grids_in_bounds"`
	People     int            `json:"people"`
	Incidents  int            `json:"incidents"`
	Fixes      int            `json:"fixes"`
	CoveredKM  float64        `json:"covered_km"` // by the simulated tracks
	Plan       planResult     `json:"plan"`
}

func (r demoReport) String() string {
	homes := 0
	for _, n := range r.Households {
		homes += n
	}
	share := func(source geo.HouseholdSource) int {
		return (100*r.Households[string(source)] + homes/2) / max(1, homes)
	}
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s %s\n", name, fmt.Sprintf(format, args...))
	}
	row("town", "%s; OpenStreetMap of %s, %s", r.Station, r.MapDate, demo.Attribution)
	row("streets", "%.1f km, real", r.StreetKM)
	row("homes", "%d, estimated: %d %% derived from mapped levels, %d %% assumed; %d compounds, %d places counted", homes,
		share(geo.Derived), share(geo.Assumed), r.Compounds, r.Buildings)
	row("districts", "%d, cut for demonstration; nobody's real boundary", r.Districts)
	row("grids", "%d with %d homes, %d of them within %d to %d households", r.Grids, r.InGrids, r.InBounds, district.DefaultBounds.Min, district.DefaultBounds.Max)
	row("people", "%d, simulated (seed %d)", r.People, r.Seed)
	row("incidents", "%d, simulated", r.Incidents)
	row("tracks", "%d fixes of one shift, simulated; %.1f km of street truly passed: gridbeat patrols coverage", r.Fixes, r.CoveredKM)
	fmt.Fprintf(&b, "%-12s %s", "patrols", strings.ReplaceAll(r.Plan.String(), "\n", "\n"+strings.Repeat(" ", 13)))
	return b.String()
}

func reportDemo(ctx context.Context, con *console, st store) (demoReport, error) {
	station, err := st.Station(ctx)
	if err != nil {
		return demoReport{}, err
	}
	g, err := ground(ctx, st)
	if err != nil {
		return demoReport{}, err
	}
	r := demoReport{Station: station.Name, MapDate: station.Map.Date, Seed: station.DemoSeed, Districts: len(g.Districts),
		Compounds: len(g.Compounds), Buildings: len(g.Buildings), Households: map[string]int{}}
	for _, s := range g.Streets {
		r.StreetKM += float64(geo.Length(s.Line)) / 1000
	}
	for _, b := range g.Buildings {
		r.Households[string(b.Source)] += b.Households
	}
	e, _, err := inForce(ctx, st, con.now())
	if err != nil {
		return r, err
	}
	r.Grids = len(e.Grids)
	for _, g := range e.Grids {
		r.InGrids += g.Households
		if g.Households >= e.Bounds.Min && g.Households <= e.Bounds.Max {
			r.InBounds++
		}
	}
	people, err1 := st.People(ctx)
	incidents, err2 := st.Incidents(ctx)
	fixes, err3 := st.Positions(ctx, time.Time{}, time.Time{})
	p, err4 := st.NewestPlan(ctx)
	covered, err5 := st.Coverage(ctx)
	for _, c := range covered {
		r.CoveredKM += c.Covered / 1000
	}
	r.People, r.Incidents, r.Fixes, r.Plan = len(people), len(incidents), len(fixes), newPlanResult(&p)
	return r, errors.Join(err1, err2, err3, err4, err5)
}

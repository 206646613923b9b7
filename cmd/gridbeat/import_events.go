package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// importIncidentsCmd adds incidents, or updates those whose id is known.
type importIncidentsCmd struct {
	importFlags
}

// Run does the command. Each incident gets its grid by the edition in force, its
// number, and the person who answers for it.
func (i *importIncidentsCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "incidents", func(context.Context) (work, error) {
		all, findings, err := readRows(i.importFlags, ingest.ReadIncidents)
		if err != nil {
			return work{}, err
		}
		return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
			points := make([]orb.Point, len(all))
			for n := range all {
				points[n] = all[n].Point
			}
			if err := checkPlaces(ctx, con, st, i.Files[0], points, geo.Datum(i.Datum)); err != nil {
				return geo.Counts{}, err
			}
			if err := fileIncidents(ctx, con, st, all); err != nil {
				return geo.Counts{}, err
			}
			return st.LoadIncidents(ctx, all, con.now(), func(done, total int) { con.step("save incidents", done, total) })
		}}, nil
	})
}

// fileIncidents gives each incident its grid, its number and its holder. Those
// that the store knows keep their number and go on from their state.
func fileIncidents(ctx context.Context, con *console, st store, all []dispatch.Incident) error {
	known, err := st.Incidents(ctx)
	if err != nil {
		return err
	}
	people, err := st.People(ctx)
	if err != nil {
		return err
	}
	station, err := st.Station(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(withDefaults(station).TimeZone)
	if err != nil {
		return fmt.Errorf("the station's time zone: %w", err)
	}
	e, found, err := inForce(ctx, st, con.now())
	if err != nil {
		return err
	}
	if !found {
		con.say("no edition is in force: the incidents get no grid yet")
	}
	desk, err := newDesk(e.Grids, people, known, zone)
	if err != nil {
		return err
	}
	for n := range all {
		desk.file(&all[n])
	}
	return nil
}

// importTracksCmd adds positions of patrol units.
type importTracksCmd struct {
	importFlags
}

// Run does the command.
func (i *importTracksCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "tracks", func(context.Context) (work, error) {
		all, findings, err := readRows(i.importFlags, ingest.ReadPositions)
		if err != nil {
			return work{}, err
		}
		return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
			points := make([]orb.Point, len(all))
			for n := range all {
				points[n] = all[n].Point
			}
			if err := checkPlaces(ctx, con, st, i.Files[0], points, geo.Datum(i.Datum)); err != nil {
				return geo.Counts{}, err
			}
			counts, err := st.LoadPositions(ctx, []patrol.Position(all), con.now(), func(done, total int) { con.step("save positions", done, total) })
			if err != nil || i.DryRun {
				return counts, err
			}
			return counts, tellCoverage(ctx, con, st)
		}}, nil
	})
}

// tellCoverage finds what the new tracks passed, where the store has streets.
func tellCoverage(ctx context.Context, con *console, st store) error {
	streets, err := st.Streets(ctx)
	if err != nil || len(streets) == 0 {
		if err == nil {
			con.say("there are no streets yet: import them, then see gridbeat patrols coverage")
		}
		return err
	}
	p, err := newestPlan(ctx, st, "")
	if err != nil {
		return err
	}
	t, err := traceTracks(ctx, con, st, p, autoTracks)
	if err == nil {
		con.say("coverage: %d trips, %d found anew; see gridbeat patrols coverage", t.Trips, t.Found)
	}
	return err
}

// importPeopleCmd adds staff and volunteers, or updates those whose id is known.
type importPeopleCmd struct {
	importFlags
}

// Run does the command.
func (i *importPeopleCmd) Run(ctx context.Context, con *console) error {
	return i.do(ctx, con, "people", func(context.Context) (work, error) {
		all, findings, err := readRows(i.importFlags, func(name string, r io.Reader, _ geo.Datum) ([]dispatch.Person, []geo.Finding, error) {
			return ingest.ReadPeople(name, r)
		})
		if err != nil {
			return work{}, err
		}
		return work{findings, func(ctx context.Context, st store) (geo.Counts, error) {
			return st.SavePeople(ctx, all, con.now())
		}}, nil
	})
}

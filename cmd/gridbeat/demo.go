package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/demo"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

const (
	demoIncidents = 200
	demoProfile   = "foot"
	demoShift     = 4 * time.Hour
)

// demoCmd makes the sample town, once, and serves its map.
type demoCmd struct {
	listenFlag
	Store   string `default:"gridbeat-demo.gpkg" env:"GRIDBEAT_STORE" placeholder:"FILE.gpkg" help:"Where the sample town is kept; made when it is not there."`
	NoServe bool   `help:"Make the store and end."`
	Seed    uint64 `default:"1" help:"Seed of the grids, the plan and the simulation."`
}

// Run does the command.
func (d *demoCmd) Run(ctx context.Context, con *console) error {
	var l net.Listener
	if !d.NoServe { // a port that is taken is told before the work, not after it
		var err error
		if l, err = d.listener(ctx); err != nil {
			return err
		}
		defer l.Close()
	}
	s := storeFlag{Store: d.Store}
	if err := s.known(); err != nil {
		return err
	}
	if s.server() {
		return errors.New("the sample town is kept in a file: give --store FILE.gpkg")
	}
	if !s.exists() {
		if err := d.build(ctx, con, s); err != nil {
			return err
		}
	}
	return s.use(ctx, func(st store) error {
		station, err := st.Station(ctx)
		if err != nil {
			return err
		}
		if !station.Demo {
			return fmt.Errorf("%s holds another station, not the sample town; serve it with gridbeat serve, or give another --store", d.Store)
		}
		if station.DemoSeed != d.Seed {
			con.say("%s was made with seed %d and stays so; another --store takes another seed", d.Store, station.DemoSeed)
		}
		r, err := reportDemo(ctx, con, st)
		if err != nil {
			return err
		}
		if err := con.result(r, r.String()); err != nil || d.NoServe {
			return err
		}
		return working(ctx, newRunner(con, st, 1), func() error { return serve(ctx, con, st, l) })
	})
}

// build makes the store beside its place and moves it there when it is complete,
// so that a demo which was stopped half way leaves nothing.
func (d *demoCmd) build(ctx context.Context, con *console, s storeFlag) error {
	con.say("making the sample town in %s; the next start takes it as it is", s.Store)
	start := time.Now()
	err := beside(s.Store, func(path string) error {
		return storeFlag{Store: path}.make(ctx, func(st store) error {
			return (&town{demoCmd: d, con: con, st: st}).build(ctx, filepath.Dir(path))
		})
	})
	if err != nil {
		return fmt.Errorf("make the sample town: %w", err)
	}
	con.say("made in %.1f s", time.Since(start).Seconds())
	return nil
}

// town is a sample town that is being built.
type town struct {
	*demoCmd
	con    *console
	st     store
	m      *geo.StreetMap
	ground district.Ground
}

// build takes the steps that a station takes with its own data, in their order.
func (t *town) build(ctx context.Context, dir string) error {
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return t.streets(ctx, dir) },
		t.homes, t.districts, t.grids, t.incidents, t.patrols,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (t *town) streets(ctx context.Context, dir string) error {
	path, err := demo.WriteMap(dir)
	if err != nil {
		return err
	}
	if t.m, err = readMap(ctx, t.con, path); err != nil {
		return err
	}
	if err := t.st.SaveStation(ctx, demo.Station(t.Seed)); err != nil {
		return err
	}
	_, err = t.st.SaveStreets(ctx, t.m, t.con.now())
	t.ground.Streets, t.ground.Barriers = t.m.Streets, t.m.Barriers
	return err
}

func (t *town) homes(ctx context.Context) error {
	t.con.step("estimate homes", 0, 0)
	rule := district.DefaultHouseholdRule()
	s, err := district.Settle(ctx, t.m, rule)
	if err != nil {
		return err
	}
	t.ground.Compounds, t.ground.Buildings = s.Compounds, s.Buildings
	if _, err := t.st.SaveCompounds(ctx, s.Compounds, t.con.now()); err != nil {
		return err
	}
	_, err = saveBuildings(ctx, t.con, t.st, s.Buildings, rule)
	return err
}

func (t *town) districts(ctx context.Context) error {
	t.con.step("cut demonstration districts", 0, 0)
	ds, err := district.CutDistricts(ctx, t.ground, demo.Bounds, district.CutOptions{Count: demo.Districts, Seed: t.Seed, Bounds: district.DefaultBounds})
	if err != nil {
		return err
	}
	_, err = t.st.SaveDistricts(ctx, ds, t.con.now())
	return err
}

func (t *town) grids(ctx context.Context) error {
	r, err := drawDraft(ctx, t.con, t.st, t.st, district.DrawOptions{Bounds: district.DefaultBounds, Seed: t.Seed, TimeLimit: demoDrawTime}, newID("draft", t.con.now()))
	if err != nil {
		return err
	}
	_, err = t.st.Publish(ctx, r.Draft, t.con.now(), t.con.now())
	return err
}

// demoDrawTime is the time that grids may take; the search ends by itself before.
const demoDrawTime = 60 * time.Second

func (t *town) incidents(ctx context.Context) error {
	t.con.step("simulate people and incidents", 0, 0)
	e, err := t.st.EditionAt(ctx, t.con.now())
	if err != nil {
		return err
	}
	locator, err := district.NewLocator(e.Grids)
	if err != nil {
		return err
	}
	people := demo.People(e.Grids, t.Seed)
	if _, err := t.st.SavePeople(ctx, people, t.con.now()); err != nil {
		return err
	}
	zone, err := time.LoadLocation(demo.Station(t.Seed).TimeZone)
	if err != nil {
		return err
	}
	incidents := demo.Incidents(demo.Town{
		Streets: t.ground.Streets, Buildings: t.ground.Buildings, Bounds: demo.Bounds, People: people, Zone: zone,
		Locate: func(p orb.Point) district.Location { return locator.Locate(p, nearestLimit) },
	}, demoIncidents, t.Seed, t.con.now())
	_, err = t.st.SaveIncidents(ctx, incidents, t.con.now())
	return err
}

func (t *town) patrols(ctx context.Context) error {
	p, err := planPatrols(ctx, t.con, t.st, planRequest{
		units: demo.Units, depots: []orb.Point{demo.Depot(t.ground.Streets)}, profile: demoProfile,
		shift: demoShift, timeLimit: defaultPlanTime, seed: t.Seed,
	})
	if err != nil {
		return err
	}
	t.con.step("simulate one shift of tracks", 0, 0)
	if _, err = t.st.SavePositions(ctx, demo.Tracks(*p, t.Seed, t.con.now()), t.con.now()); err != nil {
		return err
	}
	_, err = traceTracks(ctx, t.con, t.st, *p, autoTracks)
	return err
}

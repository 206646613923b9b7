package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing"
	"gridbeat/routing/patrol"
)

// planRequest says which plan is wanted.
type planRequest struct {
	units       []string
	depots      []orb.Point
	profile     string
	shift       time.Duration
	timeLimit   time.Duration
	seed        uint64
	grids       []string // codes; with them the district is empty
	bothSides   bool
	variants    int     // plans to make at most, 1 unless more
	offer       int     // plans between the shortest longest route and the least total, 0 for no offer
	within      float64 // share that others may be longer than the best
	checkpoints []patrol.Checkpoint
	closed      []string // ids of streets
	services    []patrol.Service
	inherited   patrol.Asked   // of the previous plan, where the request does not say
	starts      *time.Duration // when the shift begins after midnight, nil where that is not told
	previous    *patrol.Plan   // to begin with, nil for none
	first       *time.Duration // is told when the first plan was there, nil when nobody asks
	district    string         // code, "" for the whole territory

	last func(plans []*patrol.Plan) store // where the best plan is saved, after all others; nil: with them
}

// planVariants plans on the network of the store around the area and saves the plans;
// the best one is the first, and the newest in the store.
func planVariants(ctx context.Context, con *console, st store, r planRequest) ([]*patrol.Plan, error) {
	begun := time.Now()
	profile, err := routing.ParseProfile(r.profile)
	if err != nil {
		return nil, err
	}
	now := con.now()
	e, _, err := inForce(ctx, st, now)
	if err != nil {
		return nil, err
	}
	area, err := areaOf(e, r.grids)
	if len(r.grids) == 0 {
		area, err = loadArea(ctx, st, r.district)
	}
	if err != nil {
		return nil, err
	}
	streets, err := st.Streets(ctx)
	if err != nil {
		return nil, err
	}
	if err := knownStreets("closed streets", r.closed, streets); err != nil {
		return nil, err
	}
	if err := knownStreets("service levels", servedStreets(r.services), streets); err != nil {
		return nil, err
	}
	r.inherit(streets)
	network, err := loadNetwork(ctx, st, streets, profile, surroundings(area, r.depots))
	if err != nil {
		return nil, err
	}
	in := patrol.Input{Network: network, Area: area, Units: r.units, Depots: r.depots, Shift: r.shift, BothSides: r.bothSides, Checkpoints: r.checkpoints, Closed: r.closed, Services: r.services, Previous: r.previous}
	// What has been spent on reading the map is not left for the search.
	limit := max(r.timeLimit/2, r.timeLimit-time.Since(begun))
	o := patrol.Options{Seed: r.seed, TimeLimit: limit, Now: now, ID: newID("plan", now),
		OnProgress: func(stage string, done, total int) { con.step("patrols: "+stage, done, total) },
		OnBest: func(longest, sum time.Duration) {
			if r.first != nil && *r.first == 0 {
				*r.first = time.Since(begun)
			}
			con.say("after %.2f s: a plan whose longest route takes %s, all %s", time.Since(begun).Seconds(), hours(longest.Seconds()), hours(sum.Seconds()))
		}}
	var plans []*patrol.Plan
	if r.offer > 0 {
		plans, err = patrol.Offer(ctx, in, o, r.offer)
	} else {
		plans, err = patrol.Variants(ctx, in, o, max(1, r.variants), r.within)
	}
	if err != nil {
		return nil, err
	}
	for i, plan := range slices.Backward(plans) {
		plan.Edition, plan.District, plan.Asked.Starts = e.Number, r.district, r.starts
		if i == 0 && r.last != nil {
			st = r.last(plans)
		}
		if err := st.SavePlan(ctx, *plan, now); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// inherit takes from the previous plan what it was asked for of streets that are still
// there. A unit that is not out any more has its streets done by any.
func (r *planRequest) inherit(streets []geo.Street) {
	there := map[string]bool{}
	for _, s := range streets {
		there[s.ID] = true
	}
	for _, id := range r.inherited.Closed {
		if there[id] {
			r.closed = append(r.closed, id)
		}
	}
	for _, s := range r.inherited.Services {
		if !slices.Contains(r.units, s.Unit) {
			s.Unit = ""
		}
		if there[s.Street] {
			r.services = append(r.services, s)
		}
	}
}

// planPatrols is planVariants for one plan.
func planPatrols(ctx context.Context, con *console, st store, r planRequest) (*patrol.Plan, error) {
	plans, err := planVariants(ctx, con, st, r)
	if err != nil {
		return nil, err
	}
	return plans[0], nil
}

// areaOf are the outlines of grids of an edition.
func areaOf(e district.Edition, codes []string) (area orb.MultiPolygon, err error) {
	for _, code := range codes {
		i := slices.IndexFunc(e.Grids, func(g district.Grid) bool { return g.Code == code })
		if i < 0 {
			return nil, fmt.Errorf("--grid %s: the edition in force has no such grid; gridbeat export grids lists its %d", code, len(e.Grids))
		}
		area = append(area, e.Grids[i].Outline)
	}
	return area, nil
}

// newID is an id that tells when the thing was made.
func newID(kind string, now time.Time) string {
	return kind + "-" + now.UTC().Format("20060102-150405.000")
}

// surroundings is the box in which routes through the area may lie: 5 km beyond the
// area and the depots.
func surroundings(area orb.MultiPolygon, depots []orb.Point) orb.Bound {
	const beyond = 5000
	box := area.Bound()
	for _, d := range depots {
		box = box.Extend(d)
	}
	kx, ky := geo.NewPlane(box.Center()).Scale()
	return orb.Bound{Min: orb.Point{box.Min[0] - beyond/kx, box.Min[1] - beyond/ky},
		Max: orb.Point{box.Max[0] + beyond/kx, box.Max[1] + beyond/ky}}
}

// loadNetwork makes the network of those of the store's streets that reach into the box.
func loadNetwork(ctx context.Context, st store, streets []geo.Street, profile routing.Profile, box orb.Bound) (*routing.Network, error) {
	if len(streets) == 0 {
		return nil, noStreets("the store")
	}
	streets = slices.DeleteFunc(slices.Clone(streets), func(s geo.Street) bool { return !s.Line.Bound().Intersects(box) })
	posts, err := st.Posts(ctx)
	if err != nil {
		return nil, err
	}
	restrictions, err := st.Restrictions(ctx)
	if err != nil {
		return nil, err
	}
	return routing.NewNetwork(streets, posts, restrictions, profile)
}

// loadArea returns the outlines of one district, or of all.
func loadArea(ctx context.Context, st store, code string) (orb.MultiPolygon, error) {
	ds, err := st.Districts(ctx)
	if err != nil {
		return nil, err
	}
	var area orb.MultiPolygon
	for _, d := range ds {
		if code == "" || d.Code == code {
			area = append(area, d.Outline...)
		}
	}
	if len(area) == 0 {
		return nil, fmt.Errorf("there is no district %q to patrol; the store holds %d districts", code, len(ds))
	}
	return area, nil
}

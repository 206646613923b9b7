package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// seenWithin is how far back a unit is looked for; who has not been seen since has no
// place.
const seenWithin = 10 * time.Minute

// duty is a unit that is out, and where it was seen last.
type duty struct {
	patrol.Unit
	profile routing.Profile
	seen    patrol.Position // zero when it was not
	ends    time.Time       // of its shift, zero when not known
	busy    bool
}

// onDuty lists the units that are out now, by id, and counts those that have no shift
// while others have. Units that only their positions tell of move by the profile given.
func (s *Server) onDuty(ctx context.Context, now time.Time, but string, profile routing.Profile) (out []duty, off int, err error) {
	known, err := s.store.Units(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read units: %w", err)
	}
	shifts, err := s.store.Shifts(ctx, now, now.Add(time.Millisecond))
	if err != nil {
		return nil, 0, fmt.Errorf("read shifts: %w", err)
	}
	shifts = slices.DeleteFunc(shifts, func(v patrol.Shift) bool { return v.Cancelled })
	fixes, err := s.store.Positions(ctx, now.Add(-seenWithin), now.Add(time.Millisecond))
	if err != nil {
		return nil, 0, fmt.Errorf("read positions: %w", err)
	}
	units, last := lastSeen(known, fixes)
	occupied, err := s.occupied(ctx, but, shifts)
	if err != nil {
		return nil, 0, err
	}
	for _, u := range units {
		d := duty{Unit: u, profile: profile, seen: last[u.ID], busy: occupied[u.ID]}
		if slices.Contains(routing.Profiles, routing.Profile(u.Profile)) {
			d.profile = routing.Profile(u.Profile)
		}
		for _, v := range shifts {
			if v.Unit == u.ID && v.Ends.After(d.ends) {
				d.ends = v.Ends
			}
		}
		switch {
		case u.Retired:
		case d.ends.IsZero() && len(shifts) > 0:
			off++
		default:
			out = append(out, d)
		}
	}
	return out, off, nil
}

// lastSeen is the last fix of each unit, a real one rather than a simulated one, and the
// units by id with those that fixes alone tell of.
func lastSeen(units []patrol.Unit, fixes []patrol.Position) ([]patrol.Unit, map[string]patrol.Position) {
	known := map[string]bool{}
	for _, u := range units {
		known[u.ID] = true
	}
	last := map[string]patrol.Position{}
	for _, p := range fixes { // by time
		if before, ok := last[p.Unit]; !ok || before.Simulated || !p.Simulated {
			last[p.Unit] = p
		}
	}
	for id, p := range last {
		if !known[id] {
			units = append(units, patrol.Unit{ID: id, Name: id, Simulated: p.Simulated})
		}
	}
	slices.SortFunc(units, func(a, b patrol.Unit) int { return strings.Compare(a.ID, b.ID) })
	return units, last
}

// atWork are the states in which whoever is responsible for an incident is busy with it.
var atWork = []string{dispatch.Dispatched, dispatch.Answered, dispatch.OnSite}

// occupied tells the units of whose people on this shift somebody is at work on an
// incident other than the one that is asked about.
func (s *Server) occupied(ctx context.Context, but string, shifts []patrol.Shift) (map[string]bool, error) {
	units := map[string]bool{}
	if !slices.ContainsFunc(shifts, func(v patrol.Shift) bool { return len(v.People) > 0 }) {
		return units, nil
	}
	people, err := s.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	name := map[string]string{}
	for _, p := range people {
		name[p.ID] = p.Name
	}
	busy := map[string]bool{}
	for _, state := range atWork {
		found, err := s.store.FindIncidents(ctx, dispatch.Query{State: state, Limit: pageMost})
		if err != nil {
			return nil, fmt.Errorf("find incidents: %w", err)
		}
		for _, i := range found {
			if i.ID != but && i.Responsible != "" {
				busy[i.Responsible] = true
			}
		}
	}
	for _, v := range shifts {
		for _, id := range v.People {
			units[v.Unit] = units[v.Unit] || busy[name[id]]
		}
	}
	return units, nil
}

// paces are metres a second that a unit may move unseen.
var paces = map[routing.Profile]float64{routing.Foot: 1.4, routing.Bicycle: 4, routing.Ebike: 5.5, routing.Car: 12}

// nearby is what a place looks like from the units: on the network of each profile.
type nearby struct {
	times map[routing.Profile]*routing.Times
	call  map[routing.Profile]routing.Spot
	units []dispatch.Unit
	duty  []duty
}

// Arrivals implements dispatch.Arrivals: each unit on the network of its own profile.
// The place is told to each network by itself.
func (n *nearby) Arrivals(routing.Spot) []routing.Arrival {
	out := make([]routing.Arrival, len(n.units))
	for i := range out {
		out[i] = routing.Arrival{Along: routing.Never, Against: routing.Never}
	}
	for profile, times := range n.times {
		spots := n.spots(func(i int) bool { return n.duty[i].profile == profile })
		for i, a := range times.Once(spots).Arrivals(n.call[profile]) {
			if n.duty[i].profile == profile {
				out[i] = a
			}
		}
	}
	return out
}

// spots are the places of those units that are wanted; the others have none.
func (n *nearby) spots(wanted func(i int) bool) []routing.Spot {
	out := make([]routing.Spot, len(n.units))
	for i, u := range n.units {
		out[i] = routing.Spot{Edge: routing.None}
		if wanted(i) {
			out[i] = u.Spot
		}
	}
	return out
}

// snapWithin is how far from a street a unit or an incident may be.
const snapWithin geo.Metres = 500

// near places units and an incident on the streets.
func (s *Server) near(ctx context.Context, at dispatch.Incident, ds []duty) (*nearby, error) {
	standing, err := s.feed.standing(ctx)
	if err != nil {
		return nil, err
	}
	n := &nearby{times: map[routing.Profile]*routing.Times{}, call: map[routing.Profile]routing.Spot{}, duty: ds}
	for _, d := range ds {
		times := n.times[d.profile]
		if times == nil {
			t, err := s.roads.travel(ctx, standing, d.profile)
			if err != nil {
				return nil, err
			}
			times = t.Now()
			snap, ok := times.Network().Snap(at.Point, snapWithin)
			if !ok {
				return nil, geo.NewInputError("", geo.Finding{Rule: "far-from-streets", Feature: "/id",
					Detail: fmt.Sprintf("no street for %s lies within %.0f m of the incident", d.profile, float64(snapWithin)),
					Remedy: "ask for another profile, or send somebody by hand"})
			}
			n.times[d.profile], n.call[d.profile] = times, snap.Spot()
		}
		u := dispatch.Unit{ID: d.ID, Spot: routing.Spot{Edge: routing.None}, SeenAt: d.seen.At, Accuracy: geo.Metres(d.seen.Accuracy),
			Busy: d.busy, ShiftEnds: d.ends, Skills: d.Skills}
		if !d.seen.At.IsZero() {
			if snap, ok := times.Network().Snap(d.seen.Point, snapWithin); ok {
				u.Spot = snap.Spot()
			}
		}
		n.units = append(n.units, u)
	}
	return n, nil
}

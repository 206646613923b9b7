package main

import (
	"fmt"
	"strings"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// planResult is what a plan is told by.
type planResult struct {
	ID         string          `json:"plan"`
	Profile    string          `json:"profile"`
	Routes     int             `json:"routes"`
	Units      int             `json:"units"`
	Shifts     int             `json:"shifts"`
	StreetKM   float64         `json:"street_km"`
	RouteKM    float64         `json:"route_km"`
	Longest    float64         `json:"longest_seconds"`
	Shortest   float64         `json:"shortest_seconds"`
	BoundS     float64         `json:"bound_seconds"` // no plan for these units has a shorter longest route; 0 when unknown
	Missed     map[string]int  `json:"missed"`        // pieces of street by the kind of the reason
	MissedKM   float64         `json:"missed_km"`
	SearchNote string          `json:"note"`
	Variants   []variantResult `json:"variants,omitempty"` // the other plans
	Services   []serviceResult `json:"services,omitempty"`
	Renewed    *renewedResult  `json:"renewed,omitempty"`  // where it was made from an earlier plan
	First      float64         `json:"first_plan_seconds"` // from the start to the first plan that keeps every rule
}

// renewedResult is how many moves from street to street of an earlier plan are kept.
type renewedResult struct {
	Previous string `json:"previous_plan"`
	Moves    int    `json:"moves"` // those between streets that are still to cover
	Kept     int    `json:"moves_kept"`
}

// serviceResult is how a plan keeps a service level.
type serviceResult struct {
	Street string       `json:"street"`
	Asked  int          `json:"visits_asked"`
	Apart  float64      `json:"apart_minutes"`
	Unit   string       `json:"unit,omitempty"`
	Held   int          `json:"visits_held"` // as far apart as asked for
	Calls  []callResult `json:"calls"`
	Reason string       `json:"reason,omitempty"` // why it is not kept
}

type callResult struct {
	Unit    string  `json:"unit"`
	Shift   int     `json:"shift"`
	Seconds float64 `json:"seconds"` // after the shift's start
}

func newServiceResult(s patrol.Served) serviceResult {
	r := serviceResult{Street: s.Street, Asked: s.Service.Visits, Apart: s.Apart.Minutes(), Unit: s.Unit, Held: s.Held, Calls: []callResult{}, Reason: s.Reason}
	for _, c := range s.Calls {
		r.Calls = append(r.Calls, callResult{c.Unit, c.Shift, c.After.Seconds()})
	}
	return r
}

// String tells when the street is visited.
func (r serviceResult) String() string {
	var calls []string
	for _, c := range r.Calls {
		calls = append(calls, fmt.Sprintf("shift %d at %s by %s", c.Shift, hours(c.Seconds), c.Unit))
	}
	text := fmt.Sprintf("service level, street %s: %d of %d visits held", r.Street, min(r.Held, r.Asked), r.Asked)
	if len(calls) > 0 {
		text += " (" + strings.Join(calls, ", ") + ")"
	}
	if r.Reason != "" {
		text += "; " + r.Reason
	}
	return text
}

// variantResult is another plan for the same streets.
type variantResult struct {
	ID      string  `json:"plan"`
	RouteKM float64 `json:"route_km"`
	Longest float64 `json:"longest_seconds"`
}

func longestSeconds(p *patrol.Plan) (longest float64) {
	for _, r := range p.Routes {
		longest = max(longest, r.Seconds)
	}
	return longest
}

func newPlanResult(p *patrol.Plan) planResult {
	r := planResult{ID: p.ID, Profile: p.Profile, Routes: len(p.Routes), Units: len(p.Units), Shifts: p.Shifts,
		StreetKM: p.StreetMetres / 1000, RouteKM: p.RouteMetres / 1000, BoundS: p.Bound.Seconds(), Missed: map[string]int{}, SearchNote: p.Note}
	for i, route := range p.Routes {
		r.Longest = max(r.Longest, route.Seconds)
		if i == 0 || route.Seconds < r.Shortest {
			r.Shortest = route.Seconds
		}
	}
	for _, s := range p.Services {
		r.Services = append(r.Services, newServiceResult(s))
	}
	if x := p.Renewed; x != nil {
		r.Renewed = &renewedResult{x.Previous, x.Moves, x.Kept}
	}
	for _, m := range p.Missed {
		r.Missed[reasonKind(m.Reason)]++
		r.MissedKM += float64(geo.Length(m.Line)) / 1000
	}
	return r
}

// reasonKind is the kind at the head of a reason.
func reasonKind(reason string) string {
	for _, kind := range []string{"unreachable", "forbidden", "beyond shift"} {
		if strings.HasPrefix(reason, kind) {
			return kind
		}
	}
	return "other"
}

func (r planResult) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d routes (%s) of %d units in %d shift(s), from %s to %s\n", r.ID, r.Routes, r.Profile, r.Units, r.Shifts, hours(r.Shortest), hours(r.Longest))
	fmt.Fprintf(&b, "%.1f km of street, %.1f km of route", r.StreetKM, r.RouteKM)
	if r.StreetKM > 0 {
		fmt.Fprintf(&b, " (%.2f times)", r.RouteKM/r.StreetKM)
	}
	if r.BoundS > 0 {
		fmt.Fprintf(&b, "; no plan has a longest route below %s", hours(r.BoundS))
	}
	if r.First > 0 {
		fmt.Fprintf(&b, "\nfirst plan after %.2f s", r.First)
	}
	if r.SearchNote != "" {
		fmt.Fprintf(&b, "\n%s", r.SearchNote)
	}
	if x := r.Renewed; x != nil {
		fmt.Fprintf(&b, "\n%d of %d moves of %s from street to street are kept", x.Kept, x.Moves, x.Previous)
	}
	for _, v := range r.Variants {
		fmt.Fprintf(&b, "\nvariant %s: %.1f km, longest route %s", v.ID, v.RouteKM, hours(v.Longest))
	}
	for _, s := range r.Services {
		fmt.Fprintf(&b, "\n%s", s)
	}
	for _, kind := range []string{"unreachable", "forbidden", "beyond shift", "other"} {
		if n := r.Missed[kind]; n > 0 {
			fmt.Fprintf(&b, "\nmissed, %s: %d pieces", kind, n)
		}
	}
	if len(r.Missed) > 0 {
		fmt.Fprintf(&b, "\nmissed in all: %.2f km, listed with reasons by: gridbeat export missed", r.MissedKM)
	}
	return b.String()
}

// hours renders seconds as 3 h 05 min.
func hours(seconds float64) string {
	m := int(seconds/60 + 0.5)
	return fmt.Sprintf("%d h %02d min", m/60, m%60)
}

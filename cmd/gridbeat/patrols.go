package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing"
	"gridbeat/routing/patrol"
)

// defaultPlanTime is how long a search for routes takes.
const defaultPlanTime = 10 * time.Second

// patrolsPlanCmd plans routes that cover every street.
type patrolsPlanCmd struct {
	storeFlag
	Units      string        `placeholder:"N|NAME,..." help:"How many units, or their names; needed unless --from-plan is given."`
	FromPlan   string        `placeholder:"ID|newest" help:"Re-plan for the edition in force: units, depots, profile, shift and district of that plan, as far as they are not given, and its routes to begin with."`
	Profile    string        `enum:"foot,bicycle,ebike,car," default:"" help:"foot, bicycle, ebike or car; foot by default."`
	Depot      []string      `sep:"none" placeholder:"LON,LAT" help:"Where routes begin and end; may be given more than once; needed unless --from-plan is given."`
	Shift      time.Duration `help:"The longest time of a route; 4h by default."`
	TimeLimit  time.Duration `default:"10s" help:"Wall time of the search."`
	Seed       uint64        `default:"1" help:"Seed of all chance."`
	District   string        `placeholder:"CODE" xor:"area" help:"Only that district; the whole territory by default."`
	Grid       []string      `placeholder:"CODE" xor:"area" help:"Only these grids of the edition in force."`
	BothSides  bool          `help:"Drive every street in both directions, where both are allowed."`
	Variants   int           `default:"1" help:"How many plans to make, any two of which differ in at least half of their turns from street to street."`
	Checkpoint []string      `sep:"none" placeholder:"NAME@LON,LAT[,FROM-UNTIL[,STAY]]" help:"A place that one unit visits in every shift, at a time after the shift begins, such as School@113.53,22.27,1h-1h30m,5m; may be given more than once."`
	Within     float64       `default:"5" help:"How many per cent longer than the best the other variants may be."`
}

// Run does the command.
func (p *patrolsPlanCmd) Run(ctx context.Context, con *console) error {
	if p.TimeLimit <= 0 {
		return fmt.Errorf("--time-limit %v: give a time above zero, such as 10s", p.TimeLimit)
	}
	if p.FromPlan == "" && (p.Units == "" || len(p.Depot) == 0) {
		return fmt.Errorf("--units and --depot: say who goes out and from where, or give a plan by --from-plan")
	}
	ask, err := p.request()
	if err != nil {
		return err
	}
	return p.use(ctx, func(st store) error {
		var first time.Duration
		if err := ask.renew(ctx, st, p.FromPlan); err != nil {
			return err
		}
		ask.first = &first
		plans, err := planVariants(ctx, con, st, ask)
		if err != nil {
			return err
		}
		r := newPlanResult(plans[0])
		r.First = first.Seconds()
		for _, v := range plans[1:] {
			r.Variants = append(r.Variants, variantResult{v.ID, v.RouteMetres / 1000, longestSeconds(v)})
		}
		return con.result(r, r.String())
	})
}

// request reads the flags.
func (p *patrolsPlanCmd) request() (r planRequest, err error) {
	r = planRequest{profile: p.Profile, shift: p.Shift, timeLimit: p.TimeLimit, seed: p.Seed, district: p.District, grids: p.Grid,
		bothSides: p.BothSides, variants: p.Variants, within: p.Within / 100}
	if p.Units != "" {
		if r.units, err = parseUnits(p.Units); err != nil {
			return r, err
		}
	}
	for _, text := range p.Depot {
		d, err := parsePoint(text)
		if err != nil {
			return r, err
		}
		r.depots = append(r.depots, d)
	}
	for _, text := range p.Checkpoint {
		k, err := parseCheckpoint(text, cmp.Or(p.Shift, defaultShift))
		if err != nil {
			return r, err
		}
		r.checkpoints = append(r.checkpoints, k)
	}
	if p.Variants < 1 || p.Variants > 20 || !(p.Within >= 0 && p.Within <= 100) {
		return r, fmt.Errorf("--variants %d --within %g: from 1 to 20 variants, within 0 to 100 per cent", p.Variants, p.Within)
	}
	return r, nil
}

// renew takes from a plan what the request does not say, and the rest from the defaults.
func (r *planRequest) renew(ctx context.Context, st store, id string) error {
	if id != "" {
		if id == "newest" {
			id = ""
		}
		old, err := newestPlan(ctx, st, id)
		if err != nil {
			return err
		}
		if len(old.Routes) == 0 {
			return fmt.Errorf("--from-plan: there is no plan to begin with; plan with --units and --depot")
		}
		r.previous = &old
		if len(r.units) == 0 {
			r.units = old.Units
		}
		if len(r.depots) == 0 {
			r.depots = old.Depots
		}
		r.profile, r.shift = cmp.Or(r.profile, old.Profile), cmp.Or(r.shift, old.Shift)
		if len(r.grids) == 0 {
			r.district = cmp.Or(r.district, old.District)
		}
	}
	r.profile, r.shift = cmp.Or(r.profile, string(routing.Foot)), cmp.Or(r.shift, defaultShift)
	return nil
}

// defaultShift is the longest time of a route where none is given.
const defaultShift = 4 * time.Hour

// parseUnits reads a number of units, or their names.
func parseUnits(text string) ([]string, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		var names []string
		for _, name := range strings.Split(text, ",") {
			names = append(names, strings.TrimSpace(name))
		}
		return names, nil
	}
	if n < 1 || n > 500 {
		return nil, fmt.Errorf("--units %s: from 1 to 500 units", text)
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("unit %02d", i+1)
	}
	return names, nil
}

func parsePoint(text string) (orb.Point, error) {
	lon, lat, ok := strings.Cut(text, ",")
	x, err1 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p := orb.Point{x, y}
	if !ok || err1 != nil || err2 != nil || !geo.ValidPosition(p) {
		return p, fmt.Errorf("--depot %s: give longitude,latitude in degrees, such as 113.5337,22.2739", text)
	}
	return p, nil
}

// parseCheckpoint reads NAME@LON,LAT[,FROM-UNTIL[,STAY]]; without times the whole shift
// will do.
func parseCheckpoint(text string, shift time.Duration) (patrol.Checkpoint, error) {
	bad := fmt.Errorf("--checkpoint %s: give a name, a position and times after the shift's start, such as School@113.53,22.27,1h-1h30m,5m", text)
	name, rest, ok := strings.Cut(text, "@")
	parts := strings.Split(rest, ",")
	if !ok || len(parts) < 2 || len(parts) > 4 {
		return patrol.Checkpoint{}, bad
	}
	k := patrol.Checkpoint{Name: strings.TrimSpace(name), Until: shift}
	var err error
	if k.At, err = parsePoint(parts[0] + "," + parts[1]); err != nil {
		return k, bad
	}
	if len(parts) > 2 {
		from, until, ok := strings.Cut(parts[2], "-")
		var err1, err2 error
		k.From, err1 = time.ParseDuration(from)
		k.Until, err2 = time.ParseDuration(until)
		if !ok || err1 != nil || err2 != nil {
			return k, bad
		}
	}
	if len(parts) > 3 {
		if k.Stay, err = time.ParseDuration(parts[3]); err != nil {
			return k, bad
		}
	}
	return k, nil
}

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
	within      float64 // share that others may be longer than the best
	checkpoints []patrol.Checkpoint
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
	network, err := loadNetwork(ctx, st, profile, surroundings(area, r.depots))
	if err != nil {
		return nil, err
	}
	plans, err := patrol.Variants(ctx,
		patrol.Input{Network: network, Area: area, Units: r.units, Depots: r.depots, Shift: r.shift, BothSides: r.bothSides, Checkpoints: r.checkpoints, Previous: r.previous},
		patrol.Options{Seed: r.seed, TimeLimit: r.timeLimit, Now: now, ID: newID("plan", now),
			OnProgress: func(stage string, done, total int) { con.step("patrols: "+stage, done, total) },
			OnBest: func(longest, sum time.Duration) {
				if r.first != nil && *r.first == 0 {
					*r.first = time.Since(begun)
				}
				con.say("after %.2f s: a plan whose longest route takes %s, all %s", time.Since(begun).Seconds(), hours(longest.Seconds()), hours(sum.Seconds()))
			}}, max(1, r.variants), r.within)
	if err != nil {
		return nil, err
	}
	for i, plan := range slices.Backward(plans) {
		plan.Edition, plan.District = e.Number, r.district
		if i == 0 && r.last != nil {
			st = r.last(plans)
		}
		if err := st.SavePlan(ctx, *plan, now); err != nil {
			return nil, err
		}
	}
	return plans, nil
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

// loadNetwork makes the network of the streets that reach into the box.
func loadNetwork(ctx context.Context, st store, profile routing.Profile, box orb.Bound) (*routing.Network, error) {
	streets, err := st.Streets(ctx)
	if err != nil {
		return nil, err
	}
	if len(streets) == 0 {
		return nil, noStreets("the store")
	}
	streets = slices.DeleteFunc(streets, func(s geo.Street) bool { return !s.Line.Bound().Intersects(box) })
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
	First      float64         `json:"first_plan_seconds"` // from the start to the first plan that keeps every rule
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
	for _, v := range r.Variants {
		fmt.Fprintf(&b, "\nvariant %s: %.1f km, longest route %s", v.ID, v.RouteKM, hours(v.Longest))
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

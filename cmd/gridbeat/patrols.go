package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/patrol"
)

// defaultPlanTime is how long a search for routes takes.
const defaultPlanTime = 10 * time.Second

// patrolsPlanCmd plans routes that cover every street.
type patrolsPlanCmd struct {
	storeFlag
	Units      string        `placeholder:"N|NAME,..." help:"How many units, or their names; needed unless --from-plan is given."`
	FromPlan   string        `placeholder:"ID|newest" help:"Re-plan for the edition in force: units, depots, profile, shift, district, closed streets, service levels, checkpoints and start of that plan, as far as they are not given (none: without), and its routes to begin with."`
	Profile    string        `enum:"foot,bicycle,ebike,car," default:"" help:"foot, bicycle, ebike or car; foot by default."`
	Depot      []string      `sep:"none" placeholder:"LON,LAT" help:"Where routes begin and end; may be given more than once; needed unless --from-plan is given."`
	Shift      time.Duration `help:"The longest time of a route; 4h by default."`
	TimeLimit  time.Duration `default:"10s" help:"Wall time of the search."`
	Seed       uint64        `default:"1" help:"Seed of all chance."`
	District   string        `placeholder:"CODE" xor:"area" help:"Only that district; the whole territory by default."`
	Grid       []string      `placeholder:"CODE" xor:"area" help:"Only these grids of the edition in force."`
	BothSides  bool          `help:"Drive every street in both directions, where both are allowed."`
	Variants   int           `default:"1" help:"How many plans to make, any two of which differ in at least half of their turns from street to street."`
	Offer      int           `placeholder:"N" help:"Offer up to N plans instead of one, from the shortest longest route to the least total."`
	Checkpoint []string      `sep:"none" placeholder:"NAME@LON,LAT[,FROM-UNTIL[,STAY]]" help:"A place that one unit visits in every shift, at a time after the shift begins, such as School@113.53,22.27,1h-1h30m,5m; may be given more than once."`
	Start      string        `placeholder:"HH:MM" help:"When the shift begins, so that times of checkpoints may be times of day, such as School@113.53,22.27,09:00-09:30."`
	Closed     []string      `placeholder:"ID,...|FILE" help:"Streets that are neither covered nor passed, by their ids or as a CSV or GeoJSON file with a column id; what lies behind them is listed as missed."`
	Services   string        `name:"service-level" placeholder:"FILE" help:"CSV or JSON with columns id (a street), visits, apart_minutes and unit: streets that are visited more often than once, those in one shift so far apart, or always by the same unit."`
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
		ask.keepAsked(len(p.Closed) > 0, p.Services != "", len(p.Checkpoint) > 0)
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
		bothSides: p.BothSides, variants: p.Variants, offer: p.Offer, within: p.Within / 100}
	if p.Units != "" {
		if r.units, err = parseUnits(p.Units); err != nil {
			return r, err
		}
	}
	if !none(p.Closed) {
		if r.closed, err = streetIDs("--closed", p.Closed); err != nil {
			return r, err
		}
	}
	if p.Services != "none" {
		if r.services, err = serviceLevels(p.Services); err != nil {
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
	start, err := parseClock(p.Start)
	if err != nil {
		return r, fmt.Errorf("--start: %w", err)
	}
	r.starts = start.told()
	for _, text := range p.Checkpoint {
		if none(p.Checkpoint) {
			break
		}
		k, err := parseCheckpoint(text, cmp.Or(p.Shift, defaultShift), start)
		if err != nil {
			return r, err
		}
		r.checkpoints = append(r.checkpoints, k)
	}
	if p.Variants < 1 || p.Variants > 20 || !(p.Within >= 0 && p.Within <= 100) {
		return r, fmt.Errorf("--variants %d --within %g: from 1 to 20 variants, within 0 to 100 per cent", p.Variants, p.Within)
	}
	if p.Offer != 0 && (p.Offer < 2 || p.Offer > offerMost || p.Variants > 1) {
		return r, fmt.Errorf("--offer %d: give 2 to %d plans, without --variants", p.Offer, offerMost)
	}
	return r, nil
}

// none reports whether the values of a flag are the one word that says so.
func none(values []string) bool { return len(values) == 1 && values[0] == "none" }

// keepAsked takes what the previous plan was asked for where the request does not say.
func (r *planRequest) keepAsked(closed, services, checkpoints bool) {
	if r.previous == nil {
		return
	}
	old := r.previous.Asked
	r.bothSides = r.bothSides || old.BothSides
	if r.starts == nil {
		r.starts = old.Starts
	}
	if !checkpoints {
		r.checkpoints = old.Checkpoints
	}
	if !closed {
		r.inherited.Closed = old.Closed
	}
	if !services {
		r.inherited.Services = old.Services
	}
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
func parseCheckpoint(text string, shift time.Duration, start clockTime) (patrol.Checkpoint, error) {
	bad := fmt.Errorf("--checkpoint %s: give a name, a position and times after the shift's start, such as School@113.53,22.27,1h-1h30m,5m, or times of day with --start", text)
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
		k.From, err1 = start.after(from)
		k.Until, err2 = start.after(until)
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

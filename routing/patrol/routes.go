package patrol

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gridbeat/routing"
)

// plan turns the solver's routes into lines, steps and figures.
func (b *builder) plan(f *found) (*Plan, error) {
	p := &Plan{
		ID: b.o.ID, CreatedAt: b.o.Now, Profile: string(b.net.Profile()), Seed: b.o.Seed,
		Units: slices.Clone(b.in.Units), Depots: slices.Clone(b.in.Depots), Shift: b.in.Shift,
		Bound: time.Duration(f.bound) * time.Millisecond, Asked: b.in.asked(),
	}
	for _, s := range b.stretches {
		for _, e := range s.edges {
			p.StreetMetres += b.need[e]
		}
	}
	var tours []tour
	for _, i := range byLength(f.tours) {
		tours = append(tours, f.tours[i])
	}
	crews := crews(len(tours), len(b.in.Units))
	if err := f.costs.attend(tours, crews, b.o.Seed); err != nil {
		return nil, err
	}
	f.costs.sameUnits(tours, crews)
	seatOwners(tours, crews)
	b.begins = map[int][]begun{}
	drives, err := b.drives(f.costs, tours, crews)
	if err != nil {
		return nil, err
	}
	routes, driven, err := b.routes(f.costs, tours, drives, crews)
	if err != nil {
		return nil, err
	}
	for _, r := range routes {
		p.Shifts = max(p.Shifts, r.Shift)
		p.RouteMetres += r.Metres
	}
	p.Routes = routes
	slices.SortStableFunc(p.Routes, func(x, y Route) int { return x.Shift - y.Shift })
	p.Missed = slices.Clone(b.missed)
	for _, l := range b.left {
		if driven[l.edge] {
			p.StreetMetres += b.need[l.edge]
		} else {
			from, to := b.net.Span(l.edge)
			p.Missed = append(p.Missed, b.ground.lost(b.net.StreetIndex(l.edge), from, to, l.reason)...)
		}
	}
	p.Services = b.report(p.Missed)
	p.Renewed = b.renewed(p.Routes)
	p.Note = b.note(f, p) + servedNote(p.Services)
	return p, nil
}

// crew is who drives a route, and when.
type crew struct{ unit, shift int }

// byLength are the numbers of the routes that hold streets, the longest first, as crews
// share them out: routes of like length share a shift.
func byLength(tours []tour) (order []int) {
	for i, t := range tours {
		if len(t.modes) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return tours[j].cost - tours[i].cost })
	return order
}

// crews shares routes out over as few shifts as the units allow, as evenly as can be:
// the routes of a shift follow each other in the order given.
func crews(routes, units int) (out []crew) {
	shifts := (routes + units - 1) / units
	for s := range shifts {
		for u := range (routes + shifts - 1 - s) / shifts {
			out = append(out, crew{u, s + 1})
		}
	}
	return out
}

func (b *builder) note(f *found, p *Plan) string {
	if len(p.Routes) == 0 {
		return "No street of the area can be patrolled; the missed streets say why."
	}
	longest, _ := measure(f.tours)
	if len(b.checks) > 0 || len(b.in.Services) > 0 {
		for _, r := range p.Routes {
			longest = max(longest, int(math.Ceil(1000*r.Seconds)))
		}
	}
	if longest == f.bound {
		return fmt.Sprintf("Proved: no plan of %d routes has a shorter longest route (%s).", len(p.Routes), f.by)
	}
	gap := float64(longest)/float64(max(1, f.bound)) - 1
	return fmt.Sprintf("The longest route is at most %.1f %% above what any plan of %d routes needs (proved by: %s).",
		100*gap, len(p.Routes), f.by)
}

// path is the whole way of one route of the solver, arc by arc, with its checkpoints, and
// where in it each mode starts.
func (b *builder) path(finder *routing.Finder, c *costs, t tour) (path []routing.Arc, marks []mark, starts []int, err error) {
	home := b.depots[t.depot]
	at := routing.Stop{Arc: routing.None, Node: home}
	goOn := func(to routing.Stop) error {
		arcs, _, ok := finder.Path(at, to)
		if !ok {
			return fmt.Errorf("patrol plan: no way from %v to %v", at, to)
		}
		path = append(path, arcs...)
		if k := len(path); k > 0 {
			at = routing.Stop{Arc: path[k-1]}
		}
		return nil
	}
	visits := t.visits
	for i := 0; i <= len(t.modes); i++ {
		for ; len(visits) > 0 && visits[0].before == i; visits = visits[1:] {
			// Where the last arc ends one need not go on to be there.
			if k := len(path); k == 0 && b.checks[visits[0].check].node != home || k > 0 && b.net.Head(path[k-1]) != b.checks[visits[0].check].node {
				if err := goOn(routing.Stop{Arc: routing.None, Node: b.checks[visits[0].check].node}); err != nil {
					return nil, nil, nil, err
				}
			}
			marks = append(marks, mark{at: len(path), check: visits[0].check})
		}
		if i == len(t.modes) {
			break
		}
		arcs := c.modes[t.modes[i]].path
		if err := goOn(routing.Stop{Arc: arcs[0]}); err != nil {
			return nil, nil, nil, err
		}
		starts = append(starts, len(path))
		path = append(path, arcs...)
		at = routing.Stop{Arc: arcs[len(arcs)-1]}
	}
	if k := len(path); k > 0 && b.net.Head(path[k-1]) != home {
		err = goOn(routing.Stop{Arc: routing.None, Node: home})
	}
	return path, marks, starts, err
}

// drive is the way of a route, where in it its modes start, and its checkpoints and pauses.
type drive struct {
	path   []routing.Arc
	marks  []mark
	starts []int
	visits map[int]int // by place in it: which visit begins there, 0 where one ends
}

// drives are the ways of all routes. Where visits are to be apart and nothing else is to be
// in time, routes pause for them, by what the ways take on the road.
func (b *builder) drives(c *costs, tours []tour, crews []crew) ([]drive, error) {
	out, errs := make([]drive, len(tours)), make([]error, len(tours))
	threads := max(1, min(b.o.Threads, len(tours)))
	inParallel(threads, threads, func(k int) {
		finder := b.net.NewFinder()
		for i := k; i < len(tours); i += threads {
			d := &out[i]
			d.path, d.marks, d.starts, errs[i] = b.path(finder, c, tours[i])
		}
	})
	if err := errors.Join(errs...); err != nil || len(b.in.Services) == 0 {
		return out, err
	}
	x := clocks{begins: make([][]int, len(tours)), ends: make([]int, len(tours)), shifts: make([]int, len(tours))}
	for i := range out {
		d := &out[i]
		d.visits = map[int]int{}
		at := b.moments(d.path, nil, nil)
		for _, s := range d.starts {
			x.begins[i] = append(x.begins[i], at[s])
		}
		x.ends[i], _, _ = b.clock(d.path, nil)
		x.shifts[i] = crews[i].shift
	}
	if len(b.checks) == 0 {
		pauses, _ := c.pauses(tours, x, int(b.in.Shift.Milliseconds()))
		for i, all := range pauses {
			for _, p := range all {
				out[i].marks = append(out[i].marks, mark{at: out[i].starts[p.before], check: noCheck, pause: p.millis})
			}
		}
	}
	b.count(c, tours, x, out)
	return out, nil
}

// count numbers the visits of streets that have several, as they follow each other.
func (b *builder) count(c *costs, tours []tour, x clocks, out []drive) {
	type call struct{ shift, at, route, mode int }
	calls := map[int][]call{} // by stretch
	for i, t := range tours {
		for k, m := range t.modes {
			if s := b.stretches[c.modes[m].task]; s.visits > 1 {
				calls[s.base] = append(calls[s.base], call{x.shifts[i], x.begins[i][k], i, k})
			}
		}
	}
	for _, all := range calls {
		slices.SortFunc(all, func(p, q call) int { return cmp.Or(p.shift-q.shift, p.at-q.at, p.route-q.route, p.mode-q.mode) })
		for n, y := range all {
			d := out[y.route]
			from := d.starts[y.mode]
			if until := from + len(c.modes[tours[y.route].modes[y.mode]].path); d.visits[until] == 0 {
				d.visits[until] = 0
			}
			d.visits[from] = n + 1
		}
	}
}

// routes expands the routes of the solver, and tells which edges they drive.
func (b *builder) routes(c *costs, tours []tour, drives []drive, crews []crew) (out []Route, driven []bool, err error) {
	threads := b.o.Threads
	if len(b.in.Services) > 0 {
		threads = 1 // begins are noted on the way
	}
	out = make([]Route, len(tours))
	errs := make([]error, len(tours))
	inParallel(threads, len(tours), func(i int) {
		out[i], errs[i] = b.route(c, tours[i], drives[i], crews[i])
	})
	driven = make([]bool, b.net.Edges())
	for _, d := range drives {
		for _, a := range d.path {
			driven[b.net.Edge(a)] = true
		}
	}
	return out, driven, errors.Join(errs...)
}

// route expands one route of the solver.
func (b *builder) route(c *costs, t tour, d drive, w crew) (Route, error) {
	path, marks, starts := d.path, d.marks, d.starts
	end, stays, ok := b.clock(path, marks)
	if len(marks) > 0 && (!ok || end > int(b.in.Shift.Milliseconds())) {
		return Route{}, errLate
	}
	out := Route{Unit: b.in.Units[w.unit], Shift: w.shift, Depot: b.in.Depots[t.depot], Seconds: float64(end) / 1000}
	for _, a := range path {
		out.Metres += float64(b.net.Metres(b.net.Edge(a)))
		out.Line = b.net.ArcLine(a, out.Line)
	}
	out.Steps = b.steps(d, stays)
	if len(b.in.Services) > 0 {
		b.noteBegins(t, c, starts, b.moments(path, marks, stays), w)
	}
	return out, nil
}

package patrol

import (
	"fmt"
	"slices"
	"time"

	"gridbeat/routing"
	"gridbeat/routing/arc"
)

// plan turns the solver's routes into lines, steps and figures.
func (b *builder) plan(res found, shifts int) (*Plan, error) {
	p := &Plan{
		ID: b.o.ID, CreatedAt: b.o.Now, Profile: string(b.net.Profile()), Seed: b.o.Seed,
		Units: slices.Clone(b.in.Units), Depots: slices.Clone(b.in.Depots), Shift: b.in.Shift,
		Missed: b.missed, Bound: time.Duration(res.Bound) * time.Millisecond,
	}
	for _, s := range b.stretches {
		for _, e := range s.edges {
			p.StreetMetres += b.need[e]
		}
	}
	routes := slices.DeleteFunc(slices.Clone(res.Solution.Routes), func(r arc.Route) bool { return len(r.Modes) == 0 })
	// Routes of like length share a shift.
	slices.SortStableFunc(routes, func(x, y arc.Route) int { return y.Cost(res.problem) - x.Cost(res.problem) })
	finder := b.net.NewFinder()
	for i, r := range routes {
		route, err := b.route(finder, r)
		if err != nil {
			return nil, err
		}
		route.Unit, route.Shift = b.in.Units[i%len(b.in.Units)], 1+i/len(b.in.Units)
		p.Shifts = max(p.Shifts, route.Shift)
		p.RouteMetres += route.Metres
		p.Routes = append(p.Routes, route)
	}
	p.Note = b.note(res, p)
	return p, nil
}

func (b *builder) note(res found, p *Plan) string {
	if len(p.Routes) == 0 {
		return "No street of the area can be patrolled; the missed streets say why."
	}
	if res.Longest == res.Bound {
		return fmt.Sprintf("Proved: no plan of %d shifts has a shorter longest route (%s).", p.Shifts, res.BoundBy)
	}
	gap := float64(res.Longest)/float64(max(1, res.Bound)) - 1
	return fmt.Sprintf("Best of %d search steps; the longest route is at most %.1f %% above what any plan of %d shifts needs (proved by: %s).",
		res.Iterations, 100*gap, p.Shifts, res.BoundBy)
}

// route expands one route of the solver.
func (b *builder) route(finder *routing.Finder, r arc.Route) (Route, error) {
	home := b.depots[r.Depot]
	var path []routing.Arc
	at := routing.Stop{Arc: routing.None, Node: home}
	goOn := func(to routing.Stop) error {
		arcs, _, ok := finder.Path(at, to)
		if !ok {
			return fmt.Errorf("patrol plan: no way from %v to %v", at, to)
		}
		path = append(path, arcs...)
		return nil
	}
	for _, m := range r.Modes {
		arcs := b.modes[m]
		if err := goOn(routing.Stop{Arc: arcs[0]}); err != nil {
			return Route{}, err
		}
		path = append(path, arcs...)
		at = routing.Stop{Arc: arcs[len(arcs)-1]}
	}
	if err := goOn(routing.Stop{Arc: routing.None, Node: home}); err != nil {
		return Route{}, err
	}
	out := Route{Depot: b.in.Depots[r.Depot], Seconds: float64(millis(b.net, path)) / 1000}
	for _, a := range path {
		out.Metres += float64(b.net.Metres(b.net.Edge(a)))
		out.Line = b.net.ArcLine(a, out.Line)
	}
	out.Steps = steps(b.net, path)
	return out, nil
}

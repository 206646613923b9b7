package instance

import (
	"encoding/json"
	"fmt"
	"io"

	"gridbeat/routing/arc"
)

// Step is one passage: the street's place in the file, from 1, the nodes, and
// whether the passage serves it. A stop is street 0 from a node to itself.
type Step [4]int

// Tour is a route as steps from its depot and back.
type Tour struct {
	Cost  int    `json:"cost"`
	Steps []Step `json:"steps"`
}

// Answer is a solution in the terms of the file.
type Answer struct {
	Objective int    `json:"objective"`
	Bound     int    `json:"lower_bound"`
	BoundBy   string `json:"bound_by"`
	Routes    []Tour `json:"routes"`
}

// Answer spells out every passage of a result. Routes without a task are left out.
// An error means that solver and network disagree on a cost.
func (p *Plan) Answer(r arc.Result) (Answer, error) {
	a := Answer{Bound: r.Bound, BoundBy: r.BoundBy, Routes: []Tour{}}
	s := newSearch(p.net)
	for i, route := range r.Solution.Routes {
		if len(route.Modes) == 0 {
			continue
		}
		t, err := p.tour(s, route)
		if err != nil {
			return Answer{}, fmt.Errorf("route %d: %w", i+1, err)
		}
		if p.Problem.Spec().Objective == arc.Total {
			a.Objective += t.Cost
		} else {
			a.Objective = max(a.Objective, t.Cost)
		}
		a.Routes = append(a.Routes, t)
	}
	return a, nil
}

func (p *Plan) tour(s *search, r arc.Route) (Tour, error) {
	var t Tour
	at := p.depots[r.Depot]
	for i := range len(r.Modes) + 1 {
		next := p.depots[r.Depot]
		if i < len(r.Modes) {
			next = p.modes[r.Modes[i]]
		}
		s.from(at.after, next.before)
		state, cost := s.best(next.before)
		if state < 0 {
			return t, fmt.Errorf("there is no way to step %d", i)
		}
		for _, w := range s.path(at.after, state) {
			t.Steps = append(t.Steps, p.passage(w, 0))
		}
		t.Cost += int(cost)
		switch {
		case next.way >= 0:
			t.Steps = append(t.Steps, p.passage(next.way, 1))
			t.Cost += int(p.net.ways[next.way].cost)
		case i < len(r.Modes):
			t.Steps = append(t.Steps, Step{0, next.node, next.node, 1})
		}
		at = next
	}
	if want := r.Cost(p.Problem); t.Cost != want {
		return t, fmt.Errorf("it costs %d, the solver says %d", t.Cost, want)
	}
	return t, nil
}

func (p *Plan) passage(w, serves int) Step {
	x := p.net.ways[w]
	return Step{x.street + 1, x.from, x.to, serves}
}

// Write writes the answer as JSON, one route a line.
func (a Answer) Write(w io.Writer) error {
	by, err := json.Marshal(a.BoundBy)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "{\"objective\":%d,\"lower_bound\":%d,\"bound_by\":%s,\"routes\":[", a.Objective, a.Bound, by); err != nil {
		return err
	}
	for i, t := range a.Routes {
		line, err := json.Marshal(t)
		if err != nil {
			return err
		}
		comma := ","
		if i == len(a.Routes)-1 {
			comma = ""
		}
		if _, err := fmt.Fprintf(w, "\n%s%s", line, comma); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(w, "]}")
	return err
}

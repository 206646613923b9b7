package arc

import "fmt"

// Route is what one vehicle does: from its depot through the modes and back.
type Route struct {
	Depot int
	Modes []int
}

// Solution is a set of routes. The zero value serves nothing.
type Solution struct {
	Routes []Route
}

// Cost is the cost of one route by the problem's numbers.
func (r Route) Cost(p *Problem) int {
	at, sum := p.depot(r.Depot), 0
	for _, m := range r.Modes {
		sum += p.Distance(at, m) + int(p.spec.Modes[m].Cost)
		at = m
	}
	if len(r.Modes) == 0 {
		return 0
	}
	return sum + p.Distance(at, p.depot(r.Depot))
}

// Longest is the cost of the longest route, Sum of all.
func (s Solution) Longest(p *Problem) int {
	longest := 0
	for _, r := range s.Routes {
		longest = max(longest, r.Cost(p))
	}
	return longest
}

// Sum is the cost of all routes together.
func (s Solution) Sum(p *Problem) int {
	sum := 0
	for _, r := range s.Routes {
		sum += r.Cost(p)
	}
	return sum
}

// Check counts everything anew and returns an error that names the first breach:
// a task served never, twice, on another route than it is fixed to or too soon after
// another one, too many routes, a route over the capacity, the limit or a connection
// that does not exist.
func (s Solution) Check(p *Problem) error {
	if len(s.Routes) > p.spec.Vehicles {
		return fmt.Errorf("%d routes for %d vehicles", len(s.Routes), p.spec.Vehicles)
	}
	served := make([]bool, p.tasks)
	when := make([]int, p.tasks)
	for i, r := range s.Routes {
		if r.Depot < 0 || r.Depot >= len(p.spec.Depots) {
			return fmt.Errorf("route %d: no depot %d", i, r.Depot)
		}
		load := 0
		for _, m := range r.Modes {
			if m < 0 || m >= len(p.spec.Modes) {
				return fmt.Errorf("route %d: no mode %d", i, m)
			}
			t := p.spec.Modes[m].Task
			if served[t] {
				return fmt.Errorf("route %d: task %d is served twice", i, t)
			}
			if f := p.fixed(t); f >= 0 && f != i {
				return fmt.Errorf("route %d: task %d is fixed to route %d", i, t, f)
			}
			served[t] = true
			load += p.demand(t)
		}
		if p.excess(load) > 0 {
			return fmt.Errorf("route %d carries %d, more than %d", i, load, p.spec.Capacity)
		}
		if at := r.broken(p); at >= 0 {
			return fmt.Errorf("route %d cannot go on at step %d", i, at)
		}
		if c := r.Cost(p); p.spec.Limit > 0 && c > p.spec.Limit {
			return fmt.Errorf("route %d costs %d, more than %d", i, c, p.spec.Limit)
		}
		r.begins(p, when)
	}
	for t, ok := range served {
		if !ok {
			return fmt.Errorf("task %d is not served", t)
		}
	}
	for _, x := range p.spec.Apart {
		if d := when[x.A] - when[x.B]; max(d, -d) < x.Cost {
			return fmt.Errorf("tasks %d and %d are begun %d apart, less than %d", x.A, x.B, max(d, -d), x.Cost)
		}
	}
	return nil
}

// broken is the first step that no connection leads to, -1 when there is none.
func (r Route) broken(p *Problem) int {
	at := p.depot(r.Depot)
	for i, m := range r.Modes {
		if p.Distance(at, m) >= Never {
			return i
		}
		at = m
	}
	if p.Distance(at, p.depot(r.Depot)) >= Never {
		return len(r.Modes)
	}
	return -1
}

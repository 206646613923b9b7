package arc

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Never is the distance between modes that cannot follow one another.
const Never = math.MaxInt32 / 4

// Objective is what a plan should make small.
type Objective int

// The objectives.
const (
	// MinMax makes the longest route short, then the total.
	MinMax Objective = iota
	// Total makes the sum of all routes small.
	Total
)

// Mode is one way of doing a task: serving a street in one direction.
type Mode struct {
	Task       int32 // from 0; modes are ordered by task, and each task has at least one
	Cost       int32 // of the service
	Tail, Head int32 // where it begins and ends; for bounds and first plans only
	Start, End int32 // places of Spec.Ways where it begins and ends; not read without Ways
}

// Link is a connection of two places. Any movement between places runs over links
// and costs at least the link's cost, in either direction. Links, the required
// streets among them, are what lower bounds and first plans are made from.
type Link struct {
	A, B int32
	Cost int32
}

// Home says from where routes leave a depot and where they return to it, as places
// of Spec.Ways.
type Home struct{ Leave, Return int32 }

// Ways tells what it costs to go from place to place, where that is less to keep
// than a distance from each mode to each mode. Ways of package ways are one.
type Ways interface {
	// Costs writes what it costs to go from a place to each of the places to, Never
	// where there is no way. Several goroutines call it at a time.
	Costs(from int32, to, out []int32)
	// Rows does so from several places, a row of out for each.
	Rows(from, to []int32, out [][]int32)
	// Symmetric says that there and back cost the same everywhere.
	Symmetric() bool
}

// Spec states a problem. All costs are integers in one unit of the caller's choice.
type Spec struct {
	Modes  []Mode
	Depots []int32 // the place of each depot, at least one
	// Distance is the cost from the end of each mode to the start of each mode, row
	// by row, depots after the modes in rows and columns. Turns belong to it. No way
	// through other services may be cheaper.
	Distance  []int32
	Ways      Ways    // in place of Distance
	Homes     []Home  // of each depot; read with Ways only
	Vehicles  int     // routes at most
	Limit     int     // cost of a route at most, 0 for none
	Capacity  int     // demand that a route serves at most, 0 for none
	Demands   []int32 // of each task; read where there is a capacity
	Fixed     []int32 // of each task the route that has to serve it, -1 for any; nil for none
	Apart     []Apart // tasks that must not be served one soon after the other
	Stays     []Stay  // moves of an earlier plan, one at most from each task; not with Ways
	Leave     int     // what a search is charged for each of them that it leaves
	Objective Objective
	Links     []Link // may be empty; then bounds are weaker
	Arcs      []Arc  // Links with a cost for each direction; where given, bounds read them in place of Links
}

// Problem is a checked Spec; it never changes.
type Problem struct {
	spec  Spec
	tasks int
	width int     // modes of a task at most
	size  int     // modes and depots
	first []int32 // first mode of each task, one more at the end
	alone []int32 // cost of the cheapest route for each task only

	table      *table
	from, into []int32 // by mode and depot: the table's row and column

	follows []int32 // by mode: the one that Spec.Stays has after it, or free, or astray; nil for no stays

	relaxed *postman
}

// ErrImpossible says that no plan exists: some task cannot be reached and left
// again within the limit, or the demands are more than the vehicles hold.
var ErrImpossible = errors.New("no plan exists")

// NewProblem checks the spec: order of the modes, sizes, signs. A task that no
// depot can serve within the limit gives ErrImpossible.
func NewProblem(s Spec) (*Problem, error) {
	return Prepare(context.Background(), s, 1)
}

// Prepare is NewProblem on several threads, with the error of the context when that
// ends it. It takes long only where there are Ways: they are asked for a row of
// costs from each place.
func Prepare(ctx context.Context, s Spec, threads int) (*Problem, error) {
	p := &Problem{spec: s, size: len(s.Modes) + len(s.Depots), relaxed: &postman{}}
	if len(s.Depots) == 0 || s.Vehicles < 1 || s.Limit < 0 {
		return nil, fmt.Errorf("arc problem: %d depots, %d vehicles, limit %d", len(s.Depots), s.Vehicles, s.Limit)
	}
	for i, m := range s.Modes {
		switch {
		case m.Cost < 0:
			return nil, fmt.Errorf("arc problem: mode %d costs %d", i, m.Cost)
		case int(m.Task) == p.tasks:
			p.first = append(p.first, int32(i))
			p.tasks++
		case int(m.Task) != p.tasks-1:
			return nil, fmt.Errorf("arc problem: mode %d serves task %d after task %d", i, m.Task, p.tasks-1)
		}
	}
	p.first = append(p.first, int32(len(s.Modes)))
	for t := range p.tasks {
		p.width = max(p.width, int(p.first[t+1]-p.first[t]))
	}
	if err := p.tabulate(ctx, threads); err != nil {
		return nil, err
	}
	for t, alone := range p.alone {
		if alone >= Never || s.Limit > 0 && int(alone) > s.Limit {
			return nil, fmt.Errorf("arc problem: task %d alone takes %d: %w", t, alone, ErrImpossible)
		}
	}
	if err := p.checkApart(); err != nil {
		return nil, err
	}
	if err := p.checkStays(); err != nil {
		return nil, err
	}
	return p, p.checkDemands()
}

// checkDemands checks the demands against the capacity of one vehicle and of all.
func (p *Problem) checkDemands() error {
	s := p.spec
	if s.Capacity == 0 {
		return nil
	}
	if s.Capacity < 0 || len(s.Demands) != p.tasks {
		return fmt.Errorf("arc problem: capacity %d, %d demands for %d tasks", s.Capacity, len(s.Demands), p.tasks)
	}
	sum := 0
	for t, d := range s.Demands {
		if d < 0 {
			return fmt.Errorf("arc problem: task %d demands %d", t, d)
		}
		if int(d) > s.Capacity {
			return fmt.Errorf("arc problem: task %d demands %d of %d: %w", t, d, s.Capacity, ErrImpossible)
		}
		sum += int(d)
	}
	if (sum-1)/s.Capacity >= s.Vehicles {
		return fmt.Errorf("arc problem: demands of %d for %d vehicles that hold %d: %w", sum, s.Vehicles, s.Capacity, ErrImpossible)
	}
	return nil
}

// demand is what a task takes of the capacity, 0 where there is none.
func (p *Problem) demand(task int32) int {
	if p.spec.Capacity == 0 {
		return 0
	}
	return int(p.spec.Demands[task])
}

// excess is the part of a load that is above the capacity.
func (p *Problem) excess(load int) int {
	if p.spec.Capacity == 0 {
		return 0
	}
	return max(0, load-p.spec.Capacity)
}

// Tasks is the number of tasks.
func (p *Problem) Tasks() int { return p.tasks }

// Spec is what the problem was made from; it must not be changed.
func (p *Problem) Spec() Spec { return p.spec }

// With returns the problem with other vehicles and another limit. A task that is
// fixed to a route which there is no more is free.
func (p *Problem) With(vehicles, limit int) *Problem {
	q := *p
	q.spec.Vehicles, q.spec.Limit = vehicles, limit
	return &q
}

// For returns the problem with another objective and limit.
func (p *Problem) For(o Objective, limit int) *Problem {
	q := *p
	q.spec.Objective, q.spec.Limit = o, limit
	return &q
}

// Modes are the modes of a task: lo, lo+1, ... hi-1.
func (p *Problem) Modes(task int) (lo, hi int) { return int(p.first[task]), int(p.first[task+1]) }

// Distance is the cost from the end of mode i to the start of mode j.
func (p *Problem) Distance(i, j int) int { return int(p.table.cost(p.from[i], p.into[j])) }

// depot is the row and column of a depot.
func (p *Problem) depot(d int) int { return len(p.spec.Modes) + d }

// Alone is the cost of the cheapest route that serves the task only.
func (p *Problem) Alone(task int) int { return int(p.alone[task]) }

package instance

import (
	"context"
	"fmt"

	"gridbeat/routing/arc"
	"gridbeat/routing/arc/ways"
)

// Options state what a file leaves open.
type Options struct {
	Vehicles  int   // 0 for what the file tells, and one more where that is the least number
	Depots    []int // node numbers of the file; none for the file's depot
	Objective arc.Objective
	Threads   int // goroutines at most, at least 1
}

// Plan is an instance as a problem for the solver. A mode of the problem is a way
// of serving a street or a stop.
type Plan struct {
	Problem *arc.Problem

	in     *Instance
	net    *network
	modes  []mode
	depots []mode
	arcs   []ways.Arc // between places, see place
}

// mode is how a task is done in terms of the network. Depots look alike.
type mode struct {
	before []approach
	after  int
	way    int // that is driven, -1 for a stop and a depot
	node   int // of a stop
}

// Plan states the instance as a problem. A street that cannot be reached and left
// again gives arc.ErrImpossible, as do demands above what all vehicles hold. The
// context ends it with its own error.
func (in *Instance) Plan(ctx context.Context, file string, o Options) (*Plan, error) {
	if len(o.Depots) == 0 {
		o.Depots = []int{in.Depot}
	}
	for _, d := range o.Depots {
		if err := in.checkNode(file, 0, "depots", d); err != nil {
			return nil, err
		}
	}
	if o.Vehicles == 0 && in.Vehicles > 0 {
		o.Vehicles = in.Vehicles
		if in.Least {
			o.Vehicles++
		}
	}
	if o.Vehicles <= 0 {
		return nil, &InputError{file, 0, "vehicles", "the file tells no number of vehicles; give one"}
	}
	p := &Plan{in: in, net: newNetwork(in, o.Depots)}
	for i, state := range p.net.depots {
		p.depots = append(p.depots, mode{before: p.net.home(in, o.Depots[i], state), after: state, way: -1})
	}
	spec := arc.Spec{Vehicles: o.Vehicles, Objective: o.Objective, Capacity: in.Capacity}
	for _, d := range o.Depots {
		spec.Depots = append(spec.Depots, int32(d-in.First))
	}
	lines := p.tasks(&spec, o.Depots)
	for _, s := range in.Streets {
		cost := s.There
		if s.Back != Closed {
			cost = min(cost, s.Back)
		}
		spec.Links = append(spec.Links, arc.Link{A: int32(s.From - in.First), B: int32(s.To - in.First), Cost: cost})
		spec.Arcs = append(spec.Arcs, arc.Arc{From: int32(s.From - in.First), To: int32(s.To - in.First), Cost: s.There})
		if s.Back != Closed {
			spec.Arcs = append(spec.Arcs, arc.Arc{From: int32(s.To - in.First), To: int32(s.From - in.First), Cost: s.Back})
		}
	}
	net, err := ways.New(ctx, p.place(&spec), p.arcs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	spec.Ways = net
	if err := p.reachable(&spec, file, lines); err != nil {
		return nil, err
	}
	if p.Problem, err = arc.Prepare(ctx, spec, o.Threads); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// tasks lists what has to be done, streets first, and returns the line of each.
func (p *Plan) tasks(spec *arc.Spec, depots []int) (lines []int) {
	add := func(m mode, task int, cost int32, tail, head int) {
		p.modes = append(p.modes, m)
		spec.Modes = append(spec.Modes, arc.Mode{Task: int32(task), Cost: cost,
			Tail: int32(tail - p.in.First), Head: int32(head - p.in.First)})
	}
	last := -1
	for i, w := range p.net.ways {
		s := p.in.Streets[w.street]
		if !s.Required {
			continue
		}
		if w.street != last {
			last = w.street
			spec.Demands = append(spec.Demands, int32(s.Demand))
			lines = append(lines, s.Line)
		}
		add(mode{before: w.before, after: w.after, way: i}, len(lines)-1, w.cost, w.from, w.to)
	}
	for _, s := range p.in.Stops {
		spec.Demands = append(spec.Demands, int32(s.Demand))
		lines = append(lines, s.Line)
		for _, state := range p.arrivals(s.Node, depots) {
			add(mode{before: []approach{{state, 0}}, after: state, way: -1, node: s.Node}, len(lines)-1, 0, s.Node, s.Node)
		}
	}
	return lines
}

// arrivals are the states of being at a node. At a depot that includes not having
// left it yet.
func (p *Plan) arrivals(node int, depots []int) (states []int) {
	if p.in.Turns == nil {
		return []int{node - p.in.First}
	}
	for i, w := range p.net.ways {
		if w.to == node {
			states = append(states, i)
		}
	}
	for d, v := range depots {
		if v == node {
			states = append(states, p.net.depots[d])
		}
	}
	return states
}

// place says where each mode and depot starts and ends, lists the steps between
// these places and returns how many there are. They are the network's states and,
// where turns cost, one more where a mode starts or a route returns.
func (p *Plan) place(spec *arc.Spec) (places int) {
	places = p.net.states
	for state, steps := range p.net.steps {
		for _, t := range steps {
			p.arcs = append(p.arcs, ways.Arc{From: int32(state), To: int32(t.to), Cost: t.cost})
		}
	}
	start := func(m mode) int32 {
		if len(m.before) == 1 && m.before[0].turn == 0 {
			return int32(m.before[0].state)
		}
		for _, a := range m.before {
			p.arcs = append(p.arcs, ways.Arc{From: int32(a.state), To: int32(places), Cost: a.turn})
		}
		places++
		return int32(places - 1)
	}
	for i, m := range p.modes {
		spec.Modes[i].Start, spec.Modes[i].End = start(m), int32(m.after)
	}
	for _, m := range p.depots {
		spec.Homes = append(spec.Homes, arc.Home{Leave: int32(m.after), Return: start(m)})
	}
	return places
}

// reachable names the first street or stop that no depot can serve.
func (p *Plan) reachable(spec *arc.Spec, file string, lines []int) error {
	served := make([]bool, len(lines))
	out, start := make([]int32, len(p.modes)), make([]int32, len(p.modes))
	for m := range p.modes {
		start[m] = spec.Modes[m].Start
	}
	for _, home := range spec.Homes {
		spec.Ways.Costs(home.Leave, start, out)
		for m, mode := range spec.Modes {
			if out[m] >= never || served[mode.Task] {
				continue
			}
			var back [1]int32
			spec.Ways.Costs(mode.End, []int32{home.Return}, back[:])
			served[mode.Task] = back[0] < never
		}
	}
	for t, ok := range served {
		if !ok {
			return fmt.Errorf("%w: %w", &InputError{file, lines[t], "", "this cannot be reached from a depot and left again"}, arc.ErrImpossible)
		}
	}
	return nil
}

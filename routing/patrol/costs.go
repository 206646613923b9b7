package patrol

import (
	"context"

	"gridbeat/routing"
	"gridbeat/routing/arc"
	"gridbeat/routing/cch"
)

// mode is one way of doing a task, as the solver sees it.
type mode struct {
	task        int32
	cost        int32
	path        []routing.Arc
	first, last routing.Node
	out, home   []int32 // by depot: time from it to the start, from the end to it
}

// begin is the mode's first arc, end its last.
func (m *mode) begin() routing.Arc { return m.path[0] }

func (m *mode) end() routing.Arc { return m.path[len(m.path)-1] }

// costs are the tasks and what lies between them, in milliseconds.
type costs struct {
	b     *builder
	web   *web
	modes []mode
	first []int32 // first mode of each task, one more at the end
}

// tasks is how many there are.
func (c *costs) tasks() int { return len(c.first) - 1 }

// newCosts prepares the modes of all stretches and their ways from and to the depots.
func (b *builder) newCosts(ctx context.Context) (*costs, error) {
	n := b.net
	outer := make([]bool, n.ArcCount())
	for _, s := range b.stretches {
		for _, m := range s.modes {
			outer[m[0]], outer[m[len(m)-1]] = true, true
		}
	}
	w, err := newWeb(ctx, n, func(a routing.Arc) bool { return outer[a] || !b.peeled[n.Edge(a)] }, b.o.Threads)
	if err != nil {
		return nil, err
	}
	c := &costs{b: b, web: w}
	for t, s := range b.stretches {
		c.first = append(c.first, int32(len(c.modes)))
		for _, m := range s.modes {
			c.modes = append(c.modes, mode{task: int32(t), path: m, cost: millis(n, m), first: n.Tail(m[0]), last: n.Head(m[len(m)-1]),
				out: make([]int32, len(b.depots)), home: make([]int32, len(b.depots))})
		}
	}
	c.first = append(c.first, int32(len(c.modes)))
	c.depots()
	return c, nil
}

// depots computes the ways from and to the depots.
func (c *costs) depots() {
	starts, ends := make([][]cch.Seed, len(c.modes)), make([][]cch.Seed, len(c.modes))
	for i := range c.modes {
		starts[i], ends[i] = c.web.enter(c.modes[i].begin()), c.web.leave(c.modes[i].end())
	}
	out := c.web.metric.Select(starts, cch.ToTargets).NewSweep()
	back := c.web.metric.Select(ends, cch.FromTargets).NewSweep()
	row := make([]int32, len(c.modes))
	for d, home := range c.b.depots {
		out.Distances(c.web.depart(home), row)
		for i := range c.modes {
			c.modes[i].out[d] = row[i]
		}
		back.Distances(c.web.arrive(home), row)
		for i := range c.modes {
			c.modes[i].home[d] = row[i]
			if c.modes[i].last == home {
				c.modes[i].home[d] = 0
			}
		}
	}
}

// own is the time of the quickest route that does the mode only.
func (c *costs) own(m int32) int {
	best, x := routing.Never, &c.modes[m]
	for d := range c.b.depots {
		best = min(best, int(x.out[d])+int(x.cost)+int(x.home[d]))
	}
	return best
}

// alone is the time of the quickest route that does the task only.
func (c *costs) alone(task int) int {
	best := routing.Never
	for m := c.first[task]; m < c.first[task+1]; m++ {
		best = min(best, c.own(m))
	}
	return best
}

// table is the time from the end of each of the modes to the start of each, row by
// row in out, with rows that are wide entries long.
func (c *costs) table(ctx context.Context, modes []int32, out []int32, wide, threads int) error {
	from, to := make([][]cch.Seed, len(modes)), make([][]cch.Seed, len(modes))
	for i, m := range modes {
		from[i], to[i] = c.web.leave(c.modes[m].end()), c.web.enter(c.modes[m].begin())
	}
	all := make([]int32, len(modes)*len(modes))
	if err := c.web.metric.Select(to, cch.ToTargets).Table(ctx, from, all, threads); err != nil {
		return err
	}
	for i, m := range modes {
		row := out[i*wide:][:len(modes)]
		copy(row, all[i*len(modes):])
		if c.modes[m].begin() == c.modes[m].end() {
			row[i] = arc.Never // the way round to its own start is not asked for
		}
	}
	return nil
}

// problem states the problem of some tasks for one vehicle without a limit, and lists
// the modes that its modes stand for.
func (c *costs) problem(ctx context.Context, tasks []int32, threads int) (*arc.Problem, []int32, error) {
	var modes []int32
	s := arc.Spec{Vehicles: 1}
	for i, t := range tasks {
		for m := c.first[t]; m < c.first[t+1]; m++ {
			modes = append(modes, m)
			x := c.modes[m]
			s.Modes = append(s.Modes, arc.Mode{Task: int32(i), Cost: x.cost, Tail: int32(x.first), Head: int32(x.last)})
		}
	}
	k, size := len(modes), len(modes)+len(c.b.depots)
	s.Distance = make([]int32, size*size)
	if err := c.table(ctx, modes, s.Distance, size, threads); err != nil {
		return nil, nil, err
	}
	for d, home := range c.b.depots {
		s.Depots = append(s.Depots, int32(home))
		for i, m := range modes {
			s.Distance[i*size+k+d] = c.modes[m].home[d]
			s.Distance[(k+d)*size+i] = c.modes[m].out[d]
		}
		for e := range c.b.depots {
			if e != d {
				s.Distance[(k+d)*size+k+e] = arc.Never
			}
		}
	}
	if len(tasks) == c.tasks() {
		s.Arcs = c.arcs()
	}
	p, err := arc.NewProblem(s)
	return p, modes, err
}

// arcs are all movements without what turns cost: bounds are proved on them.
func (c *costs) arcs() []arc.Arc {
	n := c.b.net
	out := make([]arc.Arc, len(c.web.arcs))
	for i, a := range c.web.arcs {
		out[i] = arc.Arc{From: int32(n.Tail(a)), To: int32(n.Head(a)), Cost: n.Millis(a)}
	}
	return out
}

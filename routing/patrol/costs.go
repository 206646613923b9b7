package patrol

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/routing"
	"gridbeat/routing/arc"
	"gridbeat/routing/arc/ways"
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
	apart []pair  // tasks that are to be apart
	// follows is by mode the one that came next in the previous plan, -1 for none; nil
	// where there is no such plan.
	follows []int32
	drove   []string // by task: the unit that did it then, "" for none
	leave   int      // what the search is charged for each of them that it leaves, in milliseconds
}

// tasks is how many there are.
func (c *costs) tasks() int { return len(c.first) - 1 }

// waysBeyond is how far beyond the streets to cover and the depots quickest ways are
// looked for, in metres, unless some street cannot be reached so.
const waysBeyond = 1000

// newCosts prepares the modes of all stretches and their ways from and to the depots.
func (b *builder) newCosts(ctx context.Context) (*costs, error) {
	outer := make([]bool, b.net.ArcCount())
	for _, s := range b.stretches {
		for _, m := range s.modes {
			outer[m[0]], outer[m[len(m)-1]] = true, true
		}
	}
	box, cut := b.surroundings(waysBeyond), false
	c, err := b.costsOn(ctx, func(a routing.Arc) bool {
		if outer[a] || b.peeled[b.net.Edge(a)] {
			return outer[a]
		}
		near := box.Contains(b.net.At(b.net.Tail(a)))
		cut = cut || !near && b.net.Main(a)
		return near
	})
	if err != nil || !cut {
		return c, err
	}
	if c.whole() {
		return c, nil
	}
	return b.costsOn(ctx, func(a routing.Arc) bool { return outer[a] || !b.peeled[b.net.Edge(a)] })
}

// ways are all arcs that a quickest way can lead along. A route may begin or end with an
// arc that is not in the main part: one that nothing leads into, for the turns it takes,
// yet leads away from the depot.
func (b *builder) ways() (out []routing.Arc) {
	for a := range routing.Arc(b.net.ArcCount()) {
		if !b.peeled[b.net.Edge(a)] {
			out = append(out, a)
		}
	}
	return out
}

// surroundings is the box around the stretches and the depots, and so far beyond.
func (b *builder) surroundings(metres float64) orb.Bound {
	n := b.net
	box := n.At(b.depots[0]).Bound()
	for _, d := range b.depots {
		box = box.Extend(n.At(d))
	}
	for _, s := range b.stretches {
		for _, m := range s.modes {
			box = box.Extend(n.At(n.Tail(m[0]))).Extend(n.At(n.Head(m[len(m)-1])))
		}
	}
	kx, ky := n.Plane().Scale()
	return orb.Bound{Min: orb.Point{box.Min[0] - metres/kx, box.Min[1] - metres/ky},
		Max: orb.Point{box.Max[0] + metres/kx, box.Max[1] + metres/ky}}
}

// costsOn is newCosts on the arcs for which keep tells so.
func (b *builder) costsOn(ctx context.Context, keep func(routing.Arc) bool) (*costs, error) {
	n := b.net
	w, err := newWeb(ctx, n, keep, b.o.Threads)
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
	c.apart = b.pairs()
	return c, nil
}

// whole reports whether every mode can be reached from every depot, and left for it.
func (c *costs) whole() bool {
	for i := range c.modes {
		for d := range c.b.depots {
			if c.modes[i].out[d] >= routing.Never || c.modes[i].home[d] >= routing.Never {
				return false
			}
		}
	}
	return true
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
	if len(c.b.in.Services) == 0 {
		return nil
	}
	// Another visit may begin with the arc with which one ends.
	begins, q := map[routing.Arc][]int{}, c.web.metric.NewQuery()
	for i, m := range modes {
		begins[c.modes[m].begin()] = append(begins[c.modes[m].begin()], i)
	}
	for i, m := range modes {
		for _, j := range begins[c.modes[m].end()] {
			if i != j {
				out[i*wide+j] = c.again(q, c.modes[m].end())
			}
		}
	}
	return nil
}

// problem states the problem of some tasks for routes that belong to these units, 0 for
// any, without a limit, and lists the modes that its modes stand for.
func (c *costs) problem(ctx context.Context, tasks []int32, units []int, threads int) (*arc.Problem, []int32, error) {
	s, modes := c.spec(tasks)
	c.restrict(&s, tasks, units)
	c.stay(&s, modes)
	k, size := len(modes), len(modes)+len(s.Depots)
	if err := c.table(ctx, modes, s.Distance, size, threads); err != nil {
		return nil, nil, err
	}
	for d := range s.Depots {
		for i, m := range modes {
			s.Distance[i*size+k+d] = c.modes[m].home[d]
			s.Distance[(k+d)*size+i] = c.modes[m].out[d]
		}
	}
	endWhereBegun(&s)
	p, err := arc.NewProblem(s)
	return p, modes, err
}

// spec is that problem without its distances: there is room for them.
func (c *costs) spec(tasks []int32) (s arc.Spec, modes []int32) {
	s.Vehicles = 1
	for i, t := range tasks {
		for m := c.first[t]; m < c.first[t+1]; m++ {
			modes = append(modes, m)
			x := c.modes[m]
			s.Modes = append(s.Modes, arc.Mode{Task: int32(i), Cost: x.cost, Tail: int32(x.first), Head: int32(x.last)})
		}
	}
	for _, home := range c.b.depots {
		s.Depots = append(s.Depots, int32(home))
	}
	size := len(s.Modes) + len(s.Depots)
	s.Distance = make([]int32, size*size)
	return s, modes
}

// restrict fixes tasks to the routes of their units and keeps visits apart, as far as the
// routes and the tasks are there.
func (c *costs) restrict(s *arc.Spec, tasks []int32, units []int) {
	s.Vehicles = len(units)
	number := map[int32]int32{}
	for i, t := range tasks {
		number[t] = int32(i)
		if u := c.owner(t); u >= 0 {
			if s.Fixed == nil {
				s.Fixed = slices.Repeat([]int32{-1}, len(tasks))
			}
			s.Fixed[i] = int32(slices.Index(units, u+1))
		}
	}
	for _, x := range c.apart {
		a, okA := number[x.a]
		b, okB := number[x.b]
		if okA && okB {
			s.Apart = append(s.Apart, arc.Apart{A: a, B: b, Cost: x.apart})
		}
	}
}

// stay asks for the moves of the previous plan between some modes.
func (c *costs) stay(s *arc.Spec, modes []int32) {
	if c.follows == nil {
		return
	}
	s.Leave = c.leave
	number := map[int32]int32{}
	for i, m := range modes {
		number[m] = int32(i)
	}
	for i, m := range modes {
		if next, ok := number[c.follows[m]]; ok {
			s.Stays = append(s.Stays, arc.Stay{From: int32(i), To: next})
		}
	}
}

// endWhereBegun closes the ways from one depot to another.
func endWhereBegun(s *arc.Spec) {
	k, size := len(s.Modes), len(s.Modes)+len(s.Depots)
	for d := range s.Depots {
		for e := range s.Depots {
			if d != e {
				s.Distance[(k+d)*size+k+e] = arc.Never
			}
		}
	}
}

// relaxed is the problem of all tasks on the ways that quickest ways lead along, without
// what turns cost: bounds are proved on it. The times of the search would not do, as they
// know no dead ends: to turn round in one can be quicker than they tell.
func (c *costs) relaxed(ctx context.Context) (*arc.Problem, error) {
	all := make([]int32, c.tasks())
	for t := range all {
		all[t] = int32(t)
	}
	s, _ := c.spec(all)
	n := c.b.net
	var free []arc.Arc
	for _, a := range c.b.ways() {
		free = append(free, arc.Arc{From: int32(n.Tail(a)), To: int32(n.Head(a)), Cost: n.Millis(a)})
	}
	ends := append([]int32(nil), s.Depots...)
	for _, m := range s.Modes {
		ends = append(ends, m.Tail, m.Head)
	}
	thinned, number := thin(free, ends)
	s.Arcs = thinned
	for i, d := range s.Depots {
		s.Depots[i] = number[d]
	}
	for i := range s.Modes {
		m := &s.Modes[i]
		m.Tail, m.Head = number[m.Tail], number[m.Head]
	}
	if err := freeTurns(ctx, &s, len(number)); err != nil {
		return nil, err
	}
	return arc.NewProblem(s)
}

// freeTurns makes the distances those along the arcs, among so many places.
func freeTurns(ctx context.Context, s *arc.Spec, places int) error {
	var all []ways.Arc
	for _, a := range s.Arcs {
		all = append(all, ways.Arc(a))
	}
	n, err := ways.New(ctx, places, all)
	if err != nil {
		return err
	}
	var from, to []int32 // places where modes and depots end, and begin
	for _, m := range s.Modes {
		from, to = append(from, m.Head), append(to, m.Tail)
	}
	from, to = append(from, s.Depots...), append(to, s.Depots...)
	for i := range from {
		n.Costs(from[i], to, s.Distance[i*len(to):(i+1)*len(to)])
	}
	endWhereBegun(s)
	return nil
}

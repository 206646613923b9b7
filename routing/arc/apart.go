package arc

import "fmt"

// Apart asks for two services that are begun at least Cost apart, counted on each
// one's route from its depot: a street twice in a shift is two tasks that are apart.
type Apart struct {
	A, B int32 // tasks
	Cost int
}

// apart is what a search charges for each unit that services are too near: more than
// it saves elsewhere.
func (g goal) apart() int { return 8 + g.weight/2 }

// checkApart checks the tasks that Spec.Apart and Spec.Fixed name.
func (p *Problem) checkApart() error {
	for i, x := range p.spec.Apart {
		if x.A < 0 || x.B < 0 || int(x.A) >= p.tasks || int(x.B) >= p.tasks || x.A == x.B || x.Cost < 0 {
			return fmt.Errorf("arc problem: apart %d: tasks %d and %d of %d, cost %d", i, x.A, x.B, p.tasks, x.Cost)
		}
	}
	if p.spec.Fixed == nil {
		return nil
	}
	if len(p.spec.Fixed) != p.tasks {
		return fmt.Errorf("arc problem: fixed routes of %d tasks for %d", len(p.spec.Fixed), p.tasks)
	}
	for t, r := range p.spec.Fixed {
		if r < -1 || int(r) >= p.spec.Vehicles {
			return fmt.Errorf("arc problem: task %d is fixed to route %d of %d", t, r, p.spec.Vehicles)
		}
	}
	return nil
}

// tooNear is by how much services are nearer than asked for, in all; when tells what
// a route has cost as a task is begun.
func (p *Problem) tooNear(when func(task int32) int) int {
	sum := 0
	for _, x := range p.spec.Apart {
		d := when(x.A) - when(x.B)
		sum += max(0, x.Cost-max(d, -d))
	}
	return sum
}

// begins notes in when, by task, what the route has cost as each task is begun.
func (r Route) begins(p *Problem, when []int) {
	at, cost := p.depot(r.Depot), 0
	for _, m := range r.Modes {
		mode := p.spec.Modes[m]
		cost += p.Distance(at, m)
		when[mode.Task] = cost
		cost += int(mode.Cost)
		at = m
	}
}

// near is tooNear of drafts.
func (p *Problem) near(routes []draft) int {
	if len(p.spec.Apart) == 0 {
		return 0
	}
	when := make([]int, p.tasks)
	for _, d := range routes {
		p.route(d).begins(p, when)
	}
	return p.tooNear(func(task int32) int { return when[task] })
}

// fixed is the route that a task is fixed to, -1 for none or one that With has taken
// away.
func (p *Problem) fixed(task int32) int {
	if p.spec.Fixed == nil || int(p.spec.Fixed[task]) >= p.spec.Vehicles {
		return -1
	}
	return int(p.spec.Fixed[task])
}

// pin puts the fixed tasks of a plan that has a route for each vehicle on their
// routes, at the end of these.
func (p *Problem) pin(routes []draft) []draft {
	if p.spec.Fixed == nil {
		return routes
	}
	seqs := make([][]int32, len(routes))
	var moved []int32
	for i, d := range routes {
		for _, t := range d.seq {
			if r := p.fixed(t); r >= 0 && r != i {
				moved = append(moved, t)
			} else {
				seqs[i] = append(seqs[i], t)
			}
		}
	}
	for _, t := range moved {
		seqs[p.fixed(t)] = append(seqs[p.fixed(t)], t)
	}
	for i, seq := range seqs {
		routes[i] = newDraft(p, routes[i].depot, seq)
	}
	return routes
}

// timer follows when tasks that are to be apart are begun, as tours change.
type timer struct {
	tasks     []bool // that are to be apart
	when, was []int  // by task
	short     int    // what they are too near
}

// newTimer is nil where no tasks are to be apart. The patch holds all tasks.
func newTimer(f *patch) *timer {
	if len(f.p.spec.Apart) == 0 {
		return nil
	}
	n := len(f.tasks)
	t := &timer{tasks: make([]bool, n), when: make([]int, n), was: make([]int, n)}
	for _, x := range f.p.spec.Apart {
		t.tasks[f.local[x.A]], t.tasks[f.local[x.B]] = true, true
	}
	return t
}

// astray is how often in ten times a task is put in at random: those that are to be
// apart more often.
func (t *timer) astray(task int32) int {
	if t.tasks[task] {
		return 5
	}
	return 1
}

// look notes when the tour's tasks are begun.
func (t *timer) look(f *patch, u *tour) {
	last := -1
	for i, task := range u.seq {
		if t.tasks[task] {
			last = i
		}
	}
	if last < 0 {
		return
	}
	// From the end on, the mode that the best directions take.
	k := u.last(f)
	for i := len(u.seq); i > 0; i-- {
		row := u.rows[i*f.stride : (i+1)*f.stride]
		if task := u.seq[i-1]; t.tasks[task] {
			t.when[task] = int(row[2*f.width+k]) - int(row[4*f.width+k])
		}
		k = u.before(f, i, k)
	}
}

// count counts what tasks are too near.
func (t *timer) count(f *patch) {
	t.short = f.p.tooNear(func(task int32) int { return t.when[f.local[task]] })
}

// last is the mode of the last task that the best directions take.
func (t *tour) last(f *patch) int {
	return t.before(f, len(t.seq)+1, 0)
}

// before is the mode of the row before, where row i has mode k; of equally good ones
// the first.
func (t *tour) before(f *patch, i, k int) int {
	w := f.width
	row, before := t.rows[i*f.stride:(i+1)*f.stride], t.rows[(i-1)*f.stride:i*f.stride]
	best, least := 0, 0
	for j := range w {
		c := int(before[2*w+j]) + int(f.cost(before[w+j], row[k]))
		if j == 0 || c < least {
			best, least = j, c
		}
	}
	return best
}

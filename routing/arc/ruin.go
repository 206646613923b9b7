package arc

import "math"

// ruiner improves some routes of a plan by taking short strings of neighbouring
// tasks out and putting them back at their best places, accepting a worse plan now
// and then (Christiaens and Vanden Berghe, "Slack induction by string removals",
// Transportation Science 54, 2020). Other than there loads may exceed the capacity
// at a fine, and several strings may leave one route where routes are few, as a
// patrol route holds a hundred streets; and some steps exchange tails instead.
type ruiner struct {
	*patch
	chance chance
	goal   goal

	tours []*tour
	where []int32 // tour of each task, -1 when it is out
	pos   []int32 // position there
	slots []slot  // by task and tour: the best place, see slot

	saved   []*tour // by tour: its state before the present step, nil when untouched
	spare   []*tour
	touched []int32
	out     []int32
	key     []int64
	head    []int32 // scratch of exchange
	tail    []int32
	version uint32
	blinks  int // places to look at until the next one is overlooked

	pin   []int32 // by task: the tour that it is fixed to, -1 for none; nil where none is
	timer *timer  // nil where no services are to be apart

	cost    int // charge of all tours and of services too near
	excess  int // demand above the capacity in all tours
	longest int // cost of the longest tour
	sum     int // cost of all tours

	best     [][]int32 // tasks of each tour of the best plan
	bestAt   []int     // its depots
	bestRank rank
}

// slot remembers the best place for a task in a tour, as long as that is of the
// version. Most tours stay what they are for many steps.
type slot struct {
	version uint32
	at      int32
	cost    int // of the tour with the task there
}

const (
	meanRemoved = 10.0
	longest     = 10
	blink       = 0.01
)

// newRuiner takes over the patch and the tours, whose tasks are all of the patch.
func newRuiner(f *patch, tours []draft, g goal, seed uint64) *ruiner {
	r := &ruiner{patch: f, chance: chance{seed}, goal: g}
	n := len(f.tasks)
	r.where, r.pos, r.key = make([]int32, n), make([]int32, n), make([]int64, n)
	r.slots = make([]slot, n*len(tours))
	r.saved = make([]*tour, len(tours))
	r.best, r.bestAt = make([][]int32, len(tours)), make([]int, len(tours))
	var seq []int32
	for i, d := range tours {
		seq = seq[:0]
		for _, t := range d.seq {
			seq = append(seq, f.local[t])
		}
		t := &tour{}
		t.set(f, d.depot, seq)
		r.tours = append(r.tours, t)
		r.renew(i)
		r.locate(i)
	}
	r.blinks = r.chance.wait(blink)
	if f.p.spec.Fixed != nil {
		for i, t := range f.tasks {
			r.pin = append(r.pin, -1)
			if f.p.fixed(t) >= 0 {
				r.pin[i] = r.where[i]
			}
		}
	}
	r.timer = newTimer(f)
	r.aim(g)
	r.note()
	return r
}

// complete puts tasks in that the routes have left out.
func (r *ruiner) complete(left []int32) {
	r.out = r.out[:0]
	for _, t := range left {
		r.out = append(r.out, r.local[t])
	}
	r.recreate(math.Inf(1))
	r.retime()
	r.settle()
	r.note()
}

// settle makes the changes of a step last.
func (r *ruiner) settle() {
	for _, i := range r.touched {
		r.spare = append(r.spare, r.saved[i])
		r.saved[i] = nil
		r.renew(int(i))
		r.locate(int(i))
	}
	r.touched = r.touched[:0]
	r.measure()
}

// aim changes the goal.
func (r *ruiner) aim(g goal) {
	r.goal, r.cost, r.excess, r.sum, r.longest = g, 0, 0, 0, 0
	for _, t := range r.tours {
		r.count(t, 1)
		if r.timer != nil {
			r.timer.look(r.patch, t)
		}
	}
	if r.timer != nil {
		r.timer.count(r.patch)
		r.cost += r.goal.apart() * r.timer.short
	}
	r.measure()
}

// count adds a tour to the sums, or with sign -1 takes it off.
func (r *ruiner) count(t *tour, sign int) {
	over := r.p.excess(t.load)
	r.cost += sign * (r.goal.charge(t.cost) + r.goal.fine*over)
	r.excess += sign * over
	r.sum += sign * t.cost
}

// measure finds the longest tour.
func (r *ruiner) measure() {
	r.longest = 0
	for _, t := range r.tours {
		r.longest = max(r.longest, t.cost)
	}
}

// note keeps the present plan as the best one.
func (r *ruiner) note() {
	r.bestRank = r.rank()
	for i, t := range r.tours {
		r.best[i] = append(r.best[i][:0], t.seq...)
		r.bestAt[i] = t.depot
	}
}

func (r *ruiner) rank() rank {
	excess := r.excess
	if r.timer != nil {
		excess += r.timer.short
	}
	return r.goal.rank(excess, r.over(), r.longest, r.sum)
}

// over is what the longest tour is above the limit, without what it is charged.
func (r *ruiner) over() int {
	if r.p.follows == nil || r.goal.over(r.longest) == 0 {
		return r.goal.over(r.longest)
	}
	longest := 0
	for _, t := range r.tours {
		if t.cost > longest {
			longest = max(longest, r.draft(t).cost)
		}
	}
	return r.goal.over(longest)
}

// renew gives a changed tour another version.
func (r *ruiner) renew(i int) {
	r.version++
	r.tours[i].version = r.version
}

func (r *ruiner) locate(i int) {
	for j, t := range r.tours[i].seq {
		r.where[t], r.pos[t] = int32(i), int32(j)
	}
}

// touch notes that a tour changes in this step.
func (r *ruiner) touch(i int32) *tour {
	if r.saved[i] != nil {
		return r.tours[i]
	}
	t := &tour{}
	if k := len(r.spare); k > 0 {
		t, r.spare = r.spare[k-1], r.spare[:k-1]
	}
	r.saved[i] = r.tours[i]
	r.tours[i] = t
	r.touched = append(r.touched, i)
	return t
}

// step ruins and recreates once; the change stays when it costs less than heat
// times minus the logarithm of chance.
func (r *ruiner) step(heat float64) {
	if len(r.tasks) == 0 {
		return
	}
	cost, excess, sum := r.cost, r.excess, r.sum
	bar := float64(cost) - heat*math.Log(1-r.chance.share())
	if r.timer == nil && r.pin == nil && r.chance.below(100) < exchangeShare {
		r.exchange(bar)
	} else if r.ruin(); r.timer != nil || r.p.follows != nil {
		r.recreate(math.Inf(1)) // one task more may save what is charged
		r.retime()
	} else {
		r.recreate(bar)
	}
	if float64(r.cost) < bar {
		r.settle()
		if r.rank().less(r.bestRank) {
			r.note()
		}
	} else {
		for _, i := range r.touched {
			r.spare = append(r.spare, r.tours[i])
			r.tours[i] = r.saved[i]
			r.saved[i] = nil
		}
		for _, t := range r.out {
			r.where[t] = r.origin(t)
		}
		r.cost, r.excess, r.sum = cost, excess, sum
		if r.timer != nil {
			copy(r.timer.when, r.timer.was)
			r.timer.count(r.patch)
		}
		r.touched = r.touched[:0]
	}
}

// retime counts anew what services are too near, after the touched tours' changes.
func (r *ruiner) retime() {
	if r.timer == nil {
		return
	}
	copy(r.timer.was, r.timer.when)
	r.cost -= r.goal.apart() * r.timer.short
	for _, i := range r.touched {
		r.timer.look(r.patch, r.tours[i])
	}
	r.timer.count(r.patch)
	r.cost += r.goal.apart() * r.timer.short
}

// ruin takes strings of tasks near a random task out.
func (r *ruiner) ruin() {
	r.out = r.out[:0]
	mean := len(r.tasks) / max(1, len(r.tours))
	length := min(longest, max(1, mean))
	strings := 1 + int(r.chance.share()*max(1, 4*meanRemoved/float64(1+length)-1))
	seed := int32(r.chance.below(len(r.tasks)))
	r.takeString(seed, length)
	for _, t := range r.near[seed] {
		if strings <= 1 {
			break
		}
		if r.where[t] >= 0 {
			r.takeString(t, length)
			strings--
		}
	}
	for _, i := range r.touched {
		r.count(r.saved[i], -1)
		r.tours[i].without(r.patch, r.saved[i], r.where)
		if k := len(r.homes); k > 1 && r.chance.below(10) == 0 {
			r.tours[i].move(r.patch, r.chance.below(k))
		}
		r.count(r.tours[i], 1)
	}
}

// takeString marks a random string of tasks around t in its tour as out. Where it
// was is kept in where as a negative number.
func (r *ruiner) takeString(t int32, length int) {
	i := r.where[t]
	r.touch(i)
	seq := r.saved[i].seq
	l := 1 + r.chance.below(min(length, len(seq)))
	at := int(r.pos[t])
	lo := max(0, at-l+1)
	lo += r.chance.below(min(at, len(seq)-l) - lo + 1)
	for _, x := range seq[lo : lo+l] {
		if r.where[x] >= 0 {
			r.where[x] = -1 - i
			r.out = append(r.out, x)
		}
	}
}

// origin is the tour that a task was taken from.
func (r *ruiner) origin(t int32) int32 { return -1 - r.where[t] }

package arc

import (
	"math"
	"slices"
)

// ruiner improves some routes of a plan by taking short strings of neighbouring
// tasks out and putting them back at their best places, accepting a worse plan now
// and then (Christiaens and Vanden Berghe, "Slack induction by string removals",
// Transportation Science 54, 2020). Other than there loads may exceed the capacity
// at a fine, and several strings may leave one route where routes are few, as a
// patrol route holds a hundred streets.
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
	version uint32
	blinks  int // places to look at until the next one is overlooked

	cost    int // charge of all tours
	excess  int // demand above the capacity in all tours
	longest int // cost of the longest tour
	sum     int // cost of all tours

	best     [][]int32 // tasks of each tour of the best plan
	bestAt   []int     // its depots
	bestRank rank
}

// goal is what a search makes small.
type goal struct {
	objective Objective
	limit     int // of a route's cost, 0 for none
	target    int // routes above it are charged, see charge
	weight    int
	fine      int // for each unit of demand above the capacity
}

// charge is what a route of that cost adds to the objective: its cost, and the
// weight, in sixteenths, times what it takes above the target.
func (g goal) charge(cost int) int { return cost + g.weight*max(0, cost-g.target)/16 }

// rank orders plans: first the demand above the capacity, then what the longest
// route is above the limit, then the objective, then the total.
type rank struct{ excess, over, objective, sum int }

func (g goal) rank(excess, longest, sum int) rank {
	r := rank{excess: excess, sum: sum}
	if g.limit > 0 {
		r.over = max(0, longest-g.limit)
	}
	if g.objective == MinMax {
		r.objective = longest
	}
	return r
}

func (r rank) less(s rank) bool {
	switch {
	case r.excess != s.excess:
		return r.excess < s.excess
	case r.over != s.over:
		return r.over < s.over
	case r.objective != s.objective:
		return r.objective < s.objective
	}
	return r.sum < s.sum
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
	r.recreate()
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
	r.bestRank = r.goal.rank(r.excess, r.longest, r.sum)
	for i, t := range r.tours {
		r.best[i] = append(r.best[i][:0], t.seq...)
		r.bestAt[i] = t.depot
	}
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
	r.ruin()
	r.recreate()
	if r.cost < cost || float64(r.cost-cost) < -heat*math.Log(1-r.chance.share()) {
		r.settle()
		if r.goal.rank(r.excess, r.longest, r.sum).less(r.bestRank) {
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
		r.touched = r.touched[:0]
	}
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

// recreate puts the tasks that are out back, one after the other, where each costs
// least; now and then it overlooks a place.
func (r *ruiner) recreate() {
	r.order()
	for _, t := range r.out {
		best, at, route := math.MaxInt, 0, int32(-1)
		depot, load, empty := int32(-1), int(r.load[t]), false
		slots := r.slots[int(t)*len(r.tours):][:len(r.tours)]
		for i, u := range r.tours {
			if r.blinks--; r.blinks < 0 {
				r.blinks = r.chance.wait(blink)
				if route >= 0 {
					continue
				}
			}
			if len(u.seq) == 0 {
				if !empty {
					empty = true
					if d := r.goal.charge(int(r.alone[t])); d < best {
						best, at, route, depot = d, 0, int32(i), r.start[t]
					}
				}
				continue
			}
			fine := 0
			if load > 0 {
				fine = r.goal.fine * (r.p.excess(u.load+load) - r.p.excess(u.load))
				if fine >= best {
					continue
				}
			}
			var cost, place int
			if r.saved[i] != nil {
				cost, place = u.place(r.patch, t)
			} else if s := &slots[i]; s.version == u.version {
				cost, place = s.cost, int(s.at)
			} else {
				cost, place = u.place(r.patch, t)
				*s = slot{u.version, int32(place), cost}
			}
			if d := r.goal.charge(cost) - r.goal.charge(u.cost) + fine; d < best {
				best, at, route, depot = d, place, int32(i), -1
			}
		}
		r.put(t, route, at, depot)
	}
}

// put inserts a task into a tour, an empty one from the depot.
func (r *ruiner) put(t, route int32, at int, depot int32) {
	u := r.tours[route]
	r.count(u, -1)
	if r.saved[route] == nil {
		old := u
		u = r.touch(route)
		u.copy(old)
	}
	if depot >= 0 {
		u.set(r.patch, int(depot), nil)
	}
	u.insert(r.patch, t, at)
	r.count(u, 1)
}

// order decides in which order tasks are put back: by chance, the heaviest first, or
// those far from or near to the depot first.
func (r *ruiner) order() {
	key := r.key
	rule := r.chance.below(11)
	for _, t := range r.out {
		switch {
		case rule < 4:
			key[t] = int64(r.chance.next() >> 1)
		case rule < 8 && r.p.spec.Capacity > 0:
			key[t] = -int64(r.load[t])
		case rule < 8:
			key[t] = -int64(r.dear[t])
		case rule < 10:
			key[t] = -int64(r.far[t])
		default:
			key[t] = int64(r.far[t])
		}
	}
	slices.SortFunc(r.out, func(a, b int32) int {
		if key[a] != key[b] {
			if key[a] < key[b] {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
}

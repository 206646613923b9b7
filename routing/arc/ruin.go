package arc

import (
	"math"
	"math/rand/v2"
	"slices"
)

// ruiner improves some routes of a plan by taking short strings of neighbouring
// tasks out and putting them back at their best places, accepting a worse plan now
// and then (Christiaens and Vanden Berghe, "Slack induction by string removals",
// Transportation Science 54, 2020). Other than there several strings may leave one
// route, as a patrol route holds a hundred streets.
type ruiner struct {
	p      *Problem
	near   [][]int32
	random *rand.Rand
	target int // routes above it are charged, see charge
	weight int
	fine   int // for each unit of demand above the capacity

	tours []*tour
	tasks []int32
	where []int32 // tour of each task, -1 when it is out or not of this group
	place []int32 // position there

	saved   []*tour // by tour: its state before the present step, nil when untouched
	spare   []*tour
	touched []int
	out     []int32
	key     []float64

	cost   int // charge of all tours
	excess int // demand above the capacity in all tours
}

const (
	meanRemoved = 10
	longest     = 10
	blink       = 0.01
)

func newRuiner(p *Problem, near [][]int32, tours []*tour, target, weight, fine int, random *rand.Rand) *ruiner {
	r := &ruiner{p: p, near: near, random: random, target: target, weight: weight, fine: fine, tours: tours}
	r.where, r.place = make([]int32, p.tasks), make([]int32, p.tasks)
	for i := range r.where {
		r.where[i] = -1
	}
	r.saved = make([]*tour, len(tours))
	for i := range tours {
		r.locate(i)
		r.tasks = append(r.tasks, tours[i].seq...)
		r.count(tours[i], 1)
	}
	slices.Sort(r.tasks)
	return r
}

// charge is what a route of that cost adds to the objective: its cost, and the
// weight, in sixteenths, times what it takes above the target.
func (r *ruiner) charge(cost int) int { return cost + r.weight*max(0, cost-r.target)/16 }

// count adds a tour to the sums, or with sign -1 takes it off.
func (r *ruiner) count(t *tour, sign int) {
	over := r.p.excess(t.load)
	r.cost += sign * (r.charge(t.cost) + r.fine*over)
	r.excess += sign * over
}

func (r *ruiner) locate(i int) {
	for j, t := range r.tours[i].seq {
		r.where[t], r.place[t] = int32(i), int32(j)
	}
}

// touch saves a tour before its first change in a step.
func (r *ruiner) touch(i int) {
	if r.saved[i] != nil {
		return
	}
	var s *tour
	if k := len(r.spare); k > 0 {
		s, r.spare = r.spare[k-1], r.spare[:k-1]
	} else {
		s = &tour{}
	}
	t := r.tours[i]
	s.depot, s.cost, s.load = t.depot, t.cost, t.load
	s.seq = append(s.seq[:0], t.seq...)
	s.ahead = append(s.ahead[:0], t.ahead...)
	s.back = append(s.back[:0], t.back...)
	r.saved[i] = s
	r.touched = append(r.touched, i)
}

// step ruins and recreates once; the change stays when it costs less than heat
// times minus the logarithm of chance.
func (r *ruiner) step(heat float64) {
	before, over := r.cost, r.excess
	r.ruin()
	r.recreate()
	if float64(r.cost-before) < -heat*math.Log(1-r.random.Float64()) || r.cost < before {
		for _, i := range r.touched {
			r.spare = append(r.spare, r.saved[i])
			r.saved[i] = nil
		}
	} else {
		for _, i := range r.touched {
			r.spare = append(r.spare, r.tours[i])
			r.tours[i] = r.saved[i]
			r.saved[i] = nil
			r.locate(i)
		}
		r.cost, r.excess = before, over
	}
	r.touched = r.touched[:0]
}

// ruin takes strings of tasks near a random task out.
func (r *ruiner) ruin() {
	r.out = r.out[:0]
	mean := len(r.tasks) / max(1, len(r.tours))
	length := min(longest, max(1, mean))
	most := 4*meanRemoved/(1+length) - 1
	strings := 1 + r.random.IntN(max(1, most))
	seed := r.tasks[r.random.IntN(len(r.tasks))]
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
		t := r.tours[i]
		t.remove(r.p, func(x int32) bool { return r.where[x] < 0 })
		if k := len(r.p.spec.Depots); k > 1 && r.random.IntN(10) == 0 {
			t.depot = r.random.IntN(k)
			t.fill(r.p)
		}
		r.locate(i)
		r.count(t, 1)
	}
}

// takeString marks a random string of tasks around t in its tour as out.
func (r *ruiner) takeString(t int32, length int) {
	i := int(r.where[t])
	r.touch(i)
	seq := r.tours[i].seq
	l := 1 + r.random.IntN(min(length, len(seq)))
	at := int(r.place[t])
	lo := max(0, at-l+1)
	lo += r.random.IntN(min(at, len(seq)-l) - lo + 1)
	for _, x := range seq[lo : lo+l] {
		if r.where[x] >= 0 {
			r.where[x] = -1
			r.out = append(r.out, x)
		}
	}
}

// recreate puts the tasks that are out back, one after the other, where each costs
// least; now and then it overlooks a place.
func (r *ruiner) recreate() {
	r.order()
	for _, t := range r.out {
		best, at, route := int(^uint(0)>>1), 0, -1
		try := func(i, pos int) {
			if r.random.Float64() < blink && route >= 0 {
				return
			}
			u := r.tours[i]
			fine := r.fine * (r.p.excess(u.load+r.p.demand(t)) - r.p.excess(u.load))
			if fine >= best {
				return
			}
			if d := r.charge(u.inserted(r.p, t, pos)) - r.charge(u.cost) + fine; d < best {
				best, at, route = d, pos, i
			}
		}
		for _, x := range r.near[t] {
			if i := int(r.where[x]); i >= 0 {
				try(i, int(r.place[x]))
				try(i, int(r.place[x])+1)
			}
		}
		r.ends(try)
		r.touch(route)
		r.count(r.tours[route], -1)
		r.tours[route].insert(r.p, t, at)
		r.count(r.tours[route], 1)
		r.locate(route)
	}
}

// ends tries the first and last place of the tours: of all where there are few,
// else of an empty one and some others.
func (r *ruiner) ends(try func(route, pos int)) {
	const few = 30
	empty := false
	for i, t := range r.tours {
		if len(t.seq) == 0 {
			if !empty {
				try(i, 0)
			}
			empty = true
			continue
		}
		if len(r.tours) <= few || r.random.IntN(len(r.tours)) < few {
			try(i, 0)
			try(i, len(t.seq))
		}
	}
}

// order decides in which order tasks are put back: by chance, the dearest first, or
// those far from or near to the depot first.
func (r *ruiner) order() {
	if cap(r.key) < r.p.tasks {
		r.key = make([]float64, r.p.tasks)
	}
	key := r.key[:r.p.tasks]
	rule := r.random.IntN(11)
	for _, t := range r.out {
		lo, _ := r.p.Modes(int(t))
		switch {
		case rule < 4:
			key[t] = r.random.Float64()
		case rule < 8:
			key[t] = -float64(r.p.spec.Modes[lo].Cost)
		case rule < 10:
			key[t] = -float64(r.p.Distance(r.p.depot(0), lo))
		default:
			key[t] = float64(r.p.Distance(r.p.depot(0), lo))
		}
	}
	slices.SortStableFunc(r.out, func(a, b int32) int {
		switch {
		case key[a] < key[b]:
			return -1
		case key[a] > key[b]:
			return 1
		}
		return int(a - b)
	})
}

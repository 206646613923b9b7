package arc

import "slices"

// A share of the steps exchanges tails, which strings of a few tasks cannot: in per cent,
// and with how many of the nearest tasks.
const (
	exchangeShare = 15
	exchangeNear  = 12
)

// exchange lets a random task be followed by one near to it. Where they are of two tours,
// the tails of these change places, or head joins head and tail joins tail, of which one
// is turned round (Potvin and Rousseau, "An exchange heuristic for routeing problems with
// time windows", Journal of the Operational Research Society 46, 1995); in one tour what
// lies between the two is turned round (Croes, "A method for solving traveling-salesman
// problems", Operations Research 6, 1958). Nothing changes where that is known to cost as
// much as the bar.
func (r *ruiner) exchange(bar float64) {
	r.out = r.out[:0]
	t := int32(r.chance.below(len(r.tasks)))
	if len(r.near[t]) == 0 {
		return
	}
	u := r.near[t][r.chance.below(min(len(r.near[t]), exchangeNear))]
	a, b := r.where[t], r.where[u]
	x, y := r.tours[a], r.tours[b]
	i, j := int(r.pos[t])+1, int(r.pos[u]) // tasks in front of the cuts
	if a == b {
		lo, hi := min(i, j+1), max(i-1, j)
		r.head = append(r.head[:0], x.seq...)
		slices.Reverse(r.head[lo : hi+1])
		r.replace(a, r.head)
		return
	}
	if r.chance.below(2) == 0 {
		if x.depot == y.depot && !r.pays(x, i, y, j, bar) {
			return
		}
		r.head = append(append(r.head[:0], x.seq[:i]...), y.seq[j:]...)
		r.tail = append(append(r.tail[:0], y.seq[:j]...), x.seq[i:]...)
	} else {
		r.head = turned(append(r.head[:0], x.seq[:i]...), y.seq[:j+1])
		r.tail = append(turned(r.tail[:0], x.seq[i:]), y.seq[j+1:]...)
	}
	r.replace(a, r.head)
	r.replace(b, r.tail)
}

// turned appends tasks in the other order.
func turned(to, seq []int32) []int32 {
	for k := len(seq) - 1; k >= 0; k-- {
		to = append(to, seq[k])
	}
	return to
}

// replace gives a tour other tasks in this step.
func (r *ruiner) replace(i int32, seq []int32) {
	t := r.touch(i)
	r.count(r.saved[i], -1)
	t.set(r.patch, r.saved[i].depot, seq)
	r.count(t, 1)
}

// pays reports whether the plan costs less than the bar when x goes on behind its first i
// tasks with what y has behind its first j, and y with the rest of x.
func (r *ruiner) pays(x *tour, i int, y *tour, j int, bar float64) bool {
	load := 0 // that comes to x
	if r.p.spec.Capacity > 0 {
		for _, t := range y.seq[j:] {
			load += int(r.load[t])
		}
		for _, t := range x.seq[i:] {
			load -= int(r.load[t])
		}
	}
	cost := r.cost
	for _, c := range [...]struct {
		before, after *tour
		i, j, load    int
	}{{x, y, i, j, load}, {y, x, j, i, -load}} {
		t := c.before
		cost += r.goal.charge(joined(r.patch, t, c.i, c.after, c.j)) - r.goal.charge(t.cost)
		cost += r.goal.fine * (r.p.excess(t.load+c.load) - r.p.excess(t.load))
	}
	return float64(cost) < bar
}

// joined is the cost of the first i tasks of x and then of all but the first j of y, both
// of one depot.
func joined(f *patch, x *tour, i int, y *tour, j int) int {
	w := f.width
	before, after := x.rows[i*f.stride:][:f.stride], y.rows[(j+1)*f.stride:][:f.stride]
	if i == 0 && j == len(y.seq) {
		return 0
	}
	best := int64(Never) * 4
	for k := range w {
		from := f.from[int(before[w+k])*f.places:][:f.places]
		for l := range w {
			best = min(best, int64(before[2*w+k])+int64(from[after[l]])+int64(after[3*w+l]))
		}
	}
	return int(best)
}

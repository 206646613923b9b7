package arc

// tour is a route under change: tasks in order, their directions left open. The
// tables hold, for each position and each mode of the task there, the cheapest cost
// of everything up to and including the service (ahead) and from the service to the
// depot, the service included (back). With them the best directions of all tasks
// are chosen anew in each move at the cost of a few additions
// (Vidal, "Node, edge, arc routing and turn penalties", Operations Research 65, 2017).
type tour struct {
	depot int
	seq   []int32
	ahead []int
	back  []int
	cost  int
	load  int // demand of all tasks, 0 where there is no capacity
}

// set gives the tour new tasks and fills its tables.
func (t *tour) set(p *Problem, seq []int32) {
	t.seq = append(t.seq[:0], seq...)
	t.fill(p)
}

// resize makes room in the tables for the present tasks.
func (t *tour) resize(p *Problem) {
	n := len(t.seq) * p.width
	for cap(t.ahead) < n {
		t.ahead = append(t.ahead[:cap(t.ahead)], 0)
	}
	for cap(t.back) < n {
		t.back = append(t.back[:cap(t.back)], 0)
	}
	t.ahead, t.back = t.ahead[:n], t.back[:n]
}

// fill computes the tables and the cost.
func (t *tour) fill(p *Problem) {
	t.resize(p)
	t.load = 0
	for i, task := range t.seq {
		t.load += p.demand(task)
		t.forward(p, i)
	}
	for i := len(t.seq) - 1; i >= 0; i-- {
		t.backward(p, i)
	}
	t.total(p)
}

func (t *tour) total(p *Problem) {
	t.cost = 0
	if len(t.seq) > 0 {
		best := int(^uint(0) >> 1)
		lo, hi := p.Modes(int(t.seq[0]))
		for m := lo; m < hi; m++ {
			best = min(best, p.Distance(p.depot(t.depot), m)+t.back[m-lo])
		}
		t.cost = best
	}
}

// forward computes one row of ahead from the one before it.
func (t *tour) forward(p *Problem, i int) {
	lo, hi := p.Modes(int(t.seq[i]))
	for m := lo; m < hi; m++ {
		t.ahead[i*p.width+m-lo] = t.reach(p, i, m) + int(p.spec.Modes[m].Cost)
	}
}

// reach is the cheapest cost of the tasks before position i and of the way on to
// the start of mode m.
func (t *tour) reach(p *Problem, i, m int) int {
	if i == 0 {
		return int(p.spec.Distance[p.depot(t.depot)*p.size+m])
	}
	lo, hi := p.Modes(int(t.seq[i-1]))
	row := (i - 1) * p.width
	best := t.ahead[row] + int(p.spec.Distance[lo*p.size+m])
	for k := lo + 1; k < hi; k++ {
		best = min(best, t.ahead[row+k-lo]+int(p.spec.Distance[k*p.size+m]))
	}
	return best
}

// backward computes one row of back from the one after it.
func (t *tour) backward(p *Problem, i int) {
	lo, hi := p.Modes(int(t.seq[i]))
	for m := lo; m < hi; m++ {
		t.back[i*p.width+m-lo] = t.leave(p, i+1, m) + int(p.spec.Modes[m].Cost)
	}
}

// leave is the cheapest cost from the end of mode m through the tasks from position
// i on to the depot.
func (t *tour) leave(p *Problem, i, m int) int {
	row := p.spec.Distance[m*p.size : (m+1)*p.size]
	if i == len(t.seq) {
		return int(row[p.depot(t.depot)])
	}
	lo, hi := p.Modes(int(t.seq[i]))
	at := i * p.width
	best := int(row[lo]) + t.back[at]
	for k := lo + 1; k < hi; k++ {
		best = min(best, int(row[k])+t.back[at+k-lo])
	}
	return best
}

// inserted is the cost of the tour with the task put in at position i.
func (t *tour) inserted(p *Problem, task int32, i int) int {
	lo, hi := p.Modes(int(task))
	best := int(^uint(0) >> 1)
	for m := lo; m < hi; m++ {
		best = min(best, t.reach(p, i, m)+int(p.spec.Modes[m].Cost)+t.leave(p, i, m))
	}
	return best
}

// insert puts the task in at position i and mends the tables.
func (t *tour) insert(p *Problem, task int32, i int) {
	t.seq = append(t.seq, 0)
	copy(t.seq[i+1:], t.seq[i:])
	t.seq[i] = task
	t.load += p.demand(task)
	t.resize(p)
	w := p.width
	copy(t.ahead[(i+1)*w:], t.ahead[i*w:len(t.ahead)-w])
	copy(t.back[(i+1)*w:], t.back[i*w:len(t.back)-w])
	t.forward(p, i)
	t.mendAhead(p, i+1)
	t.backward(p, i)
	t.mendBack(p, i-1)
	t.total(p)
}

// mendAhead computes the rows of ahead from position i on after a change before it.
// As soon as all modes of a row have changed by the same, so have all rows after it.
func (t *tour) mendAhead(p *Problem, i int) {
	w := p.width
	for ; i < len(t.seq); i++ {
		row := t.ahead[i*w : (i+1)*w]
		if by, same := t.forwardBy(p, i, row); same {
			for j := (i + 1) * w; j < len(t.ahead); j++ {
				t.ahead[j] += by
			}
			return
		}
	}
}

// mendBack computes the rows of back from position i down after a change behind it.
func (t *tour) mendBack(p *Problem, i int) {
	w := p.width
	for ; i >= 0; i-- {
		row := t.back[i*w : (i+1)*w]
		if by, same := t.backwardBy(p, i, row); same {
			for j := range i * w {
				t.back[j] += by
			}
			return
		}
	}
}

// forwardBy computes a row of ahead in place and reports whether all modes changed
// by the same, and by what.
func (t *tour) forwardBy(p *Problem, i int, row []int) (by int, same bool) {
	old := row[0]
	k := int(p.first[t.seq[i]+1] - p.first[t.seq[i]])
	if k == 1 {
		t.forward(p, i)
		return row[0] - old, true
	}
	if k == 2 {
		second := row[1]
		t.forward(p, i)
		by = row[0] - old
		return by, row[1]-second == by
	}
	t.forward(p, i)
	return 0, false
}

func (t *tour) backwardBy(p *Problem, i int, row []int) (by int, same bool) {
	old := row[0]
	k := int(p.first[t.seq[i]+1] - p.first[t.seq[i]])
	if k == 1 {
		t.backward(p, i)
		return row[0] - old, true
	}
	if k == 2 {
		second := row[1]
		t.backward(p, i)
		by = row[0] - old
		return by, row[1]-second == by
	}
	t.backward(p, i)
	return 0, false
}

// remove takes the tasks out for which out tells so and mends the tables.
func (t *tour) remove(p *Problem, out func(task int32) bool) {
	w := p.width
	n := 0
	first, last := -1, -1 // where tasks left: before the first kept the tables of ahead stand, after the last those of back
	for i, x := range t.seq {
		if out(x) {
			if first < 0 {
				first = n
			}
			last = n
			t.load -= p.demand(x)
			continue
		}
		t.seq[n] = x
		copy(t.ahead[n*w:(n+1)*w], t.ahead[i*w:(i+1)*w])
		copy(t.back[n*w:(n+1)*w], t.back[i*w:(i+1)*w])
		n++
	}
	if first < 0 {
		return
	}
	t.seq = t.seq[:n]
	t.ahead, t.back = t.ahead[:n*w], t.back[:n*w]
	for i := first; i < min(last, n); i++ {
		t.forward(p, i)
	}
	t.mendAhead(p, last)
	for i := last - 1; i >= first; i-- {
		t.backward(p, i)
	}
	t.mendBack(p, min(first, n)-1)
	t.total(p)
}

// modes chooses the best mode for every task of the tour.
func (t *tour) modes(p *Problem) []int {
	var out []int
	at := p.depot(t.depot)
	for i, task := range t.seq {
		lo, hi := p.Modes(int(task))
		best, cost := lo, int(^uint(0)>>1)
		for m := lo; m < hi; m++ {
			if c := p.Distance(at, m) + t.back[i*p.width+m-lo]; c < cost {
				best, cost = m, c
			}
		}
		out = append(out, best)
		at = best
	}
	return out
}

package arc

import "math"

// tour is a route under change: tasks of a patch in order, their directions left
// open. Its rows hold, for each mode of each task, the cheapest cost of everything
// up to and including the service (ahead) and from the service to the depot, the
// service included (back). With them the best directions of all tasks are chosen
// anew in each move at the cost of a few additions (Vidal, "Node, edge, arc routing
// and turn penalties", Operations Research 65, 2017).
type tour struct {
	depot   int
	seq     []int32
	rows    []int32 // one for the depot, one a task, one for the depot; see parts
	cost    int
	load    int    // demand of all tasks, 0 where there is no capacity
	version uint32 // differs whenever the tasks differ
}

// set gives the tour new tasks and fills its rows.
func (t *tour) set(f *patch, depot int, seq []int32) {
	t.depot = depot
	t.seq = append(t.seq[:0], seq...)
	t.rows = append(t.rows[:0], f.homes[depot]...)
	t.load = 0
	for _, task := range seq {
		t.rows = append(t.rows, f.rows[int(task)*f.stride:(int(task)+1)*f.stride]...)
		t.load += int(f.load[task])
	}
	t.rows = append(t.rows, f.homes[depot]...)
	for i := range seq {
		t.forward(f, i+1)
	}
	for i := len(seq); i > 0; i-- {
		t.backward(f, i)
	}
	t.finish(f)
}

// move gives the tour another depot.
func (t *tour) move(f *patch, depot int) { t.set(f, depot, append([]int32(nil), t.seq...)) }

// finish counts the cost.
func (t *tour) finish(f *patch) {
	t.cost = 0
	if n := len(t.seq); n > 0 {
		t.forward(f, n+1)
		t.cost = int(t.rows[(n+1)*f.stride+2*f.width])
	}
}

// forward computes what is ahead of row i from the row before it, and reports
// whether all modes have changed by the same, and by what.
func (t *tour) forward(f *patch, i int) (by int32, same bool) {
	n := f.places
	if f.width == 2 {
		b := t.rows[(i-1)*10 : (i+1)*10 : (i+1)*10]
		x, y := f.from[int(b[2])*n:][:n], f.from[int(b[3])*n:][:n]
		a0, a1 := int(b[4]), int(b[5])
		s0, s1 := int(b[10]), int(b[11])
		c0 := int32(min(a0+int(x[s0])+int(b[18]), a1+int(y[s0])+int(b[18]), math.MaxInt32))
		c1 := int32(min(a0+int(x[s1])+int(b[19]), a1+int(y[s1])+int(b[19]), math.MaxInt32))
		by, same = c0-b[14], c0-b[14] == c1-b[15]
		b[14], b[15] = c0, c1
		return by, same
	}
	w := f.width
	before, row := t.rows[(i-1)*f.stride:i*f.stride], t.rows[i*f.stride:(i+1)*f.stride]
	same = true
	for k := range w {
		c := math.MaxInt32
		for j := range w {
			c = min(c, int(before[2*w+j])+int(f.from[int(before[w+j])*n+int(row[k])]))
		}
		now := int32(min(c+int(row[4*w+k]), math.MaxInt32))
		d := now - row[2*w+k]
		if k == 0 {
			by = d
		}
		same = same && d == by
		row[2*w+k] = now
	}
	return by, same
}

// backward computes what is behind row i from the row after it.
func (t *tour) backward(f *patch, i int) (by int32, same bool) {
	n := f.places
	if f.width == 2 {
		b := t.rows[i*10 : (i+2)*10 : (i+2)*10]
		x, y := f.from[int(b[2])*n:][:n], f.from[int(b[3])*n:][:n]
		a0, a1 := int(b[16]), int(b[17])
		s0, s1 := int(b[10]), int(b[11])
		c0 := int32(min(a0+int(x[s0])+int(b[8]), a1+int(x[s1])+int(b[8]), math.MaxInt32))
		c1 := int32(min(a0+int(y[s0])+int(b[9]), a1+int(y[s1])+int(b[9]), math.MaxInt32))
		by, same = c0-b[6], c0-b[6] == c1-b[7]
		b[6], b[7] = c0, c1
		return by, same
	}
	w := f.width
	row, after := t.rows[i*f.stride:(i+1)*f.stride], t.rows[(i+1)*f.stride:(i+2)*f.stride]
	same = true
	for k := range w {
		c := math.MaxInt32
		for j := range w {
			c = min(c, int(after[3*w+j])+int(f.from[int(row[w+k])*n+int(after[j])]))
		}
		now := int32(min(c+int(row[4*w+k]), math.MaxInt32))
		d := now - row[3*w+k]
		if k == 0 {
			by = d
		}
		same = same && d == by
		row[3*w+k] = now
	}
	return by, same
}

// mendAhead computes what is ahead of the rows from i on after a change before it.
// As soon as all modes of a row have changed by the same, so have all rows after it;
// a tour over what cannot be reached is counted through, as its costs are cut off.
func (t *tour) mendAhead(f *patch, i int) {
	w := f.width
	for ; i <= len(t.seq); i++ {
		if by, same := t.forward(f, i); same && t.cost < Never {
			if by == 0 {
				return
			}
			for j := (i+1)*f.stride + 2*w; j < len(t.rows); j += f.stride {
				for k := range w {
					t.rows[j+k] += by
				}
			}
			return
		}
	}
}

// mendBack computes what is behind the rows from i down after a change behind it.
func (t *tour) mendBack(f *patch, i int) {
	w := f.width
	for ; i > 0; i-- {
		if by, same := t.backward(f, i); same && t.cost < Never {
			if by == 0 {
				return
			}
			for j := f.stride + 3*w; j < i*f.stride; j += f.stride {
				for k := range w {
					t.rows[j+k] += by
				}
			}
			return
		}
	}
}

// place finds where the task is put in at least cost: behind how many others, and
// what the tour costs then.
func (t *tour) place(f *patch, task int32) (cost, at int) {
	switch {
	case f.mirrored:
		return t.placeMirrored(f, task)
	case f.width == 2:
		return t.place2(f, task)
	}
	n, w := f.places, f.width
	row := f.rows[int(task)*f.stride : (int(task)+1)*f.stride]
	cost = math.MaxInt
	for i := range len(t.seq) + 1 {
		before, after := t.rows[i*f.stride:(i+1)*f.stride], t.rows[(i+1)*f.stride:(i+2)*f.stride]
		for k := range w {
			x, y := math.MaxInt32, math.MaxInt32
			into, from := f.into[int(row[k])*n:][:n], f.from[int(row[w+k])*n:][:n]
			for j := range w {
				x = min(x, int(before[2*w+j])+int(into[before[w+j]]))
				y = min(y, int(from[after[j]])+int(after[3*w+j]))
			}
			if c := x + int(row[4*w+k]) + y; c < cost {
				cost, at = c, i
			}
		}
	}
	return cost, at
}

// place2 is place for tasks of two modes. It reads four rows of costs only, which
// stay in the nearest cache.
func (t *tour) place2(f *patch, task int32) (cost, at int) {
	n := f.places
	row := f.rows[int(task)*10 : (int(task)+1)*10]
	into0, into1 := f.into[int(row[0])*n:][:n], f.into[int(row[1])*n:][:n]
	from0, from1 := f.from[int(row[2])*n:][:n], f.from[int(row[3])*n:][:n]
	c0, c1 := int(row[8]), int(row[9])
	b := t.rows[:10]
	e0, e1, a0, a1 := int(b[2]), int(b[3]), int(b[4]), int(b[5])
	cost = math.MaxInt
	for i := 10; i+10 <= len(t.rows); i += 10 {
		b := t.rows[i : i+10 : i+10]
		s0, s1, z0, z1 := int(b[0]), int(b[1]), int(b[6]), int(b[7])
		x := min(a0+int(into0[e0]), a1+int(into0[e1])) + c0 + min(int(from0[s0])+z0, int(from0[s1])+z1)
		y := min(a0+int(into1[e0]), a1+int(into1[e1])) + c1 + min(int(from1[s0])+z0, int(from1[s1])+z1)
		if c := min(x, y); c < cost {
			cost, at = c, i
		}
		e0, e1, a0, a1 = int(b[2]), int(b[3]), int(b[4]), int(b[5])
	}
	return cost, at/10 - 1
}

// placeMirrored is place2 where each mode is the other one backwards and costs are
// symmetric: what leads to the end of one task leads on from the start of the next.
func (t *tour) placeMirrored(f *patch, task int32) (cost, at int) {
	n := f.places
	row := f.rows[int(task)*10 : (int(task)+1)*10]
	u, v := f.from[int(row[0])*n:][:n], f.from[int(row[1])*n:][:n]
	b := t.rows[:10]
	u0, u1, v0, v1 := int(u[b[0]]), int(u[b[1]]), int(v[b[0]]), int(v[b[1]])
	c0, c1 := int(row[8]), int(row[9])
	a0, a1 := int(b[4]), int(b[5])
	cost = math.MaxInt
	for i := 10; i+10 <= len(t.rows); i += 10 {
		b := t.rows[i : i+10 : i+10]
		s0, s1, z0, z1 := b[0], b[1], int(b[6]), int(b[7])
		x, y := min(a0+u1, a1+u0)+c0, min(a0+v1, a1+v0)+c1
		u0, u1, v0, v1 = int(u[s0]), int(u[s1]), int(v[s0]), int(v[s1])
		x += min(v0+z0, v1+z1)
		y += min(u0+z0, u1+z1)
		if c := min(x, y); c < cost {
			cost, at = c, i
		}
		a0, a1 = int(b[4]), int(b[5])
	}
	return cost, at/10 - 1
}

// insert puts the task in behind i others.
func (t *tour) insert(f *patch, task int32, i int) {
	t.seq = append(t.seq, 0)
	copy(t.seq[i+1:], t.seq[i:])
	t.seq[i] = task
	t.load += int(f.load[task])
	s := f.stride
	for range s {
		t.rows = append(t.rows, 0)
	}
	copy(t.rows[(i+2)*s:], t.rows[(i+1)*s:len(t.rows)-s])
	copy(t.rows[(i+1)*s:(i+2)*s], f.rows[int(task)*s:(int(task)+1)*s])
	t.forward(f, i+1)
	t.mendAhead(f, i+2)
	t.backward(f, i+1)
	t.mendBack(f, i)
	t.finish(f)
}

// without makes the tour a copy of another one without the tasks for which kept is
// negative.
func (t *tour) without(f *patch, u *tour, kept []int32) {
	s := f.stride
	t.depot, t.load, t.cost = u.depot, u.load, u.cost
	t.seq, t.rows = t.seq[:0], append(t.rows[:0], u.rows[:s]...)
	first, last := -1, 0 // the rows behind the first and the last gap
	for i := 0; i < len(u.seq); {
		j := i
		for j < len(u.seq) && kept[u.seq[j]] >= 0 {
			j++
		}
		t.seq = append(t.seq, u.seq[i:j]...)
		t.rows = append(t.rows, u.rows[(i+1)*s:(j+1)*s]...)
		i = j
		for i < len(u.seq) && kept[u.seq[i]] < 0 {
			t.load -= int(f.load[u.seq[i]])
			i++
		}
		if i > j {
			last = len(t.seq) + 1
			if first < 0 {
				first = last
			}
		}
	}
	t.rows = append(t.rows, u.rows[len(u.rows)-s:]...)
	if first < 0 {
		return
	}
	for i := first; i < last; i++ {
		t.forward(f, i)
	}
	t.mendAhead(f, last)
	for i := last - 1; i >= first; i-- {
		t.backward(f, i)
	}
	t.mendBack(f, first-1)
	t.finish(f)
}

// copy makes the tour equal to another one.
func (t *tour) copy(u *tour) {
	t.depot, t.cost, t.load = u.depot, u.cost, u.load
	t.seq = append(t.seq[:0], u.seq...)
	t.rows = append(t.rows[:0], u.rows...)
}

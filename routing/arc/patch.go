package arc

// patch is a part of the problem, some tasks and everything about them, in tables
// of its own that are small enough for the cache of one core. Its tasks and places
// have numbers of their own. It belongs to one goroutine.
type patch struct {
	p      *Problem
	width  int
	stride int     // of a row of a tour
	tasks  []int32 // the problem's number of each task
	load   []int32 // demand of each task
	dear   []int32 // cost of the cheapest mode of each task
	far    []int32 // from the first depot to each task
	alone  []int32 // cheapest route for the task only, and its depot
	start  []int32 // best depot for the task alone
	rows   []int32 // of each task: the row of a tour without what comes before and after
	homes  [][]int32
	near   [][]int32 // of each task: the tasks that can follow or lead to it at least cost

	places int
	from   []int32 // cost from place to place
	into   []int32 // the same with rows and columns exchanged

	mirrored bool // costs are symmetric, and tasks have two modes of which each is the other backwards

	number []int32 // scratch: by place of the problem, its number here and -1 elsewhere
	used   []int32 // the problem's number of each place
	local  []int32 // scratch: by task of the problem
	spare  []int32 // scratch
	keys   []uint64
}

// A row of a tour has five parts of width entries: where the modes start, where
// they end, what everything up to the service costs with it, what it costs with
// everything after it up to the depot, and what the service itself costs.
const parts = 5

// newPatch returns an empty patch of the problem.
func newPatch(p *Problem) *patch {
	f := &patch{p: p, width: max(1, p.width), spare: make([]int32, p.table.places)}
	f.stride = parts * f.width
	f.number = make([]int32, p.table.places)
	for i := range f.number {
		f.number[i] = -1
	}
	f.local = make([]int32, p.tasks)
	for i := range f.local {
		f.local[i] = -1
	}
	return f
}

// cover makes the patch hold the tasks. near lists the neighbours of each task of
// the problem.
func (f *patch) cover(tasks []int32, near func(task int32) []int32) {
	for _, t := range f.tasks {
		f.local[t] = -1
	}
	for _, v := range f.used {
		f.number[v] = -1
	}
	f.tasks = append(f.tasks[:0], tasks...)
	f.used, f.rows, f.load, f.dear, f.far = f.used[:0], f.rows[:0], f.load[:0], f.dear[:0], f.far[:0]
	f.alone, f.start = f.alone[:0], f.start[:0]
	for i, t := range tasks {
		f.local[t] = int32(i)
	}
	p := f.p
	f.homes = f.homes[:0]
	for d := range p.spec.Depots {
		f.homes = append(f.homes, f.home(d))
	}
	for _, t := range tasks {
		f.add(t)
	}
	f.gather()
	for i := range tasks {
		f.alone = append(f.alone, Never)
		f.start = append(f.start, 0)
		row := f.rows[i*f.stride:]
		for d, home := range f.homes {
			for k := range f.width {
				c := f.cost(home[f.width], row[k]) + f.cost(row[f.width+k], home[0]) + row[4*f.width+k]
				if c < f.alone[i] {
					f.alone[i], f.start[i] = c, int32(d)
				}
			}
		}
		f.far = append(f.far, f.cost(f.homes[0][f.width], row[0]))
	}
	for len(f.near) < len(tasks) {
		f.near = append(f.near, nil)
	}
	f.near = f.near[:len(tasks)]
	for i, t := range tasks {
		f.near[i] = f.near[i][:0]
		for _, u := range near(t) {
			if k := f.local[u]; k >= 0 {
				f.near[i] = append(f.near[i], k)
			}
		}
	}
}

func (f *patch) cost(i, j int32) int32 { return f.from[int(i)*f.places+int(j)] }

// place is the number of a place of the problem in the patch.
func (f *patch) place(v int32) int32 {
	if f.number[v] < 0 {
		f.number[v] = int32(len(f.used))
		f.used = append(f.used, v)
	}
	return f.number[v]
}

// home is the row of a depot, both as the first and the last of a tour.
func (f *patch) home(d int) []int32 {
	row := make([]int32, f.stride)
	for k := range f.width {
		row[k] = f.place(f.p.into[f.p.depot(d)])
		row[f.width+k] = f.place(f.p.from[f.p.depot(d)])
	}
	return row
}

// add appends a task's row. Where it has fewer modes than others, its first one
// stands there several times.
func (f *patch) add(t int32) {
	p, w := f.p, f.width
	lo, hi := p.Modes(int(t))
	at := len(f.rows)
	for range f.stride {
		f.rows = append(f.rows, 0)
	}
	row := f.rows[at:]
	least := p.spec.Modes[lo].Cost
	for k := range w {
		m := lo + k
		if m >= hi {
			m = lo
		}
		row[k], row[w+k] = f.place(p.into[m]), f.place(p.from[m])
		row[4*w+k] = p.spec.Modes[m].Cost
		least = min(least, row[4*w+k])
	}
	f.dear = append(f.dear, least)
	f.load = append(f.load, int32(p.demand(t)))
}

// gather copies the costs between the patch's places.
func (f *patch) gather() {
	n := len(f.used)
	f.places = n
	f.from = resize(f.from, n*n)
	for i, v := range f.used {
		row := f.p.table.row(v, f.spare)
		out := f.from[i*n : (i+1)*n]
		for j, u := range f.used {
			out[j] = row[u]
		}
		f.p.charge(int(v), out, func(j int) int32 { return f.number[j] })
	}
	f.mirrored = f.symmetric()
	if f.p.table.symmetric {
		f.into = f.from
		return
	}
	f.into = resize(f.into, n*n)
	const block = 32
	for a := 0; a < n; a += block {
		for b := 0; b < n; b += block {
			for i := a; i < min(n, a+block); i++ {
				for j := b; j < min(n, b+block); j++ {
					f.into[j*n+i] = f.from[i*n+j]
				}
			}
		}
	}
}

// symmetric reports whether the patch is mirrored.
func (f *patch) symmetric() bool {
	if !f.p.table.symmetric || f.width != 2 {
		return false
	}
	for at := 0; at < len(f.rows); at += f.stride {
		if r := f.rows[at:]; r[0] != r[3] || r[1] != r[2] {
			return false
		}
	}
	for _, r := range f.homes {
		if r[0] != r[2] {
			return false
		}
	}
	return true
}

// resize returns a slice of that length, the same memory where there is room.
func resize(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	return s[:n]
}

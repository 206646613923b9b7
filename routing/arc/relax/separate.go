package relax

import (
	"cmp"
	"slices"
)

// separate looks for sets of places whose rows the present solution breaks, the
// cheap ways first, and reports whether it found some. After more slow rounds it
// looks harder.
func (p *programme) separate(w *Work, slow int) bool {
	found := 0
	for _, q := range p.parts {
		if (q.row < 0 || q.inside < 0) && p.take(q) {
			found++
		}
	}
	w.Spend(int64(len(p.parts)) * 16)
	found += p.islands(w)
	if found > 0 && slow == 0 {
		return true
	}
	found += p.branches(w)
	found += p.ranges(w)
	if found > 0 && slow%3 != 2 {
		return true
	}
	found += p.pairs(w)
	found += p.growths(w)
	return found > 0
}

// islands offers what hangs together when weak edges are taken away: with the tasks'
// edges for what is not connected to a depot, and without them for odd borders.
func (p *programme) islands(w *Work) int {
	found := 0
	for _, tasks := range []bool{true, false} {
		for _, weak := range []float64{0.01, 0.1, 0.25, 0.45, 0.65, 0.85, 1.1} {
			if tasks && weak > 0.9 {
				continue
			}
			for _, set := range p.components(tasks, weak) {
				if p.promising(set, tasks) && p.offer(set, true) {
					found++
				}
			}
			w.Spend(int64(len(p.n.edges)) * 4)
		}
	}
	return found
}

// promising reports whether a set may break a row at all.
func (p *programme) promising(set []int32, tasks bool) bool {
	odd, home, task := false, false, false
	for _, v := range set {
		odd = odd != p.s.odd[v]
		home = home || p.n.depot[v]
		task = task || len(p.s.tasksAt[v]) > 0
	}
	return odd || tasks && task && !home
}

// components lists what hangs together over edges of more than weak, at most half
// of all places each; tasks tells whether edges count their tasks.
func (p *programme) components(tasks bool, weak float64) [][]int32 {
	n := p.n
	root := make([]int32, n.in.Places)
	for i := range root {
		root[i] = int32(i)
	}
	var find func(v int32) int32
	find = func(v int32) int32 {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	for i, e := range n.edges {
		if p.support[i] > weak || tasks && e.tasks > 0 {
			root[find(e.a)] = find(e.b)
		}
	}
	for _, group := range n.ties {
		for _, v := range group[1:] {
			root[find(v)] = find(group[0])
		}
	}
	sets := make([][]int32, n.in.Places)
	for v := range int32(n.in.Places) {
		r := find(v)
		sets[r] = append(sets[r], v)
	}
	return slices.DeleteFunc(sets, func(s []int32) bool { return len(s) == 0 || len(s) == n.in.Places })
}

// branches offers what lies beyond each place on the cheapest ways from the first
// depot: far ends of town that take several vehicles.
func (p *programme) branches(w *Work) int {
	if p.longest == 0 && p.n.in.Capacity == 0 || len(p.n.in.Depots) == 0 {
		return 0
	}
	if p.tree == nil {
		p.tree = p.n.branches()
	}
	found := 0
	for _, set := range p.tree {
		if p.offer(set, false) {
			found++
		}
		if w.Spend(int64(len(set)) * 8) {
			break
		}
	}
	return found
}

// ranges offers, for some distances from the depots, the set of places beyond it
// whose tasks ask for more vehicles than come in: a least cut that weighs what
// crosses a border against what is to be done behind it.
func (p *programme) ranges(w *Work) int {
	if p.longest == 0 && p.n.in.Capacity == 0 {
		return 0
	}
	far := make([]int64, p.n.in.Places)
	var all []int64
	for v := range far {
		far[v] = 2 * int64(unreached)
		for d := range p.n.in.Depots {
			far[v] = min(far[v], int64(p.n.out[d][v])+int64(p.n.in2[d][v]))
		}
		if !p.n.depot[v] && far[v] < int64(unreached) {
			all = append(all, far[v])
		}
	}
	slices.SortFunc(all, cmp.Compare[int64])
	if len(all) == 0 {
		return 0
	}
	const levels = 12
	found := 0
	last := int64(-1)
	for i := range levels {
		level := all[i*len(all)/levels]
		if level == last {
			continue
		}
		last = level
		for _, set := range p.beyond(w, far, level) {
			if p.offer(set, true) {
				found++
			}
		}
		if w.Spend(0) {
			break
		}
	}
	return found
}

// beyond finds the worst sets among the places at least that far: by the time that
// routes have left there and by capacity. Each set is offered whole and in its
// parts that hang together.
func (p *programme) beyond(w *Work, far []int64, level int64) (sets [][]int32) {
	n := p.n
	room := p.longest - level
	if p.longest > 0 && room > 0 {
		for _, zeal := range []float64{1, 1.3} {
			sets = append(sets, p.worst(w, far, level, func(e *edge, i int) (weight float64) {
				for _, c := range []int32{e.there, e.back} {
					if c >= 0 {
						weight += max(0, p.lp.Value(int(c))) * float64(n.cost[c])
					}
				}
				return weight * zeal / float64(room)
			}, func(t *duty) (weight float64) {
				weight = float64(t.least)
				for _, c := range t.other {
					weight += max(0, p.lp.Value(int(c))) * float64(n.cost[c])
				}
				return weight * zeal / float64(room)
			}, true)...)
		}
	}
	if n.in.Capacity > 0 {
		for _, zeal := range []float64{1, 1.3} {
			sets = append(sets, p.worst(w, far, level, func(*edge, int) float64 { return 0 }, func(t *duty) float64 {
				return zeal * float64(t.demand) / float64(n.in.Capacity)
			}, false)...)
		}
	}
	return sets
}

// worst finds the set S among the far places with the least (crossing of S) - 2
// times (weight of S). Where inside is true only what lies inside counts as weight,
// else also what touches.
func (p *programme) worst(w *Work, far []int64, level int64, edges func(e *edge, i int) float64, tasks func(t *duty) float64, inside bool) [][]int32 {
	n := p.n
	source, sink := int32(n.in.Places), int32(n.in.Places+1)
	f := newFlow(n.in.Places + 2)
	weight := make([]float64, n.in.Places)
	across := make([]float64, len(n.edges))
	for i := range n.edges {
		e := &n.edges[i]
		x := edges(e, i)
		across[i] = p.support[i] + float64(e.tasks) + x
		weight[e.a] += x
		weight[e.b] += x
	}
	for i := range n.tasks {
		t := &n.tasks[i]
		x := tasks(t)
		switch {
		case t.edge >= 0:
			e := &n.edges[t.edge]
			if inside {
				across[t.edge] += x
			} else {
				across[t.edge] -= x
			}
			weight[e.a] += x
			weight[e.b] += x
		case len(t.places) == 1:
			weight[t.places[0]] += 2 * x
		}
	}
	near := func(v int32) bool { return n.depot[v] || far[v] < level }
	for i := range n.edges {
		e := &n.edges[i]
		c := steps(across[i])
		switch a, b := near(e.a), near(e.b); {
		case a && b || c == 0:
		case a:
			f.join(e.b, sink, c, 0)
		case b:
			f.join(e.a, sink, c, 0)
		default:
			f.join(e.a, e.b, c, c)
		}
	}
	for v, x := range weight {
		if !near(int32(v)) && x > 0 {
			f.join(source, int32(v), steps(x), 0)
		}
	}
	for _, group := range n.ties {
		for _, v := range group[1:] {
			if !near(v) && !near(group[0]) {
				f.join(group[0], v, 1<<40, 1<<40)
			}
		}
	}
	f.between(source, sink, 1<<60)
	side := f.side(source)
	w.Spend(f.work * 2)
	var set []int32
	for _, v := range side {
		if v < source {
			set = append(set, v)
		}
	}
	if len(set) == 0 {
		return nil
	}
	out := [][]int32{set}
	if parts := p.apart(set); len(parts) > 1 {
		out = append(out, parts...)
	}
	return out
}

// apart lists the parts of a set that hang together by tasks or driving.
func (p *programme) apart(set []int32) (parts [][]int32) {
	in := map[int32]bool{}
	for _, v := range set {
		in[v] = true
	}
	slices.Sort(set)
	for _, v := range set {
		if !in[v] {
			continue
		}
		delete(in, v)
		part := []int32{v}
		for k := 0; k < len(part); k++ {
			for _, i := range p.n.at[part[k]] {
				e := &p.n.edges[i]
				u := e.a + e.b - part[k]
				if in[u] && (p.support[i] > 1e-6 || e.tasks > 0) {
					delete(in, u)
					part = append(part, u)
				}
			}
		}
		parts = append(parts, part)
	}
	return parts
}

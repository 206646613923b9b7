package relax

// pairs offers least cuts between places where an odd number of tasks ends, by
// driving without service, as Gusfield orders them ("Very simple methods for all
// pairs network flow analysis", SIAM Journal on Computing 19, 1990); then those
// between a depot and tasks.
func (p *programme) pairs(w *Work) int {
	n := p.n
	f := newFlow(n.in.Places)
	for i, e := range n.edges {
		if c := steps(p.support[i]); c > 0 {
			f.join(e.a, e.b, c, c)
		}
	}
	for _, group := range n.ties {
		for _, v := range group[1:] {
			f.join(group[0], v, 1<<40, 1<<40)
		}
	}
	var odd []int32
	for v := range int32(n.in.Places) {
		if p.s.odd[v] {
			odd = append(odd, v)
		}
	}
	found := 0
	tree := make([]int, len(odd))
	at := map[int32]int{}
	for i, v := range odd {
		at[v] = i
	}
	for i := 1; i < len(odd); i++ {
		before := f.work
		v := f.between(odd[i], odd[tree[i]], fine)
		if v < fine {
			side := f.side(odd[i])
			for _, u := range side {
				if j, ok := at[u]; ok && j > i && tree[j] == tree[i] {
					tree[j] = i
				}
			}
			if p.promising(side, false) && p.offer(side, true) {
				found++
			}
		}
		if w.Spend((f.work - before) * 2) {
			return found
		}
	}
	return found + p.mainland(w)
}

// mainland offers least cuts between the depots and the places of tasks.
func (p *programme) mainland(w *Work) int {
	n := p.n
	home := int32(n.in.Places)
	f := newFlow(n.in.Places + 1)
	for i, e := range n.edges {
		if c := steps(p.support[i]) + int64(e.tasks)*fine; c > 0 {
			f.join(e.a, e.b, c, c)
		}
	}
	for v, is := range n.depot {
		if is {
			f.join(int32(v), home, 1<<40, 1<<40)
		}
	}
	for _, group := range n.ties {
		for _, v := range group[1:] {
			f.join(group[0], v, 1<<40, 1<<40)
		}
	}
	found := 0
	cut := make([]bool, n.in.Places)
	for v := range int32(n.in.Places) {
		if len(p.s.tasksAt[v]) == 0 || n.depot[v] || cut[v] {
			continue
		}
		before := f.work
		if f.between(v, home, 2*fine) < 2*fine-fine/50 {
			side := f.side(v)
			for _, u := range side {
				cut[u] = true
			}
			if p.offer(side, true) {
				found++
			}
		} else {
			// Places that tasks join to this one are as well connected.
			cut[v] = true
		}
		if w.Spend((f.work - before) * 2) {
			return found
		}
	}
	return found
}

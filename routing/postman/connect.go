package postman

// connect joins the parts of the walk: each by a way there and back from the nearest
// place that is joined already.
func (w *walk) connect() error {
	parts := newSets(len(w.t.X))
	has := make([]bool, len(w.t.X))
	for _, e := range w.edges {
		parts.join(e.from, e.to)
		has[e.from], has[e.to] = true, true
	}
	members := map[int32][]int32{}
	for v := range has {
		if has[v] {
			r := parts.find(int32(v))
			members[r] = append(members[r], int32(v))
		}
	}
	l := newLabels(len(w.t.X))
	take := func(part int32) {
		for _, v := range members[part] {
			l.reach(v, 0, -1)
		}
		delete(members, part)
	}
	take(parts.find(w.edges[0].from))
	for len(members) > 0 {
		v, d, ok := l.settle()
		if !ok {
			return ErrCut
		}
		if part := parts.find(v); has[v] && members[part] != nil {
			u := v
			for l.by[u] >= 0 {
				u = w.t.Ways[l.by[u]].From
			}
			there := Leg{Street: -1, Way: -1}
			w.edges = append(w.edges, edge{u, v, there}, edge{v, u, there})
			take(part)
			d = 0
		}
		w.spread(&l, v, d)
	}
	return nil
}

// sets are a union-find.
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) find(v int32) int32 {
	for s[v] != v {
		s[v] = s[s[v]]
		v = s[v]
	}
	return v
}

// join reports whether the two were apart.
func (s sets) join(u, v int32) bool {
	u, v = s.find(u), s.find(v)
	s[v] = u
	return u != v
}

// expand puts the ways that connections lead along in their place, so that their turns
// count and the walk may leave a connection halfway.
func (w *walk) expand() error {
	l := newLabels(len(w.t.X))
	var kept, ways []edge
	for _, e := range w.edges {
		if e.leg.Street >= 0 || e.leg.Way >= 0 {
			kept = append(kept, e)
			continue
		}
		l.clear()
		l.reach(e.from, 0, -1)
		v, d, ok := l.settle()
		for ; ok && v != e.to; v, d, ok = l.settle() {
			w.spread(&l, v, d)
		}
		if !ok {
			return ErrCut
		}
		for ; v != e.from; v = w.t.Ways[l.by[v]].From {
			x := w.t.Ways[l.by[v]]
			ways = append(ways, edge{x.From, x.To, Leg{Street: -1, Way: l.by[v]}})
		}
	}
	w.edges = append(kept, ways...)
	return nil
}

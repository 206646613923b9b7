package relax

import (
	"cmp"
	"slices"
)

// shellsMost is how many shells the programme begins with.
const shellsMost = 1500

// shell is what hangs together of all places beyond a distance from the depots, over a
// range of such distances.
type shell struct {
	last  int32 // its nearest place
	part  part  // places and border are not told
	width int64 // of the range
}

// shells lists them for an even network, the nearest place of each in falling order of
// distance. An edge leaves shells whose widths add up to the difference of the
// distances of its ends, which is at most its cost. So the widths are prices: each
// shell, width times what crosses its border at least, and all of them together are a
// bound (the radial bound of the literature, with what is served on the way taken off
// and vehicles counted whole).
func (n *Network) shells() []shell {
	far := n.far
	order := make([]int32, 0, n.in.Places)
	for v := range int32(n.in.Places) {
		if far[v] < unreached {
			order = append(order, v)
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(far[b], far[a]) })
	s := &sheller{n: n, far: far, root: make([]int32, n.in.Places), now: make([]shell, n.in.Places)}
	s.tasksAt = newSurveyor(n).tasksAt
	for v := range s.root {
		s.root[v] = -1
	}
	for _, v := range order {
		s.add(v)
	}
	return s.done
}

// sheller takes in one place after the other.
type sheller struct {
	n       *Network
	far     []int32
	tasksAt [][]int32
	root    []int32 // by place: towards the root of its shell, -1 while it is in none
	now     []shell // by root
	done    []shell
}

func (s *sheller) find(v int32) int32 {
	for s.root[v] != v {
		s.root[v] = s.root[s.root[v]]
		v = s.root[v]
	}
	return v
}

// add takes in a place: what it touches becomes one shell, and the shells that did so
// until now end here.
func (s *sheller) add(v int32) {
	s.root[v] = v
	all := shell{last: v, part: part{row: -1, inside: -1, home: s.n.depot[v], access: 2 * int64(s.far[v])}}
	join := func(u int32) {
		if s.root[u] < 0 {
			return
		}
		r := s.find(u)
		if r == v {
			return
		}
		old := s.now[r]
		old.width = int64(s.far[old.last]) - int64(s.far[v])
		if old.width > 0 {
			s.done = append(s.done, old)
		}
		p := &all.part
		p.home = p.home || old.part.home
		p.crossed += old.part.crossed
		p.touched += old.part.touched
		p.demand += old.part.demand
		p.inner += old.part.inner
		s.root[r] = v
	}
	for _, i := range s.n.at[v] {
		join(s.n.edges[i].a + s.n.edges[i].b - v)
	}
	for _, i := range s.tasksAt[v] {
		t := &s.n.tasks[i]
		switch {
		case t.edge < 0: // at this place only
			all.part.inner += t.least
		case s.root[s.n.edges[t.edge].a] >= 0 && s.root[s.n.edges[t.edge].b] >= 0:
			all.part.crossed--
			all.part.inner += t.least
			continue
		default:
			all.part.crossed++
		}
		all.part.touched++
		all.part.demand += t.demand
	}
	s.now[v] = all
}

// shelled is the bound of all shells together, for routes of at most longest.
func (n *Network) shelled(all []shell, longest int64) int64 {
	sum := n.services
	for i := range all {
		sum += all[i].width * n.least(&all[i].part, longest)
	}
	return sum
}

// begin adds the rows of the shells that weigh most.
func (p *programme) begin() {
	n := p.n
	if !n.even || p.longest == 0 && n.in.Capacity == 0 {
		return
	}
	p.bound = max(p.bound, float64(n.shelled(n.shell, p.longest)))
	weight := func(s *shell) int64 { return s.width * (n.least(&s.part, p.longest)) }
	all := make([]*shell, 0, len(n.shell))
	for i := range n.shell {
		if s := &n.shell[i]; s.part.touched > 1 && weight(s) > 0 {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b *shell) int { return cmp.Compare(weight(b), weight(a)) })
	mark := make([]int32, n.in.Places)
	for i, s := range all[:min(len(all), shellsMost)] {
		p.offer(n.places(s, mark, int32(i+1)), false)
	}
}

// places lists the places of a shell. No place may be marked with now.
func (n *Network) places(s *shell, mark []int32, now int32) []int32 {
	mark[s.last] = now
	out := []int32{s.last}
	for k := 0; k < len(out); k++ {
		for _, i := range n.at[out[k]] {
			u := n.edges[i].a + n.edges[i].b - out[k]
			if mark[u] != now && n.far[u] >= n.far[s.last] {
				mark[u] = now
				out = append(out, u)
			}
		}
	}
	return out
}

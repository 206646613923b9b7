package arc

import "math"

// roads are how routes are priced: places joined by steps that drive or do a task.
type roads struct {
	ahead [][]step  // by place: steps that leave it
	back  [][]step  // by place: steps that come to it, with where they come from
	home  []int32   // by depot
	away  [][]int32 // by depot: the cost of the way to each place
	near  [][]int32 // by depot: the cost of the way back from each place
}

// step goes to a place; task is -1 where it only drives.
type step struct{ to, cost, task int32 }

// roads takes the streets that the problem tells where ways along them cost just what
// ways between tasks do, and else joins the end of each mode to the start of each.
func (p *Problem) roads() *roads {
	if r := p.streets(); r != nil && r.agree(p) {
		return r
	}
	modes := int32(len(p.spec.Modes))
	r := newRoads(2*int(modes) + len(p.spec.Depots))
	for d := range p.spec.Depots {
		home := 2*modes + int32(d)
		r.home = append(r.home, home)
		for m := range modes {
			r.add(home, m, int32(p.Distance(p.depot(d), int(m))), -1)
			r.add(modes+m, home, int32(p.Distance(int(m), p.depot(d))), -1)
		}
	}
	for i := range modes {
		r.add(i, modes+i, p.spec.Modes[i].Cost, p.spec.Modes[i].Task)
		for j := range modes {
			if p.spec.Modes[i].Task != p.spec.Modes[j].Task {
				r.add(modes+i, j, int32(p.Distance(int(i), int(j))), -1)
			}
		}
	}
	r.measure()
	return r
}

// streets are the roads by arcs, or by links; nil where none are told.
func (p *Problem) streets() *roads {
	s := &p.spec
	arcs := s.Arcs
	if len(arcs) == 0 {
		for _, l := range s.Links {
			arcs = append(arcs, Arc{l.A, l.B, l.Cost}, Arc{l.B, l.A, l.Cost})
		}
	}
	if len(arcs) == 0 {
		return nil
	}
	places := int32(0)
	for _, a := range arcs {
		places = max(places, a.From+1, a.To+1)
	}
	for _, m := range s.Modes {
		places = max(places, m.Tail+1, m.Head+1)
	}
	for _, d := range s.Depots {
		places = max(places, d+1)
	}
	r := newRoads(int(places))
	r.home = s.Depots
	for _, a := range arcs {
		if a.From != a.To {
			r.add(a.From, a.To, a.Cost, -1)
		}
	}
	for _, m := range s.Modes {
		r.add(m.Tail, m.Head, m.Cost, m.Task)
	}
	r.measure()
	return r
}

func newRoads(places int) *roads {
	return &roads{ahead: make([][]step, places), back: make([][]step, places)}
}

func (r *roads) add(from, to, cost, task int32) {
	if cost >= Never {
		return
	}
	r.ahead[from] = append(r.ahead[from], step{to, cost, task})
	r.back[to] = append(r.back[to], step{from, cost, task})
}

// measure finds the cheapest ways to and from the depots.
func (r *roads) measure() {
	for _, home := range r.home {
		r.away = append(r.away, cheapestWays(r.ahead, home))
		r.near = append(r.near, cheapestWays(r.back, home))
	}
}

// agree reports whether ways along the steps cost what the problem says.
func (r *roads) agree(p *Problem) bool {
	s := &p.spec
	for d := range r.home {
		for m, mode := range s.Modes {
			if int(r.away[d][mode.Tail]) != p.Distance(p.depot(d), m) || int(r.near[d][mode.Head]) != p.Distance(m, p.depot(d)) {
				return false
			}
		}
	}
	for i, a := range s.Modes {
		from := cheapestWays(r.ahead, a.Head)
		for j, b := range s.Modes {
			if a.Task != b.Task && int(from[b.Tail]) != p.Distance(i, j) {
				return false
			}
		}
	}
	return true
}

// cheapestWays is Dijkstra's algorithm from a place to every place; tasks may be done
// on the way.
func cheapestWays(steps [][]step, from int32) []int32 {
	cost := make([]int32, len(steps))
	for v := range cost {
		cost[v] = Never
	}
	cost[from] = 0
	var q queue
	q.push(0, from)
	for len(q) > 0 {
		c, v := q.pop()
		if c > cost[v] {
			continue
		}
		for _, s := range steps[v] {
			if to := c + s.cost; to < cost[s.to] {
				cost[s.to] = to
				q.push(to, s.to)
			}
		}
	}
	return cost
}

// queue hands out numbers, the cheapest first.
type queue []uint64

func (q *queue) push(cost, number int32) {
	e := uint64(cost)<<32 | uint64(number)
	h := append(*q, e)
	i := len(h) - 1
	for i > 0 && h[(i-1)/2] > e {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = e
	*q = h
}

func (q *queue) pop() (cost, number int32) {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for 2*i+1 < len(h) {
		c := 2*i + 1
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[c] >= last {
			break
		}
		h[i] = h[c]
		i = c
	}
	if len(h) > 0 {
		h[i] = last
	}
	*q = h
	return int32(top >> 32), int32(top & math.MaxUint32)
}

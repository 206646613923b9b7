package relax

import "math"

// Limits of growths: places of a set, and work of one round.
const (
	growthPlaces = 400
	growthWork   = 1 << 23
)

// growths offers sets that grow from each place with tasks, each time by the place that
// leaves the least crossing. Unlike a least cut that sees how vehicles are counted whole.
func (p *programme) growths(w *Work) int {
	n := p.n
	if p.longest == 0 && n.in.Capacity == 0 {
		return 0
	}
	g := &growth{p: p, in: make([]bool, n.in.Places), beside: make([]float64, n.in.Places), weight: make([]float64, n.in.Places), done: make([]bool, len(n.tasks))}
	for i, e := range n.edges {
		x := p.support[i] + float64(e.tasks)
		g.weight[e.a] += x
		g.weight[e.b] += x
	}
	found, before := 0, w.used
	for k := range n.in.Places {
		// Where the work does not do for all, each round begins elsewhere.
		v := int32((k + p.grown) % n.in.Places)
		if n.depot[v] || len(p.s.tasksAt[v]) == 0 {
			continue
		}
		if set := g.from(v); set != nil && p.offer(set, false) {
			found++
		}
		if w.Spend(g.spent()) || w.used-before > growthWork {
			p.grown = int(v) + 1
			break
		}
	}
	return found
}

// growth is one set that grows.
type growth struct {
	p      *programme
	in     []bool
	beside []float64 // by place: crossing between it and the set
	weight []float64 // by place: crossing of its own
	done   []bool    // by task: counted
	places []int32
	fringe []int32
	work   int64
}

func (g *growth) spent() int64 {
	w := g.work
	g.work = 0
	return w
}

// from grows a set and returns it as it was when it broke its border's row most, nil
// where it never did.
func (g *growth) from(v int32) []int32 {
	n := g.p.n
	q := part{access: math.MaxInt64}
	there, back := make([]int32, len(n.in.Depots)), make([]int32, len(n.in.Depots))
	for d := range there {
		there[d], back[d] = unreached, unreached
	}
	crossing, worst, at := 0.0, violated, 0
	for len(g.places) < growthPlaces {
		crossing += g.weight[v] - 2*g.beside[v]
		g.take(v, &q)
		q.access = math.MaxInt64
		for d := range there {
			there[d], back[d] = min(there[d], n.out[d][v]), min(back[d], n.in2[d][v])
			q.access = min(q.access, int64(there[d])+int64(back[d]))
		}
		if by := float64(n.least(&q, g.p.longest)) - (crossing - float64(q.crossed)); by > worst {
			worst, at = by, len(g.places)
		}
		if v = g.next(); v < 0 {
			break
		}
	}
	var set []int32
	if at > 0 {
		set = append(set, g.places[:at]...)
	}
	g.clear()
	return set
}

// take takes a place in.
func (g *growth) take(v int32, q *part) {
	n := g.p.n
	g.in[v] = true
	g.places = append(g.places, v)
	for _, i := range n.at[v] {
		e := &n.edges[i]
		u := e.a + e.b - v
		if g.in[u] {
			continue
		}
		if g.beside[u] == 0 {
			g.fringe = append(g.fringe, u)
		}
		g.beside[u] += g.p.support[i] + float64(e.tasks) + 1e-9
	}
	for _, i := range g.p.s.tasksAt[v] {
		t := &n.tasks[i]
		if !g.done[i] {
			g.done[i] = true
			q.touched++
			q.demand += t.demand
			if t.edge >= 0 {
				q.crossed++
				continue
			}
		} else if t.edge >= 0 {
			q.crossed--
		}
		if t.edge >= 0 || len(t.places) == 1 {
			q.inner += t.least
		}
	}
	g.work += int64(len(n.at[v]) + len(g.p.s.tasksAt[v]))
}

// next is the place beside the set that adds least crossing, -1 where there is none.
func (g *growth) next() int32 {
	best, least := int32(-1), math.Inf(1)
	k := 0
	for _, u := range g.fringe {
		if g.in[u] {
			continue
		}
		g.fringe[k] = u
		k++
		if x := g.weight[u] - 2*g.beside[u]; x < least && !g.p.n.depot[u] {
			best, least = u, x
		}
	}
	g.work += int64(len(g.fringe))
	g.fringe = g.fringe[:k]
	return best
}

// clear makes ready for the next set.
func (g *growth) clear() {
	for _, v := range g.places {
		g.in[v] = false
		for _, i := range g.p.n.at[v] {
			e := &g.p.n.edges[i]
			g.beside[e.a], g.beside[e.b] = 0, 0
		}
		for _, i := range g.p.s.tasksAt[v] {
			g.done[i] = false
		}
	}
	g.places, g.fringe = g.places[:0], g.fringe[:0]
}

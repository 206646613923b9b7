package arc

import (
	"sync"

	"gridbeat/routing/arc/match"
)

// postman is the relaxation of a problem to one walker without depot or limit: every
// place where an odd number of tasks end has to be left or reached once more, so the
// cheapest pairing of these places over the links comes on top of the services
// (Edmonds and Johnson, "Matching, Euler tours and the Chinese postman",
// Mathematical Programming 5, 1973).
type postman struct {
	once     sync.Once
	done     bool // false when the problem has no links or is too large
	services int
	deadhead int
	pairs    [][2]int32
}

// oddMost is the number of odd places up to which the pairing is computed.
const oddMost = 3000

func (p *Problem) postman() *postman {
	p.relaxed.once.Do(func() { p.relaxed.solve(p) })
	return p.relaxed
}

func (r *postman) solve(p *Problem) {
	degree := map[int32]int{}
	for t := range p.tasks {
		lo, hi := p.Modes(t)
		least := p.spec.Modes[lo].Cost
		for m := lo + 1; m < hi; m++ {
			least = min(least, p.spec.Modes[m].Cost)
		}
		r.services += int(least)
		degree[p.spec.Modes[lo].Tail]++
		degree[p.spec.Modes[lo].Head]++
	}
	if len(p.spec.Links) == 0 {
		return
	}
	w := newWeb(p.spec.Links)
	var odd []int32
	for v := range int32(w.nodes) {
		if degree[v]%2 == 1 {
			odd = append(odd, v)
		}
	}
	if len(odd) > oddMost || len(odd)%2 == 1 {
		return
	}
	table := make([]int32, len(odd)*len(odd))
	for i, v := range odd {
		w.from(v)
		for j, u := range odd {
			table[i*len(odd)+j] = w.cost[u]
		}
	}
	cost := func(i, j int) int { return int(table[i*len(odd)+j]) }
	mate, err := match.Complete(len(odd), 10, cost)
	if err != nil {
		return
	}
	for i, j := range mate {
		if i < j {
			if cost(i, j) >= Never {
				return // places that no link connects: the links are not what they should be
			}
			r.deadhead += cost(i, j)
			r.pairs = append(r.pairs, [2]int32{odd[i], odd[j]})
		}
	}
	r.done = true
}

// web is the graph of the links.
type web struct {
	nodes int
	start []int32
	to    []int32
	weigh []int32
	cost  []int32 // from the last source
	queue queue
}

func newWeb(links []Link) *web {
	w := &web{}
	for _, l := range links {
		w.nodes = max(w.nodes, int(l.A)+1, int(l.B)+1)
	}
	w.start = make([]int32, w.nodes+1)
	for _, l := range links {
		w.start[l.A+1]++
		w.start[l.B+1]++
	}
	for i := range w.nodes {
		w.start[i+1] += w.start[i]
	}
	fill := append([]int32(nil), w.start...)
	w.to, w.weigh = make([]int32, 2*len(links)), make([]int32, 2*len(links))
	for _, l := range links {
		w.to[fill[l.A]], w.weigh[fill[l.A]] = l.B, l.Cost
		fill[l.A]++
		w.to[fill[l.B]], w.weigh[fill[l.B]] = l.A, l.Cost
		fill[l.B]++
	}
	w.cost = make([]int32, w.nodes)
	return w
}

// from computes the cost from the sources to every node by Dijkstra's algorithm.
func (w *web) from(sources ...int32) {
	for i := range w.cost {
		w.cost[i] = Never
	}
	w.queue = w.queue[:0]
	for _, s := range sources {
		w.cost[s] = 0
		w.queue.push(0, s)
	}
	for len(w.queue) > 0 {
		cost, v := w.queue.pop()
		if cost > w.cost[v] {
			continue
		}
		for i := w.start[v]; i < w.start[v+1]; i++ {
			if c := cost + w.weigh[i]; c < w.cost[w.to[i]] {
				w.cost[w.to[i]] = c
				w.queue.push(c, w.to[i])
			}
		}
	}
}

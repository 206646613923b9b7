package arc

// euler returns all tasks in the order of an Euler tour through them, the cheapest
// pairing of odd places and the cheapest connections of parts, from the first
// depot; nil where the pairing is not known. On streets that may be served either
// way the tour is within the connections of the one-walker optimum.
func euler(p *Problem) []int32 {
	r := p.postman()
	if !r.done {
		return nil
	}
	w := newWeb(p.spec.Links)
	home := p.spec.Depots[0]
	if int(home) >= w.nodes {
		return nil
	}
	g := newMulti(w.nodes)
	for t := range p.tasks {
		lo, _ := p.Modes(t)
		g.add(p.spec.Modes[lo].Tail, p.spec.Modes[lo].Head, int32(t))
	}
	for _, q := range r.pairs {
		g.add(q[0], q[1], -1)
	}
	g.connect(w, home)
	return g.tour(home)
}

// multi is a graph with parallel edges; an edge carries its task, or -1.
type multi struct {
	at   [][]int32 // edges by node
	ends [][2]int32
	task []int32
	root []int32 // union-find
}

func newMulti(n int) *multi {
	g := &multi{at: make([][]int32, n), root: make([]int32, n)}
	for i := range g.root {
		g.root[i] = int32(i)
	}
	return g
}

func (g *multi) find(v int32) int32 {
	for g.root[v] != v {
		g.root[v] = g.root[g.root[v]]
		v = g.root[v]
	}
	return v
}

func (g *multi) add(a, b, task int32) {
	e := int32(len(g.ends))
	g.ends, g.task = append(g.ends, [2]int32{a, b}), append(g.task, task)
	g.at[a] = append(g.at[a], e)
	g.at[b] = append(g.at[b], e) // a loop stands there twice
	g.root[g.find(a)] = g.find(b)
}

// connect joins every part that has edges to home's, each by a way there and back
// from the nearest place that is joined already.
func (g *multi) connect(w *web, home int32) {
	for {
		var sources []int32
		open := false
		for v := range int32(len(g.at)) {
			if v == home || len(g.at[v]) > 0 {
				if g.find(v) == g.find(home) {
					sources = append(sources, v)
				} else {
					open = true
				}
			}
		}
		if !open {
			return
		}
		w.from(sources...)
		best := int32(-1)
		for v := range int32(len(g.at)) {
			if len(g.at[v]) > 0 && g.find(v) != g.find(home) && (best < 0 || w.cost[v] < w.cost[best]) {
				best = v
			}
		}
		near := w.back(best)
		g.add(near, best, -1)
		g.add(best, near, -1)
	}
}

// back walks from a node to the source that it was reached from.
func (w *web) back(v int32) int32 {
	for w.cost[v] > 0 {
		moved := false
		for i := w.start[v]; i < w.start[v+1]; i++ {
			if u := w.to[i]; w.cost[u]+w.weigh[i] == w.cost[v] && w.weigh[i] > 0 {
				v, moved = u, true
				break
			}
		}
		if !moved {
			break
		}
	}
	return v
}

// tour is Hierholzer's algorithm: the tasks in the order of a closed walk over all
// edges.
func (g *multi) tour(home int32) []int32 {
	used := make([]bool, len(g.ends))
	next := make([]int, len(g.at))
	type visit struct{ node, edge int32 }
	stack := []visit{{home, -1}}
	var out []int32
	for len(stack) > 0 {
		v := stack[len(stack)-1].node
		for next[v] < len(g.at[v]) && used[g.at[v][next[v]]] {
			next[v]++
		}
		if next[v] == len(g.at[v]) {
			if e := stack[len(stack)-1].edge; e >= 0 && g.task[e] >= 0 {
				out = append(out, g.task[e])
			}
			stack = stack[:len(stack)-1]
			continue
		}
		e := g.at[v][next[v]]
		used[e] = true
		u := g.ends[e][0] + g.ends[e][1] - v
		stack = append(stack, visit{u, e})
	}
	return out
}

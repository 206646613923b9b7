package cch

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// judge is plain Dijkstra without a heap.
func judge(g Graph, weight []int32, from int32) []int32 {
	d := make([]int32, g.Nodes)
	for i := range d {
		d[i] = Never
	}
	d[from] = 0
	done := make([]bool, g.Nodes)
	out := group(g.Nodes, g.Tail)
	for {
		v := int32(-1)
		for w := range d {
			if !done[w] && d[w] < Never && (v < 0 || d[w] < d[v]) {
				v = int32(w)
			}
		}
		if v < 0 {
			return d
		}
		done[v] = true
		for _, a := range out.of(v) {
			if t := d[v] + weight[a]; t < d[g.Head[a]] {
				d[g.Head[a]] = t
			}
		}
	}
}

// scattered is a random graph whose arcs mostly join nodes that lie close.
func scattered(r *rand.Rand, nodes int) (g Graph, x, y []float64, weight []int32) {
	g.Nodes = nodes
	for range nodes {
		x, y = append(x, r.Float64()), append(y, r.Float64())
	}
	near := func(v int) int {
		best, least := v, 9.0
		for range 12 {
			w := r.IntN(nodes)
			if d := (x[v]-x[w])*(x[v]-x[w]) + (y[v]-y[w])*(y[v]-y[w]); w != v && d < least {
				best, least = w, d
			}
		}
		return best
	}
	for range r.IntN(3*nodes + 1) {
		v := r.IntN(nodes)
		w := near(v)
		g.Tail, g.Head = append(g.Tail, int32(v)), append(g.Head, int32(w))
		if r.IntN(4) > 0 {
			g.Tail, g.Head = append(g.Tail, int32(w)), append(g.Head, int32(v))
		}
	}
	for range g.Tail {
		w := int32(r.IntN(100))
		if r.IntN(12) == 0 {
			w = Never
		}
		weight = append(weight, w)
	}
	return g, x, y, weight
}

func hierarchy(t testing.TB, g Graph, x, y []float64, threads int) *Hierarchy {
	t.Helper()
	order, err := Dissect(context.Background(), g, x, y, threads)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Build(g, order)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func customize(t testing.TB, h *Hierarchy, weight []int32, threads int) *Metric {
	t.Helper()
	m, err := h.Customize(weight, threads)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestDistancesAreDijkstras(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		g, x, y, weight := scattered(r, 2+r.IntN(60))
		h := hierarchy(t, g, x, y, 1)
		m := customize(t, h, weight, 1)
		q := m.NewQuery()
		for s := range int32(g.Nodes) {
			want := judge(g, weight, s)
			for v, d := range want {
				if got := q.Distance([]Seed{{Node: s}}, []Seed{{Node: int32(v)}}); min(got, Never) != d {
					t.Fatalf("from %d to %d of %d nodes: %d, want %d", s, v, g.Nodes, got, d)
				}
			}
		}
	}
}

// places is a list of places of one to three seeds each.
func places(r *rand.Rand, nodes, count int) [][]Seed {
	var out [][]Seed
	for range count {
		var p []Seed
		for range 1 + r.IntN(3)*r.IntN(2) {
			p = append(p, Seed{Node: int32(r.IntN(nodes)), Cost: int32(r.IntN(60) - 20)})
		}
		out = append(out, p)
	}
	return out
}

// between is the judge's answer for two places.
func between(tree [][]int32, from, to []Seed) int32 {
	best := int32(Never)
	for _, s := range from {
		for _, t := range to {
			if d := tree[s.Node][t.Node]; d < Never {
				best = min(best, s.Cost+d+t.Cost)
			}
		}
	}
	return best
}

func trees(g Graph, weight []int32) [][]int32 {
	out := make([][]int32, g.Nodes)
	for s := range out {
		out[s] = judge(g, weight, int32(s))
	}
	return out
}

func TestPlacesAndTablesAreDijkstras(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		g, x, y, weight := scattered(r, 2+r.IntN(90))
		h := hierarchy(t, g, x, y, 1)
		m := customize(t, h, weight, 1)
		tree := trees(g, weight)
		from, to := places(r, g.Nodes, 1+r.IntN(20)), places(r, g.Nodes, 1+r.IntN(12))
		q := m.NewQuery()
		for _, direction := range []Direction{ToTargets, FromTargets} {
			sel := m.Select(to, direction)
			table := make([]int32, len(from)*len(to))
			if err := sel.Table(t.Context(), from, table, 2); err != nil {
				t.Fatal(err)
			}
			sweep := sel.NewSweep()
			row := make([]int32, len(to))
			for i, p := range from {
				sweep.Distances(p, row)
				for j, goal := range to {
					a, b := p, goal
					if direction == FromTargets {
						a, b = goal, p
					}
					want := between(tree, a, b)
					if got := q.Distance(a, b); got != want {
						t.Fatalf("pair %v to %v: %d, want %d", a, b, got, want)
					}
					if row[j] != want || table[i*len(to)+j] != want {
						t.Fatalf("direction %v, %v to %v: sweep %d, table %d, want %d", direction, a, b, row[j], table[i*len(to)+j], want)
					}
				}
			}
		}
	}
}

func TestCostsToAPairAreDijkstras(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 200 {
		g, x, y, weight := scattered(r, 2+r.IntN(90))
		m := customize(t, hierarchy(t, g, x, y, 1), weight, 1)
		tree := trees(g, weight)
		from, goals := places(r, g.Nodes, 1+r.IntN(20)), places(r, g.Nodes, 2)
		switch r.IntN(6) {
		case 0:
			goals[r.IntN(2)] = nil
		case 1:
			from[0] = nil
		case 2:
			from[len(from)-1] = goals[0]
		}
		got := make([]Pair, len(from))
		m.ToPair(from, [2][]Seed(goals), got)
		for i, p := range from {
			if want := (Pair{between(tree, p, goals[0]), between(tree, p, goals[1])}); got[i] != want {
				t.Fatalf("from %v to %v: %v, want %v", p, goals, got[i], want)
			}
		}
	}
}

// pathCost adds up the arcs of a path and checks that they join.
func pathCost(t *testing.T, g Graph, weight, arcs []int32, start, goal int32) int32 {
	t.Helper()
	at, sum := start, int32(0)
	for _, a := range arcs {
		if g.Tail[a] != at {
			t.Fatalf("arc %d starts at %d, the path is at %d", a, g.Tail[a], at)
		}
		at = g.Head[a]
		sum += weight[a]
	}
	if at != goal {
		t.Fatalf("the path ends at %d, not %d", at, goal)
	}
	return sum
}

func TestPathsCostTheirDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 80 {
		g, x, y, weight := scattered(r, 2+r.IntN(80))
		m := customize(t, hierarchy(t, g, x, y, 1), weight, 1)
		q := m.NewQuery()
		for range 60 {
			from, to := places(r, g.Nodes, 1)[0], places(r, g.Nodes, 1)[0]
			want := q.Distance(from, to)
			arcs, start, cost, ok := q.Path(from, to)
			if cost != want || ok != (want < Never) {
				t.Fatalf("path costs %d (%v), distance %d", cost, ok, want)
			}
			if !ok {
				continue
			}
			goal := start
			if len(arcs) > 0 {
				goal = g.Head[arcs[len(arcs)-1]]
			}
			sum := pathCost(t, g, weight, arcs, start, goal)
			best := int32(Never)
			for _, s := range from {
				for _, e := range to {
					if s.Node == start && e.Node == goal {
						best = min(best, s.Cost+sum+e.Cost)
					}
				}
			}
			if best != cost {
				t.Fatalf("the path's arcs and seeds cost %d, said %d", best, cost)
			}
		}
	}
}

func TestChangesAreAsNewWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 60 {
		g, x, y, weight := scattered(r, 2+r.IntN(90))
		if len(weight) == 0 {
			continue
		}
		h := hierarchy(t, g, x, y, 1)
		m := customize(t, h, weight, 1)
		for range 12 {
			before := append([]int32(nil), weight...)
			var changes []Change
			for range 1 + r.IntN(5)*r.IntN(2) {
				c := Change{Arc: int32(r.IntN(len(weight))), Weight: int32(r.IntN(120))}
				if r.IntN(2) == 0 {
					c.Weight = Never
				}
				changes = append(changes, c)
				weight[c.Arc] = c.Weight
			}
			next, err := m.With(changes)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "changed", next, customize(t, h, weight, 1))
			unpacks(t, g, next, weight, r)
			same(t, "old", m, customize(t, h, before, 1))
			m = next
		}
	}
}

// Many ways cost the same, so that shortcuts stand for one of several; closings and
// openings come one by one and in batches that name arcs twice, and are all undone.
func TestClosingsAmongEqualWaysAreAsNewWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for round := range 12 {
		g, x, y, weight := lattice(r, 4+round)
		for a := range weight { // every arc twice, at zero to three
			weight[a] = int32(r.IntN(4))
			g.Tail, g.Head = append(g.Tail, g.Tail[a]), append(g.Head, g.Head[a])
		}
		weight = append(weight, weight...)
		h := hierarchy(t, g, x, y, 1)
		m := customize(t, h, weight, 1)
		now := slices.Clone(weight)
		change := func(changes []Change) {
			for _, c := range changes {
				now[c.Arc] = c.Weight
			}
			next, err := m.With(changes)
			if err != nil {
				t.Fatal(err)
			}
			m = next
			same(t, "changed", m, customize(t, h, now, 1))
			unpacks(t, g, m, now, r)
		}
		var closed []Change
		for range 30 {
			var changes []Change
			for range 1 + r.IntN(6)*r.IntN(2) {
				a := int32(r.IntN(len(weight)))
				closed = append(closed, Change{a, weight[a]})
				changes = append(changes, Change{a, int32(r.IntN(4))}, Change{a, Never})
			}
			change(changes)
		}
		for len(closed) > 0 {
			k := min(len(closed), 1+r.IntN(3))
			change(closed[:k])
			closed = closed[k:]
		}
		same(t, "reopened", m, customize(t, h, weight, 1))
	}
}

// same compares all weights of two metrics.
func same(t *testing.T, what string, got, want *Metric) {
	t.Helper()
	for v := range int32(got.h.nodes) {
		for _, l := range [][2][]int32{
			{got.h.up.of(got, v), want.h.up.of(want, v)},
			{got.h.down.of(got, v), want.h.down.of(want, v)},
		} {
			for i := range l[0] {
				if l[0][i] != l[1][i] {
					t.Fatalf("%s metric: shortcut %d of rank %d is %d, want %d", what, i, v, l[0][i], l[1][i])
				}
			}
		}
	}
}

// unpacks checks that a few paths of a metric cost their distance.
func unpacks(t *testing.T, g Graph, m *Metric, weight []int32, r *rand.Rand) {
	t.Helper()
	q := m.NewQuery()
	for range 8 {
		from, to := int32(r.IntN(g.Nodes)), int32(r.IntN(g.Nodes))
		arcs, start, cost, ok := q.Path([]Seed{{Node: from}}, []Seed{{Node: to}})
		if !ok {
			continue
		}
		if sum := pathCost(t, g, weight, arcs, start, to); start != from || sum != cost {
			t.Fatalf("path from %d to %d starts at %d and costs %d, said %d", from, to, start, sum, cost)
		}
	}
}

func TestNearestSourcesAreDijkstras(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 60 {
		g, x, y, weight := scattered(r, 2+r.IntN(80))
		h := hierarchy(t, g, x, y, 1)
		m := customize(t, h, weight, 1)
		tree := trees(g, weight)
		near := h.NewNear()
		for range 3 {
			sources := places(r, g.Nodes, 1+r.IntN(9))
			near.From(m, sources)
			for v := range int32(g.Nodes) {
				var want []Label
				for i, s := range sources {
					if d := between(tree, s, []Seed{{Node: v}}); d < Never {
						want = append(want, NewLabel(d, int32(i)))
					}
				}
				slices.Sort(want)
				got := near.At(v)
				for k := range Labels {
					w := NewLabel(Never, -1)
					if k < len(want) {
						w = want[k]
					}
					if got[k] != w {
						t.Fatalf("node %d: %v, want %v", v, got, want)
					}
				}
			}
		}
	}
}

func TestThreadsDoNotChangeTheAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	g, x, y, weight := lattice(r, 72)
	a, b := hierarchy(t, g, x, y, 1), hierarchy(t, g, x, y, 3)
	if !slices.Equal(a.rank, b.rank) {
		t.Fatal("three threads order the nodes in another way than one")
	}
	same(t, "three threads'", customize(t, a, weight, 3), customize(t, a, weight, 1))
	q := customize(t, a, weight, 2).NewQuery()
	s := int32(r.IntN(g.Nodes))
	for v, d := range judge(g, weight, s) {
		if v%7 == 0 && q.Distance([]Seed{{Node: s}}, []Seed{{Node: int32(v)}}) != d {
			t.Fatalf("from %d to %d is not %d", s, v, d)
		}
	}
}

// lattice is a town of side x side crossings, some streets missing, some one-way.
func lattice(r *rand.Rand, side int) (g Graph, x, y []float64, weight []int32) {
	g.Nodes = side * side
	add := func(a, b int) {
		k := r.IntN(10)
		if k > 0 {
			g.Tail, g.Head, weight = append(g.Tail, int32(a)), append(g.Head, int32(b)), append(weight, int32(1+r.IntN(50)))
		}
		if k > 1 {
			g.Tail, g.Head, weight = append(g.Tail, int32(b)), append(g.Head, int32(a)), append(weight, int32(1+r.IntN(50)))
		}
	}
	for v := range g.Nodes {
		x, y = append(x, float64(v%side)), append(y, float64(v/side))
		if v%side+1 < side {
			add(v, v+1)
		}
		if v+side < g.Nodes {
			add(v, v+side)
		}
	}
	return g, x, y, weight
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	g := Graph{Nodes: 2, Tail: []int32{0}, Head: []int32{1}}
	h := hierarchy(t, g, []float64{0, 1}, []float64{0, 0}, 1)
	m := customize(t, h, []int32{5}, 1)
	for name, err := range map[string]error{
		"an arc to a node that is not there": second(Build(Graph{Nodes: 1, Tail: []int32{0}, Head: []int32{1}}, []int32{0})),
		"an order that repeats a node":       second(Build(g, []int32{0, 0})),
		"an order too short":                 second(Build(g, []int32{0})),
		"a place too few":                    second(Dissect(t.Context(), g, []float64{0}, nil, 1)),
		"a weight too few":                   second(h.Customize(nil, 1)),
		"a negative weight":                  second(h.Customize([]int32{-1}, 1)),
		"a change of no arc":                 second(m.With([]Change{{Arc: 1}})),
		"a change to more than never":        second(m.With([]Change{{Weight: Never + 1}})),
	} {
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Dissect(ctx, g, []float64{0, 1}, []float64{0, 0}, 1); err == nil {
		t.Error("a dissection went on after its end")
	}
}

func second[T any](_ T, err error) error { return err }

package district

import (
	"math/rand/v2"
	"slices"
)

// forest draws random spanning trees over a few units and weighs every way to cut
// one edge of them. Its memory is used again from call to call.
type forest struct {
	g     *Graph
	s     *scorer
	at    []int32 // by unit of the graph: its place among the units given, plus 1
	units []int32
	links []link
	near  [][]int32 // by place: links of the tree
	root  []int32   // union-find
	order []int32   // places, parents first
	up    []int32   // place of the parent
	upBy  []int32   // link to the parent
	depth []int32
	sub   []shape   // of the subtree, borders inside it closed
	cut   []float64 // cost of the border between the subtree and the rest
	open  []float64 // metres of that border
	keepA []float64 // what the subtree is worth under label a, of weighHomes
	keepB []float64
}

// link is a border between two of the units given.
type link struct {
	a, b   int32 // places
	border int32
	key    float64
}

func newForest(g *Graph, s *scorer) *forest {
	return &forest{g: g, s: s, at: make([]int32, len(g.Units))}
}

// load sets the units to work on, which must hang together.
func (f *forest) load(units []int32) {
	for _, u := range f.units {
		f.at[u] = 0
	}
	f.units = append(f.units[:0], units...)
	for i, u := range f.units {
		f.at[u] = int32(i) + 1
	}
	f.links = f.links[:0]
	for i, u := range f.units {
		for _, n := range f.g.beside(u) {
			if j := f.at[n.unit] - 1; j > int32(i) {
				f.links = append(f.links, link{int32(i), j, n.border, 0})
			}
		}
	}
	n := len(f.units)
	f.near = grow(f.near, n)
	f.root, f.up, f.upBy, f.depth = grow(f.root, n), grow(f.up, n), grow(f.upBy, n), grow(f.depth, n)
	f.sub, f.cut, f.open = grow(f.sub, n), grow(f.cut, n), grow(f.open, n)
	f.keepA, f.keepB = grow(f.keepA, n), grow(f.keepB, n)
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return append(s[:cap(s)], make([]T, n-cap(s))...)
	}
	return s[:n]
}

// draw makes a random spanning tree that keeps dear borders inside: Kruskal's
// algorithm by descending price per metre, blurred by noise, so that the edges
// joined last, and cut first, lie on main roads.
func (f *forest) draw(rng *rand.Rand, noise float64) {
	for i := range f.links {
		l := &f.links[i]
		l.key = noise*rng.Float64() - f.s.dear[l.border]
	}
	slices.SortFunc(f.links, func(a, b link) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return int(a.border - b.border)
	})
	for i := range f.units {
		f.root[i] = int32(i)
		f.near[i] = f.near[i][:0]
	}
	for i, l := range f.links {
		if a, b := f.find(l.a), f.find(l.b); a != b {
			f.root[a] = b
			f.near[l.a] = append(f.near[l.a], int32(i))
			f.near[l.b] = append(f.near[l.b], int32(i))
		}
	}
	f.hang()
	f.weigh()
}

func (f *forest) find(i int32) int32 {
	for f.root[i] != i {
		f.root[i] = f.root[f.root[i]]
		i = f.root[i]
	}
	return i
}

// hang orders the tree from place 0 down.
func (f *forest) hang() {
	f.order = append(f.order[:0], 0)
	f.up[0], f.upBy[0], f.depth[0] = -1, -1, 0
	for i := 0; i < len(f.order); i++ {
		v := f.order[i]
		for _, k := range f.near[v] {
			if k == f.upBy[v] {
				continue
			}
			w := f.links[k].a + f.links[k].b - v
			f.up[w], f.upBy[w], f.depth[w] = v, k, f.depth[v]+1
			f.order = append(f.order, w)
		}
	}
}

// weigh sums each subtree and prices the border that cutting it off would make. A
// border is closed inside the subtrees above the lowest common ancestor of its two
// ends and crosses the rim of those below.
func (f *forest) weigh() {
	for i, u := range f.units {
		unit := &f.g.Units[u]
		f.sub[i] = shape{unit.Households, unit.Area, unit.Perimeter}
		f.cut[i], f.open[i] = 0, 0
	}
	for _, l := range f.links {
		cost, metres := f.s.cost[l.border], f.s.metres[l.border]
		a, b := l.a, l.b
		for a != b {
			if f.depth[a] < f.depth[b] {
				a, b = b, a
			}
			f.cut[a] += cost
			f.open[a] += metres
			a = f.up[a]
		}
		f.sub[a].rim -= 2 * metres
	}
	for i := len(f.order) - 1; i > 0; i-- {
		v := f.order[i]
		up := &f.sub[f.up[v]]
		up.households += f.sub[v].households
		up.area += f.sub[v].area
		up.rim += f.sub[v].rim
	}
}

// whole is the shape of all units together.
func (f *forest) whole() shape { return f.sub[0] }

// rest is the shape of what remains when the subtree at v is cut off.
func (f *forest) rest(v int32) shape {
	w, s := f.sub[0], f.sub[v]
	return shape{w.households - s.households, w.area - s.area, w.rim - s.rim + 2*f.open[v]}
}

// below returns the units of the subtree at v, and the others.
func (f *forest) below(v int32) (inside, outside []int32) {
	mark := make([]bool, len(f.units))
	mark[v] = true
	for _, w := range f.order {
		if w != 0 && mark[f.up[w]] {
			mark[w] = true
		}
		if mark[w] {
			inside = append(inside, f.units[w])
		} else {
			outside = append(outside, f.units[w])
		}
	}
	return inside, outside
}

// weighHomes sums for each subtree what its units are worth under two labels, of
// which b may be -1, a new one.
func (f *forest) weighHomes(st *state, a, b int32) {
	for i, u := range f.units {
		f.keepA[i], f.keepB[i] = st.keeps(u, a), 0
		if b >= 0 {
			f.keepB[i] = st.keeps(u, b)
		}
	}
	for i := len(f.order) - 1; i > 0 && st.home != nil; i-- {
		v := f.order[i]
		f.keepA[f.up[v]] += f.keepA[v]
		f.keepB[f.up[v]] += f.keepB[v]
	}
}

package district

import (
	"math/rand/v2"
	"slices"
)

// forest draws random spanning trees over a few units and weighs every way to cut
// one edge of them. Its memory is used again from call to call.
//
// Units are given at a place, and stand in a tree in its order: parents before their
// children, the root at 0. What is told by v is told by this order.
type forest struct {
	g     *Graph
	s     *scorer
	at    []int32 // by unit of the graph: its place among the units given, plus 1
	given []int32 // by place
	links []link
	walls []link    // join nothing
	keys  []uint64  // of the links, to sort by: key, then link
	root  []int32   // by place: union-find
	head  []int32   // by place: first entry in next, -1 none
	next  []int32   // entries 2k and 2k+1 are the ends of link k
	order []int32   // 0, 1, ...: each v
	pos   []int32   // by place: its v
	units []int32   // by v
	up    []int32   // by v: the parent
	in    []bool    // by v: of below
	sub   []shape   // of the subtree at v, borders inside it closed
	cut   []float64 // cost of the border between the subtree and the rest
	open  []float64 // metres of that border
	keepA []float64 // what the subtree is worth under label a, of weighHomes
	keepB []float64
}

// link is a border between two of the units given.
type link struct {
	a, b               int32 // places
	cost, metres, dear float64
}

func newForest(g *Graph, s *scorer) *forest {
	return &forest{g: g, s: s, at: make([]int32, len(g.Units))}
}

// load sets the units to work on, which must hang together.
func (f *forest) load(units []int32) {
	for _, u := range f.given {
		f.at[u] = 0
	}
	f.given = append(f.given[:0], units...)
	for i, u := range f.given {
		f.at[u] = int32(i) + 1
	}
	f.links, f.walls = f.links[:0], f.walls[:0]
	for i, u := range f.given {
		for k := range f.s.arms(f.g, u) {
			n := &f.s.arm[int(f.g.start[u])+k]
			if j := f.at[n.unit] - 1; j > int32(i) {
				f.links = append(f.links, link{int32(i), j, n.cost, n.metres, n.dear})
			}
		}
	}
	if f.g.wallStart != nil {
		f.loadWalls()
	}
	n := len(units)
	if n > len(f.order) {
		f.grow(n)
	}
	f.keys, f.next = grow(f.keys, len(f.links)), grow(f.next, 2*len(f.links))
	f.order, f.pos, f.units, f.up = f.order[:n], f.pos[:n], f.units[:n], f.up[:n]
}

func (f *forest) loadWalls() {
	for i, u := range f.given {
		for _, w := range f.g.behindWalls(u) {
			if j := f.at[w.unit] - 1; j > int32(i) {
				f.walls = append(f.walls, link{a: int32(i), b: j, metres: w.metres})
			}
		}
	}
}

// grow makes room for n units.
func (f *forest) grow(n int) {
	f.root, f.head, f.pos, f.up, f.units = grow(f.root, n), grow(f.head, n), grow(f.pos, n), grow(f.up, n), grow(f.units, n)
	f.sub, f.cut, f.open, f.in = grow(f.sub, n), grow(f.cut, n), grow(f.open, n), grow(f.in, n)
	f.keepA, f.keepB = grow(f.keepA, n), grow(f.keepB, n)
	f.order = grow(f.order, n)
	for i := range f.order {
		f.order[i] = int32(i)
	}
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
	f.sortLinks(rng.Uint64(), noise)
	n := len(f.given)
	root, head, next := f.root[:n], f.head[:n], f.next
	for i := range root {
		root[i], head[i] = int32(i), -1
	}
	left := n - 1
	for _, key := range f.keys {
		k := int32(uint32(key))
		l := &f.links[k]
		a, b := find(root, l.a), find(root, l.b)
		if a == b {
			continue
		}
		root[a] = b
		next[2*k], head[l.a] = head[l.a], 2*k
		next[2*k+1], head[l.b] = head[l.b], 2*k+1
		if left--; left == 0 {
			break
		}
	}
	f.hang()
	f.weigh()
}

// sortLinks sorts the keys: minus the logarithm of the price plus noise, as a whole
// number of 2^-24, above the number of the link. The noise comes from one random
// number, spread over the links by the mixing step of SplitMix (Steele, Lea and
// Flood 2014).
func (f *forest) sortLinks(random uint64, noise float64) {
	const unit = 1 << 24
	scale := noise * unit / (1 << 53)
	for i := range f.links {
		random += 0x9e3779b97f4a7c15
		z := (random ^ random>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		key := (64-f.links[i].dear)*unit + scale*float64((z^z>>31)>>11)
		f.keys[i] = uint64(key)<<32 | uint64(i)
	}
	keys := f.keys
	if len(keys) > 48 {
		slices.Sort(keys)
		return
	}
	for i := 1; i < len(keys); i++ {
		k := keys[i]
		j := i
		for ; j > 0 && keys[j-1] > k; j-- {
			keys[j] = keys[j-1]
		}
		keys[j] = k
	}
}

func find(root []int32, i int32) int32 {
	for root[i] != i {
		root[i] = root[root[i]]
		i = root[i]
	}
	return i
}

// hang orders the tree from place 0 down.
func (f *forest) hang() {
	f.pos[0], f.units[0], f.up[0] = 0, 0, -1 // units hold places until weigh
	last := int32(0)
	for v := int32(0); v <= last; v++ {
		place := f.units[v]
		parent := int32(-1)
		if v > 0 {
			parent = f.units[f.up[v]]
		}
		for e := f.head[place]; e >= 0; e = f.next[e] {
			l := &f.links[e>>1]
			w := l.a
			if e&1 == 0 {
				w = l.b
			}
			if w == parent {
				continue
			}
			last++
			f.units[last], f.pos[w], f.up[last] = w, last, v
		}
	}
}

// weigh sums each subtree and prices the border that cutting it off would make. A
// border is closed inside the subtrees above the lowest common ancestor of its two
// ends and crosses the rim of those below.
func (f *forest) weigh() {
	n := len(f.units)
	sub, cut, open := f.sub[:n], f.cut[:n], f.open[:n]
	for v, place := range f.units {
		u := f.given[place]
		f.units[v] = u
		unit := &f.g.Units[u]
		sub[v] = shape{unit.Households, unit.Area, unit.Perimeter}
		cut[v], open[v] = 0, 0
	}
	f.close(f.links)
	f.close(f.walls)
	for v := n - 1; v > 0; v-- {
		p := &sub[f.up[v]]
		p.households += sub[v].households
		p.area += sub[v].area
		p.rim += sub[v].rim
	}
}

// close counts links where they are open and where they are closed.
func (f *forest) close(links []link) {
	n := len(f.units)
	up, cut, open := f.up[:n], f.cut[:n], f.open[:n]
	for i := range links {
		l := &links[i]
		a, b := f.pos[l.a], f.pos[l.b]
		for a != b {
			if a < b {
				a, b = b, a
			}
			cut[a] += l.cost
			open[a] += l.metres
			a = up[a]
		}
		f.sub[a].rim -= 2 * l.metres
	}
}

// whole is the shape of all units together.
func (f *forest) whole() shape { return f.sub[0] }

// rest is the shape of what remains when the subtree at v is cut off.
func (f *forest) rest(v int32) shape {
	w, s := f.sub[0], f.sub[v]
	return shape{w.households - s.households, w.area - s.area, w.rim - s.rim + 2*f.open[v]}
}

// mark tells by order which units are in the subtree at v.
func (f *forest) mark(v int32) []bool {
	in := f.in[:len(f.units)]
	for w := range in {
		in[w] = w == int(v) || w > int(v) && in[f.up[w]]
	}
	return in
}

// below returns the units of the subtree at v, and the others.
func (f *forest) below(v int32) (inside, outside []int32) {
	for w, in := range f.mark(v) {
		if in {
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
	for v, u := range f.units {
		f.keepA[v], f.keepB[v] = st.keeps(u, a), 0
		if b >= 0 {
			f.keepB[v] = st.keeps(u, b)
		}
	}
	for v := len(f.units) - 1; v > 0; v-- {
		f.keepA[f.up[v]] += f.keepA[v]
		f.keepB[f.up[v]] += f.keepB[v]
	}
}

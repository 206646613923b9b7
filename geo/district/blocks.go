package district

import (
	"slices"

	"gridbeat/geo/arrange"
)

// sliverSquareMetres is the area below which a block without homes is joined to the
// neighbour with which it shares most border: leftovers of lines drawn side by side.
const sliverSquareMetres = 30

// blocks are the units of the engine made from faces.
type blocks struct {
	unit  []int32   // by face, -1 outside all districts
	faces [][]int32 // by unit
	graph *Graph
}

// newBlocks makes each face a unit, joins the faces of each compound that must stay
// whole, and joins slivers to a neighbour.
func newBlocks(t *terrain, b Bounds) (*blocks, error) {
	j := newJoiner(t)
	j.joinCompounds(t.wholeCompounds(b))
	j.joinSlivers()
	bl := &blocks{unit: filled(len(t.arr.Faces), -1)}
	byRoot := map[int32]int32{}
	for f := range t.arr.Faces {
		if t.district[f] < 0 {
			continue
		}
		root := j.find(int32(f))
		u, ok := byRoot[root]
		if !ok {
			u = int32(len(bl.faces))
			byRoot[root] = u
			bl.faces = append(bl.faces, nil)
		}
		bl.unit[f] = u
		bl.faces[u] = append(bl.faces[u], int32(f))
	}
	graph, err := bl.measure(t)
	bl.graph = graph
	return bl, err
}

// measure makes the graph of the units.
func (bl *blocks) measure(t *terrain) (*Graph, error) {
	units := make([]Unit, len(bl.faces))
	for u, faces := range bl.faces {
		for _, f := range faces {
			units[u].Households += t.homes[f]
			units[u].Area += t.area(f)
		}
	}
	var borders []Adjacency
	for e := range t.arr.Edges {
		h := arrange.Half(2 * e)
		f, g := t.arr.Face(h), t.arr.Face(h.Twin())
		u, v := bl.at(f), bl.at(g)
		if u == v {
			continue
		}
		metres := t.metres(int32(e))
		for _, w := range []int32{u, v} {
			if w >= 0 {
				units[w].Perimeter += metres
			}
		}
		if u >= 0 && v >= 0 && t.sameCommunity(f, g) {
			a := Adjacency{U: u, V: v}
			a.Metres[t.classAlong(int32(e))] = metres
			borders = append(borders, a)
		}
	}
	return NewGraph(units, borders)
}

func (bl *blocks) at(face int32) int32 {
	if face == arrange.Unbounded {
		return -1
	}
	return bl.unit[face]
}

// sameCommunity reports whether two faces may share a grid.
func (t *terrain) sameCommunity(f, g int32) bool {
	return t.district[f] >= 0 && t.district[f] == t.district[g] && t.community[f] == t.community[g]
}

// joiner joins faces into units.
type joiner struct {
	t    *terrain
	root []int32
}

func newJoiner(t *terrain) *joiner {
	j := &joiner{t: t, root: make([]int32, len(t.arr.Faces))}
	for f := range j.root {
		j.root[f] = int32(f)
	}
	return j
}

func (j *joiner) find(f int32) int32 {
	for j.root[f] != f {
		j.root[f] = j.root[j.root[f]]
		f = j.root[f]
	}
	return f
}

// join puts g's faces to f's; the least face stands for all.
func (j *joiner) join(f, g int32) {
	a, b := j.find(f), j.find(g)
	j.root[max(a, b)] = min(a, b)
}

// joinCompounds joins the faces of each whole compound within a district. Where the
// district cuts it into parts, the parts are linked by the fewest faces between.
func (j *joiner) joinCompounds(whole []bool) {
	groups := map[[3]int32][]int32{}
	var keys [][3]int32
	for f, c := range j.t.compound {
		if c < 0 || !whole[c] || j.t.district[f] < 0 {
			continue
		}
		key := [3]int32{c, j.t.district[f], j.t.community[f]}
		if len(groups[key]) == 0 {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], int32(f))
	}
	slices.SortFunc(keys, func(a, b [3]int32) int { return slices.Compare(a[:], b[:]) })
	for _, key := range keys {
		faces := groups[key]
		for _, f := range faces[1:] {
			j.link(faces[0], f, whole)
		}
	}
}

// link joins two faces of one compound by the faces between them with the fewest
// homes (Dijkstra's algorithm; compounds are small). Faces of the compound itself
// and free faces may be passed, those of other whole compounds not.
func (j *joiner) link(from, to int32, whole []bool) {
	t := j.t
	before := map[int32]int32{}
	homes := map[int32]int{from: 0}
	open := []int32{from}
	for len(open) > 0 {
		k := 0
		for i, f := range open {
			if homes[f] < homes[open[k]] {
				k = i
			}
		}
		f := open[k]
		open = slices.Delete(open, k, k+1)
		if f == to {
			break
		}
		for _, h := range t.arr.Halves(f) {
			g := t.arr.Face(h.Twin())
			if g == arrange.Unbounded || !t.sameCommunity(f, g) {
				continue
			}
			step := t.homes[g] + 1
			if c := t.compound[g]; c == t.compound[from] {
				step = 0
			} else if c >= 0 && whole[c] {
				continue
			}
			if old, seen := homes[g]; !seen || homes[f]+step < old {
				homes[g], before[g] = homes[f]+step, f
				if !slices.Contains(open, g) {
					open = append(open, g)
				}
			}
		}
	}
	if _, found := homes[to]; !found {
		return // in another part of the district: no grid can hold both
	}
	for f := to; f != from; f = before[f] {
		j.join(f, before[f])
	}
}

// joinSlivers joins each small block without homes to the neighbour in its community
// with which it shares most border.
func (j *joiner) joinSlivers() {
	t := j.t
	for f := range t.arr.Faces {
		if t.district[f] < 0 || t.homes[f] > 0 || t.area(int32(f)) >= sliverSquareMetres {
			continue
		}
		shared := map[int32]float64{}
		best := int32(-1)
		for _, h := range t.arr.Halves(int32(f)) {
			g := t.arr.Face(h.Twin())
			if g == arrange.Unbounded || !t.sameCommunity(int32(f), g) {
				continue
			}
			shared[g] += t.metres(h.Edge())
			if best < 0 || shared[g] > shared[best] {
				best = g
			}
		}
		if best >= 0 {
			j.join(int32(f), best)
		}
	}
}

package district

import (
	"cmp"
	"slices"

	"gridbeat/geo/arrange"
)

const (
	// sliverSquareMetres is the area below which a block without homes is joined to a
	// neighbour: leftovers of lines drawn side by side.
	sliverSquareMetres = 30
	// ribbonMetres is the width below which a block without homes is joined to a
	// neighbour, if it is ribbonRatio times longer and this part of its rim is main road.
	ribbonMetres = 30
	ribbonRatio  = 3
	ribbonMain   = 0.6
)

// blocks are the units of the engine made from faces.
type blocks struct {
	unit  []int32   // by face, -1 outside all districts
	faces [][]int32 // by unit
	graph *Graph
}

// newBlocks makes each face a unit, joins the faces of each compound that must stay
// whole, and joins slivers and ribbons to a neighbour.
func newBlocks(t *terrain, b Bounds) (*blocks, error) {
	j := newJoiner(t)
	j.joinLocks()
	j.joinCompounds(t.wholeCompounds(b))
	j.joinScraps()
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
	graph, err := bl.measure(t, b.Min)
	bl.graph = graph
	return bl, err
}

// waterShare is the part of the rim of a block without homes that must be water or rail
// for the block to be no ground of its own: a river, a pond, the strip between tracks.
const waterShare = 0.5

// measure makes the graph of the units: pieces with fewer homes than least are tied to
// what lies beyond water or rail.
func (bl *blocks) measure(t *terrain, least int) (*Graph, error) {
	units := make([]Unit, len(bl.faces))
	for u, faces := range bl.faces {
		for _, f := range faces {
			units[u].Households += t.homes[f]
			units[u].Area += t.area(f)
		}
	}
	p := newPassages(t)
	drawn, shore := make([]float64, len(units)), make([]float64, len(units)) // rim that no cut made
	for e := range t.arr.Edges {
		u, v := bl.sides(t, int32(e))
		if u == v {
			continue
		}
		metres := t.metres(int32(e))
		for _, w := range []int32{u, v} {
			if w < 0 {
				continue
			}
			units[w].Perimeter += metres
			if !p.cut(int32(e)) {
				drawn[w] += metres
			}
			if p.barrier(int32(e)) {
				shore[w] += metres
			}
		}
	}
	water := make([]bool, len(units))
	for u := range units {
		water[u] = units[u].Households == 0 && shore[u] > 0 && shore[u] >= waterShare*drawn[u]
	}
	m := newMeetings(units, bl.meet(p, water))
	m.tieWater(water)
	m.tiePockets(least)
	return m.graph()
}

// sides are the units on both sides of an edge, -1 outside.
func (bl *blocks) sides(t *terrain, edge int32) (u, v int32) {
	h := arrange.Half(2 * edge)
	return bl.at(t.arr.Face(h)), bl.at(t.arr.Face(h.Twin()))
}

// meet tells which units of one community touch, along what, and whether one gets from
// one to the other.
func (bl *blocks) meet(p *passages, water []bool) []meeting {
	number := map[[2]int32]int{}
	var out []meeting
	for e := range p.arr.Edges {
		h := arrange.Half(2 * e)
		u, v := bl.sides(p.terrain, int32(e))
		if u == v || u < 0 || v < 0 || !p.sameCommunity(p.arr.Face(h), p.arr.Face(h.Twin())) {
			continue
		}
		key := [2]int32{min(u, v), max(u, v)}
		i, known := number[key]
		if !known {
			i = len(out)
			number[key] = i
			out = append(out, meeting{Adjacency: Adjacency{U: key[0], V: key[1]}})
		}
		out[i].Metres[p.classAlong(int32(e))] += p.metres(int32(e))
		out[i].open = out[i].open || p.open(int32(e)) && !(water[u] && water[v])
	}
	slices.SortFunc(out, func(a, b meeting) int { return cmp.Or(cmp.Compare(a.U, b.U), cmp.Compare(a.V, b.V)) })
	return out
}

func (bl *blocks) at(face int32) int32 {
	if face == arrange.Unbounded {
		return -1
	}
	return bl.unit[face]
}

// sameCommunity reports whether two faces may share a grid.
func (t *terrain) sameCommunity(f, g int32) bool {
	return t.district[f] >= 0 && t.district[f] == t.district[g] && t.community[f] == t.community[g] && t.lock[f] == t.lock[g]
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

// joinScraps joins each sliver and each ribbon without homes to the neighbour in its
// community that it would cost most to part it from; of such as cost about the same, to
// the northern one, so that borders along a road stay on one side of it. The ground
// between two carriageways would else lead grids along roads.
func (j *joiner) joinScraps() {
	t := j.t
	p := newPassages(t)
	price := DefaultObjective(DefaultBounds).BorderPer100
	joined := make([]int, len(t.arr.Faces)) // by root
	for f := range t.arr.Faces {
		joined[j.find(int32(f))]++
	}
	scrap := make([]bool, len(t.arr.Faces))
	for f := range t.arr.Faces {
		scrap[f] = t.district[f] >= 0 && t.homes[f] == 0 && joined[j.find(int32(f))] == 1 && t.isScrap(int32(f))
	}
	for f := range t.arr.Faces {
		if !scrap[f] {
			continue
		}
		beside := map[int32]scrapSide{}
		most := 0.0
		for _, h := range t.arr.Halves(int32(f)) {
			g := t.arr.Face(h.Twin())
			if g == arrange.Unbounded || scrap[g] || !t.sameCommunity(int32(f), g) || p.barrier(h.Edge()) {
				continue
			}
			s := beside[g]
			s.worth += t.metres(h.Edge()) * price[t.classAlong(h.Edge())]
			a, b := t.arr.Vertices[t.arr.Origin(h)], t.arr.Vertices[t.arr.Head(h)]
			s.north += scrapEast*float64(b.Y-a.Y) + float64(a.X-b.X)
			beside[g] = s
			most = max(most, s.worth)
		}
		best := int32(-1)
		for _, g := range sortedKeys(beside) {
			if s := beside[g]; s.worth >= most/2 && (best < 0 || s.north > beside[best].north) {
				best = g
			}
		}
		if best >= 0 {
			j.join(int32(f), best)
		}
	}
}

// scrapSide is what lies beside a scrap: what it would cost to part the two, and how far
// north of the scrap it is, or east of it where streets run north.
type scrapSide struct{ worth, north float64 }

const scrapEast = 0.3

// isScrap tells slivers, and the ribbons between carriageways of main roads.
func (t *terrain) isScrap(f int32) bool {
	area := t.area(f)
	if area < sliverSquareMetres {
		return true
	}
	rim, main := 0.0, 0.0
	for _, h := range t.arr.Halves(f) {
		metres := t.metres(h.Edge())
		rim += metres
		if c := t.classAlong(h.Edge()); c == Collector || c == Arterial {
			main += metres
		}
	}
	width := 2 * area / rim // of a long ribbon
	return width < ribbonMetres && rim > 2*(ribbonRatio+1)*width && main >= ribbonMain*rim
}

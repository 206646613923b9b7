package edit

import (
	"sort"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

func (r Reroute) plan(c *core) (*change, []geo.Finding) {
	var slots [2]int32
	for i, code := range r.Grids {
		slot, found := c.slotOf(code)
		if found != nil {
			return nil, found
		}
		slots[i] = slot
	}
	for _, p := range [2]arrange.Pt{r.From, r.To} {
		if len(c.star[p]) == 0 {
			return nil, noNode(p)
		}
	}
	w := &rerouting{c: c, slots: slots, old: map[arrange.Pt]bool{}}
	old := w.border(r.From, r.To)
	if len(old) < 2 {
		return nil, refusal("no-border", r.Grids[0], &r.From, "choose two nodes on one stretch of border", "no border between %s and %s joins the two nodes", r.Grids[0], r.Grids[1])
	}
	for _, p := range old {
		w.old[p] = true
	}
	path, found := w.route(r)
	if found != nil {
		return nil, found
	}
	return w.replace(old, path)
}

// rerouting looks for a path in the two grids of a border.
type rerouting struct {
	c      *core
	slots  [2]int32
	old    map[arrange.Pt]bool // vertices of the border to be replaced
	passed map[arrange.Pt]bool // by the legs before
}

// parts reports whether an edge is border between the two grids.
func (w *rerouting) parts(e *edge) bool {
	return e.left == w.slots[0] && e.right == w.slots[1] || e.left == w.slots[1] && e.right == w.slots[0]
}

// border is the shortest stretch of border between the two grids from one vertex to
// another, nil when there is none.
func (w *rerouting) border(from, to arrange.Pt) []arrange.Pt {
	around := func(p arrange.Pt) []step[arrange.Pt] {
		var out []step[arrange.Pt]
		for _, id := range w.c.around(p) {
			if e := w.c.edges[id]; w.parts(&e) {
				q := e.far(p)
				out = append(out, step[arrange.Pt]{q, float64(w.c.plane.Distance(p.Point(), q.Point()))})
			}
		}
		return out
	}
	return searchFrom(from, around, nil, func(p arrange.Pt) bool { return p == to }).path(to)
}

// route finds the path along streets, leg by leg.
func (w *rerouting) route(r Reroute) ([]arrange.Pt, []geo.Finding) {
	m := w.c.mesh
	stops := []arrange.Pt{r.From}
	for _, p := range r.Via {
		v := w.nearest(p)
		if v < 0 {
			return nil, refusal("no-street", "", &p, "choose a place on a street of the two grids", "there is no street near the place")
		}
		if q := m.arr.Vertices[v]; q != stops[len(stops)-1] {
			stops = append(stops, q)
		}
	}
	stops = append(stops, r.To)
	path := []arrange.Pt{r.From}
	w.passed = map[arrange.Pt]bool{r.From: true}
	for i := 1; i < len(stops); i++ {
		from, to := m.vertex(stops[i-1]), m.vertex(stops[i])
		if from < 0 || to < 0 {
			return nil, refusal("no-street", "", &stops[i-1], "choose nodes at which streets meet the border", "no street leads to the node")
		}
		s := searchFrom(from, func(v int32) []step[int32] { return w.streets(v, to) }, nil, func(v int32) bool { return v == to })
		leg := s.path(to)
		if leg == nil {
			return nil, refusal("no-street", "", &stops[i], "choose other nodes, or move the border's nodes", "no street joins the nodes within grids %s and %s", r.Grids[0], r.Grids[1])
		}
		for _, p := range m.points(leg)[1:] {
			w.passed[p] = true
			path = append(path, p)
		}
	}
	return path, nil
}

// streets are the ways on from a vertex, within the two grids or along the border
// that is replaced.
func (w *rerouting) streets(v, to int32) []step[int32] {
	m := w.c.mesh
	at := m.arr.Vertices[v]
	var out []step[int32]
	for _, s := range m.waysAt(v) {
		next := m.arr.Vertices[s.to]
		if s.class == district.NoRoad || w.passed[next] || !w.open(next, s.to == to) {
			continue
		}
		if found := w.c.conflict(newEdge(at, next, outside, outside), func(o *edge) bool { return w.parts(o) && w.old[o.a] && w.old[o.b] }); found == nil {
			out = append(out, step[int32]{s.to, s.metres * detour[s.class]})
		}
	}
	return out
}

// open reports whether the path may pass a vertex.
func (w *rerouting) open(p arrange.Pt, end bool) bool {
	return end || w.old[p] || w.c.within(p, w.slots[:]...)
}

// nearest is the street vertex of the two grids nearest to a place.
func (w *rerouting) nearest(p arrange.Pt) int32 {
	m := w.c.mesh
	best, least := int32(-1), geo.Metres(0)
	reach := w.c.boxOf(w.slots[:]...)
	// Vertices are sorted by longitude.
	first := sort.Search(len(m.arr.Vertices), func(i int) bool { return m.arr.Vertices[i].X >= reach.low.X })
	for v := first; v < len(m.arr.Vertices) && m.arr.Vertices[v].X <= reach.high.X; v++ {
		q := m.arr.Vertices[v]
		if !reach.holds(q) {
			continue
		}
		if d := w.c.plane.Distance(p.Point(), q.Point()); (best < 0 || d < least) && w.onStreet(int32(v)) && w.open(q, false) {
			best, least = int32(v), d
		}
	}
	return best
}

func (w *rerouting) onStreet(v int32) bool {
	for _, s := range w.c.mesh.waysAt(v) {
		if s.class != district.NoRoad {
			return true
		}
	}
	return false
}

// replace cuts the old stretch and lays the new one with the same grid on its left.
func (w *rerouting) replace(old, path []arrange.Pt) (*change, []geo.Finding) {
	seen := map[arrange.Pt]bool{}
	for _, p := range path {
		if seen[p] {
			return nil, refusal("ring-not-simple", "", &p, "choose places that lie in order along the path", "the path would come back to the same node")
		}
		seen[p] = true
	}
	ch := &change{}
	var left, right int32
	for i := 1; i < len(old); i++ {
		id := w.c.find(old[i-1], old[i])
		l, r := w.c.sides(id, old[i-1])
		if i > 1 && l != left {
			return nil, refusal("no-border", "", &old[i], "choose nodes on one stretch of border", "the grids change sides between the nodes")
		}
		left, right = l, r
		ch.cut = append(ch.cut, w.c.edges[id])
	}
	for i := 1; i < len(path); i++ {
		ch.lay = append(ch.lay, newEdge(path[i-1], path[i], left, right))
	}
	if ch.reduce(); len(ch.cut)+len(ch.lay) == 0 {
		return nil, refusal("no-change", "", &path[0], "pass a place on another street", "the border follows the best streets already")
	}
	return ch, nil
}

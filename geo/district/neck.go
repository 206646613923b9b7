package district

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gridbeat/geo/arrange"
)

const (
	// neckMetres is the longest cut across the neck of a block.
	neckMetres = 60
	// neckRatio is how many times longer than the cut the way around the block's edge
	// must be, on both sides.
	neckRatio = 3
	// neckTurn is the least turn, in radians, of a corner that sticks into a block.
	neckTurn = math.Pi / 9
	// neckBend is how far a block's edge may wander, in metres, and still count as
	// straight: mapped corners are rounded.
	neckBend = 4
	// neckApart is how near two cuts of one block may be at both ends, in metres.
	neckApart = 15
	// neckSquareMetres is the least area of a block whose necks are cut.
	neckSquareMetres = 400
)

// cutNecks cuts blocks at their necks and returns how many cuts it took: from each
// corner that sticks into a block, such as that of a compound's wall, straight to the
// nearest part of the block's edge across it; and across long and narrow blocks without
// homes, such as water and the ground between two carriageways, at the ends of streets.
// What lies around and between compounds can so go to the grid of the compound beside
// it, where else one grid would reach around all of them. Buildings are not cut.
func (t *terrain) cutNecks(ctx context.Context) (int, error) {
	n := &necks{terrain: t, crowd: t.crowd()}
	var cuts [][2]arrange.Pt
	for f := range t.arr.Faces {
		if t.district[f] < 0 || t.lock[f] >= 0 || t.area(int32(f)) < neckSquareMetres {
			continue
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		cuts = append(cuts, n.of(int32(f))...)
	}
	if len(cuts) == 0 {
		return 0, nil
	}
	return len(cuts), t.addCuts(cuts)
}

// crowd counts the edges that end at each vertex.
func (t *terrain) crowd() []uint8 {
	out := make([]uint8, len(t.arr.Vertices))
	for _, e := range t.arr.Edges {
		for _, v := range [2]int32{e.A, e.B} {
			out[v] = max(out[v], out[v]+1)
		}
	}
	return out
}

type necks struct {
	*terrain
	crowd []uint8
	rim   []rimEdge
	loops []rimLoop
}

// rimEdge is an edge around a block, in metres on the plane, the block on its left.
type rimEdge struct {
	a, b   [2]float64
	from   int32 // vertex at a
	loop   int32
	street bool    // a street or the edge of the district runs along it
	at     float64 // metres around the loop before a
	length float64
}

// rimLoop is a closed walk around a block or around a hole of it.
type rimLoop struct {
	first, end int // edges
	length     float64
}

// neck is a cut across a block from a vertex of its edge.
type neck struct {
	from, to [2]float64
	ends     [2]arrange.Pt
	metres   float64
	street   bool // it leads to a street
}

func (n *necks) of(face int32) [][2]arrange.Pt {
	n.walk(face)
	narrow := ribbonWidth(n.area(face), n.loops) < neckMetres && n.homes[face] == 0
	var found []neck
	for l := range n.loops {
		for _, i := range n.corners(l, narrow) {
			k, ok := n.across(i, false)
			if ok && !n.hitsBuilding(face, k) {
				found = append(found, k)
			}
			if ok && !k.street { // it leads to another wall: part what lies along the street too
				if k, ok = n.across(i, true); ok && !n.hitsBuilding(face, k) {
					found = append(found, k)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b neck) int { return cmp.Compare(a.metres, b.metres) })
	var kept []neck
	var out [][2]arrange.Pt
	for _, k := range found {
		if slices.ContainsFunc(kept, k.beside) {
			continue
		}
		kept = append(kept, k)
		out = append(out, k.ends)
	}
	return out
}

// ribbonWidth is the width of a ribbon with that area and edge.
func ribbonWidth(area float64, loops []rimLoop) float64 {
	sum := 0.0
	for _, l := range loops {
		sum += l.length
	}
	return 2 * area / max(sum, 1)
}

// walk lists the edges around a block.
func (n *necks) walk(face int32) {
	n.rim, n.loops = n.rim[:0], n.loops[:0]
	f := n.arr.Faces[face]
	for _, h := range append([]arrange.Half{f.Outer}, f.Holes...) {
		loop := rimLoop{first: len(n.rim)}
		for _, g := range n.arr.Cycle(h) {
			e := rimEdge{from: n.arr.Origin(g), loop: int32(len(n.loops)), at: loop.length, street: n.onStreet(g)}
			e.a, e.b = n.xy(e.from), n.xy(n.arr.Head(g))
			e.length = math.Hypot(e.b[0]-e.a[0], e.b[1]-e.a[1])
			loop.length += e.length
			n.rim = append(n.rim, e)
		}
		loop.end = len(n.rim)
		n.loops = append(n.loops, loop)
	}
}

// onStreet reports whether a street, or the end of the district or community, runs along
// a half-edge.
func (n *necks) onStreet(h arrange.Half) bool {
	other := n.arr.Face(h.Twin())
	return other == arrange.Unbounded || !n.sameCommunity(n.arr.Face(h), other) ||
		slices.ContainsFunc(n.arr.Edges[h.Edge()].Tags, func(t arrange.Tag) bool { return n.isStreet(t.Line) })
}

func (n *necks) xy(vertex int32) [2]float64 {
	x, y := n.plane.XY(n.arr.Vertices[vertex].Point())
	return [2]float64{x, y}
}

// corners are the edges of a loop at whose start the block's edge, straightened, turns
// into the block; of a narrow block also those where another edge ends.
func (n *necks) corners(loop int, narrow bool) []int {
	l := n.loops[loop]
	var out []int
	if narrow {
		for i := l.first; i < l.end; i++ {
			if n.crowd[n.rim[i].from] > 2 {
				out = append(out, i)
			}
		}
	}
	stays := n.straighten(l)
	for k, i := range stays {
		before, after := stays[(k+len(stays)-1)%len(stays)], stays[(k+1)%len(stays)]
		p, o, q := n.rim[before].a, n.rim[i].a, n.rim[after].a
		ux, uy, vx, vy := o[0]-p[0], o[1]-p[1], q[0]-o[0], q[1]-o[1]
		// The block lies on the left: a turn to the right is a corner that sticks into it.
		if turn := math.Atan2(ux*vy-uy*vx, ux*vx+uy*vy); turn < -neckTurn && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// straighten returns the edges at whose starts a loop keeps its corners when it is
// drawn with fewer (Douglas and Peucker 1973).
func (n *necks) straighten(l rimLoop) []int {
	far, most := l.first, 0.0
	for i := l.first; i < l.end; i++ {
		if d := distance(n.rim[i].a, n.rim[l.first].a); d > most {
			far, most = i, d
		}
	}
	out := []int{l.first}
	var keep func(from, to int)
	keep = func(from, to int) { // to may be l.end: the start again
		q := n.rim[l.first].a
		if to < l.end {
			q = n.rim[to].a
		}
		worst, at := float64(neckBend), -1
		for i := from + 1; i < to; i++ {
			if d := distance(n.rim[i].a, nearestOn(n.rim[i].a, n.rim[from].a, q)); d > worst {
				worst, at = d, i
			}
		}
		if at >= 0 {
			keep(from, at)
			out = append(out, at)
			keep(at, to)
		}
	}
	if far == l.first {
		return out
	}
	keep(l.first, far)
	out = append(out, far)
	keep(far, l.end)
	return out
}

func distance(p, q [2]float64) float64 { return math.Hypot(p[0]-q[0], p[1]-q[1]) }

// nearestOn is the place of the segment a-b nearest to p.
func nearestOn(p, a, b [2]float64) [2]float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	k := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		k = max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/d))
	}
	return [2]float64{a[0] + k*dx, a[1] + k*dy}
}

// across finds the shortest cut from the start of an edge to a part of the block's edge,
// or of those of its parts that are streets, that is far along it.
func (n *necks) across(i int, street bool) (neck, bool) {
	o := n.rim[i].a
	best := neck{from: o, metres: neckMetres}
	target := -1
	for j, e := range n.rim {
		if street && !e.street || min(e.a[0], e.b[0])-o[0] > best.metres || o[0]-max(e.a[0], e.b[0]) > best.metres ||
			min(e.a[1], e.b[1])-o[1] > best.metres || o[1]-max(e.a[1], e.b[1]) > best.metres {
			continue
		}
		q := nearestOn(o, e.a, e.b)
		if d := distance(o, q); d > 0.5 && d < best.metres && n.around(i, j, q) >= neckRatio*d {
			best.to, best.metres, target = q, d, j
		}
	}
	if target < 0 {
		return best, false
	}
	best.street = n.rim[target].street
	// A cut to a vertex leaves borders as they are mapped.
	e := n.rim[target]
	for _, end := range [2][2]float64{e.a, e.b} {
		if distance(best.to, end) <= 0.3*best.metres && n.clear(i, end) {
			best.to, best.metres = end, distance(o, end)
			break
		}
	}
	best.ends = [2]arrange.Pt{n.arr.Vertices[n.rim[i].from], arrange.At(n.plane.Point(best.to[0], best.to[1]))}
	return best, best.ends[0] != best.ends[1] && n.clear(i, best.to)
}

// around is the length of the shorter way along the block's edge from the start of one
// edge to a place on another; endless between two loops.
func (n *necks) around(i, j int, q [2]float64) float64 {
	a, b := n.rim[i], n.rim[j]
	if a.loop != b.loop {
		return math.Inf(1)
	}
	way := math.Abs(b.at + distance(b.a, q) - a.at)
	return min(way, n.loops[a.loop].length-way)
}

// clear reports whether the open segment from the start of an edge to q runs inside the
// block.
func (n *necks) clear(i int, q [2]float64) bool {
	o := n.rim[i].a
	for _, e := range n.rim {
		if e.a == o || e.b == o || min(e.a[0], e.b[0]) > max(o[0], q[0]) || max(e.a[0], e.b[0]) < min(o[0], q[0]) ||
			min(e.a[1], e.b[1]) > max(o[1], q[1]) || max(e.a[1], e.b[1]) < min(o[1], q[1]) {
			continue
		}
		if distance(nearestOn(q, e.a, e.b), q) < 0.1 {
			continue // it ends there
		}
		if turnOf(o, q, e.a)*turnOf(o, q, e.b) <= 0 && turnOf(e.a, e.b, o)*turnOf(e.a, e.b, q) <= 0 {
			return false
		}
	}
	return n.inside([2]float64{(o[0] + q[0]) / 2, (o[1] + q[1]) / 2})
}

func turnOf(a, b, p [2]float64) float64 {
	return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
}

// inside tells by ray casting whether a place lies in the block.
func (n *necks) inside(p [2]float64) bool {
	in := false
	for _, e := range n.rim {
		if (e.a[1] > p[1]) != (e.b[1] > p[1]) && p[0] < e.a[0]+(p[1]-e.a[1])/(e.b[1]-e.a[1])*(e.b[0]-e.a[0]) {
			in = !in
		}
	}
	return in
}

// hitsBuilding reports whether a cut runs through the outline of a building, or within a
// metre of one that is a point.
func (n *necks) hitsBuilding(face int32, k neck) bool {
	for _, i := range n.inFace[face] {
		b := n.ground.Buildings[i]
		x, y := n.plane.XY(b.At)
		p := [2]float64{x, y}
		if distance(p, nearestOn(p, k.from, k.to)) < 1 {
			return true
		}
		if len(b.Outline) == 0 || distance(p, k.from) > k.metres+200 {
			continue
		}
		ring := b.Outline[0]
		for j := 1; j < len(ring); j++ {
			ax, ay := n.plane.XY(ring[j-1])
			bx, by := n.plane.XY(ring[j])
			a, c := [2]float64{ax, ay}, [2]float64{bx, by}
			if turnOf(k.from, k.to, a)*turnOf(k.from, k.to, c) < 0 && turnOf(a, c, k.from)*turnOf(a, c, k.to) < 0 {
				return true
			}
		}
	}
	return false
}

// beside reports whether two cuts lead from about the same place to about the same.
func (k neck) beside(o neck) bool {
	return max(distance(k.from, o.from), distance(k.to, o.to)) < neckApart || max(distance(k.from, o.to), distance(k.to, o.from)) < neckApart
}

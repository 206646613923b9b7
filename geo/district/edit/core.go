package edit

import (
	"slices"
	"sync"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// outside is the label of what lies in no grid.
const outside = int32(-1)

// edge is a piece of border from a to b, a before b in the order of arrange.Pt.Less,
// with the grids on its two sides by slot.
type edge struct {
	a, b        arrange.Pt
	left, right int32
}

// newEdge turns the piece so that a comes first.
func newEdge(from, to arrange.Pt, left, right int32) edge {
	if to.Less(from) {
		return edge{to, from, right, left}
	}
	return edge{from, to, left, right}
}

func (e edge) other(slot int32) int32 {
	if e.left == slot {
		return e.right
	}
	return e.left
}

func (e edge) far(p arrange.Pt) arrange.Pt {
	if e.a == p {
		return e.b
	}
	return e.a
}

// labelled replaces a label.
func (e edge) labelled(from, to int32) edge {
	if e.left == from {
		e.left = to
	}
	if e.right == from {
		e.right = to
	}
	return e
}

// record is what a grid is besides its shape. The zero record is no grid.
type record struct {
	code, name          string
	district, community string
	locked              bool
}

// area names the district and community that a grid may not leave. The zero area is
// outside.
type area struct {
	inside              bool
	district, community string
}

func (r record) area() area { return area{r.code != "", r.district, r.community} }

// ground is what never changes while a draft is edited.
type ground struct {
	draft     district.Draft // without grids
	stated    map[string]district.Grid
	used      map[string]bool // codes that must not be given to a new grid
	areaNames map[area]string
	plane     geo.Plane
	raster    raster
	mesh      *mesh
	points    *points
	compounds []compound
}

// core is the arrangement in one of its versions. Only who holds mu may read it.
type core struct {
	*ground
	mu      sync.Mutex
	at      *version
	edges   []edge
	free    []int32
	stamp   []uint32 // by edge: the last walk that passed it
	walk    uint32
	star    map[arrange.Pt][]int32 // edges at each vertex
	cells   [][]int32              // edges in each cell of the raster
	grids   []record               // by slot
	borders [][]int32              // edges of each slot
	homes   []int                  // households by slot
	slots   map[string]int32       // by code
	owner   []int32                // slot by counting point
	cut     []bool                 // by compound: it lies in several grids
}

// replaced is a record that one change puts in place of another.
type replaced struct {
	slot          int32
	before, after record
}

// moved is a counting point that changes its grid.
type moved struct{ point, before, after int32 }

// change is the difference between two versions; it can be put and taken back.
type change struct {
	cut, lay []edge
	records  []replaced
	moved    []moved
	flipped  []int32              // compounds whose state changes
	reshaped map[int32]arrange.Pt // by settle, while the change is checked
}

func (c *core) put(ch *change) {
	for _, e := range ch.cut {
		c.removeEdge(e)
	}
	for _, r := range ch.records {
		c.setRecord(r.slot, r.after)
	}
	for _, e := range ch.lay {
		c.addEdge(e)
	}
	for _, m := range ch.moved {
		c.setOwner(m.point, m.after)
	}
	c.flip(ch.flipped)
}

func (c *core) takeBack(ch *change) {
	c.flip(ch.flipped)
	for _, m := range slices.Backward(ch.moved) {
		c.setOwner(m.point, m.before)
	}
	for _, e := range ch.lay {
		c.removeEdge(e)
	}
	for _, r := range slices.Backward(ch.records) {
		c.setRecord(r.slot, r.before)
	}
	for _, e := range ch.cut {
		c.addEdge(e)
	}
}

func (c *core) addEdge(e edge) {
	var id int32
	if n := len(c.free); n > 0 {
		id, c.free = c.free[n-1], c.free[:n-1]
		c.edges[id] = e
	} else {
		id = int32(len(c.edges))
		c.edges, c.stamp = append(c.edges, e), append(c.stamp, 0)
	}
	c.star[e.a], c.star[e.b] = append(c.star[e.a], id), append(c.star[e.b], id)
	c.raster.visit(e.a, e.b, func(cell int) { c.cells[cell] = append(c.cells[cell], id) })
	for _, slot := range [2]int32{e.left, e.right} {
		if slot != outside {
			c.borders[slot] = append(c.borders[slot], id)
		}
	}
}

func (c *core) removeEdge(e edge) {
	id := c.find(e.a, e.b)
	for _, p := range [2]arrange.Pt{e.a, e.b} {
		if c.star[p] = without(c.star[p], id); len(c.star[p]) == 0 {
			delete(c.star, p)
		}
	}
	c.raster.visit(e.a, e.b, func(cell int) { c.cells[cell] = without(c.cells[cell], id) })
	for _, slot := range [2]int32{e.left, e.right} {
		if slot != outside {
			c.borders[slot] = without(c.borders[slot], id)
		}
	}
	c.free = append(c.free, id)
}

func without(ids []int32, id int32) []int32 {
	i := slices.Index(ids, id)
	ids[i] = ids[len(ids)-1]
	return ids[:len(ids)-1]
}

// find returns the edge between two vertices, -1 when there is none.
func (c *core) find(a, b arrange.Pt) int32 {
	for _, id := range c.star[a] {
		if c.edges[id].far(a) == b {
			return id
		}
	}
	return -1
}

func (c *core) setRecord(slot int32, r record) {
	for int(slot) >= len(c.grids) {
		c.grids, c.borders, c.homes = append(c.grids, record{}), append(c.borders, nil), append(c.homes, 0)
	}
	if was := c.grids[slot]; was.code != "" {
		delete(c.slots, was.code)
	}
	c.grids[slot] = r
	if r.code != "" {
		c.slots[r.code] = slot
	}
}

// freeSlot is the lowest slot without a grid, not counting those given.
func (c *core) freeSlot(taken []replaced) int32 {
	for slot := int32(0); ; slot++ {
		used := int(slot) < len(c.grids) && c.grids[slot].code != ""
		if !used && !slices.ContainsFunc(taken, func(r replaced) bool { return r.slot == slot }) {
			return slot
		}
	}
}

func (c *core) setOwner(point, slot int32) {
	homes := c.points.all[point].households
	if was := c.owner[point]; was != outside {
		c.homes[was] -= homes
	}
	if slot != outside {
		c.homes[slot] += homes
	}
	c.owner[point] = slot
}

func (c *core) flip(compounds []int32) {
	for _, i := range compounds {
		c.cut[i] = !c.cut[i]
	}
}

// areaOf is the district and community of a slot; the zero area is outside.
func (c *core) areaOf(slot int32) area {
	if slot == outside {
		return area{}
	}
	return c.grids[slot].area()
}

// codeOf is the code of a slot, "" outside.
func (c *core) codeOf(slot int32) string {
	if slot == outside {
		return ""
	}
	return c.grids[slot].code
}

// boxOf holds some grids.
func (c *core) boxOf(slots ...int32) box {
	var all change
	for _, slot := range slots {
		for _, id := range c.borders[slot] {
			all.lay = append(all.lay, c.edges[id])
		}
	}
	return all.box()
}

package edit

import (
	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// points are the places where households are counted, by cell of the raster.
type points struct {
	all   []point
	start []int32
	items []int32
}

// point is a counting point, at the step nearest to it as district.Locator has it.
type point struct {
	at         arrange.Pt
	households int
}

func newPoint(b geo.Building) point {
	return point{at: arrange.At(geo.RoundE7(b.At)), households: b.Households}
}

func newPoints(buildings []geo.Building, r *raster) *points {
	ps := &points{start: make([]int32, r.columns*r.rows+1)}
	for _, b := range buildings {
		if !geo.ValidPosition(b.At) {
			continue
		}
		p := newPoint(b)
		ps.all = append(ps.all, p)
		ps.start[r.cell(int64(p.at.X), int64(p.at.Y))+1]++
	}
	for i := range r.columns * r.rows {
		ps.start[i+1] += ps.start[i]
	}
	ps.items = make([]int32, len(ps.all))
	next := append([]int32(nil), ps.start...)
	for i, p := range ps.all {
		cell := r.cell(int64(p.at.X), int64(p.at.Y))
		ps.items[next[cell]] = int32(i)
		next[cell]++
	}
	return ps
}

// each calls f with the number of each point in the box.
func (ps *points) each(r *raster, b box, f func(point int32)) {
	r.eachCell(b, func(cell int) {
		for _, i := range ps.items[ps.start[cell]:ps.start[cell+1]] {
			if b.holds(ps.all[i].at) {
				f(i)
			}
		}
	})
}

// locate returns the grid that a point belongs to and whether it lies on a border:
// there it belongs to the lowest code among the grids that touch it.
func (c *core) locate(p *point) (slot int32, border bool) {
	lowest := outside
	for _, id := range c.cells[c.raster.cell(int64(p.at.X), int64(p.at.Y))] {
		e := &c.edges[id]
		if !arrange.OnSegment(p.at, e.a, e.b) {
			continue
		}
		border = true
		for _, s := range [2]int32{e.left, e.right} {
			if s != outside && (lowest == outside || c.grids[s].code < c.grids[lowest].code) {
				lowest = s
			}
		}
	}
	if border {
		return lowest, true
	}
	return c.above(p, nil), false
}

// locatePt is locate for an exact position.
func (c *core) locatePt(at arrange.Pt) (slot int32, border bool) {
	return c.locate(&point{at: at})
}

// above returns the label above the first edge below the point, leaving out the
// edges that end at the vertex except.
func (c *core) above(p *point, except *arrange.Pt) int32 {
	column := c.raster.column(int64(p.at.X))
	for row := c.raster.row(int64(p.at.Y)); row >= 0; row-- {
		best := int32(-1)
		var height float64
		for _, id := range c.cells[row*c.raster.columns+column] {
			e := &c.edges[id]
			if e.a.X > p.at.X || e.b.X <= p.at.X || except != nil && (e.a == *except || e.b == *except) || arrange.Cross(e.a, e.b, p.at) <= 0 {
				continue
			}
			h := float64(e.a.Y) + (float64(p.at.X)-float64(e.a.X))*(float64(e.b.Y)-float64(e.a.Y))/(float64(e.b.X)-float64(e.a.X))
			if best < 0 || c.higher(e, &c.edges[best]) {
				best, height = id, h
			}
		}
		// An edge that passes below this cell is for the cells below to judge.
		if best >= 0 && (row == 0 || height >= float64(int64(c.raster.low.Y)+row*c.raster.size)-1) {
			return c.edges[best].left
		}
	}
	return outside
}

// higher reports exactly whether e runs above f where both have a common X. They
// must not cross.
func (c *core) higher(e, f *edge) bool {
	if e.a.X >= f.a.X {
		if s := arrange.Cross(f.a, f.b, e.a); s != 0 {
			return s > 0
		}
	} else if s := arrange.Cross(e.a, e.b, f.a); s != 0 {
		return s < 0
	}
	if e.b.X <= f.b.X {
		return arrange.Cross(f.a, f.b, e.b) > 0
	}
	return arrange.Cross(e.a, e.b, f.b) < 0
}

package edit

import (
	"math"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// points are the places where households are counted, by cell of the raster.
type points struct {
	all   []point
	start []int32
	items []int32
}

// point is a counting point. One that is no multiple of a step counts as on a
// border by the rounding of its computation, as district.Locator has it.
type point struct {
	x, y       float64
	at         arrange.Pt
	whole      bool
	households int
}

// borderSteps is the slack of district.Locator for positions between steps.
const borderSteps = 4e-6

func newPoint(b geo.Building) point {
	x, y := b.At[0]*geo.E7, b.At[1]*geo.E7
	p := point{x: x, y: y, at: arrange.At(b.At), households: b.Households}
	if math.Abs(x-math.Round(x)) < borderSteps && math.Abs(y-math.Round(y)) < borderSteps {
		p.x, p.y, p.whole = math.Round(x), math.Round(y), true
	}
	return p
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

// side is positive when the point lies above the edge, exact for whole points.
func (p *point) side(e *edge) float64 {
	if p.whole {
		return float64(arrange.Cross(e.a, e.b, p.at))
	}
	return (float64(e.b.X)-float64(e.a.X))*(p.y-float64(e.a.Y)) - (float64(e.b.Y)-float64(e.a.Y))*(p.x-float64(e.a.X))
}

// on reports whether the point counts as on the edge.
func (p *point) on(e *edge) bool {
	if p.whole {
		return arrange.OnSegment(p.at, e.a, e.b)
	}
	if p.x < float64(e.a.X)-borderSteps || p.x > float64(e.b.X)+borderSteps ||
		p.y < float64(min(e.a.Y, e.b.Y))-borderSteps || p.y > float64(max(e.a.Y, e.b.Y))+borderSteps {
		return false
	}
	return math.Abs(p.side(e)) <= borderSteps*math.Hypot(float64(e.b.X)-float64(e.a.X), float64(e.b.Y)-float64(e.a.Y))
}

// locate returns the grid that a point belongs to and whether it lies on a border:
// there it belongs to the lowest code among the grids that touch it.
func (c *core) locate(p *point) (slot int32, border bool) {
	lowest := outside
	for _, id := range c.cells[c.raster.cell(int64(p.at.X), int64(p.at.Y))] {
		e := &c.edges[id]
		if !p.on(e) {
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
	return c.locate(&point{x: float64(at.X), y: float64(at.Y), at: at, whole: true})
}

// above returns the label above the first edge below the point, leaving out the
// edges that end at the vertex except.
func (c *core) above(p *point, except *arrange.Pt) int32 {
	column := c.raster.column(int64(math.Floor(p.x)))
	for row := c.raster.row(int64(math.Floor(p.y))); row >= 0; row-- {
		best := int32(-1)
		var height float64
		for _, id := range c.cells[row*c.raster.columns+column] {
			e := &c.edges[id]
			if float64(e.a.X) > p.x || float64(e.b.X) <= p.x || except != nil && (e.a == *except || e.b == *except) || p.side(e) <= 0 {
				continue
			}
			h := float64(e.a.Y) + (p.x-float64(e.a.X))*(float64(e.b.Y)-float64(e.a.Y))/(float64(e.b.X)-float64(e.a.X))
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

package district

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Locator answers which grid a point belongs to. It is exact: a point on a border or
// node belongs to the lowest code among the grids that touch it. It does not change
// after NewLocator and may be used by many goroutines at once.
//
// Each border edge is kept once with the grids on its two sides. A raster of cells
// holds the edges that reach into each cell, or the one grid that fills it; a point
// is decided by the first edge below it.
type Locator struct {
	grids   []Grid // sorted by code: a lower number is a lower code
	edges   []borderEdge
	minX    int64
	minY    int64
	size    int64
	columns int64
	rows    int64
	start   []int32 // by cell, into items
	items   []int32 // edges
	fill    []int32 // by cell without edges: the grid that fills it, -1 outside
}

// borderEdge runs from a to b, a.X <= b.X, with the grid above it (left of a to b)
// and the one below; -1 is outside the territory.
type borderEdge struct {
	a, b         arrange.Pt
	above, below int32
}

// NewLocator indexes the outlines of grids. Two grids on the same side of one edge
// overlap: that is an error which names both.
func NewLocator(grids []Grid) (*Locator, error) {
	l := &Locator{grids: slices.Clone(grids)}
	slices.SortFunc(l.grids, func(a, b Grid) int { return cmp.Compare(a.Code, b.Code) })
	if err := l.collect(); err != nil {
		return nil, err
	}
	l.raster()
	return l, nil
}

// collect makes the edges from the rings: each ring has its grid on the left.
func (l *Locator) collect() error {
	type key struct{ a, b arrange.Pt }
	at := map[key]int32{}
	for i, g := range l.grids {
		for r, ring := range g.Outline {
			want := orb.CCW
			if r > 0 {
				want = orb.CW
			}
			if ring.Orientation() != want {
				ring = ring.Clone()
				ring.Reverse()
			}
			for k := 1; k < len(ring); k++ {
				a, b := arrange.At(ring[k-1]), arrange.At(ring[k])
				if a == b {
					continue
				}
				left := a.Less(b)
				if !left {
					a, b = b, a
				}
				e, ok := at[key{a, b}]
				if !ok {
					e = int32(len(l.edges))
					at[key{a, b}] = e
					l.edges = append(l.edges, borderEdge{a, b, -1, -1})
				}
				side := &l.edges[e].below
				if left {
					side = &l.edges[e].above
				}
				if *side >= 0 {
					return geo.NewInputError("grids", geo.Finding{Rule: "overlap", Feature: g.Code, Detail: fmt.Sprintf("grids %s and %s lie on the same side of a border", l.grids[*side].Code, g.Code), Remedy: "check the grids and publish them again"})
				}
				*side = int32(i)
			}
		}
	}
	return nil
}

// raster lays the cells out, about one for each two edges.
func (l *Locator) raster() {
	if len(l.edges) == 0 {
		l.size, l.start = 1, []int32{0}
		return
	}
	l.minX, l.minY = math.MaxInt64, math.MaxInt64
	maxX, maxY := int64(math.MinInt64), int64(math.MinInt64)
	for _, e := range l.edges {
		l.minX, maxX = min(l.minX, int64(e.a.X)), max(maxX, int64(e.b.X))
		l.minY, maxY = min(l.minY, int64(min(e.a.Y, e.b.Y))), max(maxY, int64(max(e.a.Y, e.b.Y)))
	}
	l.minX, l.minY = l.minX-2, l.minY-2
	width, height := float64(maxX+3-l.minX), float64(maxY+3-l.minY)
	l.size = int64(math.Ceil(max(4, math.Sqrt(width*height/float64(4*len(l.edges)+64)))))
	l.columns, l.rows = int64(width)/l.size+1, int64(height)/l.size+1
	l.start = make([]int32, l.columns*l.rows+1)
	for i := range l.edges {
		l.visit(&l.edges[i], func(cell int64) { l.start[cell+1]++ })
	}
	for i := range l.columns * l.rows {
		l.start[i+1] += l.start[i]
	}
	l.items = make([]int32, l.start[l.columns*l.rows])
	next := slices.Clone(l.start)
	for i := range l.edges {
		l.visit(&l.edges[i], func(cell int64) {
			l.items[next[cell]] = int32(i)
			next[cell]++
		})
	}
	l.fillCells()
}

// fillCells tells each cell without edges its grid, row by row from the south: by
// the cell below it, or by the first edge below.
func (l *Locator) fillCells() {
	l.fill = filled(int(l.columns*l.rows), -1)
	for cell := range l.columns * l.rows {
		if l.start[cell] == l.start[cell+1] {
			col, row := cell%l.columns, cell/l.columns
			l.fill[cell] = l.owner(float64(l.minX+col*l.size)+float64(l.size)/2, float64(l.minY+row*l.size), row-1)
		}
	}
}

// visit calls f with each cell that the edge, grown by one step, may meet.
func (l *Locator) visit(e *borderEdge, f func(cell int64)) {
	ax, ay, bx, by := float64(e.a.X), float64(e.a.Y), float64(e.b.X), float64(e.b.Y)
	first := (int64(min(e.a.Y, e.b.Y)) - 1 - l.minY) / l.size
	last := (int64(max(e.a.Y, e.b.Y)) + 1 - l.minY) / l.size
	for row := first; row <= last; row++ {
		x0, x1 := ax, bx
		if first != last && ay != by {
			low, high := float64(l.minY+row*l.size)-2, float64(l.minY+(row+1)*l.size)+2
			t0, t1 := (low-ay)/(by-ay), (high-ay)/(by-ay)
			t0, t1 = min(t0, t1), max(t0, t1)
			x0, x1 = ax+max(0, min(1, t0))*(bx-ax), ax+max(0, min(1, t1))*(bx-ax)
		}
		from := max(0, (int64(x0)-2-l.minX)/l.size)
		to := min(l.columns-1, (int64(x1)+2-l.minX)/l.size)
		for col := from; col <= to; col++ {
			f(row*l.columns + col)
		}
	}
}

// owner walks down the column of x from the row given and returns the grid above the
// first edge below height y, -1 when there is none.
func (l *Locator) owner(x, y float64, row int64) int32 {
	col := (int64(math.Floor(x)) - l.minX) / l.size
	for ; row >= 0; row-- {
		cell := row*l.columns + col
		in := l.items[l.start[cell]:l.start[cell+1]]
		if len(in) == 0 {
			return l.fill[cell]
		}
		// An edge that passes x below this cell is for the cells below to judge.
		best, height := int32(-1), float64(l.minY+row*l.size)-1
		for _, i := range in {
			e := &l.edges[i]
			if float64(e.a.X) > x || float64(e.b.X) <= x {
				continue
			}
			side := e.side(x, y)
			if side <= 0 {
				continue
			}
			if h := e.height(x); h > height || best >= 0 && h == height && e.steeper(&l.edges[best]) {
				best, height = i, h
			}
		}
		if best >= 0 {
			return l.edges[best].above
		}
	}
	return -1
}

// side is positive when (x, y) lies above the edge, exact for integer positions.
func (e *borderEdge) side(x, y float64) float64 {
	return (float64(e.b.X)-float64(e.a.X))*(y-float64(e.a.Y)) - (float64(e.b.Y)-float64(e.a.Y))*(x-float64(e.a.X))
}

func (e *borderEdge) height(x float64) float64 {
	return float64(e.a.Y) + (x-float64(e.a.X))*(float64(e.b.Y)-float64(e.a.Y))/(float64(e.b.X)-float64(e.a.X))
}

// steeper tells which of two edges that leave one point to the right runs above.
func (e *borderEdge) steeper(o *borderEdge) bool {
	return (float64(e.b.Y)-float64(e.a.Y))*(float64(o.b.X)-float64(o.a.X)) >
		(float64(o.b.Y)-float64(o.a.Y))*(float64(e.b.X)-float64(e.a.X))
}

// borderSteps is how near to a border a position that is no multiple of 1e-7 degree
// still counts as on it: the rounding of positions that were computed to lie there.
const borderSteps = 4e-6

// Locate answers for one position in WGS-84. Outside the territory it gives the
// nearest grid when that is within limit, and the metres to it.
func (l *Locator) Locate(p orb.Point, limit geo.Metres) Location {
	if !geo.ValidPosition(p) || len(l.edges) == 0 {
		return Location{How: Outside}
	}
	x, y := p[0]*geo.E7, p[1]*geo.E7
	whole := false
	if rx, ry := math.Round(x), math.Round(y); math.Abs(x-rx) < borderSteps && math.Abs(y-ry) < borderSteps {
		x, y, whole = rx, ry, true
	}
	col, row := (int64(math.Floor(x))-l.minX)/l.size, (int64(math.Floor(y))-l.minY)/l.size
	if x < float64(l.minX) || y < float64(l.minY) || col >= l.columns || row >= l.rows {
		return l.nearest(p, limit)
	}
	cell := row*l.columns + col
	if lowest := l.touching(cell, x, y, whole); lowest >= 0 {
		return l.location(lowest, Border)
	}
	owner := l.owner(x, y, row)
	if owner < 0 {
		return l.nearest(p, limit)
	}
	return l.location(owner, Inside)
}

func (l *Locator) location(grid int32, how How) Location {
	return Location{Grid: l.grids[grid].Code, District: l.grids[grid].District, How: how}
}

// touching returns the lowest grid whose border passes through the position, or -1.
func (l *Locator) touching(cell int64, x, y float64, whole bool) int32 {
	lowest := int32(-1)
	take := func(g int32) {
		if g >= 0 && (lowest < 0 || g < lowest) {
			lowest = g
		}
	}
	for _, i := range l.items[l.start[cell]:l.start[cell+1]] {
		e := &l.edges[i]
		if e.holds(x, y, whole) {
			take(e.above)
			take(e.below)
		}
	}
	return lowest
}

// holds reports whether the position lies on the edge: exactly for whole positions,
// else within the rounding of a computed position.
func (e *borderEdge) holds(x, y float64, whole bool) bool {
	slack := 0.0
	if !whole {
		slack = borderSteps
	}
	if x < float64(e.a.X)-slack || x > float64(e.b.X)+slack ||
		y < float64(min(e.a.Y, e.b.Y))-slack || y > float64(max(e.a.Y, e.b.Y))+slack {
		return false
	}
	return math.Abs(e.side(x, y)) <= slack*math.Hypot(float64(e.b.X)-float64(e.a.X), float64(e.b.Y)-float64(e.a.Y))
}

// nearest finds the grid on the territory's rim nearest to an outside position.
func (l *Locator) nearest(p orb.Point, limit geo.Metres) Location {
	if limit <= 0 {
		return Location{How: Outside}
	}
	plane := geo.NewPlane(p)
	kx, ky := plane.Scale()
	reachX, reachY := float64(limit)/kx*geo.E7, float64(limit)/ky*geo.E7
	x, y := p[0]*geo.E7, p[1]*geo.E7
	cellAt := func(v float64, origin, most int64) int64 {
		return int64(max(0, min(float64(most-1), math.Floor((v-float64(origin))/float64(l.size)))))
	}
	best, owner := math.Inf(1), int32(-1)
	for row := cellAt(y-reachY, l.minY, l.rows); row <= cellAt(y+reachY, l.minY, l.rows); row++ {
		for col := cellAt(x-reachX, l.minX, l.columns); col <= cellAt(x+reachX, l.minX, l.columns); col++ {
			cell := row*l.columns + col
			for _, i := range l.items[l.start[cell]:l.start[cell+1]] {
				e := &l.edges[i]
				if e.above >= 0 && e.below >= 0 {
					continue
				}
				g := max(e.above, e.below)
				if d := e.distance(x, y, kx/geo.E7, ky/geo.E7); d < best || d == best && g < owner {
					best, owner = d, g
				}
			}
		}
	}
	if owner < 0 || best > float64(limit) {
		return Location{How: Outside}
	}
	at := l.location(owner, Nearest)
	at.Metres = geo.Metres(best)
	return at
}

// distance is the metres from a position to the edge, with the metres of one step.
func (e *borderEdge) distance(x, y, kx, ky float64) float64 {
	ax, ay := (float64(e.a.X)-x)*kx, (float64(e.a.Y)-y)*ky
	dx, dy := (float64(e.b.X)-float64(e.a.X))*kx, (float64(e.b.Y)-float64(e.a.Y))*ky
	t := max(0, min(1, -(ax*dx+ay*dy)/(dx*dx+dy*dy)))
	return math.Hypot(ax+t*dx, ay+t*dy)
}

// Neighbours returns the codes of the grids that share border with one, sorted.
func (l *Locator) Neighbours(code string) []string {
	g, ok := slices.BinarySearchFunc(l.grids, code, func(g Grid, c string) int { return cmp.Compare(g.Code, c) })
	if !ok {
		return nil
	}
	found := map[int32]bool{}
	for _, e := range l.edges {
		switch {
		case e.above == int32(g) && e.below >= 0:
			found[e.below] = true
		case e.below == int32(g) && e.above >= 0:
			found[e.above] = true
		}
	}
	var out []string
	for _, n := range sortedKeys(found) {
		out = append(out, l.grids[n].Code)
	}
	return out
}

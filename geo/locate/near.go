package locate

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// each calls f with every edge that reaches into a cell, and the owners on its sides.
func (t *tree) each(r *raster, col, row int64, word int32, f func(a, b point, left, right int32)) {
	if word >= None {
		return
	}
	node := r.base + deref(word)
	if t.nodes[node]&nested != 0 {
		in, words := t.inside(r, col, row, node)
		for k, w := range words {
			t.each(&in, int64(k)%in.columns, int64(k)/in.columns, w, f)
		}
		return
	}
	midX, midY := r.middle(col, row)
	for node >= 0 {
		var u run
		u, node = t.run(node)
		at := func(i int) point {
			if u.wide {
				return point{int64(u.words[2*i]), int64(u.words[2*i+1])}
			}
			x, y := narrow(u.words[i])
			return point{x + midX, y + midY}
		}
		n := len(u.words)
		if u.wide {
			n /= 2
		}
		for i := 1; i < n; i++ {
			f(at(i-1), at(i), u.left, u.right)
		}
	}
}

// eachIn is each for the cells of the root in a range, which it cuts to the raster.
func (ix *Index) eachIn(col0, row0, col1, row1 int64, f func(a, b point, left, right int32)) {
	r := &ix.root
	for row := max(0, row0); row <= min(row1, r.rows-1); row++ {
		for col := max(0, col0); col <= min(col1, r.columns-1); col++ {
			ix.each(r, col, row, ix.cells[row*r.columns+col], f)
		}
	}
}

// Neighbours returns the polygons that share border with one, in rising order.
func (ix *Index) Neighbours(owner int32) []int32 {
	b, r := ix.boxes[owner], &ix.root
	if b.x1 < b.x0 {
		return nil
	}
	var found []int32
	add := func(o int32) {
		if o >= 0 && !slices.Contains(found, o) {
			found = append(found, o)
		}
	}
	ix.eachIn((int64(b.x0)-r.x0)>>r.shiftX, (int64(b.y0)-r.y0)>>r.shiftY,
		(int64(b.x1)-r.x0)>>r.shiftX, (int64(b.y1)-r.y0)>>r.shiftY,
		func(_, _ point, left, right int32) {
			switch owner {
			case left:
				add(right)
			case right:
				add(left)
			}
		})
	slices.Sort(found)
	return slices.DeleteFunc(found, func(o int32) bool { return o == owner })
}

// Nearest returns the polygon whose outer border is nearest to a valid position that
// lies outside all, and how far it is: None when that is beyond limit.
func (ix *Index) Nearest(p orb.Point, limit geo.Metres) (owner int32, far geo.Metres) {
	r := &ix.root
	if !(limit > 0) || r.columns == 0 {
		return None, 0
	}
	kx, ky := geo.NewPlane(p).Scale()
	n := nearest{x: p[0] * geo.E7, y: p[1] * geo.E7, kx: kx / geo.E7, ky: ky / geo.E7, owner: None, best: math.Inf(1)}
	col := max(0, min(r.columns-1, (int64(math.Floor(n.x))-r.x0)>>r.shiftX))
	row := max(0, min(r.rows-1, (int64(math.Floor(n.y))-r.y0)>>r.shiftY))
	width := min(n.kx*float64(int64(1)<<r.shiftX), n.ky*float64(int64(1)<<r.shiftY))
	for ring := int64(0); ring <= max(r.columns, r.rows); ring++ {
		// What lies in this ring of cells and beyond is at least so many cells away.
		if away := float64(ring-1) * width; away > n.best || away > float64(limit) {
			break
		}
		ix.eachIn(col-ring, row-ring, col+ring, row-ring, n.take)
		if ring > 0 {
			ix.eachIn(col-ring, row+ring, col+ring, row+ring, n.take)
			ix.eachIn(col-ring, row-ring+1, col-ring, row+ring-1, n.take)
			ix.eachIn(col+ring, row-ring+1, col+ring, row+ring-1, n.take)
		}
	}
	if n.owner < 0 || n.best > float64(limit) {
		return None, 0
	}
	return n.owner, geo.Metres(n.best)
}

// nearest is a search for the rim nearest to a position; kx and ky are the metres
// of one step.
type nearest struct {
	x, y, kx, ky float64
	owner        int32
	best         float64
}

// take looks at an edge, if it has one owner; equal distances go to the lowest.
func (n *nearest) take(a, b point, left, right int32) {
	if left >= 0 && right >= 0 {
		return
	}
	ax, ay := (float64(a.x)-n.x)*n.kx, (float64(a.y)-n.y)*n.ky
	dx, dy := float64(b.x-a.x)*n.kx, float64(b.y-a.y)*n.ky
	t := max(0, min(1, -(ax*dx+ay*dy)/(dx*dx+dy*dy)))
	d := math.Hypot(ax+t*dx, ay+t*dy)
	if o := max(left, right); d < n.best || d == n.best && o < n.owner {
		n.best, n.owner = d, o
	}
}

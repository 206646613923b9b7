package locate

import (
	"github.com/paulmach/orb"

	"gridbeat/geo/arrange"
)

// half is one directed edge of a ring, its owner on the left.
type half struct {
	a, b  arrange.Pt
	owner int32
}

// band builds some rows of the root; its nodes count from 0 until all are joined.
type band struct {
	tree
	first, end int64   // rows
	owners     []int32 // polygons that reach into the rows
	halves     []half
	desk       *desk
	err        error
}

// desk is the working space of one goroutine, used again for each band.
type desk struct {
	halves []half
	hits   []hit
	twin   []int32
	nodes  []int32
}

// hit is an edge that reaches into a cell.
type hit struct{ cell, half int32 }

// build fills the cells of the band.
func (b *band) build(polygons []orb.Polygon, d *desk) {
	b.desk, b.halves, b.nodes = d, d.halves[:0], d.nodes[:0]
	low := b.root.y0 + b.first<<b.root.shiftY - rim
	high := b.root.y0 + b.end<<b.root.shiftY + rim
	for _, o := range b.owners {
		for i, ring := range polygons[o] {
			b.add(ring, i > 0, o, low, high)
		}
	}
	ids := make([]int32, len(b.halves))
	for i := range ids {
		ids[i] = int32(i)
	}
	start, items := b.sort(&b.root, b.first, b.end, ids)
	words := b.cells[b.first*b.root.columns : b.end*b.root.columns]
	b.rows(&frame{r: &b.root, row: b.first}, b.end, start, items, func(k int, w int32) { words[k] = w })
	d.halves, d.nodes = b.halves, b.nodes
	b.nodes, b.halves, b.desk = append([]int32(nil), b.nodes...), nil, nil
}

// add takes the edges of a ring that reach between two heights, so directed that the
// owner lies left of them.
func (b *band) add(ring orb.Ring, hole bool, owner int32, low, high int64) {
	if len(ring) == 0 {
		return
	}
	turn := (ring.Orientation() == orb.CCW) == hole
	p := arrange.At(ring[len(ring)-1])
	at := len(b.halves)
	for _, v := range ring {
		q := arrange.At(v)
		if p != q && int64(max(p.Y, q.Y)) >= low && int64(min(p.Y, q.Y)) <= high {
			b.halves = append(b.halves, half{p, q, owner})
		}
		p = q
	}
	if turn {
		for i := range b.halves[at:] {
			h := &b.halves[at+i]
			h.a, h.b = h.b, h.a
		}
		for i, j := at, len(b.halves)-1; i < j; i, j = i+1, j-1 {
			b.halves[i], b.halves[j] = b.halves[j], b.halves[i]
		}
	}
}

// sort lists the edges by the cells into which they reach, grown by a step: those of
// the i-th cell, from row first on, are items[start[i]:start[i+1]], in order.
func (b *band) sort(r *raster, first, end int64, ids []int32) (start, items []int32) {
	hits := b.desk.hits[:0]
	for _, id := range ids {
		hits = r.visit(hits, &b.halves[id], id, first, end)
	}
	start = make([]int32, (end-first)*r.columns+2)
	for _, h := range hits {
		start[h.cell+2]++
	}
	for i := 2; i < len(start); i++ {
		start[i] += start[i-1]
	}
	items = make([]int32, len(hits))
	for _, h := range hits {
		items[start[h.cell+1]] = h.half
		start[h.cell+1]++
	}
	b.desk.hits = hits
	return start[:len(start)-1], items
}

// visit adds a hit for each cell of the rows into which the edge reaches.
func (r *raster) visit(hits []hit, h *half, id int32, first, end int64) []hit {
	ax, ay, bx, by := int64(h.a.X)-r.x0, int64(h.a.Y)-r.y0, int64(h.b.X)-r.x0, int64(h.b.Y)-r.y0
	south, north := max(first, (min(ay, by)-1)>>r.shiftY), min(end-1, (max(ay, by)+1)>>r.shiftY)
	west, east := max(0, (min(ax, bx)-1)>>r.shiftX), min(r.columns-1, (max(ax, bx)+1)>>r.shiftX)
	for row := south; row <= north; row++ {
		from, to := west, east
		if from < to {
			from, to = r.clip(ax, ay, bx, by, row)
		}
		for col := from; col <= to; col++ {
			hits = append(hits, hit{int32((row-first)*r.columns + col), id})
		}
	}
	return hits
}

// clip returns the columns that an edge passes in one row.
func (r *raster) clip(ax, ay, bx, by, row int64) (from, to int64) {
	low, high := row<<r.shiftY-1, (row+1)<<r.shiftY+1
	x0, x1 := ax, bx
	if ay != by {
		x0 = alongEdge(ax, ay, bx, by, max(min(ay, by), low))
		x1 = alongEdge(ax, ay, bx, by, min(max(ay, by), high))
	}
	return max(0, (min(x0, x1)-2)>>r.shiftX), min(r.columns-1, (max(x0, x1)+2)>>r.shiftX)
}

// alongEdge is the x of an edge at height y, to the step.
func alongEdge(ax, ay, bx, by, y int64) int64 {
	return ax + int64(float64(bx-ax)*(float64(y-ay)/float64(by-ay)))
}

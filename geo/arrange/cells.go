package arrange

import (
	"math"
	"slices"
)

// cells is a uniform raster over the pieces: for each cell, the pieces that may
// meet it (grown by one step on each side).
type cells struct {
	pieces     []piece
	minX, minY int64
	size       int64
	columns    int64
	start      []int32 // by cell, into items; one longer than the cells
	items      []int32
}

func newCells(pieces []piece) *cells {
	c := &cells{pieces: pieces, size: 1, columns: 1}
	if len(pieces) == 0 {
		c.start = []int32{0, 0}
		return c
	}
	minX, minY := int64(math.MaxInt64), int64(math.MaxInt64)
	maxX, maxY := int64(math.MinInt64), int64(math.MinInt64)
	var length float64
	for _, p := range pieces {
		minX, maxX = min(minX, int64(p.a.X)), max(maxX, int64(p.b.X)) // a.X <= b.X
		minY, maxY = min(minY, int64(min(p.a.Y, p.b.Y))), max(maxY, int64(max(p.a.Y, p.b.Y)))
		length += math.Hypot(float64(p.b.X)-float64(p.a.X), float64(p.b.Y)-float64(p.a.Y))
	}
	width, height := float64(maxX-minX)+4, float64(maxY-minY)+4
	size := max(length/float64(len(pieces)), math.Sqrt(width*height/float64(2*len(pieces))), 4)
	c.minX, c.minY, c.size = minX-2, minY-2, int64(math.Ceil(size))
	c.columns = (maxX+2-c.minX)/c.size + 1
	rows := (maxY+2-c.minY)/c.size + 1
	c.fill(int(c.columns * rows))
	return c
}

// fill counts, then places, the pieces of each cell.
func (c *cells) fill(n int) {
	c.start = make([]int32, n+1)
	for i := range c.pieces {
		c.visit(&c.pieces[i], func(cell int64) { c.start[cell+1]++ })
	}
	for i := range n {
		c.start[i+1] += c.start[i]
	}
	c.items = make([]int32, c.start[n])
	next := slices.Clone(c.start[:n])
	for i := range c.pieces {
		c.visit(&c.pieces[i], func(cell int64) {
			c.items[next[cell]] = int32(i)
			next[cell]++
		})
	}
}

// visit calls f with each cell that the piece, grown by one step, may meet.
func (c *cells) visit(p *piece, f func(cell int64)) {
	lowY, highY := int64(min(p.a.Y, p.b.Y))-1, int64(max(p.a.Y, p.b.Y))+1
	firstRow, lastRow := (lowY-c.minY)/c.size, (highY-c.minY)/c.size
	for row := firstRow; row <= lastRow; row++ {
		x0, x1 := int64(p.a.X), int64(p.b.X)
		if firstRow != lastRow {
			x0, x1 = p.spanInRow(float64(c.minY+row*c.size-2), float64(c.minY+(row+1)*c.size+2))
		}
		for col := max(0, (x0-1-c.minX)/c.size); col <= min(c.columns-1, (x1+1-c.minX)/c.size); col++ {
			f(row*c.columns + col)
		}
	}
}

// spanInRow returns the range of X that the piece takes between two heights, with a
// step to spare for rounding.
func (p *piece) spanInRow(low, high float64) (int64, int64) {
	ax, ay := float64(p.a.X), float64(p.a.Y)
	dx, dy := float64(p.b.X)-ax, float64(p.b.Y)-ay
	if dy == 0 {
		return int64(p.a.X), int64(p.b.X)
	}
	t0, t1 := (low-ay)/dy, (high-ay)/dy
	if t0 > t1 {
		t0, t1 = t1, t0
	}
	t0, t1 = math.Max(0, math.Min(1, t0)), math.Max(0, math.Min(1, t1))
	return int64(math.Floor(ax+t0*dx)) - 1, int64(math.Ceil(ax+t1*dx)) + 1
}

// pairs calls f for each pair of pieces whose boxes meet, once for each cell that
// they share.
func (c *cells) pairs(f func(i, j int32)) {
	for cell := 0; cell+1 < len(c.start); cell++ {
		in := c.items[c.start[cell]:c.start[cell+1]]
		for k, i := range in {
			for _, j := range in[k+1:] {
				if boxesMeet(&c.pieces[i], &c.pieces[j]) {
					f(i, j)
				}
			}
		}
	}
}

// near calls f for each piece of the cell that holds p.
func (c *cells) near(p Pt, f func(i int32)) {
	col, row := (int64(p.X)-c.minX)/c.size, (int64(p.Y)-c.minY)/c.size
	cell := row*c.columns + col
	if col < 0 || row < 0 || col >= c.columns || cell+1 >= int64(len(c.start)) {
		return
	}
	for _, i := range c.items[c.start[cell]:c.start[cell+1]] {
		f(i)
	}
}

func boxesMeet(p, q *piece) bool {
	return p.a.X <= q.b.X && q.a.X <= p.b.X &&
		min(p.a.Y, p.b.Y) <= max(q.a.Y, q.b.Y) && min(q.a.Y, q.b.Y) <= max(p.a.Y, p.b.Y)
}

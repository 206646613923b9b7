package edit

import (
	"math"

	"gridbeat/geo/arrange"
)

// raster cuts the extent of a sheet into square cells. What lies beyond the extent
// belongs to the cells on its rim.
type raster struct {
	low, high     arrange.Pt
	size          int64
	columns, rows int64
}

func newRaster(low, high arrange.Pt, cells int) raster {
	width, height := float64(high.X)-float64(low.X)+1, float64(high.Y)-float64(low.Y)+1
	r := raster{low: low, high: high}
	r.size = int64(math.Ceil(max(4, math.Sqrt(width*height/float64(max(1, cells))))))
	r.columns, r.rows = int64(width)/r.size+1, int64(height)/r.size+1
	return r
}

func (r *raster) column(x int64) int64 {
	return max(0, min(r.columns-1, (x-int64(r.low.X))/r.size))
}

func (r *raster) row(y int64) int64 { return max(0, min(r.rows-1, (y-int64(r.low.Y))/r.size)) }

func (r *raster) cell(x, y int64) int { return int(r.row(y)*r.columns + r.column(x)) }

// holds reports whether a vertex may be laid at p.
func (r *raster) holds(p arrange.Pt) bool {
	return r.low.X <= p.X && p.X <= r.high.X && r.low.Y <= p.Y && p.Y <= r.high.Y
}

// visit calls f with each cell that the segment, grown by one step, may meet, once.
func (r *raster) visit(a, b arrange.Pt, f func(cell int)) {
	ax, ay, bx, by := float64(a.X), float64(a.Y), float64(b.X), float64(b.Y)
	first, last := r.row(int64(min(a.Y, b.Y))-1), r.row(int64(max(a.Y, b.Y))+1)
	for row := first; row <= last; row++ {
		x0, x1 := min(ax, bx), max(ax, bx)
		if first != last && ay != by {
			low, high := float64(int64(r.low.Y)+row*r.size)-2, float64(int64(r.low.Y)+(row+1)*r.size)+2
			t0, t1 := (low-ay)/(by-ay), (high-ay)/(by-ay)
			t0, t1 = max(0, min(1, min(t0, t1))), max(0, min(1, max(t0, t1)))
			x0, x1 = ax+t0*(bx-ax), ax+t1*(bx-ax)
			x0, x1 = min(x0, x1), max(x0, x1)
		}
		to := r.column(int64(x1) + 2)
		for column := r.column(int64(x0) - 2); column <= to; column++ {
			f(int(row*r.columns + column))
		}
	}
}

// box is a closed rectangle.
type box struct{ low, high arrange.Pt }

func boxOf(ps ...arrange.Pt) box {
	b := box{ps[0], ps[0]}
	for _, p := range ps[1:] {
		b = b.with(p)
	}
	return b
}

func (b box) with(p arrange.Pt) box {
	return box{arrange.Pt{X: min(b.low.X, p.X), Y: min(b.low.Y, p.Y)}, arrange.Pt{X: max(b.high.X, p.X), Y: max(b.high.Y, p.Y)}}
}

func (b box) meets(o box) bool {
	return b.low.X <= o.high.X && o.low.X <= b.high.X && b.low.Y <= o.high.Y && o.low.Y <= b.high.Y
}

func (b box) holds(p arrange.Pt) bool { return b.meets(box{p, p}) }

// eachCell calls f with each cell that meets the box.
func (r *raster) eachCell(b box, f func(cell int)) {
	for row := r.row(int64(b.low.Y)); row <= r.row(int64(b.high.Y)); row++ {
		for column := r.column(int64(b.low.X)); column <= r.column(int64(b.high.X)); column++ {
			f(int(row*r.columns + column))
		}
	}
}

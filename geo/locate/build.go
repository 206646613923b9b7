package locate

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"gridbeat/geo/arrange"
)

// OverlapError says that two polygons lie on the same side of one edge.
type OverlapError struct{ A, B int }

// Error names the polygons by their numbers.
func (e *OverlapError) Error() string {
	return fmt.Sprintf("polygons %d and %d lie on the same side of a border", e.A, e.B)
}

// box is a rectangle in steps, closed; empty when x1 < x0.
type box struct{ x0, y0, x1, y1 int32 }

var emptyBox = box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

func (b box) with(o box) box {
	return box{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

// New makes the index of a tiling: polygons that share the vertices of their common
// borders and do not overlap. Rings may run either way. Two polygons on the same
// side of one edge are an *OverlapError. It uses all cores and answers the same
// whatever their number.
func New(polygons []orb.Polygon) (*Index, error) {
	ix := &Index{boxes: make([]box, len(polygons))}
	all, vertices := emptyBox, 0
	for i, p := range polygons {
		b, n := boxOf(p)
		ix.boxes[i] = b
		all, vertices = all.with(b), vertices+n
	}
	ix.root = layOut(all, vertices)
	ix.cells = make([]int32, ix.root.columns*ix.root.rows)
	return ix, ix.fill(polygons)
}

func boxOf(p orb.Polygon) (b box, vertices int) {
	b = emptyBox
	for _, ring := range p {
		if len(ring) == 0 {
			continue
		}
		vertices += len(ring)
		in := ring.Bound()
		lo, hi := arrange.At(in.Min), arrange.At(in.Max)
		b = b.with(box{lo.X, lo.Y, hi.X, hi.Y})
	}
	return b, vertices
}

// The raster has up to fineCells cells for each vertex, and in large tilings
// manyCells more than coarseCells for each. More cells, more of them without a
// border and fewer borders in the others, but more memory.
const (
	fineCells   = 4.0
	coarseCells = 1.2
	manyCells   = 2.5e6
)

// rim keeps the raster wider than the polygons, so that what counts as on a border
// lies in it.
const rim = 2

// layOut makes the raster for so many vertices in a box.
func layOut(all box, vertices int) raster {
	if all.x1 < all.x0 {
		return raster{}
	}
	r := raster{x0: int64(all.x0) - rim, y0: int64(all.y0) - rim, shiftX: 2, shiftY: 2}
	width, height := int64(all.x1)+rim+1-r.x0, int64(all.y1)+rim+1-r.y0
	cells := 64 + min(fineCells*float64(vertices), coarseCells*float64(vertices)+manyCells)
	for {
		r.columns, r.rows = (width-1)>>r.shiftX+1, (height-1)>>r.shiftY+1
		if float64(r.columns)*float64(r.rows) <= cells {
			return r
		}
		if r.shiftY > r.shiftX {
			r.shiftX++
		} else {
			r.shiftY++
		}
	}
}

// bandRows is how many rows of cells one task of the build fills: few enough that
// its borders stay in the caches.
const bandRows = 64

// fill builds the cells of all rows, band by band on all cores.
func (ix *Index) fill(polygons []orb.Polygon) error {
	step := max(4, min(bandRows, ix.root.rows/16))
	bands := make([]band, (ix.root.rows+step-1)/step)
	for i := range bands {
		bands[i] = band{tree: ix.tree, first: int64(i) * step, end: min(int64(i+1)*step, ix.root.rows)}
	}
	for i, b := range ix.boxes {
		if b.x1 < b.x0 {
			continue
		}
		low := max(0, (int64(b.y0)-rim-ix.root.y0)>>ix.root.shiftY/step)
		high := min(int64(len(bands))-1, (int64(b.y1)+rim-ix.root.y0)>>ix.root.shiftY/step)
		for k := low; k <= high; k++ {
			bands[k].owners = append(bands[k].owners, int32(i))
		}
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(bands)) {
		wait.Go(func() {
			var desk desk
			for k := next.Add(1) - 1; k < int64(len(bands)); k = next.Add(1) - 1 {
				bands[k].build(polygons, &desk)
			}
		})
	}
	wait.Wait()
	return ix.join(bands)
}

// join puts the nodes of all bands into one list.
func (ix *Index) join(bands []band) error {
	size := 0
	for i := range bands {
		if err := bands[i].err; err != nil {
			return err
		}
		size += len(bands[i].nodes)
	}
	ix.nodes = make([]int32, 0, size)
	for i := range bands {
		b := &bands[i]
		base := int32(len(ix.nodes))
		ix.nodes = append(ix.nodes, b.nodes...)
		b.nodes = nil
		words := ix.cells[b.first*ix.root.columns : b.end*ix.root.columns]
		for k, w := range words {
			if w < None {
				words[k] = w - base
			}
		}
	}
	return nil
}

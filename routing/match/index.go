package match

import (
	"math"

	"gridbeat/routing"
)

// index finds the segments of streets near a place: a raster of cells on the
// network's plane, each with the segments that pass through it. An edge of a rural
// road may have hundreds of segments; a box around all of it would be of little use.
type index struct {
	ax, ay, bx, by []float64 // ends of a segment
	edge           []routing.Edge
	at             []float64 // metres along the edge where the segment begins

	west, south, cell float64
	columns, rows     int
	start, item       []int32 // segments of a cell
}

const (
	cellMetres = 64
	mostCells  = 4 // times as many as there are segments, and at least leastCells
	leastCells = 1 << 16
)

func newIndex(net *routing.Network) *index {
	ix := &index{cell: cellMetres}
	east, north := math.Inf(-1), math.Inf(-1)
	ix.west, ix.south = math.Inf(1), math.Inf(1)
	for e := range routing.Edge(net.Edges()) {
		line := net.Line(e)
		px, py := net.Plane().XY(line[0])
		along := 0.0
		for i, p := range line {
			x, y := net.Plane().XY(p)
			ix.west, ix.south = min(ix.west, x), min(ix.south, y)
			east, north = max(east, x), max(north, y)
			if d := math.Hypot(x-px, y-py); i > 0 && d > 0 {
				ix.ax, ix.ay = append(ix.ax, px), append(ix.ay, py)
				ix.bx, ix.by = append(ix.bx, x), append(ix.by, y)
				ix.edge, ix.at = append(ix.edge, e), append(ix.at, along)
				along += d
			}
			px, py = x, y
		}
	}
	if len(ix.edge) == 0 {
		ix.start = []int32{0, 0}
		ix.columns, ix.rows, ix.west, ix.south = 1, 1, 0, 0
		return ix
	}
	for {
		ix.columns, ix.rows = int((east-ix.west)/ix.cell)+1, int((north-ix.south)/ix.cell)+1
		if ix.columns*ix.rows <= max(leastCells, mostCells*len(ix.edge)) {
			break
		}
		ix.cell *= 2
	}
	ix.fill()
	return ix
}

// fill lists the segments of each cell, in two passes.
func (ix *index) fill() {
	ix.start = make([]int32, ix.columns*ix.rows+1)
	for s := range ix.edge {
		ix.cells(s, func(c int) { ix.start[c+1]++ })
	}
	for c := range ix.columns * ix.rows {
		ix.start[c+1] += ix.start[c]
	}
	at := append([]int32(nil), ix.start...)
	ix.item = make([]int32, ix.start[len(ix.start)-1])
	for s := range ix.edge {
		ix.cells(s, func(c int) {
			ix.item[at[c]] = int32(s)
			at[c]++
		})
	}
}

// cells calls each with the cells that the segment passes through, row by row.
func (ix *index) cells(s int, each func(int)) {
	ax, ay, bx, by := ix.ax[s]-ix.west, ix.ay[s]-ix.south, ix.bx[s]-ix.west, ix.by[s]-ix.south
	if ay > by {
		ax, ay, bx, by = bx, by, ax, ay
	}
	for row := int(ay / ix.cell); row <= int(by/ix.cell); row++ {
		// The part of the segment within the row, and the columns that it spans.
		x0, x1 := ax, bx
		if by > ay {
			lo, hi := max(ay, float64(row)*ix.cell), min(by, float64(row+1)*ix.cell)
			x0, x1 = ax+(bx-ax)*(lo-ay)/(by-ay), ax+(bx-ax)*(hi-ay)/(by-ay)
		}
		from, to := int(min(x0, x1)/ix.cell), int(max(x0, x1)/ix.cell)
		for column := max(0, from); column <= min(ix.columns-1, to); column++ {
			each(row*ix.columns + column)
		}
	}
}

// near calls each with every segment that passes a cell within reach of the place,
// some more than once.
func (ix *index) near(x, y, reach float64, each func(s int32)) {
	c0, c1 := int(math.Floor((x-reach-ix.west)/ix.cell)), int(math.Floor((x+reach-ix.west)/ix.cell))
	r0, r1 := int(math.Floor((y-reach-ix.south)/ix.cell)), int(math.Floor((y+reach-ix.south)/ix.cell))
	for row := max(0, r0); row <= min(ix.rows-1, r1); row++ {
		base := row * ix.columns
		for column := max(0, c0); column <= min(ix.columns-1, c1); column++ {
			c := base + column
			for _, s := range ix.item[ix.start[c]:ix.start[c+1]] {
				each(s)
			}
		}
	}
}

// nearest is the distance from the place to a segment, and how far along its edge
// the nearest place of the segment lies.
func (ix *index) nearest(s int32, x, y float64) (away, at float64) {
	dx, dy := ix.bx[s]-ix.ax[s], ix.by[s]-ix.ay[s]
	length := math.Hypot(dx, dy)
	t := ((x-ix.ax[s])*dx + (y-ix.ay[s])*dy) / length
	t = min(length, max(0, t))
	return math.Hypot(x-ix.ax[s]-dx*t/length, y-ix.ay[s]-dy*t/length), ix.at[s] + t
}

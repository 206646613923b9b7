package locate

import "gridbeat/geo/arrange"

// A record is a list of runs: pieces of border with one owner on the left and one on
// the right of their direction. A run is a head word (the number of points, and
// flags), the left owner, the right owner, and the points: one word each, relative to
// the middle of the cell, or two words each, x and y, where that is too narrow.
const (
	last      = 1 << 29 // no run follows in the record
	wide      = 1 << 28
	pointMask = wide - 1
	runHead   = 3
)

// narrowReach is how far from the cell's middle a point of one word may lie.
const narrowReach = 32767

// writer appends the runs of one record to nodes.
type writer struct {
	nodes       []int32
	midX, midY  int64
	head        int // of the run being written, -1 before the first
	left, right int32
	at          arrange.Pt // its last point
	wide        bool
}

// begin starts the record of the cell with the middle given.
func (w *writer) begin(r *raster, col, row int64) {
	w.midX, w.midY = r.middle(col, row)
	w.head = -1
}

// middle is the point of a cell from which its narrow points count.
func (r *raster) middle(col, row int64) (x, y int64) {
	return r.x0 + col<<r.shiftX + 1<<r.shiftX>>1, r.y0 + row<<r.shiftY + 1<<r.shiftY>>1
}

// edge adds the edge from a to b, to the run at hand if it fits there.
func (w *writer) edge(a, b arrange.Pt, left, right int32) {
	far := !w.near(a) || !w.near(b)
	if w.head < 0 || w.at != a || w.left != left || w.right != right || w.wide != far {
		w.head, w.left, w.right, w.wide = len(w.nodes), left, right, far
		w.nodes = append(w.nodes, 0, left, right)
		if far {
			w.nodes[w.head] = wide
		}
		w.point(a)
	}
	w.point(b)
	w.at = b
}

func (w *writer) near(p arrange.Pt) bool {
	x, y := int64(p.X)-w.midX, int64(p.Y)-w.midY
	return max(x, -x, y, -y) <= narrowReach
}

func (w *writer) point(p arrange.Pt) {
	if w.wide {
		w.nodes = append(w.nodes, p.X, p.Y)
	} else {
		x, y := int64(p.X)-w.midX, int64(p.Y)-w.midY
		w.nodes = append(w.nodes, int32(y)<<16|int32(uint16(x)))
	}
	w.nodes[w.head]++
}

// end closes the record, which has a run.
func (w *writer) end() { w.nodes[w.head] |= last }

// run is a run as read: its points count from the middle when it is narrow.
type run struct {
	left, right int32
	words       []int32
	wide        bool
}

// run reads the run at a node; next is the run after it, -1 after the last.
func (t *tree) run(node int) (u run, next int) {
	head := t.nodes[node]
	n := int(head & pointMask)
	u = run{left: t.nodes[node+1], right: t.nodes[node+2], wide: head&wide != 0}
	if u.wide {
		n *= 2
	}
	next = node + runHead + n
	u.words = t.nodes[node+runHead : next]
	if head&last != 0 {
		next = -1
	}
	return u, next
}

// narrow unpacks a point of one word.
func narrow(word int32) (x, y int64) { return int64(int16(word)), int64(word >> 16) }

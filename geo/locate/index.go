// Package locate answers which polygon of a tiling a position lies in, exactly and
// in a fraction of a microsecond. Read New and Index.At first.
//
// A raster of cells lies over the tiling. A cell that no border reaches holds the
// number of its owner: one read decides. Any other cell refers to a record of the
// pieces of border that reach into it, each piece once with the owners on its two
// sides; the first border west of the position decides, exactly. Cells crowded with
// borders are rasters of their own, so towns may lie in wide country.
package locate

import (
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// None is the owner of what lies outside all polygons.
const None = -1

// Index is the point location index of some polygons, which it knows by their
// numbers: positions in the list given to New. It never changes and any number of
// goroutines may use it at once. It keeps nothing of the polygons it was made from.
type Index struct {
	tree
	boxes []box // by owner
}

// tree is the raster of rasters. A cell's word is an owner, None, or a reference to
// a node: a record (record.go) or a raster of its own.
type tree struct {
	root  raster
	cells []int32 // the words of the root's cells, row by row from the south
	nodes []int32
}

// raster is a rectangle of cells of 2^shiftX by 2^shiftY steps of 1e-7 degree.
type raster struct {
	x0, y0         int64 // south-west corner
	shiftX, shiftY uint8
	columns, rows  int64
	base           int // references of its cells count from here in nodes
}

// refer makes the word that refers to a node so far from the raster's base, and
// deref is its inverse.
func refer(offset int) int32 { return int32(-2 - offset) }
func deref(word int32) int   { return -2 - int(word) }

// A raster within a cell is a head word (nested, and the powers of two of its
// columns and rows) followed by the words of its cells.
const (
	nested     = 1 << 30
	columnBits = 0
	rowBits    = 8
)

// inside returns the raster that stands at a node in the cell (col, row), and its words.
func (t *tree) inside(r *raster, col, row int64, node int) (raster, []int32) {
	head := t.nodes[node]
	kx, ky := uint8(head>>columnBits), uint8(head>>rowBits)
	in := raster{
		x0: r.x0 + col<<r.shiftX, y0: r.y0 + row<<r.shiftY,
		shiftX: r.shiftX - kx, shiftY: r.shiftY - ky,
		columns: 1 << kx, rows: 1 << ky, base: node,
	}
	return in, t.nodes[node+1 : node+1+1<<(kx+ky)]
}

// place is a position in steps.
type place struct{ x, y int64 }

func newPlace(p orb.Point) place {
	return place{int64(math.RoundToEven(p[0] * geo.E7)), int64(math.RoundToEven(p[1] * geo.E7))}
}

// At returns the polygon that a valid position (geo.ValidPosition) lies in, or None.
// On a border or node it is the lowest number among the polygons that touch it, and
// onBorder is true. A position counts as the multiple of 1e-7 degree nearest to it, as in
// the stores, and is decided by integers.
func (ix *Index) At(p orb.Point) (owner int32, onBorder bool) {
	q := newPlace(p)
	r := &ix.root
	col, row := (q.x-r.x0)>>r.shiftX, (q.y-r.y0)>>r.shiftY
	if uint64(col) >= uint64(r.columns) || uint64(row) >= uint64(r.rows) {
		return None, false
	}
	word := ix.cells[row*r.columns+col]
	if word >= None {
		return word, false
	}
	return ix.within(&q, col, row, word)
}

// within decides in a cell of the root that borders reach into.
func (ix *Index) within(q *place, col, row int64, word int32) (owner int32, onBorder bool) {
	r, c, w := ix.root, col, row
	node, deep := deref(word), false
	for ix.nodes[node]&nested != 0 {
		var words []int32
		deep = true
		r, words = ix.inside(&r, c, w, node)
		c, w = (q.x-r.x0)>>r.shiftX, (q.y-r.y0)>>r.shiftY
		word = words[w*r.columns+c]
		if word >= None {
			return word, false
		}
		node = r.base + deref(word)
	}
	var s scan
	ix.scan(&s, &r, c, w, node, q)
	switch {
	case s.touched:
		return s.lowest, true
	case s.hit:
		return s.east, false
	case !deep:
		col-- // this cell has told all it knows
	}
	owner, _ = ix.west(&ix.root, ix.cells, col, row, q)
	return owner, false
}

// west walks along a row from column col to the west and returns the owner that the
// first border on the way, or a cell without borders, tells for the position.
func (t *tree) west(r *raster, words []int32, col, row int64, q *place) (owner int32, ok bool) {
	var s scan
	for ; col >= 0; col-- {
		word := words[row*r.columns+col]
		if word >= None {
			return word, true
		}
		node := r.base + deref(word)
		if t.nodes[node]&nested == 0 {
			if t.scan(&s, r, col, row, node, q); s.hit {
				return s.east, true
			}
			continue
		}
		in, cells := t.inside(r, col, row, node)
		from := min((q.x-in.x0)>>in.shiftX, in.columns-1)
		if owner, ok = t.west(&in, cells, from, (q.y-in.y0)>>in.shiftY, q); ok {
			return owner, true
		}
	}
	return None, false
}

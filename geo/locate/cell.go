package locate

import "math/bits"

// frame is a cell being filled and the cells around it.
type frame struct {
	r        *raster
	words    func() []int32 // of a nested raster's cells; nil for the root
	col, row int64
	up       *frame
}

const (
	crowd    = 48 // edges, each counted from both sides, that make a cell a raster of its own
	maxDepth = 5
	fewTwins = 64 // up to here pairs are found by looking at all
)

// rows fills cells row by row from the south and each row from the west. at.row is
// the first row; start and items list the edges as sort left them.
func (b *band) rows(at *frame, end int64, start, items []int32, set func(k int, word int32)) {
	first := at.row
	for ; at.row < end; at.row++ {
		blank := int32(None - 1) // the word of a cell to the west that has no borders
		for at.col = 0; at.col < at.r.columns; at.col++ {
			k := int((at.row-first)*at.r.columns + at.col)
			ids := items[start[k]:start[k+1]]
			if len(ids) > 0 {
				set(k, b.node(at, ids))
				blank = None - 1
				continue
			}
			if blank < None {
				blank = b.blank(at)
			}
			set(k, blank)
		}
	}
}

// blank finds the owner of a cell without borders from the cells west of it.
func (b *band) blank(at *frame) int32 {
	x, y := at.r.middle(at.col, at.row)
	q := place{x, y}
	for f := at; f != nil; f = f.up {
		words := b.cells
		if f.words != nil {
			words = f.words()
		}
		if owner, ok := b.west(f.r, words, f.col-1, f.row, &q); ok {
			return owner
		}
	}
	return None
}

// node writes the record or raster of a cell into which edges reach.
func (b *band) node(at *frame, ids []int32) (word int32) {
	node := len(b.nodes)
	if len(ids) <= crowd || !b.nest(at, ids) {
		b.record(at, ids)
	}
	return refer(node - at.r.base)
}

// nest makes a raster of a crowded cell, unless that is too small, or its edges so
// long that they would be listed many times.
func (b *band) nest(at *frame, ids []int32) bool {
	k := uint8(bits.Len(uint(len(ids)/8))+1) / 2
	k = min(k, 6)
	depth := 0
	for f := at.up; f != nil; f = f.up {
		depth++
	}
	if depth >= maxDepth || at.r.shiftX < k+2 || at.r.shiftY < k+2 {
		return false
	}
	node := len(b.nodes)
	in := raster{
		x0: at.r.x0 + at.col<<at.r.shiftX, y0: at.r.y0 + at.row<<at.r.shiftY,
		shiftX: at.r.shiftX - k, shiftY: at.r.shiftY - k,
		columns: 1 << k, rows: 1 << k, base: node,
	}
	start, items := b.sort(&in, 0, in.rows, ids)
	if len(items) > 3*len(ids) {
		return false
	}
	b.nodes = append(b.nodes, nested|int32(k)<<columnBits|int32(k)<<rowBits)
	b.nodes = append(b.nodes, make([]int32, in.columns*in.rows)...)
	words := func() []int32 { return b.nodes[node+1 : node+1+1<<(2*k)] }
	b.rows(&frame{r: &in, words: words, up: at}, in.rows, start, items, func(i int, w int32) { b.nodes[node+1+i] = w })
	return true
}

// record writes the runs of a cell: each edge once, by the lower of its owners.
func (b *band) record(at *frame, ids []int32) {
	twin := b.twins(ids)
	w := writer{nodes: b.nodes}
	w.begin(at.r, at.col, at.row)
	for i, id := range ids {
		h, other := &b.halves[id], int32(None)
		if t := twin[i]; t >= 0 {
			other = b.halves[ids[t]].owner
			if other < h.owner || other == h.owner && int(t) < i {
				continue
			}
		}
		w.edge(h.a, h.b, h.owner, other)
	}
	w.end()
	b.nodes = w.nodes
}

// twins finds for each edge of a cell the one that runs the other way, -1 for none.
func (b *band) twins(ids []int32) []int32 {
	twin := b.desk.twin[:0]
	for range ids {
		twin = append(twin, -1)
	}
	b.desk.twin = twin
	if len(ids) > fewTwins {
		b.manyTwins(ids, twin)
		return twin
	}
	for i, id := range ids {
		h := &b.halves[id]
		for j := i + 1; j < len(ids); j++ {
			switch o := &b.halves[ids[j]]; {
			case h.a == o.b && h.b == o.a:
				twin[i], twin[j] = int32(j), int32(i)
			case h.a == o.a && h.b == o.b:
				b.overlap(h, o)
			}
		}
	}
	return twin
}

func (b *band) manyTwins(ids, twin []int32) {
	at := make(map[half]int32, len(ids)) // owners left out
	for i, id := range ids {
		h := b.halves[id]
		if j, ok := at[half{a: h.a, b: h.b}]; ok {
			b.overlap(&b.halves[ids[j]], &h)
		}
		at[half{a: h.a, b: h.b}] = int32(i)
	}
	for i, id := range ids {
		h := b.halves[id]
		if j, ok := at[half{a: h.b, b: h.a}]; ok {
			twin[i] = j
		}
	}
}

func (b *band) overlap(h, o *half) {
	if b.err == nil {
		b.err = &OverlapError{int(h.owner), int(o.owner)}
	}
}

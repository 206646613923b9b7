package simplex

import (
	"cmp"
	"math"
	"slices"
)

// entry is a number in a sparse row or column.
type entry struct {
	at int32
	v  float64
}

// factors are a basis matrix as L times U, and the changes of columns since then in
// product form. Columns of the basis are known by their position, 0 to m-1.
type factors struct {
	m        int
	row, pos []int32   // pivot row and basis position of each step
	lower    [][]entry // by step: multipliers of rows that are pivoted later
	busy     []int32   // steps with multipliers
	upper    [][]entry // by step: entries of the column in earlier steps
	right    [][]entry // by step: entries of the row in later steps
	diagonal []float64
	changes  []change
	work     []float64
}

// change says that the column at a position was replaced by one whose solution is
// the entries and the pivot.
type change struct {
	pos     int32
	pivot   float64
	entries []entry
}

const (
	pivotLeast    = 1e-9
	pivotRelative = 0.1
	nothing       = 1e-13
)

// factor makes the factors of the basis whose columns are given by position. Where
// the columns depend on each other it calls repair with a position and a row whose
// unit column stands there instead.
func (f *factors) factor(m int, column func(pos int32) []entry, repair func(pos, row int32)) {
	f.m = m
	f.row, f.pos, f.busy = f.row[:0], f.pos[:0], f.busy[:0]
	f.lower, f.upper = make([][]entry, m), make([][]entry, m)
	f.diagonal = make([]float64, m)
	f.changes = f.changes[:0]
	f.work = make([]float64, m)
	e := newElimination(f, m, column)
	e.peel()
	e.nucleus(repair)
	f.right = make([][]entry, m)
	for k := range int32(m) {
		for _, u := range f.upper[k] {
			f.right[u.at] = append(f.right[u.at], entry{k, u.v})
		}
	}
}

// elimination is a factorization under way: first rows and columns with a single
// entry left, which cause no arithmetic, then the rest from left to right (Gilbert
// and Peierls, "Sparse partial pivoting in time proportional to arithmetic
// operations", SIAM Journal on Scientific and Statistical Computing 9, 1988).
type elimination struct {
	f        *factors
	columns  [][]entry
	rows     [][]int32 // positions with an entry in the row
	inRow    []int     // active entries
	inColumn []int
	step     []int32 // of each row, -1 while it is active
	done     []bool  // by position
}

func newElimination(f *factors, m int, column func(pos int32) []entry) *elimination {
	e := &elimination{f: f, columns: make([][]entry, m), rows: make([][]int32, m),
		inRow: make([]int, m), inColumn: make([]int, m), step: make([]int32, m), done: make([]bool, m)}
	for p := range int32(m) {
		e.columns[p] = column(p)
		e.inColumn[p] = len(e.columns[p])
		for _, x := range e.columns[p] {
			e.rows[x.at] = append(e.rows[x.at], p)
			e.inRow[x.at]++
		}
	}
	for i := range e.step {
		e.step[i] = -1
	}
	return e
}

// peel pivots on single entries until there is none.
func (e *elimination) peel() {
	var rows, columns []int32
	for i := range int32(e.f.m) {
		if e.inColumn[i] == 1 {
			columns = append(columns, i)
		}
		if e.inRow[i] == 1 {
			rows = append(rows, i)
		}
	}
	take := func(p, i int32) {
		e.pivot(p, i)
		for _, q := range e.rows[i] {
			if e.inColumn[q]--; e.inColumn[q] == 1 && !e.done[q] {
				columns = append(columns, q)
			}
		}
		for _, x := range e.columns[p] {
			if e.inRow[x.at]--; e.inRow[x.at] == 1 && e.step[x.at] < 0 {
				rows = append(rows, x.at)
			}
		}
	}
	for len(columns) > 0 || len(rows) > 0 {
		if k := len(columns) - 1; k >= 0 {
			p := columns[k]
			columns = columns[:k]
			if i := e.activeRow(p); i >= 0 {
				take(p, i)
			}
			continue
		}
		i := rows[len(rows)-1]
		rows = rows[:len(rows)-1]
		if e.step[i] >= 0 {
			continue
		}
		for _, p := range e.rows[i] {
			if !e.done[p] && e.large(p, i) {
				take(p, i)
				break
			}
		}
	}
}

// activeRow is the one active row of a column, -1 when the column is done, has more
// or has a number there that is no pivot.
func (e *elimination) activeRow(p int32) int32 {
	row := int32(-1)
	if e.done[p] {
		return -1
	}
	for _, x := range e.columns[p] {
		if e.step[x.at] < 0 {
			if row >= 0 || math.Abs(x.v) < pivotLeast {
				return -1
			}
			row = x.at
		}
	}
	return row
}

// large reports whether the column's entry in the row may be a pivot.
func (e *elimination) large(p, row int32) bool {
	at, most := 0.0, 0.0
	for _, x := range e.columns[p] {
		if e.step[x.at] >= 0 {
			continue
		}
		most = max(most, math.Abs(x.v))
		if x.at == row {
			at = math.Abs(x.v)
		}
	}
	return at >= pivotLeast && at >= pivotRelative*most
}

// pivot notes a pivot whose column needs no arithmetic.
func (e *elimination) pivot(p, row int32) {
	f := e.f
	k := int32(len(f.row))
	for _, x := range e.columns[p] {
		if x.at == row {
			f.diagonal[k] = x.v
		}
	}
	for _, x := range e.columns[p] {
		switch s := e.step[x.at]; {
		case x.at == row:
		case s >= 0:
			f.upper[k] = append(f.upper[k], entry{s, x.v})
		default:
			f.lower[k] = append(f.lower[k], entry{x.at, x.v / f.diagonal[k]})
		}
	}
	e.close(p, row, k)
}

func (e *elimination) close(p, row, k int32) {
	f := e.f
	if len(f.lower[k]) > 0 {
		f.busy = append(f.busy, k)
	}
	f.row, f.pos = append(f.row, row), append(f.pos, p)
	e.step[row], e.done[p] = k, true
}

// nucleus factors what has no single entries.
func (e *elimination) nucleus(repair func(pos, row int32)) {
	f := e.f
	var left []int32
	for p := range int32(f.m) {
		if !e.done[p] {
			left = append(left, p)
		}
	}
	slices.SortStableFunc(left, func(a, b int32) int { return cmp.Compare(e.inColumn[a], e.inColumn[b]) })
	first := len(f.busy)
	x := f.work
	hit := make([]bool, f.m)
	var rows, lost []int32 // rows with entries; positions without a pivot
	note := func(i int32) {
		if !hit[i] {
			hit[i] = true
			rows = append(rows, i)
		}
	}
	for _, p := range left {
		for _, c := range e.columns[p] {
			x[c.at] = c.v
			note(c.at)
		}
		for _, k := range f.busy[first:] {
			if t := x[f.row[k]]; t != 0 {
				for _, l := range f.lower[k] {
					x[l.at] -= l.v * t
					note(l.at)
				}
			}
		}
		if row := e.choose(x, rows); row >= 0 {
			e.gather(p, row, x, rows)
		} else {
			lost = append(lost, p)
		}
		for _, i := range rows {
			x[i], hit[i] = 0, false
		}
		rows = rows[:0]
	}
	for _, p := range lost {
		row := int32(slices.Index(e.step, -1))
		repair(p, row)
		k := int32(len(f.row))
		f.diagonal[k] = 1
		e.close(p, row, k)
	}
}

// choose picks the pivot of a column: of the large ones that in the shortest row.
func (e *elimination) choose(x []float64, rows []int32) int32 {
	most := 0.0
	for _, i := range rows {
		if e.step[i] < 0 {
			most = max(most, math.Abs(x[i]))
		}
	}
	row := int32(-1)
	if most < pivotLeast {
		return row
	}
	for _, i := range rows {
		if e.step[i] < 0 && math.Abs(x[i]) >= pivotRelative*most && (row < 0 || e.inRow[i] < e.inRow[row]) {
			row = i
		}
	}
	return row
}

func (e *elimination) gather(p, row int32, x []float64, rows []int32) {
	f := e.f
	k := int32(len(f.row))
	f.diagonal[k] = x[row]
	for _, i := range rows {
		v := x[i]
		if math.Abs(v) < nothing || i == row {
			continue
		}
		if s := e.step[i]; s >= 0 {
			f.upper[k] = append(f.upper[k], entry{s, v})
		} else {
			f.lower[k] = append(f.lower[k], entry{i, v / x[row]})
		}
	}
	e.close(p, row, k)
}

// solve turns b, by row, into the solution of basis times solution = b, by position.
// b is spoilt.
func (f *factors) solve(b, out []float64) {
	for _, k := range f.busy {
		if t := b[f.row[k]]; t != 0 {
			for _, l := range f.lower[k] {
				b[l.at] -= l.v * t
			}
		}
	}
	for k := f.m - 1; k >= 0; k-- {
		t := b[f.row[k]]
		if t == 0 {
			out[f.pos[k]] = 0
			continue
		}
		t /= f.diagonal[k]
		out[f.pos[k]] = t
		for _, u := range f.upper[k] {
			b[f.row[u.at]] -= u.v * t
		}
	}
	for i := range f.changes {
		c := &f.changes[i]
		t := out[c.pos]
		if t == 0 {
			continue
		}
		t /= c.pivot
		out[c.pos] = t
		for _, e := range c.entries {
			out[e.at] -= e.v * t
		}
	}
}

// solveLeft turns c, by position, into the solution of solution times basis = c, by
// row. c is spoilt.
func (f *factors) solveLeft(c, out []float64) {
	for i := len(f.changes) - 1; i >= 0; i-- {
		h := &f.changes[i]
		t := c[h.pos]
		for _, e := range h.entries {
			t -= e.v * c[e.at]
		}
		c[h.pos] = t / h.pivot
	}
	for k := range f.m {
		t := c[f.pos[k]]
		if t == 0 {
			out[f.row[k]] = 0
			continue
		}
		t /= f.diagonal[k]
		out[f.row[k]] = t
		for _, u := range f.right[k] {
			c[f.pos[u.at]] -= u.v * t
		}
	}
	for i := len(f.busy) - 1; i >= 0; i-- {
		k := f.busy[i]
		t := out[f.row[k]]
		for _, l := range f.lower[k] {
			t -= l.v * out[l.at]
		}
		out[f.row[k]] = t
	}
}

// replace notes that the column at the position is now the one with that solution.
func (f *factors) replace(pos int32, solution []float64) {
	c := change{pos: pos, pivot: solution[pos]}
	for i, v := range solution {
		if int32(i) != pos && math.Abs(v) > nothing {
			c.entries = append(c.entries, entry{int32(i), v})
		}
	}
	f.changes = append(f.changes, c)
}

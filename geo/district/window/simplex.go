package window

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Tolerances of the master problem.
const (
	reducedZero = 1e-7 // a reduced cost above minus this is none
	pivotZero   = 1e-7
	perturb     = 1e-5 // of the right-hand sides, against cycling
)

// master is the linear program of set partitioning over a pool of columns,
//
//	min sum price x, each unit covered exactly once, x >= 0,
//
// by the revised simplex with an explicit inverse. Columns enter from a short list of
// the most negative reduced costs, renewed from the pool when it is used up. The
// right-hand sides are a little more than 1, each by another amount, so that it does
// not cycle; the dual stays exact.
type master struct {
	n       int
	pool    []column
	inverse [][]float64 // rows of the basis, columns of units
	basis   []int       // by row: a column's number, see priceOf
	low     []float64   // by unit: the box
	high    []float64
	price   []float64 // by row
	level   []float64 // by row
	right   []float64 // by unit
	dual    []float64 // by unit
	enter   []float64 // by row: the entering column
	sums    [16][256]float64
	pivots  int
}

// newMaster starts with nothing in the pool, and artificial columns that cover each unit.
func newMaster(n int) *master {
	m := &master{
		n: n, dual: make([]float64, n), enter: make([]float64, n),
		low: make([]float64, n), high: make([]float64, n), price: make([]float64, n),
	}
	for p := range n {
		m.right = append(m.right, 1+perturb*(0.1+0.9*math.Mod(float64(p+1)*0.6180339887498949, 1)))
		m.basis = append(m.basis, p)
		row := make([]float64, n)
		row[p] = 1
		m.inverse = append(m.inverse, row)
	}
	m.level = slices.Clone(m.right)
	return m
}

// box keeps the dual of each unit within some width of a centre (Marsten, Hogan and
// Blankenship 1975): artificial columns that cover a unit, or uncover it, enter where
// the dual would leave.
func (m *master) box(center []float64, width float64) {
	for p, c := range center {
		m.low[p], m.high[p] = c-width, c+width
	}
	for r, c := range m.basis {
		m.price[r] = m.priceOf(c)
	}
}

// priceOf is the price of a column by its number: first those that cover a unit, then
// those that uncover it, then the pool.
func (m *master) priceOf(c int) float64 {
	switch {
	case c < m.n:
		return m.high[c]
	case c < 2*m.n:
		return -m.low[c-m.n]
	}
	return m.pool[c-2*m.n].price
}

// begin puts columns that cover each unit once into the basis, artificial columns of
// no price beside them, so that the program starts from the plan there is.
func (m *master) begin(columns []column) {
	for _, c := range columns {
		m.pool = append(m.pool, c)
		// Where the right-hand side is least, so that no level falls below zero.
		row := c.units.first()
		for _, p := range c.units.units() {
			if m.right[p] < m.right[row] {
				row = p
			}
		}
		m.column(2*m.n + len(m.pool) - 1)
		m.exchange(2*m.n+len(m.pool)-1, row)
	}
}

// solve brings the program over the pool to its optimum; false when ctx ends, or most
// pivots do, before that.
func (m *master) solve(ctx context.Context, most int) bool {
	most += m.pivots
	for ctx.Err() == nil && m.pivots < most {
		m.redual()
		list := m.negative(4 * m.n)
		before := m.pivots
		for m.step(list) {
			if m.pivots%64 == 0 {
				if m.refactor(); ctx.Err() != nil || m.pivots >= most {
					return false
				}
			}
		}
		if m.pivots == before {
			return true
		}
	}
	return false
}

// redual computes the worth of each unit from the basis.
func (m *master) redual() {
	clear(m.dual)
	for r, row := range m.inverse {
		if c := m.price[r]; c != 0 {
			for p, v := range row {
				m.dual[p] += c * v
			}
		}
	}
}

// tabulate makes the sums of the dual over each byte of a set.
func (m *master) tabulate() {
	for k := range m.sums {
		for b := 1; b < 256; b++ {
			low := b & (b - 1)
			p := 8*k + trailing8(b)
			m.sums[k][b] = m.sums[k][low]
			if p < m.n {
				m.sums[k][b] += m.dual[p]
			}
		}
	}
}

func trailing8(b int) int {
	n := 0
	for b&1 == 0 {
		b >>= 1
		n++
	}
	return n
}

// worth is the sum of the dual over a set, after tabulate.
func (m *master) worth(s set) float64 {
	var sum float64
	for k, v := 0, s[0]; v != 0; k, v = k+1, v>>8 {
		sum += m.sums[k][v&255]
	}
	for k, v := 8, s[1]; v != 0; k, v = k+1, v>>8 {
		sum += m.sums[k][v&255]
	}
	return sum
}

// negative lists the columns of the pool with the least reduced costs below zero.
func (m *master) negative(most int) []int {
	m.tabulate()
	type entry struct {
		column  int
		reduced float64
	}
	var found []entry
	order := func(a, b entry) int { return cmp.Or(cmp.Compare(a.reduced, b.reduced), a.column-b.column) }
	for i := range m.pool {
		if d := m.pool[i].price - m.worth(m.pool[i].units); d < -reducedZero {
			found = append(found, entry{i, d})
			if len(found) == 8*most {
				slices.SortFunc(found, order)
				found = found[:most]
			}
		}
	}
	slices.SortFunc(found, order)
	out := make([]int, 0, most)
	for _, f := range found[:min(most, len(found))] {
		out = append(out, 2*m.n+f.column)
	}
	return out
}

// step brings the most negative column of a list into the basis; false when none is.
func (m *master) step(list []int) bool {
	best, at := -reducedZero, -1
	for p, d := range m.dual {
		if over := m.high[p] - d; over < best {
			best, at = over, p
		}
		if under := d - m.low[p]; under < best {
			best, at = under, m.n+p
		}
	}
	for _, i := range list {
		c := &m.pool[i-2*m.n]
		d := c.price
		for _, p := range c.units.units() {
			d -= m.dual[p]
		}
		if d < best {
			best, at = d, i
		}
	}
	if at < 0 {
		return false
	}
	m.column(at)
	row, ratio := -1, math.Inf(1)
	for r, v := range m.enter {
		if v > pivotZero {
			if q := m.level[r] / v; q < ratio-1e-12 || q < ratio+1e-12 && row >= 0 && v > m.enter[row] {
				row, ratio = r, q
			}
		}
	}
	if row < 0 {
		return false
	}
	m.exchange(at, row)
	for p, v := range m.inverse[row] {
		m.dual[p] += best * v
	}
	return true
}

// column makes enter, what the basis makes of a column.
func (m *master) column(at int) {
	clear(m.enter)
	units, sign := m.unitsOf(at)
	for _, p := range units {
		for r, row := range m.inverse {
			m.enter[r] += sign * row[p]
		}
	}
}

func (m *master) unitsOf(c int) (units []int, sign float64) {
	switch {
	case c < m.n:
		return []int{c}, 1
	case c < 2*m.n:
		return []int{c - m.n}, -1
	}
	return m.pool[c-2*m.n].units.units(), 1
}

// exchange puts a column into a row of the basis.
func (m *master) exchange(at, row int) {
	in, by := m.inverse[row], m.enter[row]
	for p := range in {
		in[p] /= by
	}
	m.level[row] /= by
	for r, v := range m.enter {
		if r == row || math.Abs(v) < 1e-13 {
			continue
		}
		other := m.inverse[r]
		for p, w := range in {
			other[p] -= v * w
		}
		m.level[r] -= v * m.level[row]
	}
	m.basis[row], m.price[row] = at, m.priceOf(at)
	m.pivots++
}

// refactor computes the inverse and what follows from it anew, from the basis.
func (m *master) refactor() {
	n := m.n
	a := make([][]float64, n)
	for p := range a {
		a[p] = make([]float64, 2*n)
		a[p][n+p] = 1
	}
	for r, c := range m.basis {
		units, sign := m.unitsOf(c)
		for _, p := range units {
			a[p][r] = sign
		}
	}
	for c := range n {
		best := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		a[c], a[best] = a[best], a[c]
		by := a[c][c]
		for k := c; k < 2*n; k++ {
			a[c][k] /= by
		}
		for r := range n {
			if v := a[r][c]; r != c && v != 0 {
				for k := c; k < 2*n; k++ {
					a[r][k] -= v * a[c][k]
				}
			}
		}
	}
	for r := range n {
		copy(m.inverse[r], a[r][n:])
		m.level[r] = 0
		for p, v := range m.inverse[r] {
			m.level[r] += v * m.right[p]
		}
	}
	m.redual()
}

// value is the dual's value, a lower bound where no column has a negative reduced cost.
func (m *master) value() float64 {
	var sum float64
	for _, v := range m.dual {
		sum += v
	}
	return sum
}

// boxed reports whether the box holds some dual back.
func (m *master) boxed() bool {
	for r, c := range m.basis {
		if c < 2*m.n && m.level[r] > 100*perturb {
			return true
		}
	}
	return false
}

package simplex

import (
	"math"
)

// Infinite is the bound of a column or row that has none.
var Infinite = math.Inf(1)

// Program is to make the sum of cost times value small, with every column and every
// row within its bounds. Columns are added before rows. It belongs to one goroutine.
type Program struct {
	columns [][]entry // by column: its rows
	rows    [][]entry
	cost    []float64
	lo, hi  []float64 // of columns, then of rows (see slack)

	// A row's activity a counts as a unit column of value -a, so that row and unit
	// column add up to zero.
	basis    []int32 // by position
	where    []int32 // position of each column and unit column, -1
	top      []bool  // it stands at its upper bound
	value    []float64
	reduced  []float64 // reduced costs
	weights  []float64 // of dual steepest edges, by position
	f        factors
	fresh    bool // the factors fit the basis
	pivots   int
	shifted  []float64 // costs that the method works with, never above the true ones by more than a breath
	solution []float64 // scratch, as the rest
	rowMade  []float64
	turned   []float64
	alpha    []float64
	touched  []int32
	scratch  []float64
	picked   []candidate
}

// New returns a programme without columns.
func New() *Program { return &Program{} }

// AddColumn adds a column that costs at least 0 and lies between 0 and most, which
// may be Infinite.
func (p *Program) AddColumn(cost, most float64) int {
	j := len(p.columns)
	p.columns = append(p.columns, nil)
	p.cost = append(p.cost, cost)
	p.lo, p.hi = append(p.lo, 0), append(p.hi, most)
	p.where, p.top = append(p.where, -1), append(p.top, false)
	// A little cheaper, each by another share, so that ties are rare.
	h := uint64(j+1) * 0x9e3779b97f4a7c15
	p.shifted = append(p.shifted, cost*(1-1e-6*(0.5+float64(h>>40)/float64(1<<25))))
	p.reduced = append(p.reduced, p.shifted[j])
	return j
}

// AddRow adds a row: lo <= sum of values times columns <= hi.
func (p *Program) AddRow(lo, hi float64, columns []int32, values []float64) int {
	i := int32(len(p.rows))
	row := make([]entry, 0, len(columns))
	for k, j := range columns {
		row = append(row, entry{j, values[k]})
		p.columns[j] = append(p.columns[j], entry{i, values[k]})
	}
	p.rows = append(p.rows, row)
	p.lo, p.hi = append(p.lo, -hi), append(p.hi, -lo)
	p.where, p.top = append(p.where, i), append(p.top, false)
	p.cost, p.shifted, p.reduced = append(p.cost, 0), append(p.shifted, 0), append(p.reduced, 0)
	p.basis = append(p.basis, int32(len(p.columns))+i)
	p.weights = append(p.weights, 1)
	p.fresh = false
	return int(i)
}

// Bound changes the bounds of a row.
func (p *Program) Bound(row int, lo, hi float64) {
	u := len(p.columns) + row
	p.lo[u], p.hi[u] = -hi, -lo
	p.fresh = false
}

// BoundColumn changes the upper bound of a column.
func (p *Program) BoundColumn(j int, lo, hi float64) {
	p.lo[j], p.hi[j] = lo, hi
	p.fresh = false
}

// Rows is the number of rows.
func (p *Program) Rows() int { return len(p.rows) }

// Value is a column's value after Solve.
func (p *Program) Value(j int) float64 {
	if p.where[j] >= 0 {
		return p.value[p.where[j]]
	}
	return p.rest(int32(j))
}

// Duals are the prices of the rows after Solve: at least 0 where the lower bound
// holds the row, at most 0 where the upper one does.
func (p *Program) Duals() []float64 {
	m := len(p.rows)
	out := make([]float64, m)
	for i := range m {
		if u := len(p.columns) + i; p.where[u] < 0 {
			out[i] = -p.reduced[u]
		}
	}
	return out
}

// Objective is the sum of cost times value.
func (p *Program) Objective() float64 {
	sum := 0.0
	for j := range p.columns {
		if c := p.cost[j]; c != 0 {
			sum += c * p.Value(j)
		}
	}
	return sum
}

// Idle reports whether the row binds nothing: neither of its bounds holds it.
func (p *Program) Idle(row int) bool { return p.where[len(p.columns)+row] >= 0 }

// Drop removes the rows for which it is told to, which must be idle. Later rows move
// up.
func (p *Program) Drop(drop func(row int) bool) {
	n := int32(len(p.columns))
	rename := make([]int32, len(p.rows))
	k := int32(0)
	for i := range rename {
		rename[i] = -1
		if !drop(i) || !p.Idle(i) {
			rename[i] = k
			k++
		}
	}
	if int(k) == len(p.rows) {
		return
	}
	p.dropFromBasis(rename)
	for i, to := range rename {
		if to < 0 {
			continue
		}
		u, v := n+to, n+int32(i)
		p.rows[to] = p.rows[i]
		p.lo[u], p.hi[u], p.top[u] = p.lo[v], p.hi[v], p.top[v]
		p.cost[u], p.shifted[u], p.reduced[u] = p.cost[v], p.shifted[v], p.reduced[v]
	}
	all := n + k
	p.rows, p.lo, p.hi, p.top = p.rows[:k], p.lo[:all], p.hi[:all], p.top[:all]
	p.cost, p.shifted, p.reduced = p.cost[:all], p.shifted[:all], p.reduced[:all]
	for j, c := range p.columns {
		kept := c[:0]
		for _, e := range c {
			if to := rename[e.at]; to >= 0 {
				kept = append(kept, entry{to, e.v})
			}
		}
		p.columns[j] = kept
	}
	p.fresh = false
}

func (p *Program) dropFromBasis(rename []int32) {
	n := int32(len(p.columns))
	k := 0
	for pos, v := range p.basis {
		if v >= n {
			to := rename[v-n]
			if to < 0 {
				continue
			}
			v = n + to
		}
		p.basis[k], p.weights[k] = v, p.weights[pos]
		k++
	}
	p.basis, p.weights = p.basis[:k], p.weights[:k]
	p.where = p.where[:int(n)+k]
	for i := range p.where {
		p.where[i] = -1
	}
	for pos, v := range p.basis {
		p.where[v] = int32(pos)
	}
}

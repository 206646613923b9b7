package simplex

import (
	"math"
	"slices"
)

// candidate is a column that could enter: its reduced cost reaches 0 at the ratio.
type candidate struct {
	column       int32
	ratio, alpha float64
}

// entering picks the column that enters, -1 when there is none, and the columns that
// go to their other bounds because the step is long enough.
func (p *Program) entering(sign, gap float64) (q int32, flips []int32) {
	p.picked = p.picked[:0]
	for _, j := range p.touched {
		a := -sign * p.alpha[j]
		if p.where[j] >= 0 || p.lo[j] == p.hi[j] || math.Abs(a) < alphaMost {
			continue
		}
		if p.top[j] == (a < 0) {
			p.picked = append(p.picked, candidate{j, max(0, p.reduced[j]/a), math.Abs(a)})
		}
	}
	all := p.picked
	for len(all) > 0 {
		limit := math.Inf(1)
		for _, c := range all {
			limit = min(limit, c.ratio+dualSlack/c.alpha)
		}
		// Of those that come first, within a breath, the largest is the safest pivot.
		k := 0
		best, slope := int32(-1), 0.0
		most := 0.0
		for i, c := range all {
			if c.ratio <= limit {
				all[i], all[k] = all[k], all[i]
				k++
				slope += c.alpha * (p.hi[c.column] - p.lo[c.column])
				if c.alpha > most || c.alpha == most && c.column < best {
					most, best = c.alpha, c.column
				}
			}
		}
		if gap -= slope; gap <= 0 || k == len(all) {
			return best, flips
		}
		for _, c := range all[:k] {
			flips = append(flips, c.column)
		}
		all = all[k:]
	}
	return -1, nil
}

// flip moves columns to their other bounds and mends the values of the basis.
func (p *Program) flip(columns []int32) {
	if len(columns) == 0 {
		return
	}
	slices.Sort(columns)
	n := int32(len(p.columns))
	b := p.turned
	clear(b)
	for _, j := range columns {
		by := p.hi[j] - p.lo[j]
		if p.top[j] {
			by = -by
		}
		p.top[j] = !p.top[j]
		if j >= n {
			b[j-n] -= by
			continue
		}
		for _, e := range p.columns[j] {
			b[e.at] -= e.v * by
		}
	}
	p.f.solve(b, p.scratch)
	for i, d := range p.scratch {
		p.value[i] += d
	}
}

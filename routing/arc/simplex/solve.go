package simplex

import "math"

// Status is how a run ended.
type Status int

// The ends of a run.
const (
	Optimal Status = iota
	Infeasible
	Stopped // by stop or by numbers that could not be trusted
)

const (
	feasible  = 1e-7 // what a value may lie outside its bounds
	dualSlack = 1e-9
	alphaMost = 1e-9 // numbers below it are no pivots
	refactor  = 80   // changes of columns until the factors are made anew
)

// Solve runs the dual simplex method (Lemke 1954; steepest edges after Forrest and
// Goldfarb, Mathematical Programming 57, 1992; long steps after Maros, "A generalized
// dual phase-2 simplex algorithm", EJOR 149, 2003) until the optimum, or until stop
// says so, which is asked now and then with the number of pivots so far.
func (p *Program) Solve(stop func(pivots int) bool) Status {
	doubts := 0
	for {
		if !p.fresh || len(p.f.changes) >= refactor {
			p.refresh()
		}
		if p.pivots&15 == 0 && stop != nil && stop(p.pivots) {
			return Stopped
		}
		r := p.leaving()
		if r < 0 {
			if len(p.f.changes) > 0 {
				p.refresh()
				if p.leaving() >= 0 {
					if doubts++; doubts > 20 {
						return Stopped
					}
					continue
				}
			}
			return Optimal
		}
		switch p.step(r) {
		case stepDone:
			p.pivots++
		case stepNone:
			if len(p.f.changes) == 0 {
				return Infeasible
			}
			p.fresh = false
			if doubts++; doubts > 20 {
				return Stopped
			}
		case stepDoubt:
			if doubts++; doubts > 20 {
				return Stopped
			}
			p.weights[r] *= 1e3
			p.fresh = false
		}
	}
}

// Pivots is the number of steps so far: a measure of work.
func (p *Program) Pivots() int { return p.pivots }

// rest is the value of a column outside the basis.
func (p *Program) rest(j int32) float64 {
	if p.top[j] {
		return p.hi[j]
	}
	return p.lo[j]
}

// refresh makes factors, values and reduced costs anew.
func (p *Program) refresh() {
	n, m := len(p.columns), len(p.rows)
	p.f.factor(m, func(pos int32) []entry {
		if v := int(p.basis[pos]); v < n {
			return p.columns[v]
		}
		return []entry{{p.basis[pos] - int32(n), 1}}
	}, p.repair)
	p.fresh = true
	for _, s := range []*[]float64{&p.value, &p.solution, &p.rowMade, &p.turned, &p.scratch} {
		if cap(*s) < m {
			*s = make([]float64, m+m/2+16)
		}
		*s = (*s)[:m]
	}
	if len(p.alpha) < n+m {
		p.alpha = make([]float64, n+m+m/2+16)
	}
	p.price()
	p.evaluate()
}

// repair puts the unit column of a row at a position whose column was no use.
func (p *Program) repair(pos, row int32) {
	p.where[p.basis[pos]] = -1
	p.top[p.basis[pos]] = false
	p.basis[pos] = int32(len(p.columns)) + row
	p.where[p.basis[pos]] = pos
	p.weights[pos] = 1
}

// price computes the reduced costs, and puts right what has the wrong sign: by the
// other bound where there is one, else by a shift of the cost.
func (p *Program) price() {
	n, m := len(p.columns), len(p.rows)
	for pos, v := range p.basis {
		p.scratch[pos] = p.shifted[v]
	}
	p.f.solveLeft(p.scratch, p.rowMade)
	for i := range m {
		p.reduced[n+i] = p.shifted[n+i] - p.rowMade[i]
	}
	copy(p.reduced[:n], p.shifted[:n])
	for i, row := range p.rows {
		if y := p.rowMade[i]; y != 0 {
			for _, e := range row {
				p.reduced[e.at] -= y * e.v
			}
		}
	}
	for j := range int32(n + m) {
		d := p.reduced[j]
		switch {
		case p.where[j] >= 0:
			p.reduced[j] = 0
		case p.lo[j] == p.hi[j]:
		case d > dualSlack && p.top[j]:
			p.mend(j, p.lo[j], false)
		case d < -dualSlack && !p.top[j]:
			p.mend(j, p.hi[j], true)
		case p.top[j] && math.IsInf(p.hi[j], 0):
			p.top[j] = false
		case !p.top[j] && math.IsInf(p.lo[j], 0):
			p.top[j] = true
		}
	}
}

func (p *Program) mend(j int32, bound float64, top bool) {
	if !math.IsInf(bound, 0) {
		p.top[j] = top
		return
	}
	p.shifted[j] -= p.reduced[j]
	p.reduced[j] = 0
}

// evaluate computes the values of the basis.
func (p *Program) evaluate() {
	n, m := len(p.columns), len(p.rows)
	b := p.scratch
	clear(b)
	for j := range int32(n) {
		if p.where[j] >= 0 {
			continue
		}
		if x := p.rest(j); x != 0 {
			for _, e := range p.columns[j] {
				b[e.at] -= e.v * x
			}
		}
	}
	for i := range int32(m) {
		if u := int32(n) + i; p.where[u] < 0 {
			b[i] -= p.rest(u)
		}
	}
	p.f.solve(b, p.value)
}

// leaving is the position whose value is farthest outside its bounds by the measure
// of steepest edges, -1 when all are within.
func (p *Program) leaving() int {
	best, r := 0.0, -1
	for i, x := range p.value {
		v := p.basis[i]
		d := max(p.lo[v]-x, x-p.hi[v])
		if d <= feasible {
			continue
		}
		if s := d * d / p.weights[i]; s > best {
			best, r = s, i
		}
	}
	return r
}

type stepEnd int

const (
	stepDone stepEnd = iota
	stepNone
	stepDoubt
)

// step makes one change of the basis in which position r leaves.
func (p *Program) step(r int) stepEnd {
	m := len(p.rows)
	leaves := p.basis[r]
	sign, gap := 1.0, p.lo[leaves]-p.value[r]
	if gap < 0 {
		sign, gap = -1, p.value[r]-p.hi[leaves]
	}
	clear(p.scratch)
	p.scratch[r] = 1
	p.f.solveLeft(p.scratch, p.rowMade)
	p.makeRow()
	defer p.clearRow()
	q, flips := p.entering(sign, gap)
	if q < 0 {
		return stepNone
	}
	p.spread(q, p.scratch)
	p.f.solve(p.scratch, p.solution)
	pivot := p.solution[r]
	if math.Abs(pivot-p.alpha[q]) > 1e-6*(1+math.Abs(pivot)) || math.Abs(pivot) < alphaMost {
		return stepDoubt
	}
	theta := p.reduced[q] / p.alpha[q] // signed: every reduced cost falls by theta times alpha
	for _, j := range p.touched {
		if p.where[j] < 0 {
			p.reduced[j] -= theta * p.alpha[j]
		}
	}
	p.reduced[leaves] = -theta
	p.reduced[q] = 0
	p.flip(flips)
	bound := p.lo[leaves]
	if sign < 0 {
		bound = p.hi[leaves]
	}
	by := (p.value[r] - bound) / pivot
	at := p.rest(q)
	copy(p.scratch, p.rowMade)
	p.f.solve(p.scratch, p.turned)
	w := p.weights[r]
	for i := range m {
		a := p.solution[i]
		if a == 0 || i == r {
			continue
		}
		p.value[i] -= by * a
		k := a / pivot
		p.weights[i] = max(p.weights[i]-2*k*p.turned[i]+k*k*w, 1e-4)
	}
	p.value[r] = at + by
	p.weights[r] = max(w/(pivot*pivot), 1e-4)
	p.f.replace(int32(r), p.solution)
	p.where[leaves], p.top[leaves] = -1, sign < 0
	p.basis[r], p.where[q] = q, int32(r)
	return stepDone
}

// spread writes a column into a row-wise vector.
func (p *Program) spread(j int32, out []float64) {
	clear(out)
	if n := len(p.columns); int(j) >= n {
		out[int(j)-n] = 1
		return
	}
	for _, e := range p.columns[j] {
		out[e.at] = e.v
	}
}

// makeRow computes the row of the leaving position in alpha.
func (p *Program) makeRow() {
	n := int32(len(p.columns))
	for i, y := range p.rowMade {
		if math.Abs(y) < nothing {
			continue
		}
		u := n + int32(i)
		p.alpha[u] = y
		p.touched = append(p.touched, u)
		for _, e := range p.rows[i] {
			if p.alpha[e.at] == 0 {
				p.touched = append(p.touched, e.at)
			}
			p.alpha[e.at] += y * e.v
			if p.alpha[e.at] == 0 {
				p.alpha[e.at] = 1e-300 // so that it is listed once
			}
		}
	}
}

func (p *Program) clearRow() {
	for _, j := range p.touched {
		p.alpha[j] = 0
	}
	p.touched = p.touched[:0]
}

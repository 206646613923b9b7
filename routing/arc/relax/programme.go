package relax

import (
	"context"
	"math"

	"gridbeat/routing/arc/simplex"
)

// Work limits a proof: it ends when the context does or when the units are used up.
// A unit is about a number looked at, a few nanoseconds.
type Work struct {
	Ctx  context.Context
	Most int64 // 0 for no limit
	used int64
}

// Spend notes work and reports whether there is no more to do.
func (w *Work) Spend(units int64) bool {
	w.used += units
	return w.Most > 0 && w.used >= w.Most || w.Ctx.Err() != nil
}

// programme is the linear programme under construction for one longest route.
type programme struct {
	n       *Network
	s       *surveyor
	longest int64 // no route is longer, 0 for no limit
	lp      *simplex.Program
	unit    float64 // costs in the programme are divided by it
	rows    []row
	parts   []*part
	known   map[uint64]*part
	support []float64 // by edge: driving without service
	round   int
	pivots  int
	bound   float64 // proved
	tell    func(bound int64)
	tree    [][]int32 // see branches
	grown   int       // place at which the next growths begin
	whole   *part     // all places but the depots, nil where a task keeps to the depots
	fleet   int64     // vehicles that are known to leave a depot
}

func newProgramme(n *Network, s *surveyor, longest int64) *programme {
	p := &programme{n: n, s: s, longest: longest, known: map[uint64]*part{}, unit: 1, support: make([]float64, len(n.edges))}
	sum := 0.0
	for _, c := range n.cost {
		sum += float64(c)
	}
	if sum > 0 {
		p.unit = sum / float64(len(n.cost)) / 16
	}
	p.lp = simplex.New()
	for j, c := range n.cost {
		most := 1.0
		if j < n.x {
			most = simplex.Infinite
		}
		p.lp.AddColumn(float64(c)/p.unit, most)
	}
	for _, r := range n.balance {
		p.add(r)
	}
	for _, r := range n.either {
		p.add(r)
	}
	p.bound = float64(n.services)
	p.leave()
	p.begin()
	return p
}

// leave adds the row of the vehicles that leave the depots.
func (p *programme) leave() {
	var home []int32
	for v, is := range p.n.depot {
		if is {
			home = append(home, int32(v))
		}
	}
	q := p.s.survey(p.n.other(home))
	if q == nil || q.touched < len(p.n.tasks) || q.touched == 0 {
		return
	}
	q.row, q.since = p.add(p.n.borderRow(q, p.longest)), math.MaxInt32
	p.known[q.key], p.parts = q, append(p.parts, q)
	p.whole, p.fleet = q, p.n.vehicles(q, p.longest)
}

// enlist raises the number of vehicles that leave the depots, where the cost of all
// routes together takes more of them. It reports whether it did.
func (p *programme) enlist() bool {
	if p.whole == nil || p.longest <= 0 {
		return false
	}
	m := int64(math.Ceil(p.bound / float64(p.longest)))
	if m <= p.fleet {
		return false
	}
	p.fleet = m
	r := &p.rows[p.whole.row]
	r.least = max(r.least, 2*m-p.whole.crossed)
	p.lp.Bound(p.whole.row, float64(r.least), math.Inf(1))
	return true
}

// add adds a row and returns its number.
func (p *programme) add(r row) int {
	values := make([]float64, len(r.factors))
	for i, f := range r.factors {
		values[i] = float64(f) / r.scale
	}
	lo, hi := float64(r.least)/r.scale, simplex.Infinite
	if r.equal {
		hi = lo
	}
	p.rows = append(p.rows, r)
	return p.lp.AddRow(lo, hi, r.columns, values)
}

// solve runs the simplex method and counts what its duals prove.
func (p *programme) solve(w *Work) simplex.Status {
	size := int64(p.lp.Rows()*8 + len(p.n.cost)*4)
	end := p.lp.Solve(func(pivots int) bool {
		done := w.Spend(int64(pivots-p.pivots) * size)
		p.pivots = pivots
		return done
	})
	p.bound = max(p.bound, p.certified())
	for i, e := range p.n.edges {
		p.support[i] = 0
		for _, c := range []int32{e.there, e.back} {
			if c >= 0 {
				p.support[i] += max(0, p.lp.Value(int(c)))
			}
		}
	}
	return end
}

func (p *programme) certified() float64 {
	prices := p.lp.Duals()
	for i := range prices {
		prices[i] *= p.unit / p.rows[i].scale
	}
	return p.n.certify(p.rows, prices)
}

// take gives the part its rows where the present solution breaks them.
func (p *programme) take(q *part) bool {
	took := false
	if q.row < 0 {
		if least := p.n.least(q, p.longest); least > 0 && p.across(q) < float64(least)-violated {
			q.row = p.add(p.n.borderRow(q, p.longest))
			took = true
		}
	}
	if q.inside < 0 && !took {
		if r, ok := p.s.insideRow(q, p.longest); ok && p.activity(r) < (float64(r.least)/r.scale)-4*violated {
			q.inside = p.add(r)
			took = true
		}
	}
	if took {
		q.since = p.round
	}
	return took
}

// violated is by how much a solution has to break a row for the row to be added.
const violated = 0.02

// across is what crosses the border without service.
func (p *programme) across(q *part) float64 {
	sum := 0.0
	for _, c := range q.border {
		sum += p.lp.Value(int(c))
	}
	return sum
}

func (p *programme) activity(r row) float64 {
	sum := 0.0
	for i, c := range r.columns {
		sum += float64(r.factors[i]) / r.scale * p.lp.Value(int(c))
	}
	return sum
}

// offer surveys a set of places and takes it in when the present solution breaks its
// rows. Where told to it keeps it also otherwise, for later.
func (p *programme) offer(places []int32, keep bool) bool {
	q := p.s.survey(places)
	if q == nil {
		return false
	}
	if old := p.known[q.key]; old != nil {
		return p.take(old)
	}
	if !p.take(q) && !keep {
		return false
	}
	p.known[q.key] = q
	p.parts = append(p.parts, q)
	return q.since == p.round
}

// renew removes rows that have bound nothing for some rounds.
func (p *programme) renew() {
	p.round++
	const patience = 6
	drop := make([]bool, len(p.rows))
	any := 0
	for _, q := range p.parts {
		for _, r := range []int{q.row, q.inside} {
			if r >= 0 && !p.lp.Idle(r) {
				q.since = p.round
			}
		}
		if q.since > p.round-patience {
			continue
		}
		for _, r := range []*int{&q.row, &q.inside} {
			if *r >= 0 && p.lp.Idle(*r) {
				drop[*r] = true
				any++
			}
		}
	}
	if any < 20 {
		return
	}
	p.lp.Drop(func(r int) bool { return drop[r] })
	rename := make([]int, len(p.rows))
	k := 0
	for i := range p.rows {
		rename[i] = -1
		if !drop[i] {
			p.rows[k] = p.rows[i]
			rename[i] = k
			k++
		}
	}
	p.rows = p.rows[:k]
	for _, q := range p.parts {
		for _, r := range []*int{&q.row, &q.inside} {
			if *r >= 0 {
				*r = rename[*r]
			}
		}
	}
}

// Shares of what is missing to the goal: rounds that bring less than slowly of it
// make the next ones look harder; thorough such rounds on end, of less than hasty,
// are not worth their time while there are other lengths to try. Before the first
// length is tried that is so sooner.
const slowly, hasty, hastier, thorough = 0.05, 0.01, 0.04, 3

// slowest is the share of the bound that a round has to gain in any case, lest the
// next one looks harder.
const slowest = 0.002

// tighten adds broken rows and solves until the bound is above the goal, until
// nothing more is found, until rounds gain too little (haste is the least share of
// what is missing) or until the work is done. It reports whether the bound is above
// the goal.
func (p *programme) tighten(w *Work, goal func() float64, haste float64) (above bool) {
	last, slow, flat := p.bound, 0, 0
	if p.tell != nil {
		p.tell(p.proved())
	}
	for {
		end := p.solve(w)
		if p.tell != nil {
			p.tell(p.proved())
		}
		missing := goal() - p.bound
		if missing < 0 {
			return true
		}
		if end != simplex.Optimal || w.Spend(0) {
			return false
		}
		p.renew()
		// The less a round gains, the harder the next one looks.
		if p.bound-last < min(slowly*missing, slowest*last) {
			slow++
		} else {
			slow = 0
		}
		if flat++; p.bound-last > 1e-6*last {
			flat = 0
		}
		if slow > thorough && p.bound-last < haste*missing {
			return false
		}
		last = p.bound
		if enlisted := p.enlist(); flat > 12 || !p.separate(w, slow) && !enlisted {
			return false
		}
	}
}

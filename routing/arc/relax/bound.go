package relax

import (
	"math"
)

// Total returns a cost that no plan's routes together can be below. It stops when it
// reaches enough, and tells report of every better bound on the way.
func (n *Network) Total(w *Work, enough func() int64, report func(bound int64)) int64 {
	p := newProgramme(n, newSurveyor(n), int64(n.in.Limit))
	p.tell = report
	p.tighten(w, func() float64 { return float64(enough() - 1) }, 0)
	return p.proved()
}

// Longest returns a cost that the longest route of no plan can be below: known, which
// must be such a number, or more. It stops when it reaches enough, and tells report
// of every better one, and whether lengths had to be tried for it.
//
// First, k routes share the total at best equally. Then a length is tried: if no
// route were longer, distant parts would take several vehicles, and if the total of
// that is more than k such routes, one has to be longer.
func (n *Network) Longest(w *Work, known int64, enough func() int64, report func(bound int64, tried bool)) int64 {
	k := int64(n.in.Vehicles)
	least := known
	raise := func(b int64, tried bool) {
		if b > least {
			least = b
			report(b, tried)
		}
	}
	s := newSurveyor(n)
	p := newProgramme(n, s, int64(n.in.Limit))
	p.tell = func(total int64) { raise(share(total, k), false) }
	p.tighten(w, func() float64 { return float64(k * (enough() - 1)) }, hastier)
	most := int64(math.MaxInt64) // no trial from it on is worth while any more
	for !w.Spend(0) {
		most = min(most, enough())
		if n.in.Limit > 0 {
			most = min(most, int64(n.in.Limit))
		}
		if least >= most {
			break
		}
		trial := least + (most-1-least)/2
		p = p.with(trial)
		p.tell = func(total int64) { raise(min(trial+1, share(total, k)), true) }
		haste := float64(hasty)
		if most-least < 2+least/500 {
			haste = 0
		}
		if p.impossible() || p.tighten(w, func() float64 { return float64(k * trial) }, haste) {
			raise(trial+1, true)
			continue
		}
		most = trial
	}
	return least
}

// share is what the longest of k routes costs at least when all together cost total.
func share(total, k int64) int64 { return (total + k - 1) / k }

// proved is the bound in whole numbers.
func (p *programme) proved() int64 { return int64(math.Ceil(p.bound - 1e-9)) }

// with is the programme for another longest route, with the parts known so far.
func (p *programme) with(longest int64) *programme {
	q := newProgramme(p.n, p.s, longest)
	q.tree = p.tree
	for _, x := range p.parts {
		if q.known[x.key] == nil {
			x.row, x.inside = -1, -1
			q.known[x.key] = x
			q.parts = append(q.parts, x)
		}
	}
	return q
}

// impossible reports whether some part takes more vehicles than there are.
func (p *programme) impossible() bool {
	for _, q := range p.parts {
		if p.n.vehicles(q, p.longest) > int64(p.n.in.Vehicles) {
			return true
		}
	}
	return false
}

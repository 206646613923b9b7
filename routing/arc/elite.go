package arc

import (
	"cmp"
	"slices"
)

// elite are the best plans that the cycles of a search have ended with, best first,
// all of different rank.
type elite struct {
	plans  [][]draft
	ranks  []rank
	epoch  int // how often it began anew
	cycles int // begun since
	stale  int // plans offered since the best one came
}

const eliteMost = 8

// add takes a plan in, if it is good enough.
func (e *elite) add(routes []draft, r rank) {
	at := 0
	e.stale++
	for at < len(e.ranks) && e.ranks[at].less(r) {
		at++
	}
	if at == eliteMost || at < len(e.ranks) && e.ranks[at] == r {
		return
	}
	if at == 0 {
		e.stale = 0
	}
	e.plans, e.ranks = slices.Insert(e.plans, at, routes), slices.Insert(e.ranks, at, r)
	if len(e.plans) > eliteMost {
		e.plans, e.ranks = e.plans[:eliteMost], e.ranks[:eliteMost]
	}
}

// child is what a cycle starts from: some neighbouring routes of one plan, then
// those of another one that share the fewest tasks with them, without these. Tasks
// that this leaves out are returned too.
func (e *elite) child(p *Problem, random *chance) (routes []draft, left []int32) {
	i := random.below(len(e.plans))
	j := random.below(len(e.plans))
	a, b := e.plans[i], e.plans[j]
	if i == j || len(a) < 3 || p.spec.Fixed != nil {
		return a, nil
	}
	seed := a[random.below(len(a))]
	center := pivot(p, seed, random)
	type ranked struct{ at, by int }
	var order []ranked
	for k, d := range a {
		q := pivot(p, d, random)
		order = append(order, ranked{k, p.Distance(center, q) + p.Distance(q, center)})
	}
	slices.SortStableFunc(order, func(x, y ranked) int { return cmp.Compare(x.by, y.by) })
	taken := make([]bool, p.tasks)
	for _, o := range order[:1+random.below(len(a)-1)] {
		routes = append(routes, a[o.at])
		for _, t := range a[o.at].seq {
			taken[t] = true
		}
	}
	order = order[:0]
	for k, d := range b {
		shared := 0
		for _, t := range d.seq {
			if taken[t] {
				shared++
			}
		}
		order = append(order, ranked{k, 1000 * shared / max(1, len(d.seq))})
	}
	slices.SortStableFunc(order, func(x, y ranked) int { return cmp.Compare(x.by, y.by) })
	for _, o := range order {
		if len(routes) == p.spec.Vehicles {
			break
		}
		d := draft{depot: b[o.at].depot}
		for _, t := range b[o.at].seq {
			if !taken[t] {
				d.seq = append(d.seq, t)
				taken[t] = true
			}
		}
		routes = append(routes, d)
	}
	for t, is := range taken {
		if !is {
			left = append(left, int32(t))
		}
	}
	return routes, left
}

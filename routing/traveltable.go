package routing

import (
	"context"

	"gridbeat/routing/cch"
)

// Table returns the times from every stop to every other as Network.Table does, on
// the streets that are open: in milliseconds from the end of an arc, or from a node, to
// the start of an arc or to a node.
func (t *Times) Table(ctx context.Context, from, to []Stop, threads int) ([]int32, error) {
	out := make([]int32, len(from)*len(to))
	targets := make([][]cch.Seed, len(to))
	for j, s := range to {
		targets[j] = t.goal(s)
	}
	places := make([][]cch.Seed, len(from))
	for i, s := range from {
		if s.Arc != None {
			places[i] = t.m.after(s.Arc, 0, nil)
		} else {
			places[i] = t.open(t.m.leave(s.Node, nil))
		}
	}
	if err := t.metric.Select(targets, cch.ToTargets).Table(ctx, places, out, threads); err != nil {
		return nil, err
	}
	t.correct(from, to, targets, out)
	return out, nil
}

// goal is the seeds of a stop that is a goal; none when it lies on a closed street.
func (t *Times) goal(s Stop) []cch.Seed {
	if s.Arc == None {
		return t.m.arrive(s.Node, nil)
	}
	if t.IsClosed(t.m.n.Edge(s.Arc)) {
		return nil
	}
	return t.m.enter(s.Arc, nil)
}

// open leaves out seeds of arcs that may not be entered.
func (t *Times) open(seeds []cch.Seed) []cch.Seed {
	if !t.m.exact {
		return seeds
	}
	kept := seeds[:0]
	for _, s := range seeds {
		if !t.IsClosed(t.m.n.Edge(Arc(s.Node))) {
			kept = append(kept, s)
		}
	}
	return kept
}

// correct sets the times between stops that the seeds cannot tell: a node from where
// one stands is reached already, and an arc from its own end only by a way round.
func (t *Times) correct(from, to []Stop, targets [][]cch.Seed, out []int32) {
	n := t.m.n
	var q *cch.Query
	byArc, byNode := map[Arc][]int{}, map[Node][]int{}
	for j, s := range to {
		if s.Arc != None {
			byArc[s.Arc] = append(byArc[s.Arc], j)
		} else {
			byNode[s.Node] = append(byNode[s.Node], j)
		}
	}
	for i, s := range from {
		for _, j := range byNode[n.where(s)] {
			out[i*len(to)+j] = 0
		}
		if s.Arc == None || !t.m.exact {
			continue
		}
		for _, j := range byArc[s.Arc] {
			if q == nil {
				q = t.metric.NewQuery()
			}
			var next []cch.Seed
			for k := n.next.start[s.Arc]; k < n.next.start[s.Arc+1]; k++ {
				next = append(next, cch.Seed{Node: n.next.item[k], Cost: n.turn[k]})
			}
			out[i*len(to)+j] = q.Distance(t.open(next), targets[j])
		}
	}
}

package patrol

import (
	"cmp"
	"context"
	"slices"

	"gridbeat/routing"
)

const (
	jumpNear = 10 // how many places near each one a jump can lead to
	jumpMost = 24 // how many modes go over to another route at most
)

// lookAround lets routes exchange pieces where they only come near each other too. It
// looks at every pair of places and modes, which is for few routes.
func (x *exchange) lookAround(ctx context.Context) error {
	table := make([]int32, len(x.all)*len(x.all))
	if err := x.c.table(ctx, x.all, table, len(x.all), 1); err != nil {
		return err
	}
	x.table, x.number = table, make([]int32, len(x.c.modes))
	for i, m := range x.all {
		x.number[m] = int32(i)
	}
	n := x.c.b.net
	var places []int32
	for v := range x.ends {
		if len(x.ends[v]) > 0 || len(x.begins[v]) > 0 {
			places = append(places, int32(v))
		}
	}
	type other struct {
		node   int32
		metres float64
	}
	x.near = make([][]int32, len(x.ends))
	all := make([]other, 0, len(places))
	for _, v := range places {
		all = all[:0]
		for _, w := range places {
			if w != v {
				all = append(all, other{w, float64(n.Plane().Distance(n.At(routing.Node(v)), n.At(routing.Node(w))))})
			}
		}
		slices.SortFunc(all, func(a, b other) int { return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.node, b.node)) })
		for _, o := range all[:min(len(all), jumpNear)] {
			x.near[v] = append(x.near[v], o.node)
		}
	}
	return nil
}

// linkAt is a random link at a node where modes end or begin.
func (x *exchange) linkAt(v int32) link {
	k := x.random.IntN(len(x.ends[v]) + len(x.begins[v]))
	if k < len(x.ends[v]) {
		p := x.place[x.ends[v][k]]
		return link{p.route, p.at + 1}
	}
	p := x.place[x.begins[v][k-len(x.ends[v])]]
	return link{p.route, p.at}
}

// jump tries a move between routes that come near each other at the end of mode a: a piece
// of one goes over, or each goes on as the other.
func (x *exchange) jump(heat float64, a int32) {
	near := x.near[x.c.modes[a].last]
	if len(near) == 0 {
		return
	}
	r, at := x.place[a].route, x.place[a].at+1
	t := x.linkAt(near[x.random.IntN(len(near))])
	s, n, m := t.route, len(x.routes[r].modes), len(x.routes[t.route].modes)
	if s == r {
		return
	}
	if x.random.IntN(4) == 0 {
		x.try(heat, r, []piece{{r, 0, at}, {s, t.at, m}}, s, []piece{{s, 0, t.at}, {r, at, n}})
		return
	}
	i := max(0, at-1-x.random.IntN(jumpMost))
	x.try(heat, r, []piece{{r, 0, i}, {r, at, n}}, s, []piece{{s, 0, t.at}, {r, i, at}, {s, t.at, m}})
}

package patrol

import (
	"gridbeat/routing"
	"gridbeat/routing/postman"
)

// forbiddenTurn is what a turn that is not allowed counts for in a walk, in
// milliseconds: about the way round.
const forbiddenTurn = 90_000

// walk is an order of all modes: that of a closed walk through the streets.
func (c *costs) walk() ([]int32, error) {
	legs, err := postman.Walk(c.town(c.web.arcs), c.b.o.Threads)
	order := make([]int32, len(legs))
	for i, l := range legs {
		order[i] = c.modeOf(l)
	}
	return order, err
}

// town is the tasks as streets, with these arcs as ways.
func (c *costs) town(ways []routing.Arc) postman.Town {
	n := c.b.net
	t := postman.Town{X: make([]float64, n.Nodes()), Y: make([]float64, n.Nodes()), Home: int32(c.b.depots[0]), Turn: c.turn}
	for v := range t.X {
		t.X[v], t.Y[v] = n.Plane().XY(n.At(routing.Node(v)))
	}
	for _, a := range ways {
		t.Ways = append(t.Ways, postman.Way{From: int32(n.Tail(a)), To: int32(n.Head(a)), Cost: n.Millis(a)})
	}
	for k := range c.tasks() {
		m := c.modes[c.first[k]]
		t.Streets = append(t.Streets, postman.Street{From: int32(m.first), To: int32(m.last), Both: c.modeOf(postman.Leg{Street: int32(k), Back: true}) >= 0})
	}
	return t
}

// modeOf is the mode in which a leg of a walk does its task: the first that leads from
// end to end in that direction, -1 when there is none.
func (c *costs) modeOf(l postman.Leg) int32 {
	lo, hi := c.first[l.Street], c.first[l.Street+1]
	if !l.Back {
		return lo
	}
	for m := lo + 1; m < hi; m++ {
		if c.modes[m].first == c.modes[lo].last && c.modes[m].last == c.modes[lo].first {
			return m
		}
	}
	return -1
}

// turn is the time from one leg of a walk into the next.
func (c *costs) turn(a, b postman.Leg) int32 {
	from, to := routing.Arc(routing.None), routing.Arc(routing.None)
	switch {
	case a.Street >= 0:
		from = c.modes[c.modeOf(a)].end()
	case a.Way >= 0:
		from = c.web.arcs[a.Way]
	}
	switch {
	case b.Street >= 0:
		to = c.modes[c.modeOf(b)].begin()
	case b.Way >= 0:
		to = c.web.arcs[b.Way]
	}
	if from == routing.None || to == routing.None {
		return 0
	}
	if t, ok := c.b.net.Turn(from, to); ok {
		return t
	}
	return forbiddenTurn
}

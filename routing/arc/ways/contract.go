package ways

import (
	"context"

	"gridbeat/routing/queue"
)

// contraction takes places out of a network one after the other. What is left keeps
// its costs by shortcuts.
type contraction struct {
	out, in  [][]half // of places that are left, to and from such
	gone     []bool
	lost     []int32 // neighbours taken out, by place
	order    []int32
	up, down [][]half // arcs of a place when it was taken out

	cost    []int32 // of the witness search, Never elsewhere
	reached []int32
	queue   queue.Queue[int32]
}

// witnessMost is how many places a search for a way around a place settles at most.
// A way that is overlooked costs a shortcut, never a wrong answer.
const witnessMost = 60

func newContraction(n int, arcs []Arc) *contraction {
	c := &contraction{out: make([][]half, n), in: make([][]half, n), gone: make([]bool, n), lost: make([]int32, n),
		up: make([][]half, n), down: make([][]half, n), cost: make([]int32, n)}
	for i := range c.cost {
		c.cost[i] = Never
	}
	for _, a := range arcs {
		if a.From != a.To && a.Cost < Never {
			c.join(a.From, a.To, a.Cost)
		}
	}
	return c
}

// join adds an arc or makes the one that is there cheaper.
func (c *contraction) join(from, to, cost int32) {
	c.out[from] = cheaper(c.out[from], half{to, cost})
	c.in[to] = cheaper(c.in[to], half{from, cost})
}

func cheaper(list []half, h half) []half {
	for i, x := range list {
		if x.other == h.other {
			list[i].cost = min(x.cost, h.cost)
			return list
		}
	}
	return append(list, h)
}

// symmetric reports whether every arc leads back at the same cost.
func (c *contraction) symmetric() bool {
	for v, list := range c.out {
		if len(list) != len(c.in[v]) {
			return false
		}
		for _, h := range list {
			same := false
			for _, g := range c.in[v] {
				same = same || g == h
			}
			if !same {
				return false
			}
		}
	}
	return true
}

// run takes all places out, always one that costs few shortcuts.
func (c *contraction) run(ctx context.Context) error {
	var next queue.Queue[int32]
	for v := range int32(len(c.out)) {
		next.Push(c.weigh(v), v)
	}
	for len(next) > 0 {
		if len(c.order)%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		_, v := next.Pop()
		if c.gone[v] {
			continue
		}
		if w := c.weigh(v); len(next) > 0 && w > next[0].Cost {
			next.Push(w, v)
			continue
		}
		c.take(v)
	}
	return nil
}

// weigh is the importance of a place: shortcuts that taking it out takes, less the
// arcs that go, and the neighbours that have gone.
func (c *contraction) weigh(v int32) int32 {
	return 4*int32(c.around(v, false)-len(c.in[v])-len(c.out[v])) + 2*c.lost[v]
}

// take takes a place out.
func (c *contraction) take(v int32) {
	c.around(v, true)
	c.gone[v] = true
	c.order = append(c.order, v)
	c.up[v], c.down[v] = c.out[v], c.in[v]
	for _, h := range c.out[v] {
		c.in[h.other] = dropped(c.in[h.other], v)
		c.lost[h.other]++
	}
	for _, h := range c.in[v] {
		c.out[h.other] = dropped(c.out[h.other], v)
		c.lost[h.other]++
	}
	c.out[v], c.in[v] = nil, nil
}

func dropped(list []half, v int32) []half {
	for i, h := range list {
		if h.other == v {
			list[i] = list[len(list)-1]
			return list[:len(list)-1]
		}
	}
	return list
}

// around counts the shortcuts that keep the costs without the place, and adds them.
func (c *contraction) around(v int32, add bool) int {
	n := 0
	for _, from := range c.in[v] {
		most := int32(-1)
		for _, to := range c.out[v] {
			if to.other != from.other {
				most = max(most, from.cost+to.cost)
			}
		}
		if most < 0 {
			continue
		}
		c.witness(from.other, v, most)
		for _, to := range c.out[v] {
			if to.other != from.other && c.cost[to.other] > from.cost+to.cost {
				n++
				if add {
					c.join(from.other, to.other, from.cost+to.cost)
				}
			}
		}
		for _, u := range c.reached {
			c.cost[u] = Never
		}
		c.reached = c.reached[:0]
	}
	return n
}

// witness searches ways that avoid a place, up to a cost.
func (c *contraction) witness(from, without, most int32) {
	c.cost[from] = 0
	c.reached = append(c.reached, from)
	c.queue = c.queue[:0]
	c.queue.Push(0, from)
	for settled := 0; len(c.queue) > 0 && settled < witnessMost; settled++ {
		cost, v := c.queue.Pop()
		if cost > most {
			return
		}
		if cost > c.cost[v] {
			continue
		}
		for _, h := range c.out[v] {
			d := cost + h.cost
			if h.other == without || d > most || d >= c.cost[h.other] {
				continue
			}
			if c.cost[h.other] == Never {
				c.reached = append(c.reached, h.other)
			}
			c.cost[h.other] = d
			c.queue.Push(d, h.other)
		}
	}
}

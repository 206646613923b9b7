package patrol

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gridbeat/routing/cch"
)

// Routes are cut from one walk through the town, so that all begin and end where the
// walk happened to be. Much of that can be mended for nothing: where two routes come
// by the same place they can go on as each other, or one does a round trip of the other
// from there. exchange does such moves at random by simulated annealing (Kirkpatrick,
// Gelatt and Vecchi, "Optimization by simulated annealing", Science 220, 1983), until
// routes pass the depot on their way and none goes there and back for it alone.
type exchange struct {
	c      *costs
	limit  int
	random *rand.Rand
	query  *cch.Query
	known  map[[2]int32]int32 // gaps looked for so far
	ends   [][]int32          // modes by the node where they end
	begins [][]int32          // and by the one where they begin
	place  []place            // by mode
	near   [][]int32          // by node those near it, nil where routes are exchanged at the same node only
	table  []int32            // with near: all gaps, row by row, by the numbers of modes in it
	number []int32
	routes []exchanged
	all    []int32      // all modes of the routes
	target []float64    // time that each route had best take
	weight float64      // of what it is off that
	over   float64      // weight of what is above the limit
	strict float64      // that weight in the end
	new    [2]exchanged // room for what routes become
}

// place is where a mode is: the number of its route, and of it in there.
type place struct{ route, at int }

// exchanged is a route under way.
type exchanged struct {
	depot int
	modes []int32
	gap   []int32 // time of the way before each mode, 0 before the first
	begin []int32 // when each mode begins, after the first one does
	cost  int
}

// piece is some modes of a route in a row.
type piece struct{ route, from, to int }

const (
	exchangeWarm = 5_000.0 // what a move may cost about at first, in milliseconds
	exchangeCold = 700.0   // and in the end
	exchangeEven = 0.5     // weight of uneven routes
	exchangeOver = 4.0     // of what is above the limit
)

// newExchange begins with these tours.
func (c *costs) newExchange(tours []tour, limit int, seed uint64) *exchange {
	x := &exchange{c: c, limit: limit, random: rand.New(rand.NewPCG(seed, 7)), query: c.web.metric.NewQuery(), known: map[[2]int32]int32{},
		target: make([]float64, len(tours)), weight: exchangeEven, over: exchangeOver, strict: exchangeOver,
		ends: make([][]int32, c.b.net.Nodes()), begins: make([][]int32, c.b.net.Nodes()), place: make([]place, len(c.modes)), routes: make([]exchanged, len(tours))}
	for r, t := range tours {
		route := exchanged{depot: t.depot, modes: slices.Clone(t.modes), gap: make([]int32, len(t.modes))}
		for i, m := range t.modes {
			if i > 0 {
				route.gap[i] = x.between(t.modes[i-1], m)
			}
			x.ends[c.modes[m].last] = append(x.ends[c.modes[m].last], m)
			x.begins[c.modes[m].first] = append(x.begins[c.modes[m].first], m)
		}
		x.all = append(x.all, t.modes...)
		x.routes[r] = route
		x.settle(r)
	}
	return x
}

// settle reckons a route and notes where its modes are.
func (x *exchange) settle(r int) {
	t := &x.routes[r]
	t.begin, t.cost = t.begin[:0], 0
	at := int32(0)
	for i, m := range t.modes {
		at += t.gap[i]
		t.begin = append(t.begin, at)
		at += x.c.modes[m].cost
		x.place[m] = place{r, i}
	}
	if n := len(t.modes); n > 0 {
		depot, ways := x.c.nearest(t.modes[0], t.modes[n-1])
		t.depot, t.cost = depot, int(at)+ways
	}
}

// nearest is the depot from which a route that begins and ends with these modes takes
// least, and the time of the ways from and to it.
func (c *costs) nearest(first, last int32) (depot, ways int) {
	out, home := c.modes[first].out, c.modes[last].home
	ways = int(out[0]) + int(home[0])
	for d := 1; d < len(out); d++ {
		if w := int(out[d]) + int(home[d]); w < ways {
			depot, ways = d, w
		}
	}
	return depot, ways
}

// average makes the mean of the routes the target of all.
func (x *exchange) average() {
	_, sum := x.measure()
	for r := range x.target {
		x.target[r] = float64(sum) / float64(len(x.routes))
	}
}

func (x *exchange) measure() (longest, sum int) {
	for i := range x.routes {
		longest, sum = max(longest, x.routes[i].cost), sum+x.routes[i].cost
	}
	return longest, sum
}

// between is the time from one mode to another one.
func (x *exchange) between(a, b int32) int32 {
	if x.table != nil {
		return x.table[int(x.number[a])*len(x.all)+int(x.number[b])]
	}
	k := [2]int32{a, b}
	g, ok := x.known[k]
	if !ok {
		g = x.c.gap(x.query, a, b)
		x.known[k] = g
	}
	return g
}

// cost is the time of a route of these pieces, from the depot where it is least.
func (x *exchange) cost(pieces []piece) (sum int) {
	begin, before := int32(-1), int32(-1)
	for _, p := range pieces {
		if p.from >= p.to {
			continue
		}
		t := &x.routes[p.route]
		first, last := t.modes[p.from], t.modes[p.to-1]
		if before < 0 {
			begin = first
		} else {
			sum += int(x.between(before, first))
		}
		sum += int(t.begin[p.to-1] - t.begin[p.from] + x.c.modes[last].cost)
		before = last
	}
	if before >= 0 {
		_, ways := x.c.nearest(begin, before)
		sum += ways
	}
	return sum
}

// energy is what a route counts for if it takes that time.
func (x *exchange) energy(r, cost int) float64 {
	off := float64(cost) - x.target[r]
	return float64(cost) + x.weight*off*off/max(1, x.target[r]) + x.over*max(0, float64(cost-x.limit))
}

// link is where a route can be cut: before the mode of that number.
type link struct{ route, at int }

// beside is a random link at the node where a mode ends: behind another mode that ends
// there, or before one that begins there.
func (x *exchange) beside(a int32) link {
	v := x.c.modes[a].last
	if list := x.begins[v]; len(list) > 0 && x.random.IntN(10) < 3 {
		p := x.place[list[x.random.IntN(len(list))]]
		return link{p.route, p.at}
	}
	list := x.ends[v]
	p := x.place[list[x.random.IntN(len(list))]]
	return link{p.route, p.at + 1}
}

// step tries one move.
func (x *exchange) step(heat float64) {
	a := x.all[x.random.IntN(len(x.all))]
	if x.near != nil && x.random.IntN(3) == 0 {
		x.jump(heat, a)
		return
	}
	p := link{x.place[a].route, x.place[a].at + 1}
	r, n := p.route, len(x.routes[p.route].modes)
	if x.random.IntN(8) == 0 {
		x.try(heat, r, []piece{{r, p.at, n}, {r, 0, p.at}}, -1, nil)
		return
	}
	q, t := x.beside(a), x.beside(a)
	if q.route == r && t.route != r {
		q, t = t, q
	}
	s, m := q.route, len(x.routes[q.route].modes)
	switch {
	case s == r: // two round trips change places
		at := [3]int{p.at, q.at, t.at}
		slices.Sort(at[:])
		if at[0] < at[1] && at[1] < at[2] {
			x.try(heat, r, []piece{{r, 0, at[0]}, {r, at[1], at[2]}, {r, at[0], at[1]}, {r, at[2], n}}, -1, nil)
		}
	case t.route == r && t.at != p.at: // a round trip goes to the other route
		i, j := min(p.at, t.at), max(p.at, t.at)
		x.try(heat, r, []piece{{r, 0, i}, {r, j, n}}, s, []piece{{s, 0, q.at}, {r, i, j}, {s, q.at, m}})
	case t.route == s && t.at != q.at:
		i, j := min(q.at, t.at), max(q.at, t.at)
		x.try(heat, s, []piece{{s, 0, i}, {s, j, m}}, r, []piece{{r, 0, p.at}, {s, i, j}, {r, p.at, n}})
	default: // each goes on as the other
		x.try(heat, r, []piece{{r, 0, p.at}, {s, q.at, m}}, s, []piece{{s, 0, q.at}, {r, p.at, n}})
	}
}

// try makes route r, and s unless it is -1, of these pieces, if that is not too dear.
func (x *exchange) try(heat float64, r int, pieces []piece, s int, others []piece) {
	more := x.energy(r, x.cost(pieces)) - x.energy(r, x.routes[r].cost)
	if s >= 0 {
		more += x.energy(s, x.cost(others)) - x.energy(s, x.routes[s].cost)
	}
	if more > 0 && more > heat*x.random.ExpFloat64() {
		return
	}
	x.join(&x.new[0], pieces)
	if s >= 0 {
		x.join(&x.new[1], others)
		x.become(s, &x.new[1])
	}
	x.become(r, &x.new[0])
}

// join puts pieces into a row.
func (x *exchange) join(to *exchanged, pieces []piece) {
	to.modes, to.gap = to.modes[:0], to.gap[:0]
	for _, p := range pieces {
		if p.from >= p.to {
			continue
		}
		t, at := &x.routes[p.route], len(to.modes)
		to.modes, to.gap = append(to.modes, t.modes[p.from:p.to]...), append(to.gap, t.gap[p.from:p.to]...)
		to.gap[at] = 0
		if at > 0 {
			to.gap[at] = x.between(to.modes[at-1], to.modes[at])
		}
	}
}

// become gives a route its new modes and takes its old room.
func (x *exchange) become(r int, by *exchanged) {
	t := &x.routes[r]
	t.modes, by.modes = by.modes, t.modes
	t.gap, by.gap = by.gap, t.gap
	x.settle(r)
}

// tours are the routes.
func (x *exchange) tours() (out []tour) {
	for _, t := range x.routes {
		out = append(out, tour{depot: t.depot, modes: slices.Clone(t.modes), cost: t.cost})
	}
	return out
}

// exchangeRound is how many moves are tried between two looks at the clock.
const exchangeRound = 2_000

// run does moves until progress tells 1 or more, and returns the tours of least total
// that kept the limit, nil where none did.
func (x *exchange) run(ctx context.Context, progress func(moves int) float64) (best []tour) {
	least := math.MaxInt
	for moves := 0; ctx.Err() == nil; moves += exchangeRound {
		share := progress(moves)
		if longest, sum := x.measure(); longest <= x.limit && sum < least && (share > 0.8 || moves == 0) {
			best, least = x.tours(), sum
		}
		if share >= 1 {
			break
		}
		x.average()
		x.over = exchangeOver * math.Pow(x.strict/exchangeOver, share)
		heat := exchangeWarm * math.Pow(exchangeCold/exchangeWarm, share)
		for range exchangeRound {
			x.step(heat)
		}
	}
	return best
}

// exchangeShare is the share of the time that routes are exchanged for, and
// exchangeMoves how many moves a task makes where there is no clock.
const (
	exchangeShare = 0.15
	exchangeMoves = 100
)

// exchange betters the first routes by exchanges between them, and tries to do with one
// less at the same time. A plan that is renewed stays near the previous one, and one with
// services keeps what it has of them.
func (b *builder) exchange(ctx context.Context, m *improver) {
	if m.c.bound() || b.in.Previous != nil || len(m.tours) < 2 || b.spent(ctx) {
		return
	}
	starts, order := [][]tour{m.tours}, concat(m.tours)
	if k := len(m.tours) - 1; k >= len(b.in.Units) {
		gaps := m.c.gaps(order)
		if fewer := m.c.even(order, gaps, m.c.split(order, gaps, 2*m.limit), k, 2*m.limit); len(fewer) == k {
			starts = append(starts, fewer)
		}
	}
	begun := time.Now()
	progress := func(moves int) float64 {
		if b.o.TimeLimit > 0 {
			return float64(time.Since(begun)) / (exchangeShare * float64(b.o.TimeLimit))
		}
		return float64(moves) / float64(exchangeMoves*len(order))
	}
	found := make([][]tour, len(starts))
	inParallel(b.o.Threads, len(starts), func(i int) {
		found[i] = m.c.newExchange(starts[i], m.limit, b.o.Seed+uint64(i)).run(ctx, progress)
	})
	for _, t := range found {
		_, sum := measure(m.tours)
		if _, less := measure(t); t != nil && less < sum {
			m.tours = t
		}
	}
	b.best(m.c, m.tours)
}

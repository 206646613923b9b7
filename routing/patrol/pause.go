package patrol

import (
	"slices"
	"time"
)

// pause is a time for which a route stands still before one of its modes, so that a visit
// is far enough from another one.
type pause struct{ before, millis int }

// clocks are when routes begin their modes and end, in milliseconds, and in which shift
// each is driven.
type clocks struct {
	begins [][]int
	ends   []int
	shifts []int
}

// times are when a tour begins its modes, and ends.
func (c *costs) times(t tour) (begins []int, end int) {
	if len(t.modes) == 0 {
		return nil, 0
	}
	q := c.web.metric.NewQuery()
	end = int(c.modes[t.modes[0]].out[t.depot])
	for i, m := range t.modes {
		if i > 0 {
			end += int(c.gap(q, t.modes[i-1], m))
		}
		begins = append(begins, end)
		end += int(c.modes[m].cost)
	}
	return begins, end + int(c.modes[t.modes[len(t.modes)-1]].home[t.depot])
}

// clocks are those of tours as the search sees them.
func (c *costs) clocks(tours []tour) clocks {
	x := clocks{begins: make([][]int, len(tours)), ends: make([]int, len(tours))}
	for i, t := range tours {
		x.begins[i], x.ends[i] = c.times(t)
	}
	x.seat(tours, len(c.b.in.Units))
	return x
}

// seat gives the tours their shifts: those of like length share one, as in a plan.
func (x *clocks) seat(tours []tour, units int) {
	x.shifts = make([]int, len(tours))
	order := byLength(tours)
	for k, w := range crews(len(order), units) {
		x.shifts[order[k]] = w.shift
	}
}

// changed are the clocks of tours of which only some, numbered, differ from those of x.
func (c *costs) changed(x clocks, tours []tour, which ...int) clocks {
	y := clocks{begins: make([][]int, len(tours)), ends: slices.Clone(x.ends)}
	for i := range tours {
		y.begins[i] = slices.Clone(x.begins[i])
	}
	for _, i := range which {
		y.begins[i], y.ends[i] = c.times(tours[i])
	}
	y.seat(tours, len(c.b.in.Units))
	return y
}

// pauses are how long routes stand still before which of their modes, each within the
// limit, and the numbers of the pairs of visits that are nearer than asked for nonetheless.
// Clocks run on while a route stands.
func (c *costs) pauses(tours []tour, x clocks, limit int) (out [][]pause, near []int) {
	out = make([][]pause, len(tours))
	if len(c.apart) == 0 {
		return out, nil
	}
	type place struct{ route, at int }
	where := make([]place, c.tasks())
	for i, t := range tours {
		for k, m := range t.modes {
			where[c.modes[m].task] = place{i, k}
		}
	}
	begin := func(p place) int { return x.begins[p.route][p.at] }
	hold := func(p place, millis int) bool {
		if x.ends[p.route]+millis > limit {
			return false
		}
		x.ends[p.route] += millis
		for k := p.at; k < len(x.begins[p.route]); k++ {
			x.begins[p.route][k] += millis
		}
		out[p.route] = append(out[p.route], pause{p.at, millis})
		return true
	}
	hopeless := make([]bool, len(c.apart))
	for range 8 * len(c.apart) {
		// The first visit in time that comes too early after another one.
		next, at := -1, 0
		for i, y := range c.apart {
			a, b := where[y.a], where[y.b]
			later := max(begin(a), begin(b))
			if !hopeless[i] && x.shifts[a.route] == x.shifts[b.route] && later-min(begin(a), begin(b)) < y.apart && (next < 0 || later < at) {
				next, at = i, later
			}
		}
		if next < 0 {
			break
		}
		y := c.apart[next]
		a, b := where[y.a], where[y.b]
		if begin(a) > begin(b) {
			a, b = b, a
		}
		if !hold(b, begin(a)+y.apart-begin(b)) && (a.route == b.route || !hold(a, begin(b)+y.apart-begin(a))) {
			hopeless[next] = true
		}
	}
	for i, y := range c.apart {
		a, b := where[y.a], where[y.b]
		if d := begin(a) - begin(b); x.shifts[a.route] == x.shifts[b.route] && max(d, -d) < y.apart {
			near = append(near, i)
		}
	}
	for i := range out {
		slices.SortStableFunc(out[i], func(p, q pause) int { return p.before - q.before })
	}
	return out, near
}

// kept reports whether tours keep tasks apart, with pauses where it takes them.
func (c *costs) kept(tours []tour) bool { return c.short(tours) == 0 }

// short is how many pairs of visits are too near, whatever pauses do.
func (c *costs) short(tours []tour) int {
	if len(c.apart) == 0 {
		return 0
	}
	return len(c.near(tours))
}

// near are the numbers of those pairs.
func (c *costs) near(tours []tour) []int {
	_, near := c.pauses(tours, c.clocks(tours), c.b.limit)
	return near
}

// space moves visits that are too near to where they are not: to the end or the start of
// a route. It tries so for each of them once, until that has taken a share of the time;
// a plan that keeps all stays as it is.
func (c *costs) space(tours []tour, share float64) []tour {
	if len(c.apart) == 0 {
		return tours
	}
	near, begun := c.near(tours), time.Now()
	least := len(near)
	for _, i := range near {
		for _, task := range []int32{c.apart[i].b, c.apart[i].a} {
			if limit := c.b.o.TimeLimit; least == 0 || limit > 0 && time.Since(begun).Seconds() > share*limit.Seconds() {
				return tours
			}
			tours, least = c.shift(tours, task, least)
		}
	}
	return tours
}

// shift moves one visit where fewer than least are too near then, if it can.
func (c *costs) shift(tours []tour, task int32, least int) ([]tour, int) {
	from, at := -1, 0
	for i, t := range tours {
		if k := slices.IndexFunc(t.modes, func(m int32) bool { return c.modes[m].task == task }); k >= 0 {
			from, at = i, k
		}
	}
	best, x := tours, c.clocks(tours)
	for to := range tours {
		if u := c.owner(task); u >= 0 && tours[to].unit != u+1 {
			continue
		}
		for _, first := range []bool{false, true} {
			try := slices.Clone(tours)
			try[from].modes = slices.Delete(slices.Clone(try[from].modes), at, at+1)
			place := len(try[to].modes)
			if first {
				place = 0
			}
			try[to].modes = slices.Insert(slices.Clone(try[to].modes), place, tours[from].modes[at])
			c.price(&try[from])
			c.price(&try[to])
			if longest, _ := measure(try); longest > c.b.limit {
				continue
			}
			if _, near := c.pauses(try, c.changed(x, try, from, to), c.b.limit); len(near) < least {
				best, least = try, len(near)
			}
		}
	}
	return best, least
}

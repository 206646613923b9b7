package patrol

import "slices"

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
	x := clocks{begins: make([][]int, len(tours)), ends: make([]int, len(tours)), shifts: make([]int, len(tours))}
	var driven []int
	for i, t := range tours {
		x.begins[i], x.ends[i] = c.times(t)
		if len(t.modes) > 0 {
			driven = append(driven, i)
		}
	}
	// Routes of like length share a shift, as in a plan.
	slices.SortStableFunc(driven, func(i, j int) int { return tours[j].cost - tours[i].cost })
	for k, w := range crews(len(driven), len(c.b.in.Units)) {
		x.shifts[driven[k]] = w.shift
	}
	return x
}

// pauses are how long routes stand still before which of their modes, each within the
// limit, and how many pairs of visits are nearer than asked for nonetheless. Clocks run on
// while a route stands.
func (c *costs) pauses(tours []tour, x clocks, limit int) (out [][]pause, near int) {
	out = make([][]pause, len(tours))
	if len(c.apart) == 0 {
		return out, 0
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
	for _, y := range c.apart {
		a, b := where[y.a], where[y.b]
		if d := begin(a) - begin(b); x.shifts[a.route] == x.shifts[b.route] && max(d, -d) < y.apart {
			near++
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
	_, near := c.pauses(tours, c.clocks(tours), c.b.limit)
	return near
}

// spaceMost is up to how many pairs of visits a first plan moves apart.
const spaceMost = 100

// space moves visits that are too near to where they are not: to the end or the start of
// a route. It tries so for each visit once; a plan that keeps all stays as it is.
func (c *costs) space(tours []tour) []tour {
	least := c.short(tours)
	if least == 0 || len(c.apart) > spaceMost {
		return tours
	}
	for _, y := range c.apart {
		for _, task := range []int32{y.b, y.a} {
			if tours, least = c.shift(tours, task, least); least == 0 {
				return tours
			}
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
	best := tours
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
			if near := c.short(try); near < least {
				best, least = try, near
			}
		}
	}
	return best, least
}

package patrol

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/routing"
)

// leaving is the share of what a task takes on average, ways included, that the search is
// charged for each move of the previous plan that it leaves: what that gains must be worth
// telling a patrol that its route has changed.
const leaving = 1.0 / 5

// drivenAt is where a plan drives a piece of street.
type drivenAt struct{ route, at int }

// known is a task that the previous plan does: where, and which way.
type known struct {
	drivenAt
	mode int32
}

// renew is the previous plan on the present tasks: each in the route and in the direction
// that has it, in the same order, and what is new behind the task nearest to it. It is
// nil where the plans have nothing in common. What follows what in it is noted, for the
// search to keep.
func (c *costs) renew(previous *Plan) []tour {
	if previous == nil {
		return nil
	}
	order, fresh := c.recognize(previous)
	if len(order) == 0 {
		return nil
	}
	byRoute := func(x, y known) int { return cmp.Or(x.route-y.route, x.at-y.at) }
	slices.SortStableFunc(order, byRoute)
	c.follows = slices.Repeat([]int32{-1}, len(c.modes))
	for i := 1; i < len(order); i++ {
		if order[i].route == order[i-1].route {
			c.follows[order[i-1].mode] = order[i].mode
		}
	}
	old := len(order)
	c.drove = make([]string, c.tasks())
	for _, x := range order {
		c.drove[c.modes[x.mode].task] = previous.Routes[x.route].Unit
	}
	for _, t := range fresh {
		m := c.first[t]
		p := c.b.net.At(c.modes[m].first)
		near := slices.MinFunc(order[:old], func(x, y known) int {
			return cmp.Compare(c.b.net.Plane().Distance(p, c.b.net.At(c.modes[x.mode].last)), c.b.net.Plane().Distance(p, c.b.net.At(c.modes[y.mode].last)))
		})
		order = append(order, known{near.drivenAt, m})
	}
	slices.SortStableFunc(order, byRoute)
	var tours []tour
	for i, x := range order {
		if i == 0 || order[i-1].route != x.route {
			tours = append(tours, tour{depot: c.nearestDepot(previous.Routes[x.route].Depot)})
		}
		last := &tours[len(tours)-1]
		last.modes = append(last.modes, x.mode)
	}
	for i := range tours {
		_, tours[i].cost = c.times(tours[i])
	}
	_, sum := measure(tours)
	c.leave = int(leaving * float64(sum) / float64(c.tasks()))
	return tours
}

// recognize finds the tasks in the routes of the previous plan by the pieces that they
// begin with; another visit of a street is the next time that it is driven. What it does
// not find is fresh.
func (c *costs) recognize(previous *Plan) (order []known, fresh []int) {
	pieces := map[[2]orb.Point][]drivenAt{}
	for r, route := range previous.Routes {
		for i := 1; i < len(route.Line); i++ {
			if k := [2]orb.Point{route.Line[i-1], route.Line[i]}; k[0] != k[1] {
				pieces[k] = append(pieces[k], drivenAt{r, i})
			}
		}
	}
	taken := map[drivenAt]bool{}
	for t := range c.tasks() {
		best, found := known{}, false
		for m := c.first[t]; m < c.first[t+1]; m++ {
			line := c.b.net.ArcLine(c.modes[m].begin(), nil)
			for _, d := range pieces[[2]orb.Point{line[0], line[1]}] {
				if taken[d] {
					continue
				}
				if !found || d.route < best.route || d.route == best.route && d.at < best.at {
					best, found = known{d, m}, true
				}
				break
			}
		}
		if found {
			taken[best.drivenAt] = true
			order = append(order, best)
		} else {
			fresh = append(fresh, t)
		}
	}
	return order, fresh
}

// sameUnits gives each route to the unit that drove most of it in the previous plan, as
// far as units are free in its shift.
func (c *costs) sameUnits(tours []tour, crews []crew) {
	if c.drove == nil {
		return
	}
	type claim struct{ tasks, route, unit int }
	var claims []claim
	for i, t := range tours {
		count := map[string]int{}
		for _, m := range t.modes {
			count[c.drove[c.modes[m].task]]++
		}
		for u, name := range c.b.in.Units {
			claims = append(claims, claim{count[name], i, u})
		}
	}
	slices.SortStableFunc(claims, func(x, y claim) int { return y.tasks - x.tasks })
	seated, taken := make([]bool, len(tours)), map[crew]bool{}
	for _, x := range claims {
		if w := (crew{x.unit, crews[x.route].shift}); !seated[x.route] && !taken[w] {
			seated[x.route], taken[w], crews[x.route] = true, true, w
		}
	}
}

// nearestDepot is the number of the depot nearest to a place.
func (c *costs) nearestDepot(p orb.Point) int {
	best := 0
	for d, v := range c.b.depots {
		if c.b.net.Plane().Distance(p, c.b.net.At(v)) < c.b.net.Plane().Distance(p, c.b.net.At(routing.Node(c.b.depots[best]))) {
			best = d
		}
	}
	return best
}

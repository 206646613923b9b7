package patrol

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/routing"
)

// drivenAt is where a plan drives a piece of street for the first time.
type drivenAt struct{ route, at int }

// renew is the previous plan on the present tasks: each in the route and in the direction
// that has it, in the same order, and what is new behind the task nearest to it. It is
// nil where the plans have nothing in common.
func (c *costs) renew(previous *Plan) []tour {
	if previous == nil {
		return nil
	}
	pieces := map[[2]orb.Point]drivenAt{}
	for r, route := range previous.Routes {
		for i := 1; i < len(route.Line); i++ {
			if k := [2]orb.Point{route.Line[i-1], route.Line[i]}; k[0] != k[1] {
				if _, known := pieces[k]; !known {
					pieces[k] = drivenAt{r, i}
				}
			}
		}
	}
	type place struct {
		drivenAt
		mode int32
	}
	var known []place
	var fresh []int
	for t := range c.tasks() {
		best, found := place{}, false
		for m := c.first[t]; m < c.first[t+1]; m++ {
			line := c.b.net.ArcLine(c.modes[m].begin(), nil)
			if d, ok := pieces[[2]orb.Point{line[0], line[1]}]; ok && (!found || d.route < best.route || d.route == best.route && d.at < best.at) {
				best, found = place{d, m}, true
			}
		}
		if found {
			known = append(known, best)
		} else {
			fresh = append(fresh, t)
		}
	}
	if len(known) == 0 {
		return nil
	}
	for _, t := range fresh {
		m := c.first[t]
		p := c.b.net.At(c.modes[m].first)
		near := slices.MinFunc(known[:c.tasks()-len(fresh)], func(x, y place) int {
			return cmp.Compare(c.b.net.Plane().Distance(p, c.b.net.At(c.modes[x.mode].last)), c.b.net.Plane().Distance(p, c.b.net.At(c.modes[y.mode].last)))
		})
		known = append(known, place{near.drivenAt, m})
	}
	slices.SortStableFunc(known, func(x, y place) int { return cmp.Or(x.route-y.route, x.at-y.at) })
	var tours []tour
	for i, x := range known {
		if i == 0 || known[i-1].route != x.route {
			tours = append(tours, tour{depot: c.nearestDepot(previous.Routes[x.route].Depot)})
		}
		last := &tours[len(tours)-1]
		last.modes = append(last.modes, x.mode)
	}
	q := c.web.metric.NewQuery()
	for i := range tours {
		t := &tours[i]
		for k, m := range t.modes {
			t.cost += int(c.modes[m].cost)
			if k > 0 {
				t.cost += int(c.gap(q, t.modes[k-1], m))
			}
		}
		t.cost += int(c.modes[t.modes[0]].out[t.depot]) + int(c.modes[t.modes[len(t.modes)-1]].home[t.depot])
	}
	return tours
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

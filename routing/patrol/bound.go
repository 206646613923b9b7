package patrol

import (
	"gridbeat/routing"
)

// bound knows what no set of routes can do without.
type bound struct {
	services int // all tasks, each in its quicker direction
	dead     int // ways that are driven once more, at least
	far      int // the farthest task alone
	by       string
}

func (b *builder) newBound(c *costs) *bound {
	x := &bound{by: "services"}
	odd := map[routing.Node]bool{}
	for t := range len(c.first) - 1 {
		least := c.modes[c.first[t]].cost
		for m := c.first[t]; m < c.first[t+1]; m++ {
			least = min(least, c.modes[m].cost)
		}
		x.services += int(least)
		x.far = max(x.far, c.alone(t))
		m := c.modes[c.first[t]]
		odd[m.first], odd[m.last] = !odd[m.first], !odd[m.last]
	}
	return x
}

// of is the time that the longest of so many routes takes at least, and why.
func (x *bound) of(routes int) (int, string) {
	share := (x.services + x.dead + routes - 1) / routes
	if x.far > share {
		return x.far, "farthest street"
	}
	return share, x.by
}

// routes is how many routes of that length it takes at least.
func (x *bound) routes(limit int) int {
	return (x.services + x.dead + limit - 1) / limit
}

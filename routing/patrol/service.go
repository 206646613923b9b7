package patrol

import (
	"fmt"
	"slices"
	"time"
)

// Service asks for more of a street than the one visit that a plan pays to each: several
// visits, in one shift so far apart, or always the same unit.
type Service struct {
	Street string        `json:"street"`          // id
	Visits int           `json:"visits"`          // in the plan, at least 1; two that are in different shifts are apart anyhow
	Apart  time.Duration `json:"apart,omitempty"` // from the beginning of a visit to that of the next in the same shift
	Unit   string        `json:"unit,omitempty"`  // who does it, "" for any
}

// mostVisits is how many visits of one street a plan can be asked for.
const mostVisits = 20

// spare is what visits are planned farther apart than asked for, in milliseconds: on the
// road a way may turn out a little quicker than the search has it.
const spare = 60_000

// checkServices refuses what no plan can do, and notes which streets are meant.
func (b *builder) checkServices() error {
	number := map[string]int{}
	for i, s := range b.in.Services {
		feature := "street " + s.Street
		if _, twice := number[s.Street]; twice || s.Street == "" {
			return bad("service-street", feature, "service levels need streets, each once", "give the id of a street, and one line for each")
		}
		number[s.Street] = i
		if s.Visits < 1 || s.Visits > mostVisits || s.Apart < 0 || time.Duration(s.Visits-1)*s.Apart >= b.in.Shift {
			return bad("service-level", feature, fmt.Sprintf("%d visits, %v apart, do not fit into a shift of %v", s.Visits, s.Apart, b.in.Shift),
				fmt.Sprintf("give 1 to %d visits that lie apart within the shift", mostVisits))
		}
		if s.Unit != "" && !slices.Contains(b.in.Units, s.Unit) {
			return bad("service-unit", feature, "there is no unit "+s.Unit, "name one of the plan's units")
		}
	}
	b.service = make([]int, len(b.in.Network.Streets()))
	for i, s := range b.in.Network.Streets() {
		b.service[i] = -1
		if k, ok := number[s.ID]; ok {
			b.service[i] = k
		}
	}
	return nil
}

// serve notes at each stretch the services that it is part of, and repeats those that are
// visited more than once.
func (b *builder) serve() {
	if len(b.in.Services) == 0 {
		return
	}
	for i := range b.stretches {
		s := &b.stretches[i]
		s.unit, s.visits = -1, 1
		for _, k := range s.services {
			x := b.in.Services[k]
			s.visits, s.apart = max(s.visits, x.Visits), max(s.apart, int(x.Apart.Milliseconds()))
			if x.Unit != "" && s.unit < 0 {
				s.unit = slices.Index(b.in.Units, x.Unit)
			}
		}
		s.base = i
	}
	for _, s := range b.stretches {
		s.edges = nil // they stand with the first visit, so that lengths count once
		for range s.visits - 1 {
			b.stretches = append(b.stretches, s)
		}
	}
}

// served notes which services a stretch belongs to by its edges.
func (b *builder) served() {
	for i := range b.stretches {
		s := &b.stretches[i]
		for _, e := range s.edges {
			if k := b.service[b.net.StreetIndex(e)]; k >= 0 && !slices.Contains(s.services, k) {
				s.services = append(s.services, k)
			}
		}
	}
}

// pair are two tasks that are visits of the same place, and how far apart they are to be.
type pair struct {
	a, b  int32
	apart int
}

// pairs lists the tasks that are to be apart.
func (b *builder) pairs() (out []pair) {
	if len(b.in.Services) == 0 {
		return nil
	}
	visits := map[int][]int32{}
	for t, s := range b.stretches {
		if s.apart == 0 {
			continue
		}
		for _, u := range visits[s.base] {
			out = append(out, pair{u, int32(t), s.apart + spare})
		}
		visits[s.base] = append(visits[s.base], int32(t))
	}
	return out
}

// owner is the unit that has to do a task, -1 for any.
func (c *costs) owner(task int32) int {
	if len(c.b.in.Services) == 0 {
		return -1
	}
	return c.b.stretches[task].unit
}

// bound reports whether any task is fixed to a unit or kept apart from another one.
func (c *costs) bound() bool {
	for t := range c.tasks() {
		if c.owner(int32(t)) >= 0 {
			return true
		}
	}
	return len(c.apart) > 0
}

// owned takes the modes of tasks that belong to a unit out of an order, and makes a tour
// of each unit's.
func (c *costs) owned(order []int32) (rest []int32, tours []tour) {
	of := map[int]int{} // tour by unit
	for _, m := range order {
		u := c.owner(c.modes[m].task)
		if u < 0 {
			rest = append(rest, m)
			continue
		}
		i, ok := of[u]
		if !ok {
			i = len(tours)
			of[u] = i
			tours = append(tours, tour{unit: u + 1})
		}
		tours[i].modes = append(tours[i].modes, m)
	}
	for i := range tours {
		c.price(&tours[i])
	}
	return rest, tours
}

// pin gives each unit that has tasks of its own the tour with most of them, and moves the
// others there.
func (c *costs) pin(tours []tour) []tour {
	of := map[int]int{} // tour by unit
	for u := range c.b.in.Units {
		best, most := -1, 0
		for i, t := range tours {
			n := 0
			for _, m := range t.modes {
				if c.owner(c.modes[m].task) == u {
					n++
				}
			}
			if n > most && t.unit == 0 {
				best, most = i, n
			}
		}
		if best >= 0 {
			tours[best].unit, of[u] = u+1, best
		}
	}
	var moved []int32
	for i := range tours {
		t := &tours[i]
		n := len(t.modes)
		t.modes = slices.DeleteFunc(t.modes, func(m int32) bool {
			u := c.owner(c.modes[m].task)
			if u >= 0 && t.unit != u+1 {
				moved = append(moved, m)
				return true
			}
			return false
		})
		if len(t.modes) < n {
			c.price(t)
		}
	}
	for _, m := range moved {
		u := c.owner(c.modes[m].task)
		i, ok := of[u]
		if !ok { // all its tasks lay in tours of other units
			i = len(tours)
			of[u], tours = i, append(tours, tour{unit: u + 1})
		}
		tours[i].modes = append(tours[i].modes, m)
		c.price(&tours[i])
	}
	return tours
}

// price finds the depot and the cost of a tour.
func (c *costs) price(t *tour) {
	if t.cost = 0; len(t.modes) == 0 {
		return
	}
	first, last := c.modes[t.modes[0]], c.modes[t.modes[len(t.modes)-1]]
	t.depot = 0
	_, end := c.times(*t)
	inner := end - int(first.out[0]) - int(last.home[0])
	for d := range c.b.depots {
		if cost := inner + int(first.out[d]) + int(last.home[d]); d == 0 || cost < t.cost {
			t.depot, t.cost = d, cost
		}
	}
}

// hot tells which tours hold tasks that are fixed or kept apart: they are improved
// together.
func (m *improver) hot() []bool {
	special := make([]bool, m.c.tasks())
	for _, x := range m.c.apart {
		special[x.a], special[x.b] = true, true
	}
	out := make([]bool, len(m.tours))
	for i, t := range m.tours {
		out[i] = t.unit > 0
		for _, mode := range t.modes {
			out[i] = out[i] || special[m.c.modes[mode].task]
		}
	}
	return out
}

// seatOwners gives the routes that belong to a unit to it, each within its shift.
func seatOwners(tours []tour, crews []crew) {
	for i, t := range tours {
		if t.unit == 0 {
			continue
		}
		for j := range crews {
			if crews[j].shift == crews[i].shift && crews[j].unit == t.unit-1 {
				crews[j].unit = crews[i].unit
			}
		}
		crews[i].unit = t.unit - 1
	}
}

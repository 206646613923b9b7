package patrol

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/cch"
)

// Checkpoint is a place that one unit has to be at in every shift of a plan, at a time
// between From and Until after the shift begins, and stays for a while.
type Checkpoint struct {
	Name  string        `json:"name"`
	At    orb.Point     `json:"at"`
	From  time.Duration `json:"from"`
	Until time.Duration `json:"until"`
	Stay  time.Duration `json:"stay,omitempty"`
}

// check is a checkpoint on the network; times are in milliseconds.
type check struct {
	name              string
	node              routing.Node
	from, until, stay int
	to, off           []int32 // by mode: time from its end to the node, from the node to its start
}

// visit is a checkpoint in a tour: before the mode of that number, or at the end.
type visit struct{ before, check int }

// errLate says that checkpoints do not fit into the routes.
var errLate = errors.New("checkpoints do not fit into the routes")

// checkpoints looks the places up; their nodes are cut into the network with the depots.
func (b *builder) checkpoints() ([]orb.Point, error) {
	var at []orb.Point
	for _, k := range b.in.Checkpoints {
		feature := "checkpoint " + k.Name
		if k.Name == "" || !geo.ValidPosition(k.At) {
			return nil, bad("checkpoint", feature, "a checkpoint needs a name and a position", "give NAME@LON,LAT")
		}
		if k.From < 0 || k.Until < k.From || k.Stay < 0 || k.From+k.Stay >= b.in.Shift {
			return nil, bad("checkpoint-window", feature, fmt.Sprintf("from %v to %v with a stay of %v does not fit into a shift of %v", k.From, k.Until, k.Stay, b.in.Shift),
				"give a time within the shift, the earlier one first")
		}
		p, ok := b.in.Network.NearestVertex(k.At, depotReach)
		if !ok {
			return nil, bad("checkpoint-far", feature, fmt.Sprintf("no street that a %s patrol can reach and return from lies within 300 m", b.in.Network.Profile()),
				"move the checkpoint to a street of the map; longitude comes first")
		}
		at = append(at, p)
	}
	return at, nil
}

// reserve is the part of a shift that is kept free for checkpoints, in milliseconds, at
// the first try: a quarter of an hour for each that a route has, and the stay.
func (b *builder) reserve() int {
	const detour = 900_000
	stay := 0
	for _, k := range b.checks {
		stay = max(stay, k.stay)
	}
	each := (len(b.checks) + len(b.in.Units) - 1) / len(b.in.Units)
	return min(each*(detour+stay), int(b.in.Shift.Milliseconds())/10)
}

// distances prepares the ways between the modes and the checkpoints.
func (c *costs) distances() {
	starts, ends := make([][]cch.Seed, len(c.modes)), make([][]cch.Seed, len(c.modes))
	for i := range c.modes {
		starts[i], ends[i] = c.web.enter(c.modes[i].begin()), c.web.leave(c.modes[i].end())
	}
	off := c.web.metric.Select(starts, cch.ToTargets).NewSweep()
	to := c.web.metric.Select(ends, cch.FromTargets).NewSweep()
	for i := range c.b.checks {
		k := &c.b.checks[i]
		k.off, k.to = make([]int32, len(c.modes)), make([]int32, len(c.modes))
		off.Distances(c.web.depart(k.node), k.off)
		to.Distances(c.web.arrive(k.node), k.to)
		for m := range c.modes {
			if c.modes[m].last == k.node {
				k.to[m] = 0
			}
		}
	}
}

// attend puts every checkpoint into a route of every shift. It returns errLate when it
// does not find how.
func (c *costs) attend(tours []tour, crews []crew, seed uint64) error {
	if len(c.b.checks) == 0 {
		return nil
	}
	c.distances()
	agendas := make([]*agenda, len(tours))
	for i := range tours {
		var err error
		if agendas[i], err = c.newAgenda(&tours[i]); err != nil {
			return err
		}
	}
	c.seat(agendas, crews)
	order := make([]int, len(c.b.checks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return c.b.checks[a].until - c.b.checks[b].until })
	random := rand.New(rand.NewPCG(seed, 3))
	last := 0
	for _, w := range crews {
		last = max(last, w.shift)
	}
	for s := 1; s <= last; s++ {
		var routes []*agenda
		for i, a := range agendas {
			if crews[i].shift == s {
				routes = append(routes, a)
			}
		}
		for _, k := range order {
			if !attendOne(routes, k, random) {
				return fmt.Errorf("checkpoint %s in shift %d: %w", c.b.checks[k].name, s, errLate)
			}
		}
	}
	for _, a := range agendas {
		a.write()
	}
	return nil
}

// seat lets routes swap their crews so that each shift has for each checkpoint a route
// that comes by near to it in time.
func (c *costs) seat(agendas []*agenda, crews []crew) {
	type offer struct{ price, route, check int }
	var offers []offer
	for i, a := range agendas {
		was := a.price(a.items)
		for k := range c.b.checks {
			offers = append(offers, offer{a.price(a.insert(k)) - was, i, k})
		}
	}
	slices.SortStableFunc(offers, func(x, y offer) int { return x.price - y.price })
	type need struct{ shift, check int }
	has, fixed := map[need]bool{}, make([]bool, len(agendas))
	for _, o := range offers {
		if fixed[o.route] {
			continue
		}
		// The route takes a seat in the first shift that still lacks one for the checkpoint.
		for i := range crews {
			if n := (need{crews[i].shift, o.check}); !has[n] && (!fixed[i] || i == o.route) {
				has[n], fixed[o.route] = true, true
				crews[i], crews[o.route] = crews[o.route], crews[i]
				break
			}
		}
	}
}

// attendOne puts a checkpoint into the route of a shift to which it adds least.
func attendOne(routes []*agenda, k int, random *rand.Rand) bool {
	var best *agenda
	var items []int
	add := 0
	for _, a := range routes {
		with := a.insert(k)
		with = a.repair(with, random)
		if total, late := a.times(with); late == 0 {
			was, _ := a.times(a.items)
			if best == nil || total-was < add {
				best, items, add = a, with, total-was
			}
		}
	}
	if best != nil {
		best.items = items
	}
	return best != nil
}

package arc

import (
	"math"
	"slices"
)

// recreate puts the tasks that are out back, one after the other, where each costs
// least; now and then it overlooks a place. It gives up as soon as the plan costs as
// much as the bar, as no task makes a route shorter.
func (r *ruiner) recreate(bar float64) {
	r.order()
	for _, t := range r.out {
		if float64(r.cost) >= bar {
			return
		}
		if r.timer != nil && r.chance.below(10) < r.timer.astray(t) {
			r.anywhere(t)
			continue
		}
		best, at, route := math.MaxInt, 0, int32(-1)
		depot, load, empty := int32(-1), int(r.load[t]), false
		slots := r.slots[int(t)*len(r.tours):][:len(r.tours)]
		for i, u := range r.tours {
			if r.pin != nil && r.pin[t] >= 0 && r.pin[t] != int32(i) {
				continue
			}
			if r.blinks--; r.blinks < 0 {
				r.blinks = r.chance.wait(blink)
				if route >= 0 {
					continue
				}
			}
			if len(u.seq) == 0 {
				if !empty {
					empty = true
					if d := r.goal.charge(int(r.alone[t])); d < best {
						best, at, route, depot = d, 0, int32(i), r.start[t]
					}
				}
				continue
			}
			fine := 0
			if load > 0 {
				fine = r.goal.fine * (r.p.excess(u.load+load) - r.p.excess(u.load))
			}
			if fine >= best {
				continue
			}
			var cost, place int
			if r.saved[i] != nil {
				cost, place = u.place(r.patch, t)
			} else if s := &slots[i]; s.version == u.version {
				cost, place = s.cost, int(s.at)
			} else {
				cost, place = u.place(r.patch, t)
				*s = slot{u.version, int32(place), cost}
			}
			if d := r.goal.charge(cost) - r.goal.charge(u.cost) + fine; d < best {
				best, at, route, depot = d, place, int32(i), -1
			}
		}
		r.put(t, route, at, depot)
	}
}

// anywhere puts a task in at a random place, as the cheapest one may be too near to
// another task.
func (r *ruiner) anywhere(t int32) {
	route := int32(r.chance.below(len(r.tours)))
	if r.pin != nil && r.pin[t] >= 0 {
		route = r.pin[t]
	}
	r.put(t, route, r.chance.below(len(r.tours[route].seq)+1), -1)
}

// put inserts a task into a tour, an empty one from the depot.
func (r *ruiner) put(t, route int32, at int, depot int32) {
	u := r.tours[route]
	r.count(u, -1)
	if r.saved[route] == nil {
		old := u
		u = r.touch(route)
		u.copy(old)
	}
	if depot >= 0 {
		u.set(r.patch, int(depot), nil)
	}
	u.insert(r.patch, t, at)
	r.count(u, 1)
}

// order decides in which order tasks are put back: by chance, the heaviest first, or
// those far from or near to the depot first.
func (r *ruiner) order() {
	key := r.key
	rule := r.chance.below(11)
	for _, t := range r.out {
		switch {
		case rule < 4:
			key[t] = int64(r.chance.next() >> 1)
		case rule < 8 && r.p.spec.Capacity > 0:
			key[t] = -int64(r.load[t])
		case rule < 8:
			key[t] = -int64(r.dear[t])
		case rule < 10:
			key[t] = -int64(r.far[t])
		default:
			key[t] = int64(r.far[t])
		}
	}
	slices.SortFunc(r.out, func(a, b int32) int {
		if key[a] != key[b] {
			if key[a] < key[b] {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
}

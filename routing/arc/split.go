package arc

import "slices"

// giant returns all tasks in one order by path scanning: from the end of the last
// one always on to the nearest that is left (Golden, DeArmon and Baker,
// "Computational experiments with algorithms for a class of routing problems",
// Computers and Operations Research 10, 1983). Of equally near ones the farthest
// from the depot comes first.
func giant(p *Problem) []int32 {
	// The places where tasks that are left start, each with their modes.
	modes := map[int32][]int32{}
	var places []int32
	for m := range p.spec.Modes {
		v := p.into[m]
		if modes[v] == nil {
			places = append(places, v)
		}
		modes[v] = append(modes[v], int32(m))
	}
	home := p.depot(0)
	back := make([]int32, len(p.spec.Modes)) // to the depot
	for m := range back {
		back[m] = p.table.cost(p.from[m], p.into[home])
	}
	done := make([]bool, p.tasks)
	spare := make([]int32, p.table.places)
	at := home
	out := make([]int32, 0, p.tasks)
	for len(out) < p.tasks {
		best, cost := int32(-1), int32(0)
		row := p.table.row(p.from[at], spare)
		for i := 0; i < len(places); i++ {
			v := places[i]
			if best >= 0 && row[v] > cost {
				continue
			}
			left := modes[v]
			for k := 0; k < len(left); k++ {
				m := left[k]
				if done[p.spec.Modes[m].Task] {
					left[k] = left[len(left)-1]
					left = left[:len(left)-1]
					k--
					continue
				}
				if best < 0 || row[v] < cost || row[v] == cost && (back[m] > back[best] || back[m] == back[best] && m < best) {
					best, cost = m, row[v]
				}
			}
			modes[v] = left
			if len(left) == 0 {
				places[i] = places[len(places)-1]
				places = places[:len(places)-1]
				i--
			}
		}
		t := p.spec.Modes[best].Task
		done[t] = true
		out = append(out, t)
		at = int(best)
	}
	return out
}

// split cuts an order of tasks into at most k tours, each from its best depot, so
// that the longest is as short as cuts can make it, or the sum under the limit. It
// is Ulusoy's split ("The fleet size and mix problem for capacitated arc routing",
// EJOR 22, 1985) with the fewest routes under a bar that is lowered by bisection.
// Loads keep the capacity, unless that takes too many routes.
// The last tours may be longer than the limit where k are too few.
func split(p *Problem, order []int32) []draft {
	k := p.spec.Vehicles
	if len(order) == 0 {
		return fillUp(p, nil)
	}
	lo, hi := 0, 0
	for _, t := range order {
		lo = max(lo, p.Alone(int(t)))
	}
	steps := p.consecutive(order)
	var best []draft
	for hi = max(1, lo); ; hi *= 2 {
		if best = cuts(p, order, steps, hi); len(best) <= k {
			break
		}
		if hi > Never {
			return merge(p, best) // loads alone take more vehicles in this order
		}
	}
	if l := p.spec.Limit; p.spec.Objective == Total {
		if l == 0 || l > hi {
			l = max(l, hi)
		}
		if c := cuts(p, order, steps, l); len(c) <= k {
			return fillUp(p, c)
		}
	}
	for lo < hi && (hi-lo)*200 > hi {
		mid := lo + (hi-lo)/2
		if c := cuts(p, order, steps, mid); len(c) <= k {
			best, hi = c, mid
		} else {
			lo = mid + 1
		}
	}
	return fillUp(p, best)
}

// fillUp adds empty routes until there is one for each vehicle.
func fillUp(p *Problem, routes []draft) []draft {
	for i := len(routes); i < p.spec.Vehicles; i++ {
		routes = append(routes, draft{depot: i % len(p.spec.Depots)})
	}
	return routes
}

// merge puts the tasks of the lightest routes, where they are more than the
// vehicles, on the others: each on the one with the least load.
func merge(p *Problem, routes []draft) []draft {
	slices.SortStableFunc(routes, func(a, b draft) int { return b.load - a.load })
	k := p.spec.Vehicles
	for _, spare := range routes[k:] {
		for _, task := range spare.seq {
			to := 0
			for i := range routes[:k] {
				if routes[i].load < routes[to].load {
					to = i
				}
			}
			routes[to].seq = append(routes[to].seq, task)
			routes[to].load += p.demand(task)
		}
	}
	for i, r := range routes[:k] {
		routes[i] = newDraft(p, r.depot, r.seq)
	}
	return routes[:k]
}

// cuts is the split into the fewest tours that cost at most bar, of those the
// cheapest.
func cuts(p *Problem, order []int32, steps strides, bar int) []draft {
	n := len(order)
	count := make([]int, n+1)
	sum := make([]int, n+1)
	from := make([]int, n+1)
	depot := make([]int, n+1)
	for j := 1; j <= n; j++ {
		count[j] = n + 1
	}
	ahead, next := make([]int, p.width), make([]int, p.width)
	// count is complete for i before tours from i are tried, for every depot.
	for i := range n {
		for d := range p.spec.Depots {
			load := 0
			for j := i; j < n; j++ {
				if load += p.demand(order[j]); p.excess(load) > 0 {
					break
				}
				lo, hi := p.Modes(int(order[j]))
				end := Never * 4
				for k := range hi - lo {
					best := int(steps.out[d][lo+k])
					if j > i {
						plo, phi := p.Modes(int(order[j-1]))
						way := steps.way[j*steps.stride+k*p.width:]
						best = ahead[0] + int(way[0])
						for q := 1; q < phi-plo; q++ {
							best = min(best, ahead[q]+int(way[q]))
						}
					}
					next[k] = best + int(p.spec.Modes[lo+k].Cost)
					end = min(end, next[k]+int(steps.home[d][lo+k]))
				}
				ahead, next = next, ahead
				if end > bar {
					// Later ends may be cheaper to come home from; a little beyond
					// the bar is looked at, no further.
					if end > bar+bar/4 {
						break
					}
					continue
				}
				if c := count[i] + 1; c < count[j+1] || c == count[j+1] && sum[i]+end < sum[j+1] {
					count[j+1], sum[j+1], from[j+1], depot[j+1] = c, sum[i]+end, i, d
				}
			}
		}
	}
	var out []draft
	for j := n; j > 0; j = from[j] {
		out = append(out, newDraft(p, depot[j], slices.Clone(order[from[j]:j])))
	}
	return out
}

// strides are the costs that cutting an order takes.
type strides struct {
	stride    int
	way       []int32   // by place in the order: to each mode of the task from each of the one before
	out, home [][]int32 // by depot and mode
}

// consecutive looks the costs up once, as cuts are tried many times.
func (p *Problem) consecutive(order []int32) strides {
	s := strides{stride: p.width * p.width}
	s.way = make([]int32, len(order)*s.stride)
	spare := make([]int32, p.table.places)
	for j := 1; j < len(order); j++ {
		plo, phi := p.Modes(int(order[j-1]))
		lo, hi := p.Modes(int(order[j]))
		for q := plo; q < phi; q++ {
			row := p.table.row(p.from[q], spare)
			for m := lo; m < hi; m++ {
				s.way[j*s.stride+(m-lo)*p.width+q-plo] = row[p.into[m]]
			}
		}
	}
	for d := range p.spec.Depots {
		out, home := make([]int32, len(p.spec.Modes)), make([]int32, len(p.spec.Modes))
		row := p.table.row(p.from[p.depot(d)], spare)
		for m := range p.spec.Modes {
			out[m] = row[p.into[m]]
			home[m] = p.table.cost(p.from[m], p.into[p.depot(d)])
		}
		s.out, s.home = append(s.out, out), append(s.home, home)
	}
	return s
}

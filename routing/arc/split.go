package arc

import "slices"

// giant returns all tasks in one order by path scanning: from the end of the last
// one always on to the nearest that is left (Golden, DeArmon and Baker,
// "Computational experiments with algorithms for a class of routing problems",
// Computers and Operations Research 10, 1983). Of equally near ones the farthest
// from the depot comes first.
func giant(p *Problem) []int32 {
	done := make([]bool, p.tasks)
	home := p.depot(0)
	at := home
	out := make([]int32, 0, p.tasks)
	for len(out) < p.tasks {
		best := -1
		row := p.spec.Distance[at*p.size:]
		for m, mode := range p.spec.Modes {
			if done[mode.Task] {
				continue
			}
			if best < 0 || row[m] < row[best] ||
				row[m] == row[best] && p.Distance(m, home) > p.Distance(best, home) {
				best = m
			}
		}
		t := p.spec.Modes[best].Task
		done[t] = true
		out = append(out, t)
		at = best
	}
	return out
}

// split cuts an order of tasks into at most k tours, each from its best depot, so
// that the longest is as short as cuts can make it, or the sum under the limit. It
// is Ulusoy's split ("The fleet size and mix problem for capacitated arc routing",
// EJOR 22, 1985) with the fewest routes under a bar that is lowered by bisection.
// Loads keep the capacity, unless that takes too many routes.
// The last tours may be longer than the limit where k are too few.
func split(p *Problem, order []int32) []*tour {
	k := p.spec.Vehicles
	if len(order) == 0 {
		return fillUp(p, nil)
	}
	lo, hi := 0, 0
	for _, t := range order {
		lo = max(lo, p.Alone(int(t)))
	}
	var best []*tour
	for hi = max(1, lo); ; hi *= 2 {
		if best = cuts(p, order, hi); len(best) <= k {
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
		if c := cuts(p, order, l); len(c) <= k {
			return fillUp(p, c)
		}
	}
	for lo < hi && (hi-lo)*200 > hi {
		mid := lo + (hi-lo)/2
		if c := cuts(p, order, mid); len(c) <= k {
			best, hi = c, mid
		} else {
			lo = mid + 1
		}
	}
	return fillUp(p, best)
}

// fillUp adds empty tours until there is one for each vehicle.
func fillUp(p *Problem, tours []*tour) []*tour {
	for i := len(tours); i < p.spec.Vehicles; i++ {
		tours = append(tours, &tour{depot: i % len(p.spec.Depots)})
	}
	return tours
}

// merge puts the tasks of the lightest tours, where they are more than the vehicles,
// on the others: each on the one with the least load.
func merge(p *Problem, tours []*tour) []*tour {
	slices.SortStableFunc(tours, func(a, b *tour) int { return b.load - a.load })
	k := p.spec.Vehicles
	for _, spare := range tours[k:] {
		for _, task := range spare.seq {
			to := slices.MinFunc(tours[:k], func(a, b *tour) int { return a.load - b.load })
			to.insert(p, task, len(to.seq))
		}
	}
	return tours[:k]
}

// cuts is the split into the fewest tours that cost at most bar, of those the
// cheapest.
func cuts(p *Problem, order []int32, bar int) []*tour {
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
			home, load := p.depot(d), 0
			for j := i; j < n; j++ {
				if load += p.demand(order[j]); p.excess(load) > 0 {
					break
				}
				lo, hi := p.Modes(int(order[j]))
				end := Never * 4
				for m := lo; m < hi; m++ {
					best := p.Distance(home, m)
					if j > i {
						plo, phi := p.Modes(int(order[j-1]))
						best = ahead[0] + p.Distance(plo, m)
						for k := plo + 1; k < phi; k++ {
							best = min(best, ahead[k-plo]+p.Distance(k, m))
						}
					}
					next[m-lo] = best + int(p.spec.Modes[m].Cost)
					end = min(end, next[m-lo]+p.Distance(m, home))
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
	var out []*tour
	for j := n; j > 0; j = from[j] {
		t := &tour{depot: depot[j]}
		t.set(p, order[from[j]:j])
		out = append(out, t)
	}
	return out
}

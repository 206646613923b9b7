package arc

import "math/bits"

// orderMost is the number of tasks up to which order finds the cheapest one.
const orderMost = 16

// order is the cheapest route through a set of tasks, false where they are more than
// orderMost.
func order(p *Problem, set uint32) (Route, bool) {
	var tasks []int
	for left := set; left != 0; left &= left - 1 {
		tasks = append(tasks, bits.TrailingZeros32(left))
	}
	n, w := len(tasks), p.width
	if n > orderMost {
		return Route{}, false
	}
	best, cost := Route{}, Never
	ends := make([]int, n*w<<n) // by set of tasks, last task and mode: cost up to there
	for d := range p.spec.Depots {
		home := p.depot(d)
		for i := range ends {
			ends[i] = Never
		}
		reach := func(done, m int) (cost, last int) {
			if done == 0 {
				return p.Distance(home, m), -1
			}
			cost, last = Never, -1
			for i, t := range tasks {
				if done>>i&1 == 1 {
					for q := range int(p.first[t+1] - p.first[t]) {
						if c := ends[(done*n+i)*w+q] + p.Distance(int(p.first[t])+q, m); c < cost {
							cost, last = c, i*w+q
						}
					}
				}
			}
			return cost, last
		}
		for done := 1; done < 1<<n; done++ {
			for i, t := range tasks {
				if done>>i&1 == 1 {
					for q := range int(p.first[t+1] - p.first[t]) {
						m := int(p.first[t]) + q
						c, _ := reach(done&^(1<<i), m)
						ends[(done*n+i)*w+q] = min(Never, c+int(p.spec.Modes[m].Cost))
					}
				}
			}
		}
		all := 1<<n - 1
		total, last := reach(all, home)
		if total >= cost {
			continue
		}
		best, cost = Route{Depot: d, Modes: make([]int, n)}, total
		for k, done := n-1, all; k >= 0; k-- {
			m := int(p.first[tasks[last/w]]) + last%w
			best.Modes[k] = m
			done &^= 1 << (last / w)
			_, last = reach(done, m)
		}
	}
	return best, cost < Never
}

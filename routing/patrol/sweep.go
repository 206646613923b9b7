package patrol

import (
	"slices"
	"sync"

	"gridbeat/routing"
	"gridbeat/routing/cch"
)

// tour is a route of the search: modes in the order of driving.
type tour struct {
	depot int
	modes []int32
	cost  int
	unit  int // number of the unit that it belongs to, from 1; 0 for any
	// visits are the checkpoints on the way, in order.
	visits []visit
}

// fit turns the modes of an order round that would be too long for a route of their
// own, so that every cut of it into single tasks keeps the limit.
func (c *costs) fit(order []int32, limit int) {
	for i, m := range order {
		best, least := m, c.own(m)
		for k := c.first[c.modes[m].task]; least > limit && k < c.first[c.modes[m].task+1]; k++ {
			if t := c.own(k); t < least {
				best, least = k, t
			}
		}
		order[i] = best
	}
}

// quickTurn is the time in milliseconds up to which the turn from one task into the
// next is not compared with ways round: those take longer.
const quickTurn = 6_000

// gap is the time from the end of a mode to the start of another one.
func (c *costs) gap(q *cch.Query, from, to int32) int32 {
	x, y := &c.modes[from], &c.modes[to]
	if x.last == y.first {
		if t, ok := c.b.net.Turn(x.end(), y.begin()); ok && t <= quickTurn {
			return t
		}
	}
	if x.end() == y.begin() {
		return c.again(q, x.end())
	}
	return q.Distance(c.web.leave(x.end()), c.web.enter(y.begin()))
}

// again is the time from the end of an arc to its start, for another visit.
func (c *costs) again(q *cch.Query, a routing.Arc) int32 {
	return q.Distance(c.web.beyond(a), c.web.enter(a))
}

// gaps are the times between neighbours of the order.
func (c *costs) gaps(order []int32) []int32 {
	out := make([]int32, len(order))
	const block = 256
	inParallel(c.b.o.Threads, (len(order)+block-1)/block, func(k int) {
		q := c.web.metric.NewQuery()
		for i := max(1, k*block); i < min(len(order), (k+1)*block); i++ {
			out[i] = c.gap(q, order[i-1], order[i])
		}
	})
	return out
}

// split cuts an order into routes of at most the bar, as few as can be, of those the
// ones with the least sum of squares: quick and even; nil when a mode alone is above the
// bar.
func (c *costs) split(order, gaps []int32, bar int) []tour {
	n := len(order)
	count, sum := make([]int, n+1), make([]int, n+1)
	from, depot, cost := make([]int, n+1), make([]int, n+1), make([]int, n+1)
	for j := 1; j <= n; j++ {
		count[j] = n + 1
	}
	for i := range n {
		if count[i] > n {
			continue
		}
		inner := 0
		for j := i; j < n; j++ {
			if j > i {
				inner += int(gaps[j])
			}
			inner += int(c.modes[order[j]].cost)
			if inner > bar {
				break
			}
			for d := range c.b.depots {
				t := inner + int(c.modes[order[i]].out[d]) + int(c.modes[order[j]].home[d])
				k := count[i] + 1
				if t <= bar && (k < count[j+1] || k == count[j+1] && sum[i]+t*t < sum[j+1]) {
					count[j+1], sum[j+1], from[j+1], depot[j+1], cost[j+1] = k, sum[i]+t*t, i, d, t
				}
			}
		}
	}
	if count[n] > n {
		return nil
	}
	var out []tour
	for j := n; j > 0; j = from[j] {
		out = append(out, tour{depot: depot[j], modes: slices.Clone(order[from[j]:j]), cost: cost[j]})
	}
	slices.Reverse(out)
	return out
}

// even cuts an order into at most k routes whose longest is about as short as cuts make
// it. few is what split makes of it for the limit; nil where that is more than k routes.
func (c *costs) even(order, gaps []int32, few []tour, k, limit int) []tour {
	if few == nil || len(few) > k {
		return nil
	}
	best := few
	inner := 0
	for i, m := range order {
		inner += int(c.modes[m].cost) + int(gaps[i])
	}
	lo, hi := min(limit, inner/k), limit
	for (hi-lo)*200 > hi {
		if mid := (lo + hi) / 2; c.fewest(order, gaps, mid) <= k {
			hi = mid
		} else {
			lo = mid
		}
	}
	if t := c.split(order, gaps, hi); t != nil && len(t) <= k {
		best = t
	}
	return best
}

// lastStarts is how many of the last places that so many routes lead to a further one
// begins at, when routes are only counted.
const lastStarts = 24

// fewest is about how many routes of at most the bar hold the order, more than there
// are modes when a mode alone is above the bar.
func (c *costs) fewest(order, gaps []int32, bar int) int {
	n := len(order)
	starts := []int{0}
	for count, reached := 1, 0; ; count++ {
		var ends []int // where a route can end, the farthest last
		for _, i := range starts {
			inner := 0
			for j := i; j < n; j++ {
				if j > i {
					inner += int(gaps[j])
				}
				inner += int(c.modes[order[j]].cost)
				if inner > bar {
					break
				}
				if j+1 > reached && c.closed(order[i], order[j], inner) <= bar {
					ends = append(ends, j+1)
				}
			}
		}
		if len(ends) == 0 {
			return n + 1
		}
		slices.Sort(ends)
		ends = slices.Compact(ends)
		if reached = ends[len(ends)-1]; reached == n {
			return count
		}
		starts = ends[max(0, len(ends)-lastStarts):]
		reached = starts[0]
	}
}

// closed is the time of a route that begins and ends with the modes and takes so long
// between its depot's ways.
func (c *costs) closed(first, last int32, inner int) int {
	best := routing.Never
	for d := range c.b.depots {
		best = min(best, inner+int(c.modes[first].out[d])+int(c.modes[last].home[d]))
	}
	return best
}

// inParallel calls work for 0..n-1 on at most threads goroutines and waits.
func inParallel(threads, n int, work func(i int)) {
	var wait sync.WaitGroup
	jobs := make(chan int)
	for range max(1, min(threads, n)) {
		wait.Go(func() {
			for i := range jobs {
				work(i)
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wait.Wait()
}

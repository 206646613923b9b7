package patrol

import (
	"context"
	"slices"
	"sync"

	"gridbeat/routing/arc"
)

// tour is a route of the search: modes in the order of driving.
type tour struct {
	depot int
	modes []int32
	cost  int
}

// zoneModes is how many modes a zone of the first plan has at most, sweepSteps how
// long its order is improved.
const (
	zoneModes  = 500
	sweepSteps = 400
)

// zones parts tasks into groups of neighbours with at most that many modes, by halving along
// the longer side of their box; neighbouring groups follow each other.
func (c *costs) zones(tasks []int32, most int) [][]int32 {
	count := 0
	for _, t := range tasks {
		count += int(c.first[t+1] - c.first[t])
	}
	if count <= most || len(tasks) < 2 {
		return [][]int32{tasks}
	}
	box := c.b.net.At(c.modes[c.first[tasks[0]]].first).Bound()
	for _, t := range tasks {
		box = box.Extend(c.b.net.At(c.modes[c.first[t]].first))
	}
	kx, ky := c.b.net.Plane().Scale()
	axis := 0
	if (box.Max[1]-box.Min[1])*ky > (box.Max[0]-box.Min[0])*kx {
		axis = 1
	}
	sorted := slices.Clone(tasks)
	slices.SortStableFunc(sorted, func(s, t int32) int {
		a, b := c.b.net.At(c.modes[c.first[s]].first)[axis], c.b.net.At(c.modes[c.first[t]].first)[axis]
		switch {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return int(s - t)
	})
	half := len(sorted) / 2
	return append(c.zones(sorted[:half], most), c.zones(sorted[half:], most)...)
}

// sweep is an order of all modes that visits zone after zone.
func (c *costs) sweep(ctx context.Context, seed uint64, threads int) ([]int32, error) {
	all := make([]int32, len(c.first)-1)
	for t := range all {
		all[t] = int32(t)
	}
	zones := c.zones(all, zoneModes)
	orders := make([][]int32, len(zones))
	errs := make([]error, len(zones))
	inParallel(threads, len(zones), func(i int) {
		p, modes, err := c.problem(ctx, zones[i], 1)
		if err != nil {
			errs[i] = err
			return
		}
		res := arc.Solve(ctx, p, arc.Options{Seed: seed, Iterations: sweepSteps, Threads: 1})
		for _, r := range res.Solution.Routes {
			for _, m := range r.Modes {
				orders[i] = append(orders[i], modes[m])
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(orders...), ctx.Err()
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

// gaps are the times between neighbours of the order.
func (c *costs) gaps(order []int32) []int32 {
	out := make([]int32, len(order))
	q := c.web.metric.NewQuery()
	for i := 1; i < len(order); i++ {
		x, y := &c.modes[order[i-1]], &c.modes[order[i]]
		out[i] = q.Distance(c.web.leave(x.end()), c.web.enter(y.begin()))
	}
	return out
}

// split cuts an order into routes of at most the bar, as few as can be, of those the
// quickest together; nil when a mode alone is above the bar.
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
				if t <= bar && (k < count[j+1] || k == count[j+1] && sum[i]+t < sum[j+1]) {
					count[j+1], sum[j+1], from[j+1], depot[j+1], cost[j+1] = k, sum[i]+t, i, d, t
				}
			}
		}
	}
	if count[n] > n {
		return nil
	}
	var out []tour
	for j := n; j > 0; j = from[j] {
		out = append(out, tour{depot[j], slices.Clone(order[from[j]:j]), cost[j]})
	}
	slices.Reverse(out)
	return out
}

// even cuts an order into at most k routes whose longest is as short as cuts make
// it; nil when none keeps the limit.
func (c *costs) even(order, gaps []int32, k, limit int) []tour {
	best := c.split(order, gaps, limit)
	if best == nil || len(best) > k {
		return nil
	}
	lo, hi := limit/64, limit
	for (hi-lo)*100 > hi {
		mid := (lo + hi) / 2
		if t := c.split(order, gaps, mid); t != nil && len(t) <= k {
			best, hi = t, mid
		} else {
			lo = mid
		}
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

package patrol

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/routing/arc"
)

// groupModes is how many modes the routes have together that are improved at a time.
const groupModes = 2000

// improver makes a set of routes better in rounds: routes that lie near each other
// are put in a group, each group is a problem of its own, small enough for a table
// of all its times, and the next round groups anew.
type improver struct {
	c         *costs
	limit     int
	objective arc.Objective // MinMax unless an offer asks for the other one
	threads   int
	random    *rand.Rand
	tours     []tour
	known     *atomic.Int64 // time of the longest route of the best plan so far, once that is looked for
}

// note notes the longest route of a plan that keeps the limit.
func (m *improver) note(tours []tour) {
	if m.c.bound() {
		return // a bound does not know what else a plan has to keep
	}
	if longest, _ := measure(tours); longest <= m.limit {
		m.known.Store(int64(longest))
	}
}

// longest and total time of the tours.
func measure(tours []tour) (longest, sum int) {
	for _, t := range tours {
		longest = max(longest, t.cost)
		sum += t.cost
	}
	return longest, sum
}

// round improves every group until the time or the steps are spent; steps count for
// each group.
func (m *improver) round(ctx context.Context, until time.Time, steps int) error {
	groups := m.groups()
	errs := make([]error, len(groups))
	seeds := make([]uint64, len(groups))
	for i := range seeds {
		seeds[i] = m.random.Uint64()
	}
	threads := max(1, m.threads/len(groups))
	inParallel(m.threads, len(groups), func(i int) {
		o := arc.Options{Seed: seeds[i], Iterations: steps, Threads: threads}
		if !until.IsZero() {
			// Groups share the time: those that wait their turn get what is left.
			turns := (len(groups) - i + m.threads - 1) / m.threads
			o.TimeLimit = max(time.Millisecond, time.Until(until)/time.Duration(turns))
		}
		errs[i] = m.improve(ctx, groups[i], o)
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// improve searches better routes for one group.
func (m *improver) improve(ctx context.Context, group []int, o arc.Options) error {
	var tasks []int32
	for _, i := range group {
		for _, mode := range m.tours[i].modes {
			tasks = append(tasks, m.c.modes[mode].task)
		}
	}
	if len(tasks) == 0 {
		return nil
	}
	slices.Sort(tasks)
	begun := time.Now()
	units := make([]int, len(group))
	for k, i := range group {
		units[k] = m.tours[i].unit
	}
	p, modes, err := m.c.problem(ctx, tasks, units, o.Threads)
	if err != nil {
		return err
	}
	if o.TimeLimit > 0 {
		o.TimeLimit = max(time.Millisecond, o.TimeLimit-time.Since(begun))
	}
	p = p.With(len(group), m.limit).For(m.objective, m.limit)
	at := map[int32]int{}
	for i, mode := range modes {
		at[mode] = i
	}
	var start arc.Solution
	for _, i := range group {
		r := arc.Route{Depot: m.tours[i].depot}
		for _, mode := range m.tours[i].modes {
			r.Modes = append(r.Modes, at[mode])
		}
		start.Routes = append(start.Routes, r)
	}
	o.Start, o.SkipBound = &start, true
	if len(group) == len(m.tours) && !m.c.bound() {
		o.OnBest = func(g arc.Progress) {
			if g.Longest <= m.limit {
				m.known.Store(int64(g.Longest))
			}
		}
	}
	res := arc.Solve(ctx, p, o)
	if was := start.Longest(p); m.limit > 0 && res.Longest > m.limit && res.Longest >= was {
		return nil
	}
	for k, i := range group {
		t := tour{depot: m.tours[i].depot, unit: units[k]}
		if k < len(res.Solution.Routes) {
			r := res.Solution.Routes[k]
			t.depot, t.cost = r.Depot, r.Cost(p)
			for _, mode := range r.Modes {
				t.modes = append(t.modes, modes[mode])
			}
		}
		m.tours[i] = t
	}
	return nil
}

// groups parts the routes into groups of neighbours: a random one and the half
// nearest to it, and the rest, and so on while a part has too many modes.
func (m *improver) groups() [][]int {
	all := make([]int, len(m.tours))
	for i := range all {
		all[i] = i
	}
	if hot := m.hot(); slices.Contains(hot, true) && m.size(all) > groupModes {
		return m.around(hot)
	}
	return m.part(all)
}

// around puts all routes that keep services in one group, with those nearest to one of
// them as long as there is room.
func (m *improver) around(hot []bool) [][]int {
	var first, rest []int
	for i, h := range hot {
		if h {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	m.sortByDistance(rest, m.place(first[m.random.IntN(len(first))]))
	for size := m.size(first); len(rest) > 0; rest = rest[1:] {
		if size += m.size(rest[:1]); size > groupModes {
			break
		}
		first = append(first, rest[0])
	}
	if len(rest) == 0 {
		return [][]int{first}
	}
	return append([][]int{first}, m.part(rest)...)
}

// size is how many modes the tasks of some routes have.
func (m *improver) size(group []int) (count int) {
	for _, i := range group {
		for _, mode := range m.tours[i].modes {
			t := m.c.modes[mode].task
			count += int(m.c.first[t+1] - m.c.first[t])
		}
	}
	return count
}

func (m *improver) part(group []int) [][]int {
	if m.size(group) <= groupModes || len(group) < 4 {
		return [][]int{group}
	}
	m.sortByDistance(group, m.place(group[m.random.IntN(len(group))]))
	half := len(group) / 2
	return append(m.part(slices.Clone(group[:half])), m.part(slices.Clone(group[half:]))...)
}

// sortByDistance puts the routes that lie near a place first.
func (m *improver) sortByDistance(group []int, center orb.Point) {
	apart := map[int]float64{}
	for _, i := range group {
		q := m.place(i)
		apart[i] = float64(m.c.b.net.Plane().Distance(center, q))
	}
	slices.SortStableFunc(group, func(a, b int) int {
		switch {
		case apart[a] < apart[b]:
			return -1
		case apart[a] > apart[b]:
			return 1
		}
		return a - b
	})
}

// place is a place of the route: that of a random one of its streets.
func (m *improver) place(i int) orb.Point {
	t := m.tours[i]
	if len(t.modes) == 0 {
		return m.c.b.net.At(m.c.b.depots[t.depot])
	}
	return m.c.b.net.At(m.c.modes[t.modes[m.random.IntN(len(t.modes))]].first)
}

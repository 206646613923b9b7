package cch

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// lanes is how many searches go through one sweep.
const lanes = 8

// Table writes the least costs between every place and every target, in the direction
// of the selection, to out: a row of Count for each place. It uses up to that many
// threads (at least one) and ends early with the context's error.
func (t *Targets) Table(ctx context.Context, places [][]Seed, out []int32, threads int) error {
	out = out[:len(places)*t.count]
	var next atomic.Int64
	var wait sync.WaitGroup
	for range max(1, min(threads, (len(places)+lanes-1)/lanes)) {
		wait.Go(func() {
			w := t.newWide()
			for ctx.Err() == nil {
				begin := int(next.Add(lanes)) - lanes
				if begin >= len(places) {
					return
				}
				w.batch(places[begin:min(begin+lanes, len(places))], out[begin*t.count:])
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}

// wide is a sweep for several places at once, each in a lane of its own.
type wide struct {
	t      *Targets
	single *Sweep
	labels [][lanes]int32 // by depth
	values [][lanes]int32 // by row
	ahead  [lanes][]int32 // by depth, for each place
	enters []int32        // by row: one more than its place in given, 0 for none
	given  [][lanes]int32 // labels that the ways from the places bring
	used   []int32        // rows with enters set
	inside []visit
	from   []chain
}

// visit is a lane whose search begins within a cell.
type visit struct {
	cell, lane, start int32
}

func (t *Targets) newWide() *wide {
	w := &wide{
		t: t, single: t.NewSweep(), labels: make([][lanes]int32, t.m.h.height+1),
		values: make([][lanes]int32, len(t.rank)), enters: make([]int32, len(t.rank)),
	}
	for i := range w.ahead {
		w.ahead[i] = make([]int32, t.m.h.height)
	}
	return w
}

// batch computes the rows of up to lanes places.
func (w *wide) batch(places [][]Seed, out []int32) {
	t, h := w.t, w.t.m.h
	w.given, w.used, w.inside = w.given[:0], w.used[:0], w.inside[:0]
	var several [lanes]bool
	var shift [lanes]int32
	for l, place := range places {
		w.from, shift[l] = h.chains(place, w.from)
		if len(w.from) != 1 {
			several[l] = true
			continue
		}
		w.enter(int32(l), &w.from[0])
	}
	slices.SortFunc(w.inside, func(a, b visit) int { return int(a.cell - b.cell) })
	w.sweep()
	for _, r := range w.used {
		w.enters[r] = 0
	}
	for l, place := range places {
		row := out[l*t.count : (l+1)*t.count]
		if several[l] {
			w.single.Distances(place, row)
			continue
		}
		for j := range row {
			best := int32(Never)
			for _, e := range t.end[t.ends.first[j]:t.ends.first[j+1]] {
				if v := w.values[e.row][l]; v < Never {
					best = min(best, v+e.cost+shift[l])
				}
			}
			row[j] = best
		}
	}
}

// enter climbs from a place and notes which rows its way passes.
func (w *wide) enter(lane int32, c *chain) {
	t, h := w.t, w.t.m.h
	ahead := w.ahead[lane]
	c.plant(h, ahead)
	v := c.lowest
	for d := c.depth; d >= 0; d-- {
		climb(t.m, t.climbs, v, ahead, d, Never)
		v = h.parent[v]
	}
	row, in := t.meet(c.lowest)
	if in >= 0 {
		w.inside = append(w.inside, visit{in, lane, c.lowest})
	}
	for ; row >= 0; row = t.over[row] {
		if w.enters[row] == 0 {
			w.given = append(w.given, never)
			w.enters[row] = int32(len(w.given))
			w.used = append(w.used, row)
		}
		w.given[w.enters[row]-1][lane] = ahead[t.depth[row]]
	}
}

var never = [lanes]int32{Never, Never, Never, Never, Never, Never, Never, Never}

// sweep runs all rows, and those cells in which searches begin once more by itself.
func (w *wide) sweep() {
	t := w.t
	row := int32(0)
	for i := 0; i < len(w.inside); {
		c := &t.cells[w.inside[i].cell]
		w.rows(row, c.row+c.rows)
		row = c.row + c.rows
		for k := w.inside[i].cell; i < len(w.inside) && w.inside[i].cell == k; i++ {
			w.within(c, w.inside[i])
		}
	}
	w.rows(row, int32(len(t.rank)))
}

// within takes one lane through the nodes of a cell.
func (w *wide) within(c *cell, v visit) {
	t, s := w.t, w.single
	for d := range t.m.h.depth[t.node[c.node]] {
		s.labels[d] = w.labels[d][v.lane]
	}
	t.within(c, v.start, s.labels, w.ahead[v.lane], s.values)
	for r := c.row; r < c.row+c.rows; r++ {
		w.values[r][v.lane] = s.values[r]
	}
}

func (w *wide) rows(from, to int32) {
	t := w.t
	labels := w.labels
	for r := from; r < to; r++ {
		begin := &never
		if e := w.enters[r]; e > 0 {
			begin = &w.given[e-1]
		}
		a0, a1, a2, a3 := begin[0], begin[1], begin[2], begin[3]
		a4, a5, a6, a7 := begin[4], begin[5], begin[6], begin[7]
		for _, p := range t.steps[t.first[r]:t.first[r+1]] {
			l, c := &labels[p.level], p.weight
			a0, a1, a2, a3 = min(a0, l[0]+c), min(a1, l[1]+c), min(a2, l[2]+c), min(a3, l[3]+c)
			a4, a5, a6, a7 = min(a4, l[4]+c), min(a5, l[5]+c), min(a6, l[6]+c), min(a7, l[7]+c)
		}
		all := [lanes]int32{a0, a1, a2, a3, a4, a5, a6, a7}
		labels[t.depth[r]] = all
		w.values[r] = all
	}
}

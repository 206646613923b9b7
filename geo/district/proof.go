package district

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gridbeat/geo/district/window"
)

// Window tells how far from the best a part of a plan can be: some neighbouring grids,
// or a whole connected piece. J is that of the units in it, borders within it only,
// all else left as it is; no plan of them within bounds has a J below LowerBound.
type Window struct {
	Blocks     int     `json:"blocks"`
	Grids      int     `json:"grids"`
	Households int     `json:"households"`
	Whole      bool    `json:"whole"`       // a connected piece of the graph, not a part of one
	J          float64 `json:"j"`           // of the plan that is given
	LowerBound float64 `json:"lower_bound"` // by linear programming over all grids that could be, and a search of those that may be in a better plan
	Gap        float64 `json:"gap"`         // J / LowerBound - 1
	Proved     bool    `json:"proved"`      // no plan is better: J is LowerBound
	Gained     float64 `json:"gained"`      // by how much the proof made J fall
}

const (
	wholeMost   = 64                    // units of a piece that is proved as a whole
	windowMost  = 64                    // units of a window
	windowGrids = 10                    // grids of a window, about
	proofPace   = 20 * time.Millisecond // of the time limit for each unit, from which on windows are looked at
	wholeSearch = 0.2                   // share of the time that the search of a small piece gets
	windowShare = 0.4                   // share of the time that windows get
	proofSteps  = 2_000_000             // of one window
)

// judged reports whether proofs are asked for: a re-plan has none, since it is not J
// alone that it makes small.
func (p *search) judged() bool { return p.Judge.Target > 0 && p.From == nil }

// whole solves a small piece by the objective that plans are compared by, and proves
// how good its plan is.
func (p *search) whole(ctx context.Context) Partition {
	q := *p
	q.Objective, q.Judge = p.Judge, Objective{}
	q.Rounds = min(p.Rounds, 2*defaultRounds)
	if !p.end.IsZero() {
		q.end = time.Now().Add(time.Duration(wholeSearch * float64(time.Until(p.end))))
	}
	labels := q.run(ctx)
	p.late = q.late
	ctx, cancel := p.until(ctx, 1)
	defer cancel()
	p.named = p.g.namedUnits(p.Bounds)
	all := allUnits(p.g)
	p.take(labels, all, p.look(ctx, labels, all))
	return renumber(labels)
}

// windowed proves how good windows of a plan are, and takes what is better by both
// objectives.
func (p *search) windowed(ctx context.Context, labels Partition) Partition {
	ctx, cancel := p.until(ctx, 1)
	defer cancel()
	p.named = p.g.namedUnits(p.Bounds)
	windows := p.g.windows(labels)
	found := make([]*window.Result, len(windows))
	parallel(p.Threads, len(windows), func(i int) {
		if ctx.Err() == nil {
			found[i] = p.look(ctx, labels, windows[i])
		}
	})
	for i, units := range windows {
		p.take(labels, units, found[i])
	}
	return renumber(labels)
}

// until is the context that ends when a share of what time is left is over.
func (p *search) until(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	if p.end.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, time.Now().Add(time.Duration(share*0.95*float64(time.Until(p.end)))))
}

// look finds the best plan of some units, which are whole grids; nil where nothing can
// be told of it: the window is too large, a grid is out of bounds without a
// certificate, or there was no time for a bound.
func (p *search) look(ctx context.Context, labels Partition, units []int32) *window.Result {
	problem, incumbent := p.g.window(newScorer(p.g, p.Judge, p.Bounds), labels, units, p.named)
	r, err := window.Solve(ctx, problem, incumbent, proofSteps)
	if err != nil || !(r.Bound > 0) {
		return nil
	}
	return &r
}

// take notes what was found of some units, and writes their best plan into labels where
// it is better by both objectives, or alone by the one that plans are compared by when
// the units are the whole piece.
func (p *search) take(labels Partition, units []int32, r *window.Result) {
	if r == nil {
		return
	}
	w := Window{Blocks: len(units), Grids: p.g.countGrids(labels, units), Households: p.g.total(units),
		Whole: len(units) == len(p.g.Units), J: r.Before, LowerBound: r.Bound}
	if r.J < r.Before-1e-9 {
		next := slices.Clone(labels)
		p.g.relabel(next, units, r.Grids)
		if w.Whole || p.g.Score(next, p.Objective, p.Bounds) <= p.g.Score(labels, p.Objective, p.Bounds) {
			copy(labels, next)
			w.J, w.Grids, w.Gained = r.J, len(r.Grids), r.Before-r.J
		}
	}
	if w.Proved = w.J-w.LowerBound < 1e-6; !w.Proved {
		w.Gap = w.J/w.LowerBound - 1
	}
	p.windows = append(p.windows, w)
}

func (g *Graph) countGrids(labels Partition, units []int32) int {
	seen := map[int32]bool{}
	for _, u := range units {
		seen[labels[u]] = true
	}
	return len(seen)
}

// namedUnits are the units of the certificates: only grids of those may be out of bounds.
func (g *Graph) namedUnits(b Bounds) []bool {
	named := make([]bool, len(g.Units))
	for _, c := range Certificates(g, b) {
		for _, u := range c.Units {
			named[u] = true
		}
	}
	return named
}

// window is the problem of the units by themselves, and the grids that they are in.
func (g *Graph) window(s *scorer, labels Partition, units []int32, named []bool) (*window.Problem, [][]int) {
	problem := &window.Problem{Min: s.bounds.Min, Max: s.bounds.Max, Round: s.round, Balance: s.Balance, Target: s.Target, OutOfBounds: s.OutOfBounds}
	number := map[int32]int{}
	var grids [][]int
	for i, u := range units {
		x := g.Units[u]
		problem.Units = append(problem.Units, window.Unit{Households: x.Households, Area: x.Area, Perimeter: x.Perimeter, Named: named[u]})
		for _, n := range g.beside(u) {
			if j, ok := slices.BinarySearch(units, n.unit); ok && j > i {
				problem.Sides = append(problem.Sides, window.Side{U: i, V: j, Metres: s.metres[n.border], Cost: s.cost[n.border]})
			}
		}
		if _, ok := number[labels[u]]; !ok {
			number[labels[u]] = len(grids)
			grids = append(grids, nil)
		}
		grids[number[labels[u]]] = append(grids[number[labels[u]]], i)
	}
	return problem, grids
}

// relabel gives the units of a window the grids of a plan of it: the labels that they
// had, and new ones where there are more grids than before.
func (g *Graph) relabel(labels Partition, units []int32, grids [][]int) {
	var free []int32
	most := int32(-1)
	for _, l := range labels {
		most = max(most, l)
	}
	for _, u := range units {
		if l := labels[u]; !slices.Contains(free, l) {
			free = append(free, l)
		}
	}
	for k, grid := range grids {
		label := most + 1 + int32(k)
		if k < len(free) {
			label = free[k]
		}
		for _, i := range grid {
			labels[units[i]] = label
		}
	}
}

// windows parts a plan into windows of neighbouring grids, each the units of about
// windowGrids of them, ascending.
func (g *Graph) windows(labels Partition) [][]int32 {
	grids := labels.Grids()
	taken := make([]bool, len(grids))
	var out [][]int32
	for first := range grids {
		if taken[first] {
			continue
		}
		var units []int32
		for next, count := first, 0; next >= 0 && count < windowGrids; count++ {
			taken[next] = true
			units = append(units, grids[next]...)
			next = g.nextGrid(labels, grids, taken, units)
		}
		slices.Sort(units)
		out = append(out, units)
	}
	return out
}

// nextGrid is the free grid with the longest border with some units, if it fits into
// their window; -1 for none.
func (g *Graph) nextGrid(labels Partition, grids [][]int32, taken []bool, units []int32) int {
	metres := make(map[int32]float64)
	for _, u := range units {
		for _, n := range g.beside(u) {
			if l := labels[n.unit]; !taken[l] && len(units)+len(grids[l]) <= windowMost {
				for _, m := range g.Borders[n.border].Metres {
					metres[l] += m
				}
			}
		}
	}
	best := -1
	for l, m := range metres {
		if best < 0 || m > metres[int32(best)] || m == metres[int32(best)] && int(l) < best {
			best = int(l)
		}
	}
	return best
}

// String renders the window in a line.
func (w Window) String() string {
	what := "window"
	if w.Whole {
		what = "whole piece"
	}
	said := fmt.Sprintf("at most %.2f %% above the best", 100*w.Gap)
	if w.Proved {
		said = "proved: no plan is better"
	}
	return fmt.Sprintf("%-20s %d blocks, %d grids, %d households: J %.3f, lower bound %.3f, %s",
		what, w.Blocks, w.Grids, w.Households, w.J, w.LowerBound, said)
}

// SumWindows tells in a line what is proved of a plan.
func SumWindows(ws []Window) string {
	proved, gap, gained := 0, 0.0, 0.0
	for _, w := range ws {
		if w.Proved {
			proved++
		}
		gap += w.Gap / float64(len(ws))
		gained += w.Gained
	}
	return fmt.Sprintf("%d of %d windows proved best, mean gap %.2f %%, J fell by %.3f there", proved, len(ws), 100*gap, gained)
}

package window

import (
	"fmt"
	"math"
)

// Unit is a block of a window.
type Unit struct {
	Households int
	Area       float64 // square metres, above 0
	Perimeter  float64 // metres, sides included
	Named      bool    // a grid of named units only may be out of bounds
}

// Side is where two units meet.
type Side struct {
	U, V   int
	Metres float64
	Cost   float64 // when they come into different grids
	Wall   bool    // they meet but are no neighbours: no grid hangs together by it
}

// Problem is a window: to part its units into connected grids at the least
//
//	J = sum of the Cost of sides between grids
//	  + Round x sum over grids of P^2/A
//	  + Balance x sum over grids of ((h-Target)/Target)^2
//	  + for each grid out of bounds: OutOfBounds x (1 + 2 x relative excess)
//
// with P the perimeter, A the area and h the households of a grid. Grids have Min to
// Max households; only those of named units may be out of bounds.
type Problem struct {
	Units       []Unit
	Sides       []Side
	Min, Max    int
	Round       float64
	Balance     float64
	Target      float64
	OutOfBounds float64
}

func (p *Problem) check() error {
	n := len(p.Units)
	if n == 0 || n > MostUnits {
		return fmt.Errorf("a window of %d units: want 1 to %d", n, MostUnits)
	}
	if p.Min < 0 || p.Max < p.Min || !(p.Target > 0) || !(p.Round >= 0) || !(p.Balance >= 0) {
		return fmt.Errorf("bounds %d to %d, target %g, weights %g and %g: want none below 0", p.Min, p.Max, p.Target, p.Round, p.Balance)
	}
	for u, unit := range p.Units {
		if unit.Households < 0 || !(unit.Area > 0) || math.IsInf(unit.Area+math.Abs(unit.Perimeter), 0) {
			return fmt.Errorf("unit %d: %d households, area %g", u, unit.Households, unit.Area)
		}
	}
	for i, s := range p.Sides {
		if s.U == s.V || min(s.U, s.V) < 0 || max(s.U, s.V) >= n || !(s.Metres >= 0) || !(s.Cost >= 0) {
			return fmt.Errorf("side %d between units %d and %d of %d: %g metres at %g", i, s.U, s.V, n, s.Metres, s.Cost)
		}
	}
	return nil
}

// board is a problem made ready.
type board struct {
	*Problem
	near  []set     // by unit: its neighbours
	sides [][]side  // by unit
	outer []float64 // by unit: perimeter beyond its sides
	edge  []float64 // by unit: cost of its sides
	all   set
}

// side is a Side seen from one of its units.
type side struct {
	unit         int
	metres, cost float64
}

func newBoard(p *Problem) (*board, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	n := len(p.Units)
	b := &board{
		Problem: p, near: make([]set, n), sides: make([][]side, n),
		outer: make([]float64, n), edge: make([]float64, n),
	}
	for u := range n {
		b.all.add(u)
		b.outer[u] = p.Units[u].Perimeter
	}
	for _, s := range p.Sides {
		b.sides[s.U] = append(b.sides[s.U], side{s.V, s.Metres, s.Cost})
		b.sides[s.V] = append(b.sides[s.V], side{s.U, s.Metres, s.Cost})
		if !s.Wall {
			b.near[s.U].add(s.V)
			b.near[s.V].add(s.U)
		}
		for _, u := range []int{s.U, s.V} {
			b.outer[u] -= s.Metres
			b.edge[u] += s.Cost
		}
	}
	return b, nil
}

// tally is the sums of a set of units.
type tally struct {
	households int
	area, rim  float64
	border     float64 // cost of the sides between the set and the others
}

func (b *board) tally(s set) tally {
	var l tally
	for rest := s; !rest.empty(); {
		u := rest.pop()
		l.households += b.Units[u].Households
		l.area += b.Units[u].Area
		l.rim += b.outer[u]
		for i := range b.sides[u] {
			if d := &b.sides[u][i]; !s.has(d.unit) {
				l.rim += d.metres
				l.border += d.cost
			}
		}
	}
	return l
}

// join adds to the sums of a set a unit that it does not have.
func (b *board) join(l tally, u int, s set) tally { return b.change(l, u, s, 1) }

// leave takes from the sums of a set a unit that it no longer has.
func (b *board) leave(l tally, u int, s set) tally { return b.change(l, u, s, -1) }

func (b *board) change(l tally, u int, s set, sign float64) tally {
	l.households += int(sign) * b.Units[u].Households
	l.area += sign * b.Units[u].Area
	l.rim += sign * b.Units[u].Perimeter
	l.border += sign * b.edge[u]
	for i := range b.sides[u] {
		if d := &b.sides[u][i]; s.has(d.unit) {
			l.rim -= sign * 2 * d.metres
			l.border -= sign * 2 * d.cost
		}
	}
	return l
}

// column is a set that may be a grid, and its share of J: the price of the grid and
// half the cost of its borders. The shares of a partition add up to its J.
type column struct {
	units set
	price float64
}

func (b *board) column(s set) column { return column{s, b.price(b.tally(s))} }

// price is the share of J of a grid with these sums.
func (b *board) price(l tally) float64 {
	off := float64(l.households)/b.Target - 1
	j := b.Balance*off*off + b.Round*l.rim*l.rim/l.area + l.border/2
	switch {
	case l.households < b.Min:
		j += b.OutOfBounds * (1 + 2*float64(b.Min-l.households)/float64(b.Min))
	case l.households > b.Max:
		j += b.OutOfBounds * (1 + 2*float64(l.households-b.Max)/float64(b.Max))
	}
	return j
}

func (b *board) inBounds(households int) bool { return households >= b.Min && households <= b.Max }

// named is the units that are.
func (b *board) named() set {
	var s set
	for u := range b.Units {
		if b.Units[u].Named {
			s.add(u)
		}
	}
	return s
}

// rim is the units beside a set.
func (b *board) rim(s set) set {
	var rim set
	for rest := s; !rest.empty(); {
		rim = rim.or(b.near[rest.pop()])
	}
	return rim.without(s)
}

// connected reports whether a set hangs together.
func (b *board) connected(s set) bool { return !s.empty() && b.grown(s.first(), s) == s }

// grown is the part of a set that hangs together with one of its units.
func (b *board) grown(u int, s set) set {
	part := setOf([]int{u})
	for todo := part; !todo.empty(); {
		more := b.near[todo.pop()].and(s).without(part)
		part = part.or(more)
		todo = todo.or(more)
	}
	return part
}

// sum adds some numbers of the units of a set up.
func (s set) sum(of []float64) float64 {
	var sum float64
	for !s.empty() {
		sum += of[s.pop()]
	}
	return sum
}

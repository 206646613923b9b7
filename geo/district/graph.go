package district

import (
	"fmt"
	"slices"
)

// Class is what runs along a border between two blocks.
type Class uint8

// The classes, in the order of the graph files: a border with no road along it, on a
// local street, on a collector (tertiary, secondary), on an arterial (primary and
// above); then on a path or footway, and on water or rail.
const (
	NoRoad Class = iota
	Local
	Collector
	Arterial
	Path
	Waterline
	classes
)

// Unit is the smallest piece that the engine moves: a block or a compound.
type Unit struct {
	Households int
	Area       float64 // square metres, above 0
	Perimeter  float64 // metres, borders with units of other districts included
}

// Adjacency is where two units meet.
type Adjacency struct {
	U, V   int32
	Metres [classes]float64 // length by class
}

// Graph is the units and who borders whom. It does not change after NewGraph.
type Graph struct {
	Units   []Unit
	Borders []Adjacency // sorted by U, V with U < V; one for each pair
	Walls   []Adjacency // as Borders; see WithWalls
	start   []int32     // by unit, into around
	around  []beside

	wallStart []int32 // by unit, into behind; nil without walls
	behind    []beyond
}

// beside is one neighbour of a unit.
type beside struct {
	unit   int32
	border int32
}

// NewGraph checks the units and borders, joins borders of the same pair and sorts
// them. A border of a unit with itself, with a unit that is not there, or of a
// negative length is an error that names it.
func NewGraph(units []Unit, borders []Adjacency) (*Graph, error) {
	for i, u := range units {
		if u.Households < 0 || !(u.Area > 0) || !(u.Perimeter >= 0) {
			return nil, fmt.Errorf("unit %d: households %d, area %g, perimeter %g: want 0 or more, above 0, 0 or more", i, u.Households, u.Area, u.Perimeter)
		}
	}
	sorted := slices.Clone(borders)
	for i, b := range sorted {
		if b.U == b.V || min(b.U, b.V) < 0 || int(max(b.U, b.V)) >= len(units) {
			return nil, fmt.Errorf("border %d joins units %d and %d of %d", i, b.U, b.V, len(units))
		}
		for _, m := range b.Metres {
			if !(m >= 0) {
				return nil, fmt.Errorf("border %d has a length of %g", i, m)
			}
		}
		if b.U > b.V {
			sorted[i].U, sorted[i].V = b.V, b.U
		}
	}
	slices.SortStableFunc(sorted, func(a, b Adjacency) int {
		if a.U != b.U {
			return int(a.U - b.U)
		}
		return int(a.V - b.V)
	})
	g := &Graph{Units: units, Borders: joinBorders(sorted)}
	g.index()
	return g, nil
}

func joinBorders(sorted []Adjacency) []Adjacency {
	out := sorted[:0]
	for _, b := range sorted {
		if n := len(out); n > 0 && out[n-1].U == b.U && out[n-1].V == b.V {
			for c, m := range b.Metres {
				out[n-1].Metres[c] += m
			}
			continue
		}
		out = append(out, b)
	}
	return out
}

func (g *Graph) index() {
	g.start = make([]int32, len(g.Units)+1)
	for _, b := range g.Borders {
		g.start[b.U+1]++
		g.start[b.V+1]++
	}
	for i := range g.Units {
		g.start[i+1] += g.start[i]
	}
	g.around = make([]beside, 2*len(g.Borders))
	next := slices.Clone(g.start)
	for i, b := range g.Borders {
		g.around[next[b.U]] = beside{b.V, int32(i)}
		next[b.U]++
		g.around[next[b.V]] = beside{b.U, int32(i)}
		next[b.V]++
	}
}

// beside returns the neighbours of a unit.
func (g *Graph) beside(unit int32) []beside { return g.around[g.start[unit]:g.start[unit+1]] }

// Pieces returns the connected pieces of the graph, each ascending, in the order of
// their least unit.
func (g *Graph) Pieces() [][]int32 {
	seen := make([]bool, len(g.Units))
	var out [][]int32
	for u := range g.Units {
		if seen[u] {
			continue
		}
		seen[u] = true
		piece := []int32{int32(u)}
		for i := 0; i < len(piece); i++ {
			for _, n := range g.beside(piece[i]) {
				if !seen[n.unit] {
					seen[n.unit] = true
					piece = append(piece, n.unit)
				}
			}
		}
		slices.Sort(piece)
		out = append(out, piece)
	}
	return out
}

// partsOf counts the connected parts of some units by themselves.
func (g *Graph) partsOf(units []int32) int {
	left := make(map[int32]bool, len(units))
	for _, u := range units {
		left[u] = true
	}
	parts := 0
	for _, u := range units {
		if !left[u] {
			continue
		}
		parts++
		delete(left, u)
		queue := []int32{u}
		for i := 0; i < len(queue); i++ {
			for _, n := range g.beside(queue[i]) {
				if left[n.unit] {
					delete(left, n.unit)
					queue = append(queue, n.unit)
				}
			}
		}
	}
	return parts
}

// total is the number of households of some units.
func (g *Graph) total(units []int32) int {
	sum := 0
	for _, u := range units {
		sum += g.Units[u].Households
	}
	return sum
}

// part is the graph of some units, ascending, by themselves. Borders with other units
// stay in their perimeters.
func (g *Graph) part(units []int32) *Graph {
	if len(units) == len(g.Units) {
		return g
	}
	out := &Graph{Units: make([]Unit, len(units))}
	for i, u := range units {
		out.Units[i] = g.Units[u]
	}
	// Units are ascending, so a search by halves finds the place of a neighbour.
	for i, u := range units {
		for _, n := range g.beside(u) {
			if n.unit < u {
				continue
			}
			if j, ok := slices.BinarySearch(units[i:], n.unit); ok {
				b := g.Borders[n.border]
				b.U, b.V = int32(i), int32(i+j)
				out.Borders = append(out.Borders, b)
			}
		}
	}
	for _, w := range g.Walls {
		i, in := slices.BinarySearch(units, w.U)
		j, both := slices.BinarySearch(units, w.V)
		if in && both {
			w.U, w.V = int32(i), int32(j)
			out.Walls = append(out.Walls, w)
		}
	}
	out.index()
	out.indexWalls()
	return out
}

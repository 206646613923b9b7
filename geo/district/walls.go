package district

import (
	"fmt"
	"slices"
)

// WithWalls returns the graph with lengths along which two units touch without being
// neighbours: a river or a railway that nobody crosses there. A wall joins nothing and
// is no border between grids, but it is no part of the rim of a grid that holds both
// sides. Lengths are taken as metres over all classes.
func (g *Graph) WithWalls(walls []Adjacency) (*Graph, error) {
	n, err := NewGraph(g.Units, walls)
	if err != nil {
		return nil, fmt.Errorf("walls: %w", err)
	}
	out := *g
	out.Walls = n.Borders
	out.indexWalls()
	return &out, nil
}

// beyond is a unit behind a wall.
type beyond struct {
	unit   int32
	metres float64
}

func (g *Graph) indexWalls() {
	g.wallStart, g.behind = nil, nil
	if len(g.Walls) == 0 {
		return
	}
	g.wallStart = make([]int32, len(g.Units)+1)
	for _, w := range g.Walls {
		g.wallStart[w.U+1]++
		g.wallStart[w.V+1]++
	}
	for i := range g.Units {
		g.wallStart[i+1] += g.wallStart[i]
	}
	g.behind = make([]beyond, 2*len(g.Walls))
	next := slices.Clone(g.wallStart)
	for _, w := range g.Walls {
		var metres float64
		for _, m := range w.Metres {
			metres += m
		}
		g.behind[next[w.U]] = beyond{w.V, metres}
		next[w.U]++
		g.behind[next[w.V]] = beyond{w.U, metres}
		next[w.V]++
	}
}

// behindWalls returns the units behind the walls of a unit.
func (g *Graph) behindWalls(unit int32) []beyond {
	if g.wallStart == nil {
		return nil
	}
	return g.behind[g.wallStart[unit]:g.wallStart[unit+1]]
}

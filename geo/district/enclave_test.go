package district

import (
	"math/rand/v2"
	"testing"
)

// enclaves counts the grids inside one other grid, from the borders alone.
func enclaves(g *Graph, p Partition) (count int) {
	beside := map[int32]map[int32]bool{}
	left := map[int32]float64{}
	for u, unit := range g.Units {
		left[p[u]] += unit.Perimeter
	}
	for _, b := range g.Borders {
		var metres float64
		for _, m := range b.Metres {
			metres += m
		}
		x, y := p[b.U], p[b.V]
		left[x] -= metres
		left[y] -= metres
		if x == y {
			continue
		}
		for _, pair := range [][2]int32{{x, y}, {y, x}} {
			if beside[pair[0]] == nil {
				beside[pair[0]] = map[int32]bool{}
			}
			beside[pair[0]][pair[1]] = true
		}
	}
	for l, around := range beside {
		if len(around) == 1 && left[l] < 1 {
			count++
		}
	}
	return count
}

func TestAGridInsideAnotherIsOpened(t *testing.T) {
	const n = 12
	g := lattice(n, rand.New(rand.NewPCG(5, 5)))
	for i := range g.Units {
		g.Units[i].Households = 10
	}
	//  . . . . . . .
	//  . b b b b b .    b around a, c all the rest
	//  . b a a a b .
	inside := make(Partition, n*n)
	for y := range n {
		for x := range n {
			switch d := max(2*x-n+1, n-1-2*x, 2*y-n+1, n-1-2*y); {
			case d < 4:
				inside[y*n+x] = 0
			case d < 8:
				inside[y*n+x] = 1
			default:
				inside[y*n+x] = 2
			}
		}
	}
	b := Bounds{Min: 100, Max: 1000}
	s := newScorer(g, DefaultObjective(b), b)
	st := newState(g, s, inside)
	if got := enclaves(g, inside); got != 1 {
		t.Fatalf("%d enclaves to begin with", got)
	}
	openEnclaves(st, newForest(g, s), rand.New(rand.NewPCG(1, 1)))
	if err := st.check(); err != nil {
		t.Fatal(err)
	}
	if got := enclaves(g, st.label); got != 0 {
		t.Errorf("%d enclaves stay", got)
	}
	for l, units := range st.members {
		if len(units) > 0 && (!connected(g, units) || !st.within(st.shapes[l].households)) {
			t.Errorf("grid %d of %d units, %d households, is in pieces or out of bounds", l, len(units), st.shapes[l].households)
		}
	}
}

func TestAnEnclaveThatNoCutOpensStays(t *testing.T) {
	const n = 5
	g := lattice(n, rand.New(rand.NewPCG(5, 5)))
	for i := range g.Units {
		g.Units[i].Households = 10
	}
	middle := n * n / 2
	g.Units[middle].Households = 400
	inside := make(Partition, n*n)
	for i := range inside {
		inside[i] = 1
	}
	inside[middle] = 0
	b := Bounds{Min: 150, Max: 400} // any unit more would be too much
	s := newScorer(g, DefaultObjective(b), b)
	st := newState(g, s, inside)
	openEnclaves(st, newForest(g, s), rand.New(rand.NewPCG(1, 1)))
	for u, l := range st.label {
		if l != inside[u] {
			t.Fatalf("unit %d moved", u)
		}
	}
}

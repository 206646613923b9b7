package district

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// lattice makes a graph of n x n square blocks of 100 m with main roads every fifth.
func lattice(n int, rng *rand.Rand) *Graph {
	units := make([]Unit, n*n)
	var borders []Adjacency
	for i := range units {
		units[i] = Unit{Households: 20 + rng.IntN(80), Area: 10000, Perimeter: 400}
		x, y := i%n, i/n
		class := func(k int) Class {
			if k%5 == 4 {
				return Collector
			}
			return Local
		}
		if x+1 < n {
			b := Adjacency{U: int32(i), V: int32(i + 1)}
			b.Metres[class(x)] = 100
			borders = append(borders, b)
		}
		if y+1 < n {
			b := Adjacency{U: int32(i), V: int32(i + n)}
			b.Metres[class(y)] = 100
			borders = append(borders, b)
		}
	}
	g, err := NewGraph(units, borders)
	if err != nil {
		panic(err)
	}
	return g
}

func connected(g *Graph, units []int32) bool {
	in := map[int32]bool{}
	for _, u := range units {
		in[u] = true
	}
	queue := []int32{units[0]}
	delete(in, units[0])
	for i := 0; i < len(queue); i++ {
		for _, n := range g.beside(queue[i]) {
			if in[n.unit] {
				delete(in, n.unit)
				queue = append(queue, n.unit)
			}
		}
	}
	return len(in) == 0
}

func TestSearchKeepsBoundsAndOnePartEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := lattice(rapid.IntRange(3, 12).Draw(t, "n"), rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		o := SearchOptions{Bounds: DefaultBounds, Objective: DefaultObjective(DefaultBounds), Rounds: 200}
		p := Search(context.Background(), g, o)
		for l, units := range p.Grids() {
			if h := g.total(units); h < 150 || h > 500 {
				t.Errorf("grid %d holds %d households", l, h)
			}
			if !connected(g, units) {
				t.Errorf("grid %d is in parts", l)
			}
		}
		if again := Search(context.Background(), g, o); !slices.Equal(p, again) {
			t.Error("the same seed gave another partition")
		}
	})
}

func TestKeptSumsAgreeWithACount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		g := lattice(rapid.IntRange(3, 9).Draw(t, "n"), rng)
		objective := DefaultObjective(DefaultBounds)
		s := newScorer(g, objective, DefaultBounds)
		f := newForest(g, s)
		p := make(Partition, len(g.Units))
		st := newState(g, s, p)
		j := g.Score(p, objective, DefaultBounds)
		for range 300 {
			u := int32(rng.IntN(len(g.Units)))
			if rng.IntN(5) == 0 {
				j += resplit(st, f, u, 5, rng)
			} else {
				j += flip(st, u, 5, rng)
			}
		}
		if err := st.check(); err != nil {
			t.Fatal(err)
		}
		if want := g.Score(renumber(st.label), objective, DefaultBounds); !near(j, want) || !near(want, j) {
			t.Fatalf("kept J %f, counted %f", j, want)
		}
	})
}

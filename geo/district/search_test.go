package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

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

// walled turns some borders into walls, but leaves the graph in one piece.
func walled(g *Graph, rng *rand.Rand) *Graph {
	borders, walls := []Adjacency{}, []Adjacency{}
	for _, b := range g.Borders {
		if rng.IntN(12) == 0 {
			walls = append(walls, b)
		} else {
			borders = append(borders, b)
		}
	}
	n, err := NewGraph(g.Units, borders)
	if err == nil {
		n, err = n.WithWalls(walls)
	}
	if err != nil {
		panic(err)
	}
	if len(n.Pieces()) > 1 {
		return walled(g, rng)
	}
	return n
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
		g := walled(lattice(rapid.IntRange(3, 9).Draw(t, "n"), rng), rng)
		objective := DefaultObjective(DefaultBounds)
		if rapid.Bool().Draw(t, "leans") {
			objective = SearchObjective(DefaultBounds)
		}
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

// A town of n x n blocks whose streets are no lattice: each second row is shifted by
// half a block, households are heavy-tailed and a ring of main road runs around.
func bricks(n int, rng *rand.Rand) *Graph {
	units := make([]Unit, n*n)
	var borders []Adjacency
	class := func(x, y int) Class {
		if r := max(x-n/2, n/2-x, y-n/2, n/2-y); r == n/4 {
			return Arterial
		}
		return []Class{Local, Local, Local, Collector, NoRoad}[rng.IntN(5)]
	}
	join := func(u, v int, c Class, metres float64) {
		b := Adjacency{U: int32(u), V: int32(v)}
		b.Metres[c] = metres
		borders = append(borders, b)
	}
	for i := range units {
		units[i] = Unit{Households: int(20 * math.Exp(rng.NormFloat64())), Area: 12000, Perimeter: 440}
		x, y := i%n, i/n
		if x+1 < n {
			join(i, i+1, class(x, y), 100)
		}
		if y+1 < n {
			join(i, i+n, class(x, y), 60)
			if far := i + n + 1 - 2*(y%2); far/n == y+1 {
				join(i, far, class(x, y), 60)
			}
		}
	}
	g, err := NewGraph(units, borders)
	if err != nil {
		panic(err)
	}
	return g
}

func TestSearchOfBricksStaysWithinBounds(t *testing.T) {
	for seed := range uint64(4) {
		g := bricks(16, rand.New(rand.NewPCG(seed, 3)))
		p := Search(context.Background(), g, SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Seed: seed, Rounds: 200})
		for l, units := range p.Grids() {
			if h := g.total(units); (h < 150 || h > 500) && (len(units) > 1 || h < 150) || !connected(g, units) {
				t.Errorf("seed %d: grid %d holds %d households in %d units", seed, l, h, len(units))
			}
		}
	}
}

func TestSearchOfManyTilesIsTheSameOnAnyNumberOfThreads(t *testing.T) {
	g := lattice(60, rand.New(rand.NewPCG(1, 4))) // 3,600 blocks, above two tiles
	o := SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Seed: 5, Rounds: 20, Threads: 1}
	one := Search(context.Background(), g, o)
	if o.Threads = 3; !slices.Equal(one, Search(context.Background(), g, o)) {
		t.Error("three threads gave another partition than one")
	}
}

func TestSearchOfTwoChainsIsTheSameOnAnyNumberOfThreads(t *testing.T) {
	g := lattice(15, rand.New(rand.NewPCG(1, 14)))
	o := SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Seed: 6, Rounds: chains * chainRounds, Threads: 1}
	one := Search(context.Background(), g, o)
	if o.Threads = 4; !slices.Equal(one, Search(context.Background(), g, o)) {
		t.Error("four threads gave another partition than one")
	}
}

func TestSearchThatIsLateSaysSoAndLeavesGridsOfOnePart(t *testing.T) {
	g := lattice(30, rand.New(rand.NewPCG(1, 5)))
	var reach Reach
	o := SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Rounds: 1_000_000,
		TimeLimit: 300 * time.Millisecond, OnReach: func(r Reach) { reach = r }}
	p := Search(context.Background(), g, o)
	if !reach.Late {
		t.Errorf("a million rounds in 300 ms: reached %+v", reach)
	}
	for l, units := range p.Grids() {
		if !connected(g, units) {
			t.Errorf("grid %d is in parts", l)
		}
	}
	o.Rounds, o.TimeLimit = 20, time.Minute
	if Search(context.Background(), g, o); reach.Late || reach.Rounds != 20 {
		t.Errorf("with time enough: reached %+v", reach)
	}
}

func TestSearchWithoutTimeStaysWithinBounds(t *testing.T) {
	g := bricks(60, rand.New(rand.NewPCG(1, 7)))
	for i := range g.Units {
		g.Units[i].Households = min(240, 2*g.Units[i].Households)
	}
	o := SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), TimeLimit: time.Microsecond}
	for l, units := range Search(context.Background(), g, o).Grids() {
		if h := g.total(units); h < 150 || h > 500 || !connected(g, units) {
			t.Errorf("grid %d of %d units holds %d households", l, len(units), h)
		}
	}
}

func TestRePlanKeepsLockedGridsAndMostOfTheOthers(t *testing.T) {
	g := lattice(20, rand.New(rand.NewPCG(1, 6)))
	o := SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Rounds: 200}
	before := Search(context.Background(), g, o)
	changed := *g
	changed.Units = slices.Clone(g.Units)
	changed.Units[7].Households += 300
	changed.Units[333].Households += 300
	o.From = &Incumbent{Home: before, Worth: DefaultWorth, Locked: []int32{before[7], before[200]}}
	labels := KeepLabels(&changed, Search(context.Background(), &changed, o), before)
	for u, l := range labels {
		if slices.Contains(o.From.Locked, before[u]) != slices.Contains(o.From.Locked, l) {
			t.Errorf("unit %d went from grid %d to %d", u, before[u], l)
		}
	}
	if moved := Moved(&changed, labels, before); moved > 0.05 {
		t.Errorf("%.3f of the households moved", moved)
	}
}

func TestSmallPiecesAreHeldToMainRoads(t *testing.T) {
	o := SearchObjective(DefaultBounds)
	local := func(units int) float64 { return o.of(units).BorderPer100[Local] }
	if a, b, c := local(200), local(2000), local(2_000_000); !(a > b && b > c && c > o.BorderPer100[Local]) || local(3) != a {
		t.Errorf("a metre on a local street costs %f, %f, %f in ever larger pieces, %f in a tiny one", a, b, c, local(3))
	}
	if d := DefaultObjective(DefaultBounds); d.of(3) != d {
		t.Error("the objective by which plans are compared depends on their size")
	}
}

func TestRePlanMendsAnyPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
		g := lattice(rapid.IntRange(5, 12).Draw(t, "n"), rng)
		home := make([]int32, len(g.Units))
		names := rapid.SampledFrom([]int{1, 2, 7, len(home)}).Draw(t, "grids before")
		for u := range home {
			home[u] = int32(rng.IntN(names+1)) - 1 // some had none
		}
		o := SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Rounds: 100, From: &Incumbent{Home: home, Worth: DefaultWorth}}
		if m := Measure(g, Search(context.Background(), g, o), DefaultBounds, nil); m.Out > 0 || m.InParts > 0 {
			t.Errorf("%d grids out of bounds, %d in parts", m.Out, m.InParts)
		}
	})
}

// A row of blocks; the tower in the middle shuts two small ones in at the end.
//
//	100 100 100 100 | 900 | 30 20
func TestUnitsAboveTheMaximumStandApart(t *testing.T) {
	var units []Unit
	var borders []Adjacency
	for i, h := range []int{100, 100, 100, 100, 900, 30, 20} {
		units = append(units, Unit{Households: h, Area: 10000, Perimeter: 400})
		if i > 0 {
			b := Adjacency{U: int32(i - 1), V: int32(i)}
			b.Metres[Local] = 100
			borders = append(borders, b)
		}
	}
	g, err := NewGraph(units, borders)
	if err != nil {
		t.Fatal(err)
	}
	p := Search(context.Background(), g, SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Rounds: 50})
	if p[3] == p[4] || p[4] != p[5] || p[5] != p[6] {
		t.Errorf("the tower and the pocket behind it are %v", p)
	}
	if m := Measure(g, p, DefaultBounds, Certificates(g, DefaultBounds)); m.Out != 1 || m.Certified != 1 {
		t.Errorf("%+v", m)
	}
}

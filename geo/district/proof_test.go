package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// proved searches with proofs and returns the plan and what is told of it.
func proved(g *Graph, o SearchOptions) (Partition, []Window) {
	var reach Reach
	o.Bounds, o.Objective, o.Judge = DefaultBounds, SearchObjective(DefaultBounds), DefaultObjective(DefaultBounds)
	o.OnReach = func(r Reach) { reach = r }
	plan := Search(context.Background(), g, o)
	return plan, reach.Windows
}

func TestASmallPieceIsProvedAsAWhole(t *testing.T) {
	for seed := range uint64(4) {
		g := lattice(6, rand.New(rand.NewPCG(seed, 6)))
		plan, windows := proved(g, SearchOptions{Seed: seed, Threads: 1, Rounds: 200})
		if len(windows) != 1 || !windows[0].Whole || !windows[0].Proved || windows[0].Gap != 0 {
			t.Fatalf("seed %d: windows %+v, want one that is the whole and proved", seed, windows)
		}
		if j := g.Score(plan, DefaultObjective(DefaultBounds), DefaultBounds); math.Abs(j-windows[0].J) > 1e-6 || math.Abs(j-windows[0].LowerBound) > 1e-5 {
			t.Errorf("seed %d: the plan has J %.6f, the window says %.6f and at least %.6f", seed, j, windows[0].J, windows[0].LowerBound)
		}
		other, _ := proved(g, SearchOptions{Seed: seed + 77, Threads: 3, Rounds: 100})
		if a, b := g.Score(plan, DefaultObjective(DefaultBounds), DefaultBounds), g.Score(other, DefaultObjective(DefaultBounds), DefaultBounds); math.Abs(a-b) > 1e-6 {
			t.Errorf("seed %d: two optima: %.6f and %.6f", seed, a, b)
		}
	}
}

func TestWindowsOfALargePlanTellItsGaps(t *testing.T) {
	g := lattice(11, rand.New(rand.NewPCG(3, 3)))
	plan, windows := proved(g, SearchOptions{Seed: 1, Threads: 2, TimeLimit: 4 * time.Second})
	blocks, grids := 0, 0
	for _, w := range windows {
		blocks, grids = blocks+w.Blocks, grids+w.Grids
		if w.Whole || w.J < w.LowerBound-1e-6 || w.Gap < 0 || w.Proved != (w.J-w.LowerBound < 1e-6) {
			t.Errorf("window %+v", w)
		}
	}
	if len(windows) < 2 || blocks > len(g.Units) || grids > len(plan.Grids()) {
		t.Errorf("%d windows of %d blocks and %d grids, of %d and %d", len(windows), blocks, grids, len(g.Units), len(plan.Grids()))
	}
	for l, units := range plan.Grids() {
		if g.partsOf(units) != 1 || g.total(units) < DefaultBounds.Min || g.total(units) > DefaultBounds.Max {
			t.Errorf("grid %d: %d parts, %d households", l, g.partsOf(units), g.total(units))
		}
	}
}

func TestWindowsAreWholeGrids(t *testing.T) {
	g := lattice(14, rand.New(rand.NewPCG(5, 5)))
	plan := Search(context.Background(), g, SearchOptions{Bounds: DefaultBounds, Objective: DefaultObjective(DefaultBounds), Seed: 1, Threads: 1, Rounds: 50})
	seen := make([]bool, len(g.Units))
	for _, units := range g.windows(plan) {
		if len(units) > windowMost || !slices.IsSorted(units) || g.partsOf(units) != 1 {
			t.Errorf("a window of %d units in %d parts", len(units), g.partsOf(units))
		}
		in := map[int32]bool{}
		for _, u := range units {
			if seen[u] {
				t.Fatalf("unit %d is in two windows", u)
			}
			seen[u], in[plan[u]] = true, true
		}
		for u, l := range plan {
			if in[l] && !slices.Contains(units, int32(u)) {
				t.Fatalf("unit %d is left out of its grid's window", u)
			}
		}
	}
	if slices.Contains(seen, false) {
		t.Error("a unit is in no window")
	}
}

func TestAReplanAsksForNoProof(t *testing.T) {
	g := lattice(6, rand.New(rand.NewPCG(1, 6)))
	plan, _ := proved(g, SearchOptions{Seed: 1, Threads: 1, Rounds: 100})
	again, windows := proved(g, SearchOptions{Seed: 1, Threads: 1, Rounds: 100, From: &Incumbent{Home: plan, Worth: DefaultWorth}})
	if len(windows) != 0 || !slices.Equal(renumber(again), renumber(plan)) {
		t.Errorf("%d windows; the plan changed: %v", len(windows), !slices.Equal(again, plan))
	}
}

// The optimum of a town of 51 blocks, once proved, is found again.
func TestTheKnownOptimumIsReached(t *testing.T) {
	g := shared(t, "synthetic/base-50-s7/graph.json")
	_, windows := proved(g, SearchOptions{Seed: 1, Threads: 1})
	if len(windows) != 1 || !windows[0].Proved || math.Abs(windows[0].J-31.0581759) > 1e-5 {
		t.Errorf("windows %+v, want J 31.0581759 proved", windows)
	}
}

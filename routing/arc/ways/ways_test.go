package ways

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// town is a random network: a grid with holes, some of it one-way, and loops and
// parallel arcs.
func town(r *rand.Rand, side int, windy bool) (int, []Arc) {
	var arcs []Arc
	join := func(a, b int) {
		cost := int32(r.IntN(30))
		arcs = append(arcs, Arc{int32(a), int32(b), cost})
		switch {
		case !windy:
			arcs = append(arcs, Arc{int32(b), int32(a), cost})
		case r.IntN(4) > 0:
			arcs = append(arcs, Arc{int32(b), int32(a), int32(r.IntN(30))})
		}
	}
	for v := range side * side {
		if v%side > 0 && r.IntN(6) > 0 {
			join(v, v-1)
		}
		if v >= side && r.IntN(6) > 0 {
			join(v, v-side)
		}
		if r.IntN(20) == 0 {
			join(v, r.IntN(side*side))
		}
	}
	return side * side, arcs
}

// plain is the judge: Bellman's relaxation until nothing changes.
func plain(n int, arcs []Arc, from int32) []int32 {
	cost := make([]int32, n)
	for i := range cost {
		cost[i] = Never
	}
	cost[from] = 0
	for changed := true; changed; {
		changed = false
		for _, a := range arcs {
			if d := cost[a.From] + a.Cost; cost[a.From] < Never && d < cost[a.To] {
				cost[a.To], changed = d, true
			}
		}
	}
	return cost
}

func TestCostsAreThoseOfAPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		windy := r.IntN(2) == 0
		n, arcs := town(r, 2+r.IntN(9), windy)
		w, err := New(context.Background(), n, arcs)
		if err != nil {
			t.Fatal(err)
		}
		if !windy && !w.Symmetric() {
			t.Fatal("a network with the same cost both ways is not called symmetric")
		}
		from := int32(r.IntN(n))
		want := plain(n, arcs, from)
		all, out := make([]int32, n), make([]int32, n)
		for i := range all {
			all[i] = int32(i)
		}
		froms := make([]int32, 1+r.IntN(9))
		rows := make([][]int32, len(froms))
		for i := range froms {
			froms[i], rows[i] = int32(r.IntN(n)), make([]int32, n)
		}
		w.Rows(froms, all, rows)
		for i, v := range froms {
			if !slices.Equal(rows[i], plain(n, arcs, v)) {
				t.Fatalf("row %d of %d, from %d, is not that of a plain search", i, len(froms), v)
			}
		}
		for range 2 { // the second time with used memory
			w.Costs(from, all, out)
			for v, c := range want {
				if out[v] != c {
					t.Fatalf("from %d to %d: %d, a plain search says %d", from, v, out[v], c)
				}
			}
		}
		for v, c := range want {
			w.Costs(from, all[v:v+1], out)
			if out[0] != c {
				t.Fatalf("from %d to %d alone: %d, a plain search says %d", from, v, out[0], c)
			}
			if w.Symmetric() {
				if w.Costs(int32(v), []int32{from}, out); out[0] != c {
					t.Fatalf("called symmetric, but %d to %d costs %d and %d back", from, v, c, out[0])
				}
			}
		}
	})
}

func TestContractionStops(t *testing.T) {
	n, arcs := town(rand.New(rand.NewPCG(1, 1)), 20, true)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(ctx, n, arcs); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped contraction says %v", err)
	}
}

func TestBadArcsAreRefused(t *testing.T) {
	for _, a := range []Arc{{0, 3, 1}, {-1, 0, 1}, {0, 1, -1}, {0, 1, Never + 1}} {
		if _, err := New(context.Background(), 3, []Arc{a}); err == nil {
			t.Errorf("%v is taken", a)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	n, arcs := town(rand.New(rand.NewPCG(1, 1)), 40, false)
	for b.Loop() {
		if _, err := New(context.Background(), n, arcs); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCosts(b *testing.B) {
	n, arcs := town(rand.New(rand.NewPCG(1, 1)), 40, false)
	w, err := New(context.Background(), n, arcs)
	if err != nil {
		b.Fatal(err)
	}
	all, out := make([]int32, n), make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	b.Run("sweep", func(b *testing.B) {
		i := 0
		for b.Loop() {
			w.Costs(int32(i%n), all, out)
			i += 7919
		}
	})
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			plain(n, arcs, 0)
		}
	})
}

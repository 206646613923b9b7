package match

import (
	"errors"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// slow tries every pairing; -1 when there is none.
func slow(n int, cost map[[2]int]int) int {
	best := -1
	var pair func(free []int, sum int)
	pair = func(free []int, sum int) {
		if len(free) == 0 {
			if best < 0 || sum < best {
				best = sum
			}
			return
		}
		for i := 1; i < len(free); i++ {
			c, ok := cost[[2]int{free[0], free[i]}]
			if !ok {
				continue
			}
			rest := append(append([]int(nil), free[1:i]...), free[i+1:]...)
			pair(rest, sum+c)
		}
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	pair(all, 0)
	return best
}

func sum(t interface{ Fatalf(string, ...any) }, mate []int, cost func(i, j int) int) int {
	total := 0
	for v, w := range mate {
		if mate[w] != v || v == w {
			t.Fatalf("%d is paired with %d, which is paired with %d", v, w, mate[w])
		}
		if v < w {
			total += cost(v, w)
		}
	}
	return total
}

func TestPerfectAgreesWithEveryPairingTried(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 2 * rapid.IntRange(1, 5).Draw(t, "half")
		cost := map[[2]int]int{}
		var edges []Edge
		for i := range n {
			for j := i + 1; j < n; j++ {
				if c := rapid.IntRange(-4, 20).Draw(t, "cost"); c >= 0 {
					cost[[2]int{i, j}] = c
					edges = append(edges, Edge{i, j, c})
				}
			}
		}
		want := slow(n, cost)
		mate, err := Perfect(n, edges)
		if want < 0 {
			if !errors.Is(err, ErrNone) {
				t.Fatalf("got %v, %v where no matching is", mate, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := sum(t, mate, func(i, j int) int { return cost[[2]int{i, j}] }); got != want {
			t.Fatalf("cost %d, want %d", got, want)
		}
	})
}

func TestCompleteAddsTheEdgesItNeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 2 * rapid.IntRange(1, 12).Draw(t, "half")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		c := make([][]int, n)
		for i := range c {
			c[i] = make([]int, n)
			for j := range i {
				c[i][j] = r.IntN(30)
				c[j][i] = c[i][j]
			}
		}
		cost := func(i, j int) int { return c[i][j] }
		var edges []Edge
		for i := range n {
			for j := i + 1; j < n; j++ {
				edges = append(edges, Edge{i, j, c[i][j]})
			}
		}
		all, err := Perfect(n, edges)
		if err != nil {
			t.Fatal(err)
		}
		few, err := Complete(n, 2, cost)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := sum(t, all, cost), sum(t, few, cost); a != b {
			t.Fatalf("cost %d from few edges, %d from all", b, a)
		}
	})
}

func BenchmarkComplete600(b *testing.B) {
	const n = 600
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]int, n), make([]int, n)
	for i := range n {
		x[i], y[i] = r.IntN(100000), r.IntN(100000)
	}
	abs := func(v int) int { return max(v, -v) }
	for b.Loop() {
		if _, err := Complete(n, 10, func(i, j int) int { return abs(x[i]-x[j]) + abs(y[i]-y[j]) }); err != nil {
			b.Fatal(err)
		}
	}
}

package match

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever near tells, the bound is not above the least cost; where near tells enough, it
// meets it.
func TestLeastIsNeverAboveTheMatching(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 2 * (1 + r.IntN(20))
		x, y := make([]int, n), make([]int, n)
		for i := range n {
			x[i], y[i] = r.IntN(100), r.IntN(100)
		}
		cost := func(i, j int) int { return max(x[i]-x[j], x[j]-x[i]) + max(y[i]-y[j], y[j]-y[i]) }
		told := 1 + r.IntN(12) // vertices that are told at most
		near := func(i, most int, radius int64, found func(j int, cost int64)) (reached int64) {
			var others []int
			for j := range n {
				if j != i {
					others = append(others, j)
				}
			}
			slices.SortFunc(others, func(a, b int) int { return cmp.Compare(cost(i, a), cost(i, b)) })
			for k, j := range others {
				c := int64(cost(i, j))
				if c > radius {
					return radius
				}
				if k == min(most, told) {
					return reached
				}
				found(j, c)
				reached = c
			}
			return radius
		}
		mate, err := Complete(n, n, cost)
		if err != nil {
			t.Fatal(err)
		}
		want := int64(sum(t, mate, cost))
		got, err := Least(context.Background(), n, min(told, 5), near)
		if err != nil || got > want {
			t.Errorf("seed %d: %d is told as the least of %d: %v", seed, got, want, err)
		}
		told = n
		if got, err := Least(context.Background(), n, n, near); err != nil || got != want {
			t.Errorf("seed %d: with all pairs %d is told as the least, it is %d: %v", seed, got, want, err)
		}
	}
}

func TestLeastEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	near := func(i, _ int, _ int64, found func(j int, cost int64)) int64 { found(i^1, 1); return 1 }
	if _, err := Least(ctx, 4, 3, near); err == nil {
		t.Error("no error from a stopped search")
	}
}

package patrol

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing"
)

// begin is a search before its first plan.
func begin(t *testing.T, in Input) (*builder, *costs) {
	t.Helper()
	b, err := newBuilder(in, quick)
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.newCosts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return b, c
}

// Every task stays in some route once, routes take the time that is told and keep the
// limit, no total grows, and the same seed does the same.
func TestExchangesKeepTasksAndTimes(t *testing.T) {
	better := 0
	for seed := range uint64(12) {
		streets, rules := randomTown(rand.New(rand.NewPCG(seed, 31)), 6)
		profile := []routing.Profile{routing.Foot, routing.Car, routing.Ebike}[seed%3]
		n, err := routing.NewNetwork(streets, nil, rules, profile)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b"}, Depots: []orb.Point{at(0, 0), at(600, 600)}, Shift: time.Hour}
		if profile == routing.Foot {
			in.Shift *= 3
		}
		b, c := begin(t, in)
		before, err := b.first(context.Background(), c, b.limit)
		if err != nil {
			t.Fatal(err)
		}
		moves := func(moves int) float64 { return float64(moves) / 60_000 }
		after := c.newExchange(before, b.limit, seed).run(context.Background(), moves)
		if d := cmp.Diff(tasksOf(c, before), tasksOf(c, after)); d != "" {
			t.Fatalf("seed %d: other tasks (-before +after):\n%s", seed, d)
		}
		for _, x := range after {
			want := timeOf(c, x)
			if x.cost != want || x.cost > b.limit {
				t.Errorf("seed %d: a route is told to take %d ms of at most %d and takes %d", seed, x.cost, b.limit, want)
			}
		}
		_, was := measure(before)
		_, is := measure(after)
		if is > was {
			t.Errorf("seed %d: the total grows from %d to %d ms", seed, was, is)
		} else if is < was {
			better++
		}
		if d := cmp.Diff(modesOf(after), modesOf(c.newExchange(before, b.limit, seed).run(context.Background(), moves))); d != "" {
			t.Errorf("seed %d: another run does otherwise:\n%s", seed, d)
		}
	}
	if better < 8 {
		t.Errorf("exchanges better %d of 12 plans, want 8", better)
	}
}

func tasksOf(c *costs, tours []tour) (out []int32) {
	for _, m := range concat(tours) {
		out = append(out, c.modes[m].task)
	}
	slices.Sort(out)
	return out
}

func modesOf(tours []tour) (out [][]int32) {
	for _, t := range tours {
		out = append(out, t.modes)
	}
	return out
}

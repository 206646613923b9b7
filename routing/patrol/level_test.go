package patrol

import (
	"context"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing"
)

func TestBalanceIsThatOfTheWorstShift(t *testing.T) {
	some := []int32{0}
	tours := []tour{{cost: 70, modes: some}, {cost: 100, modes: some}, {}, {cost: 90, modes: some}, {cost: 100, modes: some}}
	worst, mean := balance(tours, 2) // 100 and 100, 90 and 70
	if d := cmp.Diff([]float64{80, 100, 0, 80, 100}, mean); d != "" || math.Abs(worst-90.0/80) > 1e-12 {
		t.Errorf("the worst shift is %g, means (-want +got):\n%s", worst, d)
	}
}

func TestWorstShiftIsThatOfTheBalance(t *testing.T) {
	some := []int32{0}
	tours := []tour{{cost: 70, modes: some}, {cost: 100, modes: some}, {}, {cost: 90, modes: some}, {cost: 100, modes: some}}
	_, mean := balance(tours, 2)
	order, lo, hi := worstShift(tours, mean)
	if d := cmp.Diff([]int{1, 4, 3, 0}, order); d != "" || lo != 2 || hi != 4 {
		t.Errorf("the worst shift is %d to %d, want 2 to 4, of (-want +got):\n%s", lo, hi, d)
	}
}

// Where exchanges at the same place change nothing more, those between near places do, with
// one thread as with two.
func TestNeighboursAreMadeEven(t *testing.T) {
	better := 0
	for seed := range uint64(6) {
		streets, rules := randomTown(rand.New(rand.NewPCG(seed, 43)), 9)
		n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b"}, Depots: []orb.Point{at(0, 0), at(900, 900)}, Shift: 2 * time.Hour}
		b, c := begin(t, in)
		order, err := c.walk()
		if err != nil {
			t.Fatal(err)
		}
		// The last routes of a walk cut as late as can be are short.
		first := c.split(order, c.gaps(order), b.limit)
		first = append(first[:len(first)-1], c.split(first[len(first)-1].modes, c.gaps(first[len(first)-1].modes), b.limit/3)...)
		was, _ := balance(first, 2)
		longest, sum := measure(first)
		var by [2][]tour
		for i := range by {
			b.o.Threads = 1 + i
			m := &improver{c: c, limit: b.limit, tours: first, known: new(atomic.Int64)}
			b.levelNear(context.Background(), m, longest, 2*sum)
			by[i] = m.tours
		}
		if d := cmp.Diff(modesOf(by[0]), modesOf(by[1])); d != "" {
			t.Errorf("seed %d: two threads do otherwise:\n%s", seed, d)
		}
		if d := cmp.Diff(tasksOf(c, first), tasksOf(c, by[0])); d != "" {
			t.Errorf("seed %d: other tasks (-before +after):\n%s", seed, d)
		}
		for _, x := range by[0] {
			if want := timeOf(c, x); x.cost != want || x.cost > longest {
				t.Errorf("seed %d: a route is told to take %d ms of at most %d and takes %d", seed, x.cost, longest, want)
			}
		}
		if is, _ := balance(by[0], 2); is < was {
			better++
		} else if is > was {
			t.Errorf("seed %d: balance %g -> %g", seed, was, is)
		}
	}
	if better < 4 {
		t.Errorf("%d of 6 plans become more even, want 4", better)
	}
}

// Shifts become more even, no street is lost, no route is above the longest one before,
// and all take hardly longer.
func TestShiftsAreMadeEven(t *testing.T) {
	uneven, better := 0, 0
	for seed := range uint64(10) {
		streets, rules := randomTown(rand.New(rand.NewPCG(seed, 41)), 10)
		n, err := routing.NewNetwork(streets, nil, rules, routing.Ebike)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b", "c"}, Depots: []orb.Point{at(0, 0)}, Shift: 25 * time.Minute}
		b, c := begin(t, in)
		first, err := b.first(context.Background(), c, b.limit)
		if err != nil {
			t.Fatal(err)
		}
		was, _ := balance(first, 3)
		longest, sum := measure(first)
		m := &improver{c: c, limit: b.limit, tours: first, known: new(atomic.Int64)}
		b.level(context.Background(), m)
		is, _ := balance(m.tours, 3)
		now, all := measure(m.tours)
		if is > was || now > longest || float64(all) > levelDear*float64(sum) {
			t.Errorf("seed %d: balance %g -> %g, longest %d -> %d, all %d -> %d", seed, was, is, longest, now, sum, all)
		}
		if d := cmp.Diff(tasksOf(c, first), tasksOf(c, m.tours)); d != "" {
			t.Errorf("seed %d: other tasks (-before +after):\n%s", seed, d)
		}
		if was > levelGoal {
			uneven++
		}
		if is < was {
			better++
		}
	}
	if better < uneven*3/4 || uneven == 0 {
		t.Errorf("of %d uneven plans %d become better, want three of four", uneven, better)
	}
}

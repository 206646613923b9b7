package patrol

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing"
)

// Routes that are not needed go: no street is lost, all keep the shift, times are those of
// the ways, units that are there go out, and threads change nothing.
func TestRoutesThatAreNotNeededGo(t *testing.T) {
	fewer := 0
	for seed := range uint64(8) {
		streets, rules := randomTown(rand.New(rand.NewPCG(seed, 51)), 9)
		n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b", "c"}, Depots: []orb.Point{at(0, 0), at(900, 900)}, Shift: 2 * time.Hour}
		b, c := begin(t, in)
		// Routes of two thirds of the shift leave room in those that stay.
		first, err := b.first(context.Background(), c, b.limit*2/3)
		if err != nil {
			t.Fatal(err)
		}
		var by [2][]tour
		for i := range by {
			b.o.Threads = 1 + i
			m := &improver{c: c, limit: b.limit, tours: first, known: new(atomic.Int64)}
			b.shed(context.Background(), m)
			by[i] = m.tours
		}
		if d := cmp.Diff(modesOf(by[0]), modesOf(by[1])); d != "" {
			t.Errorf("seed %d: two threads do otherwise:\n%s", seed, d)
		}
		if d := cmp.Diff(tasksOf(c, first), tasksOf(c, by[0])); d != "" {
			t.Errorf("seed %d: other tasks (-before +after):\n%s", seed, d)
		}
		if len(by[0]) < len(in.Units) {
			t.Errorf("seed %d: %d routes for %d units", seed, len(by[0]), len(in.Units))
		}
		for _, x := range by[0] {
			if want := timeOf(c, x); x.cost != want || x.cost > b.limit {
				t.Errorf("seed %d: a route is told to take %d ms of at most %d and takes %d", seed, x.cost, b.limit, want)
			}
		}
		t.Logf("seed %d: %d routes become %d", seed, len(first), len(by[0]))
		if len(by[0]) < len(first) {
			fewer++
		}
	}
	if fewer < 6 {
		t.Errorf("%d of 8 plans do with fewer routes, want 6", fewer)
	}
}

// timeOf is the time of a route, way by way.
func timeOf(c *costs, x tour) (sum int) {
	q := c.web.metric.NewQuery()
	for i, m := range x.modes {
		sum += int(c.modes[m].cost)
		if i > 0 {
			sum += int(c.gap(q, x.modes[i-1], m))
		}
	}
	if k := len(x.modes); k > 0 {
		sum += int(c.modes[x.modes[0]].out[x.depot]) + int(c.modes[x.modes[k-1]].home[x.depot])
	}
	return sum
}

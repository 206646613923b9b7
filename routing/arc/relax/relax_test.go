package relax

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestGreatestFlowsMeetLeastCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := 2 + r.IntN(7)
		f := newFlow(n)
		type joint struct {
			a, b        int
			there, back int64
		}
		var all []joint
		for range r.IntN(3 * n) {
			j := joint{r.IntN(n), r.IntN(n), int64(r.IntN(9)), int64(r.IntN(9))}
			if j.a != j.b {
				all = append(all, j)
				f.join(int32(j.a), int32(j.b), j.there, j.back)
			}
		}
		cut := func(in func(v int) bool) (sum int64) {
			for _, j := range all {
				if in(j.a) && !in(j.b) {
					sum += j.there
				}
				if in(j.b) && !in(j.a) {
					sum += j.back
				}
			}
			return sum
		}
		least := int64(math.MaxInt64)
		for set := range 1 << n {
			if set&1 == 1 && set>>1&1 == 0 {
				least = min(least, cut(func(v int) bool { return set>>v&1 == 1 }))
			}
		}
		if got := f.between(0, 1, math.MaxInt64); got != least {
			t.Fatalf("flow %d, least cut %d", got, least)
		}
		side := map[int]bool{}
		for _, v := range f.side(0) {
			side[int(v)] = true
		}
		if got := cut(func(v int) bool { return side[v] }); side[1] || got != least {
			t.Fatalf("the side that is told cuts %d, least is %d", got, least)
		}
	})
}

// town is a random network in which every place can be reached.
func town(r *rand.Rand) Input {
	in := Input{Places: 3 + r.IntN(8), Vehicles: 1 + r.IntN(3), Depots: []int32{0}}
	for i := range in.Places + r.IntN(10) {
		a, b := int32(i%in.Places), int32((i+1)%in.Places)
		if i >= in.Places {
			a, b = int32(r.IntN(in.Places)), int32(r.IntN(in.Places))
		}
		there, back := int32(r.IntN(20)), int32(r.IntN(20))
		in.Ways = append(in.Ways, Way{a, b, there}, Way{b, a, back})
		if r.IntN(2) == 0 {
			in.Tasks = append(in.Tasks, Task{Modes: []Way{{a, b, there}, {b, a, back}}})
		}
	}
	return in
}

func TestNoPricesProveMoreThanTheProgrammeCosts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		n, err := New(town(r))
		if err != nil {
			t.Fatal(err)
		}
		p := newProgramme(n, newSurveyor(n), 0)
		w := &Work{Ctx: t.Context()}
		p.tighten(w, func() float64 { return math.Inf(1) }, 0)
		cost := float64(n.services) + p.lp.Objective()*p.unit
		if p.bound > cost+1e-5*(1+cost) || p.bound < cost-1e-3*(1+cost) {
			t.Fatalf("the duals prove %g of %g", p.bound, cost)
		}
		prices := make([]float64, len(p.rows))
		for i := range prices {
			prices[i] = r.NormFloat64() * 10
		}
		if got := n.certify(p.rows, prices); got > cost+1e-6*(1+cost) {
			t.Fatalf("random prices prove %g of %g", got, cost)
		}
	})
}

func TestAPartTakesAsManyVehiclesAsItsTasks(t *testing.T) {
	// Depot 0 - 1 - 2 - 3 in a row, 10 each; the tasks are the last two streets.
	in := Input{Places: 4, Vehicles: 3, Capacity: 5, Depots: []int32{0}}
	for v := range int32(3) {
		in.Ways = append(in.Ways, Way{v, v + 1, 10}, Way{v + 1, v, 10})
		if v > 0 {
			in.Tasks = append(in.Tasks, Task{Modes: []Way{{v, v + 1, 10}, {v + 1, v, 10}}, Demand: 4})
		}
	}
	n, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	s := newSurveyor(n)
	p := s.survey([]int32{1, 2, 3})
	if p.inner != 20 || p.access != 20 || p.crossed != 0 || p.touched != 2 || p.home {
		t.Errorf("surveyed %+v", p)
	}
	for _, c := range []struct{ longest, vehicles int64 }{
		{0, 2},  // demand 8 for 5 a vehicle
		{60, 2}, // 20 inside, 40 left
		{25, 4}, // 20 inside, 5 left
		{20, many},
	} {
		if got := n.vehicles(p, c.longest); got != c.vehicles {
			t.Errorf("routes of %d: %d vehicles, want %d", c.longest, got, c.vehicles)
		}
	}
	if q := s.survey([]int32{2, 3}); n.least(q, 0) != 2*2-1 {
		t.Errorf("beyond the first task %d crossings", n.least(q, 0))
	}
	if q := s.survey([]int32{0, 1}); !q.home || n.least(q, 0) != 1 {
		t.Errorf("around the depot %d crossings", n.least(q, 0))
	}
}

func TestBadInputIsRefused(t *testing.T) {
	for name, in := range map[string]Input{
		"a way to nowhere":   {Places: 2, Depots: []int32{0}, Ways: []Way{{0, 2, 1}}},
		"a negative cost":    {Places: 2, Depots: []int32{0}, Ways: []Way{{0, 1, -1}}},
		"a task of no mode":  {Places: 2, Depots: []int32{0}, Tasks: []Task{{}}},
		"a task out of town": {Places: 2, Depots: []int32{0}, Tasks: []Task{{Modes: []Way{{0, 5, 1}}}}},
		"a depot nowhere":    {Places: 2, Depots: []int32{3}},
	} {
		if _, err := New(in); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// evenTown is a random network whose streets cost the same both ways, with demands.
func evenTown(r *rand.Rand) Input {
	in := town(r)
	for i := range in.Ways {
		in.Ways[i].Cost = in.Ways[i/2*2].Cost
	}
	for i := range in.Tasks {
		t := &in.Tasks[i]
		t.Modes[1].Cost = t.Modes[0].Cost
		t.Demand = 1 + r.IntN(5)
	}
	in.Capacity = 5 + r.IntN(10)
	return in
}

func TestShellsAreMeasuredAsTheSurveyorDoes(t *testing.T) {
	several := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		n, err := New(evenTown(r))
		if err != nil {
			t.Fatal(err)
		}
		if !n.even {
			t.Fatal("not even")
		}
		across := make([]int64, len(n.cost))
		s, mark := newSurveyor(n), make([]int32, n.in.Places)
		for i := range n.shell {
			got := n.shell[i].part
			want := s.survey(n.places(&n.shell[i], mark, int32(i+1)))
			if want == nil {
				t.Fatalf("shell %d is everything", i)
			}
			for _, c := range want.border {
				across[c] += n.shell[i].width
			}
			if got.home != want.home || got.crossed != want.crossed || got.touched != want.touched ||
				got.demand != want.demand || got.inner != want.inner || got.access != want.access {
				t.Fatalf("shell %d: %+v, surveyed %+v", i, got, *want)
			}
			several += min(1, int(n.vehicles(want, 0)/2))
		}
		for c, sum := range across {
			if sum > n.cost[c] {
				t.Fatalf("column %d costs %d, the shells charge %d", c, n.cost[c], sum)
			}
		}
	})
	if several == 0 {
		t.Error("no shell takes several vehicles")
	}
}

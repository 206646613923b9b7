package arc

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFixedTasksStayOnTheirRoutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 21))
		spec := randomGraph(r, 12, 40, 20).problem(3, 0, Objective(r.IntN(2)), 0, 5)
		p := newProblem(t, spec)
		for range p.tasks {
			spec.Fixed = append(spec.Fixed, int32(r.IntN(6))-3) // half of them free
			spec.Fixed[len(spec.Fixed)-1] = max(-1, spec.Fixed[len(spec.Fixed)-1])
		}
		p = newProblem(t, spec)
		res := Solve(t.Context(), p, Options{Seed: 1, Iterations: 400})
		if err := res.Solution.Check(p); err != nil || !res.Feasible {
			t.Fatalf("feasible %v: %v", res.Feasible, err)
		}
		// A start that knows nothing of it.
		free := spec
		free.Fixed = nil
		start := Solve(t.Context(), newProblem(t, free), Options{Seed: 1, Iterations: 50, SkipBound: true}).Solution
		res = Solve(t.Context(), p, Options{Seed: 2, Iterations: 50, Start: &start, SkipBound: true})
		if err := res.Solution.Check(p); err != nil {
			t.Fatal(err)
		}
	})
}

func TestServicesAreKeptApart(t *testing.T) {
	// A street of five pieces from the depot, 10 each; the first is passed twice.
	const pieces = 5
	spec := Spec{Vehicles: 1, Depots: []int32{0}}
	d := func(a, b int32) int32 { return 10 * max(a-b, b-a) }
	for i := range int32(pieces) {
		spec.Modes = append(spec.Modes, Mode{Task: i, Cost: 10, Tail: i, Head: i + 1}, Mode{Task: i, Cost: 10, Tail: i + 1, Head: i})
	}
	spec.Modes = append(spec.Modes, Mode{Task: pieces, Cost: 10, Tail: 0, Head: 1}, Mode{Task: pieces, Cost: 10, Tail: 1, Head: 0})
	from, to := []int32{}, []int32{}
	for _, m := range spec.Modes {
		from, to = append(from, m.Head), append(to, m.Tail)
	}
	from, to = append(from, 0), append(to, 0)
	for _, a := range from {
		for _, b := range to {
			spec.Distance = append(spec.Distance, d(a, b))
		}
	}
	for _, apart := range []int{0, 60, 90, 100, 110, 1000} {
		s := spec
		s.Apart = []Apart{{A: 0, B: pieces, Cost: apart}}
		p := newProblem(t, s)
		want := Never
		permutations([]int32{0, 1, 2, 3, 4, 5}, func(seq []int32) {
			if d := newDraft(p, 0, seq); p.near([]draft{d}) == 0 {
				want = min(want, d.cost)
			}
		})
		res := Solve(t.Context(), p, Options{Seed: 1, Iterations: 3000})
		if err := res.Solution.Check(p); (err == nil) != (want < Never) || res.Feasible != (err == nil) {
			t.Fatalf("%d apart: feasible %v, the best of all orders takes %d: %v", apart, res.Feasible, want, err)
		}
		if res.Feasible && res.Sum != want {
			t.Errorf("%d apart: total %d, the best of all orders takes %d", apart, res.Sum, want)
		}
	}
}

// permutations calls do with every order of the list.
func permutations(list []int32, do func([]int32)) {
	var from func(i int)
	from = func(i int) {
		if i == len(list) {
			do(slices.Clone(list))
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			from(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	from(0)
}

func TestTimersAreThoseOfTheRoutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 22))
		spec := randomGraph(r, 9, 30, 24).problem(3, 0, MinMax, 0, 5)
		n := int32(spec.Modes[len(spec.Modes)-1].Task) + 1
		if n < 4 {
			t.Skip("no tasks to keep apart")
		}
		for i := range n / 2 {
			spec.Apart = append(spec.Apart, Apart{A: i, B: n - 1 - i, Cost: r.IntN(200)})
		}
		p := newProblem(t, spec)
		x := newRuiner(wholePatch(p), split(p, giant(p)), goal{target: 100, weight: 32}, r.Uint64())
		for range 40 {
			x.step(20)
			when := make([]int, p.tasks)
			for _, u := range x.tours {
				p.route(newDraft(p, u.depot, x.global(u.seq))).begins(p, when)
			}
			if want := p.tooNear(func(task int32) int { return when[task] }); x.timer.short != want {
				t.Fatalf("tasks are booked to be %d too near, counted anew %d", x.timer.short, want)
			}
			cost := x.goal.apart() * x.timer.short
			for _, u := range x.tours {
				cost += x.goal.charge(u.cost)
			}
			if cost != x.cost {
				t.Fatalf("cost %d, booked %d", cost, x.cost)
			}
		}
	})
}

func TestAnOfferTradesTheLongestRouteForTheTotal(t *testing.T) {
	p := newProblem(t, randomGraph(rand.New(rand.NewPCG(12, 5)), 60, 140, 60).problem(4, 0, MinMax, 0))
	offer := Offer(context.Background(), p, Options{Seed: 1, Iterations: 12_000}, 4)
	if len(offer) < 2 {
		t.Fatalf("%d plans", len(offer))
	}
	for i, r := range offer {
		if err := r.Solution.Check(p); err != nil {
			t.Error(err)
		}
		if i > 0 && (r.Longest <= offer[i-1].Longest || r.Sum >= offer[i-1].Sum) {
			t.Errorf("plan %d of %d and %d after one of %d and %d", i, r.Longest, r.Sum, offer[i-1].Longest, offer[i-1].Sum)
		}
	}
	total := Offer(context.Background(), p.For(Total, 0), Options{Seed: 1, Iterations: 12_000}, 4)
	for _, r := range total {
		if r.Bound == 0 || r.Bound > total[len(total)-1].Sum {
			t.Errorf("bound %d of the total %d", r.Bound, r.Sum)
		}
	}
	if offer[0].Bound == 0 || offer[0].Bound > offer[0].Longest {
		t.Errorf("bound %d of the longest route %d", offer[0].Bound, offer[0].Longest)
	}
}

func TestForbiddenDirectionsAreNotDriven(t *testing.T) {
	// A ring of four streets that may be driven one way only, where the other is absent.
	p := newProblem(t, graph{nodes: 4, edges: [][4]int{{0, 1, 5, -1}, {1, 2, 5, -1}, {2, 3, 5, -1}, {3, 0, 5, -1}}, needed: []bool{true, true, true, true}}.problem(2, 0, Total, 0))
	res := Solve(t.Context(), p, Options{Iterations: 200})
	if res.Sum != 20 || !slices.Equal(res.Solution.Routes[0].Modes, []int{0, 1, 2, 3}) && !slices.Equal(res.Solution.Routes[1].Modes, []int{0, 1, 2, 3}) {
		t.Errorf("total %d by %v, want 20 round the ring", res.Sum, res.Solution)
	}
}

func TestCrossedPlansServeEveryTaskOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 23))
		p := newProblem(t, randomGraph(r, 30, 90, 60).problem(6, 0, Total, 0, 3))
		var e elite
		for i := range 4 {
			order := giant(p)
			r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			e.add(split(p, order), rank{sum: i})
		}
		routes, left := e.child(p, &chance{r.Uint64()})
		seen := make([]int, p.tasks)
		for _, d := range routes {
			for _, task := range d.seq {
				seen[task]++
			}
		}
		for _, task := range left {
			seen[task]++
		}
		for task, n := range seen {
			if n != 1 {
				t.Fatalf("task %d stands %d times", task, n)
			}
		}
		x := newRuiner(wholePatch(p), fillUp(p, routes), goal{objective: Total, target: Never}, 1)
		x.complete(left)
		checkBooks(t, x)
	})
}

// TestSearchesReachTheOptimumOfEveryVariant tries every assignment of few tasks:
// limits, capacities, turns, several depots, tasks that are fixed to routes.
func TestSearchesReachTheOptimumOfEveryVariant(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 31))
	reached, tried, held := 0, 0, 0
	for i := range 150 {
		s := vary(r, i)
		for m := range s.Distance {
			if s.Distance[m] < Never && i%3 == 0 {
				s.Distance[m] += r.Int32N(8) // each turn its own
			}
		}
		n := int(s.Modes[len(s.Modes)-1].Task) + 1
		if s.Vehicles = min(s.Vehicles, 3); n > 6 {
			continue
		}
		for range n {
			s.Fixed = append(s.Fixed, max(-1, r.Int32N(int32(2*s.Vehicles))-int32(s.Vehicles)))
		}
		p, err := NewProblem(s)
		if errors.Is(err, ErrImpossible) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		best := assigned(p)
		if best < Never && i%4 == 0 {
			p = p.With(s.Vehicles, best+r.IntN(best+1))
			best = assigned(p)
		}
		res := Solve(t.Context(), p, Options{Seed: 1, Iterations: 3000, SkipBound: true})
		if err := res.Solution.Check(p); res.Feasible != (err == nil) {
			t.Fatalf("instance %d: feasible %v, but %v", i, res.Feasible, err)
		}
		if best >= Never {
			if res.Feasible {
				t.Fatalf("instance %d has no plan, but one of %d was found", i, res.Sum)
			}
			continue
		}
		tried++
		got := res.Longest
		if p.spec.Objective == Total {
			got = res.Sum
		}
		if res.Feasible {
			held++
			if got < best {
				t.Fatalf("instance %d: %d is better than the optimum %d", i, got, best)
			}
			if got == best {
				reached++
			}
		}
	}
	t.Logf("of %d with a plan, %d were found one, %d the optimum", tried, held, reached)
	if tried < 80 || held < tried*98/100 || reached < tried*95/100 {
		t.Errorf("of %d with a plan, only %d were found one, %d the optimum", tried, held, reached)
	}
}

// assigned is the best objective by every assignment of tasks to routes that keeps
// limit, capacity and what is fixed; Never where there is none.
func assigned(p *Problem) int {
	cost, load := make([]int, 1<<p.tasks), make([]int, 1<<p.tasks)
	for set := 1; set < len(cost); set++ {
		cost[set] = routeCost(p, set)
		for t := range p.tasks {
			load[set] += set >> t & 1 * p.demand(int32(t))
		}
	}
	best, sets := Never, make([]int, p.spec.Vehicles)
	var assign func(t int)
	assign = func(t int) {
		if t < p.tasks {
			for v := range sets {
				if f := p.fixed(int32(t)); f < 0 || f == v {
					sets[v] |= 1 << t
					assign(t + 1)
					sets[v] &^= 1 << t
				}
			}
			return
		}
		longest, sum := 0, 0
		for _, set := range sets {
			if p.excess(load[set]) > 0 || p.spec.Limit > 0 && cost[set] > p.spec.Limit {
				return
			}
			longest, sum = max(longest, cost[set]), sum+cost[set]
		}
		if p.spec.Objective == MinMax {
			sum = longest
		}
		best = min(best, sum)
	}
	assign(0)
	return best
}

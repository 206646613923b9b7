package arc

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"gridbeat/routing/arc/relax"
)

// vary makes a random small instance of at most nine streets: k = 1 to 4, one or two
// depots, one-way streets, windy costs, either objective, and now and then a limit, a
// capacity, turn costs or no links.
func vary(r *rand.Rand, i int) Spec {
	nodes := 3 + r.IntN(5)
	g := randomGraph(r, nodes, nodes+r.IntN(7), 1+r.IntN(9))
	depots := []int32{int32(r.IntN(nodes))}
	if i%4 == 0 {
		depots = append(depots, int32(r.IntN(nodes)))
	}
	s := g.problem(1+r.IntN(4), 0, Objective(i%2), depots...)
	if r.IntN(8) > 0 {
		for e, x := range g.edges {
			s.Arcs = append(s.Arcs, Arc{int32(x[0]), int32(x[1]), int32(x[2])})
			if g.edges[e][3] >= 0 {
				s.Arcs = append(s.Arcs, Arc{int32(x[1]), int32(x[0]), int32(x[3])})
			}
		}
		if r.IntN(2) == 0 {
			s.Links = nil
		}
	}
	if r.IntN(9) == 0 {
		s.Links, s.Arcs = nil, nil
	}
	if r.IntN(4) == 0 {
		for m := range s.Distance { // turns cost on top
			if s.Distance[m] < Never {
				s.Distance[m] += 5
			}
		}
	}
	if r.IntN(3) == 0 {
		s.Capacity = 6 + r.IntN(12)
		for m := range s.Modes {
			if int(s.Modes[m].Task) == len(s.Demands) {
				s.Demands = append(s.Demands, int32(r.IntN(7)))
			}
		}
	}
	return s
}

// within is the best objective of plans that keep limit and capacity, by trying all
// parts of the tasks; Never where there is none.
func within(p *Problem) int {
	n := p.tasks
	route := make([]int, 1<<n)
	for set := 1; set < 1<<n; set++ {
		load := 0
		for t := range n {
			if set>>t&1 == 1 {
				load += p.demand(int32(t))
			}
		}
		if route[set] = routeCost(p, set); p.excess(load) > 0 || p.spec.Limit > 0 && route[set] > p.spec.Limit {
			route[set] = Never
		}
	}
	best := append([]int(nil), route...)
	for k := 1; k < p.spec.Vehicles; k++ {
		next := append([]int(nil), best...)
		for set := range next {
			for part := set; part > 0; part = (part - 1) & set {
				c := route[part] + best[set&^part]
				if p.spec.Objective == MinMax {
					c = max(route[part], best[set&^part])
				}
				next[set] = min(next[set], c)
			}
		}
		best = next
	}
	return best[1<<n-1]
}

// routeCost is the cheapest route for a set of tasks, by trying every order.
func routeCost(p *Problem, set int) int {
	best := Never
	var extend func(left, at, home, cost int)
	extend = func(left, at, home, cost int) {
		if cost >= best {
			return
		}
		if left == 0 {
			best = min(best, cost+p.Distance(at, home))
			return
		}
		for t := range p.tasks {
			if left>>t&1 == 0 {
				continue
			}
			lo, hi := p.Modes(t)
			for m := lo; m < hi; m++ {
				extend(left&^(1<<t), m, home, cost+p.Distance(at, m)+int(p.spec.Modes[m].Cost))
			}
		}
	}
	for d := range p.spec.Depots {
		extend(set, p.depot(d), p.depot(d), 0)
	}
	return best
}

func TestBoundsNeverExceedTheOptimum(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	const rounds = 230
	met, sharp, tried, plans := 0, 0, 0, 0
	for i := range rounds {
		s := vary(r, i)
		p, err := NewProblem(s)
		if errors.Is(err, ErrImpossible) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		best := within(p)
		if r.IntN(3) == 0 && best < Never {
			q := p.With(p.spec.Vehicles, best+r.IntN(best+1))
			if worst := within(q); worst < Never {
				p, best = q, worst
			}
		}
		if best >= Never {
			continue
		}
		tried++
		simple, by := Bound(p)
		if simple > best {
			t.Fatalf("instance %d: bound %d (%s) is above the optimum %d", i, simple, by, best)
		}
		for _, incumbent := range []int{0, best, best + 1 + r.IntN(10)} {
			proof := BoundWithin(t.Context(), p, BoundOptions{Incumbent: func() int { return incumbent }})
			if proof.Bound > best {
				t.Fatalf("instance %d: bound %d (%s) is above the optimum %d", i, proof.Bound, proof.By, best)
			}
			if proof.Bound < best {
				t.Errorf("instance %d: so few tasks, but the bound is %d (%s), the optimum %d", i, proof.Bound, proof.By, best)
			}
			if proof.Plan == nil {
				continue
			}
			plans++
			if err := proof.Plan.Check(p); err != nil {
				t.Errorf("instance %d: %v", i, err)
			}
			if got := proof.Plan.Longest(p); got != best {
				t.Errorf("instance %d: the plan's longest route is %d, the optimum %d", i, got, best)
			}
		}
		relaxed, by := relaxedBound(t, p)
		if relaxed > best {
			t.Fatalf("instance %d: bound %d (%s) is above the optimum %d", i, relaxed, by, best)
		}
		if relaxed == best {
			met++
		}
		priced, by := pricedBound(t, p)
		if priced > best {
			t.Fatalf("instance %d: bound %d (%s) is above the optimum %d", i, priced, by, best)
		}
		if priced == best && p.spec.Objective == MinMax {
			sharp++
		}
	}
	t.Logf("%d of %d met by the relaxation, %d of about half by routes, %d plans", met, tried, sharp, plans)
	if tried < 200 || plans < 20 {
		t.Errorf("only %d instances have a plan, %d of them a better one than was known", tried, plans)
	}
	if met < tried/2 || sharp < tried/3 {
		t.Errorf("of %d the relaxation met only %d, routes %d", tried, met, sharp)
	}
}

// relaxedBound is what BoundWithin knows before it lists routes.
func relaxedBound(t *testing.T, p *Problem) (int, string) {
	r := &prover{p: p, w: &relax.Work{Ctx: t.Context()}, serial: p.serial()}
	r.better(p.least(0, "farthest task"))
	if len(p.spec.Links)+len(p.spec.Arcs) > 0 {
		r.relax()
	}
	return r.best.Bound, r.best.By
}

// pricedBound is what routes prove without the rest.
func pricedBound(t *testing.T, p *Problem) (int, string) {
	r := &prover{p: p, w: &relax.Work{Ctx: t.Context()}, serial: p.serial()}
	r.better(p.least(0, "farthest task"))
	r.price()
	return r.best.Bound, r.best.By
}

func TestBoundsDependOnTheWorkAlone(t *testing.T) {
	g := randomGraph(rand.New(rand.NewPCG(12, 12)), 40, 90, 70)
	p := newProblem(t, g.problem(3, 0, MinMax, 0))
	all := BoundWithin(t.Context(), p, BoundOptions{Work: 5_000_000})
	little := BoundWithin(t.Context(), p, BoundOptions{Work: 200_000})
	if again := BoundWithin(t.Context(), p, BoundOptions{Work: 200_000}); again != little {
		t.Errorf("the same work gives %v and %v", little, again)
	}
	if little.Bound > all.Bound {
		t.Errorf("less work proves %d, all of it %d", little.Bound, all.Bound)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if none := BoundWithin(ctx, p, BoundOptions{}); none.Bound > all.Bound || none.Bound <= 0 {
		t.Errorf("without time %v", none)
	}
}

func TestAProofThatGainsNothingEndsTheSoonerTheLessIsMissing(t *testing.T) {
	tests := []struct {
		name        string
		best, bound int64
		waited      float64
		idle        bool
	}{
		{"no plan keeps the limits yet", 0, 100, 0.9, false},
		{"little is missing and it has waited", 103, 100, 0.2, true},
		{"little is missing and it gained just now", 103, 100, 0.05, false},
		{"much is missing", 120, 100, 0.5, false},
		{"much is missing and most of the time has passed", 120, 100, 0.7, true},
	}
	for _, tt := range tests {
		if got := idle(tt.best, tt.bound, tt.waited); got != tt.idle {
			t.Errorf("%s: idle is %v", tt.name, got)
		}
	}
	// A search with a time limit ends its proof in time, and the bound stays.
	p := newProblem(t, randomGraph(rand.New(rand.NewPCG(3, 9)), 60, 140, 60).problem(3, 0, MinMax, 0))
	r := Solve(context.Background(), p, Options{Seed: 1, TimeLimit: 300 * time.Millisecond})
	if r.Bound == 0 || r.Bound > r.Longest {
		t.Errorf("bound %d of %d", r.Bound, r.Longest)
	}
}

package arc

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// graph is a small street graph with costs that may differ by direction.
type graph struct {
	nodes  int
	edges  [][4]int // from, to, cost there, cost back (-1: one-way)
	needed []bool
}

func randomGraph(r *rand.Rand, nodes, edges, most int) graph {
	g := graph{nodes: nodes}
	windy := r.IntN(2) == 0
	for e := range edges {
		a, b := r.IntN(nodes), r.IntN(nodes)
		if e < nodes { // a ring keeps all connected both ways
			a, b = e, (e+1)%nodes
		}
		there := 1 + r.IntN(20)
		back := there
		if windy {
			back = 1 + r.IntN(20)
		}
		if e >= nodes && r.IntN(4) == 0 {
			back = -1
		}
		g.edges = append(g.edges, [4]int{a, b, there, back})
		g.needed = append(g.needed, r.IntN(3) > 0 && most > 0)
		if g.needed[e] {
			most--
		}
	}
	return g
}

// problem states the graph's problem; distances are shortest paths between nodes.
func (g graph) problem(vehicles, limit int, o Objective, depots ...int32) Spec {
	d := make([][]int, g.nodes)
	for i := range d {
		d[i] = make([]int, g.nodes)
		for j := range d[i] {
			if i != j {
				d[i][j] = Never
			}
		}
	}
	s := Spec{Vehicles: vehicles, Limit: limit, Objective: o, Depots: depots}
	task := int32(0)
	for e, x := range g.edges {
		d[x[0]][x[1]] = min(d[x[0]][x[1]], x[2])
		least := x[2]
		if x[3] >= 0 {
			d[x[1]][x[0]] = min(d[x[1]][x[0]], x[3])
			least = min(least, x[3])
		}
		s.Links = append(s.Links, Link{int32(x[0]), int32(x[1]), int32(least)})
		if g.needed[e] {
			s.Modes = append(s.Modes, Mode{Task: task, Cost: int32(x[2]), Tail: int32(x[0]), Head: int32(x[1])})
			if x[3] >= 0 {
				s.Modes = append(s.Modes, Mode{Task: task, Cost: int32(x[3]), Tail: int32(x[1]), Head: int32(x[0])})
			}
			task++
		}
	}
	for k := range d {
		for i := range d {
			for j := range d {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	var from, to []int32
	for _, m := range s.Modes {
		from, to = append(from, m.Head), append(to, m.Tail)
	}
	for _, v := range depots {
		from, to = append(from, v), append(to, v)
	}
	for _, a := range from {
		for _, b := range to {
			s.Distance = append(s.Distance, int32(d[a][b]))
		}
	}
	return s
}

func newProblem(t interface {
	Helper()
	Fatal(...any)
}, s Spec) *Problem {
	t.Helper()
	p, err := NewProblem(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// bruteForce is the best objective by trying every assignment, order and direction:
// the cheapest route for each set of tasks by dynamic programming over subsets, then
// all partitions of the tasks.
func bruteForce(p *Problem) int {
	n := p.tasks
	route := make([]int, 1<<n)
	for set := 1; set < 1<<n; set++ {
		route[set] = Never
	}
	for d := range p.spec.Depots {
		home := p.depot(d)
		end := make([][]int, 1<<n) // by set and last mode
		for set := range end {
			end[set] = make([]int, len(p.spec.Modes))
			for m := range end[set] {
				end[set][m] = Never
			}
		}
		for set := 1; set < 1<<n; set++ {
			for m, mode := range p.spec.Modes {
				if set>>mode.Task&1 == 0 {
					continue
				}
				rest := set &^ (1 << mode.Task)
				if rest == 0 {
					end[set][m] = p.Distance(home, m) + int(mode.Cost)
				}
				for q := range p.spec.Modes {
					end[set][m] = min(end[set][m], end[rest][q]+p.Distance(q, m)+int(mode.Cost))
				}
				route[set] = min(route[set], end[set][m]+p.Distance(m, home))
			}
		}
	}
	best := make([]int, 1<<n)
	for set := range best {
		best[set] = route[set]
	}
	for k := 1; k < p.spec.Vehicles; k++ {
		next := slices.Clone(best)
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

func TestTinyPlansAreOptimalAndBoundsHold(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	reached, met := 0, 0
	const rounds = 200
	for i := range rounds {
		nodes := 3 + r.IntN(4)
		g := randomGraph(r, nodes, nodes+r.IntN(6), 6)
		depots := []int32{int32(r.IntN(nodes))}
		if i%4 == 0 {
			depots = append(depots, int32(r.IntN(nodes)))
		}
		p := newProblem(t, g.problem(1+r.IntN(3), 0, Objective(i%2), depots...))
		best := bruteForce(p)
		res := Solve(context.Background(), p, Options{Seed: 1, Iterations: 2000})
		if err := res.Solution.Check(p); err != nil {
			t.Fatalf("instance %d: %v", i, err)
		}
		if res.Longest != res.Solution.Longest(p) || res.Sum != res.Solution.Sum(p) {
			t.Fatalf("instance %d: stated %d and %d, counted %d and %d", i, res.Longest, res.Sum, res.Solution.Longest(p), res.Solution.Sum(p))
		}
		got := res.Longest
		if p.spec.Objective == Total {
			got = res.Sum
		}
		if got < best {
			t.Fatalf("instance %d: %d is better than the optimum %d", i, got, best)
		}
		if res.Bound > best {
			t.Fatalf("instance %d: bound %d (%s) is above the optimum %d", i, res.Bound, res.BoundBy, best)
		}
		if got == best {
			reached++
		}
		if res.Bound == best {
			met++
		}
	}
	t.Logf("optimum reached %d times, proved %d times of %d", reached, met, rounds)
	if reached < rounds*95/100 {
		t.Errorf("optimum reached only %d times of %d", reached, rounds)
	}
}

func TestAnswersDoNotDependOnThreads(t *testing.T) {
	many := randomGraph(rand.New(rand.NewPCG(5, 5)), 60, 200, 150).problem(8, 0, MinMax, 0, 30)
	few := randomGraph(rand.New(rand.NewPCG(5, 6)), 12, 30, 12).problem(3, 0, Total, 0)
	for name, p := range map[string]*Problem{
		"groups of routes, a long cycle":   newProblem(t, many),
		"plans that are crossed in cycles": newProblem(t, few).With(2, 0),
	} {
		t.Run(name, func(t *testing.T) {
			steps := 4000
			if p.tasks*shortFrom < 200_000 {
				steps = 200_000
			}
			one := Solve(context.Background(), p, Options{Seed: 3, Iterations: steps, Threads: 1})
			for _, threads := range []int{2, 4} {
				more := Solve(context.Background(), p, Options{Seed: 3, Iterations: steps, Threads: threads})
				if d := cmp.Diff(one, more); d != "" {
					t.Errorf("one thread and %d differ:\n%s", threads, d)
				}
			}
			if err := one.Solution.Check(p); err != nil {
				t.Error(err)
			}
		})
	}
	p := newProblem(t, many)
	one, other := Solve(context.Background(), p, Options{Seed: 3, Iterations: 4000}), Solve(context.Background(), p, Options{Seed: 4, Iterations: 4000})
	if cmp.Equal(one.Solution, other.Solution) {
		t.Error("another seed gives the same plan: is the seed used?")
	}
}

func TestLimitsAreKeptWhereTheyCanBe(t *testing.T) {
	spec := randomGraph(rand.New(rand.NewPCG(6, 6)), 40, 120, 100).problem(12, 0, Total, 0)
	p := newProblem(t, spec)
	free := Solve(context.Background(), p, Options{Iterations: 3000})
	limit := free.Sum / 6
	q := p.With(12, limit)
	res := Solve(context.Background(), q, Options{Iterations: 5000})
	if !res.Feasible {
		t.Fatalf("longest %d over the limit %d with 12 vehicles for the work of 6", res.Longest, limit)
	}
	if err := res.Solution.Check(q); err != nil {
		t.Error(err)
	}
	if res := Solve(context.Background(), p.With(2, limit), Options{Iterations: 500}); res.Feasible {
		t.Error("2 vehicles are said to do the work of 6")
	}
}

func TestAStoppedSearchReturnsItsBest(t *testing.T) {
	p := newProblem(t, randomGraph(rand.New(rand.NewPCG(8, 8)), 40, 120, 100).problem(4, 0, MinMax, 0))
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := Solve(ctx, p, Options{TimeLimit: time.Hour}).Solution.Check(p); err != nil {
		t.Error(err)
	}
}

func TestASearchStartsFromAPlan(t *testing.T) {
	p := newProblem(t, randomGraph(rand.New(rand.NewPCG(9, 9)), 40, 120, 100).problem(4, 0, MinMax, 0))
	first := Solve(context.Background(), p, Options{Iterations: 4000})
	second := Solve(context.Background(), p, Options{Iterations: 1, Start: &first.Solution})
	if second.Longest > first.Longest {
		t.Errorf("started from %d, ended at %d", first.Longest, second.Longest)
	}
	third := Solve(context.Background(), p.With(2, 0), Options{Iterations: 100, Start: &first.Solution})
	if err := third.Solution.Check(p.With(2, 0)); err != nil {
		t.Error("fewer vehicles than the start has:", err)
	}
}

func TestBadProblemsAreRefused(t *testing.T) {
	good := randomGraph(rand.New(rand.NewPCG(1, 9)), 5, 9, 5).problem(2, 0, MinMax, 0)
	for name, spoil := range map[string]func(*Spec){
		"no vehicle":              func(s *Spec) { s.Vehicles = 0 },
		"no depot":                func(s *Spec) { s.Depots = nil },
		"a table of another size": func(s *Spec) { s.Distance = s.Distance[1:] },
		"a negative distance":     func(s *Spec) { s.Distance = slices.Clone(s.Distance); s.Distance[3] = -1 },
		"tasks out of order":      func(s *Spec) { s.Modes = slices.Clone(s.Modes); s.Modes[0].Task = 4 },
		"a negative cost":         func(s *Spec) { s.Modes = slices.Clone(s.Modes); s.Modes[0].Cost = -4 },
	} {
		s := good
		spoil(&s)
		if _, err := NewProblem(s); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	s := good
	s.Limit = 1
	if _, err := NewProblem(s); !errors.Is(err, ErrImpossible) {
		t.Errorf("a limit of 1 gives %v", err)
	}
}

func TestNothingToDoIsAPlan(t *testing.T) {
	p := newProblem(t, Spec{Vehicles: 2, Depots: []int32{0}, Distance: []int32{0}})
	res := Solve(context.Background(), p, Options{Iterations: 10})
	if err := res.Solution.Check(p); err != nil || res.Sum != 0 || res.Bound != 0 {
		t.Errorf("%v, sum %d, bound %d", err, res.Sum, res.Bound)
	}
}

func BenchmarkSteps(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	p := newProblem(b, randomGraph(r, 300, 700, 600).problem(8, 0, MinMax, 0))
	routes := split(p, giant(p))
	x := newRuiner(wholePatch(p), routes, goal{target: routes[0].cost, weight: 32}, 1)
	for b.Loop() {
		x.step(10)
	}
}

func TestCapacityIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 9))
		s := randomGraph(r, 9, 30, 12).problem(8, 0, Total, 0)
		s.Capacity = 10
		for i := range s.Modes {
			if int(s.Modes[i].Task) == len(s.Demands) {
				s.Demands = append(s.Demands, int32(1+r.IntN(6)))
			}
		}
		p, err := NewProblem(s)
		if errors.Is(err, ErrImpossible) {
			t.Skip("more than eight vehicles hold")
		}
		if err != nil {
			t.Fatal(err)
		}
		x := newRuiner(wholePatch(p), split(p, giant(p)), goal{objective: Total, target: math.MaxInt / 64, fine: 3}, r.Uint64())
		for range 50 {
			x.step(10)
			checkBooks(t, x)
		}
		res := Solve(t.Context(), p, Options{Seed: 1, Iterations: 2000})
		if err := res.Solution.Check(p); res.Feasible != (err == nil) {
			t.Fatalf("feasible: %v, but %v", res.Feasible, err)
		}
	})
}

func TestDemandsThatNoFleetHolds(t *testing.T) {
	s := Spec{Vehicles: 2, Capacity: 5, Depots: []int32{0}}
	for task := range int32(3) {
		s.Modes = append(s.Modes, Mode{Task: task, Cost: 1})
		s.Demands = append(s.Demands, 4)
	}
	s.Distance = make([]int32, 16)
	if _, err := NewProblem(s); !errors.Is(err, ErrImpossible) {
		t.Errorf("demand 12 for 2 vehicles of 5: %v", err)
	}
	s.Demands[0] = 6
	if _, err := NewProblem(s); !errors.Is(err, ErrImpossible) {
		t.Errorf("demand 6 for a vehicle of 5: %v", err)
	}
}

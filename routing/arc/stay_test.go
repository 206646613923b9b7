package arc

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// staysOf are all moves of a plan.
func staysOf(s Solution) (out []Stay) {
	for _, r := range s.Routes {
		for i := 1; i < len(r.Modes); i++ {
			out = append(out, Stay{int32(r.Modes[i-1]), int32(r.Modes[i])})
		}
	}
	return out
}

func left(p *Problem, s Solution) (n int) {
	for _, r := range s.Routes {
		n += r.Left(p)
	}
	return n
}

func TestWhatIsChargedForLeavingIsNoCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 61))
		s := randomGraph(r, 9, 30, 30).problem(2, 0, []Objective{MinMax, Total}[r.IntN(2)], 0)
		plain := newProblem(t, s)
		first := Solve(context.Background(), plain, Options{Seed: 1, Iterations: 50, SkipBound: true})
		s.Stays, s.Leave = staysOf(first.Solution), 1+r.IntN(30)
		p := newProblem(t, s)
		next := Solve(context.Background(), p, Options{Seed: 2, Iterations: 200, Start: &first.Solution})
		if err := next.Solution.Check(p); err != nil {
			t.Fatal(err)
		}
		if next.Longest != next.Solution.Longest(plain) || next.Sum != next.Solution.Sum(plain) {
			t.Fatalf("told %d and %d, it costs %d and %d", next.Longest, next.Sum, next.Solution.Longest(plain), next.Solution.Sum(plain))
		}
		// A move is left for what that gains only.
		was, is := 0, 0
		for _, x := range first.Solution.Routes {
			was = max(was, x.Cost(p)+s.Leave*x.Left(p))
		}
		for _, x := range next.Solution.Routes {
			is = max(is, x.Cost(p)+s.Leave*x.Left(p))
		}
		if s.Objective == Total {
			was, is = first.Solution.Sum(p)+s.Leave*left(p, first.Solution), next.Sum+s.Leave*left(p, next.Solution)
		}
		if is > was {
			t.Fatalf("with what is charged the plan costs %d, the one to begin with %d", is, was)
		}
		if again := Solve(context.Background(), plain, Options{Iterations: 1}); next.Bound > again.Longest && s.Objective == MinMax {
			t.Fatalf("a plan of %d is below the bound %d", again.Longest, next.Bound)
		}
	})
}

func TestAPriceAboveAllGainsKeepsTheEarlierPlan(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 62))
	s := randomGraph(r, 12, 40, 40).problem(3, 0, MinMax, 0)
	first := Solve(context.Background(), newProblem(t, s), Options{Seed: 1, Iterations: 20, SkipBound: true})
	s.Stays, s.Leave = staysOf(first.Solution), 1_000_000
	p := newProblem(t, s)
	next := Solve(context.Background(), p, Options{Seed: 1, Iterations: 2000, Start: &first.Solution, SkipBound: true})
	if n := left(p, next.Solution); n > 0 {
		t.Errorf("%d of %d moves are left", n, len(s.Stays))
	}
}

func TestStaysAreChecked(t *testing.T) {
	s := randomGraph(rand.New(rand.NewPCG(1, 63)), 5, 10, 10).problem(1, 0, Total, 0)
	for name, c := range map[string]struct {
		stays []Stay
		price int
	}{
		"no mode":           {[]Stay{{0, int32(len(s.Modes))}}, 1},
		"a task left twice": {[]Stay{{0, 1}, {0, 2}}, 1},
		"a negative price":  {[]Stay{{0, 1}}, -1},
	} {
		x := s
		x.Stays, x.Leave = slices.Clone(c.stays), c.price
		if _, err := NewProblem(x); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

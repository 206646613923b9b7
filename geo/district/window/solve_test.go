package window

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"testing"
)

// randomProblem is a small irregular lattice of units, some with a wall between them.
func randomProblem(rng *rand.Rand) *Problem {
	wide, high := 1+rng.IntN(4), 1+rng.IntN(3)
	n := wide * high
	p := &Problem{
		Units: make([]Unit, n), Min: 20 + rng.IntN(60), Round: rng.Float64() / 3,
		Balance: 5 * rng.Float64(), OutOfBounds: 30,
	}
	p.Max = p.Min + rng.IntN(250)
	p.Target = float64(p.Min) + rng.Float64()*float64(p.Max-p.Min)
	if rng.IntN(8) == 0 {
		p.Balance = 0
	}
	for u := range p.Units {
		p.Units[u] = Unit{
			Households: rng.IntN(90), Area: 1000 + 20000*rng.Float64(), Perimeter: 20 * rng.Float64(),
		}
	}
	meet := func(u, v int) {
		if rng.IntN(8) == 0 {
			return
		}
		s := Side{U: u, V: v, Metres: 30 + 150*rng.Float64(), Cost: 4 * rng.Float64() * rng.Float64(), Wall: rng.IntN(10) == 0}
		if s.Wall {
			s.Cost = 0
		}
		p.Sides = append(p.Sides, s)
		p.Units[u].Perimeter += s.Metres
		p.Units[v].Perimeter += s.Metres
	}
	for u := range n {
		if u%wide > 0 {
			meet(u-1, u)
		}
		if u >= wide {
			meet(u-wide, u)
		}
	}
	return p
}

// slow is the judge: J of a grid straight from the definition.
func slow(p *Problem, grid uint) float64 {
	var households, area, rim, border float64
	for u, unit := range p.Units {
		if grid>>u&1 != 0 {
			households += float64(unit.Households)
			area += unit.Area
			rim += unit.Perimeter
		}
	}
	for _, s := range p.Sides {
		switch grid>>s.U&1 + grid>>s.V&1 {
		case 2:
			rim -= 2 * s.Metres
		case 1:
			border += s.Cost
		}
	}
	return border/2 + p.Round*rim*rim/area + p.Balance*(households-p.Target)*(households-p.Target)/(p.Target*p.Target)
}

func hangsTogether(p *Problem, grid uint) bool {
	grown := grid & -grid
	for more := uint(0); more != grown; {
		more = grown
		for _, s := range p.Sides {
			u, v := uint(1)<<s.U&grid, uint(1)<<s.V&grid
			if !s.Wall && u != 0 && v != 0 && (u|v)&grown != 0 {
				grown |= u | v
			}
		}
	}
	return grown == grid
}

// bruteForce tries all partitions. With worst it returns the highest J instead.
func bruteForce(p *Problem, worst bool) (j float64, plan [][]int) {
	all := uint(1)<<len(p.Units) - 1
	price := make([]float64, all+1)
	for s := uint(1); s <= all; s++ {
		households, named := 0, true
		for u, unit := range p.Units {
			if s>>u&1 != 0 {
				households += unit.Households
				named = named && unit.Named
			}
		}
		price[s] = math.Inf(1)
		if !hangsTogether(p, s) {
			continue
		}
		switch excess := max(float64(p.Min-households)/float64(p.Min), float64(households-p.Max)/float64(p.Max)); {
		case excess <= 0:
			price[s] = slow(p, s)
		case named:
			price[s] = slow(p, s) + p.OutOfBounds*(1+2*excess)
		}
	}
	best, grid := make([]float64, all+1), make([]uint, all+1)
	for s := uint(1); s <= all; s++ {
		best[s] = math.Inf(1)
		for t := s; t > 0; t = (t - 1) & s {
			if t&(s&-s) == 0 {
				continue
			}
			v := price[t] + best[s&^t]
			if v < best[s] && !worst || worst && !math.IsInf(v, 1) && (v > best[s] || math.IsInf(best[s], 1)) {
				best[s], grid[s] = v, t
			}
		}
	}
	if math.IsInf(best[all], 1) {
		return best[all], nil
	}
	for s := all; s > 0; s &^= grid[s] {
		var units []int
		for t := grid[s]; t > 0; t &= t - 1 {
			units = append(units, bits.TrailingZeros(t))
		}
		plan = append(plan, units)
	}
	return best[all], plan
}

func TestSolveEqualsBruteForce(t *testing.T) {
	solved, excused := 0, 0
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomProblem(rng)
		if rng.IntN(3) == 0 {
			for u := range p.Units {
				p.Units[u].Named = rng.IntN(3) == 0
			}
		}
		want, _ := bruteForce(p, false)
		before, plan := bruteForce(p, true)
		if plan == nil {
			continue
		}
		got, err := Solve(t.Context(), p, plan, 100_000)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !got.Proved || math.Abs(got.J-want) > 1e-6 || math.Abs(got.Before-before) > 1e-6 || math.Abs(got.Bound-want) > 2e-6 {
			t.Fatalf("seed %d: %d units: from %g to %g, bound %g, proved %v; brute force from %g to %g", seed, len(p.Units), got.Before, got.J, got.Bound, got.Proved, before, want)
		}
		checkPlan(t, p, got)
		if solved++; want > p.OutOfBounds {
			excused++
		}
	}
	if solved < 300 || excused < 10 {
		t.Errorf("only %d problems, %d of them with grids out of bounds, had a plan", solved, excused)
	}
}

// checkPlan recounts a result from scratch.
func checkPlan(t *testing.T, p *Problem, r Result) {
	t.Helper()
	var seen uint
	var j float64
	for _, g := range r.Grids {
		var s uint
		households, named := 0, true
		for _, u := range g {
			s |= 1 << u
			households += p.Units[u].Households
			named = named && p.Units[u].Named
		}
		if s&seen != 0 || !hangsTogether(p, s) {
			t.Fatalf("grid %v overlaps another or does not hang together", g)
		}
		seen |= s
		j += slow(p, s)
		if excess := max(float64(p.Min-households)/float64(p.Min), float64(households-p.Max)/float64(p.Max)); excess > 0 {
			if !named {
				t.Fatalf("grid %v holds %d households", g, households)
			}
			j += p.OutOfBounds * (1 + 2*excess)
		}
	}
	if seen != 1<<len(p.Units)-1 || math.Abs(j-r.J) > 1e-6 {
		t.Fatalf("grids %b with J %g, told %g", seen, j, r.J)
	}
}

func TestBoundHoldsWhereverItStops(t *testing.T) {
	tight := 0
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := randomProblem(rng)
		want, _ := bruteForce(p, false)
		_, plan := bruteForce(p, true)
		if plan == nil {
			continue
		}
		got, err := Solve(t.Context(), p, plan, rng.IntN(60))
		if err != nil {
			t.Fatal(err)
		}
		if got.Bound > want+1e-6 || got.J < want-1e-6 || got.J > got.Before+1e-9 || got.Proved && got.J > want+1e-6 {
			t.Fatalf("seed %d: J %g of %g, bound %g, proved %v; best is %g", seed, got.J, got.Before, got.Bound, got.Proved, want)
		}
		checkPlan(t, p, got)
		if !got.Proved && got.Bound > want-1 {
			tight++
		}
	}
	if tight == 0 {
		t.Error("no bound of an unfinished window is near: nothing was tried")
	}
}

func TestSolveKeepsToItsBounds(t *testing.T) {
	line := func(households ...int) *Problem {
		p := &Problem{Min: 150, Max: 500, Target: 300, Balance: 3, Round: 0.1, OutOfBounds: 30}
		for u, h := range households {
			p.Units = append(p.Units, Unit{Households: h, Area: 1e4, Perimeter: 400})
			if u > 0 {
				p.Sides = append(p.Sides, Side{U: u - 1, V: u, Metres: 100, Cost: 1})
			}
		}
		return p
	}
	if _, err := Solve(t.Context(), line(100), [][]int{{0}}, 1000); !errors.Is(err, ErrOutOfBounds) {
		t.Errorf("a plan out of bounds: %v", err)
	}
	if _, err := Solve(t.Context(), line(200, 200), [][]int{{0}}, 1000); err == nil {
		t.Error("a plan that leaves a unit over is taken")
	}
	if _, err := Solve(t.Context(), line(200, 200, 200), [][]int{{0, 2}, {1}}, 1000); err == nil {
		t.Error("a grid in two parts is taken")
	}
	p := line(make([]int, MostUnits+1)...)
	if _, err := Solve(t.Context(), p, nil, 1000); err == nil {
		t.Error("too many units are taken")
	}
	named := line(600, 200)
	named.Units[0].Named = true
	r, err := Solve(t.Context(), named, [][]int{{0}, {1}}, 1000)
	if err != nil || !r.Proved || len(r.Grids) != 2 {
		t.Errorf("a named unit above the maximum: %+v, %v", r, err)
	}
}

func TestSolveIsTheSameTwiceAndStopsWhenTold(t *testing.T) {
	p := lattice(7)
	var plan [][]int
	for row := range 7 {
		plan = append(plan, []int{7 * row, 7*row + 1, 7*row + 2, 7*row + 3, 7*row + 4, 7*row + 5, 7*row + 6})
	}
	first, err := Solve(t.Context(), p, plan, 3000)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Solve(t.Context(), p, plan, 3000)
	if !reflect.DeepEqual(first, again) {
		t.Errorf("J %g, bound %g after %d steps; then %g, %g, %d", first.J, first.Bound, first.Steps, again.J, again.Bound, again.Steps)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stopped, err := Solve(ctx, p, plan, 1_000_000)
	if err != nil || stopped.Proved || stopped.Steps > 200 || stopped.J > stopped.Before {
		t.Errorf("stopped at once: %d steps, proved %v, %v", stopped.Steps, stopped.Proved, err)
	}
}

// lattice is a square of unlike units.
func lattice(wide int) *Problem {
	rng := rand.New(rand.NewPCG(3, 3))
	p := &Problem{Min: 150, Max: 500, Target: 300, Balance: 3, Round: 2 / (4 * math.Pi), OutOfBounds: 30}
	for u := range wide * wide {
		p.Units = append(p.Units, Unit{Households: 25 + rng.IntN(40), Area: 1e4, Perimeter: 400})
		if u%wide > 0 {
			p.Sides = append(p.Sides, Side{U: u - 1, V: u, Metres: 100, Cost: []float64{1, 0.35, 0.05}[u%wide%3]})
		}
		if u >= wide {
			p.Sides = append(p.Sides, Side{U: u - wide, V: u, Metres: 100, Cost: []float64{1, 0.35, 0.05}[u/wide%3]})
		}
	}
	return p
}

func BenchmarkSolve49(b *testing.B) {
	p := lattice(7)
	var plan [][]int
	for row := range 7 {
		plan = append(plan, []int{7 * row, 7*row + 1, 7*row + 2, 7*row + 3, 7*row + 4, 7*row + 5, 7*row + 6})
	}
	good, err := Solve(b.Context(), p, plan, 100_000)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := Solve(b.Context(), p, good.Grids, 100_000)
		if err != nil || !r.Proved {
			b.Fatalf("%+v, %v", r, err)
		}
		b.ReportMetric(float64(r.Steps), "steps/op")
	}
}

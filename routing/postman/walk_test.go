package postman

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// grid is a town of n by n places with streets between neighbours. Of those from west to
// east, but the first row, a share is one-way: one can go from everywhere to everywhere.
func grid(rng *rand.Rand, n int, oneWay float64) Town {
	var t Town
	id := func(x, y int) int32 { return int32(y*n + x) }
	road := func(a, b int32, both bool) {
		if rng.IntN(2) == 0 {
			a, b = b, a
		}
		cost := int32(50 + rng.IntN(100))
		t.Streets = append(t.Streets, Street{a, b, both})
		t.Ways = append(t.Ways, Way{a, b, cost})
		if both {
			t.Ways = append(t.Ways, Way{b, a, cost})
		}
	}
	for y := range n {
		for x := range n {
			t.X, t.Y = append(t.X, float64(100*x)), append(t.Y, float64(100*y))
			if x+1 < n {
				road(id(x, y), id(x+1, y), y == 0 || rng.Float64() >= oneWay)
			}
			if y+1 < n {
				road(id(x, y), id(x, y+1), true)
			}
		}
	}
	return t
}

// again is what the closed walk spends between streets: the judge, by shortest ways
// between all places.
func again(t Town, legs []Leg) int64 {
	far := allPairs(t)
	ends := func(l Leg) (int32, int32) {
		s := t.Streets[l.Street]
		if l.Back {
			return s.To, s.From
		}
		return s.From, s.To
	}
	sum := int64(0)
	for i, l := range legs {
		_, end := ends(l)
		start, _ := ends(legs[(i+1)%len(legs)])
		sum += far[end][start]
	}
	return sum
}

func allPairs(t Town) [][]int64 {
	n := len(t.X)
	far := make([][]int64, n)
	for i := range far {
		far[i] = make([]int64, n)
		for j := range far[i] {
			if i != j {
				far[i][j] = math.MaxInt32
			}
		}
	}
	for _, w := range t.Ways {
		far[w.From][w.To] = min(far[w.From][w.To], int64(w.Cost))
	}
	for k := range n {
		for i := range n {
			for j := range n {
				far[i][j] = min(far[i][j], far[i][k]+far[k][j])
			}
		}
	}
	return far
}

func TestAWalkTakesEveryStreetOnceInItsDirection(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		town := grid(rng, 3+int(seed)%9, float64(seed%5)/5)
		// Some streets need not be walked, so that there are several parts.
		for i := len(town.Streets) - 1; i > 0; i-- {
			if rng.IntN(3) == 0 {
				town.Streets = append(town.Streets[:i], town.Streets[i+1:]...)
			}
		}
		town.Streets = append(town.Streets, Street{4, 4, false}) // a dead end, there and back
		town.Turn = func(a, b Leg) int32 { return (a.Street*7 + b.Street*13 + a.Way + b.Way) & 31 }
		legs, err := Walk(town, 1)
		if err != nil {
			t.Fatal(err)
		}
		seen := make([]int, len(town.Streets))
		for _, l := range legs {
			seen[l.Street]++
			if l.Back && !town.Streets[l.Street].Both {
				t.Fatalf("seed %d: street %d is walked against its direction", seed, l.Street)
			}
		}
		for i, k := range seen {
			if k != 1 {
				t.Fatalf("seed %d: street %d is walked %d times", seed, i, k)
			}
		}
		least, err := Again(town)
		if err != nil {
			t.Fatal(err)
		}
		if got := again(town, legs); got < least {
			t.Errorf("seed %d: the walk spends %d between streets, less than the bound %d", seed, got, least)
		}
		other, err := Walk(town, 3)
		if d := cmp.Diff(legs, other); err != nil || d != "" {
			t.Errorf("seed %d: three threads walk otherwise: %v\n%s", seed, err, d)
		}
	}
}

func TestOneWayStreetsAreBalancedAtLeastCost(t *testing.T) {
	// A ring of one-way streets with a chord: the chord's end and its begin are joined
	// once more, along two sides of the ring.
	//
	//	3 <- 2
	//	|  / ^
	//	v v  |
	//	0 -> 1
	town := Town{X: []float64{0, 100, 100, 0}, Y: []float64{0, 0, 100, 100}}
	for _, s := range [][2]int32{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {2, 0}} {
		town.Streets = append(town.Streets, Street{s[0], s[1], false})
		town.Ways = append(town.Ways, Way{s[0], s[1], 100})
	}
	legs, err := Walk(town, 1)
	if err != nil {
		t.Fatal(err)
	}
	if least, err := Again(town); err != nil || least != 200 || again(town, legs) != 200 {
		t.Errorf("the walk spends %d, the bound is %d, want 200 (%v)", again(town, legs), least, err)
	}
}

// The judge tries every pairing of the odd places.
func TestTwoWayTownsAreWalkedAtLeastCost(t *testing.T) {
	for seed := range uint64(20) {
		town := grid(rand.New(rand.NewPCG(seed, 2)), 4, 0)
		legs, err := Walk(town, 1)
		if err != nil {
			t.Fatal(err)
		}
		far := allPairs(town)
		degree := make([]int, len(town.X))
		for _, s := range town.Streets {
			degree[s.From]++
			degree[s.To]++
		}
		var odd []int
		for v, d := range degree {
			if d%2 == 1 {
				odd = append(odd, v)
			}
		}
		best := make([]int64, 1<<len(odd))
		for set := 1; set < len(best); set++ {
			best[set] = math.MaxInt64
			i := bits.TrailingZeros(uint(set))
			for j := i + 1; j < len(odd); j++ {
				if rest := set &^ (1<<i | 1<<j); set>>j&1 == 1 && best[rest] < math.MaxInt64 {
					best[set] = min(best[set], best[rest]+far[odd[i]][odd[j]])
				}
			}
		}
		if got, want := again(town, legs), best[len(best)-1]; got != want {
			t.Errorf("seed %d: the walk spends %d between streets, the least is %d", seed, got, want)
		}
	}
}

func TestTurnsAreChosen(t *testing.T) {
	// Two rings meet in one place; turning round costs more than going on.
	town := Town{X: []float64{0, 100, 0, -100, 0}, Y: []float64{0, 0, 100, 0, -100}}
	for _, s := range [][2]int32{{0, 1}, {1, 2}, {2, 0}, {0, 3}, {3, 4}, {4, 0}} {
		town.Streets = append(town.Streets, Street{s[0], s[1], false})
		town.Ways = append(town.Ways, Way{s[0], s[1], 100})
	}
	town.Turn = func(a, b Leg) int32 {
		if a.Street == 2 && b.Street == 3 || a.Street == 5 && b.Street == 0 {
			return 1
		}
		return 50
	}
	legs, err := Walk(town, 1)
	if err != nil {
		t.Fatal(err)
	}
	var order []int32
	for _, l := range legs {
		order = append(order, l.Street)
	}
	if d := cmp.Diff([]int32{0, 1, 2, 3, 4, 5}, order); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
}

func TestTurnsOfWaysBetweenStreetsAreChosen(t *testing.T) {
	// Two rings meet in place 0; a third one is reached from there only, over a way that
	// one takes from the second ring into the first.
	town := Town{X: []float64{0, 100, 0, -100, 0, 300, 300}, Y: []float64{0, 0, 100, 0, -100, 0, 100}}
	for _, s := range [][2]int32{{0, 1}, {1, 2}, {2, 0}, {0, 3}, {3, 4}, {4, 0}, {5, 6}, {6, 5}} {
		town.Streets = append(town.Streets, Street{s[0], s[1], false})
		town.Ways = append(town.Ways, Way{s[0], s[1], 100})
	}
	town.Ways = append(town.Ways, Way{0, 5, 200}, Way{5, 0, 200})
	town.Turn = func(a, b Leg) int32 {
		switch {
		case a.Street == 5 && b.Way == 8, a.Way == 9 && b.Street == 0:
			return 0
		}
		return 50
	}
	legs, err := Walk(town, 1)
	if err != nil {
		t.Fatal(err)
	}
	var order []int32
	for _, l := range legs {
		order = append(order, l.Street)
	}
	if d := cmp.Diff([]int32{0, 1, 2, 3, 4, 5, 6, 7}, order); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
}

func TestTownsWithoutAWalkAreRefused(t *testing.T) {
	square := []float64{0, 100}
	for name, town := range map[string]Town{
		"no way back":        {X: square, Y: square, Streets: []Street{{0, 1, false}}, Ways: []Way{{0, 1, 5}}},
		"two parts":          {X: square, Y: square, Streets: []Street{{0, 0, false}, {1, 1, false}}},
		"a place off":        {X: square, Y: square, Streets: []Street{{0, 2, true}}},
		"a way that earns":   {X: square, Y: square, Streets: []Street{{0, 1, true}}, Ways: []Way{{0, 1, -5}}},
		"odd places far off": {X: square, Y: square, Streets: []Street{{0, 1, true}}},
	} {
		if legs, err := Walk(town, 1); err == nil {
			t.Errorf("%s: walked as %v", name, legs)
		}
	}
	if _, err := Walk(Town{X: square, Y: square, Streets: []Street{{0, 1, false}}}, 1); !errors.Is(err, ErrCut) {
		t.Errorf("error %v, want ErrCut", err)
	}
}

func TestCostsThereAndBack(t *testing.T) {
	town := Town{X: make([]float64, 4), Y: make([]float64, 4), Ways: []Way{{0, 1, 5}, {1, 2, 6}, {2, 0, 1}}}
	there, err := Costs(town, 0, false)
	if d := cmp.Diff([]int64{0, 5, 11, -1}, there); err != nil || d != "" {
		t.Errorf("there (-want +got): %v\n%s", err, d)
	}
	back, err := Costs(town, 0, true)
	if d := cmp.Diff([]int64{0, 7, 1, -1}, back); err != nil || d != "" {
		t.Errorf("back (-want +got): %v\n%s", err, d)
	}
}

func BenchmarkWalk(b *testing.B) {
	town := grid(rand.New(rand.NewPCG(1, 3)), 40, 0.4)
	for b.Loop() {
		if _, err := Walk(town, 2); err != nil {
			b.Fatal(err)
		}
	}
}

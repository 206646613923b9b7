package district

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"gridbeat/geo"
)

func TestCutsRunBetweenHamlets(t *testing.T) {
	//  ......          .....
	//  ......    |     .....    the line leaves both hamlets whole, though it does
	//  ......          .....    not halve their households
	g := drawnGround(600, 300)
	for i := range 30 {
		x, y := 100+20*float64(i%5), 80+25*float64(i/5)
		g.Buildings = append(g.Buildings, geo.Building{ID: fmt.Sprint(i), At: settleAt(x, y), Households: 10, Outline: settleBox(x-6, y-6, x+6, y+6)})
	}
	for i := range 20 {
		x, y := 400+20*float64(i%5), 80+25*float64(i/5)
		g.Buildings = append(g.Buildings, geo.Building{ID: fmt.Sprint(30 + i), At: settleAt(x, y), Households: 10, Outline: settleBox(x-6, y-6, x+6, y+6)})
	}
	tr, err := newTerrain(g)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := tr.cutHeavy(context.Background(), DefaultBounds, 400); err != nil || n != 1 {
		t.Fatalf("%d cuts, error %v", n, err)
	}
	if len(tr.homes) != 2 || max(tr.homes[0], tr.homes[1]) != 300 {
		t.Errorf("the parts hold %v", tr.homes)
	}
}

// TestCutsLeaveNoBlockTooHeavy: whatever stands on a block, its parts hold few enough
// households or a single building, and all are counted.
func TestCutsLeaveNoBlockTooHeavy(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		g := drawnGround(500, 300)
		sum := 0
		for i := range 1 + rng.IntN(80) {
			homes := rng.IntN(90)
			sum += homes
			g.Buildings = append(g.Buildings, geo.Building{ID: fmt.Sprint(i), At: settleAt(10+480*rng.Float64(), 10+280*rng.Float64()), Households: homes})
		}
		tr, err := newTerrain(g)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tr.cutHeavy(context.Background(), DefaultBounds, 250); err != nil {
			t.Fatal(err)
		}
		for f, homes := range tr.homes {
			if sum -= homes; homes > 250 && len(tr.inFace[f]) > 1 {
				t.Errorf("seed %d: a block of %d buildings holds %d households", seed, len(tr.inFace[f]), homes)
			}
		}
		if sum != 0 {
			t.Errorf("seed %d: %d households were lost", seed, sum)
		}
	}
}

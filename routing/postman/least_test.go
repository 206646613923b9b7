package postman

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// The judge gives every street that may be walked both ways either direction and
// balances each choice at least cost: that is what walks spend, neither more nor less.
func TestTheLeastIsNeverAboveTheBestWalks(t *testing.T) {
	met, better := 0, 0
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 9))
		town := grid(rng, 3, float64(seed%4)/4)
		for i := len(town.Streets) - 1; i > 0; i-- { // some need not be walked
			if rng.IntN(5) == 0 {
				town.Streets = append(town.Streets[:i], town.Streets[i+1:]...)
			}
		}
		for i := range town.Ways { // dearer one way than the other
			town.Ways[i].Cost += int32(rng.IntN(60))
		}
		least, err := Least(context.Background(), town)
		if err != nil {
			t.Fatal(err)
		}
		var both []int
		for i, s := range town.Streets {
			if s.Both {
				both = append(both, i)
			}
		}
		best := int64(math.MaxInt64)
		for set := range 1 << len(both) {
			turned := town
			turned.Streets = append([]Street(nil), town.Streets...)
			for k, i := range both {
				s := &turned.Streets[i]
				s.Both = false
				if set>>k&1 == 1 {
					s.From, s.To = s.To, s.From
				}
			}
			cost, err := Again(turned)
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, cost)
		}
		again, err := Again(town)
		if err != nil {
			t.Fatal(err)
		}
		if least > best || least < again {
			t.Errorf("seed %d: walks spend %d at best, the balance alone %d, and %d is told as the least", seed, best, again, least)
		}
		if least == best {
			met++
		}
		if least > again {
			better++
		}
	}
	if met < 10 || better < 35 {
		t.Errorf("of 50 towns the least is exact in %d and better than the balance in %d", met, better)
	}
}

func TestTheLeastIsThatOfThePairingWithoutOneWays(t *testing.T) {
	for seed := range uint64(20) {
		town := grid(rand.New(rand.NewPCG(seed, 2)), 4, 0)
		legs, err := Walk(town, 1)
		if err != nil {
			t.Fatal(err)
		}
		if least, err := Least(context.Background(), town); err != nil || least != again(town, legs) {
			t.Errorf("seed %d: %d is told as the least, a walk spends %d: %v", seed, least, again(town, legs), err)
		}
	}
}

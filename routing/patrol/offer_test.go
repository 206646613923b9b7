package patrol

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/paulmach/orb"

	"gridbeat/routing"
)

func TestAnOfferTradesTheLongestRouteForAllOfThem(t *testing.T) {
	several := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 61))
		streets, rules := randomTown(r, 5)
		n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
		if err != nil {
			t.Fatal(err)
		}
		depot, ok := n.NearestVertex(at(0, 0), 2000)
		if !ok {
			return
		}
		in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b", "c"}, Depots: []orb.Point{depot}, Shift: 2 * time.Hour}
		offer, err := Offer(context.Background(), in, quick, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(offer) > 1 {
			several++
		}
		for i, p := range offer {
			if err := newJudge(in, rules).check(p); err != nil {
				t.Fatalf("plan %d: %v", i, err)
			}
			longest, all := p.seconds()
			if longest > in.Shift.Seconds() || p.Bound.Seconds() > longest+0.001 {
				t.Fatalf("plan %d: longest %.0f s, bound %v", i, longest, p.Bound)
			}
			if i == 0 {
				continue
			}
			if l, s := offer[i-1].seconds(); longest < l || all >= s || p.ID == offer[i-1].ID {
				t.Fatalf("plan %s of %.0f and %.0f s after %s of %.0f and %.0f s", p.ID, longest, all, offer[i-1].ID, l, s)
			}
		}
	})
	if several == 0 {
		t.Error("no offer had two plans")
	}
}

func TestWrongOffersAreRefused(t *testing.T) {
	for _, n := range []int{0, 1, 21} {
		if _, err := Offer(context.Background(), Input{}, quick, n); err == nil {
			t.Errorf("an offer of %d plans is taken", n)
		}
	}
}

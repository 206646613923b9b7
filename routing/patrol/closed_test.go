package patrol

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/routing"
)

func TestClosedStreetsAreNeitherDrivenNorPassed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 41))
		streets, rules := randomTown(r, 4)
		var in Input
		in.Area, in.Units, in.Shift = rectangle(-50, -50, 2000, 2000), []string{"a", "b"}, time.Hour
		var err error
		if in.Network, err = routing.NewNetwork(streets, nil, rules, routing.Profiles[r.IntN(len(routing.Profiles))]); err != nil {
			t.Fatal(err)
		}
		for range 1 + r.IntN(5) {
			in.Closed = append(in.Closed, streets[r.IntN(len(streets))].ID)
		}
		depot, ok := in.Network.Without(in.Closed).NearestVertex(at(200, 200), 2000)
		if !ok {
			return
		}
		in.Depots = []orb.Point{depot}
		o := quick
		o.Iterations = 20
		p, err := Build(context.Background(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := newJudge(in, rules).check(p); err != nil {
			t.Fatal(err)
		}
		closed := map[[2]orb.Point]string{}
		for _, s := range streets {
			for i := 1; i < len(s.Line) && slices.Contains(in.Closed, s.ID); i++ {
				closed[[2]orb.Point{s.Line[i-1], s.Line[i]}], closed[[2]orb.Point{s.Line[i], s.Line[i-1]}] = s.ID, s.ID
			}
		}
		for _, r := range p.Routes {
			for i := 1; i < len(r.Line); i++ {
				if id := closed[[2]orb.Point{r.Line[i-1], r.Line[i]}]; id != "" {
					t.Fatalf("%s drives %s, which is closed", r.Unit, id)
				}
			}
		}
		for _, m := range p.Missed {
			if slices.Contains(in.Closed, m.Street) != (m.Reason == "forbidden: the street is closed") {
				t.Fatalf("%s is missed: %s", m.Street, m.Reason)
			}
		}
	})
}

// Closing b leaves c alone.
//
//	0--a--1--b--2--c--3
func TestWhatLiesBehindAClosedStreetIsToldSo(t *testing.T) {
	p := func(k float64) orb.Point { return at(200*k, 0) }
	in := input(t, []geo.Street{
		street("a", "residential", nil, p(0), p(0.5), p(1)), street("b", "residential", nil, p(1), p(2)), street("c", "residential", nil, p(2), p(3)),
	}, nil, routing.Foot)
	in.Closed = []string{"b", "not here"}
	plan, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for _, m := range plan.Missed {
		reasons[m.Street], _, _ = strings.Cut(m.Reason, ":")
		if m.Street == "c" && !strings.Contains(m.Reason, "closed") {
			t.Errorf("c: %s", m.Reason)
		}
	}
	if len(plan.Routes) != 1 || len(reasons) != 2 || reasons["b"] != "forbidden" || reasons["c"] != "unreachable" {
		t.Errorf("%d routes; missed %v", len(plan.Routes), reasons)
	}
}

package match

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/routing"
)

// randomNetwork is a lattice of crossings 80 m apart with some streets missing,
// some one-ways and some forbidden turns.
func randomNetwork(t *rapid.T, r *rand.Rand, side int64) *routing.Network {
	plane := geo.NewPlane(orb.Point{113.5, 22.27})
	at := func(c int64) orb.Point {
		return geo.RoundE7(plane.Point(float64(c%10)*80, float64(c/10)*80))
	}
	var streets []geo.Street
	add := func(a, b int64) {
		s := geo.Street{ID: string(rune('A'+len(streets)/26)) + string(rune('a'+len(streets)%26)), Class: "residential",
			Nodes: []int64{a, b}, Line: orb.LineString{at(a), at(b)}, Tags: map[string]string{}}
		switch r.IntN(6) {
		case 0:
			return
		case 1:
			s.Tags["oneway"] = "yes"
		}
		streets = append(streets, s)
	}
	for y := range side {
		for x := range side {
			if x+1 < side {
				add(y*10+x, y*10+x+1)
			}
			if y+1 < side {
				add(y*10+x, y*10+10+x)
			}
		}
	}
	var rules []geo.Restriction
	for range side {
		a, b := r.IntN(len(streets)), r.IntN(len(streets))
		rules = append(rules, geo.Restriction{Kind: "no_left_turn", From: streets[a].ID, ViaNode: streets[a].Nodes[1], To: streets[b].ID})
	}
	n, err := routing.NewNetwork(streets, nil, rules, routing.Car)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The slow judge relaxes all turns until nothing changes, from one state at a time,
// and tries every state with every candidate.
func TestTheSearchAgreesWithTheSlowJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		o := DefaultOptions(routing.Car)
		o.Beam, o.Detour, o.Speed, o.Candidates, o.Window = 1e6, 1e6, 1e6, 1000, 1<<30
		if r.IntN(3) == 0 {
			o.Against = 2
		}
		m := New(randomNetwork(t, r, int64(2+r.IntN(2))), o)
		l := newLattice(m)
		l.reset()
		var slow []state
		var before *observation
		for k := range 4 {
			at := time.Unix(int64(k)*20, 0)
			ob := &observation{x: r.Float64()*160 - 60, y: r.Float64()*160 - 60, sigma: 10 + 10*r.Float64(), first: at, last: at, count: 1}
			cands := append([]candidate(nil), l.finder.candidates(ob)...)
			if len(cands) == 0 {
				continue
			}
			if before == nil {
				slow = l.first(ob, cands)
			} else if slow = slowStep(m, slow, before, ob, cands); len(slow) == 0 {
				return
			}
			before = ob
			l.add(ob)
			fast := l.layers[len(l.layers)-1].states
			if len(fast) != len(slow) {
				t.Fatalf("position %d: %d states, want %d", k, len(fast), len(slow))
			}
			for i := range fast {
				if fast[i].arc != slow[i].arc || math.Abs(fast[i].cost-slow[i].cost) > 1e-6 {
					t.Fatalf("position %d, arc %d: cost %g, want %g", k, fast[i].arc, fast[i].cost, slow[i].cost)
				}
			}
		}
	})
}

func slowStep(m *Matcher, before []state, from, to *observation, cands []candidate) []state {
	g, o := m.g, &m.o
	sigma := max(from.sigma, to.sigma)
	scale := o.ScaleSigma*sigma + o.ScaleStep*math.Hypot(to.x-from.x, to.y-from.y)
	var out []state
	for _, c := range cands {
		for _, a := range g.arcsOf(c.edge) {
			best := state{arc: a, cost: never}
			at := g.offset(a, c.at)
			for i := range before {
				b := &before[i]
				way, offset := never, at
				if w := slowWeights(m, b, scale)[a] + at*g.ratio(a); w < way {
					way = w
				}
				switch {
				case a == b.arc && at >= b.offset:
					way = min(way, (at-b.offset)*g.ratio(a))
				case a == b.arc && b.offset-at <= o.Back*sigma && way > 0:
					way, offset = 0, b.offset
				case g.edge[a] == g.edge[b.arc] && g.along[a] != g.along[b.arc]:
					way = min(way, math.Abs(at-g.metres[a]+b.offset)*g.ratio(b.arc)+o.Round*scale)
				}
				if cost := b.cost + way/scale; cost < best.cost {
					best.cost, best.offset = cost, offset
				}
			}
			if best.cost < never {
				d := c.away / to.sigma
				best.cost += d * d / 2
				out = append(out, best)
			}
		}
	}
	return out
}

// slowWeights is the weight from a state until each arc is entered.
func slowWeights(m *Matcher, s *state, scale float64) []float64 {
	g := m.g
	enter := make([]float64, len(g.edge))
	for a := range enter {
		enter[a] = never
	}
	relax := func(a int32, end float64) (changed bool) {
		for i := g.nextStart[a]; i < g.nextStart[a+1]; i++ {
			c := end + g.turn[i]
			if g.round[i] {
				c += m.o.Round * scale
			}
			if b := g.next[i]; c < enter[b] {
				enter[b], changed = c, true
			}
		}
		return changed
	}
	relax(s.arc, (g.metres[s.arc]-s.offset)*g.ratio(s.arc))
	for changed := true; changed; {
		changed = false
		for a := range enter {
			if enter[a] < never && relax(int32(a), enter[a]+g.weight[a]) {
				changed = true
			}
		}
	}
	return enter
}

func TestTheIndexFindsWhatLookingAtAllFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		net := randomNetwork(t, r, 3)
		ix := newIndex(net)
		x, y, reach := r.Float64()*400-200, r.Float64()*400-200, r.Float64()*150
		found := map[int32]bool{}
		ix.near(x, y, reach, func(s int32) { found[s] = true })
		for s := range int32(len(ix.edge)) {
			if away, _ := ix.nearest(s, x, y); away <= reach && !found[s] {
				t.Fatalf("the segment %d lies %g m from %g, %g and was not found within %g", s, away, x, y, reach)
			}
		}
	})
}

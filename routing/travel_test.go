package routing

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gridbeat/geo"
)

// closedJudge is a copy of the network whose turns the slow judge may trust: none into
// a closed street, and none that takes time in the quick model.
func closedJudge(t *testing.T, streets []geo.Street, rules []geo.Restriction, p Profile, turns TurnModel, closed []Edge) *Network {
	n := network(t, streets, nil, rules, p)
	for i, b := range n.next.item {
		if turns == QuickTurns {
			n.turn[i] = 0
		}
		if slices.Contains(closed, n.Edge(Arc(b))) {
			n.turn[i] = Never
		}
	}
	return n
}

func judged(n *Network, from Stop, closed []Edge) []int32 {
	if from.Arc != None {
		return slowTimes(n, from)
	}
	// Leaving a node: as from the end of an arc of no length that may go everywhere.
	enter := make([]int32, n.ArcCount())
	for b := range enter {
		enter[b] = Never
	}
	for _, b := range n.out.of(int32(from.Node)) {
		if slices.Contains(closed, n.Edge(Arc(b))) {
			continue
		}
		for c, d := range slowTimes(n, Stop{Arc: Arc(b)}) {
			if d < Never {
				enter[c] = min(enter[c], d+n.Millis(Arc(b)))
			}
		}
		enter[b] = 0
	}
	return enter
}

// reached is the judge's time to a stop.
func reached(n *Network, from, to Stop, enter []int32, closed []Edge) int32 {
	switch {
	case to.Arc != None && slices.Contains(closed, n.Edge(to.Arc)):
		return Never
	case to.Arc != None:
		return enter[to.Arc]
	case n.where(from) == to.Node:
		return 0
	}
	best := int32(Never)
	for a := range Arc(n.ArcCount()) {
		if n.Head(a) == to.Node && enter[a] < Never {
			best = min(best, enter[a]+n.Millis(a))
		}
	}
	return best
}

func TestTravelTimesAreTheJudges(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 5))
		streets, rules := randomTown(r, int64(2+r.IntN(3)))
		profile := []Profile{Foot, Car}[r.IntN(2)]
		for _, turns := range []TurnModel{ExactTurns, QuickTurns} {
			n := network(t, streets, nil, rules, profile)
			travel, err := n.NewTravel(t.Context(), turns, 1+r.IntN(2))
			if err != nil {
				t.Fatal(err)
			}
			var closed []Edge
			for range 3 {
				checkTimes(t, travel.Now(), closedJudge(t, streets, rules, profile, turns, closed), closed, r)
				e := Edge(r.IntN(n.Edges()))
				change := travel.Close
				if i := slices.Index(closed, e); i >= 0 {
					change, closed = travel.Open, slices.Delete(closed, i, i+1)
				} else {
					closed = append(closed, e)
				}
				if err := change(e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func checkTimes(t *testing.T, now *Times, judge *Network, closed []Edge, r *rand.Rand) {
	t.Helper()
	n := now.Network()
	var stops []Stop
	for a := range Arc(n.ArcCount()) {
		stops = append(stops, Stop{Arc: a})
	}
	for v := range Node(n.Nodes()) {
		stops = append(stops, Stop{Arc: None, Node: v})
	}
	table, err := now.Table(t.Context(), stops, stops, 2)
	if err != nil {
		t.Fatal(err)
	}
	enter := make([][]int32, len(stops))
	for i, from := range stops {
		enter[i] = judged(judge, from, closed)
		for j, to := range stops {
			if got, want := table[i*len(stops)+j], reached(judge, from, to, enter[i], closed); got != want {
				t.Fatalf("model %v, closed %v: from %v to %v takes %d ms, want %d", now.m.exact, closed, from, to, got, want)
			}
		}
	}
	var units []Spot
	for range 1 + r.IntN(12) {
		units = append(units, randomSpot(n, r))
	}
	fleet := now.Fleet(units)
	for range 10 {
		to := randomSpot(n, r)
		if r.IntN(3) == 0 {
			to.Edge = units[0].Edge
		}
		arrivals := fleet.Arrivals(to)
		if once := now.Once(units).Arrivals(to); !slices.Equal(once, arrivals) {
			t.Fatalf("model %v, closed %v: asked once, units get to %v in %v ms, want %v", now.m.exact, closed, to, once, arrivals)
		}
		for i, a := range arrivals {
			if want := spotTime(now, judge, enter, units[i], to, closed); a.Best() != want {
				t.Fatalf("model %v, closed %v: unit at %v gets to %v in %v ms, want %d", now.m.exact, closed, units[i], to, a, want)
			}
		}
	}
	for range 40 {
		from, to := randomSpot(n, r), randomSpot(n, r)
		if r.IntN(5) == 0 {
			to.Edge = from.Edge
		}
		want := spotTime(now, judge, enter, from, to, closed)
		if got := now.Between(from, to); got != want {
			t.Fatalf("model %v, closed %v: from %v to %v takes %d ms, want %d", now.m.exact, closed, from, to, got, want)
		}
		checkWay(t, now, judge, from, to, want)
	}
}

func randomSpot(n *Network, r *rand.Rand) Spot {
	e := Edge(r.IntN(n.Edges()))
	return Spot{e, n.Metres(e) * geo.Metres(r.Float64())}
}

// spotTime is the judge's time between two spots.
func spotTime(now *Times, judge *Network, enter [][]int32, from, to Spot, closed []Edge) int32 {
	best := int32(Never)
	if slices.Contains(closed, to.Edge) {
		return best
	}
	for _, a := range judge.Arcs(from.Edge, nil) {
		if int(a) >= len(judge.out.item) {
			continue
		}
		for _, b := range judge.Arcs(to.Edge, nil) {
			if enter[a][b] < Never {
				best = min(best, judge.Millis(a)-judge.Elapsed(a, from)+enter[a][b]+judge.Elapsed(b, to))
			}
			if d := judge.Elapsed(b, to) - judge.Elapsed(b, from); a == b && d >= 0 {
				best = min(best, d)
			}
		}
	}
	return best
}

// checkWay adds up a way's arcs and looks whether its line is unbroken.
func checkWay(t *testing.T, now *Times, judge *Network, from, to Spot, want int32) {
	t.Helper()
	w, ok := now.Path(from, to)
	if ok != (want < Never) || w.Millis != want {
		t.Fatalf("the way takes %d ms (%v), want %d", w.Millis, ok, want)
	}
	if !ok {
		return
	}
	last := w.Arcs[len(w.Arcs)-1]
	sum := judge.Elapsed(last, to)
	if len(w.Arcs) == 1 {
		sum -= judge.Elapsed(last, from)
	}
	var metres geo.Metres
	for i, a := range w.Arcs[1:] {
		before := w.Arcs[i]
		c, ok := judge.Turn(before, a)
		if !ok {
			// The quick model names arcs of either memory at the start and the end.
			if c, ok = 0, !now.m.exact && judge.Head(before) == judge.Tail(a); !ok {
				t.Fatalf("the way turns from %d into %d", before, a)
			}
		}
		sum += c
		if i == 0 {
			sum += judge.Millis(before) - judge.Elapsed(before, from)
			metres += geo.Metres(float64(judge.Metres(judge.Edge(before))))
		} else {
			sum += judge.Millis(before)
		}
	}
	if sum != want {
		t.Fatalf("the way's arcs take %d ms, want %d", sum, want)
	}
	checkLine(t, judge, w, from, to)
}

func checkLine(t *testing.T, n *Network, w Way, from, to Spot) {
	t.Helper()
	var want geo.Metres
	if len(w.Arcs) == 1 {
		want = max(from.Offset-to.Offset, to.Offset-from.Offset)
	} else {
		for i, a := range w.Arcs {
			switch i {
			case 0:
				want += max(from.Offset-n.side(a, true), n.side(a, true)-from.Offset)
			case len(w.Arcs) - 1:
				want += max(to.Offset-n.side(a, false), n.side(a, false)-to.Offset)
			default:
				want += n.Metres(n.Edge(a))
			}
		}
	}
	if got := n.plane.Length(w.Line); got < want-0.1 || got > want+0.1 {
		t.Fatalf("the way's line is %.2f m long, its arcs %.2f", got, want)
	}
}

func TestTimesHandedOutStayAsTheyWere(t *testing.T) {
	// 01-02-03, a street of two edges with a way round over 13 and 12.
	streets := town(map[string][]int64{"a": {1, 2, 3}, "b": {1, 11, 12, 13, 3}, "c": {2, 12}}, nil)
	n := network(t, streets, nil, nil, Car)
	travel, err := n.NewTravel(t.Context(), ExactTurns, 1)
	if err != nil {
		t.Fatal(err)
	}
	a12, a23 := n.Edge(arcOf(t, n, "a", 1, 2)), n.Edge(arcOf(t, n, "a", 2, 3))
	from, to := Spot{a12, 50}, Spot{a23, 50}
	before := travel.Now()
	direct := before.Between(from, to)
	if whole := n.Millis(arcOf(t, n, "a", 1, 2)); direct < whole-1 || direct > whole+1 {
		t.Fatalf("100 m straight on take %d ms", direct)
	}
	if err := travel.Close(a23); err != nil {
		t.Fatal(err)
	}
	if d := travel.Now().Between(from, to); d != Never {
		t.Errorf("a closed street is reached in %d ms", d)
	}
	if d := travel.Now().Between(to, from); d >= Never {
		t.Error("who stands on a closed street cannot leave")
	}
	if d := before.Between(from, to); d != direct {
		t.Errorf("times handed out before changed to %d ms", d)
	}
	if err := travel.Open(a23); err != nil {
		t.Fatal(err)
	}
	if d := travel.Now().Between(from, to); d != direct || len(travel.Now().Closed()) != 0 {
		t.Errorf("opened again it takes %d ms, want %d", d, direct)
	}
	if err := travel.Close(99); err == nil {
		t.Error("an edge that does not exist was closed")
	}
}

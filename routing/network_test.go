package routing

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
)

// town makes streets on a lattice of 100 m: a street is a list of crossings, each
// y*10+x, so that node 23 is the third from the west in the third row from the south.
func town(lists map[string][]int64, tags map[string]map[string]string) []geo.Street {
	var out []geo.Street
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		nodes, ok := lists[id]
		if !ok {
			continue
		}
		s := geo.Street{ID: id, Name: "street " + id, Class: "residential", Tags: map[string]string{}, Nodes: nodes}
		for k, v := range tags[id] {
			if k == "highway" {
				s.Class = v
			} else {
				s.Tags[k] = v
			}
		}
		for _, n := range nodes {
			s.Line = append(s.Line, crossing(n))
		}
		out = append(out, s)
	}
	return out
}

func crossing(n int64) orb.Point {
	return geo.RoundE7(geo.NewPlane(orb.Point{113.5, 22.27}).Point(float64(n%10)*100, float64(n/10)*100))
}

func network(t interface {
	Helper()
	Fatal(...any)
}, streets []geo.Street, posts []geo.Post, rules []geo.Restriction, p Profile) *Network {
	t.Helper()
	n, err := NewNetwork(streets, posts, rules, p)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// arcOf is the arc of a street between two crossings.
func arcOf(t *testing.T, n *Network, street string, from, to int64) Arc {
	t.Helper()
	for a := range Arc(n.ArcCount()) {
		if n.Street(n.Edge(a)).ID == street && same(n.At(n.Tail(a)), crossing(from)) && same(n.At(n.Head(a)), crossing(to)) {
			return a
		}
	}
	t.Fatalf("no arc of %s from %d to %d", street, from, to)
	return None
}

func TestProfilesJudgeAccess(t *testing.T) {
	street := func(class string, tags ...string) geo.Street {
		s := geo.Street{Class: class, Tags: map[string]string{}, Line: orb.LineString{{0, 0}, {1, 0}, {0, 0}}}
		for i := 0; i < len(tags); i += 2 {
			s.Tags[tags[i]] = tags[i+1]
		}
		return s
	}
	for name, c := range map[string]struct {
		street                    geo.Street
		foot, bicycle, ebike, car bool
	}{
		"a residential street is for all":                  {street("residential"), true, true, true, true},
		"a motorway is for cars":                           {street("motorway"), false, false, false, true},
		"steps are for walkers":                            {street("steps"), true, false, false, false},
		"a footway is not for cars":                        {street("footway"), true, true, true, false},
		"access=private shuts all out":                     {street("service", "access", "private"), false, false, false, false},
		"a foot tag of its own opens a private street":     {street("service", "access", "private", "foot", "yes"), true, false, false, false},
		"motor_vehicle=yes outweighs access=no":            {street("service", "access", "no", "motor_vehicle", "yes"), false, false, false, true},
		"motorcar=no outweighs motor_vehicle=yes":          {street("service", "motorcar", "no", "motor_vehicle", "yes"), true, true, true, false},
		"bicycle=no shuts bicycles out":                    {street("residential", "bicycle", "no"), true, false, false, true},
		"a closed way with area=yes is a square":           {street("pedestrian", "area", "yes"), false, false, false, false},
		"a class that is no street is nobody's":            {street("construction"), false, false, false, false},
		"an empty highway value is nobody's street either": {street(""), false, false, false, false},
	} {
		for p, want := range map[Profile]bool{Foot: c.foot, Bicycle: c.bicycle, Ebike: c.ebike, Car: c.car} {
			if got := p.Usable(c.street); got != want {
				t.Errorf("%s: %s %v, want %v", name, p, got, want)
			}
		}
	}
}

func TestOneWaysBindAllButWalkers(t *testing.T) {
	for name, c := range map[string]struct {
		tags               map[string]string
		foot, bicycle, car int
	}{
		"oneway=yes":                     {map[string]string{"oneway": "yes"}, 0, 1, 1},
		"oneway=-1":                      {map[string]string{"oneway": "-1"}, 0, -1, -1},
		"bicycles may ride against it":   {map[string]string{"oneway": "yes", "oneway:bicycle": "no"}, 0, 0, 1},
		"a roundabout":                   {map[string]string{"junction": "roundabout"}, 0, 1, 1},
		"a roundabout that is no oneway": {map[string]string{"junction": "roundabout", "oneway": "no"}, 0, 0, 0},
	} {
		s := geo.Street{Class: "residential", Tags: c.tags}
		if f, b, car := Foot.OneWay(s), Bicycle.OneWay(s), Car.OneWay(s); f != c.foot || b != c.bicycle || car != c.car {
			t.Errorf("%s: foot %d bicycle %d car %d", name, f, b, car)
		}
	}
}

// Streets a (west-east through 0 1 2) and b (south-north through 1) cross at 11.
//
//	    21
//	    |
//	10--11--12
//	    |
//	    01
var cross = map[string][]int64{"a": {10, 11, 12}, "b": {1, 11, 21}}

func TestStreetsAreCutWhereTheyMeet(t *testing.T) {
	n := network(t, town(cross, nil), nil, nil, Foot)
	if n.Nodes() != 5 || n.Edges() != 4 || n.ArcCount() != 8 {
		t.Errorf("%d nodes, %d edges, %d arcs; want 5, 4, 8", n.Nodes(), n.Edges(), n.ArcCount())
	}
	for e := range Edge(n.Edges()) {
		if m := n.Metres(e); math.Abs(float64(m)-100) > 0.1 {
			t.Errorf("edge %d has %.2f m", e, m)
		}
	}
}

func TestNodesAtOnePlaceAreOne(t *testing.T) {
	streets := town(cross, nil)
	streets[1].Nodes = []int64{1, 99, 21} // another identity, the same place
	if n := network(t, streets, nil, nil, Foot); n.Edges() != 4 {
		t.Errorf("%d edges, want 4", n.Edges())
	}
}

func TestSplitCutsAtVerticesOnly(t *testing.T) {
	n := network(t, town(map[string][]int64{"a": {10, 11, 12, 13}}, nil), nil, nil, Foot)
	if n.Edges() != 1 {
		t.Fatalf("%d edges, want 1", n.Edges())
	}
	m := n.Split([]orb.Point{crossing(12), {113.6, 22.3}})
	if m.Edges() != 2 {
		t.Errorf("%d edges after the cut, want 2", m.Edges())
	}
	if v, ok := m.NodeAt(crossing(12)); !ok || !same(m.At(v), crossing(12)) {
		t.Error("no node where the network was cut")
	}
	if _, ok := m.NodeAt(crossing(11)); ok {
		t.Error("a node where the network was not cut")
	}
}

func TestPostsCloseTheSegmentsBesideThemToCars(t *testing.T) {
	posts := []geo.Post{{Node: 12, At: crossing(12), Tags: map[string]string{"barrier": "bollard"}}}
	streets := town(map[string][]int64{"a": {10, 11, 12, 13, 14}}, nil)
	var metres geo.Metres
	n := network(t, streets, posts, nil, Car)
	for e := range Edge(n.Edges()) {
		metres += n.Metres(e)
	}
	if n.Edges() != 2 || math.Abs(float64(metres)-200) > 0.5 {
		t.Errorf("%d edges, %.0f m for cars; want 2 of 200 m", n.Edges(), metres)
	}
	if n := network(t, streets, posts, nil, Foot); n.Edges() != 1 {
		t.Errorf("%d edges for walkers, want 1", n.Edges())
	}
}

func TestTurnRestrictionsOverANode(t *testing.T) {
	streets := town(map[string][]int64{"a": {10, 11}, "b": {11, 12}, "c": {11, 21}, "d": {11, 1}}, nil)
	for name, c := range map[string]struct {
		rule geo.Restriction
		want map[string]bool // may one go on into the street?
	}{
		"no_left_turn takes one turn away": {
			geo.Restriction{Kind: "no_left_turn", From: "a", ViaNode: 11, To: "c"},
			map[string]bool{"a": true, "b": true, "c": false, "d": true}},
		"only_straight_on leaves one turn": {
			geo.Restriction{Kind: "only_straight_on", From: "a", ViaNode: 11, To: "b"},
			map[string]bool{"a": false, "b": true, "c": false, "d": false}},
		"no_u_turn forbids to come back": {
			geo.Restriction{Kind: "no_u_turn", From: "a", ViaNode: 11, To: "a"},
			map[string]bool{"a": false, "b": true, "c": true, "d": true}},
		"an exception frees cars": {
			geo.Restriction{Kind: "no_left_turn", From: "a", ViaNode: 11, To: "c", Except: []string{"motorcar"}},
			map[string]bool{"a": true, "b": true, "c": true, "d": true}},
		"another node binds nobody here": {
			geo.Restriction{Kind: "no_left_turn", From: "a", ViaNode: 10, To: "c"},
			map[string]bool{"a": true, "b": true, "c": true, "d": true}},
	} {
		n := network(t, streets, nil, []geo.Restriction{c.rule}, Car)
		from := arcOf(t, n, "a", 10, 11)
		for street, to := range map[string]int64{"a": 10, "b": 12, "c": 21, "d": 1} {
			if _, ok := n.Turn(from, arcOf(t, n, street, 11, to)); ok != c.want[street] {
				t.Errorf("%s: into %s %v, want %v", name, street, ok, c.want[street])
			}
		}
	}
}

// A dual carriageway: who comes along a may not turn round over the link v into e.
//
//	30 <-e- 31 <-f- 32
//	        ^
//	        v
//	        |
//	10 -a-> 11 -b-> 12
func TestTurnRestrictionsOverAWay(t *testing.T) {
	one := map[string]string{"oneway": "yes"}
	streets := town(map[string][]int64{"a": {10, 11}, "b": {11, 12}, "c": {11, 31}, "e": {31, 30}, "f": {32, 31}, "g": {12, 32}, "h": {30, 10}},
		map[string]map[string]string{"a": one, "b": one, "e": one, "f": one})
	rules := []geo.Restriction{{Kind: "no_u_turn", From: "a", ViaWays: []string{"c"}, To: "e"}}
	to := func(n *Network) (int, bool) {
		arcs, _, ok := n.NewFinder().Path(Stop{Arc: arcOf(t, n, "a", 10, 11)}, Stop{Arc: arcOf(t, n, "e", 31, 30)})
		return len(arcs), ok
	}
	if k, ok := to(network(t, streets, nil, nil, Car)); !ok || k != 1 {
		t.Errorf("without the rule %d arcs lie between, %v; want 1", k, ok)
	}
	n := network(t, streets, nil, rules, Car)
	if k, ok := to(n); !ok || k != 3 {
		t.Errorf("with the rule %d arcs lie between, %v; want 3 (b, g, f)", k, ok)
	}
	if n.ArcCount() != 11 {
		t.Errorf("%d arcs, want 10 and a copy", n.ArcCount())
	}
	// Who comes from elsewhere may turn.
	if _, ok := n.Turn(arcOf(t, n, "c", 11, 31), arcOf(t, n, "e", 31, 30)); !ok {
		t.Error("the plain arc of the via street lost its turn")
	}
}

func TestUTurnsCostMoreWhereAnotherWayLeadsOn(t *testing.T) {
	n := network(t, town(cross, nil), nil, nil, Foot)
	mid, _ := n.Turn(arcOf(t, n, "a", 10, 11), arcOf(t, n, "a", 11, 10))
	end, _ := n.Turn(arcOf(t, n, "a", 11, 12), arcOf(t, n, "a", 12, 11))
	if mid != 20_000 || end != 0 {
		t.Errorf("U-turns cost %d ms at the crossing and %d at the end", mid, end)
	}
}

func TestSnapFindsThePlaceOnTheStreet(t *testing.T) {
	n := network(t, town(cross, nil), nil, nil, Foot)
	x, y := n.Plane().XY(crossing(11))
	s, ok := n.Snap(n.Plane().Point(x+30, y+7), 50)
	if !ok || math.Abs(float64(s.Away)-7) > 0.1 || math.Abs(float64(s.Offset)-30) > 0.1 {
		t.Errorf("snapped to %+v, %v; want 30 m along, 7 m away", s, ok)
	}
	if _, ok := n.Snap(n.Plane().Point(x+3000, y), 50); ok {
		t.Error("snapped to a street beyond the limit")
	}
	if v, ok := n.NearestVertex(n.Plane().Point(x+30, y+7), 300); !ok || !same(v, crossing(11)) {
		t.Errorf("nearest vertex %v, %v", v, ok)
	}
	if _, ok := n.NearestVertex(n.Plane().Point(x+3000, y), 300); ok {
		t.Error("found a vertex beyond the limit")
	}
}

func TestTheMainPartLeavesIslandsAndTrapsOut(t *testing.T) {
	one := map[string]string{"oneway": "yes"}
	// c leads out of the town and never back; d is an island.
	n := network(t, town(map[string][]int64{"a": {10, 11, 12}, "b": {1, 11, 21}, "c": {12, 13}, "d": {44, 45}},
		map[string]map[string]string{"c": one}), nil, nil, Car)
	for e := range Edge(n.Edges()) {
		want := n.Street(e).ID == "a" || n.Street(e).ID == "b"
		if n.EdgeMain(e) != want {
			t.Errorf("street %s in the main part: %v", n.Street(e).ID, !want)
		}
	}
}

func TestBadStreetsAndProfilesAreRefused(t *testing.T) {
	var bad *geo.InputError
	streets := town(cross, nil)
	streets[0].Nodes = streets[0].Nodes[:2]
	if _, err := NewNetwork(streets, nil, nil, Foot); !errors.As(err, &bad) {
		t.Errorf("a street without nodes gives %v", err)
	}
	if _, err := NewNetwork(nil, nil, nil, "boat"); !errors.As(err, &bad) {
		t.Errorf("an unknown profile gives %v", err)
	}
}

// randomTown is a lattice of side by side crossings with some segments missing,
// some one-ways and some restrictions.
func randomTown(r *rand.Rand, side int64) ([]geo.Street, []geo.Restriction) {
	var streets []geo.Street
	add := func(a, b int64) {
		s := geo.Street{ID: string(rune('A'+len(streets)/26)) + string(rune('a'+len(streets)%26)), Class: "residential",
			Nodes: []int64{a, b}, Line: orb.LineString{crossing(a), crossing(b)}, Tags: map[string]string{}}
		switch r.IntN(8) {
		case 0:
			return
		case 1:
			s.Tags["oneway"] = "yes"
		case 2:
			s.Tags["oneway"] = "-1"
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
		a, b, c := r.IntN(len(streets)), r.IntN(len(streets)), r.IntN(len(streets))
		kind := []string{"no_left_turn", "only_straight_on"}[r.IntN(2)]
		rules = append(rules,
			geo.Restriction{Kind: kind, From: streets[a].ID, ViaNode: streets[a].Nodes[r.IntN(2)], To: streets[b].ID},
			geo.Restriction{Kind: "no_u_turn", From: streets[a].ID, ViaWays: []string{streets[c].ID}, To: streets[b].ID})
	}
	return streets, rules
}

// The slow judge relaxes all turns until nothing changes (Bellman and Ford).
func TestTableAndPathAgreeWithTheSlowJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		streets, rules := randomTown(r, int64(2+r.IntN(3)))
		n := network(t, streets, nil, rules, []Profile{Foot, Car}[r.IntN(2)])
		var stops []Stop
		for a := range Arc(n.ArcCount()) {
			stops = append(stops, Stop{Arc: a})
		}
		for v := range Node(n.Nodes()) {
			stops = append(stops, Stop{Arc: None, Node: v})
		}
		table, err := n.Table(context.Background(), stops, stops, 2)
		if err != nil {
			t.Fatal(err)
		}
		finder := n.NewFinder()
		for i, from := range stops {
			slow := slowTimes(n, from)
			for j, to := range stops {
				want := int32(Never)
				switch {
				case to.Arc != None:
					want = slow[to.Arc]
				case n.where(from) == to.Node:
					want = 0
				default:
					for a := range Arc(n.ArcCount()) {
						if n.Head(a) == to.Node && slow[a] < Never {
							want = min(want, slow[a]+n.Millis(a))
						}
					}
				}
				if got := table[i*len(stops)+j]; got != want {
					t.Fatalf("from %v to %v takes %d ms, want %d", from, to, got, want)
				}
				path, millis, ok := finder.Path(from, to)
				if ok != (want < Never) || ok && millis != want {
					t.Fatalf("the path from %v to %v takes %d ms, %v; want %d", from, to, millis, ok, want)
				}
				if ok {
					checkPath(t, n, from, to, path, want)
				}
			}
		}
	})
}

func slowTimes(n *Network, from Stop) []int32 {
	enter := make([]int32, n.ArcCount())
	for b := range Arc(n.ArcCount()) {
		enter[b] = Never
		if from.Arc != None {
			if c, ok := n.Turn(from.Arc, b); ok {
				enter[b] = c
			}
		} else if int(b) < len(n.out.item) && n.Tail(b) == from.Node {
			enter[b] = 0
		}
	}
	for changed := true; changed; {
		changed = false
		for a := range Arc(n.ArcCount()) {
			for _, b := range n.next.of(int32(a)) {
				if c, _ := n.Turn(a, Arc(b)); enter[a] < Never && enter[a]+n.Millis(a)+c < enter[b] {
					enter[b], changed = enter[a]+n.Millis(a)+c, true
				}
			}
		}
	}
	return enter
}

func checkPath(t *rapid.T, n *Network, from, to Stop, path []Arc, want int32) {
	sum := int32(0)
	before := from.Arc
	if to.Arc != None {
		path = append(path, to.Arc)
	}
	for i, a := range path {
		if before == None {
			if n.Tail(a) != from.Node {
				t.Fatalf("the path leaves %d instead of %d", n.Tail(a), from.Node)
			}
		} else {
			c, ok := n.Turn(before, a)
			if !ok {
				t.Fatalf("the path turns from %d into %d", before, a)
			}
			sum += c
		}
		if to.Arc == None || i+1 < len(path) {
			sum += n.Millis(a)
		}
		before = a
	}
	if to.Arc == None && before != None && n.Head(before) != to.Node {
		t.Fatalf("the path ends at %d instead of %d", n.Head(before), to.Node)
	}
	if sum != want {
		t.Fatalf("the path's arcs take %d ms, want %d", sum, want)
	}
}

func BenchmarkTable(b *testing.B) {
	streets, rules := randomTown(rand.New(rand.NewPCG(1, 1)), 10)
	n, err := NewNetwork(streets, nil, rules, Car)
	if err != nil {
		b.Fatal(err)
	}
	var stops []Stop
	for a := range Arc(n.ArcCount()) {
		stops = append(stops, Stop{Arc: a})
	}
	for b.Loop() {
		if _, err := n.Table(context.Background(), stops, stops, 1); err != nil {
			b.Fatal(err)
		}
	}
}

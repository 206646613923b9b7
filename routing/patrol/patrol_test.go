package patrol

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/routing"
)

var plane = geo.NewPlane(orb.Point{113.5, 22.27})

// at is the place x, y metres from the town's south-west corner.
func at(x, y float64) orb.Point { return geo.RoundE7(plane.Point(x, y)) }

// street is a line through places; places are its nodes.
func street(id, class string, tags map[string]string, line ...orb.Point) geo.Street {
	s := geo.Street{ID: id, Name: "street " + id, Class: class, Tags: tags, Line: line}
	for _, p := range line {
		s.Nodes = append(s.Nodes, int64(math.Round(p[0]*geo.E7))<<32+int64(math.Round(p[1]*geo.E7)))
	}
	return s
}

func rectangle(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}}}
}

func input(t interface {
	Helper()
	Fatal(...any)
}, streets []geo.Street, rules []geo.Restriction, p routing.Profile) Input {
	t.Helper()
	n, err := routing.NewNetwork(streets, nil, rules, p)
	if err != nil {
		t.Fatal(err)
	}
	return Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"one", "two"}, Depots: []orb.Point{at(0, 0)}, Shift: time.Hour}
}

var quick = Options{Seed: 1, Iterations: 400, ID: "p1"}

// randomTown is a lattice of 150 m with gaps, one-ways, footways and private roads,
// and some turn restrictions.
func randomTown(r *rand.Rand, side int) ([]geo.Street, []geo.Restriction) {
	var streets []geo.Street
	add := func(a, b orb.Point) {
		tags, class := map[string]string{}, "residential"
		switch r.IntN(12) {
		case 0:
			return
		case 1:
			tags["oneway"] = "yes"
		case 2:
			tags["oneway"] = "-1"
		case 3:
			class = "footway"
		case 4:
			tags["access"] = "private"
		}
		mid := geo.RoundE7(orb.Point{(a[0] + b[0]) / 2, (a[1]+b[1])/2 + 0.0001})
		streets = append(streets, street(fmt.Sprintf("w%d", len(streets)), class, tags, a, mid, b))
	}
	for y := range side {
		for x := range side {
			p := at(float64(150*x), float64(150*y))
			if x+1 < side {
				add(p, at(float64(150*x+150), float64(150*y)))
			}
			if y+1 < side {
				add(p, at(float64(150*x), float64(150*y+150)))
			}
		}
	}
	var rules []geo.Restriction
	for range side {
		a, b := streets[r.IntN(len(streets))], streets[r.IntN(len(streets))]
		via := a.Nodes[0]
		if r.IntN(2) == 0 {
			via = a.Nodes[len(a.Nodes)-1]
		}
		rules = append(rules, geo.Restriction{Kind: []string{"no_left_turn", "only_straight_on"}[r.IntN(2)], From: a.ID, ViaNode: via, To: b.ID})
	}
	return streets, rules
}

// judge is a slow and plain check of a plan against its input.
type judge struct {
	in      Input
	streets []geo.Street
	rules   []geo.Restriction
	piece   map[[2]orb.Point]int // segment in the street's direction -> street
}

func newJudge(in Input, rules []geo.Restriction) *judge {
	j := &judge{in: in, streets: in.Network.Streets(), rules: rules, piece: map[[2]orb.Point]int{}}
	for i, s := range j.streets {
		for k := 1; k < len(s.Line); k++ {
			j.piece[[2]orb.Point{s.Line[k-1], s.Line[k]}] = i
		}
	}
	return j
}

func (j *judge) check(p *Plan) error {
	driven := map[[2]orb.Point]bool{}
	taken := map[string]bool{}
	for _, r := range p.Routes {
		name := fmt.Sprintf("%s in shift %d", r.Unit, r.Shift)
		if taken[name] {
			return fmt.Errorf("two routes of %s", name)
		}
		taken[name] = true
		if err := j.route(r, driven); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	lost := map[[2]orb.Point]bool{}
	for _, m := range p.Missed {
		if m.Reason == "" {
			return fmt.Errorf("%s is missed without a reason", m.Street)
		}
		for k := 1; k < len(m.Line); k++ {
			lost[[2]orb.Point{m.Line[k-1], m.Line[k]}] = true
		}
	}
	for _, s := range j.streets {
		for k := 1; k < len(s.Line); k++ {
			seg := [2]orb.Point{s.Line[k-1], s.Line[k]}
			back := [2]orb.Point{seg[1], seg[0]}
			if Wanted(s) && !driven[seg] && !driven[back] && !lost[seg] {
				return fmt.Errorf("%s is neither driven nor missed", s.ID)
			}
			if lost[seg] && (driven[seg] || driven[back]) {
				return fmt.Errorf("%s is driven and missed", s.ID)
			}
		}
	}
	return nil
}

func (j *judge) route(r Route, driven map[[2]orb.Point]bool) error {
	if len(r.Line) < 2 || r.Line[0] != r.Line[len(r.Line)-1] {
		return errors.New("does not return to where it began")
	}
	if d := geo.Distance(r.Line[0], r.Depot); d > 300 {
		return fmt.Errorf("begins %.0f m from its depot", d)
	}
	before := -1
	for k := 1; k < len(r.Line); k++ {
		seg := [2]orb.Point{r.Line[k-1], r.Line[k]}
		driven[seg] = true
		i, along := j.piece[seg]
		way := 1
		if !along {
			var ok bool
			if i, ok = j.piece[[2]orb.Point{seg[1], seg[0]}]; !ok {
				return fmt.Errorf("%v is no piece of a street", seg)
			}
			way = -1
		}
		profile := j.in.Network.Profile()
		if o := profile.OneWay(j.streets[i]); o != 0 && o != way {
			return fmt.Errorf("%s is driven against its one-way", j.streets[i].ID)
		}
		if !profile.Usable(j.streets[i]) {
			return fmt.Errorf("%s may not be used", j.streets[i].ID)
		}
		if profile == routing.Car && before >= 0 {
			for _, rule := range j.rules {
				if j.breaks(rule, before, i, seg[0]) {
					return fmt.Errorf("%s is broken from %s to %s", rule.Kind, j.streets[before].ID, j.streets[i].ID)
				}
			}
		}
		before = i
	}
	if m := float64(geo.Length(r.Line)); math.Abs(m-r.Metres) > 0.02*m {
		return fmt.Errorf("states %.0f m, has %.0f", r.Metres, m)
	}
	if r.Seconds <= 0 || r.Seconds > j.in.Shift.Seconds() {
		return fmt.Errorf("takes %.0f s of %v", r.Seconds, j.in.Shift)
	}
	metres, seconds := 0.0, 0.0
	for _, s := range r.Steps {
		metres, seconds = metres+s.Metres, seconds+s.Seconds
	}
	if math.Abs(metres-r.Metres) > 0.01 || math.Abs(seconds-r.Seconds) > 0.01 {
		return fmt.Errorf("steps have %.1f m, %.1f s; the route %.1f and %.1f", metres, seconds, r.Metres, r.Seconds)
	}
	return nil
}

func (j *judge) breaks(rule geo.Restriction, from, to int, via orb.Point) bool {
	a, b := j.streets[from], j.streets[to]
	ends := func(s geo.Street) bool { return s.Line[0] == via || s.Line[len(s.Line)-1] == via }
	if a.ID != rule.From || !ends(a) || from == to && b.ID != rule.To {
		return false
	}
	node := int64(math.Round(via[0]*geo.E7))<<32 + int64(math.Round(via[1]*geo.E7))
	for _, s := range j.streets {
		if s.ID == rule.To && !ends(s) {
			return false
		}
	}
	return node == rule.ViaNode && (b.ID == rule.To) == strings.HasPrefix(rule.Kind, "no_")
}

func TestPlansOfRandomTownsKeepEveryRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkTown(t, rapid.Uint64().Draw(t, "seed")) })
}

// checkTown plans for a random town and holds the plan against every rule.
func checkTown(t interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	streets, rules := randomTown(r, 3+r.IntN(3))
	in := input(t, streets, rules, routing.Profiles[r.IntN(4)])
	in.Shift = time.Duration(20+r.IntN(60)) * time.Minute
	p, err := Build(context.Background(), in, quick)
	var bad *geo.InputError
	if errors.As(err, &bad) && bad.Findings[0].Rule == "depot-far" {
		return // the corner of this town is cut off
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := newJudge(in, rules).check(p); err != nil {
		t.Fatal(err)
	}
	longest := 0.0
	for _, route := range p.Routes {
		longest = max(longest, route.Seconds)
	}
	if p.Bound.Seconds() > longest+0.001 {
		t.Fatalf("bound %v above the longest route, %.1f s", p.Bound, longest)
	}
}

func TestSmallTownsAreDrivenAsOneWouldByHand(t *testing.T) {
	// A square of 200 m: one unit walks round it once.
	square := []geo.Street{street("w1", "residential", nil, at(0, 0), at(200, 0), at(200, 200), at(0, 200), at(0, 0))}
	// A street of 300 m that ends: there and back.
	deadEnd := []geo.Street{street("w1", "residential", nil, at(0, 0), at(150, 0), at(300, 0))}
	for name, c := range map[string]struct {
		streets []geo.Street
		metres  float64
		turns   []string
	}{
		"a square is walked round": {square, 800, []string{"depart", "arrive"}},
		"a dead end is turned at":  {deadEnd, 600, []string{"depart", "u_turn", "arrive"}},
	} {
		in := input(t, c.streets, nil, routing.Foot)
		in.Units = in.Units[:1]
		p, err := Build(context.Background(), in, quick)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var turns []string
		for _, s := range p.Routes[0].Steps {
			turns = append(turns, s.Turn)
		}
		if len(p.Routes) != 1 || math.Abs(p.RouteMetres-c.metres) > 1 || !cmp.Equal(turns, c.turns) {
			t.Errorf("%s: %d routes, %.0f m, %v; want %.0f m, %v", name, len(p.Routes), p.RouteMetres, turns, c.metres, c.turns)
		}
	}
}

func TestStreetsThatCannotBeCoveredAreListedWithTheReason(t *testing.T) {
	one := map[string]string{"oneway": "yes"}
	streets := []geo.Street{
		street("w1", "residential", nil, at(0, 0), at(200, 0), at(200, 200), at(0, 200), at(0, 0)),
		street("w2", "residential", nil, at(900, 900), at(1000, 900)),
		street("w3", "service", one, at(200, 0), at(400, 0)),
		street("w4", "service", map[string]string{"motor_vehicle": "no"}, at(0, 0), at(0, -40)),
		street("w5", "unclassified", nil, at(200, 200), at(1000, 200), at(1900, 200)),
		street("w6", "service", map[string]string{"service": "driveway"}, at(0, 200), at(0, 240)),
	}
	in := input(t, streets, nil, routing.Car)
	in.Shift = 6 * time.Minute
	p, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range p.Missed {
		got[m.Street], _, _ = strings.Cut(m.Reason, ":")
	}
	want := map[string]string{"w2": "unreachable", "w3": "unreachable", "w4": "forbidden", "w5": "beyond shift"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("missed streets (-want +got):\n%s", d)
	}
	if err := newJudge(in, nil).check(p); err != nil {
		t.Error(err)
	}
}

func TestShiftsAreAddedUntilTheyHoldAllStreets(t *testing.T) {
	streets, _ := randomTown(rand.New(rand.NewPCG(4, 4)), 6)
	in := input(t, streets, nil, routing.Foot)
	in.Shift = 30 * time.Minute
	p, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	if err := newJudge(in, nil).check(p); err != nil {
		t.Error(err)
	}
	least := int(math.Ceil(p.StreetMetres / 1.2 / in.Shift.Seconds() / 2))
	if p.Shifts < max(2, least) || p.Shifts > 3*least {
		t.Errorf("%d shifts for work of at least %d", p.Shifts, least)
	}
}

func TestOnlyTheAreaIsCovered(t *testing.T) {
	// The street leaves the area at x = 310 between its vertices at 300 and 400.
	streets := []geo.Street{street("w1", "residential", nil, at(0, 0), at(100, 0), at(200, 0), at(300, 0), at(400, 0), at(500, 0), at(900, 0))}
	in := input(t, streets, nil, routing.Foot)
	in.Area = rectangle(-50, -50, 310, 50)
	in.Units = in.Units[:1]
	p, err := Build(context.Background(), in, quick)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.StreetMetres-310) > 1 || math.Abs(p.RouteMetres-800) > 1 {
		t.Errorf("%.0f m to cover, %.0f driven; want 310 and 800 (to the vertex at 400 and back)", p.StreetMetres, p.RouteMetres)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	streets, _ := randomTown(rand.New(rand.NewPCG(4, 4)), 3)
	for name, c := range map[string]struct {
		spoil func(*Input)
		rule  string
	}{
		"no units":                  {func(in *Input) { in.Units = nil }, "units"},
		"a unit twice":              {func(in *Input) { in.Units = []string{"a", "a"} }, "unit-name"},
		"no depot":                  {func(in *Input) { in.Depots = nil }, "depots"},
		"a depot far away":          {func(in *Input) { in.Depots = []orb.Point{at(9000, 9000)} }, "depot-far"},
		"swapped axes":              {func(in *Input) { in.Depots = []orb.Point{{22.27, 113.5}} }, "depot-position"},
		"a depot that is no number": {func(in *Input) { in.Depots = []orb.Point{{math.NaN(), 22}} }, "depot-position"},
		"no time":                   {func(in *Input) { in.Shift = 0 }, "shift"},
	} {
		in := input(t, streets, nil, routing.Foot)
		c.spoil(&in)
		_, err := Build(context.Background(), in, quick)
		var bad *geo.InputError
		if !errors.As(err, &bad) || bad.Findings[0].Rule != c.rule {
			t.Errorf("%s gives %v, want rule %s", name, err, c.rule)
		}
	}
	in := input(t, streets, nil, routing.Foot)
	in.Area = rectangle(5000, 5000, 6000, 6000)
	if _, err := Build(context.Background(), in, quick); !errors.Is(err, ErrNothing) {
		t.Errorf("an area without streets gives %v", err)
	}
}

func TestTheSameSeedGivesTheSamePlan(t *testing.T) {
	streets, rules := randomTown(rand.New(rand.NewPCG(9, 4)), 6)
	in := input(t, streets, rules, routing.Bicycle)
	o := quick
	one, err := Build(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Threads = 2
	two, err := Build(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one, two); d != "" {
		t.Errorf("plans differ:\n%s", d)
	}
}

func TestClipKeepsDigitsInsideAndEndsAtTheBorder(t *testing.T) {
	a := newArea(rectangle(0, 0, 100, 100), plane)
	in, out, back := at(50, 50), at(150, 50), at(150, 20)
	got := a.clip(orb.LineString{in, out, back, at(80, 20), at(60, 20)})
	if len(got) != 2 || got[0][0] != in || len(got[0]) != 2 || len(got[1]) != 3 {
		t.Fatalf("clipped to %v", got)
	}
	if x, _ := plane.XY(got[0][1]); math.Abs(x-100) > 0.02 {
		t.Errorf("the line leaves at %.3f m, want 100", x)
	}
	if x, _ := plane.XY(got[1][0]); math.Abs(x-100) > 0.02 {
		t.Errorf("the line comes back at %.3f m, want 100", x)
	}
}

func BenchmarkBuild(b *testing.B) {
	streets, rules := randomTown(rand.New(rand.NewPCG(1, 4)), 9)
	n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
	if err != nil {
		b.Fatal(err)
	}
	in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b"}, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour}
	for b.Loop() {
		if _, err := Build(context.Background(), in, quick); err != nil {
			b.Fatal(err)
		}
	}
}

func TestStreetsAlongTheBorderAreCovered(t *testing.T) {
	// Two areas share the border x = 100, on which a street runs; another runs along
	// the outer border.
	a := newArea(append(rectangle(0, 0, 100, 100), rectangle(100, 0, 200, 100)...), plane)
	for name, line := range map[string]orb.LineString{
		"between the areas":   {at(100, 0), at(100, 50), at(100, 100)},
		"on the outer border": {at(200, 100), at(100, 100), at(0, 100)},
		"across both":         {at(0, 50), at(200, 50)},
	} {
		sum := 0.0
		for i := 1; i < len(line); i++ {
			sum += a.metres(line[i-1], line[i], a.inside(line[i-1], line[i]))
		}
		if want := float64(plane.Length(line)); math.Abs(sum-want) > 0.01 {
			t.Errorf("%s: %.2f m of %.2f lie inside", name, sum, want)
		}
	}
}

// The judge looks at all sides of every polygon.
func TestTheAreaAgreesWithTheSlowJudge(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	var m orb.MultiPolygon
	for i := range 6 {
		var outer, hole orb.Ring
		x, y := 300*float64(i%3), 300*float64(i/3)
		for k := range 24 {
			s, c := math.Sincos(2 * math.Pi * float64(k) / 24)
			r := 60 + 80*rng.Float64()
			outer = append(outer, at(x+r*c, y+r*s))
			hole = append(hole, at(x+r*c/3, y+r*s/3))
		}
		hole.Reverse()
		m = append(m, orb.Polygon{append(outer, outer[0]), append(hole, hole[0])})
	}
	a := newArea(m, plane)
	place := func() orb.Point { return at(900*rng.Float64()-150, 600*rng.Float64()-150) }
	for i := range 3000 {
		p := place()
		if got, want := a.contains(p), planar.MultiPolygonContains(m, p); got != want {
			t.Fatalf("%v inside: %v, the judge says %v", p, got, want)
		}
		if i%30 > 0 {
			continue
		}
		q, share, want := place(), 0.0, 0.0
		for _, s := range a.inside(p, q) {
			share += s.to - s.from
		}
		const steps = 200
		for k := range steps {
			if planar.MultiPolygonContains(m, along(p, q, (float64(k)+0.5)/steps)) {
				want += 1.0 / steps
			}
		}
		if math.Abs(share-want) > 0.05 {
			t.Fatalf("%v to %v: %.3f inside, the judge says %.3f", p, q, share, want)
		}
	}
}

// The way back was counted round the block, and the route turned in a dead end.
func TestBoundsKnowThatOneTurnsInDeadEnds(t *testing.T) {
	checkTown(t, 0x4bbda96)
}

// Nothing leads into the quickest street away from this depot, for the turns one would
// have to take: no closed walk passes it, yet routes begin with it.
func TestABoundKnowsTheStreetsThatRoutesOnlyBeginWith(t *testing.T) {
	checkTown(t, 0x1d048e6)
}

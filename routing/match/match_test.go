package match_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/match"
)

// plane is that of the test towns: metres from a corner of a lattice of 100 m.
var plane = geo.NewPlane(orb.Point{113.5, 22.27})

// street is a line over crossings of the lattice, each y*10+x.
func street(id string, tags map[string]string, crossings ...int64) geo.Street {
	s := geo.Street{ID: id, Class: "residential", Tags: tags, Nodes: crossings}
	for _, c := range crossings {
		s.Line = append(s.Line, geo.RoundE7(plane.Point(float64(c%10)*100, float64(c/10)*100)))
	}
	return s
}

func town(t testing.TB, profile routing.Profile, rules []geo.Restriction, streets ...geo.Street) *routing.Network {
	t.Helper()
	n, err := routing.NewNetwork(streets, nil, rules, profile)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// walk makes a fix at each place (metres east and north), some seconds apart.
func walk(every int, places ...[2]float64) []match.Fix {
	var out []match.Fix
	for i, p := range places {
		out = append(out, match.Fix{At: began.Add(time.Duration(i*every) * time.Second), Point: plane.Point(p[0], p[1]), Sigma: 5})
	}
	return out
}

// line is places every step metres from one place to another.
func line(step, x0, y0, x1, y1 float64) (out [][2]float64) {
	length := math.Hypot(x1-x0, y1-y0)
	for d := 0.0; d <= length; d += step {
		out = append(out, [2]float64{x0 + (x1-x0)*d/length, y0 + (y1-y0)*d/length})
	}
	return out
}

// passed is the metres of each street that were passed, rounded to ten.
func passed(net *routing.Network, tracks []match.Track) map[string]int {
	out := map[string]int{}
	for id, m := range reported(net, tracks) {
		out[id] = int(math.Round(m/10)) * 10
	}
	return out
}

func matched(t testing.TB, net *routing.Network, o match.Options, fixes []match.Fix) []match.Track {
	t.Helper()
	tracks, err := match.New(net, o).Match(context.Background(), fixes)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range tracks {
		sound(t, net, k)
	}
	return tracks
}

// sound checks what must hold for every track.
func sound(t testing.TB, net *routing.Network, k match.Track) {
	t.Helper()
	if k.Until.Before(k.Since) || len(k.Passages) == 0 {
		t.Errorf("a track from %v to %v with %d passages", k.Since, k.Until, len(k.Passages))
	}
	for i, p := range k.Passages {
		if !(p.From >= 0 && p.From < p.To && p.To <= float64(net.Metres(p.Edge))+1e-6) {
			t.Errorf("passage %d is from %g to %g of %g m", i, p.From, p.To, net.Metres(p.Edge))
		}
		if p.Leave.Before(p.Enter) || p.Enter.Before(k.Since) || p.Leave.After(k.Until) {
			t.Errorf("passage %d from %v to %v, the track from %v to %v", i, p.Enter, p.Leave, k.Since, k.Until)
		}
		if !(p.Confidence > 0 && p.Confidence <= 1) {
			t.Errorf("passage %d has confidence %g", i, p.Confidence)
		}
	}
}

// The town: main street m from west to east, side street s to the north, which
// ends blind at 33.
//
//	      33
//	      |s
//	      23
//	      |
//	10-m--13----16
func blindTown(t testing.TB, profile routing.Profile) *routing.Network {
	return town(t, profile, nil, street("m", nil, 10, 11, 12, 13, 14, 15, 16), street("s", nil, 13, 23, 33))
}

func TestWhatAUnitPassed(t *testing.T) {
	net := blindTown(t, routing.Foot)
	main := line(15, 0, 100, 600, 100)
	stray := slices.Clone(main)
	stray[20] = [2]float64{300, 128} // beside the junction, 5.6 sigma off
	spur := slices.Concat(line(15, 0, 100, 300, 100), line(15, 300, 115, 300, 250), line(15, 300, 240, 300, 100), line(15, 315, 100, 600, 100))
	back := slices.Concat(line(15, 0, 100, 250, 100), line(15, 235, 100, 0, 100))
	for name, c := range map[string]struct {
		places [][2]float64
		want   map[string]int
	}{
		"a walk along the main street":                   {main, map[string]int{"m": 600}},
		"a stray position beside a junction is no visit": {stray, map[string]int{"m": 600}},
		"a way into the side street and back is one":     {spur, map[string]int{"m": 600, "s": 140}},
		"a turn inside a street":                         {back, map[string]int{"m": 240}},
		"a leap away and back":                           {slices.Concat(main[:20], [][2]float64{{300, 290}}, main[20:]), map[string]int{"m": 600}},
		"a leap at the end":                              {append(slices.Clone(main[:21]), [2]float64{300, 290}), map[string]int{"m": 300}},
		"a part of a street":                             {line(15, 100, 103, 460, 97), map[string]int{"m": 360}},
		"a unit that stands":                             {[][2]float64{{50, 100}, {52, 101}, {49, 99}, {51, 100}}, map[string]int{}},
		"nowhere near a street":                          {line(15, 0, 400, 600, 400), map[string]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := passed(net, matched(t, net, match.DefaultOptions(routing.Foot), walk(10, c.places...)))
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("metres by street (-want +got):\n%s", d)
			}
		})
	}
}

func TestHolesStayHoles(t *testing.T) {
	net := blindTown(t, routing.Foot)
	o := match.DefaultOptions(routing.Foot)
	west, east := walk(10, line(15, 0, 100, 200, 100)...), walk(10, line(15, 400, 100, 600, 100)...)
	later := func(fixes []match.Fix, by time.Duration) []match.Fix {
		fixes = slices.Clone(fixes)
		for i := range fixes {
			fixes[i].At = fixes[i].At.Add(by)
		}
		return fixes
	}
	for name, c := range map[string]struct {
		fixes  []match.Fix
		tracks int
		metres int
	}{
		"silence longer than the gap": {slices.Concat(west, later(east, 10*time.Minute)), 2, 400},
		"a shorter silence is driven": {slices.Concat(west, later(east, 3*time.Minute+30*time.Second)), 1, 600},
		"a park between the streets": {slices.Concat(west,
			later(walk(10, line(15, 200, 250, 400, 250)...), 140*time.Second), later(east, 290*time.Second)), 2, 400},
		"a lone position off all streets": {slices.Concat(walk(10, line(15, 0, 100, 300, 100)...),
			later(walk(10, [2]float64{420, 420}), 210*time.Second), later(walk(10, line(15, 315, 100, 600, 100)...), 220*time.Second)), 1, 600},
		"faster than any unit": {slices.Concat(west, later(east, 131*time.Second)), 2, 400},
	} {
		t.Run(name, func(t *testing.T) {
			tracks := matched(t, net, o, c.fixes)
			if got := passed(net, tracks)["m"]; len(tracks) != c.tracks || math.Abs(float64(got-c.metres)) > 20 {
				t.Errorf("%d tracks over %d m, want %d over %d", len(tracks), got, c.tracks, c.metres)
			}
		})
	}
}

// A one-way square: who is at 13 can only come round.
//
//	22--23
//	|   |     a: 12->13, b: 13->23, c: 23->22, d: 22->12
//	12--13
func TestOneWaysAndTurnsBindTheWay(t *testing.T) {
	one := map[string]string{"oneway": "yes"}
	net := town(t, routing.Car, nil, street("a", one, 12, 13), street("b", one, 13, 23), street("c", one, 23, 22), street("d", one, 22, 12))
	against := walk(10, line(20, 300, 105, 300, 195)...)
	slices.Reverse(against)
	for i := range against {
		against[i].At = began.Add(time.Duration(i) * 10 * time.Second)
	}
	o := match.DefaultOptions(routing.Car)
	legal := matched(t, net, o, against)
	for _, k := range legal {
		for _, p := range k.Passages {
			if len(net.Arcs(p.Edge, nil)) == 1 && !p.Along {
				t.Errorf("street %s was driven against its one-way", net.Street(p.Edge).ID)
			}
		}
	}
	o.Against = 2
	if got := passed(net, matched(t, net, o, against)); got["b"] < 60 {
		t.Errorf("with one-ways that do not bind %v was passed, want most of b", got)
	}
}

// The turn from a into c is forbidden; a ring leads round.
//
//	21--22--23
//	|   |c  |
//	11-a12-b13
func TestForbiddenTurnsAreNotDriven(t *testing.T) {
	streets := []geo.Street{street("a", nil, 11, 12), street("b", nil, 12, 13), street("c", nil, 12, 22),
		street("e", nil, 13, 23), street("f", nil, 23, 22), street("g", nil, 22, 21), street("h", nil, 21, 11)}
	rule := geo.Restriction{Kind: "no_left_turn", From: "a", ViaNode: 12, To: "c"}
	sparse := walk(60, [2]float64{120, 100}, [2]float64{200, 180}) // on a, then on c
	free := matched(t, town(t, routing.Car, nil, streets...), match.DefaultOptions(routing.Car), sparse)
	ruled := town(t, routing.Car, []geo.Restriction{rule}, streets...)
	bound := matched(t, ruled, match.DefaultOptions(routing.Car), sparse)
	is := func(p match.Passage, id string) bool { return p.Along && ruled.Street(p.Edge).ID == id }
	if n := len(free[0].Passages); n != 2 {
		t.Errorf("without the rule %d passages, want 2", n)
	}
	for _, k := range bound {
		for i := 1; i < len(k.Passages); i++ {
			if is(k.Passages[i-1], "a") && is(k.Passages[i], "c") {
				t.Errorf("with the rule the unit turned from a into c: %+v", k.Passages)
			}
		}
	}
}

func TestWindowsDoNotChangeTheWay(t *testing.T) {
	net := latticeTown(t, routing.Car)
	for seed := range uint64(20) {
		fixes := ramble(net, seed, 400, 8)
		whole, narrow := match.DefaultOptions(routing.Car), match.DefaultOptions(routing.Car)
		whole.Window, narrow.Window = 1<<30, 24
		a, b := matched(t, net, whole, fixes), matched(t, net, narrow, fixes)
		if d := cmp.Diff(passed(net, a), passed(net, b)); d != "" {
			t.Errorf("seed %d (-whole +windows):\n%s", seed, d)
		}
	}
}

func TestTheSameFixesGiveTheSameTracks(t *testing.T) {
	net := latticeTown(t, routing.Foot)
	m := match.New(net, match.DefaultOptions(routing.Foot))
	fixes := ramble(net, 7, 300, 12)
	first, err := m.Match(context.Background(), fixes)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		if _, err := m.Match(context.Background(), ramble(net, seed, 100, 10)); err != nil { // uses the same memory
			t.Fatal(err)
		}
		again, err := m.Match(context.Background(), fixes)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first, again); d != "" {
			t.Fatalf("the second match differs (-first +again):\n%s", d)
		}
	}
}

func TestAStoppedContextEndsTheMatch(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	net := blindTown(t, routing.Foot)
	if _, err := match.New(net, match.DefaultOptions(routing.Foot)).Match(ctx, walk(10, line(15, 0, 100, 600, 100)...)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

// latticeTown is 7 by 7 crossings with all streets between them.
func latticeTown(t testing.TB, profile routing.Profile) *routing.Network {
	t.Helper()
	var streets []geo.Street
	for i := int64(0); i < 7; i++ {
		var row, column []int64
		for j := int64(0); j < 7; j++ {
			row, column = append(row, i*10+j), append(column, j*10+i)
		}
		streets = append(streets, street(fmt.Sprintf("r%d", i), nil, row...), street(fmt.Sprintf("c%d", i), nil, column...))
	}
	return town(t, profile, nil, streets...)
}

// ramble drives the network at random at 8 m/s, with a noisy fix every second.
func ramble(net *routing.Network, seed uint64, n int, sigma float64) []match.Fix {
	rng := rand.New(rand.NewPCG(seed, 1))
	var way orb.LineString
	arc := routing.Arc(rng.IntN(net.ArcCount()))
	for range n/10 + 2 {
		way = net.ArcLine(arc, way)
		var on []routing.Arc
		for b := range routing.Arc(net.ArcCount()) {
			if _, ok := net.Turn(arc, b); ok && net.Edge(b) != net.Edge(arc) {
				on = append(on, b)
			}
		}
		arc = on[rng.IntN(len(on))]
	}
	upTo := []float64{0}
	for i := 1; i < len(way); i++ {
		upTo = append(upTo, upTo[i-1]+float64(net.Plane().Distance(way[i-1], way[i])))
	}
	s := synthetic{Shape: way}
	var out []match.Fix
	for i := range n {
		x, y := net.Plane().XY(s.place(upTo, float64(i)*8))
		out = append(out, match.Fix{At: began.Add(time.Duration(i) * time.Second), Sigma: sigma,
			Point: net.Plane().Point(x+sigma*rng.NormFloat64(), y+sigma*rng.NormFloat64())})
	}
	return out
}

func FuzzMatch(f *testing.F) {
	net := latticeTown(f, routing.Car)
	m := match.New(net, match.DefaultOptions(routing.Car))
	f.Add([]byte{0, 10, 10, 5, 1, 20, 10, 5, 2, 30, 10, 5})
	f.Add([]byte{0, 0, 0, 0, 255, 255, 255, 255, 1, 60, 60, 1, 1, 61, 60, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var fixes []match.Fix
		at := began
		for ; len(data) >= 4; data = data[4:] {
			at = at.Add(time.Duration(data[0]) * time.Second)
			p := plane.Point(float64(data[1])*4-100, float64(data[2])*4-100)
			if data[1] == 255 {
				p[0] = math.NaN()
			}
			fixes = append(fixes, match.Fix{At: at, Point: p, Sigma: float64(data[3]) - 5})
		}
		tracks, err := m.Match(context.Background(), fixes)
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range tracks {
			sound(t, net, k)
			if i > 0 && k.Since.Before(tracks[i-1].Until) {
				t.Errorf("track %d begins before the one before it ends", i)
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	net := latticeTown(b, routing.Car)
	m := match.New(net, match.DefaultOptions(routing.Car))
	fixes := ramble(net, 1, 600, 10)
	for b.Loop() {
		if _, err := m.Match(context.Background(), fixes); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(fixes)), "ns/fix")
}

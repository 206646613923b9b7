package patrol

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/routing"
)

var coveragePlane = geo.NewPlane(orb.Point{113.5, 22.27})

// ladderTown has two long streets, north and south, and rungs between them every
// 100 m: ids n, s and r0 to r5.
func ladderTown() []geo.Street {
	at := func(x, y float64) orb.Point { return geo.RoundE7(coveragePlane.Point(x, y)) }
	var north, south geo.Street
	north.ID, south.ID = "n", "s"
	var rungs []geo.Street
	for i := range 6 {
		x, id := float64(i)*100, int64(i)
		south.Line, south.Nodes = append(south.Line, at(x, 0)), append(south.Nodes, id)
		north.Line, north.Nodes = append(north.Line, at(x, 150)), append(north.Nodes, 10+id)
		rungs = append(rungs, geo.Street{ID: fmt.Sprintf("r%d", i), Line: orb.LineString{at(x, 0), at(x, 150)}, Nodes: []int64{id, 10 + id}})
	}
	out := append([]geo.Street{north, south}, rungs...)
	for i := range out {
		out[i].Class = "residential"
	}
	return out
}

func ladderTracer(t testing.TB) *Tracer {
	t.Helper()
	tracer, err := NewTracer(ladderTown(), nil, nil, routing.Foot)
	if err != nil {
		t.Fatal(err)
	}
	return tracer
}

// walked makes the fixes of a unit along corners (metres), 1.5 m/s and one every 8 s.
func walked(unit string, from time.Time, rng *rand.Rand, corners ...[2]float64) []Position {
	var out []Position
	at, left := from, 0.0
	for i := 1; i < len(corners); i++ {
		a, b := corners[i-1], corners[i]
		length := math.Hypot(b[0]-a[0], b[1]-a[1])
		d := left
		for ; d < length; d += 12 {
			x, y := a[0]+(b[0]-a[0])*d/length, a[1]+(b[1]-a[1])*d/length
			out = append(out, Position{Unit: unit, At: at, Accuracy: 6,
				Point: geo.RoundE7(coveragePlane.Point(x+3*rng.NormFloat64(), y+3*rng.NormFloat64()))})
			at = at.Add(8 * time.Second)
		}
		left = d - length
	}
	return out
}

var shiftBegin = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// memoryStore keeps fixes and trips as a store does.
type memoryStore struct {
	fixes map[string]Position
	trips map[TripKey]Trip
}

func newMemoryStore() *memoryStore {
	return &memoryStore{map[string]Position{}, map[TripKey]Trip{}}
}

func (m *memoryStore) put(ps ...Position) {
	for _, p := range ps {
		m.fixes[fmt.Sprint(p.Unit, p.Simulated, p.At.UnixMilli())] = p
	}
}

func (m *memoryStore) EachPosition(_ context.Context, each func(Position) error) error {
	var all []Position
	for _, p := range m.fixes {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Position) int {
		if a.Unit != b.Unit {
			return map[bool]int{true: -1, false: 1}[a.Unit < b.Unit]
		}
		if c := compareBool(a.Simulated, b.Simulated); c != 0 {
			return c
		}
		return a.At.Compare(b.At)
	})
	for _, p := range all {
		if err := each(p); err != nil {
			return err
		}
	}
	return nil
}

func (m *memoryStore) EachTrip(_ context.Context, since, until time.Time, each func(Trip) error) error {
	var keys []TripKey
	for k := range m.trips {
		keys = append(keys, k)
	}
	sortKeys(keys)
	for _, k := range keys {
		if t := m.trips[k]; t.Until.Before(since) || !until.IsZero() && !t.Since.Before(until) {
			continue
		}
		if err := each(m.trips[k]); err != nil {
			return err
		}
	}
	return nil
}

func (m *memoryStore) SaveTrips(_ context.Context, trips []Trip, gone []TripKey, _ time.Time) error {
	for _, k := range gone {
		delete(m.trips, k)
	}
	for _, t := range trips {
		m.trips[t.Key()] = t
	}
	return nil
}

// state is all that can be seen of a store's coverage.
func (m *memoryStore) state(t testing.TB, tracer *Tracer) string {
	t.Helper()
	all := NewCoverage(ladderTown())
	if _, err := ReadCoverage(context.Background(), m, all, func(string) *Coverage { return nil }, time.Time{}, time.Time{}, false); err != nil {
		t.Fatal(err)
	}
	s := ""
	for _, c := range all.Streets() {
		s += fmt.Sprintln(c.Street.ID, c.Passed)
	}
	return s + fmt.Sprintln(len(m.trips))
}

// Late, repeated and shuffled batches, with updates wherever chance has them, give
// the coverage of all fixes at once.
func TestBatchesInAnyOrderGiveTheSameCoverage(t *testing.T) {
	tracer := ladderTracer(t)
	rng := rand.New(rand.NewPCG(1, 1))
	var fixes []Position
	for u, unit := range []string{"甲", "乙"} {
		for i := range 4 {
			fixes = append(fixes, walked(unit, shiftBegin.Add(time.Duration(i)*30*time.Minute+time.Duration(u)*time.Minute), rng,
				[2]float64{float64(i) * 100, 0}, [2]float64{float64(i) * 100, 150}, [2]float64{500, 150}, [2]float64{500, 0})...)
		}
	}
	whole := newMemoryStore()
	whole.put(fixes...)
	if _, err := tracer.Update(context.Background(), whole, shiftBegin, nil); err != nil {
		t.Fatal(err)
	}
	want := whole.state(t, tracer)
	again, err := tracer.Trips(context.Background(), fixes)
	if err != nil || len(again) != len(whole.trips) {
		t.Fatalf("%d trips of a slice, %d of the store, %v", len(again), len(whole.trips), err)
	}
	for _, trip := range again {
		if d := cmp.Diff(whole.trips[trip.Key()], trip); d != "" {
			t.Fatalf("a trip of a slice differs from that of the store:\n%s", d)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		sent := slices.Clone(fixes)
		for range len(fixes) / 5 {
			sent = append(sent, fixes[r.IntN(len(fixes))])
		}
		r.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
		m := newMemoryStore()
		for len(sent) > 0 {
			n := min(len(sent), 1+r.IntN(200))
			m.put(sent[:n]...)
			sent = sent[n:]
			if r.IntN(3) == 0 {
				if _, err := tracer.Update(context.Background(), m, shiftBegin, nil); err != nil {
					rt.Fatal(err)
				}
			}
		}
		if _, err := tracer.Update(context.Background(), m, shiftBegin, nil); err != nil {
			rt.Fatal(err)
		}
		if got := m.state(t, tracer); got != want {
			rt.Fatalf("coverage differs:\n%s", cmp.Diff(want, got))
		}
		before := len(m.trips)
		u, err := tracer.Update(context.Background(), m, shiftBegin, nil)
		if err != nil || u.Found != 0 || u.Ended != 0 || u.Kept != before {
			rt.Fatalf("an update without news did %+v, %v", u, err)
		}
	})
}

func TestALateFixTouchesItsTripOnly(t *testing.T) {
	tracer, rng := ladderTracer(t), rand.New(rand.NewPCG(3, 1))
	m := newMemoryStore()
	m.put(walked("甲", shiftBegin, rng, [2]float64{0, 0}, [2]float64{500, 0})...)
	m.put(walked("甲", shiftBegin.Add(time.Hour), rng, [2]float64{500, 150}, [2]float64{0, 150})...)
	m.put(walked("乙", shiftBegin, rng, [2]float64{500, 150}, [2]float64{0, 150})...)
	if u, err := tracer.Update(context.Background(), m, shiftBegin, nil); err != nil || u.Found != 3 {
		t.Fatalf("%+v, %v", u, err)
	}
	m.put(Position{Unit: "甲", At: shiftBegin.Add(3 * time.Second), Point: coveragePlane.Point(5, 0), Accuracy: 6})
	u, err := tracer.Update(context.Background(), m, shiftBegin, nil)
	if err != nil || u.Found != 1 || u.Kept != 2 {
		t.Errorf("a late fix: %+v, %v; want one trip found anew", u, err)
	}
}

func TestCoverageTellsWhatWasPassedAndWhen(t *testing.T) {
	tracer, rng := ladderTracer(t), rand.New(rand.NewPCG(5, 1))
	m := newMemoryStore()
	m.put(walked("甲", shiftBegin, rng, [2]float64{0, 0}, [2]float64{500, 0})...)                  // s, eastward
	m.put(walked("乙", shiftBegin.Add(2*time.Hour), rng, [2]float64{300, 0}, [2]float64{0, 0})...) // a part of s, westward
	m.put(walked("丙", shiftBegin, rng, [2]float64{200, 0}, [2]float64{200, 150})...)              // r2
	simulated := walked("假", shiftBegin, rng, [2]float64{0, 150}, [2]float64{500, 150})
	for i := range simulated {
		simulated[i].Simulated = true
	}
	m.put(simulated...)
	if _, err := tracer.Update(context.Background(), m, shiftBegin, nil); err != nil {
		t.Fatal(err)
	}
	read := func(since, until time.Time, simulated bool) *Coverage {
		c := NewCoverage(ladderTown())
		if _, err := ReadCoverage(context.Background(), m, c, func(string) *Coverage { return nil }, since, until, simulated); err != nil {
			t.Fatal(err)
		}
		return c
	}
	metres := func(c *Coverage, id string) float64 { return c.Street(id).Covered() }
	real, fake, early := read(time.Time{}, time.Time{}, false), read(time.Time{}, time.Time{}, true), read(time.Time{}, shiftBegin.Add(time.Hour), false)
	for name, c := range map[string]struct{ got, want float64 }{
		"all of the south street":            {metres(real, "s"), 500},
		"the rung":                           {metres(real, "r2"), 150},
		"simulated fixes cover nothing real": {metres(real, "n"), 0},
		"real fixes cover nothing simulated": {metres(fake, "s"), 0},
		"what was simulated":                 {metres(fake, "n"), 500},
	} {
		if math.Abs(c.got-c.want) > 20 {
			t.Errorf("%s: %g m, want about %g", name, c.got, c.want)
		}
	}
	noon := shiftBegin.Add(90 * time.Minute)
	sum := 0.0
	for _, p := range real.Street("s").NotVisited(noon) {
		sum += p.To - p.From
	}
	if math.Abs(sum-200) > 25 {
		t.Errorf("%.0f m of s were not visited since noon, want about 200", sum)
	}
	if last := early.Street("s").Last(); !last.Before(shiftBegin.Add(time.Hour)) || last.IsZero() {
		t.Errorf("with a limit the last visit was at %v", last)
	}
}

// Coverage as an array of centimetres is the judge.
func TestCoverageIsTheLatestVisitOfEveryCentimetre(t *testing.T) {
	streets := ladderTown()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
		c, other := NewCoverage(streets), NewCoverage(streets)
		length := c.Street("s").Length
		cells := make([]int64, int(math.Round(length*100)))
		var visits []Visit
		for range r.IntN(12) {
			from := float64(r.IntN(len(cells))) / 100
			v := Visit{Street: "s", From: from, To: min(length, from+float64(1+r.IntN(20_000))/100), At: shiftBegin.Add(time.Duration(r.IntN(5)) * time.Hour)}
			visits = append(visits, v)
			for i := int(math.Round(v.From * 100)); i < int(math.Round(v.To*100)); i++ {
				cells[i] = max(cells[i], v.At.Unix())
			}
			c.Add(v)
		}
		for _, i := range r.Perm(len(visits)) {
			other.Add(visits[i])
			other.Add(visits[r.IntN(len(visits))])
		}
		for _, v := range visits {
			other.Add(v)
		}
		if d := cmp.Diff(c.Street("s").Passed, other.Street("s").Passed); d != "" {
			rt.Fatalf("the order of visits matters:\n%s", d)
		}
		got := make([]int64, len(cells))
		before := -1.0
		for _, p := range c.Street("s").Passed {
			if p.From < before || p.From >= p.To {
				rt.Fatalf("stretches are not in order: %v", c.Street("s").Passed)
			}
			before = p.To
			for i := int(math.Round(p.From * 100)); i < int(math.Round(p.To*100)); i++ {
				got[i] = p.Last.Unix()
			}
		}
		if !slices.Equal(cells, got) {
			rt.Fatalf("visits %v give %v", visits, c.Street("s").Passed)
		}
	})
}

func TestZonesShareEveryMetreOnce(t *testing.T) {
	at := func(x, y float64) orb.Point { return geo.RoundE7(coveragePlane.Point(x, y)) }
	box := func(code string, x0, x1 float64) Zone {
		return Zone{code, orb.MultiPolygon{{{at(x0, -50), at(x1, -50), at(x1, 0), at(x1, 150), at(x1, 200), at(x0, 200), at(x0, 150), at(x0, 0), at(x0, -50)}}}}
	}
	// The border runs along rung 2.
	zones := []Zone{box("2", 200, 550), box("1", -50, 200)}
	c := NewCoverage(ladderTown())
	c.Add(Visit{Street: "r2", From: 0, To: 150, At: shiftBegin})
	c.Add(Visit{Street: "s", From: 0, To: 300, At: shiftBegin.Add(time.Hour)})
	got := c.Zones(zones)
	sum := 0.0
	for _, s := range c.Streets() {
		sum += s.Length
	}
	if len(got) != 2 || got[0].Code != "1" || math.Abs(got[0].Length+got[1].Length-sum) > 0.5 {
		t.Fatalf("%+v, streets have %.1f m", got, sum)
	}
	if math.Abs(got[0].Length-850) > 1 || math.Abs(got[0].Covered-350) > 1 || math.Abs(got[1].Covered-100) > 1 {
		t.Errorf("%+v; want 850 m with 350 covered in 1, 100 covered in 2", got)
	}
	if !got[0].Oldest.IsZero() || !got[0].Last.Equal(shiftBegin.Add(time.Hour)) {
		t.Errorf("zone 1: oldest %v, last %v", got[0].Oldest, got[0].Last)
	}
	for _, s := range c.Streets() {
		c.Add(Visit{Street: s.Street.ID, From: 0, To: s.Length, At: shiftBegin})
	}
	if z := c.Zones(zones)[1]; !z.Oldest.Equal(shiftBegin) || math.Abs(z.Length-z.Covered) > 0.2 {
		t.Errorf("all is covered, and zone 2 says %+v", z)
	}
}

func TestPlannedAgainstDriven(t *testing.T) {
	streets := ladderTown()
	line := slices.Concat(streets[1].Line[:4], streets[5].Line[1:]) // s to 300, then rung 3
	p := &Plan{Units: []string{"甲", "乙"}, Routes: []Route{{Unit: "甲", Shift: 1, Line: append(line, streets[5].Line[0])}, {Unit: "乙", Shift: 1, Line: streets[0].Line}}}
	driven := NewCoverage(streets)
	driven.Add(Visit{Street: "s", From: 100, To: 500, At: shiftBegin})
	driven.Add(Visit{Street: "r3", From: 0, To: 150, At: shiftBegin})
	routes, units := Compare(p, streets, map[string]*Coverage{"甲": driven})
	if r := routes[0]; math.Abs(r.Planned-450) > 1 || math.Abs(r.Passed-350) > 1 || len(r.Left) != 1 || r.Left[0].Street.ID != "s" || r.Left[0].To != 100 {
		t.Errorf("route of 甲: %+v", r)
	}
	if r := routes[1]; r.Passed != 0 || len(r.Left) != 1 || math.Abs(float64(geo.Length(r.Left[0].Line))-500) > 1 {
		t.Errorf("route of 乙: %+v", r)
	}
	if u := units[0]; u.Unit != "甲" || math.Abs(u.Passed-550) > 1 || math.Abs(u.Unplanned-200) > 1 {
		t.Errorf("unit 甲: %+v", u)
	}
}

func TestAClosedStreetIsStillThere(t *testing.T) {
	streets := ladderTown()
	streets[0].Tags = map[string]string{"access": "private", "lanes": "2"}
	got := Passable(streets)
	if len(got[0].Tags) != 1 || got[0].Tags["lanes"] != "2" || streets[0].Tags["access"] != "private" {
		t.Errorf("tags %v, and of the original %v", got[0].Tags, streets[0].Tags)
	}
}

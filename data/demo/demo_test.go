package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

var now = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func grids() []district.Grid {
	return []district.Grid{
		{Code: "440402000902001", District: "902"},
		{Code: "440402000901002", District: "901"},
		{Code: "440402000901001", District: "901"},
	}
}

// town is a crossroads of two streets and one house:
//
//	      |
//	------+------
//	  ⌂   |
func town() Town {
	west, east := orb.Point{113.520, 22.275}, orb.Point{113.550, 22.275}
	south, north := orb.Point{113.535, 22.267}, orb.Point{113.535, 22.287}
	return Town{
		Streets: []geo.Street{
			{ID: "w1", Class: "primary", Line: orb.LineString{west, east}},
			{ID: "w2", Class: "residential", Line: orb.LineString{south, north}},
			{ID: "w3", Class: "motorway", Line: orb.LineString{{113.520, 22.287}, {113.550, 22.287}}},
		},
		Buildings: []geo.Building{{ID: "b1", At: orb.Point{113.525, 22.270}, Households: 40}, {ID: "b2", At: orb.Point{113.555, 22.287}}},
		Bounds:    Bounds,
		People:    People(grids(), 1),
		Zone:      time.FixedZone("CST", 8*3600),
		Locate: func(p orb.Point) district.Location {
			if p[0] < 113.535 {
				return district.Location{Grid: "440402000901001", District: "901", How: district.Inside}
			}
			return district.Location{Grid: "440402000902001", District: "902", How: district.Inside}
		},
	}
}

func TestMapIsTheStatedExtract(t *testing.T) {
	path, err := WriteMap(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	const want = "e79969cd53ac47d55f3e54346647c1b0ac8de25337ee6ae416bb6c8462256307"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("the map's SHA-256 is %s, want %s", got, want)
	}
}

func TestStationSaysThatItIsADemonstration(t *testing.T) {
	s := Station(7)
	if !s.Demo || s.DemoSeed != 7 || !strings.Contains(s.Map.Attribution, "OpenStreetMap") || len(s.CodePrefix) != 9 {
		t.Errorf("station: %+v", s)
	}
	if len(Units) != 8 {
		t.Errorf("%d units", len(Units))
	}
}

func TestPeopleAreThePostsOfEachGrid(t *testing.T) {
	people := People(grids(), 1)
	roles := map[string]int{}
	names := map[string]bool{}
	for _, p := range people {
		roles[fmt.Sprintf("%s %s", p.Role, p.Grid)]++
		if !p.Simulated || !strings.HasSuffix(p.Name, "(模拟)") || p.DutyPhone != "" {
			t.Errorf("not visibly simulated, or with a phone: %+v", p)
		}
		if names[p.Name] {
			t.Errorf("the name %s is given twice", p.Name)
		}
		names[p.Name] = true
	}
	for _, g := range grids() {
		if n := roles["leader "+g.Code]; n != 1 {
			t.Errorf("grid %s has %d leaders", g.Code, n)
		}
		if n := roles["member "+g.Code]; n < 2 || n > 4 {
			t.Errorf("grid %s has %d members", g.Code, n)
		}
	}
	if n := roles["officer "]; n != 2 {
		t.Errorf("%d officers for two districts", n)
	}
	for _, name := range []string{"社区民警 01 (模拟)", "网格长 01-02 (模拟)", "网格员 02-01-1 (模拟)"} {
		if !names[name] {
			t.Errorf("nobody is called %s", name)
		}
	}
}

func TestIncidentsFollowTheRulesOfRealOnes(t *testing.T) {
	town := town()
	all := Incidents(town, 200, 1, now)
	if len(all) != 200 {
		t.Fatalf("%d incidents", len(all))
	}
	ids, categories, urgent := map[string]bool{}, map[dispatch.Category]int{}, 0
	for n, i := range all {
		answer, closed := dispatch.Due(i.Priority, i.ReportedAt)
		switch {
		case !i.Simulated || !strings.HasPrefix(i.Text, "模拟:"):
			t.Errorf("%s is not visibly simulated", i.ID)
		case ids[i.ID] || len(i.ID) < 8:
			t.Errorf("the id %q is short or given twice", i.ID)
		case !dispatch.KnownState(i.State) || !dispatch.KnownCategory(i.Category):
			t.Errorf("%s: state %q, category %q", i.ID, i.State, i.Category)
		case i.ReportedAt.After(now) || now.Sub(i.ReportedAt) > span+time.Second:
			t.Errorf("%s was reported at %v", i.ID, i.ReportedAt)
		case n > 0 && i.ReportedAt.Before(all[n-1].ReportedAt):
			t.Errorf("%s is out of order", i.ID)
		case !i.AnswerDueAt.Equal(answer) || !i.CloseDueAt.Equal(closed):
			t.Errorf("%s has other clocks", i.ID)
		case !Bounds.Contains(i.Point) || i.Point != geo.RoundE7(i.Point):
			t.Errorf("%s is at %v", i.ID, i.Point)
		case i.Grid == "" || i.Responsible == "" || i.Level == "":
			t.Errorf("%s has nobody: %+v", i.ID, i)
		case i.Priority == dispatch.Urgent && i.Level != dispatch.LevelCommand:
			t.Errorf("%s is urgent and with %s", i.ID, i.Level)
		case farFromTown(town, i.Point):
			t.Errorf("%s at %v is on no street and near no home", i.ID, i.Point)
		}
		ids[i.ID] = true
		categories[i.Category]++
		if i.Priority == dispatch.Urgent {
			urgent++
		}
	}
	if urgent < 3 || urgent > 25 {
		t.Errorf("%d urgent ones", urgent)
	}
	for _, c := range dispatch.Categories {
		if categories[c] == 0 {
			t.Errorf("no %s among %v", c, categories)
		}
	}
}

func farFromTown(town Town, p orb.Point) bool {
	onStreet := math.Abs(p[1]-22.275) < 1e-4 || math.Abs(p[0]-113.535) < 1e-4
	return !onStreet && geo.Distance(p, town.Buildings[0].At) > besideHomeMetres+0.1
}

func TestIncidentsWithoutStreetsOrHomes(t *testing.T) {
	empty := town()
	empty.Streets, empty.Buildings = nil, nil
	for _, i := range Incidents(empty, 3, 1, now) {
		if i.Point != geo.RoundE7(Bounds.Center()) {
			t.Errorf("placed at %v", i.Point)
		}
	}
}

func TestSimulationFollowsFromItsSeed(t *testing.T) {
	one, again, other := Incidents(town(), 50, 1, now), Incidents(town(), 50, 1, now), Incidents(town(), 50, 2, now)
	if d := cmp.Diff(one, again); d != "" {
		t.Errorf("the same seed gives another result:\n%s", d)
	}
	if cmp.Diff(one, other) == "" {
		t.Error("another seed gives the same result")
	}
	if d := cmp.Diff(Tracks(plan(), 1, now), Tracks(plan(), 1, now)); d != "" {
		t.Errorf("the same seed gives other tracks:\n%s", d)
	}
}

// plan has one route of two kilometres along a meridian and back, in each of two shifts.
func plan() patrol.Plan {
	a, b := orb.Point{113.53, 22.27}, orb.Point{113.53, 22.279}
	metres := 2 * float64(geo.Distance(a, b))
	route := patrol.Route{Unit: "u1", Shift: 1, Metres: metres, Seconds: 7200, Depot: a, Line: orb.LineString{a, b, a}}
	second := route
	second.Shift = 2
	return patrol.Plan{Routes: []patrol.Route{route, second}}
}

func TestTracksStayOnTheRouteOfTheFirstShift(t *testing.T) {
	fixes := Tracks(plan(), 1, now)
	if len(fixes) < 350 || len(fixes) > 480 { // 7,200 s / 15 s = 480, less two gaps
		t.Fatalf("%d fixes", len(fixes))
	}
	var sum float64
	holes := 0
	for n, f := range fixes {
		off := float64(geo.Distance(f.Point, orb.Point{113.53, f.Point[1]}))
		sum += off * off
		switch {
		case !f.Simulated || f.Unit != "u1" || f.Accuracy <= 0:
			t.Errorf("fix %d: %+v", n, f)
		case off > 6*noiseMetres:
			t.Errorf("fix %d is %.0f m off the route", n, off)
		case f.At.After(now.Add(time.Minute)):
			t.Errorf("fix %d is in the future: %v", n, f.At)
		}
		if n > 0 && f.At.Sub(fixes[n-1].At) > fixEvery {
			holes++
		}
	}
	if rms := math.Sqrt(sum / float64(len(fixes))); rms < 2 || rms > 8 {
		t.Errorf("noise of %.1f m, want about %.0f", rms, noiseMetres)
	}
	if holes < 1 || holes > 2 {
		t.Errorf("%d gaps in two hours", holes)
	}
}

func TestDepotIsAVertexOfAStreet(t *testing.T) {
	near, far := orb.Point{113.5338, 22.2740}, orb.Point{113.55, 22.28}
	got := Depot([]geo.Street{
		{Class: "motorway", Line: orb.LineString{policeHall, far}},
		{Class: "residential", Line: orb.LineString{far, near}},
	})
	if got != near {
		t.Errorf("depot at %v, want %v", got, near)
	}
	if Depot(nil) != policeHall {
		t.Error("without streets the depot is not at the police building")
	}
}

package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

type nearestUnit struct {
	Unit      string     `json:"unit"`
	Profile   string     `json:"profile"`
	Travel    float64    `json:"travel_seconds"`
	Earliest  float64    `json:"earliest_seconds"`
	Latest    float64    `json:"latest_seconds"`
	Side      string     `json:"side"`
	Age       float64    `json:"age_seconds"`
	ShiftEnds *time.Time `json:"shift_ends_at"`
	Reasons   []string   `json:"reasons"`
}

type nearestUnits struct {
	Items    []nearestUnit `json:"items"`
	Skipped  []nearestUnit `json:"skipped"`
	Sides    []nearestUnit `json:"sides"`
	Unplaced int           `json:"unplaced"`
	Off      int           `json:"off_duty"`
	Coverage *struct {
		Sent   string  `json:"sent"`
		Total  float64 `json:"total_metres"`
		Before float64 `json:"beyond_before_metres"`
		After  float64 `json:"beyond_after_metres"`
		Worst  *struct {
			Seconds float64 `json:"seconds"`
		} `json:"worst"`
	} `json:"coverage"`
}

func ids(units []nearestUnit) (out []string) {
	for _, u := range units {
		out = append(out, u.Unit)
	}
	return out
}

// manned is a town whose only street runs from west to east, with units along it; the
// incident is at 113.515.
func manned(t *testing.T) town {
	t.Helper()
	tn := newTown(t)
	try := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, s := t.Context(), tn.store
	for _, u := range []struct {
		id, profile string
		lon         float64
		ago         time.Duration
		skills      []string
	}{
		{"east", "foot", 113.519, 10 * time.Second, nil},
		{"west", "foot", 113.509, 20 * time.Second, []string{"first-aid"}},
		{"rider", "ebike", 113.5005, 30 * time.Second, nil},
		{"late", "foot", 113.514, 5 * time.Minute, nil},
		{"busy", "foot", 113.516, time.Second, nil},
		{"lost", "foot", 113.516, time.Hour, nil},
		{"home", "foot", 113.515, time.Second, nil},
	} {
		try(nil, s.SaveUnit(ctx, patrol.Unit{ID: u.id, Name: u.id, Profile: u.profile, Skills: u.skills, Version: 1}, founded))
		try(s.SavePositions(ctx, []patrol.Position{{Unit: u.id, At: noon.Add(-u.ago), Point: orb.Point{u.lon, 22.2751}}}, noon))
		if u.id != "home" {
			v := patrol.Shift{ID: "shift-" + u.id, Unit: u.id, Starts: founded, Ends: noon.Add(time.Hour), Version: 1}
			if u.id == "busy" {
				v.People = []string{"p1"}
			}
			try(nil, s.SaveShift(ctx, v, founded))
		}
	}
	other := incident("inc-0002", orb.Point{113.505, 22.275})
	other.State, other.Responsible = dispatch.OnSite, "李网格"
	try(s.SaveIncidents(ctx, []dispatch.Incident{other}, noon))
	return tn
}

func TestNearestUnitsWithReasons(t *testing.T) {
	tn := manned(t)
	a := answer[nearestUnits](t, tn.ask("GET", "/api/v1/incidents/inc-0001/units", ""), http.StatusOK)
	if got, want := ids(a.Items), []string{"rider", "east", "west"}; len(got) != 3 || !slices.Equal(sorted(got), sorted(want)) {
		t.Fatalf("units %v, want %v in the order of their times", got, want)
	}
	for k := 1; k < len(a.Items); k++ {
		if a.Items[k-1].Travel > a.Items[k].Travel {
			t.Errorf("units out of order: %+v", a.Items)
		}
	}
	for _, u := range a.Items {
		if u.Unit == "east" {
			// 0.004 degrees at that latitude, on foot, and ten seconds of moving unseen.
			metres := float64(geo.NewPlane(orb.Point{113.517, 22.275}).Distance(orb.Point{113.515, 22.275}, orb.Point{113.519, 22.275}))
			if u.Travel < metres/1.7 || u.Travel > metres/1.1 || u.Side != "against" || u.Age != 10 || u.Latest != u.Travel+10 || u.ShiftEnds == nil {
				t.Errorf("%+v, %.0f m away", u, metres)
			}
		}
	}
	reasons := map[string][]string{}
	for _, u := range a.Skipped {
		reasons[u.Unit] = u.Reasons
	}
	if len(reasons) != 2 || !slices.Equal(reasons["busy"], []string{"busy"}) || !slices.Equal(reasons["late"], []string{"position_old"}) {
		t.Errorf("passed over: %v", reasons)
	}
	if a.Unplaced != 1 || a.Off != 1 {
		t.Errorf("%d without a place and %d off duty, want one of each", a.Unplaced, a.Off)
	}
	if s := a.Sides; len(s) != 2 || s[0].Side == s[1].Side || !slices.Contains(ids(s), "east") {
		t.Errorf("two sides: %+v", s)
	}
	if c := a.Coverage; c == nil || c.Sent != a.Items[0].Unit || c.Total < 2000 || c.Before > c.After || c.After > c.Total {
		t.Errorf("coverage left: %+v", a.Coverage)
	}
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

func TestNearestUnitsAskedOtherwise(t *testing.T) {
	tn := manned(t)
	a := answer[nearestUnits](t, tn.ask("GET", "/api/v1/incidents/inc-0001/units?limit=1&skill=first-aid&within=60", ""), http.StatusOK)
	if got := ids(a.Items); !slices.Equal(got, []string{"west"}) || a.Coverage == nil || a.Coverage.Sent != "west" {
		t.Errorf("with a skill: %v, %+v", got, a.Coverage)
	}
	if a.Coverage.After <= a.Coverage.Before {
		t.Errorf("sending west leaves %.0f m beyond a minute for %.0f before", a.Coverage.After, a.Coverage.Before)
	}
	for _, query := range []string{"limit=0", "limit=51", "limit=x", "within=0", "within=3601", "profile=boat"} {
		if rec := tn.ask("GET", "/api/v1/incidents/inc-0001/units?"+query, ""); rec.Code != http.StatusBadRequest ||
			rec.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", query, rec.Code, rec.Body)
		}
	}
	if rec := tn.ask("GET", "/api/v1/incidents/inc-none/units", ""); rec.Code != http.StatusNotFound {
		t.Errorf("no such incident: %d %s", rec.Code, rec.Body)
	}
}

func TestNearestUnitsOfWhomOnlyPositionsAreKnown(t *testing.T) {
	tn := newTown(t)
	target := "/api/v1/incidents/inc-0001/units?profile=car"
	if a := answer[nearestUnits](t, tn.ask("GET", target, ""), http.StatusOK); len(a.Items) != 0 || a.Coverage != nil {
		t.Errorf("hours after the last position: %+v", a)
	}
	if _, err := tn.store.SavePositions(t.Context(), []patrol.Position{
		{Unit: "甲", At: noon.Add(-time.Minute), Point: orb.Point{113.502, 22.275}},
		{Unit: "甲", At: noon.Add(-time.Second), Point: orb.Point{113.52, 22.275}, Simulated: true},
	}, noon); err != nil {
		t.Fatal(err)
	}
	a := answer[nearestUnits](t, tn.ask("GET", target, ""), http.StatusOK)
	if len(a.Items) != 1 || a.Items[0].Unit != "甲" || a.Items[0].Profile != "car" || a.Items[0].Age != 60 || a.Items[0].Side != "along" {
		t.Errorf("the simulated position came before the real one: %+v", a.Items)
	}
	if _, err := tn.store.SaveIncidents(t.Context(), []dispatch.Incident{incident("inc-0003", orb.Point{113.51, 22.2698})}, noon); err != nil {
		t.Fatal(err)
	}
	if rec := tn.ask("GET", "/api/v1/incidents/inc-0003/units", ""); rec.Code != http.StatusBadRequest {
		t.Errorf("an incident far from streets: %d %s", rec.Code, rec.Body)
	}
}

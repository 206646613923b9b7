package geojson_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/api/geojson"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

func written(t *testing.T, c geojson.Collection) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.WriteGeoJSON(&b); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b.Bytes()) {
		t.Fatalf("not JSON: %s", b.String())
	}
	return b.String()
}

func table(t *testing.T, c geojson.Collection) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGridsAreWrittenAsTheContractNamesThem(t *testing.T) {
	from := time.Date(2026, 3, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600))
	clockwise := orb.Polygon{{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}}
	got := written(t, geojson.Grids(district.Edition{Number: 2, ValidFrom: from, Grids: []district.Grid{
		{Code: "440402001001001", Name: `梅华 <A&B> "1"`, District: "01", Households: 312, Outline: clockwise},
		{Code: "440402001001002", District: "01", Community: "c1", Households: 90,
			Exceptions: []string{"under:pocket no neighbour"}, Outline: clockwise},
	}}))
	want := `{"type":"FeatureCollection","name":"grids","features":[
{"type":"Feature","id":"440402001001001","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]},"properties":{"code":"440402001001001","name":"梅华 <A&B> \"1\"","district":"01","community":null,"households":312,"exceptions":[],"edition":2,"valid_from":"2026-03-01T08:00:00+08:00","valid_to":null}},
{"type":"Feature","id":"440402001001002","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]},"properties":{"code":"440402001001002","name":"","district":"01","community":"c1","households":90,"exceptions":["under:pocket no neighbour"],"edition":2,"valid_from":"2026-03-01T08:00:00+08:00","valid_to":null}}
]}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyCollectionIsAFeatureCollection(t *testing.T) {
	want := "{\"type\":\"FeatureCollection\",\"name\":\"missed\",\"features\":[\n]}\n"
	if got := written(t, geojson.Missed(patrol.Plan{})); got != want {
		t.Errorf("got %q", got)
	}
	if got := written(t, geojson.Empty("missed")); got != want {
		t.Errorf("got %q", got)
	}
}

func TestCoordinatesKeepSevenDecimalsAndNoZeros(t *testing.T) {
	for name, row := range map[string]struct {
		at   orb.Point
		want string
	}{
		"seven decimals":            {orb.Point{113.5504957, 22.2727133}, "[113.5504957,22.2727133]"},
		"an eighth is rounded":      {orb.Point{113.55049574, 22.27271336}, "[113.5504957,22.2727134]"},
		"trailing zeros go":         {orb.Point{113.5500000, 22.1}, "[113.55,22.1]"},
		"leading zeros of decimals": {orb.Point{7.0000001, 43.0200003}, "[7.0000001,43.0200003]"},
		"south and west":            {orb.Point{-70.25, -33.5000005}, "[-70.25,-33.5000005]"},
		"no minus zero":             {orb.Point{-0.00000001, math.Copysign(0, -1)}, "[0,0]"},
	} {
		t.Run(name, func(t *testing.T) {
			got := written(t, geojson.Buildings([]geo.Building{{ID: "b", At: row.at}}, nil))
			if !strings.Contains(got, `"coordinates":`+row.want+"}") {
				t.Errorf("want %s in %s", row.want, got)
			}
		})
	}
}

func TestBuildingCarriesItsGridAndTheSourceOfItsCount(t *testing.T) {
	gridOf := func(p orb.Point) string {
		if p[0] > 1 {
			return ""
		}
		return "g1"
	}
	got := table(t, geojson.Buildings([]geo.Building{
		{ID: "w1", Kind: "apartments", At: orb.Point{0.5, 2}, Households: 40, Source: geo.Derived, Compound: "w9"},
		{ID: "w2", Kind: "house", Name: "=1+1", At: orb.Point{1.5, 2}, Households: 1, Source: geo.Assumed},
	}, gridOf))
	want := `lon,lat,id,kind,name,households,households_source,grid,compound
0.5,2,w1,apartments,,40,derived,g1,w9
1.5,2,w2,house,'=1+1,1,assumed,,
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStreetsTellClassAxisAndDirection(t *testing.T) {
	got := table(t, geojson.Streets([]geo.Street{
		{ID: "w1", Name: "梅华东路", Class: "secondary", Tags: map[string]string{"oneway": "-1"}, Line: orb.LineString{{113, 22}, {113.001, 22}}},
		{ID: "w2", Class: "footway", Line: orb.LineString{{113, 22}, {113, 22.001}}},
	}))
	want := `id,name,name_en,class,main,oneway,length_metres
w1,梅华东路,,secondary,true,-1,103.26
w2,,,footway,false,0,110.73
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPatrolsCarryAllThatTheirJudgeNeeds(t *testing.T) {
	got := written(t, geojson.Patrols(patrol.Plan{ID: "p1", Profile: "foot", Routes: []patrol.Route{
		{Unit: "甲", Shift: 1, Metres: 1234.567, Seconds: 987.6, Depot: orb.Point{113.5, 22.25}, Line: orb.LineString{{113.5, 22.25}, {113.6, 22.25}}},
	}}))
	want := `"properties":{"plan":"p1","unit":"甲","shift":1,"metres":1234.57,"seconds":987.6,"depot":[113.5,22.25],"profile":"foot"}`
	if !strings.Contains(got, want) {
		t.Errorf("want %s in %s", want, got)
	}
}

func TestIncidentTimesKeepTheirOffset(t *testing.T) {
	at := time.Date(2026, 3, 1, 23, 59, 1, 0, time.FixedZone("", 8*3600))
	got := written(t, geojson.Incidents([]dispatch.Incident{{ID: "12345678", Category: dispatch.Hazard,
		Priority: dispatch.Urgent, State: "reported", Point: orb.Point{113, 22}, ReportedAt: at,
		AnswerDueAt: at.Add(dispatch.AnswerWithin), Text: "a\tb\u2028\x01\xff", Simulated: true}}))
	for _, want := range []string{
		`"reported_at":"2026-03-01T23:59:01+08:00","answer_due_at":"2026-03-02T00:29:01+08:00","close_due_at":null`,
		"\"text\":\"a\\tb\u2028\\u0001\ufffd\"", `"simulated":true`, `"grid":null`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in %s", want, got)
		}
	}
}

// a1 a2 a3 .. silence .. a4 | b1 real b2 simulated
func TestTracksBreakWhereReceptionWasLost(t *testing.T) {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	fix := func(unit string, after time.Duration, x float64, simulated bool) patrol.Position {
		return patrol.Position{Unit: unit, At: at.Add(after), Point: orb.Point{x, 1}, Simulated: simulated}
	}
	got := table(t, geojson.Tracks([]patrol.Position{
		fix("b", 0, 5, false), fix("a", 10*time.Second, 2, true), fix("a", 0, 1, true), fix("a", 20*time.Second, 3, true),
		fix("a", 20*time.Second+geojson.TrackGap+1, 4, true), fix("b", time.Second, 6, true),
	}))
	want := `unit,start_at,end_at,fixes,simulated
a,2026-03-01T08:00:00Z,2026-03-01T08:00:20Z,3,true
a,2026-03-01T08:02:20Z,2026-03-01T08:02:20Z,1,true
b,2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,1,false
b,2026-03-01T08:00:01Z,2026-03-01T08:00:01Z,1,true
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDistrictOfOnePartIsAPolygon(t *testing.T) {
	square := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, {{.2, .2}, {.4, .2}, {.4, .4}, {.2, .4}, {.2, .2}}}
	got := written(t, geojson.Districts([]geo.District{
		{Code: "01", Outline: orb.MultiPolygon{square}}, {Code: "02", Outline: orb.MultiPolygon{square, square}}}))
	for _, want := range []string{
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0.2,0.2],[0.2,0.4],[0.4,0.4],[0.4,0.2],[0.2,0.2]]]}`,
		`{"type":"MultiPolygon","coordinates":[[[[0,0]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in %s", want, got)
		}
	}
}

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// three are a place in the town, one 60 m east of it, and one far away.
var three = []orb.Point{{113.537, 22.277}, {113.5577, 22.277}, {113.9, 22.277}}

func TestAssignKeepsEveryColumn(t *testing.T) {
	store := newTown(t)
	var b strings.Builder
	b.WriteString("note,lon,lat,id\n")
	for i, p := range three {
		fmt.Fprintf(&b, "\"a, b\",%v,%v,%d\n", p[0], p[1], i)
	}
	got := gridbeatReading(t, b.String(), "assign", "-", "--store", store)
	if got.code != exitDone {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"note", "lon", "lat", "id", "grid", "district", "how", "metres"}, rows[0]); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
	var how []string
	for _, r := range rows[1:] {
		how = append(how, r[0]+" "+r[6])
	}
	if d := cmp.Diff([]string{"a, b inside", "a, b nearest", "a, b outside"}, how); d != "" {
		t.Errorf("answers (-want +got):\n%s", d)
	}
	if len(rows[1][4]) != 15 || rows[2][7] == "0" || rows[3][4] != "" {
		t.Errorf("rows: %q", rows)
	}
	if !strings.Contains(got.stderr, "3 points: 1 inside, 0 border, 1 nearest, 1 outside") {
		t.Errorf("said %q", got.stderr)
	}
	again := gridbeatReading(t, got.stdout, "assign", "-", "--store", store)
	if d := cmp.Diff(got.stdout, again.stdout); d != "" {
		t.Errorf("assigning an assigned file changes it (-want +got):\n%s", d)
	}
}

func TestAssignInEveryForm(t *testing.T) {
	store := newTown(t)
	p := three[0]
	tests := []struct{ name, input, format string }{
		{"GeoJSON stays GeoJSON", fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a","n":1},"geometry":{"type":"Point","coordinates":[%v,%v]}}]}`, p[0], p[1]), "same"},
		{"lines stay lines", fmt.Sprintf(`{"id":"a","lon":%v,"lat":%v,"n":1}`+"\n", p[0], p[1]), "same"},
		{"a table becomes GeoJSON", fmt.Sprintf("id,lon,lat,n\na,%v,%v,1\n", p[0], p[1]), "geojson"},
		{"a table becomes lines", fmt.Sprintf("id,lon,lat,n\na,%v,%v,1\n", p[0], p[1]), "ndjson"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := gridbeatReading(t, tt.input, "assign", "-", "--format", tt.format, "--store", store)
			if got.code != exitDone {
				t.Fatalf("exit code %d: %s", got.code, got.stderr)
			}
			properties := map[string]any{}
			var fc struct {
				Features []struct {
					Geometry   struct{ Coordinates orb.Point }
					Properties map[string]any
				}
			}
			if err := json.Unmarshal([]byte(got.stdout), &fc); err != nil {
				t.Fatalf("%v: %s", err, got.stdout)
			}
			if len(fc.Features) == 1 {
				properties = fc.Features[0].Properties
				if fc.Features[0].Geometry.Coordinates != p {
					t.Errorf("the place moved to %v", fc.Features[0].Geometry.Coordinates)
				}
			} else if err := json.Unmarshal([]byte(got.stdout), &properties); err != nil {
				t.Fatal(err)
			}
			if properties["id"] != "a" || fmt.Sprint(properties["n"]) != "1" || properties["how"] != "inside" || properties["metres"] != 0.0 {
				t.Errorf("properties: %v", properties)
			}
		})
	}
}

func TestAssignTurnsTheDatum(t *testing.T) {
	store := newTown(t)
	table := func(datum geo.Datum) string {
		var b strings.Builder
		b.WriteString("id,lon,lat\n")
		for i, p := range three {
			q := datum.FromWGS84(p)
			fmt.Fprintf(&b, "%d,%.7f,%.7f\n", i, q[0], q[1])
		}
		return b.String()
	}
	grids := func(out string) (g []string) {
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			g = append(g, r[3]+" "+r[5])
		}
		return g
	}
	want := gridbeatReading(t, table(geo.WGS84), "assign", "-", "--store", store)
	for _, d := range []geo.Datum{geo.GCJ02, geo.BD09} {
		got := gridbeatReading(t, table(d), "assign", "-", "--datum", string(d), "--store", store)
		if diff := cmp.Diff(grids(want.stdout), grids(got.stdout)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d, diff)
		}
	}
}

func TestAssignNeedsAnEdition(t *testing.T) {
	store := newTown(t)
	got := gridbeatReading(t, "lon,lat\n113.53,22.27\n", "assign", "-", "--at", "2020-01-01T00:00:00+08:00", "--store", store)
	if got.code != exitBad || !strings.Contains(got.stderr, "no edition is in force at 2020-01-01") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

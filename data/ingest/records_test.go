package ingest

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

func TestReadPointsInEveryForm(t *testing.T) {
	want := []orb.Point{{112.01, 21.86}, {112.02, 21.87}}
	tests := []struct{ name, file string }{
		{"CSV", "id,lon,lat,kind\na,112.01,21.86,shop\nb,112.02,21.87,school\n"},
		{"CSV with other names", "id,经度,纬度,kind\na,112.01,21.86,shop\nb,112.02,21.87,school\n"},
		{"GeoJSON", collectionOf(
			`{"type":"Feature","properties":{"id":"a","kind":"shop"},"geometry":{"type":"Point","coordinates":[112.01,21.86]}}`,
			`{"type":"Feature","id":"b","properties":{"kind":"school"},"geometry":{"type":"Point","coordinates":[112.02,21.87,5]}}`)},
		{"features, one a line", `{"type":"Feature","properties":{"id":"a","kind":"shop"},"geometry":{"type":"Point","coordinates":[112.01,21.86]}}` + "\n" +
			`{"type":"Feature","id":"b","properties":{"kind":"school"},"geometry":{"type":"Point","coordinates":[112.02,21.87]}}`},
		{"objects, one a line", `{"id":"a","lon":112.01,"lat":21.86,"kind":"shop"}` + "\n" + `{"id":"b","lon":112.02,"lat":"21.87","kind":"school"}` + "\n"},
		{"a list of objects", `[{"id":"a","lon":112.01,"lat":21.86,"kind":"shop"},` + "\n" + `{"id":"b","lon":112.02,"lat":21.87,"kind":"school"}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ps, _, err := ReadPoints("p", strings.NewReader(tt.file), geo.WGS84)
			if err != nil {
				t.Fatal(err)
			}
			if len(ps) != 2 || ps[0].ID != "a" || ps[1].ID != "b" || ps[0].Point != want[0] || ps[1].Point != want[1] {
				t.Errorf("read %+v", ps)
			}
			if last := ps[1].Fields[len(ps[1].Fields)-1]; last.Name != "kind" || last.Text() != "school" {
				t.Errorf("the last column is %+v", last)
			}
		})
	}
}

func TestReadPointsKeepsColumnsAndLines(t *testing.T) {
	ps, _, err := ReadPoints("p.csv", strings.NewReader("note,lat,lon\n\"a, b\",21.86,112.01\n,21.87,112.02\n"), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	want := PointRecord{Point: orb.Point{112.01, 21.86}, Line: 2, Fields: []Field{{"note", "a, b"}, {"lat", "21.86"}, {"lon", "112.01"}}}
	if d := cmp.Diff(want, ps[0]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if ps[1].Line != 3 {
		t.Errorf("line %d, want 3", ps[1].Line)
	}
}

func TestReadPointsInAnotherDatum(t *testing.T) {
	w := orb.Point{112.011267, 21.864728}
	g := geo.GCJ02.FromWGS84(w)
	ps, _, err := ReadPoints("p", strings.NewReader(`{"lon":`+Field{Value: g[0]}.Text()+`,"lat":`+Field{Value: g[1]}.Text()+`}`), geo.GCJ02)
	if err != nil {
		t.Fatal(err)
	}
	if m := geo.Distance(ps[0].Point, w); m > 0.001 {
		t.Errorf("%g m off", m)
	}
}

func TestReadersRefuseBadRecords(t *testing.T) {
	points := func(name string, r io.Reader) error { _, _, err := ReadPoints(name, r, geo.WGS84); return err }
	buildings := func(name string, r io.Reader) error { _, _, err := ReadBuildings(name, r, geo.WGS84); return err }
	incidents := func(name string, r io.Reader) error { _, _, err := ReadIncidents(name, r, geo.WGS84); return err }
	positions := func(name string, r io.Reader) error { _, _, err := ReadPositions(name, r, geo.WGS84); return err }
	people := func(name string, r io.Reader) error { _, _, err := ReadPeople(name, r); return err }
	const incident = "id,category,priority,lon,lat,reported_at\n"
	tests := []struct {
		name              string
		read              func(string, io.Reader) error
		file, rule, place string
	}{
		{"points: NaN", points, "lon,lat\nNaN,21\n", "position-no-number", "line 2"},
		{"points: 1e308", points, "lon,lat\n112,21\n112,1e308\n", "position-out-of-range", "line 3"},
		{"points: 1e309", points, "lon,lat\n1e309,21\n", "position-no-number", "line 2"},
		{"points: a word", points, "lon,lat\n112,north\n", "position-no-number", "line 2"},
		{"points: empty", points, "lon,lat\n112,\n", "position-empty", "line 2"},
		{"points: swapped", points, "lon,lat\n21.86,112.01\n", "axes-swapped", "line 2"},
		{"points: off the globe", points, "lon,lat\n500,21\n", "position-out-of-range", "line 2"},
		{"points: no lat", points, "id,lon\n1,112\n", "column-missing", ""},
		{"points: a polygon", points, collectionOf(areaFeature(`"id":"a"`, square(0, 0, 1))), "geometry-kind", "feature 1 (id a), line 1"},
		{"points: swapped in GeoJSON", points, collectionOf("\n" + `{"type":"Feature","properties":{"id":"a"},"geometry":{"type":"Point","coordinates":[21,112]}}`), "axes-swapped", "feature 1 (id a), line 2"},
		{"points: personal by name", points, "lon,lat,身份证\n112,21,\n", "personal-column", "column 身份证"},
		{"points: personal by identity cards", points, "lon,lat,note\n112,21,11010519491231002X\n112,21,\n", "personal-column", "column note"},
		{"points: personal by mobile numbers", points, "lon,lat,note\n112,21,13800138000\n112,21,13900139000\n112,21,none\n", "personal-column", "column note"},
		{"points: JSON cut", points, `[{"lon":112,"lat":21},`, "json-broken", "line 1"},
		{"points: a list of numbers", points, `[1,2]`, "json-broken", "line 1"},
		{"buildings: negative", buildings, "id,lon,lat,households\na,112,21,-1\n", "households-negative", "line 2"},
		{"buildings: a fraction", buildings, "id,lon,lat,households\na,112,21,2.5\n", "households-fraction", "line 2"},
		{"buildings: absurd", buildings, "id,lon,lat,households\na,112,21,20001\n", "households-absurd", "line 2"},
		{"buildings: 1e308", buildings, "id,lon,lat,households\na,112,21,1e308\n", "households-absurd", "line 2"},
		{"buildings: NaN", buildings, "id,lon,lat,households\na,112,21,NaN\n", "households-unreadable", "line 2"},
		{"buildings: no households", buildings, "id,lon,lat\na,112,21\n", "column-missing", ""},
		{"buildings: an id twice", buildings, "id,lon,lat,households\na,112,21,1\na,112,21,1\n", "id-twice", "line 3"},
		{"buildings: no id", buildings, "id,lon,lat,households\n,112,21,1\n", "id-missing", "line 2"},
		{"buildings: levels", buildings, "id,lon,lat,households,levels\na,112,21,1,-3\n", "levels-unreadable", "line 2"},
		{"buildings: a household head", buildings, "id,lon,lat,households,household_head\na,112,21,1,x\n", "personal-column", "column household_head"},
		{"incidents: a category", incidents, incident + "a,noise,normal,112,21,2026-01-01T00:00:00+08:00\n", "category-unknown", "line 2"},
		{"incidents: a priority", incidents, incident + "a,tip,high,112,21,2026-01-01T00:00:00+08:00\n", "priority-unknown", "line 2"},
		{"incidents: a time without offset", incidents, incident + "a,tip,,112,21,2026-01-01 00:00:00\n", "time-unreadable", "line 2"},
		{"incidents: a name", incidents, "id,category,name,lon,lat,reported_at\na,tip,x,112,21,2026-01-01T00:00:00Z\n", "personal-column", "column name"},
		{"positions: no unit", positions, "unit,lon,lat,at\n,112,21,2026-01-01T00:00:00Z\n", "unit-missing", "line 2"},
		{"positions: accuracy", positions, "unit,lon,lat,at,accuracy_metres\nu,112,21,2026-01-01T00:00:00Z,-1\n", "accuracy-unreadable", "line 2"},
		{"positions: GPX cut", positions, "<gpx><trk><trkseg><trkpt lon=\"112\" lat=\"21\">", "gpx-broken", "line 1"},
		{"positions: another XML", positions, "<osm></osm>", "gpx-broken", ""},
		{"positions: GPX without time", positions, "<gpx><trk><trkseg>\n<trkpt lon=\"112\" lat=\"21\"/></trkseg></trk></gpx>", "time-missing", "line 2"},
		{"positions: GPX swapped", positions, "<gpx><trk><trkseg>\n<trkpt lon=\"21\" lat=\"112\"/></trkseg></trk></gpx>", "axes-swapped", "line 2"},
		{"people: a role", people, "id,name,role,grid\np,x,boss,g\n", "role-unknown", "line 2"},
		{"people: nowhere", people, "id,name,role,grid\np,x,leader,\n", "post-missing", "line 2"},
		{"people: no name", people, "id,name,role,grid\np,,leader,g\n", "name-missing", "line 2"},
		{"people: an identity card column", people, "id,name,role,grid,id_card\np,x,leader,g,\n", "personal-column", "column id_card"},
		{"people: an identity card as id", people, "id,name,role,grid\n11010519491231002X,x,leader,g\n", "personal-column", "column id"},
		{"people: a phone of words", people, "id,name,role,grid,duty_phone\np,x,leader,g,ask at the gate\n", "phone-unreadable", "line 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.read("f", strings.NewReader(tt.file))
			if rules := refusal(t, err); rules[0] != tt.rule {
				t.Errorf("refused by %v, want %s: %v", rules, tt.rule, err)
			}
			if !strings.HasPrefix(err.Error(), "f: "+tt.place) {
				t.Errorf("%v does not name %q", err, tt.place)
			}
		})
	}
}

func TestReadersTellAllFaultsUpToALimit(t *testing.T) {
	_, _, err := ReadPoints("p", strings.NewReader("lon,lat\n"+strings.Repeat("x,1\n", 500)), geo.WGS84)
	if n := len(refusal(t, err)); n != maxFaults {
		t.Errorf("%d faults are told, want %d", n, maxFaults)
	}
}

func TestReadBuildings(t *testing.T) {
	file := "id,lon,lat,households,levels,kind,name\na,112.01,21.86,120,6,apartments,一栋\nb,112.02,21.87,,,,\n"
	bs, _, err := ReadBuildings("b.csv", strings.NewReader(file), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	want := []geo.Building{
		{ID: "a", Kind: "apartments", Name: "一栋", Tags: map[string]string{"building": "apartments"}, At: orb.Point{112.01, 21.86}, Levels: 6, Households: 120, Source: geo.Given},
		{ID: "b", Kind: "yes", Tags: map[string]string{"building": "yes"}, At: orb.Point{112.02, 21.87}},
	}
	if d := cmp.Diff(want, bs); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	bs, _, err = ReadBuildings("b.geojson", strings.NewReader(collectionOf(areaFeature(`"id":7,"households":30`, square(0, 0, 1)))), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	if b := bs[0]; b.ID != "7" || b.Households != 30 || b.Kind != "residential" || b.At != (orb.Point{112.0005, 21.0005}) || len(b.Outline) != 1 {
		t.Errorf("read %+v", b)
	}
}

func TestReadIncidents(t *testing.T) {
	file := "id,category,priority,lon,lat,reported_at,text\n7,hazard,,112.01,21.86,2026-01-01T08:00:00+08:00,井盖\n"
	is, _, err := ReadIncidents("i.csv", strings.NewReader(file), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	i := is[0]
	if i.ID != "import-7" || i.Category != dispatch.Hazard || i.Priority != dispatch.Normal || i.State != dispatch.Reported || i.Text != "井盖" || i.Version != 1 {
		t.Errorf("read %+v", i)
	}
	if !i.ReportedAt.Equal(at) || i.AnswerDueAt.Sub(at) != dispatch.AnswerWithin || i.CloseDueAt.Sub(at) != dispatch.CloseWithin {
		t.Errorf("clocks %v, %v, %v", i.ReportedAt, i.AnswerDueAt, i.CloseDueAt)
	}
}

func TestReadPositions(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC)
	tests := []struct{ name, source, file, unit string }{
		{"CSV", "t.csv", "unit,lon,lat,at,accuracy_metres\n一号,112.01,21.86,2026-01-01T08:00:05+08:00,\n", "一号"},
		{"JSON", "t.json", `[{"unit":"u1","lon":112.01,"lat":21.86,"at":"2026-01-01T00:00:05Z"}]`, "u1"},
		{"GPX with a named track", "t.gpx", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx><metadata><name>file</name></metadata><trk><name>u2</name><trkseg>" +
			"<trkpt lat=\"21.86\" lon=\"112.01\"><ele>3</ele><time>2026-01-01T00:00:05Z</time></trkpt></trkseg></trk></gpx>", "u2"},
		{"GPX without a name", "car-3.gpx", "<gpx><trk><trkseg><trkpt lat=\"21.86\" lon=\"112.01\"><time>2026-01-01T00:00:05.000Z</time></trkpt></trkseg></trk></gpx>", "car-3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ps, _, err := ReadPositions(tt.source, strings.NewReader(tt.file), geo.WGS84)
			if err != nil {
				t.Fatal(err)
			}
			if len(ps) != 1 || ps[0].Unit != tt.unit || ps[0].Point != (orb.Point{112.01, 21.86}) || !ps[0].At.Equal(at) || ps[0].Accuracy != 0 {
				t.Errorf("read %+v", ps)
			}
		})
	}
}

func TestReadPositionsByOtherNames(t *testing.T) {
	want := []patrol.Position{{Unit: "u1", At: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Point: orb.Point{112, 21}, Accuracy: 6.5}}
	for _, file := range []string{
		"unit,lng,lat,time,accuracy\nu1,112,21,2026-01-05T08:00:00+08:00,6.5\n",
		"单元,经度,纬度,时间,精度\nu1,112,21,2026-01-05 08:00:00+08:00,6.5\n",
		`[{"unit":"u1","lon":112,"lat":21,"timestamp":"2026-01-05T00:00:00Z","accuracy_metres":6.5}]`,
	} {
		got, _, err := ReadPositions("t", strings.NewReader(file), geo.WGS84)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); d != "" {
			t.Errorf("%s (-want +got):\n%s", file, d)
		}
	}
}

func TestReadPeople(t *testing.T) {
	file := "id,name,role,duty_phone,grid,district\np1,示例甲,网格长,13800138000,441704001001001,1\np2,示例乙,officer,,,1\n"
	ps, _, err := ReadPeople("p.csv", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []dispatch.Person{
		{ID: "p1", Name: "示例甲", Role: dispatch.Leader, DutyPhone: "13800138000", Grid: "441704001001001", District: "1"},
		{ID: "p2", Name: "示例乙", Role: dispatch.Officer, District: "1"},
	}
	if d := cmp.Diff(want, ps); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDatumSharesSeeTheWrongDatum(t *testing.T) {
	street := geo.Street{Line: orb.LineString{{112.0, 21.86}, {112.02, 21.86}}}
	side := geo.Street{Line: orb.LineString{{112.01, 21.85}, {112.01, 21.87}}}
	var points []orb.Point
	for i := range 40 {
		points = append(points, geo.GCJ02.FromWGS84(orb.Point{112 + float64(i)*0.0005, 21.8601}))
	}
	shares := DatumShares(points, []geo.Street{street, side})
	if shares[geo.GCJ02] != 1 || shares[geo.WGS84] > 0.2 {
		t.Errorf("shares %v", shares)
	}
	f := SuspectDatum(geo.WGS84, shares)
	if f == nil || f.Rule != "datum-suspect" || !strings.Contains(f.Detail, "gcj02 100 %") {
		t.Errorf("the wrong datum is not suspected: %v", f)
	}
	if f := SuspectDatum(geo.GCJ02, shares); f != nil {
		t.Errorf("the right datum is suspected: %v", f)
	}
	if s := DatumShares(nil, nil); s[geo.WGS84] != 0 || SuspectDatum(geo.WGS84, s) != nil {
		t.Errorf("nothing gives %v", s)
	}
}

func TestSwappedAxes(t *testing.T) {
	monaco := orb.Bound{Min: orb.Point{7.349, 43.71}, Max: orb.Point{7.491, 43.77}}
	if f := SwappedAxes([]orb.Point{{43.73, 7.42}, {43.74, 7.41}, {7.42, 43.73}}, monaco); f == nil || f.Rule != "axes-swapped" {
		t.Errorf("swapped axes are not seen: %v", f)
	}
	if f := SwappedAxes([]orb.Point{{7.42, 43.73}, {7, 43}}, monaco); f != nil {
		t.Errorf("right axes are suspected: %v", f)
	}
}

// readAll runs every reader of text over the same input; an error must be bad input.
func readAll(t *testing.T, data []byte) {
	t.Helper()
	errs := map[string]error{}
	in := func() io.Reader { return bytes.NewReader(data) }
	_, errs["table"] = ReadTable("f", in())
	_, errs["districts"] = ReadDistricts("f", in(), geo.GCJ02)
	_, errs["communities"] = ReadCommunities("f", in(), geo.WGS84)
	_, errs["compounds"] = ReadCompounds("f", in(), geo.BD09)
	_, _, errs["buildings"] = ReadBuildings("f", in(), geo.WGS84)
	_, _, errs["points"] = ReadPoints("f", in(), geo.WGS84)
	_, _, errs["incidents"] = ReadIncidents("f", in(), geo.WGS84)
	_, _, errs["positions"] = ReadPositions("f", in(), geo.WGS84)
	_, _, errs["people"] = ReadPeople("f", in())
	for name, err := range errs {
		if err != nil {
			if _, ok := err.(*geo.InputError); !ok {
				t.Errorf("%s: %v is no InputError", name, err)
			}
		}
	}
	if ds, err := ReadDistricts("f", in(), geo.WGS84); err == nil {
		CheckDistricts(ds, orb.Bound{Min: orb.Point{112, 21}, Max: orb.Point{113, 22}})
	}
}

func FuzzReadText(f *testing.F) {
	for _, s := range []string{
		"id,lon,lat,households\na,112,21,5\n", "\ufeffid;name\r\n1;\"x\"\r\n", "\xd6\xd0,\xb9\xfa\n1,2\n",
		collectionOf(areaFeature(`"code":"1","id":"1"`, square(0, 0, 2)), areaFeature(`"code":"2","id":"2"`, square(2, 0.5, 1))),
		collectionOf(`{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[112,21]}}`),
		"{\"lon\":1,\"lat\":2}\n{\"lon\":\"x\"}", `[{"unit":"u","lon":112,"lat":21,"at":"2026-01-01T00:00:00Z"}]`,
		`<gpx><trk><name>a</name><trkseg><trkpt lat="21" lon="112"><time>2026-01-01T00:00:05Z</time></trkpt></trkseg></trk></gpx>`,
		`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[]]]]}}]}`,
		"单元,lon,lat,time,accuracy\nu,112,21,2026-01-01T00:00:00Z,5\n", "id,name,role,grid\np,x,leader,g\n", `{"type":"Feature"`, "<", "[", "{}", "[[]]", "[null]", "null",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(readAll)
}

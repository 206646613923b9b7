package ingest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// refusal returns the rules of an InputError, and fails when err is none or a
// finding says nothing of what to do.
func refusal(t *testing.T, err error) []string {
	t.Helper()
	var bad *geo.InputError
	if !errors.As(err, &bad) {
		t.Fatalf("got %v, want an InputError", err)
	}
	var rules []string
	for _, f := range bad.Findings {
		if f.Detail == "" || f.Remedy == "" {
			t.Errorf("finding without detail or remedy: %+v", f)
		}
		rules = append(rules, f.Rule)
	}
	return rules
}

func collectionOf(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func areaFeature(properties, rings string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":%s}}`, properties, rings)
}

// square is a ring of the square from x, y in thousandths of a degree, size wide.
func square(x, y, size float64) string {
	p := func(i, j float64) string { return fmt.Sprintf("[%.7f,%.7f]", 112+(x+i)/1000, 21+(y+j)/1000) }
	return "[[" + strings.Join([]string{p(0, 0), p(size, 0), p(size, size), p(0, size), p(0, 0)}, ",") + "]]"
}

func TestReadDistrictsRefusesBadFiles(t *testing.T) {
	tests := []struct{ name, file, rule string }{
		{"an empty file", "", "file-empty"},
		{"no JSON", "code,name\n1,a\n", "geojson-broken"},
		{"JSON cut in the middle", `{"type":"FeatureCollection","features":[`, "json-broken"},
		{"NaN", collectionOf(areaFeature(`"code":"1"`, "[[[NaN,21],[112,22],[113,21]]]")), "json-broken"},
		{"a collection of nothing", collectionOf(), "file-empty"},
		{"another coordinate system", `{"type":"FeatureCollection","crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}`, "crs-unknown"},
		{"no code", collectionOf(areaFeature(`"name":"a"`, square(0, 0, 1))), "property-missing"},
		{"a code twice", collectionOf(areaFeature(`"code":"1"`, square(0, 0, 1)), areaFeature(`"code":1`, square(1, 0, 1))), "id-twice"},
		{"a point", collectionOf(`{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Point","coordinates":[112,21]}}`), "geometry-kind"},
		{"no geometry", collectionOf(`{"type":"Feature","properties":{"code":"1"},"geometry":null}`), "geometry-kind"},
		{"an open ring", collectionOf(areaFeature(`"code":"1"`, "[[[112,21],[112.1,21],[112.1,21.1],[112,21.1]]]")), "ring-open"},
		{"a ring of two corners", collectionOf(areaFeature(`"code":"1"`, "[[[112,21],[112.1,21],[112,21]]]")), "ring-short"},
		{"a bow tie", collectionOf(areaFeature(`"code":"1"`, "[[[112,21],[112.1,21.1],[112.1,21],[112,21.1],[112,21]]]")), "ring-crossed"},
		{"a spike", collectionOf(areaFeature(`"code":"1"`, "[[[112,21],[112.1,21],[112.2,21],[112.1,21],[112.1,21.1],[112,21]]]")), "ring-crossed"},
		{"a hole outside", collectionOf(areaFeature(`"code":"1"`, "[[[112,21],[112.1,21],[112.1,21.1],[112,21]],[[113,21],[113.1,21],[113.1,21.1],[113,21]]]")), "hole-outside"},
		{"swapped axes", collectionOf(areaFeature(`"code":"1"`, "[[[21,112],[21.1,112],[21.1,112.1],[21,112]]]")), "axes-swapped"},
		{"1e308", collectionOf(areaFeature(`"code":"1"`, "[[[1e308,21],[112,22],[113,21],[1e308,21]]]")), "position-out-of-range"},
		{"a position of one number", collectionOf(areaFeature(`"code":"1"`, "[[[112],[112,22],[113,21],[112]]]")), "geometry-broken"},
		{"a personal property", collectionOf(areaFeature(`"code":"1","户主":"x"`, square(0, 0, 1))), "personal-column"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadDistricts("d.geojson", strings.NewReader(tt.file), geo.WGS84)
			if rules := refusal(t, err); rules[0] != tt.rule {
				t.Errorf("refused by %v, want %s: %v", rules, tt.rule, err)
			}
		})
	}
}

func TestReadDistrictsTakesNumbersForCodesAndBothKinds(t *testing.T) {
	file := collectionOf(
		areaFeature(`"code":441704001001,"name":"东城一区"`, square(0, 0, 1)),
		`{"type":"Feature","id":"b","properties":{"name":"B"},"geometry":{"type":"MultiPolygon","coordinates":[`+square(1, 0, 1)+`,`+square(3, 0, 1)+`]}}`)
	ds, err := ReadDistricts("d.geojson", strings.NewReader("\ufeff"+file), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 2 || ds[0].Code != "441704001001" || ds[0].Name != "东城一区" || ds[1].Code != "b" || len(ds[1].Outline) != 2 {
		t.Errorf("read %+v", ds)
	}
}

// Drawings: A and B are squares of side 1; the map reaches from 0 to 10.
func TestCheckDistricts(t *testing.T) {
	bounds := orb.Bound{Min: orb.Point{112, 21}, Max: orb.Point{112.01, 21.01}}
	poly := func(points ...float64) string {
		var ps []string
		for i := 0; i < len(points); i += 2 {
			ps = append(ps, fmt.Sprintf("[%.7f,%.7f]", 112+points[i]/1000, 21+points[i+1]/1000))
		}
		return "[[" + strings.Join(append(ps, ps[0]), ",") + "]]"
	}
	tests := []struct {
		name  string
		rings []string
		rules []string
	}{
		{"AB side by side", []string{square(0, 0, 1), square(1, 0, 1)}, nil},
		{"a corner in the middle of the neighbour's side", []string{square(0, 0, 2), square(2, 0, 1), square(2, 1, 1)}, nil},
		{"AB apart, 100 m between", []string{square(0, 0, 1), square(2, 0, 1)}, nil},
		{"A B with 5 m between them", []string{square(0, 0, 1), square(1.05, 0, 1)}, []string{"districts-gap"}},
		{"B half over A", []string{square(0, 0, 1), square(0.5, 0.5, 1)}, []string{"districts-overlap"}},
		{"B is A", []string{square(0, 0, 1), square(0, 0, 1)}, []string{"districts-overlap"}},
		{"B inside A", []string{square(0, 0, 3), square(1, 1, 1)}, []string{"districts-overlap"}},
		{"a corner three centimetres inside the neighbour is taken for the same", []string{square(0, 0, 2), square(1.9998, 0.5, 1)}, nil},
		{"B reaches over A by ten centimetres", []string{square(0, 0, 1), square(0.999, 0, 1)}, []string{"districts-overlap"}},
		{"B enters A through its corners", []string{square(0, 0, 2), poly(0, 0, 2, 2, 0, 2)}, []string{"districts-overlap"}},
		{"a ring of four squares around nothing", []string{
			poly(0, 0, 2, 0, 2, 1, 0, 1), poly(2, 0, 3, 0, 3, 2, 2, 2), poly(1, 2, 3, 2, 3, 3, 1, 3), poly(0, 1, 1, 1, 1, 3, 0, 3)}, []string{"districts-gap"}},
		{"off the map", []string{square(500, 0, 1)}, []string{"off-map"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var fs []string
			for i, r := range tt.rings {
				fs = append(fs, areaFeature(fmt.Sprintf(`"code":"%d"`, i), r))
			}
			ds, err := ReadDistricts("d.geojson", strings.NewReader(collectionOf(fs...)), geo.WGS84)
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]bool{}
			for _, f := range CheckDistricts(ds, bounds) {
				found[f.Rule] = true
			}
			for _, r := range tt.rules {
				if !found[r] {
					t.Errorf("%s is not found, only %v", r, found)
				}
			}
			if len(tt.rules) != len(found) {
				t.Errorf("found %v, want %v", found, tt.rules)
			}
			if err := ValidateDistricts("d.geojson", ds, bounds); (err != nil) != (len(tt.rules) > 0) {
				t.Errorf("ValidateDistricts says %v", err)
			}
		})
	}
}

func TestCheckDistrictsSaysWhenAxesAreSwapped(t *testing.T) {
	monaco := orb.Bound{Min: orb.Point{7.349, 43.71}, Max: orb.Point{7.491, 43.77}}
	ds, err := ReadDistricts("d", strings.NewReader(collectionOf(areaFeature(`"code":"1"`, "[[[43.72,7.40],[43.72,7.41],[43.73,7.41],[43.72,7.40]]]"))), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	if rules := refusal(t, ValidateDistricts("d", ds, monaco)); rules[0] != "axes-swapped" {
		t.Errorf("refused by %v, want axes-swapped", rules)
	}
}

func TestDistrictsOfMonaco(t *testing.T) {
	m := sharedMap(t, "dev/monaco-riviera")
	ds, err := DistrictsFromBoundaries(m, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 9 {
		t.Errorf("%d wards, want 9", len(ds))
	}
	if err := ValidateDistricts("wards", ds, m.Bounds); err != nil {
		t.Errorf("the wards do not fit: %v", err)
	}
	_, err = DistrictsFromBoundaries(m, 9)
	refusal(t, err)
}

func TestReadDistrictsInGCJ02(t *testing.T) {
	f, err := os.Open("../../../shared/data/maps/admin/440402-xiangzhou.gcj02.geojson")
	if err != nil {
		t.Skip("../shared is absent")
	}
	defer f.Close()
	ds, err := ReadDistricts("xiangzhou", f, geo.GCJ02)
	if err != nil {
		t.Fatal(err)
	}
	if ds[0].Code != "440402" || ds[0].Name != "香洲区" {
		t.Errorf("read %s %s", ds[0].Code, ds[0].Name)
	}
	if fs := CheckDistricts(ds, orb.Bound{Min: orb.Point{113.5, 22.2}, Max: orb.Point{113.6, 22.3}}); len(fs) > 0 {
		t.Errorf("found %v", fs)
	}
}

func TestReadCommunitiesAndCompounds(t *testing.T) {
	file := collectionOf(areaFeature(`"code":"c1","id":"k1","name":"东风社区","district":"1","households":1200`, square(0, 0, 1)))
	cs, err := ReadCommunities("c", strings.NewReader(file), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	if c := cs[0]; c.Code != "c1" || c.District != "1" || c.Households != 1200 || c.Name != "东风社区" {
		t.Errorf("read %+v", c)
	}
	ks, err := ReadCompounds("c", strings.NewReader(file), geo.WGS84)
	if err != nil {
		t.Fatal(err)
	}
	if k := ks[0]; k.ID != "k1" || k.Origin != "import" || len(k.Outline) != 1 {
		t.Errorf("read %+v", k)
	}
	_, err = ReadCommunities("c", strings.NewReader(strings.Replace(file, "1200", "-3", 1)), geo.WGS84)
	if rules := refusal(t, err); rules[0] != "households-negative" {
		t.Errorf("refused by %v", rules)
	}
	parts := `{"type":"Feature","properties":{"id":"k"},"geometry":{"type":"MultiPolygon","coordinates":[` + square(1, 0, 1) + `,` + square(3, 0, 1) + `]}}`
	_, err = ReadCompounds("c", strings.NewReader(collectionOf(parts)), geo.WGS84)
	if rules := refusal(t, err); rules[0] != "geometry-parts" {
		t.Errorf("refused by %v", rules)
	}
}

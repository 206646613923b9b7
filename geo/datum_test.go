package geo

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// vectors reads a CSV of numbers by column name; cells that are no number are NaN.
func vectors(t *testing.T, name string) []map[string]float64 {
	t.Helper()
	f, err := os.Open("testdata/datum/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]float64
	for _, r := range rows[1:] {
		row := map[string]float64{}
		for i, h := range rows[0] {
			v, err := strconv.ParseFloat(r[i], 64)
			if err != nil {
				v = math.NaN()
			}
			row[h] = v
		}
		out = append(out, row)
	}
	return out
}

func apart(a, b orb.Point) float64 {
	return math.Max(math.Abs(a[0]-b[0]), math.Abs(a[1]-b[1]))
}

func TestDatumForwardMatchesTheReferenceVectors(t *testing.T) {
	rows := vectors(t, "gcj02-bd09-vectors.csv")
	if len(rows) != 407 {
		t.Fatalf("%d vectors, want 407", len(rows))
	}
	for _, r := range rows {
		w := orb.Point{r["wgs84_lon"], r["wgs84_lat"]}
		if d := apart(GCJ02.FromWGS84(w), orb.Point{r["gcj02_lon"], r["gcj02_lat"]}); d > 1e-8 {
			t.Errorf("gcj02 of %v is %g degrees off", w, d)
		}
		if d := apart(BD09.FromWGS84(w), orb.Point{r["bd09_lon"], r["bd09_lat"]}); d > 1e-8 {
			t.Errorf("bd09 of %v is %g degrees off", w, d)
		}
	}
	for _, r := range vectors(t, "eviltransform-vectors.csv") {
		w := orb.Point{r["wgs84_lon"], r["wgs84_lat"]}
		if d := apart(GCJ02.FromWGS84(w), orb.Point{r["gcj02_lon"], r["gcj02_lat"]}); d > 1e-8 {
			t.Errorf("gcj02 of %v is %g degrees off", w, d)
		}
	}
}

func TestDatumLeavesPlacesOutsideUnchanged(t *testing.T) {
	for _, r := range vectors(t, "outside-china.csv") {
		p := orb.Point{r["lon"], r["lat"]}
		for _, d := range Datums {
			if d.FromWGS84(p) != p || d.ToWGS84(p) != p {
				t.Errorf("%s moves %v", d, p)
			}
		}
	}
}

func TestDatumNearGcoordsCities(t *testing.T) {
	data, err := os.ReadFile("../../shared/data/coordinates/gcoord-china-cities.json")
	if err != nil {
		t.Skip("../shared is absent")
	}
	var cities []struct {
		Coords struct{ WGS84, GCJ02, BD09 orb.Point }
	}
	if err := json.Unmarshal(data, &cities); err != nil {
		t.Fatal(err)
	}
	for _, c := range cities {
		if m := Distance(GCJ02.FromWGS84(c.Coords.WGS84), c.Coords.GCJ02); m > 1 {
			t.Errorf("gcj02 of %v is %.2f m off", c.Coords.WGS84, m)
		}
		if m := Distance(shiftBD(c.Coords.GCJ02), c.Coords.BD09); m > 1 {
			t.Errorf("bd09 of %v is %.2f m off", c.Coords.GCJ02, m)
		}
	}
	if len(cities) != 664 {
		t.Errorf("%d cities, want 664", len(cities))
	}
}

func TestDatumRoundTrip(t *testing.T) {
	// A degree inside the rectangle: at its very edge the shifted position lies
	// outside, where the published rule knows no way back.
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(73, 136.8).Draw(t, "lon"), rapid.Float64Range(1.9, 54.8).Draw(t, "lat")}
		for _, d := range Datums {
			if m := Distance(d.ToWGS84(d.FromWGS84(p)), p); m > 0.001 {
				t.Fatalf("%s comes back %g m off", d, m)
			}
		}
	})
}

func TestDatumTakesAnyNumber(t *testing.T) {
	for _, p := range []orb.Point{{math.NaN(), 30}, {112, math.Inf(1)}, {1e308, -1e308}} {
		for _, d := range Datums {
			d.ToWGS84(p)
			if got := d.FromWGS84(p); got != p && !math.IsNaN(p[0]) {
				t.Errorf("%s moves %v to %v", d, p, got)
			}
		}
	}
}

func TestParseDatum(t *testing.T) {
	for word, want := range map[string]Datum{"": WGS84, "WGS-84": WGS84, "gcj02": GCJ02, "GCJ-02": GCJ02, "bd09": BD09, "BD-09": BD09} {
		if got, err := ParseDatum(word); err != nil || got != want {
			t.Errorf("ParseDatum(%q) = %q, %v; want %q", word, got, err, want)
		}
	}
	_, err := ParseDatum("cgcs2000")
	var bad *InputError
	if !errors.As(err, &bad) {
		t.Errorf("an unknown datum gives %v, want an InputError", err)
	}
}

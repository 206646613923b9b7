package district

import (
	"context"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

var settleUpdate = flag.Bool("update-settle", false, "renew the golden report of Settle")

// A compound outline of 100 m x 100 m holds 10,000 x 0.30 x 6 x 0.8 / 92.17 = 156
// homes, at four points of 39.
func TestSettleOutlineBecomesCompound(t *testing.T) {
	d := newSettleDrawing()
	b := d.building("w1", "residential", 0, 0, 100, 100)
	b.Name = "尚雅苑"
	s := d.settle(t, quietRule())
	if len(s.Compounds) != 1 || s.Compounds[0].ID != "bw1" || s.Compounds[0].Origin != "outline" || s.Compounds[0].Name != "尚雅苑" {
		t.Fatalf("compounds %+v", s.Compounds)
	}
	if s.Compounds[0].Households != 156 {
		t.Errorf("%d homes, want 156", s.Compounds[0].Households)
	}
	if len(s.Buildings) != 4 {
		t.Fatalf("%d counting points, want 4: the outline is no building any more", len(s.Buildings))
	}
	for i, b := range s.Buildings {
		if b.Kind != PointKind || b.Households != 39 || b.Source != geo.Assumed || b.Compound != "bw1" {
			t.Errorf("point %+v", b)
		}
		for _, c := range s.Buildings[:i] {
			if apart := settlePlane.Distance(b.At, c.At); apart < 30 {
				t.Errorf("points %s and %s are %.0f m apart", b.ID, c.ID, apart)
			}
		}
	}
}

func TestSettleOutlineExceptions(t *testing.T) {
	tests := []struct {
		name   string
		change func(b *geo.Building)
		want   string
	}{
		{"with levels it is a house", func(b *geo.Building) { b.Levels = 5 }, ""},
		{"with a given count it is a house", func(b *geo.Building) { b.Source, b.Households = geo.Given, 90 }, ""},
		{"a hall is none", func(b *geo.Building) { b.Kind = "yes" }, ""},
		{"a mall is none", func(b *geo.Building) { b.Kind = "retail" }, ""},
		{"a layer below the ground does not matter", func(b *geo.Building) { b.Tags["layer"] = "-1" }, "bw1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newSettleDrawing()
			tt.change(d.building("w1", "apartments", 0, 0, 80, 80))
			if got := settleIDs(d.settle(t, quietRule()).Compounds); got != tt.want {
				t.Errorf("compounds %q, want %q", got, tt.want)
			}
		})
	}
}

// Two hectares without buildings get 160 homes at four points of 40; a house of 1,000
// square metres with ten storeys, 5 % of the land, speaks for itself.
func TestSettleLandWithoutBuildings(t *testing.T) {
	rule := quietRule()
	rule.LandHomesPerHectare = 80
	d := newSettleDrawing()
	d.land("w1", settleBox(0, 0, 200, 100))
	s := d.settle(t, rule)
	if len(s.Buildings) != 4 || s.Compounds[0].Households != 160 {
		t.Errorf("%d points with %d homes, want 4 with 160", len(s.Buildings), s.Compounds[0].Households)
	}
	d.building("w2", "apartments", 20, 20, 60, 46).Levels = 10
	s = d.settle(t, rule)
	if len(s.Buildings) != 1 || s.Compounds[0].Households != 90 || s.Buildings[0].Source != geo.Derived {
		t.Errorf("%d buildings with %d homes, want 1 with 90 (1,040 x 10 x 0.8 / 92.17)", len(s.Buildings), s.Compounds[0].Households)
	}
}

// Empty land next to mapped land is assumed no denser than that: one hectare with a
// block of 12 homes, two hectares without.
func TestSettleLandFollowsMappedLand(t *testing.T) {
	rule := quietRule()
	rule.LandHomesPerHectare = 80
	d := newSettleDrawing()
	d.land("w1", settleBox(0, 0, 100, 100))
	d.building("w2", "house", 10, 10, 40, 30).Levels = 2.25 // 600 x 2.25 x 0.8 / 92.17 = 11.7
	d.land("w3", settleBox(200, 0, 300, 200))
	s := d.settle(t, rule)
	if got := s.Compounds[1].Households; got != 24 {
		t.Errorf("%d homes on the empty land, want 2 x 12", got)
	}
}

// 600 m of residential street hold a point every 60 m, the first after 30 m: ten
// points, of 0.6 x 12 = 7.2 homes each, on alternating sides.
func TestSettleStreetsWithoutBuildings(t *testing.T) {
	rule := quietRule()
	rule.StreetHomesPer100m = 12
	d := newSettleDrawing()
	d.street("w1", "residential", 0, 0, 600, 0)
	d.street("w2", "unclassified", 0, -500, 600, -500)
	s := d.settle(t, rule)
	homes, above := 0, 0
	for _, b := range s.Buildings {
		_, y := settlePlane.XY(b.At)
		if math.Abs(math.Abs(y)-15) > 0.1 {
			t.Errorf("%s stands %.1f m off the street", b.ID, y)
		}
		homes += b.Households
		if y > 0 {
			above++
		}
	}
	if len(s.Buildings) != 10 || homes != 72 || above != 5 {
		t.Errorf("%d points with %d homes, %d above; want 10, 72, 5: an unclassified street without homes in sight has none", len(s.Buildings), homes, above)
	}
	d.building("w9", "house", 290, 20, 310, 40)
	if n := len(d.settle(t, rule).Buildings); n != 9 {
		t.Errorf("%d buildings with a house at 300 m, want 9: the points at 270 and 330 m give way", n)
	}
}

func TestSettleKeepsPointsOffWater(t *testing.T) {
	rule := quietRule()
	rule.LandHomesPerHectare = 80
	d := newSettleDrawing()
	d.land("w1", settleBox(0, 0, 100, 100))
	lake := settleBox(10, 10, 90, 80)[0]
	d.m.Barriers = []geo.Barrier{ // in two ways
		{ID: "w2", Kind: "water", Line: orb.LineString(lake[:3])},
		{ID: "w3", Kind: "water", Line: orb.LineString(lake[2:])},
	}
	for _, b := range d.settle(t, rule).Buildings {
		if x, y := settlePlane.XY(b.At); x > 10 && x < 90 && y > 10 && y < 80 {
			t.Errorf("%s stands in the lake at %.0f, %.0f", b.ID, x, y)
		}
	}
}

// settleTown draws a small town of all kinds of land:
//
//	      +--------+--------+
//	      |  w20   |  w21   |   w20 cut by the street w12, w21 walled
//	══════╪════════╪════════╪══  w10 primary
//	      | school |  w22   |
//	      | houses |        |   w22 within w23
//	──────┴────────┴────────┴──  w11 residential
func settleTown() *settleDrawing {
	d := newSettleDrawing()
	d.street("w10", "primary", -1000, 0, -400, 0, -200, 0, 0, 0, 200, 0, 400, 0, 1000, 0)
	d.street("w11", "residential", -1000, -300, -400, -300, 0, -300, 400, -300, 1000, -300)
	d.street("w12", "residential", -200, 0, -200, 300, 0, 300, 0, 0)
	d.street("w13", "unclassified", -400, 0, -400, -300)
	d.street("w14", "unclassified", 0, 0, 0, -100, 0, -300)
	d.street("w15", "unclassified", 400, 0, 400, -300)
	d.street("w16", "living_street", 0, -100, 300, -100)
	d.land("w20", settleBox(-390, 10, -10, 250))
	d.land("w21", settleBox(10, 10, 390, 250))
	d.m.Landuse[1].Walled = true
	d.land("w22", settleBox(100, -200, 200, -50))
	d.m.Landuse[2].Name = "富康花园"
	d.land("w23", settleBox(20, -280, 380, -20))
	d.building("w30", "apartments", -350, 50, -290, 65).Levels = 11
	d.building("w31", "apartments", -350, 100, -290, 115)
	d.building("w32", "residential", 20, 120, 120, 220)
	d.building("w33", "school", -350, -100, -300, -50)
	d.building("w34", "house", -100, -200, -90, -188)
	d.building("w35", "yes", -150, -200, -130, -188)
	d.building("w36", "yes", -150, -150, -130, -138).Tags["shop"] = "supermarket"
	d.building("w37", "yes", -100, -150, -98, -148)
	b := d.building("w38", "apartments", 110, -150, 150, -130)
	b.Source, b.Households = geo.Given, 36
	return d
}

func TestSettleTownReport(t *testing.T) {
	s := settleTown().settle(t, DefaultHouseholdRule())
	golden := filepath.Join("testdata", "settle-town.golden")
	got := s.Report.String()
	if *settleUpdate {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("report (-want +got), renew with -update-settle:\n%s", diff)
	}
}

func TestSettleTwiceIsTheSame(t *testing.T) {
	a, b := settleTown().settle(t, DefaultHouseholdRule()), settleTown().settle(t, DefaultHouseholdRule())
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

func TestSettleReportJSON(t *testing.T) {
	data, err := json.Marshal(settleTown().settle(t, DefaultHouseholdRule()).Report)
	if err != nil {
		t.Fatal(err)
	}
	var r SettleReport
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if sum := r.GivenShare + r.DerivedShare + r.AssumedShare; math.Abs(sum-1) > 1e-9 {
		t.Errorf("shares sum to %g", sum)
	}
}

func TestSettleRefuses(t *testing.T) {
	d := newSettleDrawing()
	rule := DefaultHouseholdRule()
	rule.FloorArea = geo.SquareMetres(math.NaN())
	if _, err := Settle(context.Background(), &d.m, rule); err == nil {
		t.Error("a floor area that is no number was taken")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Settle(ctx, &d.m, DefaultHouseholdRule()); err == nil {
		t.Error("a stopped context was not noticed")
	}
	if _, err := Settle(context.Background(), &geo.StreetMap{}, DefaultHouseholdRule()); err != nil {
		t.Errorf("an empty map: %v", err)
	}
}

// A building whose place lies on a street is counted beside it, within its outline.
func TestSettleMovesPlacesOffLines(t *testing.T) {
	d := newSettleDrawing()
	d.street("w1", "service", -50, 0, 50, 0)
	d.building("w2", "apartments", -10, -5, 10, 5)
	at := d.settle(t, quietRule()).Buildings[0].At
	if x, y := settlePlane.XY(at); math.Abs(y) < lineClear || math.Abs(y) > 5 || math.Abs(x) > 10 {
		t.Errorf("counted at %.2f, %.2f", x, y)
	}
}

// Whatever is drawn, compounds share no ground, each building that names a compound
// lies inside it, no other lies inside one, and the sums are right.
func TestSettleKeepsCompoundsApart(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := newSettleDrawing()
		metre := func(name string) float64 { return float64(rapid.IntRange(-300, 300).Draw(r, name)) }
		for i := range rapid.IntRange(0, 5).Draw(r, "streets") {
			class := rapid.SampledFrom([]string{"primary", "residential", "living_street"}).Draw(r, "class")
			d.street("w"+string(rune('a'+i)), class, metre("x"), metre("y"), metre("x"), metre("y"), metre("x"), metre("y"))
		}
		box := func() (x0, y0, x1, y1 float64) {
			x0, y0 = metre("x"), metre("y")
			return x0, y0, x0 + float64(rapid.IntRange(5, 200).Draw(r, "width")), y0 + float64(rapid.IntRange(5, 200).Draw(r, "height"))
		}
		for i := range rapid.IntRange(0, 4).Draw(r, "areas") {
			d.land("w"+string(rune('k'+i)), settleBox(box()))
		}
		for i := range rapid.IntRange(0, 4).Draw(r, "buildings") {
			x0, y0, x1, y1 := box()
			d.building("w"+string(rune('p'+i)), "residential", x0, y0, x1, y1)
		}
		s, err := Settle(context.Background(), &d.m, DefaultHouseholdRule())
		if err != nil {
			r.Fatal(err)
		}
		if msg := settleBreach(s); msg != "" {
			r.Fatal(msg)
		}
	})
}

// settleBreach judges a settlement the slow way: all compounds laid over each other.
func settleBreach(s *Settlement) string {
	var segments []arrange.Segment
	sum := map[string]int{}
	for i, c := range s.Compounds {
		segments = arrange.AppendArea(segments, int32(i), orb.MultiPolygon{c.Outline})
	}
	arr, err := arrange.Build(segments)
	if err != nil {
		return err.Error()
	}
	taken := map[int32]string{}
	for i, c := range s.Compounds {
		faces, ok := arr.Interior(int32(i))
		if !ok {
			return c.ID + " encloses nothing"
		}
		for _, f := range faces {
			if taken[f] != "" {
				return c.ID + " overlaps " + taken[f]
			}
			taken[f] = c.ID
		}
	}
	for _, b := range s.Buildings {
		place := arr.Locate(arrange.At(b.At))
		if place.Edge < 0 && taken[place.Face] != b.Compound {
			return b.ID + " says " + b.Compound + " and lies in " + taken[place.Face]
		}
		if b.Kind == PointKind && (b.Households < 1 || b.Households > 150) {
			return b.ID + " stands for too many homes, or none"
		}
		sum[b.Compound] += b.Households
	}
	for _, c := range s.Compounds {
		if c.Households != sum[c.ID] {
			return c.ID + " holds another number of homes than its buildings"
		}
	}
	return ""
}

// Land that lies wholly in a lake holds nobody.
func TestSettleLeavesWaterEmpty(t *testing.T) {
	d := newSettleDrawing()
	d.land("w1", settleBox(0, 0, 100, 100))
	d.m.Barriers = []geo.Barrier{{ID: "w2", Kind: "water", Line: orb.LineString(settleBox(-10, -10, 110, 110)[0])}}
	if n := len(d.settle(t, DefaultHouseholdRule()).Buildings); n != 0 {
		t.Errorf("%d counting points in the lake", n)
	}
}

package district

import (
	"math"
	"strings"
	"testing"

	"gridbeat/geo"
)

func TestHouseholdsOfABuilding(t *testing.T) {
	tags := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	tests := []struct {
		name      string
		b         geo.Building
		footprint geo.SquareMetres
		homes     int
		source    geo.HouseholdSource
	}{
		{"given stands", geo.Building{Kind: "office", Source: geo.Given, Households: 12}, 1000, 12, geo.Given},
		{"given none stands", geo.Building{Kind: "apartments", Source: geo.Given}, 1000, 0, geo.Given},
		{"apartments with levels: 600 x 11 x 0.8 / 92.17", geo.Building{Kind: "apartments", Levels: 11}, 600, 57, geo.Derived},
		{"apartments without: 600 x 6 x 0.8 / 92.17", geo.Building{Kind: "apartments"}, 600, 31, geo.Assumed},
		{"a house holds at least one", geo.Building{Kind: "house"}, 25, 1, geo.Assumed},
		{"a bungalow holds one", geo.Building{Kind: "bungalow"}, 400, 1, geo.Assumed},
		{"plain: 400 x 4 x 0.5 / 92.17", geo.Building{Kind: "yes"}, 400, 9, geo.Assumed},
		{"a plain tower stands on a podium: 1,500 x 40 x 0.5 / 92.17", geo.Building{Kind: "yes", Levels: 40}, 4600, 325, geo.Derived},
		{"a plain hall holds none", geo.Building{Kind: "yes", Levels: 6}, 5100, 0, geo.Assumed},
		{"a plain shop holds none", geo.Building{Kind: "yes", Tags: tags("shop", "mall")}, 400, 0, geo.Assumed},
		{"shop=no is no shop", geo.Building{Kind: "yes", Tags: tags("shop", "no")}, 400, 9, geo.Assumed},
		{"homes over a shop", geo.Building{Kind: "apartments", Tags: tags("shop", "bakery")}, 600, 31, geo.Assumed},
		{"plain, used as homes", geo.Building{Kind: "yes", Tags: tags("building:use", "apartments")}, 600, 31, geo.Assumed},
		{"plain, used as offices", geo.Building{Kind: "yes", Tags: tags("building:use", "office")}, 600, 0, geo.Assumed},
		{"plain below the ground", geo.Building{Kind: "yes", Tags: tags("layer", "-1")}, 400, 0, geo.Assumed},
		{"homes drawn on a layer below", geo.Building{Kind: "apartments", Tags: tags("layer", "-1")}, 600, 31, geo.Assumed},
		{"underground", geo.Building{Kind: "apartments", Tags: tags("location", "underground")}, 600, 0, geo.Assumed},
		{"a ruin", geo.Building{Kind: "house", Tags: tags("ruins", "yes")}, 100, 0, geo.Assumed},
		{"too small", geo.Building{Kind: "house"}, 19, 0, geo.Assumed},
		{"of two kinds the first counts", geo.Building{Kind: "apartments;retail"}, 600, 31, geo.Assumed},
	}
	for _, kind := range []string{
		"school", "hospital", "office", "shop", "retail", "commercial", "industrial", "warehouse", "garage", "garages", "shed", "roof",
		"greenhouse", "church", "temple", "public", "civic", "kindergarten", "university", "hotel", "train_station", "parking", "construction", "ruins",
	} {
		tests = append(tests, struct {
			name      string
			b         geo.Building
			footprint geo.SquareMetres
			homes     int
			source    geo.HouseholdSource
		}{kind + " holds none", geo.Building{Kind: kind, Levels: 9}, 900, 0, geo.Assumed})
	}
	rule := DefaultHouseholdRule()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := rule.homesOf(tt.b, tt.footprint)
			if e.homes != tt.homes || e.source != tt.source {
				t.Errorf("%d homes, %s; want %d, %s", e.homes, e.source, tt.homes, tt.source)
			}
		})
	}
}

func TestHouseholdRuleValidate(t *testing.T) {
	if err := DefaultHouseholdRule().Validate(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(r *HouseholdRule)
		field  string
	}{
		{"no floor area", func(r *HouseholdRule) { r.FloorArea = 0 }, "floor_area_per_household_m2"},
		{"share above 1", func(r *HouseholdRule) { r.ResidentialShare = 1.1 }, "residential_share"},
		{"share not a number", func(r *HouseholdRule) { r.UnknownShare = math.NaN() }, "unknown_share"},
		{"endless cover", func(r *HouseholdRule) { r.GroundCover = math.Inf(1) }, "ground_cover"},
		{"points of none", func(r *HouseholdRule) { r.PointHomes = 0 }, "point_homes"},
		{"points above the most", func(r *HouseholdRule) { r.PointHomes = 151 }, "point_homes"},
		{"a kind without levels", func(r *HouseholdRule) { r.Kinds["barge"] = KindRule{} }, "levels of barge"},
		{"negative density", func(r *HouseholdRule) { r.LandHomesPerHectare = -1 }, "land_homes_per_hectare"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := DefaultHouseholdRule()
			tt.change(&r)
			if err := r.Validate(); err == nil || !strings.Contains(err.Error(), tt.field) {
				t.Errorf("error %v, want one about %s", err, tt.field)
			}
		})
	}
}

func TestHouseholdRuleSentenceNamesTheFactors(t *testing.T) {
	s := DefaultHouseholdRule().Sentence()
	for _, want := range []string{"0.8", "0.5", "92.17", "30 %", "80 homes a hectare", "12 a hundred metres"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q does not tell %s", s, want)
		}
	}
}

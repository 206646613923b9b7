package district

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
)

func spreadHouse(id string, x, width float64, levels float64) geo.Building {
	return geo.Building{ID: id, Kind: "apartments", At: settleAt(x+width/2, 5), Outline: settleBox(x, 0, x+width, 10), Levels: levels, Source: geo.Assumed}
}

func spreadCommunity(code string, households int, x0, x1 float64) geo.Community {
	return geo.Community{Code: code, Households: households, Outline: orb.MultiPolygon{settleBox(x0, -50, x1, 50)}}
}

func TestSpreadTotals(t *testing.T) {
	given := spreadHouse("g", 60, 10, 1)
	given.Source, given.Households = geo.Given, 30
	school := geo.Building{ID: "s", Kind: "school", At: settleAt(85, 5), Outline: settleBox(80, 0, 90, 10), Source: geo.Assumed}
	tests := []struct {
		name      string
		total     int
		buildings []geo.Building
		want      []int
		finding   string
	}{
		{"by floor area", 100, []geo.Building{spreadHouse("a", 0, 10, 1), spreadHouse("b", 20, 10, 3)}, []int{25, 75}, ""},
		{"largest remainder: of 1.43, 2.86, 5.71", 10, []geo.Building{spreadHouse("a", 0, 10, 1), spreadHouse("b", 20, 10, 2), spreadHouse("c", 40, 10, 4)}, []int{1, 3, 6}, ""},
		{"a school gets none", 10, []geo.Building{spreadHouse("a", 0, 10, 1), school}, []int{10, 0}, ""},
		{"given counts stand", 50, []geo.Building{spreadHouse("a", 0, 10, 1), given}, []int{20, 30}, ""},
		{"given above the total is scaled and told", 20, []geo.Building{spreadHouse("a", 0, 10, 1), given}, []int{1, 19}, "community-given"},
		{"given below the total with no other is scaled and told", 40, []geo.Building{given}, []int{40}, "community-given"},
		{"outside is not touched", 10, []geo.Building{spreadHouse("a", 0, 10, 1), spreadHouse("z", 900, 10, 1)}, []int{10, 0}, ""},
		{"an absurd total is told", -5, []geo.Building{spreadHouse("a", 0, 10, 1)}, []int{0}, "community-households"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, findings := SpreadTotals([]geo.Community{spreadCommunity("1", tt.total, -10, 100)}, tt.buildings, DefaultHouseholdRule())
			for i, want := range tt.want {
				if out[i].Households != want {
					t.Errorf("%s holds %d, want %d", out[i].ID, out[i].Households, want)
				}
			}
			rule := ""
			if len(findings) > 0 {
				rule = findings[0].Rule
			}
			if rule != tt.finding {
				t.Errorf("finding %q, want %q", rule, tt.finding)
			}
		})
	}
}

func TestSpreadTotalsBesideBuildings(t *testing.T) {
	out, findings := SpreadTotals([]geo.Community{spreadCommunity("7", 95, 0, 100)}, nil, DefaultHouseholdRule())
	if len(findings) != 1 || findings[0].Rule != "community-without-buildings" {
		t.Errorf("findings %v", findings)
	}
	sum := 0
	for _, b := range out {
		sum += b.Households
		if b.Kind != PointKind || b.Source != geo.Derived {
			t.Errorf("%+v", b)
		}
	}
	if len(out) != 3 || sum != 95 {
		t.Errorf("%d points with %d homes, want 3 with 95", len(out), sum)
	}
}

// A building on the common border of two communities counts in the lesser code only.
func TestSpreadTotalsOnABorder(t *testing.T) {
	at := geo.Building{ID: "a", Kind: PointKind, At: settleAt(50, 0), Households: 5, Source: geo.Assumed}
	other := geo.Building{ID: "b", Kind: PointKind, At: settleAt(80, 0), Households: 5, Source: geo.Assumed}
	out, _ := SpreadTotals([]geo.Community{spreadCommunity("2", 40, 50, 100), spreadCommunity("1", 60, 0, 50)}, []geo.Building{at, other}, DefaultHouseholdRule())
	if out[0].Households != 60 || out[1].Households != 40 {
		t.Errorf("%d and %d, want 60 and 40", out[0].Households, out[1].Households)
	}
}

func TestSpreadRecountsTheSettlement(t *testing.T) {
	s := settleTown().settle(t, DefaultHouseholdRule())
	findings := s.Spread([]geo.Community{{Code: "1", Households: 2000, Outline: orb.MultiPolygon{settleBox(-1000, -1000, 1000, 1000)}}}, DefaultHouseholdRule())
	if len(findings) > 0 {
		t.Error(findings)
	}
	if s.Report.Households != 2000 {
		t.Errorf("%d homes, want 2000", s.Report.Households)
	}
	if msg := settleBreach(s); msg != "" {
		t.Error(msg)
	}
}

func TestSpreadLargestRemainder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 50).Draw(r, "weights")
		total := rapid.IntRange(0, 1_000_000).Draw(r, "total")
		sum, all := 0, 0.0
		for _, w := range weights {
			all += w
		}
		for i, n := range largestRemainder(weights, total) {
			sum += n
			if due := float64(total) * (weights[i] / all); all > 0 && (float64(n) < due-1.001 || float64(n) > due+1.001) {
				r.Fatalf("%d for a due of %g", n, due)
			}
		}
		if sum != total {
			r.Fatalf("sum %d, want %d", sum, total)
		}
	})
}

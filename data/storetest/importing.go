package storetest

import (
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

func testImport(t *testing.T, open Open) {
	ctx := t.Context()
	home := geo.Building{ID: "b1", Kind: "house", At: orb.Point{112, 21.8}, Households: 3, Source: geo.Given}
	yard := geo.Compound{ID: "c1", Origin: "import", Outline: orb.Polygon{{{112, 21.8}, {112.1, 21.8}, {112.1, 21.9}, {112, 21.8}}}}
	t.Run("several collections are written at once, what is not given stays", func(t *testing.T) {
		s := open(t)
		if _, err := s.SaveCompounds(ctx, []geo.Compound{yard}, day(1)); err != nil {
			t.Fatal(err)
		}
		c, err := s.Import(ctx, district.Import{Buildings: []geo.Building{home}, Station: &district.Station{Name: "站"}}, day(1))
		if err != nil || c.Buildings.Added != 1 || c.Compounds != (geo.Counts{}) {
			t.Fatalf("counts %+v, error %v", c, err)
		}
		compounds, err := s.Compounds(ctx)
		if err != nil || len(compounds) != 1 {
			t.Errorf("compounds %v, error %v", compounds, err)
		}
		if station, err := s.Station(ctx); err != nil || station.Name != "站" {
			t.Errorf("station %+v, error %v", station, err)
		}
	})
	t.Run("a part that is refused leaves every part as it was", func(t *testing.T) {
		s := open(t)
		twice := []geo.Building{home, home}
		if _, err := s.Import(ctx, district.Import{Compounds: []geo.Compound{yard}, Buildings: twice}, day(1)); err == nil {
			t.Fatal("the same building twice was taken")
		}
		compounds, err := s.Compounds(ctx)
		if err != nil || len(compounds) != 0 {
			t.Errorf("compounds %v, error %v", compounds, err)
		}
		if changes, err := s.Changes(ctx, 0, 0); err != nil || len(changes) != 0 {
			t.Errorf("changes %v, error %v", changes, err)
		}
	})
	t.Run("a part that is empty retires its collection", func(t *testing.T) {
		s := open(t)
		if _, err := s.SaveBuildings(ctx, []geo.Building{home}, day(1)); err != nil {
			t.Fatal(err)
		}
		c, err := s.Import(ctx, district.Import{Buildings: []geo.Building{}}, day(1))
		if err != nil || c.Buildings.Retired != 1 {
			t.Errorf("counts %+v, error %v", c, err)
		}
	})
}

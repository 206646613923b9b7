package district

import "testing"

func TestScrapsGoToWhatTheyBelongTo(t *testing.T) {
	//  +-----+-----+   +-----------+
	//  |  A  |  B  |   | +-------+ |   C is a compound
	//  +-----+-----+   | |   C   | |
	//  +-----+-----+   | +-------+ |
	//  |  D  |  E  |   +-----------+
	//  +-----+-----+
	median := drawnGround(400, 220)
	for _, y := range []float64{100, 120} { // two carriageways
		median.street("primary", 0, y, 400, y)
	}
	median.street("residential", 200, 0, 200, 220)
	for _, x := range []float64{100, 300} {
		median.homes(200, x, 50)
		median.homes(200, x, 170)
	}
	strip := drawnGround(200, 120)
	strip.compound("c", settleBox(0, 10, 200, 120))
	strip.homes(300, 100, 60)
	field := drawnGround(400, 220)
	field.street("residential", 0, 100, 400, 100)
	field.homes(200, 100, 50)
	homes := drawnGround(400, 220)
	homes.street("primary", 0, 20, 400, 20)
	homes.street("primary", 0, 0, 400, 0)
	homes.homes(10, 100, 10)
	homes.homes(200, 100, 150)
	tests := []struct {
		name   string
		ground Ground
		units  int
	}{
		{"the ground between two carriageways is no block", median, 4},
		{"the ground between a wall and the street is one", strip, 2},
		{"so is a field", field, 2},
		{"and a narrow block with homes", homes, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr, err := newTerrain(tt.ground)
			if err != nil {
				t.Fatal(err)
			}
			bl, err := newBlocks(tr, DefaultBounds)
			if err != nil {
				t.Fatal(err)
			}
			if len(bl.faces) != tt.units {
				t.Errorf("%d blocks, want %d", len(bl.faces), tt.units)
			}
			for _, x := range bl.graph.Borders {
				if tt.units == 4 && x.Metres[Arterial] > 0 && (x.Metres[Arterial] < 190 || x.Metres[Arterial] > 210) {
					t.Errorf("blocks across the street share %.0f m of it", x.Metres[Arterial])
				}
			}
		})
	}
}

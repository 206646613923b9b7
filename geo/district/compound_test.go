package district

import (
	"fmt"
	"slices"
	"testing"
)

// The land of these drawings is a square of 200 m between two main roads:
//
//	════════════════  y = 200, secondary
//	   +--------+
//	   |        |     land "w1", x 0..200, y 0..200
//	   +--------+
//	════════════════  y = 0, secondary
func compoundDrawing() *settleDrawing {
	d := newSettleDrawing()
	d.street("w8", "secondary", -300, 0, 0, 0, 100, 0, 150, 0, 300, 0)
	d.street("w9", "secondary", -300, 200, 0, 200, 100, 200, 150, 200, 300, 200)
	d.land("w1", settleBox(0, 0, 200, 200))
	return d
}

func TestCompoundPieces(t *testing.T) {
	tests := []struct {
		name  string
		draw  func(d *settleDrawing)
		want  string
		areas []float64 // square metres, ascending
	}{
		{"land between streets is one compound", func(d *settleDrawing) {}, "w1", []float64{40000}},
		{"an open residential street cuts it", func(d *settleDrawing) {
			d.street("w2", "residential", 100, 0, 100, 200)
		}, "w1-1 w1-2", []float64{20000, 20000}},
		{"a tertiary street cuts it even where it ends inside", func(d *settleDrawing) {
			d.street("w2", "tertiary", 100, 0, 100, 100, 150, 200)
		}, "w1-1 w1-2", []float64{17500, 22500}},
		{"a dead end does not", func(d *settleDrawing) {
			d.street("w2", "residential", 100, 0, 100, 150)
		}, "w1", []float64{40000}},
		{"nor a loop with a single entrance", func(d *settleDrawing) {
			d.street("w2", "residential", 100, 0, 100, 50)
			d.street("w3", "residential", 100, 50, 150, 100, 100, 150, 100, 50)
		}, "w1", []float64{40000}},
		{"a loop with two entrances does", func(d *settleDrawing) {
			d.street("w2", "residential", 100, 0, 100, 100, 150, 100, 150, 0)
		}, "w1-1 w1-2", []float64{5000, 35000}},
		{"a gate makes stubs of a street", func(d *settleDrawing) {
			d.street("w2", "residential", 100, 0, 100, 100, 100, 200)
			d.gate(100, 100)
		}, "w1", []float64{40000}},
		{"a private street is the compound's own", func(d *settleDrawing) {
			d.street("w2", "residential", 100, 0, 100, 200)
			d.m.Streets[2].Tags["access"] = "private"
		}, "w1", []float64{40000}},
		{"a service way is the compound's own", func(d *settleDrawing) {
			d.street("w2", "service", 100, 0, 100, 200)
		}, "w1", []float64{40000}},
		{"a tunnel leaves the ground whole", func(d *settleDrawing) {
			d.street("w2", "primary", 100, 0, 100, 200)
			d.m.Streets[2].Tags["tunnel"] = "yes"
		}, "w1", []float64{40000}},
		{"a living street through it makes it no compound", func(d *settleDrawing) {
			d.street("w2", "living_street", 100, 0, 100, 200)
		}, "", nil},
		{"unless it is walled", func(d *settleDrawing) {
			d.street("w2", "living_street", 100, 0, 100, 200)
			d.m.Landuse[0].Walled = true
		}, "w1", []float64{40000}},
		{"or gated", func(d *settleDrawing) {
			d.street("w2", "living_street", 100, 0, 100, 200)
			d.m.Landuse[0].Gated = true
		}, "w1", []float64{40000}},
		{"a sliver is dropped", func(d *settleDrawing) {
			d.street("w2", "tertiary", 4, 0, 4, 200)
		}, "w1", []float64{39200}},
		{"land inside land makes a hole", func(d *settleDrawing) {
			d.land("w4", settleBox(50, 50, 100, 100))
		}, "w1 w4", []float64{2500, 37500}},
		{"of two that overlap the smaller keeps the ground", func(d *settleDrawing) {
			d.land("w4", settleBox(150, 50, 250, 150))
		}, "w1 w4", []float64{10000, 35000}},
		{"an outline next to land overlaps it neither", func(d *settleDrawing) {
			d.building("w5", "residential", 120, 120, 220, 190)
		}, "bw5 w1", []float64{7000, 34400}},
		{"land that smaller land covers is lost", func(d *settleDrawing) {
			d.land("w4", settleBox(0, 0, 100, 200))
			d.land("w5", settleBox(100, 0, 200, 200))
		}, "w4 w5", []float64{20000, 20000}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := compoundDrawing()
			tt.draw(d)
			s := d.settle(t, quietRule())
			if got := settleIDs(s.Compounds); got != tt.want {
				t.Errorf("compounds %q, want %q\n%s", got, tt.want, s.Report)
			}
			var areas []float64
			for _, c := range s.Compounds {
				areas = append(areas, float64(settlePlane.Area(c.Outline)))
			}
			slices.Sort(areas)
			for i, want := range tt.areas {
				if i < len(areas) && (areas[i] < want*0.998 || areas[i] > want*1.002) {
					t.Errorf("areas %.0f, want %.0f", areas, tt.areas)
				}
			}
			if msg := settleBreach(s); msg != "" {
				t.Error(msg)
			}
		})
	}
}

func TestCompoundRefusalsAreTold(t *testing.T) {
	d := compoundDrawing()
	d.street("w2", "living_street", 100, 0, 100, 200)
	d.land("w4", settleBox(400, 0, 403, 300))
	s := d.settle(t, quietRule())
	var got []string
	for _, f := range s.Report.Findings {
		got = append(got, f.Feature+": "+f.Detail)
	}
	want := []string{
		"w1: 200 m of through streets cross it; its homes stand free",
		"w4: too little is left of it beside streets and smaller areas",
	}
	if !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
}

// Streets without any main road near: rings are open, their dead ends are not.
func TestCompoundOpenStreetsOfAVillage(t *testing.T) {
	d := newSettleDrawing()
	d.street("ring", "residential", 0, 0, 100, 0, 100, 100, 0, 100, 0, 0)
	d.street("stub", "residential", 100, 100, 200, 100)
	open := openStreets(&d.m)
	if got := fmt.Sprint(open); got != "[[true true true true] [false]]" {
		t.Errorf("open %v", got)
	}
}

// A street that leaves the map goes on there.
func TestCompoundOpenStreetsAtTheRim(t *testing.T) {
	d := newSettleDrawing()
	d.street("road", "primary", -900, 0, 0, 0, 900, 0)
	d.street("out", "residential", 0, 0, 0, 500, 0, 1100)
	d.street("stub", "residential", 0, 0, 0, -500)
	if got := fmt.Sprint(openStreets(&d.m)); got != "[[true true] [true true] [false]]" {
		t.Errorf("open %v", got)
	}
}

// BenchmarkCompoundCut cuts 100 areas of land by 10,000 streets of a raster.
func BenchmarkCompoundCut(b *testing.B) {
	d := newSettleDrawing()
	id := 0
	for i := range 71 {
		for k := range 70 {
			x, y := float64(i*28-994), float64(k*28-994)
			class := "residential"
			if i%10 == 0 {
				class = "tertiary"
			}
			d.street(fmt.Sprint("w", id), class, x, y, x, y+28)
			d.street(fmt.Sprint("w", id+1), class, y, x, y+28, x)
			id += 2
		}
	}
	for i := range 10 {
		for k := range 10 {
			x, y := float64(i*190-950), float64(k*190-950)
			d.land(fmt.Sprint("w", id), settleBox(x, y, x+150, y+150))
			id++
		}
	}
	var s *Settlement
	for b.Loop() {
		s = d.settle(b, quietRule())
	}
	b.ReportMetric(float64(len(s.Compounds)), "compounds")
}

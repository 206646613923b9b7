package district

import "testing"

// row makes units in a row, each beside the next, with these households.
func row(t *testing.T, households ...int) *Graph {
	t.Helper()
	units := make([]Unit, len(households))
	var borders []Adjacency
	for i, h := range households {
		units[i] = Unit{Households: h, Area: 10000, Perimeter: 400}
		if i > 0 {
			b := Adjacency{U: int32(i - 1), V: int32(i)}
			b.Metres[Local] = 100
			borders = append(borders, b)
		}
	}
	g, err := NewGraph(units, borders)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCertificatesNameWhatNoPlanCanMend(t *testing.T) {
	tests := []struct {
		name       string
		households []int
		kinds      map[string]int // households of the certificate by its kind
	}{
		{"a row that can be divided", []int{100, 100, 100, 100}, map[string]int{}},
		{"a tower", []int{200, 900, 200}, map[string]int{"over": 900}},
		{"a pocket shut in by a tower", []int{45, 900, 200}, map[string]int{"over": 900, "pocket": 45}},
		{"a lump: 450 between 60s", []int{60, 450, 60}, map[string]int{"lump": 570}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Certificates(row(t, test.households...), DefaultBounds)
			if len(got) != len(test.kinds) {
				t.Fatalf("%d certificates, want %d: %+v", len(got), len(test.kinds), got)
			}
			for _, c := range got {
				if test.kinds[c.Kind] != c.Households || len(c.Remedies) == 0 || len(c.Units) == 0 {
					t.Errorf("%+v", c)
				}
			}
		})
	}
}

package district

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gridbeat/geo"
)

// Two squares of 100 m side by side, a third beyond a river.
const threeSquares = `{"nodes": [[160, 10000, 400, 300, 50, 50], [170, 10000, 400, 300, 150, 50], [180, 10000, 400, 300, 250, 50]],
"edges": [[0, 1, 0, 0, 100, 0]], "barriers": [[1, 2, 0, 0, 0, 100]]}`

func TestReadGraph(t *testing.T) {
	g, err := ReadGraph("g.json", strings.NewReader(threeSquares))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Units) != 3 || len(g.Borders) != 1 || len(g.Walls) != 1 || len(g.Pieces()) != 2 || g.Borders[0].Metres[Collector] != 100 {
		t.Errorf("read %+v", g)
	}
	o := DefaultObjective(DefaultBounds)
	o.BorderPer100, o.Balance, o.OutOfBounds = [classes]float64{}, 0, 0
	want := 2 * 800 * 800 / (4 * math.Pi * 30000) // a rectangle of 300 x 100
	if got := g.Score(Partition{0, 0, 0}, o, DefaultBounds); !near(got, want) || !near(want, got) {
		t.Errorf("J of one grid over the river is %f, want %f", got, want)
	}
}

func TestReadGraphWithFields(t *testing.T) {
	g, err := ReadGraph("g.json", strings.NewReader(`{"fields": ["population", "name"], "nodes": [[1, "a"], [1, "b"]], "edges": [[0, 1]]}`))
	if err != nil {
		t.Fatal(err)
	}
	if g.Borders[0].Metres[Local] != 100 || g.Units[1].Area != 10000 || g.Units[1].Perimeter != 400 || g.Units[1].Households != 1 {
		t.Errorf("read %+v", g)
	}
}

func TestReadGraphRefuses(t *testing.T) {
	tests := []struct{ name, file, says string }{
		{"no JSON", `{"nodes": [[1`, "line 1"},
		{"another kind of JSON", `[1, 2]`, "nodes"},
		{"no units", `{"nodes": [], "edges": []}`, "no units"},
		{"no list of units", `{"nodes": {}, "edges": []}`, "nodes is no list"},
		{"a short row", `{"nodes": [[1, 2]]}`, "nodes 0 has 2 numbers"},
		{"a row of words", `{"nodes": [[1, 2, 3], [1, "x", 2]]}`, "nodes 1 is no list of numbers"},
		{"a number that is null", `{"nodes": [[1, 2, null]]}`, "nodes 0 is no list of numbers"},
		{"half a household", `{"nodes": [[1.5, 2, 3]]}`, "nodes 0 has 1.5 households"},
		{"fewer than none", `{"nodes": [[-1, 2, 3]]}`, "nodes 0 has -1 households"},
		{"no area", `{"nodes": [[1, 0, 3]]}`, "nodes 0 has an area of 0"},
		{"a negative perimeter", `{"nodes": [[1, 1, -3]]}`, "perimeter of -3"},
		{"a unit that is not there", `{"nodes": [[1, 1, 3]], "edges": [[0, 1, 5]]}`, "edges 0 joins 0 and 1; units are 0 to 0"},
		{"a unit beside itself", `{"nodes": [[1, 1, 3]], "edges": [[0, 0, 5]]}`, "with itself"},
		{"a negative length", `{"nodes": [[1, 1, 3], [1, 1, 3]], "edges": [[0, 1, -5]]}`, "edges 0 has a length of -5"},
		{"a class too many", `{"nodes": [[1, 1, 3], [1, 1, 3]], "edges": [[0, 1, 1, 1, 1, 1, 1]]}`, "7 numbers"},
		{"a river to nowhere", `{"nodes": [[1, 1, 3]], "barriers": [[0, 7, 5]]}`, "barriers 0"},
		{"fields without people", `{"fields": ["lat"], "nodes": [[1]]}`, "households or population"},
		{"fields without their number", `{"fields": ["population"], "nodes": [["x"]]}`, "nodes 0 has no number as population"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadGraph("g.json", strings.NewReader(tt.file))
			var bad *geo.InputError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(err.Error(), "g.json: ") {
				t.Errorf("got %v, want %q", err, tt.says)
			}
		})
	}
}

// shared is the folder of development data, or the test is skipped.
func shared(t *testing.T, name string) *Graph {
	t.Helper()
	f, err := os.Open(filepath.Join("../../../shared/data/districting", name))
	if err != nil {
		t.Skip("../shared is absent")
	}
	defer f.Close()
	g, err := ReadGraph(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSearchOfGraphFiles(t *testing.T) {
	tests := []struct {
		name, file string
		bounds     Bounds
		regions    [2]int
		out        int
	}{
		{"a lattice of one household a cell", "gerrymandria.json", Bounds{8, 8}, [2]int{8, 8}, 0},
		{"census block groups", "ar-blockgroups.json", Bounds{5500, 18000}, [2]int{168, 547}, 0},
		{"a town of 51 blocks", "synthetic/base-50-s7/graph.json", DefaultBounds, [2]int{5, 16}, 0},
		{"towers above the maximum", "synthetic/hard-500-s2/graph.json", DefaultBounds, [2]int{43, 142}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := shared(t, tt.file)
			p := Search(context.Background(), g, SearchOptions{Bounds: tt.bounds, Objective: SearchObjective(tt.bounds), Seed: 1, Rounds: 200})
			m := Measure(g, p, tt.bounds, Certificates(g, tt.bounds))
			if m.Regions < tt.regions[0] || m.Regions > tt.regions[1] || m.Out != tt.out {
				t.Errorf("%+v", m)
			}
			for l, units := range p.Grids() {
				if !connected(g, units) {
					t.Errorf("grid %d is in parts", l)
				}
			}
		})
	}
}

func FuzzReadGraph(f *testing.F) {
	f.Add([]byte(threeSquares))
	f.Add([]byte(`{"fields": ["population", "area_m2", "lat", "outer_perim_deg"], "nodes": [[5, 100, 35, 0.1], [6, 100, 35, 0]], "edges": [[0, 1, 0.04]]}`))
	f.Add([]byte(`{"nodes": [[1e9, 1e24, 1e12], [0, 1e-300, 0]], "edges": [[0, 1, 1e12], [1, 0, 0]]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		g, err := ReadGraph("f", strings.NewReader(string(file)))
		if err != nil {
			var bad *geo.InputError
			if !errors.As(err, &bad) {
				t.Fatalf("not an input error: %v", err)
			}
			return
		}
		if len(g.Units) > 100 {
			return
		}
		p := Search(context.Background(), g, SearchOptions{Bounds: DefaultBounds, Objective: SearchObjective(DefaultBounds), Rounds: 5})
		for _, units := range p.Grids() {
			if !connected(g, slices.Clone(units)) {
				t.Fatalf("a grid is in parts: %v", p)
			}
		}
	})
}

package ingest

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
)

func TestSideIsExactOnLargeNumbers(t *testing.T) {
	a, b := grain{-1_800_000_000, -900_000_000}, grain{1_800_000_000, 900_000_000}
	for _, tt := range []struct {
		c    grain
		want int
	}{{grain{0, 0}, 0}, {grain{2, 1}, 0}, {grain{1, 0}, -1}, {grain{1_799_999_999, 900_000_000}, 1}, {grain{-1, 0}, 1}} {
		if got := side(a, b, tt.c); got != tt.want {
			t.Errorf("side of %v is %d, want %d", tt.c, got, tt.want)
		}
	}
}

// The segments s and t:
//
//	cross: X   touch: T, V, and end to end   overlap: on one line   apart: ||
func TestMeets(t *testing.T) {
	seg := func(ax, ay, bx, by int64) segment { return segment{a: grain{ax, ay}, b: grain{bx, by}} }
	tests := []struct {
		name string
		s, t segment
		want contact
	}{
		{"X", seg(0, 0, 4, 4), seg(0, 4, 4, 0), cross},
		{"T", seg(0, 0, 4, 0), seg(2, 0, 2, 3), touch},
		{"V", seg(0, 0, 4, 4), seg(0, 0, 4, 0), touch},
		{"end to end on a line", seg(0, 0, 2, 0), seg(2, 0, 4, 0), touch},
		{"end to end upright", seg(0, 0, 0, 2), seg(0, 2, 0, 4), touch},
		{"on one line", seg(0, 0, 3, 3), seg(1, 1, 5, 5), overlap},
		{"the same, backwards", seg(0, 0, 3, 3), seg(3, 3, 0, 0), overlap},
		{"parallel", seg(0, 0, 4, 0), seg(0, 1, 4, 1), apart},
		{"on one line, apart", seg(0, 0, 1, 0), seg(2, 0, 3, 0), apart},
		{"a T that misses", seg(0, 0, 4, 0), seg(2, 1, 2, 3), apart},
	}
	for _, tt := range tests {
		if got, back := tt.s.meets(tt.t), tt.t.meets(tt.s); got != tt.want || back != tt.want {
			t.Errorf("%s: %d and %d, want %d", tt.name, got, back, tt.want)
		}
	}
}

// The sweep finds the same meetings as looking at every pair.
func TestEachMeetingAgreesWithAllPairs(t *testing.T) {
	coordinate := rapid.Int64Range(-6, 6)
	rapid.Check(t, func(t *rapid.T) {
		var all []segment
		for i := range rapid.IntRange(2, 30).Draw(t, "n") {
			s := segment{a: grain{coordinate.Draw(t, "ax"), coordinate.Draw(t, "ay")}, b: grain{coordinate.Draw(t, "bx"), coordinate.Draw(t, "by")}, index: i}
			if s.a != s.b {
				all = append(all, s)
			}
		}
		got, want := map[[2]int]contact{}, map[[2]int]contact{}
		eachMeeting(all, func(s, u segment, how contact) bool {
			got[[2]int{min(s.index, u.index), max(s.index, u.index)}] = how
			return true
		})
		for i, s := range all {
			for _, u := range all[i+1:] {
				if how := s.meets(u); how != apart {
					want[[2]int{s.index, u.index}] = how
				}
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("(-all pairs +sweep):\n%s", d)
		}
	})
}

// Stars with a ragged border: the middle is always inside, also where the
// centroid is not.
func TestMiddleIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(t, "corners")
		var r orb.Ring
		for i := range n {
			radius := rapid.Float64Range(0.00002, 0.01).Draw(t, "radius")
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r = append(r, geo.RoundE7(orb.Point{112 + radius*cos, 21 + radius*sin}))
		}
		r = append(r, r[0])
		if checkRing(r) != nil {
			t.Skip("rounding broke the star")
		}
		p := oriented(orb.Polygon{r})
		if m, ok := middle(p); ok && locateIn(grainOf(m), p) != inside {
			t.Fatalf("%v is not inside %v", m, p)
		} else if !ok {
			t.Fatalf("no middle of %v", p)
		}
	})
}

func TestMiddleOfACrescent(t *testing.T) {
	u := orb.Ring{{112, 21}, {112.003, 21}, {112.003, 21.003}, {112.002, 21.003}, {112.002, 21.001}, {112.001, 21.001}, {112.001, 21.003}, {112, 21.003}, {112, 21}}
	m, ok := middle(orb.Polygon{u})
	if !ok || locateIn(grainOf(m), orb.Polygon{u}) != inside {
		t.Errorf("the middle of a U is %v, %v", m, ok)
	}
}

// Ways a..f between the nodes of two triangles that share node 1:
//
//	2 - 1 - 4
//	 \ / \ /
//	  3   5
func TestRingsAssembly(t *testing.T) {
	w := func(id int64, nodes ...int64) *way { return &way{id: id, nodes: nodes} }
	tests := []struct {
		name   string
		ways   []*way
		closed [][]int64
		open   bool
	}{
		{"two triangles that share a node", []*way{w(1, 1, 2), w(2, 3, 2), w(3, 1, 3), w(4, 1, 4), w(5, 5, 4), w(6, 5, 1)},
			[][]int64{{1, 2, 3, 1}, {1, 4, 5, 1}}, false},
		{"a closed way", []*way{w(1, 1, 2, 3, 1)}, [][]int64{{1, 2, 3, 1}}, false},
		{"a line", []*way{w(1, 1, 2), w(2, 2, 3)}, nil, true},
		{"a ring with a tail", []*way{w(1, 9, 1), w(2, 1, 2, 3), w(3, 3, 1)}, [][]int64{{1, 2, 3, 1}}, true},
		{"nothing", nil, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			closed, open := rings(tt.ways)
			if d := cmp.Diff(tt.closed, closed); d != "" {
				t.Errorf("rings (-want +got):\n%s", d)
			}
			if (open != nil) != tt.open {
				t.Errorf("open at %v, want %v", open, tt.open)
			}
		})
	}
}

// A holds the left square; B's corner lies a step beside A's side, and another a
// step beside A's corner.
func TestSnapBorders(t *testing.T) {
	a := orb.MultiPolygon{{{{112, 21}, {112.002, 21}, {112.002, 21.002}, {112, 21.002}, {112, 21}}}}
	b := orb.MultiPolygon{{{{112.0019999, 21.001}, {112.003, 21.001}, {112.003, 21.0020001}, {112.0020001, 21.0020001}, {112.0019999, 21.001}}}}
	all := []orb.MultiPolygon{a, b}
	snapBorders(all)
	wantA := orb.Ring{{112, 21}, {112.002, 21}, {112.0019999, 21.001}, {112.002, 21.002}, {112, 21.002}, {112, 21}}
	wantB := orb.Ring{{112.0019999, 21.001}, {112.003, 21.001}, {112.003, 21.0020001}, {112.002, 21.002}, {112.0019999, 21.001}}
	if d := cmp.Diff(wantA, all[0][0][0]); d != "" {
		t.Errorf("A (-want +got):\n%s", d)
	}
	if d := cmp.Diff(wantB, all[1][0][0]); d != "" {
		t.Errorf("B (-want +got):\n%s", d)
	}
}

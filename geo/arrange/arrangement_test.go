package arrange

import (
	"encoding/binary"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// check fails the test when a breaks one of the invariants that Arrangement states.
// It is the slow and obvious judge: every pair of edges, every vertex on every edge.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, a *Arrangement) {
	t.Helper()
	for i, e := range a.Edges {
		p, q := a.Vertices[e.A], a.Vertices[e.B]
		if !p.Less(q) {
			t.Fatalf("edge %d runs from %v to %v", i, p, q)
		}
		for _, f := range a.Edges[:i] {
			if crosses(p, q, a.Vertices[f.A], a.Vertices[f.B]) {
				t.Fatalf("edges cross: %v-%v and %v-%v", p, q, a.Vertices[f.A], a.Vertices[f.B])
			}
			if e.A == f.A && e.B == f.B {
				t.Fatalf("edge %v-%v stands twice", p, q)
			}
		}
		for v, w := range a.Vertices {
			if int32(v) != e.A && int32(v) != e.B && onSegment(w, p, q) {
				t.Fatalf("vertex %v lies on edge %v-%v", w, p, q)
			}
		}
		if a.face[2*i] == a.face[2*i+1] {
			t.Fatalf("edge %v-%v has face %d on both sides", p, q, a.face[2*i])
		}
	}
	var sum, outer int64
	seen := make([]bool, len(a.next))
	for h := range Half(len(a.next)) {
		if seen[h] {
			continue
		}
		for _, g := range a.Cycle(h) {
			seen[g] = true
			if a.face[g] != a.face[h] {
				t.Fatalf("a cycle has faces %d and %d", a.face[g], a.face[h])
			}
		}
		area := a.cycleArea(h)
		sum += area
		if a.face[h] == Unbounded {
			outer -= area
		}
	}
	if sum != 0 {
		t.Fatalf("signed areas sum to %d", sum)
	}
	for f := range a.Faces {
		if a.Faces[f].TwiceArea <= 0 {
			t.Fatalf("face %d has area %d", f, a.Faces[f].TwiceArea)
		}
		outer -= a.Faces[f].TwiceArea
	}
	if outer != 0 {
		t.Fatalf("faces and the outer border differ by %d", outer)
	}
}

func build(t interface {
	Helper()
	Fatalf(string, ...any)
}, segments []Segment) *Arrangement {
	t.Helper()
	a, err := Build(segments)
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	return a
}

func square(x, y, side int32, line int32) []Segment {
	p := []Pt{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}
	var out []Segment
	for i := range p {
		out = append(out, Segment{p[i], p[(i+1)%4], line})
	}
	return out
}

func TestFacesOfSmallDrawings(t *testing.T) {
	//   +-----+      +-----+      +--+--+      +-----+
	//   |     |      | +-+ |      |  |  |      |  |  |
	//   |     |--    | +-+ |      |  |  |      |  |  |
	//   +-----+      +-----+      +--+--+      +-----+
	box := square(0, 0, 100, 0)
	tests := []struct {
		name  string
		in    []Segment
		areas []int64
	}{
		{"nothing", nil, nil},
		{"a line alone makes no face", []Segment{{Pt{0, 0}, Pt{9, 9}, 0}}, nil},
		{"a square", box, []int64{20000}},
		{"a dangling end makes no face", append(square(0, 0, 100, 0), Segment{Pt{100, 50}, Pt{150, 50}, 1}), []int64{20000}},
		{"a bridge to an inner square makes no face", append(append(square(0, 0, 100, 0), square(40, 40, 20, 1)...), Segment{Pt{0, 0}, Pt{40, 40}, 2}), []int64{19200, 800}},
		{"a square within a square", append(square(0, 0, 100, 0), square(40, 40, 20, 1)...), []int64{19200, 800}},
		{"a bar across", append(square(0, 0, 100, 0), Segment{Pt{50, -10}, Pt{50, 110}, 1}), []int64{10000, 10000}},
		{"a stub that stops short", append(square(0, 0, 100, 0), Segment{Pt{50, 100}, Pt{50, 10}, 1}), []int64{20000}},
		{"the same square twice", append(square(0, 0, 100, 0), square(0, 0, 100, 1)...), []int64{20000}},
		{"squares that share half a side", append(square(0, 0, 100, 0), square(100, 50, 100, 1)...), []int64{20000, 20000}},
		{"squares that overlap", append(square(0, 0, 100, 0), square(50, 50, 100, 1)...), []int64{15000, 5000, 15000}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := build(t, test.in)
			check(t, a)
			if len(a.Faces) != len(test.areas) {
				t.Fatalf("%d faces, want %d", len(a.Faces), len(test.areas))
			}
			left := map[int64]int{}
			for i, f := range a.Faces {
				left[f.TwiceArea]++
				left[test.areas[i]]--
			}
			for area, n := range left {
				if n != 0 {
					t.Errorf("area %d: %+d", area, n)
				}
			}
		})
	}
}

func segmentsOf(t *rapid.T) []Segment {
	side := rapid.Int32Range(3, 1000).Draw(t, "side")
	coordinate := rapid.Int32Range(-side, side)
	n := rapid.IntRange(0, 30).Draw(t, "n")
	out := make([]Segment, n)
	for i := range out {
		out[i] = Segment{
			Pt{coordinate.Draw(t, "ax"), coordinate.Draw(t, "ay")},
			Pt{coordinate.Draw(t, "bx"), coordinate.Draw(t, "by")},
			int32(i),
		}
	}
	return out
}

func TestArrangementKeepsItsInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { check(t, build(t, segmentsOf(t))) })
}

func TestOutlineOfAnyFacesHasTheirArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := build(t, segmentsOf(t))
		var faces []int32
		var want int64
		for f := range a.Faces {
			if rapid.Bool().Draw(t, "in") {
				faces = append(faces, int32(f))
				want += a.Faces[f].TwiceArea
			}
		}
		var got int64
		for _, polygon := range a.Outline(faces) {
			for i, ring := range polygon {
				area := ringArea(points(ring))
				if (area > 0) != (i == 0) {
					t.Fatalf("ring %d of a polygon has area %d", i, area)
				}
				got += area
			}
		}
		if got != want {
			t.Fatalf("outline has area %d, its faces %d", got, want)
		}
	})
}

func points(ring orb.Ring) []Pt {
	out := make([]Pt, 0, len(ring))
	for _, p := range ring[:len(ring)-1] {
		out = append(out, At(p))
	}
	return out
}

func TestLocateAgreesWithEveryFaceTested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := build(t, segmentsOf(t))
		p := Pt{rapid.Int32Range(-1000, 1000).Draw(t, "x"), rapid.Int32Range(-1000, 1000).Draw(t, "y")}
		if len(a.Vertices) > 0 && rapid.Bool().Draw(t, "at a vertex") {
			p = a.Vertices[rapid.IntRange(0, len(a.Vertices)-1).Draw(t, "v")]
		}
		got := a.Locate(p)
		touching := false
		want := Unbounded
		for f := range a.Faces {
			side := 0
			for i, polygon := range a.Outline([]int32{int32(f)}) {
				if i > 0 {
					t.Fatalf("face %d has %d parts", f, i+1)
				}
				side = InRing(p, points(polygon[0]))
				for _, hole := range polygon[1:] {
					side = min(side, -InRing(p, points(hole)))
				}
			}
			touching = touching || side == 0
			if side > 0 {
				want = int32(f)
			}
		}
		if touching != (got.Edge >= 0) || !touching && got.Face != want {
			t.Fatalf("%v: located %+v, want face %d, touching %v", p, got, want, touching)
		}
	})
}

func TestInteriorOfRectanglesIsWhatLiesInThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segments := segmentsOf(t)
		for i := range segments {
			segments[i].Line += 10
		}
		x, y := rapid.Int32Range(-500, 500).Draw(t, "x"), rapid.Int32Range(-500, 500).Draw(t, "y")
		side := rapid.Int32Range(1, 500).Draw(t, "width")
		// Snapping may bend the rectangle's own sides, so compare areas with a copy.
		segments = append(segments, square(x, y, side, 1)...)
		a := build(t, segments)
		faces, ok := a.Interior(1)
		if !ok {
			t.Fatalf("a square does not enclose an area")
		}
		var border int64
		o := Pt{x, y}
		for _, e := range a.Along(1) {
			border += int64(a.net(e, 1)) * Cross(o, a.Vertices[a.Edges[e].A], a.Vertices[a.Edges[e].B])
		}
		var sum int64
		for _, f := range faces {
			sum += a.Faces[f].TwiceArea
		}
		if sum != border {
			t.Fatalf("interior has area %d, its border encloses %d", sum, border)
		}
	})
}

func TestABowTieEnclosesNoArea(t *testing.T) {
	p := []Pt{{0, 0}, {100, 100}, {100, 0}, {0, 100}}
	var in []Segment
	for i := range p {
		in = append(in, Segment{p[i], p[(i+1)%4], 1})
	}
	if _, ok := build(t, in).Interior(1); ok {
		t.Error("a bow tie was taken for an area")
	}
}

func TestARowWiderThanTheSpanIsRefused(t *testing.T) {
	if _, err := Build([]Segment{{Pt{-1_000_000_000, 0}, Pt{1_000_000_000, 1}, 0}}); err == nil {
		t.Error("a line across 200 degrees was taken")
	}
}

func FuzzBuild(f *testing.F) {
	f.Add([]byte{0, 0, 10, 0, 10, 0, 10, 10, 10, 10, 0, 0})
	f.Add([]byte{1, 2, 3, 4, 4, 3, 2, 1, 9, 9, 0, 1, 200, 7, 3, 200})
	f.Fuzz(func(t *testing.T, data []byte) {
		var in []Segment
		for len(data) >= 8 && len(in) < 40 {
			at := func(i int) int32 { return int32(int16(binary.LittleEndian.Uint16(data[i:]))) }
			in = append(in, Segment{Pt{at(0), at(2)}, Pt{at(4), at(6)}, int32(len(in))})
			data = data[8:]
		}
		check(t, build(t, in))
	})
}

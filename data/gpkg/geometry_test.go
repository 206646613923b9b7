package gpkg

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func somePoint(t *rapid.T) orb.Point {
	return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
}

func somePolygon(t *rapid.T) orb.Polygon {
	var p orb.Polygon
	for range rapid.IntRange(1, 3).Draw(t, "rings") {
		p = append(p, rapid.SliceOfN(rapid.Custom(somePoint), 1, 6).Draw(t, "ring"))
	}
	return p
}

func TestGeometryComesBackToTheLastBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		back(t, somePoint(t))
		back(t, orb.LineString(rapid.SliceOfN(rapid.Custom(somePoint), 1, 9).Draw(t, "line")))
		back(t, somePolygon(t))
		back(t, orb.MultiPolygon(rapid.SliceOfN(rapid.Custom(somePolygon), 1, 3).Draw(t, "parts")))
	})
}

func back[G orb.Geometry](t *rapid.T, g G) {
	stored, err := encode(g)
	if err != nil {
		t.Fatal(err)
	}
	blob := stored.([]byte)
	got, err := decode[G](blob)
	if err != nil || !cmp.Equal(g, got) {
		t.Fatalf("%v became %v, %v", g, got, err)
	}
	b := g.Bound()
	want := box{b.Min[0], b.Max[0], b.Min[1], b.Max[1]}
	if got, empty, err := envelope(blob); got != want || empty || err != nil {
		t.Fatalf("box %v %v %v, want %v", got, empty, err, want)
	}
	// What another program writes may lack the box or run in the other byte order.
	start, _ := bodyStart(blob)
	bare := append([]byte{'G', 'P', 0, flagLittle, 0xe6, 0x10, 0, 0}, blob[start:]...)
	if got, empty, err := envelope(bare); got != want || empty || err != nil {
		t.Fatalf("without a header box: %v %v %v, want %v", got, empty, err, want)
	}
	if start == headBytes {
		return
	}
	big := []byte{'G', 'P', 0, flagBox, 0, 0, 0x10, 0xe6}
	for _, v := range want {
		big = binary.BigEndian.AppendUint64(big, math.Float64bits(v))
	}
	if got, empty, err := envelope(append(big, blob[start:]...)); got != want || empty || err != nil {
		t.Fatalf("in the other byte order: %v %v %v, want %v", got, empty, err, want)
	}
}

func TestGeometryWithoutAnyPositionIsNull(t *testing.T) {
	for _, g := range []orb.Geometry{orb.LineString{}, orb.LineString(nil), orb.Polygon(nil), orb.Polygon{{}}, orb.MultiPolygon{{}}, orb.MultiPolygon(nil)} {
		if blob, err := encode(g); blob != nil || err != nil {
			t.Errorf("%T %v: %v %v", g, g, blob, err)
		}
	}
}

func FuzzGeometryOfAnotherProgram(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{'G', 'P', 0, flagEmpty | flagLittle, 0xe6, 0x10, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{'G', 'P', 0, 0x0e, 0, 0, 0, 0})
	for _, g := range []orb.Geometry{orb.Point{1, 2}, orb.LineString{{1, 2}, {3, 4}}, orb.MultiPolygon{{{{0, 0}, {1, 0}, {0, 1}, {0, 0}}}}} {
		blob, _ := encode(g)
		f.Add(blob.([]byte))
	}
	f.Fuzz(func(t *testing.T, blob []byte) {
		envelope(blob)
		decode[orb.Polygon](blob)
		decode[orb.Point](blob)
	})
}

package locate_test

import (
	"encoding/binary"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo/arrange"
	"gridbeat/geo/locate"
)

// FuzzAnyRings makes rings of any bytes: New refuses them or answers, with a polygon
// there is.
func FuzzAnyRings(f *testing.F) {
	f.Add([]byte("0000111122223333444455556666"), uint8(3), uint8(0))
	f.Add([]byte("\x00\x00\x00\x00\x00\x10\x00\x00\x00\x10\x00\x10\x00\x00\x00\x10"), uint8(4), uint8(16))
	f.Fuzz(func(t *testing.T, data []byte, corners, scale uint8) {
		var polygons []orb.Polygon
		var ps []arrange.Pt
		for ; len(data) >= 4; data = data[4:] {
			x, y := int16(binary.LittleEndian.Uint16(data)), int16(binary.LittleEndian.Uint16(data[2:]))
			ps = append(ps, arrange.Pt{X: int32(x) << (scale % 15), Y: int32(y) << (scale % 15)})
			if len(ps) > int(corners%32) {
				polygons = append(polygons, orb.Polygon{ringOf(ps)})
				ps = nil
			}
		}
		ix, err := locate.New(polygons)
		if err != nil {
			return
		}
		for _, p := range polygons {
			if single(p[0]) {
				continue // no border at all
			}
			for _, v := range p[0] {
				if owner, border := ix.At(v); owner < 0 || int(owner) >= len(polygons) || !border {
					t.Fatalf("%v, a vertex: got %d, %v", v, owner, border)
				}
				ix.At(orb.Point{v[0] + 1e-6, v[1] - 1e-8})
				ix.Nearest(v, 100)
			}
		}
		for i := range polygons {
			ix.Neighbours(int32(i))
		}
	})
}

// single is true for a ring that is one point.
func single(r orb.Ring) bool {
	for _, p := range r {
		if p != r[0] {
			return false
		}
	}
	return true
}

package gpkg

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"gridbeat/geo"
)

// The header of a GeoPackage geometry: "GP", version, flags, SRS, then the
// envelope (min x, max x, min y, max y), which points lack.
const (
	srs        = 4326
	headBytes  = 8
	boxBytes   = 32
	flagLittle = 0x01
	flagBox    = 0x02 // the envelope has two dimensions
	maskBox    = 0x0e
	flagEmpty  = 0x10
	pointBytes = 21 // WKB of a point
)

// boxLengths is the length of an envelope by the kind that the flags state.
var boxLengths = [...]int{0, 32, 48, 48, 64}

var errNotGeometry = errors.New("not a GeoPackage geometry")

// encode writes g as a GeoPackage geometry, digits unchanged, and null where g has
// no position at all. A position that is no place on earth is refused: it would
// break the spatial index.
func encode(g orb.Geometry) (any, error) {
	empty, err := checkPositions(g)
	if empty || err != nil {
		return nil, err
	}
	flags := byte(flagLittle)
	if _, isPoint := g.(orb.Point); !isPoint {
		flags |= flagBox
	}
	blob := append(make([]byte, 0, headBytes+boxBytes+pointBytes), 'G', 'P', 0, flags)
	blob = binary.LittleEndian.AppendUint32(blob, srs)
	if flags&flagBox != 0 {
		b := g.Bound()
		for _, v := range [4]float64{b.Min[0], b.Max[0], b.Min[1], b.Max[1]} {
			blob = binary.LittleEndian.AppendUint64(blob, math.Float64bits(v))
		}
	}
	body, err := wkb.Marshal(g, binary.LittleEndian)
	return append(blob, body...), err
}

// decode reads a geometry of the type that the layer holds; null is the empty one.
func decode[G orb.Geometry](blob []byte) (g G, err error) {
	if blob == nil {
		return g, nil
	}
	start, err := bodyStart(blob)
	if err != nil {
		return g, err
	}
	any, err := wkb.Unmarshal(blob[start:])
	if err != nil {
		return g, err
	}
	g, ok := any.(G)
	if !ok {
		return g, fmt.Errorf("%w of the layer's type: %T", errNotGeometry, any)
	}
	return g, nil
}

func bodyStart(blob []byte) (int, error) {
	if len(blob) < headBytes || blob[0] != 'G' || blob[1] != 'P' {
		return 0, errNotGeometry
	}
	kind := int(blob[3]&maskBox) >> 1
	if kind >= len(boxLengths) || len(blob) < headBytes+boxLengths[kind] {
		return 0, errNotGeometry
	}
	return headBytes + boxLengths[kind], nil
}

// checkPositions reports whether g has no position at all, and refuses positions
// that are not finite or off the globe.
func checkPositions(g orb.Geometry) (empty bool, err error) {
	switch g := g.(type) {
	case orb.Point:
		return checkLine([]orb.Point{g})
	case orb.LineString:
		return checkLine(g)
	case orb.Polygon:
		return checkPolygon(g)
	case orb.MultiPolygon:
		empty = true
		for _, p := range g {
			none, err := checkPolygon(p)
			if err != nil {
				return false, err
			}
			empty = empty && none
		}
		return empty, nil
	}
	return false, fmt.Errorf("%T is no geometry of this store", g)
}

func checkPolygon(p orb.Polygon) (empty bool, err error) {
	empty = true
	for _, ring := range p {
		none, err := checkLine(ring)
		if err != nil {
			return false, err
		}
		empty = empty && none
	}
	return empty, nil
}

func checkLine(line []orb.Point) (empty bool, err error) {
	for _, p := range line {
		if !geo.ValidPosition(p) {
			return false, fmt.Errorf("%w: %v, %v", errPosition, p[0], p[1])
		}
	}
	return len(line) == 0, nil
}

var errPosition = errors.New("not a longitude and latitude in degrees")

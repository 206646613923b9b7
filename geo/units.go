package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Metres is a length on the ground.
type Metres float64

// SquareMetres is an area on the ground.
type SquareMetres float64

// E7 is the number of integer steps in one degree: coordinates are kept to
// seven decimals, which is what RFC 7946 files of gridbeat carry.
const E7 = 1e7

// RoundE7 returns p rounded to seven decimals, exactly as it is written to files. Halves
// go to even, as in SQL.
func RoundE7(p orb.Point) orb.Point {
	return orb.Point{math.RoundToEven(p[0]*E7) / E7, math.RoundToEven(p[1]*E7) / E7}
}

// ValidPosition reports whether p is a finite position within -180..180 degrees
// of longitude and -90..90 degrees of latitude.
func ValidPosition(p orb.Point) bool {
	return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90
}

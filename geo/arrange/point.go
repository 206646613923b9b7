package arrange

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// Pt is a position in integer steps of 1e-7 degree: X is longitude, Y latitude.
type Pt struct{ X, Y int32 }

// MaxSpan is the widest extent of one arrangement, in steps (50 degrees): within
// it no exact predicate can overflow 64 bits.
const MaxSpan = 500_000_000

// At rounds a position in degrees to the nearest Pt. The position must be valid
// (geo.ValidPosition); values beyond that are clamped.
func At(p orb.Point) Pt {
	return Pt{clamp(p[0], 180), clamp(p[1], 90)}
}

func clamp(degrees, limit float64) int32 {
	return int32(math.Round(math.Max(-limit, math.Min(limit, degrees)) * geo.E7))
}

// Point returns the position in degrees; written with seven decimals it is exact.
func (p Pt) Point() orb.Point {
	return orb.Point{float64(p.X) / geo.E7, float64(p.Y) / geo.E7}
}

// String renders the position in degrees with seven decimals.
func (p Pt) String() string {
	return fmt.Sprintf("%.7f,%.7f", float64(p.X)/geo.E7, float64(p.Y)/geo.E7)
}

// Less orders points by X, then Y.
func (p Pt) Less(q Pt) bool { return p.X < q.X || p.X == q.X && p.Y < q.Y }

// Cross is the exact cross product (b-a) x (c-a): positive when c lies to the
// left of a->b, zero when the three are in line.
func Cross(a, b, c Pt) int64 {
	return (int64(b.X)-int64(a.X))*(int64(c.Y)-int64(a.Y)) -
		(int64(b.Y)-int64(a.Y))*(int64(c.X)-int64(a.X))
}

func sign(v int64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// inBox reports whether p lies in the closed box spanned by a and b.
func inBox(p, a, b Pt) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) &&
		min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
}

// onSegment reports whether p lies on the closed segment a-b.
func onSegment(p, a, b Pt) bool { return inBox(p, a, b) && Cross(a, b, p) == 0 }

// crosses reports whether the open segments a-b and c-d cross in one point that is
// an end of neither.
func crosses(a, b, c, d Pt) bool {
	return sign(Cross(a, b, c))*sign(Cross(a, b, d)) < 0 &&
		sign(Cross(c, d, a))*sign(Cross(c, d, b)) < 0
}

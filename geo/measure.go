package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Plane is a local flat map in metres around one latitude (equirectangular, with
// the WGS-84 radii of curvature there). Within 50 km of its centre lengths are
// right to about one in a thousand. It is cheap, and a value.
type Plane struct {
	origin orb.Point
	kx, ky float64 // metres per degree
}

const (
	semiMajorMetres    = 6378137.0
	eccentricitySquare = 0.00669437999014
)

// NewPlane returns the plane that touches the ellipsoid at p (lon, lat).
func NewPlane(p orb.Point) Plane {
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	w := math.Sqrt(1 - eccentricitySquare*sin*sin)
	prime := semiMajorMetres / w
	meridian := semiMajorMetres * (1 - eccentricitySquare) / (w * w * w)
	return Plane{origin: p, kx: prime * cos * math.Pi / 180, ky: meridian * math.Pi / 180}
}

// XY returns the metres east and north of the plane's origin.
func (pl Plane) XY(p orb.Point) (x, y float64) {
	return (p[0] - pl.origin[0]) * pl.kx, (p[1] - pl.origin[1]) * pl.ky
}

// Point is the inverse of XY: lon, lat of a place in metres from the origin.
func (pl Plane) Point(x, y float64) orb.Point {
	return orb.Point{pl.origin[0] + x/pl.kx, pl.origin[1] + y/pl.ky}
}

// Scale returns the metres in one degree of longitude and of latitude.
func (pl Plane) Scale() (metresPerLon, metresPerLat float64) { return pl.kx, pl.ky }

// Distance is the straight length between two positions.
func (pl Plane) Distance(a, b orb.Point) Metres {
	return Metres(math.Hypot((a[0]-b[0])*pl.kx, (a[1]-b[1])*pl.ky))
}

// Length is the length of a line.
func (pl Plane) Length(line orb.LineString) Metres {
	var sum Metres
	for i := 1; i < len(line); i++ {
		sum += pl.Distance(line[i-1], line[i])
	}
	return sum
}

// RingArea is the signed area of a ring, positive when counter-clockwise.
func (pl Plane) RingArea(r orb.Ring) SquareMetres {
	if len(r) < 3 {
		return 0
	}
	var twice float64
	o := r[0]
	for i := 1; i+1 < len(r); i++ {
		twice += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return SquareMetres(twice / 2 * pl.kx * pl.ky)
}

// Area is the area of a polygon, its holes taken off; never negative.
func (pl Plane) Area(p orb.Polygon) SquareMetres {
	if len(p) == 0 {
		return 0
	}
	sum := math.Abs(float64(pl.RingArea(p[0])))
	for _, h := range p[1:] {
		sum -= math.Abs(float64(pl.RingArea(h)))
	}
	return SquareMetres(math.Max(0, sum))
}

// Distance is the length between two positions on the plane between them; use it
// for single pairs, and a Plane where many are measured.
func Distance(a, b orb.Point) Metres {
	return NewPlane(orb.Point{a[0], (a[1] + b[1]) / 2}).Distance(a, b)
}

// Length is the length of a line, on the plane at its first point.
func Length(line orb.LineString) Metres {
	if len(line) == 0 {
		return 0
	}
	return NewPlane(line[0]).Length(line)
}

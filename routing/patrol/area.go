package patrol

import (
	"math"
	"sort"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// area answers which part of a segment lies inside polygons. Their borders are kept in
// strips from south to north, so that an answer looks at few of them.
type area struct {
	plane  geo.Plane
	bound  orb.Bound
	strips [][]side // a side stands in every strip that it reaches into
	height float64  // of a strip, in degrees
}

// side is a straight piece of a polygon's border.
type side struct {
	a, b    orb.Point
	polygon int32
}

// sidesEach is how many sides a strip begins with, about.
const sidesEach = 4

func newArea(m orb.MultiPolygon, plane geo.Plane) *area {
	ar := &area{plane: plane, bound: m.Bound()}
	var sides []side
	for i, p := range m {
		for _, ring := range p {
			for j := 1; j < len(ring); j++ {
				sides = append(sides, side{ring[j-1], ring[j], int32(i)})
			}
		}
	}
	ar.strips = make([][]side, 1+len(sides)/sidesEach)
	ar.height = max(1e-9, (ar.bound.Max[1]-ar.bound.Min[1])/float64(len(ar.strips)))
	for _, s := range sides {
		for k := ar.strip(min(s.a[1], s.b[1])); k <= ar.strip(max(s.a[1], s.b[1])); k++ {
			ar.strips[k] = append(ar.strips[k], s)
		}
	}
	return ar
}

// strip is the number of the strip at a latitude, or of the nearest one.
func (ar *area) strip(lat float64) int {
	return max(0, min(len(ar.strips)-1, int((lat-ar.bound.Min[1])/ar.height)))
}

// span is a stretch of a segment, as shares of its length.
type span struct{ from, to float64 }

// inside returns the stretches of the segment a-b that lie in the area, in order.
func (ar *area) inside(a, b orb.Point) []span {
	if !ar.bound.Intersects(orb.Bound{Min: a, Max: a}.Extend(b)) {
		return nil
	}
	var cuts []float64
	for k := ar.strip(min(a[1], b[1])); k <= ar.strip(max(a[1], b[1])); k++ {
		for _, s := range ar.strips[k] {
			if t, ok := crossing(a, b, s.a, s.b); ok {
				cuts = append(cuts, t)
			}
		}
	}
	cuts = append(cuts, 0, 1)
	sort.Float64s(cuts)
	var out []span
	for i := 1; i < len(cuts); i++ {
		lo, hi := cuts[i-1], cuts[i]
		if hi <= lo || !ar.beside(a, b, (lo+hi)/2) {
			continue
		}
		if k := len(out); k > 0 && out[k-1].to == lo {
			out[k-1].to = hi
		} else {
			out = append(out, span{lo, hi})
		}
	}
	return out
}

// beside reports whether a place on a-b lies in the area. A street may run along
// the border itself: then either side will do.
func (ar *area) beside(a, b orb.Point, t float64) bool {
	const aside = 1e-9 // degrees, a tenth of a millimetre
	p := along(a, b, t)
	length := math.Hypot(b[0]-a[0], b[1]-a[1])
	dx, dy := -(b[1]-a[1])/length*aside, (b[0]-a[0])/length*aside
	return ar.contains(orb.Point{p[0] + dx, p[1] + dy}) || ar.contains(orb.Point{p[0] - dx, p[1] - dy})
}

// contains reports whether the place lies in a polygon or on its border.
func (ar *area) contains(p orb.Point) bool {
	if !ar.bound.Contains(p) {
		return false
	}
	inside, polygon := false, int32(-1)
	for _, s := range ar.strips[ar.strip(p[1])] {
		if s.polygon != polygon { // the sides of a polygon stand together
			if inside {
				return true
			}
			polygon = s.polygon
		}
		turn := (s.b[0]-s.a[0])*(p[1]-s.a[1]) - (p[0]-s.a[0])*(s.b[1]-s.a[1])
		if turn == 0 && (orb.Bound{Min: s.a, Max: s.a}).Extend(s.b).Contains(p) {
			return true
		}
		if (s.a[1] > p[1]) != (s.b[1] > p[1]) && (turn > 0) == (s.b[1] > s.a[1]) {
			inside = !inside
		}
	}
	return inside
}

func along(a, b orb.Point, t float64) orb.Point {
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// crossing is the place on a-b where it meets c-d, as a share of a-b.
func crossing(a, b, c, d orb.Point) (float64, bool) {
	if math.Max(a[0], b[0]) < math.Min(c[0], d[0]) || math.Max(c[0], d[0]) < math.Min(a[0], b[0]) ||
		math.Max(a[1], b[1]) < math.Min(c[1], d[1]) || math.Max(c[1], d[1]) < math.Min(a[1], b[1]) {
		return 0, false
	}
	den := (b[0]-a[0])*(d[1]-c[1]) - (b[1]-a[1])*(d[0]-c[0])
	if den == 0 {
		return 0, false
	}
	t := ((c[0]-a[0])*(d[1]-c[1]) - (c[1]-a[1])*(d[0]-c[0])) / den
	u := ((c[0]-a[0])*(b[1]-a[1]) - (c[1]-a[1])*(b[0]-a[0])) / den
	return t, t > 0 && t < 1 && u >= 0 && u <= 1
}

// metres is the length of the stretches of segment a-b.
func (ar *area) metres(a, b orb.Point, spans []span) float64 {
	share := 0.0
	for _, s := range spans {
		share += s.to - s.from
	}
	return share * float64(ar.plane.Distance(a, b))
}

// clip returns the parts of a line that lie in the area. Vertices inside keep their
// digits; the ends at the border are rounded to seven decimals.
func (ar *area) clip(line orb.LineString) []orb.LineString {
	var out []orb.LineString
	var open orb.LineString
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		for _, s := range ar.inside(a, b) {
			if s.from > 0 || open == nil {
				if open != nil {
					out = append(out, open)
				}
				open = orb.LineString{a}
				if s.from > 0 {
					open[0] = geo.RoundE7(along(a, b, s.from))
				}
			}
			if s.to < 1 {
				out = append(out, append(open, geo.RoundE7(along(a, b, s.to))))
				open = nil
			} else {
				open = append(open, b)
			}
		}
		if open != nil && open[len(open)-1] != b {
			out = append(out, open)
			open = nil
		}
	}
	if open != nil {
		out = append(out, open)
	}
	return out
}

package patrol

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"gridbeat/geo"
)

// area answers which part of a segment lies inside polygons.
type area struct {
	plane    geo.Plane
	polygons []orb.Polygon
	bounds   []orb.Bound
}

func newArea(m orb.MultiPolygon, plane geo.Plane) *area {
	a := &area{plane: plane, polygons: m}
	for _, p := range m {
		a.bounds = append(a.bounds, p.Bound())
	}
	return a
}

// span is a stretch of a segment, as shares of its length.
type span struct{ from, to float64 }

// inside returns the stretches of the segment a-b that lie in the area, in order.
func (ar *area) inside(a, b orb.Point) []span {
	box := orb.Bound{Min: a, Max: a}.Extend(b)
	var cuts []float64
	near := false
	for i, p := range ar.polygons {
		if !ar.bounds[i].Intersects(box) {
			continue
		}
		near = true
		for _, ring := range p {
			for j := 1; j < len(ring); j++ {
				if t, ok := crossing(a, b, ring[j-1], ring[j]); ok {
					cuts = append(cuts, t)
				}
			}
		}
	}
	if !near {
		return nil
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

func (ar *area) contains(p orb.Point) bool {
	for i, g := range ar.polygons {
		if ar.bounds[i].Contains(p) && planar.PolygonContains(g, p) {
			return true
		}
	}
	return false
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

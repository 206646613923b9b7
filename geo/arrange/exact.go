package arrange

import "github.com/paulmach/orb"

// Crosses reports exactly whether the open segments a-b and c-d cross in one point
// that is an end of neither.
func Crosses(a, b, c, d Pt) bool { return crosses(a, b, c, d) }

// Touches reports whether the segment a-b comes so near to p, which is none of its
// ends, that Build would bend it through p: within half a step. In an arrangement no
// vertex touches an edge that does not end there.
func Touches(p, a, b Pt) bool { return touchesPixel(p, a, b) }

// OnSegment reports exactly whether p lies on the closed segment a-b.
func OnSegment(p, a, b Pt) bool { return onSegment(p, a, b) }

// CompareAngle orders p and q by the angle of o->p and o->q, counter-clockwise from
// the positive X axis.
func CompareAngle(o, p, q Pt) int { return compareAngle(o, p, q) }

// Polygons makes polygons of closed walks around areas, each with its area on the
// left, in the form that Outline gives: simple rings that start at their least
// vertex, holes in the shell that holds them.
func Polygons(walks [][]Pt) orb.MultiPolygon {
	var shells, holes [][]Pt
	for _, w := range walks {
		for _, ring := range splitAtRepeats(w) {
			if ringArea(ring) > 0 {
				shells = append(shells, ring)
			} else {
				holes = append(holes, ring)
			}
		}
	}
	return assemble(shells, holes)
}

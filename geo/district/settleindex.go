package district

import (
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// settleXY is a place in metres on the plane of the map.
type settleXY struct{ x, y float64 }

// settleLines answers which lines are near a place. Distances only steer where
// counting points stand; what lies inside what is decided on integers elsewhere.
type settleLines struct {
	plane geo.Plane
	cells map[[2]int32][]int32
	a, b  []settleXY // ends of each piece
}

// settleCell is the width of a cell of the index.
const settleCell = 60.0

func newSettleLines(plane geo.Plane) *settleLines {
	return &settleLines{plane: plane, cells: map[[2]int32][]int32{}}
}

func cellOf(v float64) int32 { return int32(math.Floor(v / settleCell)) }

func (l *settleLines) xy(p orb.Point) settleXY {
	x, y := l.plane.XY(p)
	return settleXY{x, y}
}

// add puts a line into the index; a single point counts as a line of no length.
func (l *settleLines) add(line orb.LineString) {
	if len(line) == 1 {
		line = orb.LineString{line[0], line[0]}
	}
	for i := 1; i < len(line); i++ {
		l.addPiece(l.xy(line[i-1]), l.xy(line[i]))
	}
}

func (l *settleLines) addPolygon(p orb.Polygon) {
	for _, r := range p {
		l.add(orb.LineString(r))
	}
}

func (l *settleLines) addPiece(a, b settleXY) {
	n := int32(len(l.a))
	l.a, l.b = append(l.a, a), append(l.b, b)
	// Walk along the piece in steps of half a cell, so that long ones do not fill their box.
	steps := max(1, int(math.Ceil(math.Hypot(b.x-a.x, b.y-a.y)/(settleCell/2))))
	var last [2]int32
	for i := range steps + 1 {
		k := float64(i) / float64(steps)
		cell := [2]int32{cellOf(a.x + k*(b.x-a.x)), cellOf(a.y + k*(b.y-a.y))}
		if i == 0 || cell != last {
			l.cells[cell] = append(l.cells[cell], n)
		}
		last = cell
	}
}

// within reports whether a line comes closer to p than the distance in metres.
func (l *settleLines) within(p settleXY, metres float64) bool {
	reach := metres + settleCell/2 // a piece may pass a cell's corner unnoticed by half a step
	for cx := cellOf(p.x - reach); cx <= cellOf(p.x+reach); cx++ {
		for cy := cellOf(p.y - reach); cy <= cellOf(p.y+reach); cy++ {
			for _, i := range l.cells[[2]int32{cx, cy}] {
				if distanceToPiece(p, l.a[i], l.b[i]) < metres {
					return true
				}
			}
		}
	}
	return false
}

func distanceToPiece(p, a, b settleXY) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	k := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		k = math.Max(0, math.Min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/d))
	}
	return math.Hypot(a.x+k*dx-p.x, a.y+k*dy-p.y)
}

// settleAreas answers which areas cover a place.
type settleAreas struct {
	plane geo.Plane
	cells map[[2]int32][]int32
	rings [][][]settleXY // by area
}

func newSettleAreas(plane geo.Plane) *settleAreas {
	return &settleAreas{plane: plane, cells: map[[2]int32][]int32{}}
}

func (s *settleAreas) add(p orb.Polygon) {
	if len(p) == 0 {
		return
	}
	n := int32(len(s.rings))
	rings := make([][]settleXY, len(p))
	for i, r := range p {
		for _, q := range r {
			x, y := s.plane.XY(q)
			rings[i] = append(rings[i], settleXY{x, y})
		}
	}
	s.rings = append(s.rings, rings)
	b := p.Bound()
	x0, y0 := s.plane.XY(b.Min)
	x1, y1 := s.plane.XY(b.Max)
	for cx := cellOf(x0); cx <= cellOf(x1); cx++ {
		for cy := cellOf(y0); cy <= cellOf(y1); cy++ {
			s.cells[[2]int32{cx, cy}] = append(s.cells[[2]int32{cx, cy}], n)
		}
	}
}

// covers is how many areas cover p.
func (s *settleAreas) covers(p settleXY) int {
	n := 0
	for _, i := range s.cells[[2]int32{cellOf(p.x), cellOf(p.y)}] {
		inside := false
		for _, r := range s.rings[i] {
			inside = inside != ringCovers(p, r)
		}
		if inside {
			n++
		}
	}
	return n
}

func ringCovers(p settleXY, ring []settleXY) bool {
	inside := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
			inside = !inside
		}
	}
	return inside
}

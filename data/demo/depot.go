package demo

import (
	"math"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// policeHall is the one police building of the extract (way 542358862). It is an
// office for travel papers, not a patrol base; the demonstration starts its
// patrols there for want of a mapped one.
var policeHall = orb.Point{113.5337, 22.2739}

// Depot returns where the patrols of the demonstration begin and end: the vertex
// of a street for walking that is nearest to the mapped police building.
func Depot(streets []geo.Street) orb.Point {
	plane := geo.NewPlane(policeHall)
	best, nearest := policeHall, geo.Metres(math.Inf(1))
	for _, s := range streets {
		if !depotClass[s.Class] {
			continue
		}
		for _, p := range s.Line {
			if d := plane.Distance(policeHall, p); d < nearest {
				best, nearest = p, d
			}
		}
	}
	return best
}

var depotClass = map[string]bool{
	"primary": true, "secondary": true, "tertiary": true,
	"unclassified": true, "residential": true, "living_street": true,
}

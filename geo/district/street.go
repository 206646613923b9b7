package district

import "gridbeat/geo"

// classOf tells what a street is as a border; false when it is none (a tunnel, or a
// corridor inside a building).
func classOf(s geo.Street) (Class, bool) {
	if t := s.Tags["tunnel"]; t != "" && t != "no" {
		return NoRoad, false
	}
	switch s.Class {
	case "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link":
		return Arterial, true
	case "secondary", "secondary_link", "tertiary", "tertiary_link":
		return Collector, true
	case "unclassified", "residential", "living_street", "road", "pedestrian":
		return Local, true
	case "service":
		switch s.Tags["service"] {
		case "driveway", "parking_aisle", "drive-through":
			return Path, true
		}
		return Local, true
	case "corridor":
		return NoRoad, false
	}
	return Path, true
}

// rank orders the classes by how good a border they make.
var rank = [classes]int{NoRoad: 0, Path: 1, Waterline: 2, Local: 3, Collector: 4, Arterial: 5}

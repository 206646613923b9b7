package district

import "gridbeat/geo"

// ClassOf tells what a street is as a border; false when it is none (a tunnel, or a
// corridor inside a building).
func ClassOf(s geo.Street) (Class, bool) { return classOf(s) }

// Exceptions tells why a grid is out of bounds, from its households, those of its
// largest building and those of its neighbours in its district and community: empty
// when it is within bounds, false when nothing excuses it.
func Exceptions(b Bounds, households, largest int, neighbours []int) ([]string, bool) {
	return exceptions(b, households, largest, neighbours)
}

package district

import "fmt"

// exceptions tells why a grid is out of bounds, in the kinds that a check knows;
// nil when it is within, and false when no kind fits: then a better plan exists.
//
// over:building - one building alone holds more than the maximum, and the rest of
// the grid less than the minimum. under:pocket - below the minimum, and no
// neighbour in its district and community can take it in within the maximum.
func exceptions(b Bounds, households, largest int, neighbours []int) ([]string, bool) {
	switch {
	case households > b.Max:
		if largest > b.Max && households-largest < b.Min {
			return []string{fmt.Sprintf("over:building one building holds %d of the grid's %d households, more than the maximum of %d", largest, households, b.Max)}, true
		}
		return nil, false
	case households < b.Min:
		for _, n := range neighbours {
			if households+n <= b.Max {
				return nil, false
			}
		}
		if len(neighbours) == 0 {
			return []string{fmt.Sprintf("under:pocket %d households, and no neighbouring grid in its district", households)}, true
		}
		return []string{fmt.Sprintf("under:pocket %d households, and none of its %d neighbours could take them in within the maximum of %d", households, len(neighbours), b.Max)}, true
	}
	return []string{}, true
}

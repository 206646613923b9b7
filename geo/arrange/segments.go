package arrange

import "github.com/paulmach/orb"

// AppendLine adds the segments of a line under the caller's number.
func AppendLine(to []Segment, line int32, ls orb.LineString) []Segment {
	for i := 1; i < len(ls); i++ {
		if a, b := At(ls[i-1]), At(ls[i]); a != b {
			to = append(to, Segment{a, b, line})
		}
	}
	return to
}

// AppendArea adds the outline of an area under the caller's number, each ring turned
// so that the area lies on its left.
func AppendArea(to []Segment, line int32, area orb.MultiPolygon) []Segment {
	for _, polygon := range area {
		for i, ring := range polygon {
			want := orb.CCW
			if i > 0 {
				want = orb.CW
			}
			if ring.Orientation() != want {
				ring = ring.Clone()
				ring.Reverse()
			}
			to = AppendLine(to, line, orb.LineString(ring))
		}
	}
	return to
}

package edit

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridbeat/geo/arrange"
)

// TestACensusCountsAsRingByRing compares with every point tested against the part's own
// ring.
func TestACensusCountsAsRingByRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// A hill: its foot is straight, so any path between two of its vertices that
		// stays below its edge parts it.
		ring := []arrange.Pt{{X: 0, Y: 0}, {X: 100, Y: 0}}
		for x := int32(90); x > 0; x -= 10 {
			ring = append(ring, arrange.Pt{X: x, Y: rapid.Int32Range(40, 60).Draw(t, "y")})
		}
		ring = append(ring, arrange.Pt{X: 0, Y: 50})
		from := rapid.IntRange(0, len(ring)-1).Draw(t, "from")
		to := (from + rapid.IntRange(1, len(ring)-1).Draw(t, "steps")) % len(ring)
		path := []arrange.Pt{ring[from]}
		for range rapid.IntRange(0, 3).Draw(t, "bends") {
			path = append(path, arrange.Pt{X: rapid.Int32Range(1, 99).Draw(t, "bx"), Y: rapid.Int32Range(1, 39).Draw(t, "by")})
		}
		path = append(path, ring[to])
		part := slices.Clone(path)
		for i := (to + 1) % len(ring); i != from; i = (i + 1) % len(ring) {
			part = append(part, ring[i])
		}
		if twiceArea(part) < 0 {
			slices.Reverse(part)
		}
		var points []point
		want := 0
		for range rapid.IntRange(0, 100).Draw(t, "points") {
			p := point{at: arrange.Pt{X: rapid.Int32Range(0, 100).Draw(t, "x"), Y: rapid.Int32Range(0, 60).Draw(t, "py")}, households: rapid.IntRange(0, 9).Draw(t, "homes")}
			points = append(points, p)
			onRing := arrange.InRing(p.at, ring) == 0
			if arrange.InRing(p.at, part) > 0 && !onRing {
				want += p.households
			}
		}
		homes, area := newCensus(ring, points).part(path, from, to)
		if homes != want || area != twiceArea(part) {
			t.Fatalf("%d homes and area %d, want %d and %d", homes, area, want, twiceArea(part))
		}
	})
}

package geojson

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/routing/patrol"
)

// TrackGap is the silence after which a track is broken: what was not received is
// not drawn.
const TrackGap = 2 * time.Minute

// Tracks are the ways that units took: for each unit one line for each unbroken
// stretch of fixes. A fix that stands alone is a point. Simulated and real fixes
// never share a line.
func Tracks(ps []patrol.Position) Collection {
	ps = slices.Clone(ps)
	slices.SortStableFunc(ps, func(a, b patrol.Position) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), a.At.Compare(b.At))
	})
	columns := []string{"unit", "start_at", "end_at", "fixes", "simulated"}
	return collect("tracks", columns, stretches(ps), func(s []patrol.Position) Feature {
		first, last := s[0], s[len(s)-1]
		f := Feature{Values: []any{first.Unit, first.At, last.At, len(s), first.Simulated}}
		if len(s) == 1 {
			f.Geometry = first.Point
			return f
		}
		line := make(orb.LineString, len(s))
		for i, p := range s {
			line[i] = p.Point
		}
		f.Geometry = line
		return f
	})
}

// stretches cuts fixes, sorted by unit and time, where the unit changes, where
// reception was lost, and between simulated and real ones.
func stretches(ps []patrol.Position) [][]patrol.Position {
	var out [][]patrol.Position
	from := 0
	for i := 1; i <= len(ps); i++ {
		if i < len(ps) && ps[i].Unit == ps[from].Unit && ps[i].Simulated == ps[from].Simulated &&
			ps[i].At.Sub(ps[i-1].At) <= TrackGap {
			continue
		}
		out = append(out, ps[from:i])
		from = i
	}
	return out
}

// Coverage tells for each street which length of it was truly passed, in either
// direction, and when last; simulated marks visits that were simulated.
func Coverage(cs []patrol.CoveredStreet) Collection {
	columns := []string{"street", "name", "covered_metres", "length_metres", "last_visit_at", "simulated"}
	return collect("coverage", columns, cs, func(c patrol.CoveredStreet) Feature {
		return Feature{ID: c.Street, Geometry: c.Line, Values: []any{
			c.Street, known(c.Name), cents(c.Covered), cents(c.Length), moment(c.Last), c.Simulated}}
	})
}

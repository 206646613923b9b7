package patrol

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"gridbeat/geo"
)

// Zone is an area that coverage is told for: a grid, or a district.
type Zone struct {
	Code    string
	Outline orb.MultiPolygon
}

// ZoneCoverage is the coverage of the streets of one zone that patrols cover.
type ZoneCoverage struct {
	Code    string
	Length  float64   // metres of street that patrols cover (see Wanted)
	Covered float64   // of these, passed
	Oldest  time.Time // the last visit of the part that was visited longest ago; zero while any part never was
	Last    time.Time // the last visit to any part; zero for never
}

// Zones tells the coverage of each zone, sorted by code. Each metre of street
// belongs to one zone: a street along a border to the lowest code beside it. What
// lies in no zone is not counted. Of two streets along the same line the first
// counts, by id.
func (c *Coverage) Zones(zones []Zone) []ZoneCoverage {
	out := make([]ZoneCoverage, len(zones))
	order := slices.Clone(zones)
	slices.SortFunc(order, func(a, b Zone) int { return cmp.Compare(a.Code, b.Code) })
	var tree rtree.RTreeG[int]
	areas := make([]*area, len(order))
	for i, z := range order {
		out[i].Code = z.Code
		b := z.Outline.Bound()
		tree.Insert(b.Min, b.Max, i)
		areas[i] = newArea(z.Outline, geo.NewPlane(b.Center()))
	}
	seen := map[[2]orb.Point]bool{}
	for _, s := range c.Streets() {
		if !Wanted(*s.Street) {
			continue
		}
		s.eachSegment(func(a, b orb.Point, from, to float64) {
			if k := segmentKey(a, b); !seen[k] {
				seen[k] = true
				s.share(out, areas, &tree, a, b, from, to)
			}
		})
	}
	return out
}

// eachSegment calls f with the segments of the street and their places along it.
func (s *StreetCoverage) eachSegment(f func(a, b orb.Point, from, to float64)) {
	line := s.Street.Line
	plane := geo.NewPlane(line[0])
	at := 0.0
	for i := 1; i < len(line); i++ {
		m := float64(plane.Distance(line[i-1], line[i]))
		if m > 0 {
			f(line[i-1], line[i], at, at+m)
		}
		at += m
	}
}

// segmentKey is the same for a segment in both directions.
func segmentKey(a, b orb.Point) [2]orb.Point {
	a, b = geo.RoundE7(a), geo.RoundE7(b)
	if b[0] < a[0] || b[0] == a[0] && b[1] < a[1] {
		a, b = b, a
	}
	return [2]orb.Point{a, b}
}

// share gives the metres of a segment to the zones that it lies in, the lowest
// code first.
func (s *StreetCoverage) share(out []ZoneCoverage, areas []*area, tree *rtree.RTreeG[int], a, b orb.Point, from, to float64) {
	box := orb.Bound{Min: a, Max: a}.Extend(b)
	var near []int
	tree.Search(box.Min, box.Max, func(_, _ [2]float64, i int) bool {
		near = append(near, i)
		return true
	})
	slices.Sort(near)
	free := []span{{0, 1}}
	for _, i := range near {
		if len(free) == 0 {
			return
		}
		for _, in := range areas[i].inside(a, b) {
			var rest []span
			for _, f := range free {
				lo, hi := max(f.from, in.from), min(f.to, in.to)
				if lo >= hi {
					rest = append(rest, f)
					continue
				}
				s.count(&out[i], from+lo*(to-from), from+hi*(to-from))
				if f.from < lo {
					rest = append(rest, span{f.from, lo})
				}
				if hi < f.to {
					rest = append(rest, span{hi, f.to})
				}
			}
			free = rest
		}
	}
}

// count adds a part of the street to a zone.
func (s *StreetCoverage) count(z *ZoneCoverage, from, to float64) {
	never := z.Length > 0 && z.Oldest.IsZero() // some part was never visited
	first := z.Length == 0
	z.Length += to - from
	at := from
	for _, p := range s.Passed {
		lo, hi := max(p.From, from), min(p.To, to)
		if lo >= hi {
			continue
		}
		never = never || lo-at > gapMetres
		z.Covered += hi - lo
		z.Last = later(z.Last, p.Last)
		if first || p.Last.Before(z.Oldest) {
			z.Oldest, first = p.Last, false
		}
		at = hi
	}
	if never || to-at > gapMetres {
		z.Oldest = time.Time{}
	}
}

// gapMetres is what may lie between two visits, or beside one, without being called
// a part of the street: the rounding of lengths.
const gapMetres = 0.05

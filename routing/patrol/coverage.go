package patrol

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// Coverage tells which metres of which streets were passed, and when last. It is
// the sum of visits: their order, and whether one is added twice, makes no
// difference.
type Coverage struct {
	streets map[string]*StreetCoverage
}

// StreetCoverage is the coverage of one street.
type StreetCoverage struct {
	Street *geo.Street
	Length float64   // metres of the street's line
	Passed []Stretch // disjoint, in the direction of the line
}

// Stretch is a part of a street's line.
type Stretch struct {
	From, To float64   // metres along the line
	Last     time.Time // of the last visit; zero for never
}

// NewCoverage returns the coverage of streets that nobody has passed yet. The
// streets must not change meanwhile.
func NewCoverage(streets []geo.Street) *Coverage {
	c := &Coverage{streets: make(map[string]*StreetCoverage, len(streets))}
	for i := range streets {
		s := &streets[i]
		c.streets[s.ID] = &StreetCoverage{Street: s, Length: centimetres(float64(geo.Length(s.Line)))}
	}
	return c
}

// Add counts a visit; false when its street is not known, as after a new import of
// the map.
func (c *Coverage) Add(v Visit) bool {
	s, ok := c.streets[v.Street]
	if !ok {
		return false
	}
	from, to := max(0, v.From), min(s.Length, v.To)
	if from < to {
		s.add(from, to, v.At)
	}
	return true
}

// add takes the later of what is known and the visit, metre by metre.
func (s *StreetCoverage) add(from, to float64, at time.Time) {
	at = at.UTC()
	var out []Stretch
	put := func(from, to float64, last time.Time) {
		if from >= to {
			return
		}
		if k := len(out) - 1; k >= 0 && out[k].To == from && out[k].Last.Equal(last) {
			out[k].To = to
			return
		}
		out = append(out, Stretch{from, to, last})
	}
	done := from // up to where the visit is written
	for _, p := range s.Passed {
		if p.To <= from || p.From >= to {
			if p.From >= to {
				put(done, to, at)
				done = max(done, to)
			}
			put(p.From, p.To, p.Last)
			continue
		}
		put(p.From, from, p.Last) // what lies before the visit
		put(done, p.From, at)     // not passed before
		put(max(p.From, from), min(p.To, to), later(p.Last, at))
		done = min(p.To, to)
		put(to, p.To, p.Last)
	}
	put(done, to, at)
	s.Passed = out
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Street is the coverage of one street; nil when the street is not known.
func (c *Coverage) Street(id string) *StreetCoverage { return c.streets[id] }

// Streets lists the coverage of all streets, by id.
func (c *Coverage) Streets() []*StreetCoverage {
	out := make([]*StreetCoverage, 0, len(c.streets))
	for _, s := range c.streets {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *StreetCoverage) int {
		if a.Street.ID < b.Street.ID {
			return -1
		}
		return 1
	})
	return out
}

// Covered is the length that was passed.
func (s *StreetCoverage) Covered() float64 {
	sum := 0.0
	for _, p := range s.Passed {
		sum += p.To - p.From
	}
	return centimetres(sum)
}

// Last is the time of the last visit to any part; zero for never.
func (s *StreetCoverage) Last() time.Time {
	var last time.Time
	for _, p := range s.Passed {
		last = later(last, p.Last)
	}
	return last
}

// NotVisited lists the parts that were not passed at t or later: Last tells when
// they were last, if ever.
func (s *StreetCoverage) NotVisited(t time.Time) []Stretch {
	var out []Stretch
	at := 0.0
	for _, p := range s.Passed {
		if at < p.From {
			out = append(out, Stretch{From: at, To: p.From})
		}
		if p.Last.Before(t) {
			out = append(out, p)
		}
		at = p.To
	}
	if at < s.Length {
		out = append(out, Stretch{From: at, To: s.Length})
	}
	return out
}

// Line is the part of the street's line between two distances along it; vertices
// keep their digits, new ends are rounded to seven decimals.
func (s *StreetCoverage) Line(from, to float64) orb.LineString {
	line := s.Street.Line
	plane := geo.NewPlane(line[0])
	var out orb.LineString
	at := 0.0
	for i := 1; i < len(line); i++ {
		m := float64(plane.Distance(line[i-1], line[i]))
		lo, hi := from-at, to-at
		if m > 0 && hi > 0 && lo < m {
			if len(out) == 0 {
				out = append(out, between(line[i-1], line[i], lo/m))
			}
			out = append(out, between(line[i-1], line[i], hi/m))
		}
		at += m
	}
	return out
}

// between is the place at that share of a segment, within it.
func between(a, b orb.Point, share float64) orb.Point {
	switch {
	case share <= 0:
		return a
	case share >= 1:
		return b
	}
	return geo.RoundE7(along(a, b, share))
}

// CoveredStreet is what is kept and shown of one street's coverage.
type CoveredStreet struct {
	Street    string // id
	Name      string
	Line      orb.LineString
	Covered   float64   // metres that were passed, in either direction
	Length    float64   // metres of the whole street
	Last      time.Time // of the last visit to any part; zero for never
	Simulated bool      // the visits are simulated
}

// Summary lists the streets with what was passed of each, by id; simulated marks
// what the visits were.
func (c *Coverage) Summary(simulated bool) []CoveredStreet {
	out := make([]CoveredStreet, 0, len(c.streets))
	for _, s := range c.Streets() {
		out = append(out, CoveredStreet{Street: s.Street.ID, Name: s.Street.Name, Line: s.Street.Line,
			Covered: s.Covered(), Length: s.Length, Last: s.Last(), Simulated: simulated && len(s.Passed) > 0})
	}
	return out
}

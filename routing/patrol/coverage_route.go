package patrol

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// RouteCoverage compares what a unit was to drive with what it drove.
type RouteCoverage struct {
	Unit    string
	Shift   int
	Planned float64 // metres of street on the route, each once
	Passed  float64 // of these, passed by the unit
	Left    []LeftOut
}

// LeftOut is a part of a street that was planned and not passed.
type LeftOut struct {
	Street   *geo.Street
	From, To float64 // metres along its line
	Line     orb.LineString
}

// UnitCoverage is what a unit drove in all.
type UnitCoverage struct {
	Unit      string
	Passed    float64   // metres of street, each once
	Unplanned float64   // of these, on none of its routes
	Last      time.Time // zero for never
}

// Compare tells for each route of the plan, in its order, how far its unit drove
// it, and for each unit, in the order of the plan's units and then by name, what it
// drove beside its routes. byUnit holds what each unit passed; direction does not
// matter, and a stretch that a route passes twice counts once.
func Compare(p *Plan, streets []geo.Street, byUnit map[string]*Coverage) ([]RouteCoverage, []UnitCoverage) {
	finder := newSegments(streets)
	never := NewCoverage(streets)
	planned := map[string]*Coverage{} // by unit: all its routes
	var routes []RouteCoverage
	for _, r := range p.Routes {
		driven := byUnit[r.Unit]
		if driven == nil {
			driven = never
		}
		route := NewCoverage(streets)
		if planned[r.Unit] == nil {
			planned[r.Unit] = NewCoverage(streets)
		}
		for i := 1; i < len(r.Line); i++ {
			if s, ok := finder[segmentKey(r.Line[i-1], r.Line[i])]; ok {
				v := Visit{Street: s.street, From: s.from, To: s.to, At: p.CreatedAt}
				route.Add(v)
				planned[r.Unit].Add(v)
			}
		}
		routes = append(routes, compareRoute(r, route, driven))
	}
	return routes, compareUnits(p, byUnit, planned)
}

// segments finds the street of a segment.
type segments map[[2]orb.Point]struct {
	street   string
	from, to float64
}

func newSegments(streets []geo.Street) segments {
	out := segments{}
	for _, s := range NewCoverage(streets).Streets() {
		s.eachSegment(func(a, b orb.Point, from, to float64) {
			k := segmentKey(a, b)
			if _, taken := out[k]; !taken {
				out[k] = struct {
					street   string
					from, to float64
				}{s.Street.ID, from, to}
			}
		})
	}
	return out
}

func compareRoute(r Route, route, driven *Coverage) RouteCoverage {
	out := RouteCoverage{Unit: r.Unit, Shift: r.Shift}
	for _, s := range route.Streets() {
		d := driven.Street(s.Street.ID)
		for _, want := range s.Passed {
			out.Planned += want.To - want.From
			at := want.From
			for _, got := range d.Passed {
				lo, hi := max(got.From, want.From), min(got.To, want.To)
				if lo >= hi {
					continue
				}
				out.leave(d, at, lo)
				out.Passed += hi - lo
				at = hi
			}
			out.leave(d, at, want.To)
		}
	}
	return out
}

func (r *RouteCoverage) leave(s *StreetCoverage, from, to float64) {
	if to-from > gapMetres {
		r.Left = append(r.Left, LeftOut{Street: s.Street, From: from, To: to, Line: s.Line(from, to)})
	}
}

func compareUnits(p *Plan, byUnit map[string]*Coverage, planned map[string]*Coverage) []UnitCoverage {
	names := slices.Clone(p.Units)
	var others []string
	for name := range byUnit {
		if !slices.Contains(names, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	var out []UnitCoverage
	for _, name := range append(names, others...) {
		u := UnitCoverage{Unit: name}
		if driven := byUnit[name]; driven != nil {
			for _, s := range driven.Streets() {
				u.Passed += s.Covered()
				u.Last = later(u.Last, s.Last())
				u.Unplanned += s.Covered()
				if plan := planned[name]; plan != nil {
					u.Unplanned -= common(s.Passed, plan.Street(s.Street.ID).Passed)
				}
			}
		}
		u.Unplanned = max(0, u.Unplanned)
		out = append(out, u)
	}
	return out
}

// common is the length that both lists of stretches hold.
func common(a, b []Stretch) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		sum += max(0, min(a[i].To, b[j].To)-max(a[i].From, b[j].From))
		if a[i].To < b[j].To {
			i++
		} else {
			j++
		}
	}
	return sum
}

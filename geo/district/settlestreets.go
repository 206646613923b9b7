package district

import (
	"fmt"
	"math"

	"gridbeat/geo"
)

// Distances that a counting point beside a street keeps, in metres.
const (
	besideBuildings = 10.0
	besideStreets   = 8.0
	besideMains     = 15.0
	besideBarriers  = 10.0
)

// besideStreetsOf sets counting points beside residential streets that have no
// counted homes near, on alternating sides. Residential and living streets speak for
// homes by their class; an unclassified one needs counted homes in sight.
func (s *settler) besideStreetsOf(m *geo.StreetMap) []geo.Building {
	each := s.rule.StreetHomesPer100m * float64(s.rule.StreetSpacing) / 100
	if each <= 0 {
		return nil
	}
	var out []geo.Building
	carry := 0.0 // the rest of rounding goes to the next point
	for _, st := range m.Streets {
		if !mayHouse(st) {
			continue
		}
		for k, q := range alongStreet(s.homes, st, s.rule) {
			if !s.standsBeside(q, st.Class) {
				continue
			}
			carry += each
			homes := int(carry)
			if carry -= float64(homes); homes == 0 {
				continue
			}
			p := geo.Building{
				ID: fmt.Sprintf("s%s/p%d", st.ID, k+1), Kind: PointKind, At: s.counting.pt(q).Point(),
				Households: min(homes, s.rule.MostPointHomes), Source: geo.Assumed,
			}
			s.homes.addPiece(q, q)
			out = append(out, p)
		}
	}
	return out
}

// mayHouse reports whether homes may stand along a street.
func mayHouse(s geo.Street) bool {
	for _, k := range []string{"tunnel", "bridge", "covered", "indoor"} {
		if v := s.Tags[k]; v != "" && v != "no" {
			return false
		}
	}
	return s.Class == "residential" || s.Class == "living_street" || s.Class == "unclassified"
}

// alongStreet walks along a street and returns a place beside it at each spacing,
// on alternating sides; the first after half of it.
func alongStreet(l *settleLines, s geo.Street, rule HouseholdRule) []settleXY {
	var out []settleXY
	next := float64(rule.StreetSpacing) / 2
	side := 1.0
	for i := 1; i < len(s.Line); i++ {
		a, b := l.xy(s.Line[i-1]), l.xy(s.Line[i])
		length := math.Hypot(b.x-a.x, b.y-a.y)
		for ; length > 0 && next <= length; next += float64(rule.StreetSpacing) {
			k, off := next/length, side*float64(rule.StreetOffset)/length
			out = append(out, settleXY{a.x + k*(b.x-a.x) - off*(b.y-a.y), a.y + k*(b.y-a.y) + off*(b.x-a.x)})
			side = -side
		}
		next -= length
	}
	return out
}

// standsBeside reports whether homes may be assumed at a place beside a street.
func (s *settler) standsBeside(q settleXY, class string) bool {
	c := s.counting
	switch {
	case !s.bounds.Contains(c.plane.Point(q.x, q.y)), s.land.covers(q) > 0, s.homes.within(q, float64(s.rule.StreetClear)):
		return false
	case c.buildings.covers(q) > 0, s.walls.within(q, besideBuildings):
		return false
	case c.streets.within(q, besideStreets), c.mains.within(q, besideMains), c.barriers.within(q, besideBarriers), c.water.covers(q)%2 == 1:
		return false
	}
	return class != "unclassified" || s.homes.within(q, float64(s.rule.StreetEvidence))
}

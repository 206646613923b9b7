package district

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// mostCommunityHomes is above the largest community there is.
const mostCommunityHomes = 1_000_000

// SpreadTotals spreads the known households of each community over the residential
// floor area inside it, so that its sum is exactly right, and returns the buildings
// in the same order, new counting points at the end. A building on a common border
// belongs to the lesser community code. Communities without a known total keep the
// counts they have.
//
// Given counts stand as long as they fit the total; where they are more than it, or
// less with no other building to take the rest, all are scaled and a finding says
// so. Where nothing residential is mapped the total is set at counting points spread
// inside the community, and a finding says that too.
func SpreadTotals(communities []geo.Community, buildings []geo.Building, rule HouseholdRule) ([]geo.Building, []geo.Finding) {
	s := &spreader{rule: rule, out: slices.Clone(buildings)}
	order := slices.Clone(communities)
	slices.SortFunc(order, func(a, b geo.Community) int { return cmp.Compare(a.Code, b.Code) })
	members := s.members(order)
	for i, c := range order {
		if c.Households != 0 {
			s.community(c, members[i])
		}
	}
	return s.out, s.findings
}

// Spread spreads known community totals over the settlement and counts its
// compounds and its report again.
func (s *Settlement) Spread(communities []geo.Community, rule HouseholdRule) []geo.Finding {
	before := len(s.Buildings)
	buildings, findings := SpreadTotals(communities, s.Buildings, rule)
	for i := before; i < len(buildings); i++ {
		at := arrange.At(buildings[i].At)
		for _, c := range s.Compounds {
			if c.Outline.Bound().Contains(buildings[i].At) && strictlyInside(at, exactRings(c.Outline)) {
				buildings[i].Compound = c.ID
			}
		}
	}
	slices.SortFunc(buildings, func(a, b geo.Building) int { return cmp.Compare(a.ID, b.ID) })
	s.Buildings = buildings
	CountCompounds(s.Compounds, s.Buildings)
	s.Report.Recount(s.Buildings)
	return findings
}

type spreader struct {
	rule     HouseholdRule
	out      []geo.Building
	findings []geo.Finding
}

// members tells the buildings of each community; a building belongs to the first
// that holds it or touches it.
func (s *spreader) members(communities []geo.Community) [][]int {
	taken := make([]bool, len(s.out))
	out := make([][]int, len(communities))
	for i, c := range communities {
		bound := c.Outline.Bound()
		var polygons [][][]arrange.Pt
		for _, p := range c.Outline {
			polygons = append(polygons, exactRings(p))
		}
		for k, b := range s.out {
			if !taken[k] && bound.Contains(b.At) && slices.ContainsFunc(polygons, func(r [][]arrange.Pt) bool { return touches(arrange.At(b.At), r) }) {
				taken[k] = true
				out[i] = append(out[i], k)
			}
		}
	}
	return out
}

// touches tells exactly whether p lies in a polygon or on its border.
func touches(p arrange.Pt, rings [][]arrange.Pt) bool {
	for i, r := range rings {
		side := arrange.InRing(p, r)
		if i == 0 && side < 0 || i > 0 && side > 0 {
			return false
		}
	}
	return len(rings) > 0
}

func (s *spreader) tell(rule string, c geo.Community, detail, remedy string) {
	f := geo.Finding{Rule: rule, Feature: c.Code, Detail: detail, Remedy: remedy}
	if len(c.Outline) > 0 {
		at := geo.RoundE7(c.Outline.Bound().Center())
		f.At = &at
	}
	s.findings = append(s.findings, f)
}

// community spreads one total over the members.
func (s *spreader) community(c geo.Community, members []int) {
	if c.Households < 0 || c.Households > mostCommunityHomes {
		s.tell("community-households", c, fmt.Sprintf("its total of %d households cannot be", c.Households), "give a number from 0 to 1000000")
		return
	}
	var given, free []int
	fixed := 0
	for _, k := range members {
		switch b := s.out[k]; {
		case b.Source == geo.Given:
			given = append(given, k)
			fixed += b.Households
		case s.weight(b) > 0:
			free = append(free, k)
		}
	}
	switch {
	case len(given)+len(free) == 0 || len(free) == 0 && fixed == 0:
		s.settlePoints(c)
		return
	case fixed > c.Households, fixed < c.Households && len(free) == 0:
		s.tell("community-given", c, fmt.Sprintf("its buildings are given %d households, the community %d; the community's total was spread", fixed, c.Households),
			"correct the one or the other")
		free, fixed = append(free, given...), 0
		slices.Sort(free)
	}
	s.share(c, free, c.Households-fixed)
}

// share gives total households to the buildings by their floor area, by largest
// remainder.
func (s *spreader) share(c geo.Community, of []int, total int) {
	weights := make([]float64, len(of))
	for i, k := range of {
		weights[i] = s.weight(s.out[k])
	}
	heavy := 0
	for i, n := range largestRemainder(weights, total) {
		b := &s.out[of[i]]
		b.Households = n
		if b.Source != geo.Given || len(of) > 1 {
			b.Source = geo.Derived
		}
		if b.Kind == PointKind && n > s.rule.MostPointHomes {
			heavy++
		}
	}
	if heavy > 0 {
		s.tell("point-heavy", c, fmt.Sprintf("%d counting points stand for more than %d households", heavy, s.rule.MostPointHomes),
			"map or import the community's buildings")
	}
}

// weight is the residential floor area of a building as the rule sees it, in homes.
func (s *spreader) weight(b geo.Building) float64 {
	if b.Kind == PointKind || len(b.Outline) == 0 || b.Source == geo.Given {
		return float64(b.Households)
	}
	footprint := geo.NewPlane(b.At).Area(b.Outline)
	if e := s.rule.homesOf(b, footprint); e.none == "" || e.none == noHomesFew {
		return e.expected
	}
	return 0
}

// largestRemainder shares total out by weight: each gets the whole part of its due,
// and the largest rests, the earlier of equals, get one more. The shares sum to
// total exactly. Weights must not be negative; when all are 0 all count the same.
func largestRemainder(weights []float64, total int) []int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	out := make([]int, len(weights))
	rest := make([]float64, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		due := float64(total) / float64(len(weights))
		if sum > 0 {
			due = float64(total) * (w / sum)
		}
		out[i] = min(int(math.Floor(due)), left)
		rest[i] = due - float64(out[i])
		order[i] = i
		left -= out[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(rest[j], rest[i]) })
	for k := 0; left > 0 && len(order) > 0; k++ {
		out[order[k%len(order)]]++
		left--
	}
	return out
}

// settlePoints sets a community's total at counting points inside it, shared by the
// area of its parts.
func (s *spreader) settlePoints(c geo.Community) {
	if len(c.Outline) == 0 {
		s.tell("community-without-buildings", c, fmt.Sprintf("its %d households have no place: it has no outline and no residential building", c.Households), "draw its outline")
		return
	}
	plane := geo.NewPlane(c.Outline.Bound().Center())
	weights := make([]float64, len(c.Outline))
	for i, p := range c.Outline {
		weights[i] = float64(plane.Area(p))
	}
	none := newSettleLines(plane)
	ground := &counting{plane: plane, streets: none, mains: none, barriers: none, water: newSettleAreas(plane), buildings: newSettleAreas(plane)}
	placed := 0
	for i, homes := range largestRemainder(weights, c.Households) {
		points := ground.pointsFor(c.Outline[i], homes, fmt.Sprintf("c%s/%d", c.Code, i+1), "", s.rule)
		for k := range points {
			points[k].Source = geo.Derived
			placed += points[k].Households
		}
		s.out = append(s.out, points...)
	}
	s.tell("community-without-buildings", c, fmt.Sprintf("no residential building is mapped in it: %d of its %d households are set at counting points", placed, c.Households),
		"map or import its buildings")
}

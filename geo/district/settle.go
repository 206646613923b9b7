package district

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Settlement is who lives where, as far as a map tells: how many homes, never whose.
type Settlement struct {
	Compounds []geo.Compound // sorted by id; their insides never meet
	Buildings []geo.Building // sorted by id; mapped buildings and counting points
	Report    SettleReport
}

// Settle finds the compounds of a map and counts the homes of its buildings by the
// rule. Homes that are not mapped stand at counting points: in compounds drawn as
// one large building (ids "b" and the building's), on residential land with few
// buildings (ids of the land), and beside residential streets (ids "s" and the
// street's). The building that draws a compound becomes that compound and is no
// building any more.
//
// The same map and rule give the same settlement. It fails when the rule is not
// valid, when the map is wider than an arrangement, and when ctx is stopped.
func Settle(ctx context.Context, m *geo.StreetMap, rule HouseholdRule) (*Settlement, error) {
	if err := rule.Validate(); err != nil {
		return nil, err
	}
	s := newSettler(m, rule)
	parcels, err := cutTracts(m, s.plane, s.tracts(m), rule)
	if err != nil {
		return nil, err
	}
	s.parcels = parcels
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("settle %s: %w", m.Source, err)
	}
	s.indexGround(m)
	s.settleMapped(m)
	s.density = s.landDensity()
	for i := range parcels.all {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("settle %s: %w", m.Source, err)
		}
		s.fill(&parcels.all[i], int32(i))
	}
	s.buildings = append(s.buildings, s.besideStreetsOf(m)...)
	return s.settlement(m), nil
}

// settler holds what Settle works with.
type settler struct {
	rule      HouseholdRule
	plane     geo.Plane
	bounds    orb.Bound
	counting  *counting
	homes     *settleLines // mapped buildings with homes and counting points
	walls     *settleLines // outlines of all mapped buildings
	land      *settleAreas // residential land, compounds or not
	footprint []geo.SquareMetres
	compound  []bool // by building of the map: it is the outline of a compound
	parcels   *parcels
	held      []held  // by parcel
	density   float64 // homes per hectare assumed on land without buildings
	buildings []geo.Building
	none      map[string]int // buildings without homes, by reason
}

// held is what the mapped buildings of a parcel hold.
type held struct {
	homes     int
	footprint geo.SquareMetres
}

func newSettler(m *geo.StreetMap, rule HouseholdRule) *settler {
	s := &settler{rule: rule, bounds: m.Bounds, none: map[string]int{}}
	if s.bounds.IsZero() {
		for i, st := range m.Streets {
			if b := st.Line.Bound(); i == 0 {
				s.bounds = b
			} else {
				s.bounds = s.bounds.Union(b)
			}
		}
	}
	s.plane = geo.NewPlane(s.bounds.Center())
	s.footprint = make([]geo.SquareMetres, len(m.Buildings))
	s.compound = make([]bool, len(m.Buildings))
	for i, b := range m.Buildings {
		s.footprint[i] = s.plane.Area(b.Outline)
		s.compound[i] = rule.isCompoundOutline(b, s.footprint[i])
	}
	return s
}

// tracts are the areas that may hold compounds.
func (s *settler) tracts(m *geo.StreetMap) []tract {
	var out []tract
	for _, l := range m.Landuse {
		t := tract{id: l.ID, name: l.Name, origin: originLanduse, outline: l.Outline, area: s.plane.Area(l.Outline)}
		switch {
		case l.Walled:
			t.reason = madeWalled
		case l.Gated:
			t.reason = madeGated
		}
		out = append(out, t)
	}
	for i, b := range m.Buildings {
		if s.compound[i] {
			out = append(out, tract{
				id: "b" + b.ID, name: b.Name, origin: originOutline, kind: dwellingKind(b),
				reason: madeOutline, outline: b.Outline, area: s.footprint[i],
			})
		}
	}
	return out
}

// indexGround makes the indexes that tell what is near a place.
func (s *settler) indexGround(m *geo.StreetMap) {
	c := &counting{
		plane: s.plane, streets: newSettleLines(s.plane), mains: newSettleLines(s.plane),
		barriers: newSettleLines(s.plane), water: newSettleAreas(s.plane), buildings: newSettleAreas(s.plane),
	}
	for _, st := range m.Streets {
		if t := st.Tags["tunnel"]; t != "" && t != "no" {
			continue
		}
		c.streets.add(st.Line)
		if st.Main() {
			c.mains.add(st.Line)
		}
	}
	for _, b := range m.Barriers {
		c.barriers.add(b.Line)
	}
	for _, r := range waterRings(m.Barriers) {
		c.water.add(orb.Polygon{r})
	}
	s.counting, s.homes, s.walls, s.land = c, newSettleLines(s.plane), newSettleLines(s.plane), newSettleAreas(s.plane)
	for i, b := range m.Buildings {
		if !s.compound[i] {
			c.buildings.add(b.Outline)
			s.walls.addPolygon(b.Outline)
		}
	}
	for _, p := range s.parcels.all {
		if p.refused != refusedSliver {
			s.land.add(p.outline)
		}
	}
}

// waterRings joins the lines of water at their ends to closed rings. Lines that lead
// on to none or to several others stay open: they are kept away from, no more.
func waterRings(barriers []geo.Barrier) []orb.Ring {
	var out []orb.Ring
	at := map[orb.Point][]int{}
	used := make([]bool, len(barriers))
	for i, b := range barriers {
		switch first, last := b.Line[0], b.Line[len(b.Line)-1]; {
		case b.Kind != "water":
			used[i] = true
		case first == last:
			used[i] = true
			out = append(out, orb.Ring(b.Line))
		default:
			at[first], at[last] = append(at[first], i), append(at[last], i)
		}
	}
	for i, b := range barriers {
		if used[i] {
			continue
		}
		used[i] = true
		ring := orb.Ring(slices.Clone(b.Line))
		for ring[0] != ring[len(ring)-1] {
			end := ring[len(ring)-1]
			next := slices.IndexFunc(at[end], func(j int) bool { return !used[j] })
			if next < 0 || len(at[end]) != 2 {
				break
			}
			j := at[end][next]
			used[j] = true
			line := slices.Clone(barriers[j].Line)
			if line[0] != end {
				slices.Reverse(line)
			}
			ring = append(ring, line[1:]...)
		}
		if ring[0] == ring[len(ring)-1] {
			out = append(out, ring)
		}
	}
	return out
}

// settleMapped counts the homes of the mapped buildings and finds their parcels.
func (s *settler) settleMapped(m *geo.StreetMap) {
	lines := s.finelines(m)
	s.held = make([]held, len(s.parcels.all))
	for i, b := range m.Buildings {
		if s.compound[i] {
			continue
		}
		e := s.rule.homesOf(b, s.footprint[i])
		if e.none != "" {
			s.none[e.none]++
		}
		b.At = s.clearOf(lines, b)
		b.Households, b.Source, b.Compound = e.homes, e.source, ""
		if n := s.parcels.at(b.At); n >= 0 {
			s.held[n].homes += e.homes
			s.held[n].footprint += s.footprint[i]
			if p := s.parcels.all[n]; p.made != "" {
				b.Compound = p.id
			}
		}
		if e.homes > 0 {
			s.homes.add(orb.LineString{b.At})
			s.homes.addPolygon(b.Outline)
		}
		s.buildings = append(s.buildings, b)
	}
}

// finelines are the lines on which no building should be counted: streets and the
// outlines of residential land.
func (s *settler) finelines(m *geo.StreetMap) *settleLines {
	lines := newSettleLines(s.plane)
	for _, st := range m.Streets {
		lines.add(st.Line)
	}
	for _, t := range s.parcels.tracts {
		lines.addPolygon(t.outline)
	}
	return lines
}

// lineClear is how far from a line a building is counted, where its outline allows.
const lineClear = 0.3

// clearOf moves the place where a building is counted off a line, within its outline.
func (s *settler) clearOf(lines *settleLines, b geo.Building) orb.Point {
	at := geo.RoundE7(b.At)
	if !lines.within(lines.xy(at), lineClear) || len(b.Outline) == 0 {
		return at
	}
	rings := exactRings(b.Outline)
	o := lines.xy(at)
	for _, step := range []float64{0.5, 1, 2, 4} {
		for _, d := range [][2]float64{{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {0.7, 0.7}, {-0.7, 0.7}, {-0.7, -0.7}, {0.7, -0.7}} {
			q := settleXY{o.x + step*d[0], o.y + step*d[1]}
			p := arrange.At(s.plane.Point(q.x, q.y))
			if !lines.within(q, lineClear) && strictlyInside(p, rings) {
				return p.Point()
			}
		}
	}
	return at
}

// fill sets counting points into a parcel that lacks mapped buildings.
func (s *settler) fill(p *parcel, n int32) {
	if p.refused == refusedSliver {
		return
	}
	missing := s.missingHomes(*p, s.held[n])
	compound := ""
	if p.made != "" {
		compound = p.id
	}
	points := s.counting.pointsFor(p.outline, missing, p.id, compound, s.rule)
	for _, b := range points {
		s.homes.add(orb.LineString{b.At})
	}
	s.buildings = append(s.buildings, points...)
}

// missingHomes is how many homes a parcel should hold beyond those of its mapped
// buildings.
func (s *settler) missingHomes(p parcel, h held) int {
	t := s.parcels.tracts[p.tract]
	area := float64(p.area)
	var expected float64
	switch {
	case t.origin == originOutline:
		levels := s.rule.Kinds[t.kind].Levels
		expected = area * s.rule.GroundCover * s.rule.perSquareMetre(levels, s.rule.shareOf(t.kind))
	case !s.hasBuildings(p, h):
		expected = area / 10_000 * s.density
	}
	return int(expected + 0.5 - float64(h.homes))
}

// hasBuildings reports whether enough of a parcel is built on to trust that its
// buildings are mapped.
func (s *settler) hasBuildings(p parcel, h held) bool {
	return float64(h.footprint) >= float64(p.area)*s.rule.LandCover
}

// mappedShare is the part of the residential land that must have its buildings
// mapped, for the rest of it to be judged by that.
const mappedShare = 0.25

// landDensity is the homes per hectare assumed on residential land without mapped
// buildings: the rule's, or less where the mapped land of the same map holds less.
func (s *settler) landDensity() float64 {
	var mapped, all geo.SquareMetres
	homes := 0
	for i, p := range s.parcels.all {
		if p.refused == refusedSliver || s.parcels.tracts[p.tract].origin != originLanduse {
			continue
		}
		all += p.area
		if s.hasBuildings(p, s.held[i]) {
			mapped += p.area
			homes += s.held[i].homes
		}
	}
	if mapped == 0 || float64(mapped) < mappedShare*float64(all) {
		return s.rule.LandHomesPerHectare
	}
	return min(s.rule.LandHomesPerHectare, float64(homes)/float64(mapped)*10_000)
}

// settlement sorts what was found and counts it.
func (s *settler) settlement(m *geo.StreetMap) *Settlement {
	out := &Settlement{Buildings: s.buildings}
	for _, p := range s.parcels.all {
		if p.made != "" {
			t := s.parcels.tracts[p.tract]
			out.Compounds = append(out.Compounds, geo.Compound{ID: p.id, Name: t.name, Origin: t.origin, Outline: p.outline})
		}
	}
	slices.SortFunc(out.Compounds, func(a, b geo.Compound) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Buildings, func(a, b geo.Building) int { return cmp.Compare(a.ID, b.ID) })
	CountCompounds(out.Compounds, out.Buildings)
	out.Report = s.report(m.Source)
	out.Report.Recount(out.Buildings)
	return out
}

// CountCompounds sets the households of each compound to the sum over its buildings.
func CountCompounds(compounds []geo.Compound, buildings []geo.Building) {
	sum := map[string]int{}
	for _, b := range buildings {
		sum[b.Compound] += b.Households
	}
	for i := range compounds {
		compounds[i].Households = sum[compounds[i].ID]
	}
}

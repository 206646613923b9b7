package ingest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"gridbeat/geo"
)

// ValidateDistricts returns every finding of CheckDistricts as one
// *geo.InputError that names the source, or nil when there is none.
func ValidateDistricts(source string, ds []geo.District, bounds orb.Bound) error {
	if fs := CheckDistricts(ds, bounds); len(fs) > 0 {
		return &geo.InputError{Source: source, Findings: fs}
	}
	return nil
}

// CheckDistricts tells what keeps districts from being the territory of a station
// on a map with those bounds: outlines that are no polygons, codes that are empty
// or occur twice, districts off the map (and whether exchanging latitude and
// longitude would put them on it), that overlap, or that leave gaps between them.
// A hole inside a single district is taken as meant. Overlaps and enclosed gaps
// are found exactly, on integers of 1e-7 degree; a gap that is open to the outside
// is told where two districts face each other closer than 20 metres over 50 metres
// or more.
func CheckDistricts(ds []geo.District, bounds orb.Bound) []geo.Finding {
	out := checkOutlines(ds)
	if len(out) > 0 {
		return out // what lies how to what else means nothing yet
	}
	out = append(out, checkOnMap(ds, bounds)...)
	t := newTiling(ds)
	over := t.overlaps()
	if out = append(out, over...); len(over) == 0 {
		out = append(out, t.gaps()...)
	}
	return out
}

const tilingRemedy = "let neighbours share the same corners (in QGIS: snapping and topological editing)"

func districtName(d geo.District) string { return "district " + d.Code }

func checkOutlines(ds []geo.District) []geo.Finding {
	var out []geo.Finding
	taken := map[string]bool{}
	for i, d := range ds {
		switch {
		case d.Code == "":
			out = append(out, geo.Finding{Rule: "property-missing", Feature: fmt.Sprintf("district %d", i+1), Detail: "it has no code", Remedy: "give each district one"})
		case taken[d.Code]:
			out = append(out, geo.Finding{Rule: "id-twice", Feature: districtName(d), Detail: "the code occurs twice", Remedy: "give each district its own"})
		}
		taken[d.Code] = true
		if f := outlineFault(d.Outline); f != nil {
			out = append(out, f.finding(districtName(d), "it", areaRemedy(f.rule)))
		}
	}
	return out
}

func outlineFault(mp orb.MultiPolygon) *fault {
	if len(mp) == 0 {
		return &fault{rule: "ring-empty", detail: "has no outline"}
	}
	for _, p := range mp {
		for _, r := range p {
			for _, at := range r {
				if f := positionFault(at); f != nil {
					return f
				}
			}
		}
		if f := checkPolygon(p); f != nil {
			return f
		}
	}
	return nil
}

// checkOnMap tells districts of which no corner lies on the map.
func checkOnMap(ds []geo.District, bounds orb.Bound) []geo.Finding {
	var out []geo.Finding
	for _, d := range ds {
		b := d.Outline.Bound()
		if b.Intersects(bounds) {
			continue
		}
		f := geo.Finding{Rule: "off-map", Feature: districtName(d), Remedy: "import the streets of that place first, or check the datum"}
		f.Detail = fmt.Sprintf("it lies at %.4f,%.4f, off the map of %.4f,%.4f to %.4f,%.4f",
			b.Center()[0], b.Center()[1], bounds.Min[0], bounds.Min[1], bounds.Max[0], bounds.Max[1])
		swapped := orb.Bound{Min: orb.Point{b.Min[1], b.Min[0]}, Max: orb.Point{b.Max[1], b.Max[0]}}
		if swapped.Intersects(bounds) {
			f.Rule, f.Remedy = "axes-swapped", positionRemedy("axes-swapped")
			f.Detail += "; with latitude and longitude exchanged it would lie on it"
		}
		out = append(out, f)
	}
	return out
}

// edge is a piece of a border between two neighbouring corners of any district,
// with its district on the left.
type edge struct{ a, b grain }

// tiling is the borders of all districts, each cut at every corner on it.
type tiling struct {
	ds    []geo.District
	parts []part
	edges map[edge]int // the part on its left
}

// part is one polygon of a district.
type part struct {
	district int
	polygon  orb.Polygon
	segments []segment
}

func newTiling(ds []geo.District) *tiling {
	t := &tiling{ds: ds, edges: map[edge]int{}}
	for i, d := range ds {
		for _, p := range d.Outline {
			p = oriented(p)
			pt := part{district: i, polygon: p}
			for _, r := range p {
				pt.segments = append(pt.segments, segmentsOf(r, len(t.parts))...)
			}
			t.parts = append(t.parts, pt)
		}
	}
	return t
}

func (t *tiling) code(part int) string { return t.ds[t.parts[part].district].Code }

// overlaps tells each pair of districts that overlap, with one place.
func (t *tiling) overlaps() []geo.Finding {
	var all []segment
	for _, p := range t.parts {
		all = append(all, p.segments...)
	}
	cuts := map[segment][]grain{}
	places := map[[2]int]orb.Point{}
	tell := func(a, b int, at orb.Point) {
		k := [2]int{min(a, b), max(a, b)}
		if _, known := places[k]; !known {
			places[k] = at
		}
	}
	eachMeeting(all, func(s, u segment, how contact) bool {
		if how == cross {
			tell(s.owner, u.owner, meetingPlace(s, u))
			return true
		}
		for _, pair := range [][2]segment{{s, u}, {u, s}} {
			for _, g := range []grain{pair[0].a, pair[0].b} {
				if k := pair[1]; g != k.a && g != k.b && side(k.a, k.b, g) == 0 && between(k.a, k.b, g) {
					cuts[k] = append(cuts[k], g)
				}
			}
		}
		return true
	})
	if len(places) == 0 {
		t.cut(all, cuts, tell)
	}
	return t.overlapFindings(places)
}

// cut fills edges. Borders cross nowhere, so two parts overlap exactly when they
// share the side of an edge, or the middle of an edge of one lies inside the other.
func (t *tiling) cut(all []segment, cuts map[segment][]grain, tell func(a, b int, at orb.Point)) {
	var order []edge
	for _, s := range all {
		points := append([]grain{s.a}, cuts[s]...)
		slices.SortFunc(points, func(a, b grain) int {
			return cmp.Or(cmp.Compare(abs64(a.x-s.a.x), abs64(b.x-s.a.x)), cmp.Compare(abs64(a.y-s.a.y), abs64(b.y-s.a.y)))
		})
		points = append(slices.Compact(points), s.b)
		for i := 1; i < len(points); i++ {
			e := edge{points[i-1], points[i]}
			if other, taken := t.edges[e]; taken && other != s.owner {
				tell(other, s.owner, e.a.point())
			}
			t.edges[e] = s.owner
			order = append(order, e)
		}
	}
	var boxes rtree.RTreeG[int]
	for i, p := range t.parts {
		b := p.polygon.Bound()
		boxes.Insert(b.Min, b.Max, i)
	}
	for _, e := range order {
		if _, shared := t.edges[edge{e.b, e.a}]; shared {
			continue // its middle is on the border of what lies behind
		}
		owner := t.edges[e]
		mid := orb.Point{float64(e.a.x+e.b.x) / 2 / geo.E7, float64(e.a.y+e.b.y) / 2 / geo.E7}
		boxes.Search(mid, mid, func(_, _ [2]float64, other int) bool {
			if other != owner && t.insideHalf(grain{e.a.x + e.b.x, e.a.y + e.b.y}, other) {
				tell(other, owner, mid)
			}
			return true
		})
	}
}

func abs64(v int64) int64 { return max(v, -v) }

// insideHalf reports whether a place in half grains lies inside a part.
func (t *tiling) insideHalf(g grain, number int) bool {
	in := false
	for _, s := range t.parts[number].segments {
		a, b := grain{2 * s.a.x, 2 * s.a.y}, grain{2 * s.b.x, 2 * s.b.y}
		if max(a.y, b.y) < g.y || min(a.y, b.y) > g.y {
			continue
		}
		sd := side(a, b, g)
		if sd == 0 && between(a, b, g) {
			return false
		}
		if (a.y > g.y) != (b.y > g.y) && (sd > 0) == (b.y > a.y) {
			in = !in
		}
	}
	return in
}

func (t *tiling) overlapFindings(places map[[2]int]orb.Point) []geo.Finding {
	var out []geo.Finding
	for _, k := range slices.SortedFunc(maps.Keys(places), compareInts) {
		at := places[k]
		f := geo.Finding{
			Rule: "districts-overlap", Feature: fmt.Sprintf("districts %s and %s", t.code(k[0]), t.code(k[1])), At: &at,
			Detail: "they overlap", Remedy: tilingRemedy,
		}
		if t.parts[k[0]].district == t.parts[k[1]].district {
			f.Rule, f.Feature, f.Detail = "district-overlaps-itself", "district "+t.code(k[0]), "two of its parts overlap"
		}
		out = append(out, f)
	}
	return out
}

func compareInts(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }

// rim returns the edges that no other part lies behind, by where they begin,
// turned so that what is uncovered is on the left.
func (t *tiling) rim() map[grain][]edge {
	out := map[grain][]edge{}
	for e := range t.edges {
		if _, shared := t.edges[edge{e.b, e.a}]; !shared {
			out[e.b] = append(out[e.b], edge{e.b, e.a})
		}
	}
	for _, es := range out {
		slices.SortFunc(es, func(a, b edge) int { return cmp.Or(cmp.Compare(a.b.x, b.b.x), cmp.Compare(a.b.y, b.b.y)) })
	}
	return out
}

// gaps tells the places between districts that belong to none.
func (t *tiling) gaps() []geo.Finding {
	rim := t.rim()
	starts := slices.SortedFunc(maps.Keys(rim), func(a, b grain) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	used := map[edge]bool{}
	var out []geo.Finding
	for _, s := range starts {
		for _, e := range rim[s] {
			if used[e] {
				continue
			}
			if f := t.gap(e, rim, used); f != nil {
				out = append(out, *f)
			}
		}
	}
	if len(out) == 0 {
		out = t.slits(rim, starts)
	}
	return out
}

// gap follows the border of an uncovered place; it is a gap when it is bounded
// and at least two districts lie around it.
func (t *tiling) gap(first edge, rim map[grain][]edge, used map[edge]bool) *geo.Finding {
	ring := orb.Ring{first.a.point()}
	around := map[string]bool{}
	for e := first; !used[e]; {
		used[e] = true
		around[t.code(t.edges[edge{e.b, e.a}])] = true
		ring = append(ring, e.b.point())
		next, ok := nextAround(e, rim[e.b])
		if !ok {
			return nil
		}
		e = next
	}
	if twiceArea(ring) <= 0 || len(around) < 2 {
		return nil
	}
	codes := slices.Sorted(maps.Keys(around))
	at := ring[0]
	if mid, ok := middle(orb.Polygon{ring}); ok {
		at = mid
	}
	return &geo.Finding{
		Rule: "districts-gap", Feature: fmt.Sprintf("districts %s and %s", codes[0], codes[1]), At: &at,
		Detail: fmt.Sprintf("between them %.0f square metres belong to no district", geo.NewPlane(at).Area(orb.Polygon{ring})),
		Remedy: tilingRemedy,
	}
}

// nextAround returns the edge that follows e around the face on its left: the
// first one clockwise from the way back.
func nextAround(e edge, choices []edge) (edge, bool) {
	back := math.Atan2(float64(e.a.y-e.b.y), float64(e.a.x-e.b.x))
	best, least := edge{}, math.Inf(1)
	for _, c := range choices {
		turn := math.Mod(back-math.Atan2(float64(c.b.y-c.a.y), float64(c.b.x-c.a.x))+4*math.Pi, 2*math.Pi)
		if turn < 1e-15 {
			turn = 2 * math.Pi
		}
		if turn < least {
			best, least = c, turn
		}
	}
	return best, len(choices) > 0
}

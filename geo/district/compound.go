package district

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Why a piece of residential land is a compound, or is none.
const (
	madeWalled  = "walled"
	madeGated   = "gated"
	madeOwn     = "entered only by its own ways"
	madeOutline = "outline of a large residential building"

	refusedSliver  = "sliver"
	refusedCrossed = "crossed by a through street"
	refusedCovered = "covered by smaller areas"
	refusedBroken  = "outline broken"
)

// Origins of a compound.
const (
	originLanduse = "landuse"
	originOutline = "outline"
)

// tract is an area that may hold compounds: residential land, or the outline of a
// large residential building.
type tract struct {
	id, name, origin string
	kind             string // of the building, where the origin is one
	reason           string // why its pieces are compounds; "" when their streets decide
	outline          orb.Polygon
	area             geo.SquareMetres
}

// parcel is a piece of a tract between the streets that cut it.
type parcel struct {
	id       string
	tract    int32
	faces    []int32
	outline  orb.Polygon
	area     geo.SquareMetres
	crossing geo.Metres // of through streets inside
	made     string     // why it is a compound
	refused  string     // why it is none
}

// parcels is the residential land of a map, cut. Parcels never overlap: each face of
// one arrangement belongs to one of them at most, to the smallest tract that covers
// it (of equals the named one, then the one with the lesser id), for an outline
// within an outline says more of the ground than the one around it.
type parcels struct {
	plane   geo.Plane
	tracts  []tract
	arr     *arrange.Arrangement
	owner   []int32 // by face: tract, -1 none
	of      []int32 // by face: parcel, -1 none
	all     []parcel
	lost    []int32 // tracts wholly covered by others
	broken  []int32 // tracts whose outline encloses nothing
	overlap int     // pairs of tracts that overlap
}

// Besides the outlines, two lines are told apart in the arrangement: streets that
// cut the land, and through streets that do not but make it no compound.
func (p *parcels) cutLine() int32     { return int32(len(p.tracts)) }
func (p *parcels) throughLine() int32 { return int32(len(p.tracts)) + 1 }

// cutTracts lays the streets over the tracts and takes the pieces between them.
func cutTracts(m *geo.StreetMap, plane geo.Plane, tracts []tract, rule HouseholdRule) (*parcels, error) {
	p := &parcels{plane: plane, tracts: tracts}
	arr, err := arrange.Build(p.segments(m))
	if err != nil {
		return nil, fmt.Errorf("cut residential land: %w", err)
	}
	p.arr = arr
	p.assignOwners()
	p.join()
	p.judge(rule)
	p.number()
	return p, nil
}

func (p *parcels) segments(m *geo.StreetMap) []arrange.Segment {
	var out []arrange.Segment
	near := newSettleAreas(p.plane)
	for i, t := range p.tracts {
		out = arrange.AppendArea(out, int32(i), orb.MultiPolygon{t.outline})
		near.add(t.outline.Bound().Pad(0.0005).ToPolygon())
	}
	open := openStreets(m)
	for i, s := range m.Streets {
		line, ok := p.lineOf(s)
		if !ok {
			continue
		}
		for k := 1; k < len(s.Line); k++ {
			if open[i][k-1] && near.mayMeet(s.Line[k-1], s.Line[k]) {
				out = arrange.AppendLine(out, line, s.Line[k-1:k+1])
			}
		}
	}
	return out
}

// lineOf is the line of the arrangement that a street is part of, if it is open.
func (p *parcels) lineOf(s geo.Street) (int32, bool) {
	if t := s.Tags["tunnel"]; t != "" && t != "no" {
		return 0, false
	}
	if s.Main() || cutsLand(s.Class) {
		return p.cutLine(), true
	}
	return p.throughLine(), publicMinor[s.Class]
}

// mayMeet reports whether the box of a segment meets a cell of any area.
func (s *settleAreas) mayMeet(a, b orb.Point) bool {
	ax, ay := s.plane.XY(a)
	bx, by := s.plane.XY(b)
	for cx := cellOf(min(ax, bx)); cx <= cellOf(max(ax, bx)); cx++ {
		for cy := cellOf(min(ay, by)); cy <= cellOf(max(ay, by)); cy++ {
			if len(s.cells[[2]int32{cx, cy}]) > 0 {
				return true
			}
		}
	}
	return false
}

// assignOwners gives each face to the first tract that covers it, in the order of
// precedence.
func (p *parcels) assignOwners() {
	p.owner = filled(len(p.arr.Faces), -1)
	order := make([]int32, len(p.tracts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return compareTracts(p.tracts[i], p.tracts[j]) })
	overlap := map[[2]int32]bool{}
	for _, i := range order {
		faces, ok := p.arr.Interior(i)
		if !ok {
			p.broken = append(p.broken, i)
			continue
		}
		own := 0
		for _, f := range faces {
			if j := p.owner[f]; j >= 0 {
				overlap[[2]int32{i, j}] = true
				continue
			}
			p.owner[f] = i
			own++
		}
		if own == 0 {
			p.lost = append(p.lost, i)
		}
	}
	p.overlap = len(overlap)
}

func compareTracts(a, b tract) int {
	named := func(t tract) int {
		if t.name != "" {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(named(a), named(b)), cmp.Compare(a.id, b.id), cmp.Compare(a.origin, b.origin))
}

// join makes a parcel of all faces of one tract that hang together without crossing
// a street that cuts.
func (p *parcels) join() {
	p.of = filled(len(p.arr.Faces), -1)
	for f, t := range p.owner {
		if t < 0 || p.of[f] >= 0 {
			continue
		}
		n := int32(len(p.all))
		p.of[f] = n
		faces := []int32{int32(f)}
		for i := 0; i < len(faces); i++ {
			for _, h := range p.arr.Halves(faces[i]) {
				g := p.arr.Face(h.Twin())
				if g == arrange.Unbounded || p.owner[g] != t || p.of[g] >= 0 || p.carries(h.Edge(), p.cutLine()) {
					continue
				}
				p.of[g] = n
				faces = append(faces, g)
			}
		}
		slices.Sort(faces)
		p.all = append(p.all, parcel{tract: t, faces: faces})
	}
}

func (p *parcels) carries(edge, line int32) bool {
	return slices.ContainsFunc(p.arr.Edges[edge].Tags, func(t arrange.Tag) bool { return t.Line == line })
}

// judge measures each parcel and decides whether it is a compound.
func (p *parcels) judge(rule HouseholdRule) {
	for i := range p.all {
		c := &p.all[i]
		t := p.tracts[c.tract]
		c.outline = p.arr.Outline(c.faces)[0] // its faces hang together by edges: one polygon
		c.area = p.plane.Area(c.outline)
		c.crossing = p.crossing(int32(i))
		switch width := 2 * float64(c.area) / math.Max(1, float64(p.border(c.outline))); {
		case c.area < rule.LeastCompoundArea || width < float64(rule.LeastCompoundWidth):
			c.refused = refusedSliver
		case t.reason != "":
			c.made = t.reason
		case c.crossing > rule.MostCrossing:
			c.refused = refusedCrossed
		default:
			c.made = madeOwn
		}
	}
}

func (p *parcels) border(outline orb.Polygon) geo.Metres {
	var sum geo.Metres
	for _, r := range outline {
		sum += p.plane.Length(orb.LineString(r))
	}
	return sum
}

// crossing is the length of the through streets inside a parcel.
func (p *parcels) crossing(n int32) geo.Metres {
	var sum geo.Metres
	for _, f := range p.all[n].faces {
		for _, h := range p.arr.Halves(f) {
			g := p.arr.Face(h.Twin())
			if h&1 != 0 || g == arrange.Unbounded || p.of[g] != n {
				continue // each inner edge once, from its even half
			}
			if p.carries(h.Edge(), p.cutLine()) || p.carries(h.Edge(), p.throughLine()) {
				e := p.arr.Edges[h.Edge()]
				sum += p.plane.Distance(p.arr.Vertices[e.A].Point(), p.arr.Vertices[e.B].Point())
			}
		}
	}
	return sum
}

// number gives each parcel that is no sliver its id: its tract's, and -1, -2... from
// west to east where the streets made several of it.
func (p *parcels) number() {
	byTract := make([][]int32, len(p.tracts))
	for i, c := range p.all {
		if c.refused != refusedSliver {
			byTract[c.tract] = append(byTract[c.tract], int32(i))
		}
	}
	for t, pieces := range byTract {
		slices.SortFunc(pieces, func(i, j int32) int {
			a, b := p.all[i].outline[0][0], p.all[j].outline[0][0]
			return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(i, j))
		})
		for k, i := range pieces {
			p.all[i].id = p.tracts[t].id
			if len(pieces) > 1 {
				p.all[i].id = fmt.Sprintf("%s-%d", p.tracts[t].id, k+1)
			}
		}
	}
}

// at is the number of the parcel that holds a position, -1 for none or on a border.
func (p *parcels) at(q orb.Point) int32 {
	place := p.arr.Locate(arrange.At(q))
	if place.Face == arrange.Unbounded {
		return -1
	}
	if place.Edge >= 0 {
		h := arrange.Half(2 * place.Edge)
		f, g := p.arr.Face(h), p.arr.Face(h.Twin())
		if f == arrange.Unbounded || g == arrange.Unbounded || p.of[f] != p.of[g] {
			return -1
		}
	}
	return p.of[place.Face]
}

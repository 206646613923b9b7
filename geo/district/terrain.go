package district

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// terrain is the ground laid out exactly: one arrangement of all borders, streets,
// compounds and barriers, and what each of its faces belongs to.
type terrain struct {
	ground    Ground
	plane     geo.Plane
	class     []Class // by line number of the arrangement
	first     struct{ communities, streets, barriers, compounds, cuts, locks int32 }
	arr       *arrange.Arrangement
	district  []int32 // by face, -1 outside
	community []int32 // by face, -1 in none
	compound  []int32 // by face, -1 in none
	locks     []Grid  // of layLocked
	lock      []int32 // by face: of locks, -1 in none
	face      []int32 // by building, -1 outside all districts
	homes     []int   // households by face
	inFace    [][]int32
}

// newTerrain lays the ground out. Districts must be valid and apart from each other.
func newTerrain(g Ground) (*terrain, error) {
	t := &terrain{ground: g}
	bound := t.bound()
	t.plane = geo.NewPlane(bound.Center())
	arr, err := arrange.Build(t.segments(bound))
	if err != nil {
		return nil, err
	}
	t.arr = arr
	if err := t.assign(); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *terrain) bound() orb.Bound {
	bound := t.ground.Districts[0].Outline.Bound()
	for _, d := range t.ground.Districts[1:] {
		bound = bound.Union(d.Outline.Bound())
	}
	return bound
}

// segments numbers all lines and returns their segments. Streets and barriers far
// outside the districts are left out, but keep their numbers.
func (t *terrain) segments(bound orb.Bound) []arrange.Segment {
	var out []arrange.Segment
	near := bound.Pad(0.0005)
	number := func(c Class) int32 {
		t.class = append(t.class, c)
		return int32(len(t.class) - 1)
	}
	for _, d := range t.ground.Districts {
		out = arrange.AppendArea(out, number(NoRoad), d.Outline)
	}
	t.first.communities = int32(len(t.class))
	for _, c := range t.ground.Communities {
		out = arrange.AppendArea(out, number(NoRoad), c.Outline)
	}
	t.first.streets = int32(len(t.class))
	for _, s := range t.ground.Streets {
		class, ok := classOf(s)
		n := number(class)
		if ok {
			out = appendNear(out, n, s.Line, near)
		}
	}
	t.first.barriers = int32(len(t.class))
	for _, b := range t.ground.Barriers {
		out = appendNear(out, number(Waterline), b.Line, near)
	}
	t.first.compounds = int32(len(t.class))
	for _, c := range t.ground.Compounds {
		n := number(NoRoad)
		if near.Intersects(c.Outline.Bound()) {
			out = arrange.AppendArea(out, n, orb.MultiPolygon{c.Outline})
		}
	}
	t.first.cuts = int32(len(t.class))
	return out
}

// appendNear appends the segments of a line whose boxes meet the bound.
func appendNear(to []arrange.Segment, line int32, ls orb.LineString, near orb.Bound) []arrange.Segment {
	for i := 1; i < len(ls); i++ {
		if near.Intersects(orb.MultiPoint{ls[i-1], ls[i]}.Bound()) {
			to = arrange.AppendLine(to, line, ls[i-1:i+1])
		}
	}
	return to
}

// assign tells each face its district, community and compound, and each building
// its face. It is done afresh whenever the arrangement changes.
func (t *terrain) assign() error {
	n := len(t.arr.Faces)
	t.district, t.community, t.compound = filled(n, -1), filled(n, -1), filled(n, -1)
	for i, d := range t.ground.Districts {
		faces, ok := t.arr.Interior(int32(i))
		if !ok {
			return districtError(d, "crosses itself or does not close", "draw its outline as simple closed rings")
		}
		for _, f := range faces {
			if j := t.district[f]; j >= 0 {
				return districtError(d, "overlaps district "+t.ground.Districts[j].Code, "give both the same shared border")
			}
			t.district[f] = int32(i)
		}
	}
	for i := range t.ground.Communities {
		faces, _ := t.arr.Interior(t.first.communities + int32(i))
		for _, f := range faces {
			if t.community[f] < 0 {
				t.community[f] = int32(i)
			}
		}
	}
	for i := range t.ground.Compounds {
		faces, _ := t.arr.Interior(t.first.compounds + int32(i))
		for _, f := range faces {
			if t.compound[f] < 0 {
				t.compound[f] = int32(i)
			}
		}
	}
	t.assignLocks()
	t.settleBuildings()
	return nil
}

func districtError(d geo.District, detail, remedy string) error {
	return geo.NewInputError("districts", geo.Finding{Rule: "district-outline", Feature: d.Code, Detail: detail, Remedy: remedy})
}

func filled(n int, v int32) []int32 { return slices.Repeat([]int32{v}, n) }

// settleBuildings finds the face of each building and counts the households.
func (t *terrain) settleBuildings() {
	t.face = filled(len(t.ground.Buildings), -1)
	t.homes = make([]int, len(t.arr.Faces))
	t.inFace = make([][]int32, len(t.arr.Faces))
	for i, b := range t.ground.Buildings {
		place := t.arr.Locate(arrange.At(b.At))
		f := place.Face
		if place.Edge >= 0 && (f == arrange.Unbounded || t.district[f] < 0) {
			// On the territory's edge: take the side that lies in a district.
			h := arrange.Half(2 * place.Edge)
			for _, side := range []int32{t.arr.Face(h), t.arr.Face(h.Twin())} {
				if side != arrange.Unbounded && t.district[side] >= 0 {
					f = side
				}
			}
		}
		if f == arrange.Unbounded || t.district[f] < 0 {
			continue
		}
		t.face[i] = f
		t.homes[f] += b.Households
		t.inFace[f] = append(t.inFace[f], int32(i))
	}
}

// area is the area of a face on the ground, in square metres.
func (t *terrain) area(f int32) float64 {
	kx, ky := t.plane.Scale()
	return float64(t.arr.Faces[f].TwiceArea) / 2 * kx / geo.E7 * ky / geo.E7
}

// metres is the length of an edge on the ground.
func (t *terrain) metres(edge int32) float64 {
	kx, ky := t.plane.Scale()
	e := t.arr.Edges[edge]
	p, q := t.arr.Vertices[e.A], t.arr.Vertices[e.B]
	return math.Hypot(float64(p.X-q.X)*kx/geo.E7, float64(p.Y-q.Y)*ky/geo.E7)
}

// classAlong is the best class of border that runs along an edge.
func (t *terrain) classAlong(edge int32) Class {
	best := NoRoad
	for _, tag := range t.arr.Edges[edge].Tags {
		if c := t.class[tag.Line]; rank[c] > rank[best] {
			best = c
		}
	}
	return best
}

// addCuts lays cuts over the arrangement, each a line of its own.
func (t *terrain) addCuts(cuts [][2]arrange.Pt) error {
	segments := make([]arrange.Segment, len(cuts))
	for i, c := range cuts {
		segments[i] = arrange.Segment{A: c[0], B: c[1], Line: int32(len(t.class))}
		t.class = append(t.class, NoRoad)
	}
	arr, err := t.arr.With(segments)
	if err != nil {
		return fmt.Errorf("cut blocks: %w", err)
	}
	t.arr = arr
	return t.assign()
}

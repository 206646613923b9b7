package district

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Check tells every hard rule that a set of grids breaks, with its place: the grids
// tile each district exactly and share their borders edge by edge, each is one part
// and within bounds or carries an exception of the right kind that the figures bear
// out, states the households that its buildings give, and cuts no compound that a
// grid can hold. No finding means that all rules hold. g.Districts must be the
// outlines that belong to the grids, with every vertex of their borders.
func Check(grids []Grid, g Ground, b Bounds) []geo.Finding {
	c := &checker{grids: grids, ground: g, bounds: b}
	if len(grids) == 0 {
		c.add("empty", "", nil, "there are no grids")
		return c.found
	}
	if !c.layOut() {
		return c.found
	}
	c.tiling()
	c.households()
	c.compounds()
	return c.found
}

type checker struct {
	grids  []Grid
	ground Ground
	bounds Bounds
	arr    *arrange.Arrangement
	owner  []int32 // grid by face, -1 none
	area   []int32 // district by face, -1 none
	found  []geo.Finding
}

func (c *checker) add(rule, feature string, at *orb.Point, format string, v ...any) {
	c.found = append(c.found, geo.Finding{Rule: rule, Feature: feature, At: at, Detail: fmt.Sprintf(format, v...)})
}

// layOut lays grids, districts and compounds over each other. A vertex that was not
// there before is a crossing or a T-junction.
func (c *checker) layOut() bool {
	var segments []arrange.Segment
	n := int32(0)
	for _, g := range c.grids {
		segments = arrange.AppendArea(segments, n, orb.MultiPolygon{g.Outline})
		n++
	}
	for _, d := range c.ground.Districts {
		segments = arrange.AppendArea(segments, n, d.Outline)
		n++
	}
	before := map[arrange.Pt]bool{}
	for _, s := range segments {
		before[s.A] = true
	}
	plain, err := arrange.Build(segments)
	if err != nil {
		c.add("arrangement", "", nil, "%v", err)
		return false
	}
	for _, v := range plain.Vertices {
		if !before[v] {
			p := v.Point()
			c.add("crossing", "", &p, "borders cross where they have no common vertex")
		}
	}
	for _, compound := range c.ground.Compounds {
		segments = arrange.AppendArea(segments, n, orb.MultiPolygon{compound.Outline})
		n++
	}
	if c.arr, err = arrange.Build(segments); err != nil {
		c.add("arrangement", "", nil, "%v", err)
		return false
	}
	return true
}

// tiling checks each face: in one district and one of its grids, or in neither.
func (c *checker) tiling() {
	c.owner, c.area = filled(len(c.arr.Faces), -1), filled(len(c.arr.Faces), -1)
	for i, d := range c.ground.Districts {
		faces, ok := c.arr.Interior(int32(len(c.grids) + i))
		if !ok {
			c.add("outline", d.Code, nil, "the district's outline crosses itself or does not close")
		}
		for _, f := range faces {
			if j := c.area[f]; j >= 0 {
				c.add("districts-overlap", d.Code, c.place(f), "overlaps district %s", c.ground.Districts[j].Code)
			}
			c.area[f] = int32(i)
		}
	}
	for i, g := range c.grids {
		faces, ok := c.arr.Interior(int32(i))
		if !ok {
			c.add("outline", g.Code, nil, "the grid's outline crosses itself or does not close")
		}
		for _, f := range faces {
			if j := c.owner[f]; j >= 0 {
				c.add("overlap", g.Code, c.place(f), "overlaps grid %s", c.grids[j].Code)
			}
			c.owner[f] = int32(i)
			if d := c.area[f]; d < 0 {
				c.add("overshoot", g.Code, c.place(f), "reaches outside all districts")
			} else if code := c.ground.Districts[d].Code; code != g.District {
				c.add("overshoot", g.Code, c.place(f), "belongs to district %s and reaches into %s", g.District, code)
			}
		}
	}
	drawn := map[string]bool{} // a plan may hold some districts only
	for _, g := range c.grids {
		drawn[g.District] = true
	}
	for f, d := range c.area {
		if d >= 0 && c.owner[f] < 0 && drawn[c.ground.Districts[d].Code] {
			c.add("gap", c.ground.Districts[d].Code, c.place(int32(f)), "part of the district lies in no grid")
		}
	}
}

// place is a vertex of a face.
func (c *checker) place(face int32) *orb.Point {
	p := c.arr.Vertices[c.arr.Origin(c.arr.Faces[face].Outer)].Point()
	return &p
}

// households counts afresh and judges bounds and exceptions.
func (c *checker) households() {
	locator, err := NewLocator(c.grids)
	if err != nil {
		return // overlaps are told already
	}
	index := map[string]int{}
	for i, g := range c.grids {
		index[g.Code] = i
	}
	if len(index) < len(c.grids) {
		c.add("code", "", nil, "%d grids share a code with another", len(c.grids)-len(index))
		return
	}
	counted, largest := make([]int, len(c.grids)), make([]int, len(c.grids))
	for _, b := range c.ground.Buildings {
		if at := locator.Locate(b.At, 0); at.Grid != "" {
			i := index[at.Grid]
			counted[i] += b.Households
			largest[i] = max(largest[i], b.Households)
		}
	}
	for i, g := range c.grids {
		if g.Households != counted[i] {
			c.add("stated-households", g.Code, nil, "states %d households, its buildings hold %d", g.Households, counted[i])
		}
		var beside []int
		for _, n := range locator.Neighbours(g.Code) {
			if o := c.grids[index[n]]; o.District == g.District && o.Community == g.Community {
				beside = append(beside, counted[index[n]])
			}
		}
		c.judge(g, counted[i], largest[i], beside)
	}
}

// judge compares what a grid says of itself with what the figures say.
func (c *checker) judge(g Grid, households, largest int, beside []int) {
	at := firstVertex(g.Outline)
	why, ok := exceptions(c.bounds, households, largest, beside)
	switch {
	case !ok:
		c.add("bounds", g.Code, at, "%d households are outside %d to %d, and a better plan exists: nothing excuses it", households, c.bounds.Min, c.bounds.Max)
	case len(why) > 0 && !slices.ContainsFunc(g.Exceptions, func(e string) bool { return kindOf(e) == kindOf(why[0]) || kindOf(e) == "under:barrier" }):
		c.add("exception", g.Code, at, "%d households are outside %d to %d and the grid does not say %s", households, c.bounds.Min, c.bounds.Max, kindOf(why[0]))
	}
}

// firstVertex is where a polygon begins, nil where it is empty.
func firstVertex(p orb.Polygon) *orb.Point {
	if len(p) == 0 || len(p[0]) == 0 {
		return nil
	}
	return &p[0][0]
}

func kindOf(exception string) string {
	kind, _, _ := strings.Cut(exception, " ")
	return kind
}

// compounds checks that each compound that a grid can hold lies in one grid of each
// district that it reaches into. A hundredth of its area may be lost to snapping.
func (c *checker) compounds() {
	homes := make([]int, len(c.ground.Compounds))
	index := map[string]int{}
	for i, compound := range c.ground.Compounds {
		index[compound.ID] = i
	}
	for _, b := range c.ground.Buildings {
		if i, ok := index[b.Compound]; ok {
			homes[i] += b.Households
		}
	}
	first := int32(len(c.grids) + len(c.ground.Districts))
	for i, compound := range c.ground.Compounds {
		faces, _ := c.arr.Interior(first + int32(i))
		if homes[i] > c.bounds.Max {
			continue
		}
		inDistrict := map[int32]int64{}
		inGrid := map[int32]int64{}
		for _, f := range faces {
			if c.owner[f] >= 0 {
				inDistrict[c.area[f]] += c.arr.Faces[f].TwiceArea
				inGrid[c.owner[f]] += c.arr.Faces[f].TwiceArea
			}
		}
		var whole int64
		for _, a := range inDistrict {
			whole += a
		}
		for _, d := range sortedKeys(inDistrict) {
			most := int64(0)
			for g, a := range inGrid {
				if c.ground.Districts[d].Code == c.grids[g].District {
					most = max(most, a)
				}
			}
			if inDistrict[d] > whole/100 && most < inDistrict[d]-inDistrict[d]/100 {
				at := firstVertex(compound.Outline)
				c.add("compound-cut", compound.ID, at, "the compound of %d households lies in several grids of district %s", homes[i], c.ground.Districts[d].Code)
			}
		}
	}
}

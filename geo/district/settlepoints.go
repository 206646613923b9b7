package district

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// counting sets counting points into areas: places that stand for homes which are
// not mapped. The same area gets the same points on every machine.
type counting struct {
	plane     geo.Plane
	streets   *settleLines // all streets above the ground
	mains     *settleLines // main roads
	barriers  *settleLines // water and rail
	water     *settleAreas // closed water, islands as areas of their own
	buildings *settleAreas
}

// clearance is how far a counting point keeps from lines, in metres. Where an area
// leaves no room less is asked, step by step; but a point never stands in water, nor
// on a main road, a railway or the area's outline.
type clearance struct {
	outline, street, main, barrier float64
	offBuildings                   bool
	finer                          float64 // lattice points for each counting point
}

var clearances = []clearance{
	{4, 5, 12, 6, true, 9},
	{2, 2, 8, 3, true, 25},
	{1, 1, 5, 2, false, 49},
	{0.3, 0.3, 4, 1, false, 144},
	{0.1, 0.1, 4, 1, false, 900},
}

// points returns n places strictly inside the area, well apart from each other and
// sorted; fewer than n, but at least least of them, where there is no room, and
// none at all where there is not even room for those.
func (c *counting) points(area orb.Polygon, n, least int) []orb.Point {
	for _, want := range clearances {
		if found := c.candidates(area, n, want); len(found) >= n {
			return c.pick(found, n)
		}
	}
	found := c.candidates(area, n, clearances[len(clearances)-1])
	if len(found) < max(1, least) {
		return nil
	}
	return c.pick(found, min(n, len(found)))
}

// mostLattice bounds the lattice of one area.
const mostLattice = 400_000

// candidates lays a lattice of triangles over the area and keeps what is clear.
func (c *counting) candidates(area orb.Polygon, n int, want clearance) []settleXY {
	rings, walls := c.wallsOf(area)
	b := area.Bound()
	x0, y0 := c.plane.XY(b.Min)
	x1, y1 := c.plane.XY(b.Max)
	step := math.Sqrt(float64(c.plane.Area(area)) / (float64(n) * want.finer))
	step = max(step, 0.2, math.Sqrt((x1-x0)*(y1-y0)/mostLattice))
	var out []settleXY
	for row := 0; ; row++ {
		y := y0 + (float64(row)+0.5)*step
		if y >= y1 {
			return out
		}
		shift := 0.25 + 0.5*float64(row%2)
		for k := 0; ; k++ {
			x := x0 + (float64(k)+shift)*step
			if x >= x1 {
				break
			}
			q := settleXY{x, y}
			if c.clear(q, want) && !walls.within(q, want.outline) && strictlyInside(c.pt(q), rings) {
				out = append(out, q)
			}
		}
	}
}

func (c *counting) wallsOf(area orb.Polygon) ([][]arrange.Pt, *settleLines) {
	walls := newSettleLines(c.plane)
	walls.addPolygon(area)
	return exactRings(area), walls
}

func exactRings(area orb.Polygon) [][]arrange.Pt {
	rings := make([][]arrange.Pt, len(area))
	for i, r := range area {
		for _, p := range r[:max(0, len(r)-1)] {
			rings[i] = append(rings[i], arrange.At(p))
		}
	}
	return rings
}

// strictlyInside tells exactly whether p lies inside an outer ring and in none of
// its holes.
func strictlyInside(p arrange.Pt, rings [][]arrange.Pt) bool {
	for i, r := range rings {
		want := -1
		if i == 0 {
			want = 1
		}
		if arrange.InRing(p, r) != want {
			return false
		}
	}
	return len(rings) > 0
}

func (c *counting) clear(q settleXY, want clearance) bool {
	return !c.streets.within(q, want.street) && !c.mains.within(q, want.main) && !c.barriers.within(q, want.barrier) &&
		c.water.covers(q)%2 == 0 && !(want.offBuildings && c.buildings.covers(q) > 0)
}

func (c *counting) pt(q settleXY) arrange.Pt { return arrange.At(c.plane.Point(q.x, q.y)) }

// pickRounds is how often the chosen places are moved to the middle of what is
// nearest to them (Lloyd 1982): few rounds even them out.
const pickRounds = 6

// pick chooses n of the candidates, far from each other.
func (c *counting) pick(from []settleXY, n int) []orb.Point {
	chosen := farthest(from, n)
	for range pickRounds {
		chosen = centred(from, chosen)
	}
	out := make([]orb.Point, n)
	for i, k := range chosen {
		out[i] = c.pt(from[k]).Point()
	}
	slices.SortFunc(out, comparePoints)
	return out
}

func comparePoints(a, b orb.Point) int {
	return slices.Compare(a[:], b[:])
}

// farthest starts near the middle and takes the candidate farthest from all chosen,
// again and again.
func farthest(from []settleXY, n int) []int {
	var middle settleXY
	for _, q := range from {
		middle.x += q.x / float64(len(from))
		middle.y += q.y / float64(len(from))
	}
	next := nearest(from, middle)
	apart := make([]float64, len(from))
	for i := range apart {
		apart[i] = math.Inf(1)
	}
	chosen := make([]int, 0, n)
	for range n {
		chosen = append(chosen, next)
		best := -1.0
		last := from[next]
		for i, q := range from {
			apart[i] = min(apart[i], squared(q, last))
			if apart[i] > best {
				best, next = apart[i], i
			}
		}
	}
	return chosen
}

func squared(a, b settleXY) float64 { return (a.x-b.x)*(a.x-b.x) + (a.y-b.y)*(a.y-b.y) }

func nearest(from []settleXY, to settleXY) int {
	best := 0
	for i, q := range from {
		if squared(q, to) < squared(from[best], to) {
			best = i
		}
	}
	return best
}

// centred moves each chosen candidate to the one nearest to the middle of those
// that are nearer to it than to any other.
func centred(from []settleXY, chosen []int) []int {
	sum := make([]settleXY, len(chosen))
	count := make([]float64, len(chosen))
	home := make([]int, len(from))
	for i, q := range from {
		best, least := 0, math.Inf(1)
		for k, j := range chosen {
			if d := squared(q, from[j]); d < least {
				best, least = k, d
			}
		}
		home[i] = best
		sum[best].x += q.x
		sum[best].y += q.y
		count[best]++
	}
	out := slices.Clone(chosen)
	least := make([]float64, len(chosen))
	for k := range least {
		least[k] = math.Inf(1)
	}
	for i, q := range from {
		k := home[i]
		if d := squared(q, settleXY{sum[k].x / count[k], sum[k].y / count[k]}); d < least[k] {
			out[k], least[k] = i, d
		}
	}
	return out
}

// pointsFor makes counting points for so many homes inside an area, each for about
// rule.PointHomes and none for more than rule.MostPointHomes. It returns none where
// the area has no room for them.
func (c *counting) pointsFor(area orb.Polygon, homes int, id, compound string, rule HouseholdRule) []geo.Building {
	if homes <= 0 {
		return nil
	}
	n := (homes + rule.PointHomes - 1) / rule.PointHomes
	least := (homes + rule.MostPointHomes - 1) / rule.MostPointHomes
	places := c.points(area, n, least)
	out := make([]geo.Building, len(places))
	for i, at := range places {
		out[i] = geo.Building{
			ID: fmt.Sprintf("%s/p%d", id, i+1), Kind: PointKind, At: at,
			Households: homes*(i+1)/len(places) - homes*i/len(places),
			Source:     geo.Assumed, Compound: compound,
		}
	}
	return out
}

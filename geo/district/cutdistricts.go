package district

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// CutOptions steer CutDistricts.
type CutOptions struct {
	Count  int    // districts wanted
	Bounds Bounds // each district gets homes enough for a grid of these; zero takes DefaultBounds
	Seed   uint64
}

// cutObjective prices district borders: along main roads almost nothing, through
// blocks dearly; areas near the mean matter more than for grids.
var cutObjective = Objective{
	BorderPer100: [classes]float64{NoRoad: 60, Path: 30, Local: 10, Collector: 0.7, Arterial: 0.1, Waterline: 0.3},
	Compactness:  6,
	Balance:      60,
	OutOfBounds:  4000,
}

// CutDistricts divides a rectangle into demonstration districts along main roads
// where no real boundary is known. They are of similar area, of one part each, cut
// no compound, and each holds homes enough for a grid. g.Districts is not used.
// It fails when that cannot be had.
func CutDistricts(ctx context.Context, g Ground, bound orb.Bound, o CutOptions) ([]geo.District, error) {
	if o.Bounds == (Bounds{}) {
		o.Bounds = DefaultBounds
	}
	if err := checkCut(g, bound, o); err != nil {
		return nil, err
	}
	low, high := geo.RoundE7(bound.Min), geo.RoundE7(bound.Max)
	rectangle := orb.Bound{Min: low, Max: high}.ToPolygon()
	g.Districts = []geo.District{{Code: "bounds", Outline: orb.MultiPolygon{rectangle}}}
	g.Communities = nil
	t, err := newTerrain(g)
	if err != nil {
		return nil, err
	}
	if _, err := t.cutNecks(ctx); err != nil {
		return nil, err
	}
	bl, err := newBlocks(t, Bounds{Min: math.MaxInt, Max: math.MaxInt}) // in one piece
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(bl.graph.Units, func(u Unit) bool { return u.Households > 0 }) {
		o.Bounds.Min = 0
	}
	for try := range uint64(20) {
		part := cutInto(ctx, bl.graph, o, o.Seed+try*1_000_003)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if part != nil {
			return t.districtsOf(bl, part), nil
		}
	}
	return nil, geo.NewInputError("", geo.Finding{Rule: "districts-cut", Detail: fmt.Sprintf("no %d districts with at least %d homes each were found within the bounds", o.Count, o.Bounds.Min), Remedy: "ask for fewer districts or give wider bounds"})
}

func checkCut(g Ground, bound orb.Bound, o CutOptions) error {
	refuse := func(rule, detail, remedy string) error {
		return geo.NewInputError("", geo.Finding{Rule: rule, Detail: detail, Remedy: remedy})
	}
	switch {
	case o.Count < 1 || o.Count > 899:
		return refuse("count", fmt.Sprintf("%d districts", o.Count), "ask for 1 to 899")
	case !geo.ValidPosition(bound.Min) || !geo.ValidPosition(bound.Max) || bound.Min[0] >= bound.Max[0] || bound.Min[1] >= bound.Max[1]:
		return refuse("bounds", fmt.Sprintf("bounds %v", bound), "give west, south, east, north in degrees, west below east and south below north")
	case len(g.Streets) == 0:
		return refuse("no-streets", "there are no streets to cut along", "import streets first")
	}
	for _, s := range g.Streets {
		if s.Main() && s.Line.Bound().Intersects(bound) {
			return nil
		}
	}
	return refuse("bounds", "no main road lies within the bounds", "check that they are in the order west, south, east, north and on the map")
}

// cutInto divides the graph into o.Count parts of similar area, nil when one would
// lack homes.
func cutInto(ctx context.Context, homes *Graph, o CutOptions, seed uint64) Partition {
	g := *homes
	g.Units = make([]Unit, len(homes.Units))
	area := 0
	for i, u := range homes.Units {
		size := u.Area
		if o.Bounds.Min > 0 {
			size = settled(u)
		}
		g.Units[i] = Unit{int(size / 10), u.Area, u.Perimeter} // weighed by tens of square metres
		area += g.Units[i].Households
	}
	mean := float64(area) / float64(o.Count)
	objective := cutObjective
	objective.Target = mean
	bounds := Bounds{int(0.75 * mean), int(1.3 * mean)}
	s := newScorer(&g, objective, bounds)
	f := newForest(&g, s)
	rng := rand.New(rand.NewPCG(seed, 7))
	p := make(Partition, len(g.Units))
	next := int32(0)
	var divide func(units []int32, count int)
	divide = func(units []int32, count int) {
		a, b := cutShare(f, units, float64(count/2)/float64(count), rng)
		if count == 1 || a == nil {
			for _, u := range units {
				p[u] = next
			}
			next++
			return
		}
		divide(a, count/2)
		divide(b, count-count/2)
	}
	pieces := g.Pieces()
	if len(pieces) != 1 {
		return nil
	}
	divide(pieces[0], o.Count)
	st := newState(&g, s, p)
	if !st.settleCount(f, homes, o, rng) {
		return nil
	}
	st.fixed = true
	anneal(ctx, st, f, pieces[0], cooling{hot, cold, 400 * len(pieces[0])}, rng)
	if !st.settleCount(f, homes, o, rng) {
		return nil
	}
	return renumber(st.label)
}

// settleCount joins parts without homes enough to a part beside them, or parts that
// are small where no homes are known, then halves the heaviest parts until there are
// as many as wanted.
func (st *state) settleCount(f *forest, homes *Graph, o CutOptions, rng *rand.Rand) bool {
	lacks := func(units []int32) bool { return homes.total(units) < o.Bounds.Min }
	if o.Bounds.Min == 0 {
		whole := 0
		for _, u := range st.g.Units {
			whole += u.Households
		}
		least := whole / (4 * o.Count)
		lacks = func(units []int32) bool { return st.g.total(units) < least }
	}
	whole := map[int32]bool{} // parts that cannot be halved
	for {
		parts, poor, heaviest := 0, int32(-1), int32(-1)
		for l, units := range st.members {
			if len(units) == 0 {
				continue
			}
			parts++
			if lacks(units) {
				poor = int32(l)
			}
			if !whole[int32(l)] && (heaviest < 0 || st.shapes[l].households > st.shapes[heaviest].households) {
				heaviest = int32(l)
			}
		}
		switch {
		case poor >= 0:
			beside := st.neighbours(poor)
			if len(beside) == 0 {
				return false
			}
			lightest := slices.MinFunc(beside, func(a, b int32) int {
				return cmp.Or(cmp.Compare(st.shapes[a].households, st.shapes[b].households), cmp.Compare(a, b))
			})
			st.moveAll(slices.Clone(st.members[poor]), lightest)
			st.shapes[lightest] = st.shapeOf(st.members[lightest])
			st.release(poor)
		case parts == o.Count:
			return true
		case parts > o.Count || heaviest < 0:
			return false
		default:
			a, b := cutShare(f, slices.Sorted(slices.Values(st.members[heaviest])), 0.5, rng)
			if a == nil || lacks(a) || lacks(b) {
				whole[heaviest] = true
				continue
			}
			next := st.freeLabel()
			st.moveAll(b, next)
			st.shapes[heaviest], st.shapes[next] = st.shapeOf(a), st.shapeOf(b)
		}
	}
}

// settled is the area of a unit that counts when districts are made alike: sea, hills
// and fields without homes go to a district beside them for little.
func settled(u Unit) float64 {
	if u.Households == 0 && u.Area > openSquareMetres {
		return u.Area / 20
	}
	return u.Area
}

// cutShare cuts the units by the tree cut that gives the first part about the share
// of the weight at a cheap border; nil when no cut comes near.
func cutShare(f *forest, units []int32, share float64, rng *rand.Rand) (a, b []int32) {
	if share == 0 || len(units) < 2 {
		return nil, nil
	}
	f.load(units)
	best := math.Inf(1)
	for range max(3, min(40, 20_000/len(units))) {
		f.draw(rng, 2)
		whole := float64(f.whole().households)
		for _, v := range f.order[1:] {
			part := float64(f.sub[v].households) / whole
			for _, flipped := range []bool{false, true} {
				if flipped {
					part = 1 - part
				}
				off := (part - share) / share
				if value := f.cut[v] + 400*off*off; value < best {
					best = value
					if a, b = f.below(v); flipped {
						a, b = b, a
					}
				}
			}
		}
	}
	return a, b
}

// districtsOf names the parts from north to south, west to east.
func (t *terrain) districtsOf(bl *blocks, p Partition) []geo.District {
	var outlines []orb.Polygon
	var homes []int
	for _, units := range p.Grids() {
		var faces []int32
		for _, u := range units {
			faces = append(faces, bl.faces[u]...)
		}
		outlines = append(outlines, t.arr.Outline(faces)[0])
		homes = append(homes, bl.graph.total(units))
	}
	out := make([]geo.District, len(outlines))
	for i, k := range readingOrder(outlines) {
		out[i] = geo.District{
			Code:       fmt.Sprintf("D%03d", i+1),
			Name:       fmt.Sprintf("示范警务区%d", i+1),
			Outline:    orb.MultiPolygon{outlines[k]},
			Households: homes[k],
		}
	}
	return out
}

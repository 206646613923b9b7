package district

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// DrawOptions steer Draw.
type DrawOptions struct {
	Bounds     Bounds        // zero takes DefaultBounds
	Seed       uint64        // same ground, options and seed: same plan
	TimeLimit  time.Duration // 0: none; a search that is stopped gives its best so far
	District   string        // draw only this district's grids; "" for all
	CodePrefix string        // 9 digits of county and street; "" for nine zeros
	Previous   *Edition      // start from this edition and move few households; codes are kept
	UsedCodes  []string      // codes of other editions, which are never used again
	Rounds     int           // moves that the search tries for each block; 0 takes the default
	Now        time.Time
	Blocks     bool // also tell the blocks that the grids are made of
	OnProgress func(stage string, done, total int)
}

// Draw divides every district into grids: it lays the ground out as one exact
// arrangement, cuts blocks that are too heavy, groups blocks into grids within
// bounds and gives them codes. What it cannot bring within bounds carries an
// exception that says why. Ground without districts is an error.
func Draw(ctx context.Context, g Ground, o DrawOptions) (*Draft, *Report, error) {
	if o.Bounds == (Bounds{}) {
		o.Bounds = DefaultBounds
	}
	if err := checkDraw(g, o); err != nil {
		return nil, nil, err
	}
	unlimited := ctx
	if o.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.TimeLimit)
		defer cancel()
	}
	progress := o.OnProgress
	if progress == nil {
		progress = func(string, int, int) {}
	}
	progress("lay out streets and borders", 0, 1)
	t, err := newTerrain(g)
	if err != nil {
		return nil, nil, err
	}
	if o.Previous != nil {
		if err := t.layLocked(o.Previous.Grids); err != nil {
			return nil, nil, err
		}
	}
	progress("cut heavy blocks", 0, 1)
	if _, err := t.cutNecks(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, nil, err
	}
	// No search mends a block that is too heavy, so the time limit does not end this.
	cuts, err := t.cutHeavy(unlimited, o.Bounds, o.Bounds.Max/2)
	if err != nil {
		return nil, nil, err
	}
	if _, err := t.cutOpen(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, nil, err
	}
	bl, err := newBlocks(t, o.Bounds)
	if err != nil {
		return nil, nil, err
	}
	search := SearchOptions{
		Bounds: o.Bounds, Objective: SearchObjective(o.Bounds), Seed: o.Seed, Rounds: cmp.Or(o.Rounds, defaultRounds),
		OnProgress: func(done, total int) { progress("group blocks into grids", done, total) },
	}
	if end, limited := ctx.Deadline(); limited {
		// A search that is late cools faster; some time is left to walk the outlines.
		search.TimeLimit = max(time.Millisecond, time.Duration(0.9*float64(time.Until(end))))
	}
	if o.Previous != nil {
		if search.From, err = t.incumbent(bl, o.Previous); err != nil {
			return nil, nil, err
		}
	}
	partition := Search(ctx, bl.graph, search)
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return nil, nil, err
	}
	partition = absorb(bl.graph, partition, o.Bounds)
	draft, err := t.draft(bl, partition, o)
	if err != nil {
		return nil, nil, err
	}
	report := t.report(bl, partition, draft, o)
	report.CutLines = cuts
	if o.Blocks {
		report.DrawnFrom = t.drawnFrom(bl)
	}
	report.Stopped = ctx.Err() != nil
	if err := report.replanned(t, o.Previous, draft); err != nil {
		return nil, nil, err
	}
	return draft, report, nil
}

func checkDraw(g Ground, o DrawOptions) error {
	refuse := func(rule, detail, remedy string) error {
		return geo.NewInputError("", geo.Finding{Rule: rule, Detail: detail, Remedy: remedy})
	}
	switch {
	case o.Bounds.Min < 1 || o.Bounds.Max < o.Bounds.Min:
		return refuse("bounds", fmt.Sprintf("a grid of %d to %d households is impossible", o.Bounds.Min, o.Bounds.Max), "give a minimum of at least 1 and a maximum not below it")
	case len(g.Districts) == 0:
		return refuse("no-districts", "there are no districts to divide", "import districts, or cut demonstration districts along main roads")
	case len(g.Streets) == 0:
		return refuse("no-streets", "there are no streets to draw borders along", "import streets first")
	case o.CodePrefix != "" && (len(o.CodePrefix) != 9 || trailingDigits(o.CodePrefix) != o.CodePrefix):
		return refuse("code-prefix", fmt.Sprintf("code prefix %q is not nine digits", o.CodePrefix), "give 6 digits of the county and 3 of the street or township")
	}
	if o.District != "" && !slices.ContainsFunc(g.Districts, func(d geo.District) bool { return d.Code == o.District }) {
		return refuse("no-district", fmt.Sprintf("there is no district %q", o.District), "give the code of one of the districts")
	}
	return nil
}

// absorb merges each grid below the minimum into the neighbour that can take it in
// within the maximum, behind a wall if need be, the smallest first.
func absorb(g *Graph, p Partition, b Bounds) Partition {
	s := newScorer(g, DefaultObjective(b), b)
	st := newState(g, s, p)
	for {
		from, to := st.lightest(b, st.neighbours)
		if to < 0 {
			from, to = st.lightest(b, st.behindWalls)
		}
		if to < 0 {
			return renumber(st.label)
		}
		for _, u := range slices.Clone(st.members[from]) {
			st.move(u, to)
		}
		st.shapes[from], st.shapes[to] = shape{}, st.shapeOf(st.members[to])
	}
}

// lightest is the grid below the minimum and one beside it that are least together, and
// within the maximum; -1 for none.
func (st *state) lightest(b Bounds, beside func(l int32) []int32) (from, to int32) {
	from, to = -1, -1
	for l, units := range st.members {
		if len(units) == 0 || st.shapes[l].households >= b.Min {
			continue
		}
		for _, n := range beside(int32(l)) {
			sum := st.shapes[l].households + st.shapes[n].households
			if sum <= b.Max && (to < 0 || sum < st.shapes[from].households+st.shapes[to].households) {
				from, to = int32(l), n
			}
		}
	}
	return from, to
}

// behindWalls returns the labels of the grids that touch one where no border is, ascending.
func (st *state) behindWalls(l int32) []int32 {
	found := map[int32]bool{}
	for _, u := range st.members[l] {
		for _, w := range st.g.behindWalls(u) {
			if st.label[w.unit] != l {
				found[st.label[w.unit]] = true
			}
		}
	}
	return sortedKeys(found)
}

// neighbours returns the labels of the grids beside one, ascending.
func (st *state) neighbours(l int32) []int32 {
	found := map[int32]bool{}
	for _, u := range st.members[l] {
		for _, n := range st.g.beside(u) {
			if st.label[n.unit] != l {
				found[st.label[n.unit]] = true
			}
		}
	}
	return sortedKeys(found)
}

// draft walks the outlines, gives codes and names, and counts the households by the
// rule that later answers for every point.
func (t *terrain) draft(bl *blocks, p Partition, o DrawOptions) (*Draft, error) {
	d := &Draft{ID: "draft-1", Seed: o.Seed, Bounds: o.Bounds, CreatedAt: o.Now, Version: 1}
	byArea := map[[2]int32][]walked{}
	var areas [][2]int32
	for _, units := range p.Grids() {
		w, err := t.walk(bl, units)
		if err != nil {
			return nil, err
		}
		area := [2]int32{t.district[w.faces[0]], t.community[w.faces[0]]}
		if len(byArea[area]) == 0 {
			areas = append(areas, area)
		}
		byArea[area] = append(byArea[area], w)
	}
	slices.SortFunc(areas, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	kept, err := t.keptCodes(byArea, o.Previous)
	if err != nil {
		return nil, err
	}
	for _, area := range areas {
		d.Grids = append(d.Grids, t.number(area, byArea[area], kept, o)...)
	}
	slices.SortFunc(d.Grids, func(a, b Grid) int { return compareStrings(a.Code, b.Code) })
	d.Districts = t.districtOutlines()
	if err := t.count(d); err != nil {
		return nil, err
	}
	if o.District != "" {
		d.Grids = slices.DeleteFunc(d.Grids, func(g Grid) bool { return g.District != o.District })
	}
	return d, nil
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// walked is a grid whose outline has been walked.
type walked struct {
	faces   []int32 // ascending
	outline orb.Polygon
}

func (t *terrain) walk(bl *blocks, units []int32) (walked, error) {
	var w walked
	for _, u := range units {
		w.faces = append(w.faces, bl.faces[u]...)
	}
	slices.Sort(w.faces)
	outline := t.arr.Outline(w.faces)
	if len(outline) != 1 {
		return w, fmt.Errorf("a grid of %d blocks has %d parts", len(units), len(outline))
	}
	w.outline = outline[0]
	return w, nil
}

// number gives the grids of one district, or of one community in it, the codes and
// names that they keep, and the others the next free ones in reading order.
func (t *terrain) number(area [2]int32, ws []walked, kept map[int32]Grid, o DrawOptions) []Grid {
	district := t.ground.Districts[area[0]]
	name, community := district.Name, ""
	if area[1] >= 0 {
		name, community = t.ground.Communities[area[1]].Name, t.ground.Communities[area[1]].Code
	}
	outlines := make([]orb.Polygon, len(ws))
	for i, w := range ws {
		outlines[i] = w.outline
	}
	used := map[string]bool{}
	for _, c := range o.UsedCodes {
		used[c] = true
	}
	if o.Previous != nil {
		for _, g := range o.Previous.Grids {
			used[g.Code] = true
		}
	}
	grids := make([]Grid, len(ws))
	sequence := 0
	for i, k := range readingOrder(outlines) {
		g, ok := kept[ws[k].faces[0]]
		for !ok {
			sequence++
			g = Grid{Code: codeOf(o.CodePrefix, community, int(area[0])+1, sequence), Name: fmt.Sprintf("%s第%d网格", name, sequence)}
			ok = !used[g.Code]
		}
		grids[i] = Grid{Code: g.Code, Name: g.Name, District: district.Code, Community: community, Outline: outlines[k], Locked: t.lock[ws[k].faces[0]] >= 0}
	}
	return grids
}

// districtOutlines walks each district's border in the arrangement, so that it
// carries every vertex of its grids.
func (t *terrain) districtOutlines() []geo.District {
	faces := make([][]int32, len(t.ground.Districts))
	for f, d := range t.district {
		if d >= 0 {
			faces[d] = append(faces[d], int32(f))
		}
	}
	out := slices.Clone(t.ground.Districts)
	for i := range out {
		out[i].Outline = t.arr.Outline(faces[i])
		out[i].Households = 0
	}
	return out
}

// count locates every building by the rule for points and sets the households and
// the exceptions of the grids and the households of the districts.
func (t *terrain) count(d *Draft) error {
	locator, err := NewLocator(d.Grids)
	if err != nil {
		return err
	}
	index := map[string]int{}
	for i, g := range d.Grids {
		index[g.Code] = i
	}
	largest := make([]int, len(d.Grids))
	for i := range d.Grids {
		d.Grids[i].Households = 0
	}
	for i, b := range t.ground.Buildings {
		if t.face[i] < 0 {
			continue
		}
		g := index[locator.Locate(b.At, 0).Grid]
		d.Grids[g].Households += b.Households
		largest[g] = max(largest[g], b.Households)
	}
	for i, g := range d.Grids {
		var beside []int
		for _, n := range locator.Neighbours(g.Code) {
			if o := d.Grids[index[n]]; o.District == g.District && o.Community == g.Community {
				beside = append(beside, o.Households)
			}
		}
		why, ok := exceptions(d.Bounds, g.Households, largest[i], beside)
		if !ok {
			why = []string{}
		}
		d.Grids[i].Exceptions = why
		for j := range d.Districts {
			if d.Districts[j].Code == g.District {
				d.Districts[j].Households += g.Households
			}
		}
	}
	return nil
}

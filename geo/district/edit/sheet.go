package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// Sheet is a draft laid out for editing. It is a value: Apply returns the next sheet
// and leaves this one as it is. Sheets that follow each other share memory and a
// lock, so going back and forth between them is cheap, and each may be used by many
// goroutines.
type Sheet struct {
	core    *core
	version *version
}

// Options say what a draft does not.
type Options struct {
	UsedCodes []string // codes of editions: never given to a new grid
	Locked    []string // codes of grids that must stay as they are, besides those that the draft locks
}

// New lays a draft out. The ground gives streets, compounds and buildings; districts
// are the draft's own. A draft whose grids are no exact tiling is an input error that
// names every broken rule; households are counted afresh.
func New(d *district.Draft, g district.Ground, o Options) (*Sheet, error) {
	gr, err := newGround(d, g, o)
	if err != nil {
		return nil, err
	}
	c := &core{ground: gr, at: &version{}, slots: map[string]int32{}, star: map[arrange.Pt][]int32{}, cells: make([][]int32, gr.raster.columns*gr.raster.rows)}
	all, findings := c.layOut(d.Grids, o.Locked)
	if len(findings) == 0 {
		c.put(all)
		all.reshaped = reshaped(all)
		findings = c.check(all)
	}
	if len(findings) > 0 {
		return nil, &geo.InputError{Source: "draft " + d.ID, Findings: findings}
	}
	c.countAll()
	return &Sheet{core: c, version: c.at}, nil
}

func newGround(d *district.Draft, g district.Ground, o Options) (*ground, error) {
	refuse := func(rule, detail, remedy string) error {
		return geo.NewInputError("draft "+d.ID, geo.Finding{Rule: rule, Detail: detail, Remedy: remedy})
	}
	if len(d.Grids) == 0 {
		return nil, refuse("no-grids", "there are no grids to edit", "draw grids first")
	}
	var box orb.Bound
	vertices := 0
	for i, grid := range d.Grids {
		b := grid.Outline.Bound()
		if !geo.ValidPosition(b.Min) || !geo.ValidPosition(b.Max) {
			return nil, refuse("position", "grid "+grid.Code+" reaches beyond the globe", "give longitude and latitude in degrees")
		}
		if i == 0 {
			box = b
		}
		box = box.Union(b)
		for _, r := range grid.Outline {
			vertices += len(r)
		}
	}
	low, high := arrange.At(box.Min), arrange.At(box.Max)
	if int64(high.X)-int64(low.X) > arrange.MaxSpan || int64(high.Y)-int64(low.Y) > arrange.MaxSpan {
		return nil, refuse("span", "the grids reach too far for one sheet", "edit the districts apart")
	}
	gr := &ground{draft: *d, stated: map[string]district.Grid{}, used: map[string]bool{}, areaNames: map[area]string{}, plane: geo.NewPlane(box.Center())}
	gr.draft.Grids = nil
	for _, code := range o.UsedCodes {
		gr.used[code] = true
	}
	for _, grid := range d.Grids {
		gr.stated[grid.Code], gr.used[grid.Code] = grid, true
	}
	for _, district := range d.Districts {
		gr.areaNames[area{true, district.Code, ""}] = district.Name
	}
	for _, community := range g.Communities {
		gr.areaNames[area{true, community.District, community.Code}] = community.Name
	}
	gr.raster = newRaster(low, high, max(16, vertices/2))
	gr.points = newPoints(g.Buildings, &gr.raster)
	gr.compounds = newCompounds(g, d.Bounds)
	var err error
	gr.mesh, err = newMesh(d, g, gr.compounds)
	return gr, err
}

// layOut makes the change that lays all grids on an empty sheet.
func (c *core) layOut(grids []district.Grid, locked []string) (*change, []geo.Finding) {
	ch := &change{}
	var findings []geo.Finding
	type key struct{ a, b arrange.Pt }
	at := map[key]int{}
	seen := map[string]bool{}
	for i, g := range grids {
		if g.Code == "" || seen[g.Code] {
			findings = append(findings, geo.Finding{Rule: "code", Feature: g.Code, Detail: "two grids share a code, or one has none"})
		}
		seen[g.Code] = true
		ch.records = append(ch.records, replaced{int32(i), record{}, record{g.Code, g.Name, g.District, g.Community, g.Locked || slices.Contains(locked, g.Code)}})
		for _, s := range arrange.AppendArea(nil, 0, orb.MultiPolygon{g.Outline}) {
			e := newEdge(s.A, s.B, int32(i), outside)
			k, known := at[key{e.a, e.b}]
			if !known {
				at[key{e.a, e.b}] = len(ch.lay)
				ch.lay = append(ch.lay, e)
				continue
			}
			have := &ch.lay[k]
			if e.left != outside && have.left == outside {
				have.left = e.left
			} else if e.right != outside && have.right == outside {
				have.right = e.right
			} else {
				p := s.A.Point()
				findings = append(findings, geo.Finding{Rule: "overlap", Feature: g.Code, At: &p, Detail: "lies on the same side of a border as another grid"})
			}
		}
	}
	return ch, findings
}

// countAll gives every counting point its grid and tells which compounds are cut.
func (c *core) countAll() {
	c.owner = slices.Repeat([]int32{outside}, len(c.points.all))
	for i := range c.points.all {
		slot, _ := c.locate(&c.points.all[i])
		c.setOwner(int32(i), slot)
	}
	c.cut = make([]bool, len(c.compounds))
	for i := range c.compounds {
		c.cut[i] = c.isCut(&c.compounds[i])
	}
}

// Count is the households of one grid, live.
type Count struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	District   string `json:"district"`
	Community  string `json:"community"`
	Households int    `json:"households"`
	Before     int    `json:"before"` // before the edit
	Locked     bool   `json:"locked"`
}

// Counts tells the households of every grid, by code.
func (s *Sheet) Counts() []Count {
	c := s.lock()
	defer c.mu.Unlock()
	out := make([]Count, 0, len(c.slots))
	for slot, r := range c.grids {
		if r.code != "" {
			out = append(out, c.count(int32(slot)))
		}
	}
	slices.SortFunc(out, func(a, b Count) int { return strings.Compare(a.Code, b.Code) })
	return out
}

func (c *core) count(slot int32) Count {
	r := c.grids[slot]
	return Count{r.code, r.name, r.district, r.community, c.homes[slot], c.homes[slot], r.locked}
}

// Locked tells the codes of the locked grids, sorted.
func (s *Sheet) Locked() []string {
	var out []string
	for _, n := range s.Counts() {
		if n.Locked {
			out = append(out, n.Code)
		}
	}
	return out
}

// slotOf finds a grid by code.
func (c *core) slotOf(code string) (int32, []geo.Finding) {
	if slot, ok := c.slots[code]; ok {
		return slot, nil
	}
	return outside, []geo.Finding{{Rule: "no-grid", Feature: code, Detail: fmt.Sprintf("there is no grid %q", code), Remedy: "give the code of a grid of the draft"}}
}

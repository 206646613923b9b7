package district

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gridbeat/geo"
)

// Report tells how good a plan of grids is and what is wrong with it. Of a grid, h is
// its households, A its area in square metres, P its perimeter in metres with borders
// of the district included. Inner border is what lies between two grids of the plan.
type Report struct {
	Districts  int `json:"districts"`
	Blocks     int `json:"blocks"`
	CutLines   int `json:"cut_lines"` // straight lines through blocks that were too heavy
	Grids      int `json:"grids"`
	Households int `json:"households"`

	InBounds           float64 `json:"in_bounds_share"`            // grids with min <= h <= max / grids
	HouseholdsInBounds float64 `json:"households_in_bounds_share"` // households of those grids / households
	Out                int     `json:"out"`                        // grids out of bounds
	OutForced          int     `json:"out_forced"`                 // of those, with an exception: no plan does better there
	Parts              int     `json:"most_parts"`                 // connected parts of the grid with most of them; 1 when every grid is contiguous
	PolsbyPopper       float64 `json:"polsby_popper"`              // mean of 4 pi A / P^2 (Polsby and Popper 1991)
	PolsbyPopper10     float64 `json:"polsby_popper_p10"`          // its 10th percentile: the grid at place n/10 from the least
	Reock              float64 `json:"reock"`                      // mean of A / area of the smallest enclosing circle (Reock 1961)
	HullRatio          float64 `json:"hull_ratio"`                 // mean of A / area of the convex hull
	MainBorder         float64 `json:"main_border_share"`          // inner border on collectors and arterials / inner border
	ArterialBorder     float64 `json:"arterial_border_share"`      // inner border on arterials / inner border
	RoadBorder         float64 `json:"road_border_share"`          // inner border along any street / inner border
	NoRoadBorder       float64 `json:"no_road_border_share"`       // inner border along nothing / inner border
	BorderKm           float64 `json:"border_km"`                  // length of the inner border
	CutEdges           int     `json:"cut_edges"`                  // pairs of neighbouring blocks in different grids
	HouseholdCV        float64 `json:"household_cv"`               // standard deviation of h / mean of h
	J                  float64 `json:"j"`                          // the objective, see Objective

	DrawnFrom []geo.Block `json:"-"` // by id; nil unless they were asked for

	Compounds     int  `json:"compounds"`           // within the districts
	SplitCompound int  `json:"compounds_too_large"` // above the maximum alone, so cut
	Stopped       bool `json:"stopped"`             // the time limit ended the search early

	// Of a re-plan: the share of the households that change grid, and how.
	Moved     float64   `json:"moved_share"`
	Handovers Handovers `json:"handovers,omitempty"`
	Locked    []string  `json:"locked,omitempty"`  // codes that stayed as they were
	Retired   []string  `json:"retired,omitempty"` // codes of before that are no more

	// Exceptions holds a finding for each grid that is out of bounds.
	Exceptions []geo.Finding `json:"exceptions"`
}

func (t *terrain) report(bl *blocks, p Partition, d *Draft, o DrawOptions) *Report {
	objective := DefaultObjective(o.Bounds)
	r := &Report{
		Districts: len(d.Districts), Blocks: len(bl.faces), Grids: len(d.Grids),
		J: bl.graph.Score(p, objective, o.Bounds),
	}
	for i, whole := range t.wholeCompounds(o.Bounds) {
		if faces, _ := t.arr.Interior(t.first.compounds + int32(i)); len(faces) > 0 {
			r.Compounds++
			if !whole {
				r.SplitCompound++
			}
		}
	}
	r.borders(bl.graph, p)
	r.shapes(bl.graph, p)
	r.outlines(d, t.plane)
	r.households(d)
	return r
}

// replanned adds what the draft hands over from the edition that it started from.
func (r *Report) replanned(t *terrain, e *Edition, d *Draft) (err error) {
	if e == nil {
		return nil
	}
	if r.Handovers, err = t.handovers(e, d); err != nil {
		return err
	}
	r.Moved = float64(r.Handovers.Households()) / float64(max(1, r.Households))
	r.Retired = retired(e, d)
	for _, g := range d.Grids {
		if g.Locked {
			r.Locked = append(r.Locked, g.Code)
		}
	}
	return nil
}

// outlines measures grids by their outlines.
func (r *Report) outlines(d *Draft, plane geo.Plane) {
	n := float64(max(1, len(d.Grids)))
	for _, g := range d.Grids {
		r.Reock += reock(plane, g.Outline) / n
		r.HullRatio += hullRatio(plane, g.Outline) / n
	}
}

func (r *Report) borders(g *Graph, p Partition) {
	var byClass [classes]float64
	var total float64
	for _, b := range g.Borders {
		if p[b.U] == p[b.V] {
			continue
		}
		r.CutEdges++
		for c, m := range b.Metres {
			byClass[c] += m
			total += m
		}
	}
	r.BorderKm = total / 1000
	if total > 0 {
		r.MainBorder = (byClass[Arterial] + byClass[Collector]) / total
		r.ArterialBorder = byClass[Arterial] / total
		r.RoadBorder = (byClass[Arterial] + byClass[Collector] + byClass[Local] + byClass[Path]) / total
		r.NoRoadBorder = byClass[NoRoad] / total
	}
}

func (r *Report) shapes(g *Graph, p Partition) {
	s := newScorer(g, Objective{}, Bounds{})
	st := newState(g, s, p)
	ratios := make([]float64, len(st.shapes))
	for l, sh := range st.shapes {
		ratios[l] = 4 * math.Pi * sh.area / (sh.rim * sh.rim)
		r.PolsbyPopper += ratios[l] / float64(len(ratios))
		r.Parts = max(r.Parts, g.partsOf(st.members[l]))
	}
	if slices.Sort(ratios); len(ratios) > 0 {
		r.PolsbyPopper10 = ratios[len(ratios)/10]
	}
}

func (r *Report) households(d *Draft) {
	var squares float64
	within, inside := 0, 0
	for _, g := range d.Grids {
		r.Households += g.Households
		squares += float64(g.Households) * float64(g.Households)
		if g.Households >= d.Bounds.Min && g.Households <= d.Bounds.Max {
			within++
			inside += g.Households
			continue
		}
		r.Out++
		f := geo.Finding{Rule: "households", Feature: g.Code, Detail: fmt.Sprintf("%d households, bounds are %d to %d", g.Households, d.Bounds.Min, d.Bounds.Max)}
		if len(g.Exceptions) > 0 {
			r.OutForced++
			f.Rule, f.Detail, _ = strings.Cut(g.Exceptions[0], " ")
		}
		r.Exceptions = append(r.Exceptions, f)
	}
	if n := float64(len(d.Grids)); n > 0 && r.Households > 0 {
		mean := float64(r.Households) / n
		r.InBounds = float64(within) / n
		r.HouseholdsInBounds = float64(inside) / float64(r.Households)
		r.HouseholdCV = math.Sqrt(max(0, squares/n-mean*mean)) / mean
	}
}

// String renders the report for a terminal.
func (r *Report) String() string {
	var b strings.Builder
	row := func(name, format string, v ...any) { fmt.Fprintf(&b, "%-28s %s\n", name, fmt.Sprintf(format, v...)) }
	row("districts", "%d", r.Districts)
	row("blocks", "%d, %d lines cut through heavy ones", r.Blocks, r.CutLines)
	row("grids", "%d, %.1f %% within bounds; of %d out of bounds %d must be", r.Grids, 100*r.InBounds, r.Out, r.OutForced)
	row("households", "%d, %.1f %% in grids within bounds; coefficient of variation %.3f", r.Households, 100*r.HouseholdsInBounds, r.HouseholdCV)
	row("parts of a grid", "%d at most", r.Parts)
	row("inner border", "%.2f km, between %d pairs of blocks", r.BorderKm, r.CutEdges)
	row("on main roads", "%.1f %%, on arterials %.1f %%", 100*r.MainBorder, 100*r.ArterialBorder)
	row("on any street", "%.1f %%, along nothing %.1f %%", 100*r.RoadBorder, 100*r.NoRoadBorder)
	row("Polsby-Popper", "mean %.3f, 10th percentile %.3f", r.PolsbyPopper, r.PolsbyPopper10)
	row("Reock, convex hull", "mean %.3f, mean %.3f", r.Reock, r.HullRatio)
	row("compounds", "%d kept whole, %d above the maximum cut", r.Compounds-r.SplitCompound, r.SplitCompound)
	row("objective J", "%.1f", r.J)
	if r.Stopped {
		row("time limit", "reached: the best plan found by then")
	}
	if len(r.Locked) > 0 {
		row("locked", "%s", strings.Join(r.Locked, ", "))
	}
	if len(r.Handovers) > 0 {
		row("households that change grid", "%d, %.1f %%", r.Handovers.Households(), 100*r.Moved)
	}
	if len(r.Retired) > 0 {
		row("codes no more in use", "%s", strings.Join(r.Retired, ", "))
	}
	for _, f := range r.Exceptions {
		row("exception", "%s %s: %s", f.Feature, f.Rule, f.Detail)
	}
	if len(r.Handovers) > 0 {
		b.WriteString(r.Handovers.String())
	}
	return b.String()
}

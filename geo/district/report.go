package district

import (
	"fmt"
	"math"
	"strings"

	"gridbeat/geo"
)

// Report tells how good a plan of grids is and what is wrong with it.
type Report struct {
	Districts     int     `json:"districts"`
	Blocks        int     `json:"blocks"`
	CutLines      int     `json:"cut_lines"` // straight lines through blocks that were too heavy
	Grids         int     `json:"grids"`
	Households    int     `json:"households"`
	InBounds      float64 `json:"in_bounds_share"`     // grids within bounds / grids
	MainBorder    float64 `json:"main_border_share"`   // inner border along main roads / inner border
	RoadBorder    float64 `json:"road_border_share"`   // inner border along any street / inner border
	PolsbyPopper  float64 `json:"polsby_popper"`       // mean of 4 pi A / P^2 (Polsby and Popper 1991)
	HouseholdCV   float64 `json:"household_cv"`        // standard deviation / mean of the households
	J             float64 `json:"j"`                   // the objective, see Objective
	Compounds     int     `json:"compounds"`           // within the districts
	SplitCompound int     `json:"compounds_too_large"` // above the maximum alone, so cut
	Stopped       bool    `json:"stopped"`             // the time limit ended the search early

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
	r.households(d)
	return r
}

func (r *Report) borders(g *Graph, p Partition) {
	var byClass [classes]float64
	var total float64
	for _, b := range g.Borders {
		if p[b.U] != p[b.V] {
			for c, m := range b.Metres {
				byClass[c] += m
				total += m
			}
		}
	}
	if total > 0 {
		r.MainBorder = (byClass[Arterial] + byClass[Collector]) / total
		r.RoadBorder = (byClass[Arterial] + byClass[Collector] + byClass[Local] + byClass[Path]) / total
	}
}

func (r *Report) shapes(g *Graph, p Partition) {
	s := newScorer(g, Objective{}, Bounds{})
	st := newState(g, s, p)
	for _, sh := range st.shapes {
		r.PolsbyPopper += 4 * math.Pi * sh.area / (sh.rim * sh.rim) / float64(len(st.shapes))
	}
}

func (r *Report) households(d *Draft) {
	var squares float64
	within := 0
	for _, g := range d.Grids {
		r.Households += g.Households
		squares += float64(g.Households) * float64(g.Households)
		if g.Households >= d.Bounds.Min && g.Households <= d.Bounds.Max {
			within++
			continue
		}
		f := geo.Finding{Rule: "households", Feature: g.Code, Detail: fmt.Sprintf("%d households, bounds are %d to %d", g.Households, d.Bounds.Min, d.Bounds.Max)}
		if len(g.Exceptions) > 0 {
			f.Rule, f.Detail, _ = strings.Cut(g.Exceptions[0], " ")
		}
		r.Exceptions = append(r.Exceptions, f)
	}
	if n := float64(len(d.Grids)); n > 0 && r.Households > 0 {
		mean := float64(r.Households) / n
		r.InBounds = float64(within) / n
		r.HouseholdCV = math.Sqrt(max(0, squares/n-mean*mean)) / mean
	}
}

// String renders the report for a terminal.
func (r *Report) String() string {
	var b strings.Builder
	row := func(name, format string, v ...any) { fmt.Fprintf(&b, "%-28s %s\n", name, fmt.Sprintf(format, v...)) }
	row("districts", "%d", r.Districts)
	row("blocks", "%d, %d lines cut through heavy ones", r.Blocks, r.CutLines)
	row("grids", "%d, %.1f %% within bounds", r.Grids, 100*r.InBounds)
	row("households", "%d, coefficient of variation %.3f", r.Households, r.HouseholdCV)
	row("inner border on main roads", "%.1f %%", 100*r.MainBorder)
	row("inner border on any street", "%.1f %%", 100*r.RoadBorder)
	row("mean Polsby-Popper", "%.3f", r.PolsbyPopper)
	row("compounds", "%d kept whole, %d above the maximum cut", r.Compounds-r.SplitCompound, r.SplitCompound)
	row("objective J", "%.1f", r.J)
	if r.Stopped {
		row("time limit", "reached: the best plan found by then")
	}
	for _, f := range r.Exceptions {
		row("exception", "%s %s: %s", f.Feature, f.Rule, f.Detail)
	}
	return b.String()
}

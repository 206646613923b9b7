package district

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Handover is what one grid hands to another in a re-plan.
type Handover struct {
	From       string   `json:"from"` // code or label before; "" for no grid
	To         string   `json:"to"`
	Households int      `json:"households"`
	Buildings  int      `json:"buildings,omitempty"` // of a map
	Compounds  []string `json:"compounds,omitempty"` // of a map: ids of those with a building among them, sorted
	Units      []int32  `json:"units,omitempty"`     // of a graph, ascending
}

// Handovers are all handovers, the largest first.
type Handovers []Handover

// Households is the number of households that change grid.
func (hs Handovers) Households() int {
	sum := 0
	for _, h := range hs {
		sum += h.Households
	}
	return sum
}

// String renders a table with a row for each pair of grids.
func (hs Handovers) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-18s %-18s %10s  %s\n", "from", "to", "households", "what")
	for _, h := range hs {
		var what []string
		if len(h.Units) > 0 {
			what = append(what, fmt.Sprintf("units %v", h.Units))
		}
		if h.Buildings > 0 {
			what = append(what, fmt.Sprintf("%d buildings", h.Buildings))
		}
		if len(h.Compounds) > 0 {
			what = append(what, "compounds "+strings.Join(h.Compounds, ", "))
		}
		fmt.Fprintf(&b, "%-18s %-18s %10d  %s\n", cmp.Or(h.From, "-"), cmp.Or(h.To, "-"), h.Households, strings.Join(what, "; "))
	}
	return b.String()
}

// handovers gathers handovers by their two grids.
type handovers map[[2]string]*Handover

func (hs handovers) between(from, to string) *Handover {
	h := hs[[2]string{from, to}]
	if h == nil {
		h = &Handover{From: from, To: to}
		hs[[2]string{from, to}] = h
	}
	return h
}

func (hs handovers) sorted() Handovers {
	out := make(Handovers, 0, len(hs))
	for _, h := range hs {
		slices.Sort(h.Compounds)
		h.Compounds = slices.Compact(h.Compounds)
		out = append(out, *h)
	}
	slices.SortFunc(out, func(a, b Handover) int {
		return cmp.Or(cmp.Compare(b.Households, a.Households), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

// CompareLabels tells which units change hands between two plans of a graph, whose
// grids go by names.
func CompareLabels(g *Graph, before, after []string) Handovers {
	hs := handovers{}
	for u := range g.Units {
		if before[u] != after[u] {
			h := hs.between(before[u], after[u])
			h.Households += g.Units[u].Households
			h.Units = append(h.Units, int32(u))
		}
	}
	return hs.sorted()
}

// handovers tells which buildings and compounds change hands between the edition in
// force and a draft: those of the districts that the draft draws.
func (t *terrain) handovers(e *Edition, d *Draft) (Handovers, error) {
	if e == nil {
		return nil, nil
	}
	before, err := NewLocator(e.Grids)
	if err != nil {
		return nil, err
	}
	after, err := NewLocator(d.Grids)
	if err != nil {
		return nil, err
	}
	hs := handovers{}
	for i, b := range t.ground.Buildings {
		if t.face[i] < 0 {
			continue
		}
		from, to := before.Locate(b.At, 0), after.Locate(b.At, 0)
		if from.Grid == to.Grid || to.Grid == "" {
			continue
		}
		h := hs.between(from.Grid, to.Grid)
		h.Households += b.Households
		h.Buildings++
		if c := t.compound[t.face[i]]; c >= 0 {
			h.Compounds = append(h.Compounds, t.ground.Compounds[c].ID)
		}
	}
	return hs.sorted(), nil
}

// Retired are the grids that the edition had and the draft has not, by code.
func retired(e *Edition, d *Draft) []string {
	gone := map[string]bool{}
	if e != nil {
		for _, g := range e.Grids {
			gone[g.Code] = true
		}
	}
	for _, g := range d.Grids {
		delete(gone, g.Code)
	}
	return slices.Sorted(maps.Keys(gone))
}

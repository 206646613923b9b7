package district

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Measures tells how good a partition of a graph is. Of a region, h is its households,
// A its area, P its perimeter with the borders of the district included. Inner border is
// what lies between two regions.
type Measures struct {
	Units              int     `json:"units"`
	Households         int     `json:"households"`
	Regions            int     `json:"regions"`
	Out                int     `json:"out"`          // regions out of bounds
	Certified          int     `json:"certified"`    // of those, regions that hold units of certificates only: feasibility forces them
	InBounds           float64 `json:"in_bounds"`    // regions with min <= h <= max / regions
	HouseholdsInBounds float64 `json:"hh_in_bounds"` // households of those regions / households
	InParts            int     `json:"noncontig"`    // regions of more than one connected part
	PolsbyPopper       float64 `json:"pp_in"`        // mean of 4 pi A / P^2 (Polsby and Popper 1991) of the regions within bounds
	PolsbyPopperAll    float64 `json:"pp"`           // the same of all regions
	PolsbyPopper10     float64 `json:"pp10"`         // its 10th percentile: the region at place n/10 from the least
	HouseholdCV        float64 `json:"cv_in"`        // standard deviation of h / mean of h, of the regions within bounds
	HouseholdCVAll     float64 `json:"cv"`           // the same of all regions
	MainBorder         float64 `json:"main"`         // inner border on collectors and arterials / inner border
	Arterial           float64 `json:"art"`          // the same for arterials
	Road               float64 `json:"road"`         // the same for any road
	NoRoad             float64 `json:"cut"`          // the same for no road
	BorderKm           float64 `json:"cut_km"`       // length of the inner border
	CutEdges           int     `json:"cut_edges"`    // pairs of neighbouring units in different regions
	J                  float64 `json:"J"`            // DefaultObjective
	Moved              float64 `json:"moved"`        // share of households whose region changes, see Moved
	Seed               uint64  `json:"seed"`
	Rounds             int     `json:"rounds"`  // of Reach
	Late               bool    `json:"late"`    // of Reach
	Seconds            float64 `json:"seconds"` // wall time
}

// Measure computes all but what is known of the search only. Certificates tell which
// regions out of bounds are so in any plan.
func Measure(g *Graph, p Partition, b Bounds, certificates []Certificate) Measures {
	m := Measures{Units: len(g.Units), J: g.Score(p, DefaultObjective(b), b)}
	m.borders(g, p)
	named := make([]bool, len(g.Units))
	for _, c := range certificates {
		for _, u := range c.Units {
			named[u] = true
		}
	}
	st := newState(g, newScorer(g, DefaultObjective(b), b), p)
	var all, within, ratios, ratiosWithin []float64
	for l, sh := range st.shapes {
		ratio := 4 * math.Pi * sh.area / max(1e-18, sh.rim*sh.rim)
		m.Households += sh.households
		all, ratios = append(all, float64(sh.households)), append(ratios, ratio)
		if g.partsOf(st.members[l]) > 1 {
			m.InParts++
		}
		if sh.households >= b.Min && sh.households <= b.Max {
			within, ratiosWithin = append(within, float64(sh.households)), append(ratiosWithin, ratio)
			m.HouseholdsInBounds += float64(sh.households)
			continue
		}
		m.Out++
		if !slices.ContainsFunc(st.members[l], func(u int32) bool { return !named[u] }) {
			m.Certified++
		}
	}
	m.Regions = len(all)
	m.InBounds = float64(len(within)) / float64(max(1, len(all)))
	m.HouseholdsInBounds /= float64(max(1, m.Households))
	m.PolsbyPopper, m.PolsbyPopperAll = mean(ratiosWithin), mean(ratios)
	m.HouseholdCV, m.HouseholdCVAll = variation(within), variation(all)
	if slices.Sort(ratios); len(ratios) > 0 {
		m.PolsbyPopper10 = ratios[len(ratios)/10]
	}
	return m
}

func (m *Measures) borders(g *Graph, p Partition) {
	var byClass [classes]float64
	var inner float64
	for _, border := range g.Borders {
		if p[border.U] == p[border.V] {
			continue
		}
		m.CutEdges++
		for c, metres := range border.Metres {
			byClass[c] += metres
			inner += metres
		}
	}
	m.BorderKm, m.Road = inner/1000, 1
	if inner > 0 {
		m.MainBorder, m.Arterial = (byClass[Collector]+byClass[Arterial])/inner, byClass[Arterial]/inner
		m.NoRoad = byClass[NoRoad] / inner
		m.Road -= m.NoRoad
	}
}

func mean(numbers []float64) float64 {
	var sum float64
	for _, x := range numbers {
		sum += x
	}
	return sum / float64(max(1, len(numbers)))
}

// variation is the standard deviation of some numbers over their mean.
func variation(numbers []float64) float64 {
	middle := mean(numbers)
	var squares float64
	for _, x := range numbers {
		squares += (x - middle) * (x - middle)
	}
	return math.Sqrt(squares/float64(max(1, len(numbers)))) / max(middle, 1e-9)
}

// String renders the measures for a terminal.
func (m Measures) String() string {
	var b strings.Builder
	row := func(name, format string, v ...any) { fmt.Fprintf(&b, "%-20s %s\n", name, fmt.Sprintf(format, v...)) }
	row("grids", "%d of %d units, %.1f %% within bounds; of %d out of bounds %d must be", m.Regions, m.Units, 100*m.InBounds, m.Out, m.Certified)
	row("households", "%d, %.1f %% in grids within bounds; coefficient of variation %.3f", m.Households, 100*m.HouseholdsInBounds, m.HouseholdCV)
	row("in parts", "%d grids", m.InParts)
	row("inner border", "%.2f km between %d pairs of units", m.BorderKm, m.CutEdges)
	row("on main roads", "%.1f %%, on arterials %.1f %%, on no road %.1f %%", 100*m.MainBorder, 100*m.Arterial, 100*m.NoRoad)
	row("Polsby-Popper", "mean %.3f, 10th percentile %.3f", m.PolsbyPopper, m.PolsbyPopper10)
	row("objective J", "%.1f", m.J)
	if m.Moved > 0 {
		row("change grid", "%.2f %% of households", 100*m.Moved)
	}
	row("search", "%.2f s, seed %d, %d rounds", m.Seconds, m.Seed, m.Rounds)
	if m.Late {
		row("", "the time limit cut the search short, so another run may differ")
	}
	return strings.TrimRight(b.String(), "\n")
}

// KeepLabels renames the regions of a partition by the largest overlap of households
// with the regions of before, each matched at most once; the others get numbers that
// were not used before.
func KeepLabels(g *Graph, p Partition, home []int32) []int32 {
	overlap := map[[2]int32]int{}
	fresh := int32(0)
	for u, l := range p {
		fresh = max(fresh, home[u]+1)
		if home[u] >= 0 {
			overlap[[2]int32{l, home[u]}] += g.Units[u].Households
		}
	}
	name, taken := map[int32]int32{}, map[int32]bool{}
	for _, pair := range byOverlap(overlap) {
		if _, named := name[pair[0]]; !named && !taken[pair[1]] {
			name[pair[0]], taken[pair[1]] = pair[1], true
		}
	}
	out := make([]int32, len(p))
	for u, l := range p {
		n, ok := name[l]
		if !ok {
			n, fresh = fresh, fresh+1
			name[l] = n
		}
		out[u] = n
	}
	return out
}

// Moved is the share of households whose region is another than before.
func Moved(g *Graph, labels, home []int32) float64 {
	moved, all := 0, 0
	for u, l := range labels {
		all += g.Units[u].Households
		if l != home[u] {
			moved += g.Units[u].Households
		}
	}
	return float64(moved) / float64(max(1, all))
}

// byOverlap sorts pairs by what they share, the most first.
func byOverlap(overlap map[[2]int32]int) [][2]int32 {
	pairs := slices.Collect(maps.Keys(overlap))
	slices.SortFunc(pairs, func(a, b [2]int32) int {
		return cmp.Or(cmp.Compare(overlap[b], overlap[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return pairs
}

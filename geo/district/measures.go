package district

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Measures tells how good a partition of a graph is. Ratios are of Polsby and Popper
// (1991), 4 pi A/P^2.
type Measures struct {
	Units        int     `json:"units"`
	Households   int     `json:"households"`
	Regions      int     `json:"regions"`
	Out          int     `json:"out"`       // regions out of bounds
	InBounds     float64 `json:"in_bounds"` // share of regions within bounds
	PolsbyPopper float64 `json:"pp_in"`     // mean ratio of the regions within bounds
	HouseholdCV  float64 `json:"cv_in"`     // standard deviation / mean, over the same
	MainBorder   float64 `json:"main"`      // inner border on collectors and arterials / inner border
	Arterial     float64 `json:"art"`       // the same for arterials
	NoRoad       float64 `json:"cut"`       // the same for no road
	CutEdges     int     `json:"cut_edges"` // pairs of neighbours in different regions
	J            float64 `json:"J"`         // DefaultObjective
	Moved        float64 `json:"moved"`     // share of households whose region changes, see Moved
	Seed         uint64  `json:"seed"`
	Rounds       int     `json:"rounds"`  // of Reach
	Late         bool    `json:"late"`    // of Reach
	Seconds      float64 `json:"seconds"` // wall time
}

// Measure computes all but what is known of the search only.
func Measure(g *Graph, p Partition, b Bounds) Measures {
	m := Measures{Units: len(g.Units), J: g.Score(p, DefaultObjective(b), b)}
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
	if inner > 0 {
		m.MainBorder, m.Arterial, m.NoRoad = (byClass[Collector]+byClass[Arterial])/inner, byClass[Arterial]/inner, byClass[NoRoad]/inner
	}
	var within []float64
	st := newState(g, newScorer(g, DefaultObjective(b), b), p)
	for _, sh := range st.shapes {
		m.Regions++
		m.Households += sh.households
		if sh.households < b.Min || sh.households > b.Max {
			m.Out++
			continue
		}
		within = append(within, float64(sh.households))
		m.PolsbyPopper += 4 * math.Pi * sh.area / max(1e-18, sh.rim*sh.rim)
	}
	if n := float64(len(within)); n > 0 {
		m.PolsbyPopper /= n
		m.InBounds = n / float64(m.Regions)
		m.HouseholdCV = variation(within)
	}
	return m
}

// variation is the standard deviation of some numbers over their mean.
func variation(numbers []float64) float64 {
	var sum, squares float64
	for _, x := range numbers {
		sum += x
	}
	mean := sum / float64(len(numbers))
	for _, x := range numbers {
		squares += (x - mean) * (x - mean)
	}
	return math.Sqrt(squares/float64(len(numbers))) / max(mean, 1e-9)
}

// String renders the measures in two lines.
func (m Measures) String() string {
	s := fmt.Sprintf("%d units in %d grids, %d out of bounds; %.1f %% of borders on main roads, mean Polsby-Popper %.3f, household CV %.3f, J %.1f",
		m.Units, m.Regions, m.Out, 100*m.MainBorder, m.PolsbyPopper, m.HouseholdCV, m.J)
	if m.Moved > 0 {
		s += fmt.Sprintf("; %.1f %% of households change grid", 100*m.Moved)
	}
	s += fmt.Sprintf("\n%.2f s, %d rounds", m.Seconds, m.Rounds)
	if m.Late {
		s += "; the time limit cut the search short, so another run may differ"
	}
	return s
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
	pairs := make([][2]int32, 0, len(overlap))
	for pair := range overlap {
		pairs = append(pairs, pair)
	}
	slices.SortFunc(pairs, func(a, b [2]int32) int {
		return cmp.Or(cmp.Compare(overlap[b], overlap[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	name, taken := map[int32]int32{}, map[int32]bool{}
	for _, pair := range pairs {
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

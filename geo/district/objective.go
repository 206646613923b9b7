package district

import "math"

// Objective prices a partition; lower is better. Its value is
//
//	J = sum over borders between grids of metres/100 x BorderPer100[class]
//	  + Compactness x sum over grids of P^2/(4 pi A)       (Polsby and Popper 1991, inverted)
//	  + Balance x sum over grids of ((h-Target)/Target)^2
//	  + for each grid out of bounds: OutOfBounds + 2 OutOfBounds x relative excess
//
// with P the perimeter in metres, A the area in square metres, h the households.
type Objective struct {
	BorderPer100 [classes]float64
	Compactness  float64
	Balance      float64
	Target       float64 // households
	OutOfBounds  float64
}

// DefaultObjective is the one by which plans are compared.
func DefaultObjective(b Bounds) Objective {
	return Objective{
		BorderPer100: [classes]float64{NoRoad: 6, Local: 1, Collector: 0.35, Arterial: 0.05, Path: 2.5, Waterline: 0.2},
		Compactness:  2,
		Balance:      3,
		Target:       math.Min(300, float64(b.Min+b.Max)/2),
		OutOfBounds:  30,
	}
}

// scorer is an Objective made ready for one graph.
type scorer struct {
	Objective
	bounds Bounds
	cost   []float64 // by border
	metres []float64 // by border
	dear   []float64 // by border: logarithm of its price per metre
}

func newScorer(g *Graph, o Objective, b Bounds) *scorer {
	n := len(g.Borders)
	s := &scorer{o, b, make([]float64, n), make([]float64, n), make([]float64, n)}
	for i, border := range g.Borders {
		for c, m := range border.Metres {
			s.cost[i] += m / 100 * o.BorderPer100[c]
			s.metres[i] += m
		}
		s.dear[i] = math.Log(s.cost[i]/max(s.metres[i], 1) + 1e-4)
	}
	return s
}

// shape is what a grid is priced by.
type shape struct {
	households int
	area, rim  float64
}

// price is the part of J that one grid of this shape has.
func (s *scorer) price(g shape) float64 {
	off := (float64(g.households) - s.Target) / s.Target
	j := s.Compactness*g.rim*g.rim/(4*math.Pi*g.area) + s.Balance*off*off
	switch {
	case g.households < s.bounds.Min:
		j += s.OutOfBounds * (1 + 2*float64(s.bounds.Min-g.households)/float64(s.bounds.Min))
	case g.households > s.bounds.Max:
		j += s.OutOfBounds * (1 + 2*float64(g.households-s.bounds.Max)/float64(s.bounds.Max))
	}
	return j
}

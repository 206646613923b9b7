package demo

import (
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// How far from the street's middle, and from a building's counting point, an
// incident may be placed.
const (
	besideStreetMetres = 8
	besideHomeMetres   = 25
)

// places draws positions on the streets by their length and near homes by their
// number.
type places struct {
	bounds  orb.Bound
	streets []geo.Street
	metres  []float64 // running sum over streets
	homes   []geo.Building
	counts  []float64 // running sum over homes
}

func newPlaces(t Town) *places {
	p := &places{bounds: t.Bounds}
	var sum float64
	for _, s := range t.Streets {
		if s.Class == "motorway" || s.Class == "motorway_link" || !t.Bounds.Intersects(s.Line.Bound()) {
			continue
		}
		sum += float64(geo.Length(s.Line))
		p.streets, p.metres = append(p.streets, s), append(p.metres, sum)
	}
	sum = 0
	for _, b := range t.Buildings {
		if b.Households == 0 || !t.Bounds.Contains(b.At) {
			continue
		}
		sum += float64(b.Households)
		p.homes, p.counts = append(p.homes, b), append(p.counts, sum)
	}
	return p
}

// draw returns a place inside the bounds, at seven decimals. Without streets or
// homes it falls back on the other, then on the middle of the bounds.
func (p *places) draw(rng *rand.Rand, home bool) orb.Point {
	for range 1000 {
		var at orb.Point
		switch {
		case len(p.homes) > 0 && (home || len(p.streets) == 0):
			at = scatter(rng, p.homes[weightedIndex(rng, p.counts)].At, besideHomeMetres)
		case len(p.streets) > 0:
			at = scatter(rng, along(p.streets[weightedIndex(rng, p.metres)].Line, rng.Float64()), besideStreetMetres)
		default:
			return geo.RoundE7(p.bounds.Center())
		}
		if at = geo.RoundE7(at); p.bounds.Contains(at) {
			return at
		}
	}
	return geo.RoundE7(p.bounds.Center())
}

// weightedIndex draws an index with a chance in proportion to its step of the running sum.
func weightedIndex(rng *rand.Rand, sums []float64) int {
	i, _ := slices.BinarySearch(sums, rng.Float64()*sums[len(sums)-1])
	return min(i, len(sums)-1)
}

// along returns the place at that share of the line's length.
func along(line orb.LineString, share float64) orb.Point {
	w := newWalker(line)
	return w.at(share * w.length())
}

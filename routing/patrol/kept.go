package patrol

import (
	"github.com/paulmach/orb"

	"gridbeat/routing"
)

// Renewed tells what a plan keeps of the previous one that it was made from.
type Renewed struct {
	Previous string // id
	Moves    int    // from street to street in the previous plan, where both are still to cover
	Kept     int    // of them, that this plan makes too
}

// renewed compares routes with those of the previous plan, nil where there is none.
func (b *builder) renewed(routes []Route) *Renewed {
	if b.in.Previous == nil {
		return nil
	}
	along := b.along()
	r := &Renewed{Previous: b.in.Previous.ID}
	after := movesOf(routes, along)
	for m := range movesOf(b.in.Previous.Routes, along) {
		r.Moves++
		if after[m] {
			r.Kept++
		}
	}
	return r
}

// direction is a street, driven forward or backward.
type direction struct {
	street  int32
	forward bool
}

// along tells of each piece of the streets to cover which way along which street it leads.
func (b *builder) along() map[[2]orb.Point]direction {
	out := map[[2]orb.Point]direction{}
	var line orb.LineString
	for e, need := range b.need {
		if need <= 0 {
			continue
		}
		edge := routing.Edge(e)
		for _, a := range b.net.Arcs(edge, nil) {
			line = b.net.ArcLine(a, line[:0])
			for i := 1; i < len(line); i++ {
				out[[2]orb.Point{line[i-1], line[i]}] = direction{int32(b.net.StreetIndex(edge)), b.net.Forward(a)}
			}
		}
	}
	return out
}

// movesOf are the successions of street after street along routes, by pieces that are
// known.
func movesOf(routes []Route, along map[[2]orb.Point]direction) map[succession]bool {
	out := map[succession]bool{}
	for _, r := range routes {
		var last direction
		known := false
		for i := 1; i < len(r.Line); i++ {
			if r.Line[i-1] == r.Line[i] {
				continue
			}
			d, ok := along[[2]orb.Point{r.Line[i-1], r.Line[i]}]
			if ok && known && d != last {
				out[succession{last.street, d.street, last.forward, d.forward}] = true
			}
			last, known = d, ok
		}
	}
	return out
}

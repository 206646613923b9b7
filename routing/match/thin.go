package match

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// Fix is one position of a unit.
type Fix struct {
	At    time.Time
	Point orb.Point // lon, lat
	Sigma float64   // metres: standard deviation each way, 0 when unknown
}

// observation stands for one fix or several that lie together.
type observation struct {
	x, y        float64 // metres on the plane, the mean
	sigma       float64
	first, last time.Time
	count       int
}

// observe takes fixes together that lie within a few sigma of their mean: dense
// noisy positions would else be followed back and forth. Fixes are in order of
// time. A fix whose place is no place on earth, or hardly known, is left out.
func observe(fixes []Fix, plane geo.Plane, o Options) []observation {
	var out []observation
	for _, f := range fixes {
		if !geo.ValidPosition(f.Point) || f.Sigma > o.MostSigma {
			continue
		}
		x, y := plane.XY(f.Point)
		sigma := f.Sigma
		if !(sigma > 0) {
			sigma = o.Sigma
		}
		sigma = max(o.LeastSigma, sigma)
		if k := len(out) - 1; k >= 0 {
			p := &out[k]
			if f.At.Sub(p.last) <= o.Gap && math.Hypot(x-p.x, y-p.y) < o.Thin*sigma {
				p.count++
				share := 1 / float64(p.count)
				p.x, p.y = p.x+(x-p.x)*share, p.y+(y-p.y)*share
				p.sigma += (sigma - p.sigma) * share
				p.last = f.At
				continue
			}
		}
		out = append(out, observation{x: x, y: y, sigma: sigma, first: f.At, last: f.At, count: 1})
	}
	return out
}

// withoutLeaps leaves out lone positions that leap far from a steady pace: away and
// back again, or at the first or last moment of a track, as receivers report them
// while they start.
func withoutLeaps(obs []observation, o Options) []observation {
	joined := func(i int) bool { // i and the one after it belong together
		return i >= 0 && i+1 < len(obs) && obs[i+1].first.Sub(obs[i].last) <= o.Gap
	}
	step := func(i, j int) float64 { return math.Hypot(obs[j].x-obs[i].x, obs[j].y-obs[i].y) }
	var out []observation
	for i, b := range obs {
		pace := -1.0 // metres between the positions around it
		if joined(i-1) && joined(i-2) {
			pace = step(i-2, i-1)
		}
		if joined(i) && joined(i+1) {
			pace = max(pace, step(i+1, i+2))
		}
		limit := 3*pace + o.Away*b.sigma
		before, after := joined(i-1), joined(i)
		leaps := pace >= 0 && b.count == 1 && (before || after) &&
			(!before || step(i-1, i) > limit) && (!after || step(i, i+1) > limit)
		if leaps && before && after {
			leaps = step(i-1, i+1) < step(i-1, i)/2
		}
		if !leaps {
			out = append(out, b)
		}
	}
	return out
}

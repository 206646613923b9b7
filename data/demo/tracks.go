package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// How a simulated receiver behaves.
const (
	fixEvery      = 15 * time.Second
	noiseMetres   = 5.0 // standard deviation of the position error, each way
	noiseMemory   = 0.8 // how much of an error stays until the next fix
	gapsPerHour   = 1.0 // lost reception
	shortestGap   = 2 * time.Minute
	longestGap    = 7 * time.Minute
	paceDeviation = 0.08 // units are a little faster or slower than planned
)

// Tracks simulates the fixes of the plan's first shift: every unit walks its
// route at about the planned pace, with noise and gaps, and the slowest comes home
// just before now. Fixes are sorted by unit and time and are marked simulated.
func Tracks(plan patrol.Plan, seed uint64, now time.Time) []patrol.Position {
	rng := chance(seed, trackStream)
	var longest time.Duration
	for _, r := range plan.Routes {
		if r.Shift <= 1 {
			longest = max(longest, seconds(r.Seconds*(1+paceDeviation)))
		}
	}
	start := now.Add(-longest).Truncate(time.Minute)
	var out []patrol.Position
	for _, r := range sortedRoutes(plan.Routes) {
		if r.Shift <= 1 && r.Seconds > 0 && len(r.Line) > 1 {
			out = append(out, track(rng, r, start)...)
		}
	}
	return out
}

func sortedRoutes(routes []patrol.Route) []patrol.Route {
	sorted := slices.Clone(routes)
	slices.SortStableFunc(sorted, func(a, b patrol.Route) int {
		switch {
		case a.Unit < b.Unit:
			return -1
		case a.Unit > b.Unit:
			return 1
		}
		return a.Shift - b.Shift
	})
	return sorted
}

// track simulates one unit on its route.
func track(rng *rand.Rand, r patrol.Route, start time.Time) []patrol.Position {
	walk := newWalker(r.Line)
	total := seconds(r.Seconds * (1 + paceDeviation*(2*rng.Float64()-1)))
	gaps := drawGaps(rng, total)
	var out []patrol.Position
	var dx, dy float64
	for at := time.Duration(0); at <= total; at += fixEvery {
		dx = noiseMemory*dx + math.Sqrt(1-noiseMemory*noiseMemory)*noiseMetres*rng.NormFloat64()
		dy = noiseMemory*dy + math.Sqrt(1-noiseMemory*noiseMemory)*noiseMetres*rng.NormFloat64()
		if slices.ContainsFunc(gaps, func(g gap) bool { return at >= g.from && at < g.to }) {
			continue
		}
		place := walk.at(walk.length() * float64(at) / float64(total))
		out = append(out, patrol.Position{
			Unit: r.Unit, At: start.Add(at), Simulated: true,
			Point:    geo.RoundE7(geo.NewPlane(place).Point(dx, dy)),
			Accuracy: math.Round(10*(noiseMetres+3*rng.Float64())) / 10,
		})
	}
	return out
}

type gap struct{ from, to time.Duration }

// drawGaps returns the times without reception, about gapsPerHour of them.
func drawGaps(rng *rand.Rand, total time.Duration) []gap {
	var gaps []gap
	for range int(math.Round(total.Hours() * gapsPerHour)) {
		from := time.Duration(rng.Float64() * float64(total))
		length := shortestGap + time.Duration(rng.Float64()*float64(longestGap-shortestGap))
		gaps = append(gaps, gap{from, from + length})
	}
	return gaps
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// walker finds places by their distance along a line.
type walker struct {
	line orb.LineString
	upTo []float64 // metres from the start to each vertex
}

func newWalker(line orb.LineString) walker {
	w := walker{line: line, upTo: make([]float64, len(line))}
	plane := geo.NewPlane(line[0])
	for i := 1; i < len(line); i++ {
		w.upTo[i] = w.upTo[i-1] + float64(plane.Distance(line[i-1], line[i]))
	}
	return w
}

func (w walker) length() float64 { return w.upTo[len(w.upTo)-1] }

// at returns the place that many metres from the start, within the line.
func (w walker) at(metres float64) orb.Point {
	i, _ := slices.BinarySearch(w.upTo, metres)
	if i == 0 {
		return w.line[0]
	}
	if i >= len(w.line) {
		return w.line[len(w.line)-1]
	}
	a, b := w.line[i-1], w.line[i]
	share := (metres - w.upTo[i-1]) / (w.upTo[i] - w.upTo[i-1])
	return orb.Point{a[0] + share*(b[0]-a[0]), a[1] + share*(b[1]-a[1])}
}

package patrol

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/match"
)

// Visit is a stretch of a street that a unit truly passed, in either direction.
type Visit struct {
	Unit       string
	Simulated  bool
	Street     string    // id
	From, To   float64   // metres along the street's line, to the centimetre; From < To
	At         time.Time // when it was left, to the millisecond
	Confidence float64   // 0 to 1, to the hundredth
}

// Trip is an unbroken run of a unit's fixes and the visits that were found in it.
// What one trip covers does not depend on any other, so that fixes which come late
// touch their own trip only.
type Trip struct {
	Unit         string
	Simulated    bool
	Since, Until time.Time // its first and its last fix
	Fixes        int
	Digest       string // of the fixes, the streets and the profile: what the visits follow from
	Visits       []Visit
}

// TripGap is the silence that ends a trip.
const TripGap = 2 * time.Minute

// closedTo are the tags by which a street is closed to the public.
var closedTo = []string{"access", "foot", "bicycle", "vehicle", "motor_vehicle", "motorcar"}

// Passable returns the streets as a patrol meets them: a street that is closed to
// the public is still there, and a unit that passes it must not be taken to have
// passed the public street beside it.
func Passable(streets []geo.Street) []geo.Street {
	out := slices.Clone(streets)
	for i := range out {
		for _, k := range closedTo {
			if v := out[i].Tags[k]; v == "no" || v == "private" {
				tags := maps.Clone(out[i].Tags)
				for _, k := range closedTo {
					delete(tags, k)
				}
				out[i].Tags = tags
				break
			}
		}
	}
	return out
}

// Tracer finds the visits in the fixes of units. It never changes once made and may
// be used from many goroutines.
type Tracer struct {
	net     *routing.Network
	matcher *match.Matcher
	from    []float64 // by edge: metres along the street's line where it begins
	scale   []float64 // by edge: metres of the street for one of the network's plane
	basis   []byte    // digest of the streets and the profile
}

// NewTracer prepares the streets for units that move by the profile. Streets that
// are closed to the public count as streets (see Passable).
func NewTracer(streets []geo.Street, posts []geo.Post, restrictions []geo.Restriction, profile routing.Profile) (*Tracer, error) {
	net, err := routing.NewNetwork(Passable(streets), posts, restrictions, profile)
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	o := match.DefaultOptions(profile)
	o.Gap = TripGap
	t := &Tracer{net: net, matcher: match.New(net, o), basis: basis(streets, posts, restrictions, profile)}
	for e := range routing.Edge(net.Edges()) {
		line := net.Street(e).Line
		first, _ := net.Span(e)
		scale := 1.0
		if whole := float64(net.Plane().Length(line)); whole > 0 {
			scale = float64(geo.Length(line)) / whole
		}
		t.scale = append(t.scale, scale)
		t.from = append(t.from, float64(net.Plane().Length(line[:first+1]))*scale)
	}
	return t, nil
}

// Trips cuts the fixes of any units into trips and finds the visits of each. The
// order of the fixes does not matter, nor whether some stand there twice; of two
// that differ at one moment the more accurate counts. Trips come sorted by unit,
// real before simulated, and time.
func (t *Tracer) Trips(ctx context.Context, fixes []Position) ([]Trip, error) {
	sorted := slices.Clone(fixes)
	for i := range sorted {
		sorted[i].At = sorted[i].At.Truncate(time.Millisecond).UTC()
	}
	slices.SortFunc(sorted, func(a, b Position) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), compareBool(a.Simulated, b.Simulated), a.At.Compare(b.At),
			cmp.Compare(spread(a), spread(b)), cmp.Compare(a.Point[0], b.Point[0]), cmp.Compare(a.Point[1], b.Point[1]))
	})
	sorted = slices.CompactFunc(sorted, func(a, b Position) bool {
		return a.Unit == b.Unit && a.Simulated == b.Simulated && a.At.Equal(b.At)
	})
	var out []Trip
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && goesOn(sorted[n-1], sorted[n]) {
			n++
		}
		trip, err := t.trip(ctx, sorted[:n])
		if err != nil {
			return nil, err
		}
		out, sorted = append(out, trip), sorted[n:]
	}
	return out, nil
}

// goesOn reports whether the next fix belongs to the trip of the one before it.
func goesOn(last, next Position) bool {
	return last.Unit == next.Unit && last.Simulated == next.Simulated && next.At.Sub(last.At) <= TripGap
}

func sortKeys(keys []TripKey) {
	slices.SortFunc(keys, func(a, b TripKey) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), compareBool(a.Simulated, b.Simulated), a.Since.Compare(b.Since))
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// spread orders fixes by accuracy, the unknown last.
func spread(p Position) float64 {
	if p.Accuracy > 0 {
		return p.Accuracy
	}
	return math.Inf(1)
}

// accuracySigmas is how many standard deviations each way make the radius that
// receivers state, within which two thirds of their fixes lie.
const accuracySigmas = 1.51

// trip matches one unbroken run of fixes.
func (t *Tracer) trip(ctx context.Context, fixes []Position) (Trip, error) {
	first, last := fixes[0], fixes[len(fixes)-1]
	out := Trip{Unit: first.Unit, Simulated: first.Simulated, Since: first.At, Until: last.At, Fixes: len(fixes), Digest: t.digest(fixes)}
	points := make([]match.Fix, len(fixes))
	for i, f := range fixes {
		points[i] = match.Fix{At: f.At, Point: f.Point, Sigma: f.Accuracy / accuracySigmas}
	}
	tracks, err := t.matcher.Match(ctx, points)
	if err != nil {
		return out, fmt.Errorf("coverage of %s: %w", first.Unit, err)
	}
	for _, k := range tracks {
		for _, p := range k.Passages {
			if v, ok := t.visit(out, p); ok {
				out.Visits = append(out.Visits, v)
			}
		}
	}
	return out, nil
}

// visit is a passage in the street's own metres.
func (t *Tracer) visit(trip Trip, p match.Passage) (Visit, bool) {
	v := Visit{Unit: trip.Unit, Simulated: trip.Simulated, Street: t.net.Street(p.Edge).ID,
		From: centimetres(t.from[p.Edge] + p.From*t.scale[p.Edge]), To: centimetres(t.from[p.Edge] + p.To*t.scale[p.Edge]),
		At: p.Leave.Truncate(time.Millisecond).UTC(), Confidence: math.Round(p.Confidence*100) / 100}
	return v, v.From < v.To
}

func centimetres(metres float64) float64 { return math.Round(metres*100) / 100 }

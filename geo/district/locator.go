package district

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/locate"
)

// Locator answers which grid a point belongs to. It is exact: a point on a border or
// node belongs to the lowest code among the grids that touch it. It does not change
// after NewLocator, keeps nothing of the outlines it was made from, and may be used by
// many goroutines at once without waiting.
type Locator struct {
	places []place // sorted by code: a lower number is a lower code
	index  *locate.Index
}

// place is what a Location tells of a grid.
type place struct{ code, district string }

// NewLocator indexes the outlines of grids. Two grids on the same side of one edge
// overlap: that is an error which names both.
func NewLocator(grids []Grid) (*Locator, error) {
	order := make([]int32, len(grids))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(grids[i].Code, grids[j].Code) })
	l := &Locator{places: make([]place, len(grids))}
	outlines := make([]orb.Polygon, len(grids))
	for k, i := range order {
		l.places[k] = place{grids[i].Code, grids[i].District}
		outlines[k] = grids[i].Outline
	}
	index, err := locate.New(outlines)
	if err != nil {
		return nil, l.inputError(err)
	}
	l.index = index
	return l, nil
}

func (l *Locator) inputError(err error) error {
	var overlap *locate.OverlapError
	if !errors.As(err, &overlap) {
		return fmt.Errorf("index the grids: %w", err)
	}
	a, b := l.places[overlap.A].code, l.places[overlap.B].code
	return geo.NewInputError("grids", geo.Finding{Rule: "overlap", Feature: b, Detail: fmt.Sprintf("grids %s and %s lie on the same side of a border", a, b), Remedy: "check the grids and publish them again"})
}

// Locate answers for one position in WGS-84. Outside the territory it gives the
// nearest grid when that is within limit, and the metres to it.
func (l *Locator) Locate(p orb.Point, limit geo.Metres) Location {
	if !geo.ValidPosition(p) {
		return Location{How: Outside}
	}
	at, onBorder := l.index.At(p)
	switch {
	case at < 0:
		return l.nearest(p, limit)
	case onBorder:
		return Location{Grid: l.places[at].code, District: l.places[at].district, How: Border}
	}
	return Location{Grid: l.places[at].code, District: l.places[at].district, How: Inside}
}

func (l *Locator) nearest(p orb.Point, limit geo.Metres) Location {
	at, far := l.index.Nearest(p, limit)
	if at < 0 {
		return Location{How: Outside}
	}
	return Location{Grid: l.places[at].code, District: l.places[at].district, How: Nearest, Metres: far}
}

// batch is how many points a goroutine takes at a time.
const batch = 2048

// LocateAll answers Locate for many positions, on all cores, into out, which must be
// as long as points.
func (l *Locator) LocateAll(points []orb.Point, limit geo.Metres, out []Location) {
	_ = out[:len(points)]
	var next atomic.Int64
	work := func() {
		for {
			from := int(next.Add(batch)) - batch
			if from >= len(points) {
				return
			}
			for i := from; i < min(from+batch, len(points)); i++ {
				out[i] = l.Locate(points[i], limit)
			}
		}
	}
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(points)+batch-1)/batch) - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
}

// Neighbours returns the codes of the grids that share border with one, sorted.
func (l *Locator) Neighbours(code string) []string {
	g, ok := slices.BinarySearchFunc(l.places, code, func(p place, c string) int { return cmp.Compare(p.code, c) })
	if !ok {
		return nil
	}
	var out []string
	for _, n := range l.index.Neighbours(int32(g)) {
		out = append(out, l.places[n].code)
	}
	return out
}

package match

import (
	"context"
	"sync"
	"time"

	"gridbeat/routing"
)

// Matcher matches tracks on one network. It never changes once made and may be
// used from many goroutines.
type Matcher struct {
	g     *graph
	index *index
	o     Options
	free  sync.Pool // of *lattice: their memory is in proportion to the network
}

// New prepares a network for matching: a few passes over its streets.
func New(net *routing.Network, o Options) *Matcher {
	return &Matcher{g: newGraph(net, o), index: newIndex(net), o: o}
}

// Track is an unbroken way: passages in the order in which they were driven.
type Track struct {
	Since, Until time.Time
	Passages     []Passage
}

// Match finds the ways behind the fixes of one unit, which are in order of time.
// Where fixes are silent for longer than the gap, leap, lie off all streets or
// cannot be joined by a way that a unit could have driven, the track is broken and
// nothing is invented. It costs time in proportion to the fixes, and memory to a
// window of them. A stopped ctx ends it with the context's error.
func (m *Matcher) Match(ctx context.Context, fixes []Fix) ([]Track, error) {
	obs := withoutLeaps(observe(fixes, m.g.net.Plane(), m.o), m.o)
	l, ok := m.free.Get().(*lattice)
	if !ok {
		l = newLattice(m)
	}
	defer m.free.Put(l)
	l.reset()
	for i := range obs {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		l.add(&obs[i])
	}
	l.flush()
	return l.tracks, nil
}

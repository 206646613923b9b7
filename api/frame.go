package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

// frame is what incoming reports are judged by: where the territory lies, what time
// it is there, and who is on which step of the ladder.
type frame struct {
	extent orb.Bound // empty when nothing is mapped
	zone   *time.Location
	ladder *dispatch.Ladder
}

// frameMemo keeps the frame until map, people or station change.
type frameMemo struct {
	mu       sync.Mutex
	sequence int64
	frame    *frame
}

// frameNow is the frame as of the newest change; it is shared, not to be changed.
func (s *Server) frameNow(ctx context.Context) (*frame, error) {
	standing, err := s.feed.standing(ctx)
	if err != nil {
		return nil, err
	}
	m := &s.frame
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.frame != nil && m.sequence == standing {
		return m.frame, nil
	}
	f, err := s.readFrame(ctx)
	if err != nil {
		return nil, err
	}
	m.frame, m.sequence = f, standing
	return f, nil
}

func (s *Server) readFrame(ctx context.Context) (*frame, error) {
	st, err := s.store.Station(ctx)
	if err != nil {
		return nil, fmt.Errorf("read station: %w", err)
	}
	if st.TimeZone == "" {
		st.TimeZone = defaultZone
	}
	zone, err := time.LoadLocation(st.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("the station's time zone: %w", err)
	}
	ds, err := s.store.Districts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read districts: %w", err)
	}
	var streets []geo.Street
	if len(ds) == 0 {
		if streets, err = s.store.Streets(ctx); err != nil {
			return nil, fmt.Errorf("read streets: %w", err)
		}
	}
	people, err := s.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return &frame{extent: extentOf(ds, streets), zone: zone, ladder: dispatch.NewLadder(people)}, nil
}

// extentOf is the box of the districts, or of the streets where there are none.
func extentOf(ds []geo.District, streets []geo.Street) orb.Bound {
	extent := orb.MultiPoint{}.Bound()
	for _, d := range ds {
		extent = extent.Union(d.Outline.Bound())
	}
	if len(ds) == 0 {
		for _, st := range streets {
			extent = extent.Union(st.Line.Bound())
		}
	}
	return extent
}

package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gridbeat/geo"
	"gridbeat/routing"
)

// roadsPatience is how long travel times may take to be prepared.
const roadsPatience = 5 * time.Minute

// roads keeps the travel times of each profile until the map changes.
type roads struct {
	store Store

	mu       sync.Mutex
	sequence int64 // of the change log: the map that they are of
	kept     map[routing.Profile]*prepared
}

// prepared is travel times that are there once done is closed.
type prepared struct {
	done  chan struct{}
	times *routing.Travel
	err   error
}

// travel is the travel times of a profile on the map as of a change. The first who asks
// has them prepared; who does not wait for it leaves the work to those who ask next.
func (r *roads) travel(ctx context.Context, standing int64, profile routing.Profile) (*routing.Travel, error) {
	r.mu.Lock()
	if r.kept == nil || r.sequence != standing {
		r.kept, r.sequence = map[routing.Profile]*prepared{}, standing
	}
	p := r.kept[profile]
	if p == nil {
		p = &prepared{done: make(chan struct{})}
		r.kept[profile] = p
		go r.prepare(context.WithoutCancel(ctx), p, standing, profile)
	}
	r.mu.Unlock()
	select {
	case <-p.done:
		return p.times, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *roads) prepare(ctx context.Context, p *prepared, standing int64, profile routing.Profile) {
	ctx, cancel := context.WithTimeout(ctx, roadsPatience)
	defer cancel()
	if p.times, p.err = r.read(ctx, profile); p.err != nil {
		p.err = fmt.Errorf("prepare travel times: %w", p.err)
		r.mu.Lock()
		if r.sequence == standing && r.kept[profile] == p {
			delete(r.kept, profile) // whoever asks next tries again
		}
		r.mu.Unlock()
	}
	close(p.done)
}

func (r *roads) read(ctx context.Context, profile routing.Profile) (*routing.Travel, error) {
	streets, err := r.store.Streets(ctx)
	if err != nil {
		return nil, fmt.Errorf("read streets: %w", err)
	}
	if len(streets) == 0 {
		return nil, geo.NewInputError("", geo.Finding{Rule: "no-streets", Feature: "/id",
			Detail: "no streets are mapped", Remedy: "import a map with streets first"})
	}
	posts, err := r.store.Posts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	restrictions, err := r.store.Restrictions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read turn restrictions: %w", err)
	}
	n, err := routing.NewNetwork(streets, posts, restrictions, profile)
	if err != nil {
		return nil, err
	}
	return n.NewTravel(ctx, routing.ExactTurns, 1)
}

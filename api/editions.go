package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const editionsKept = 4 // with their locators, in memory

// editions keeps the published editions at hand: they never change once they are
// published, only the time at which one ends does.
type editions struct {
	store Store

	mu       sync.Mutex
	sequence int64 // of the change log, at which list was read
	read     bool
	list     []district.EditionInfo
	kept     []*edition // the latest used last
}

// edition is a published edition that can locate points.
type edition struct {
	district.Edition
	locator locator
}

// locator answers which grid a point belongs to.
type locator interface {
	Locate(p orb.Point, limit geo.Metres) district.Location
}

// inForce is the edition in force at a time; geo.ErrNotFound when there is none.
// newest is the change log's last sequence number.
func (e *editions) inForce(ctx context.Context, newest int64, at time.Time) (district.EditionInfo, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.read || e.sequence != newest {
		list, err := e.store.Editions(ctx)
		if err != nil {
			return district.EditionInfo{}, fmt.Errorf("list editions: %w", err)
		}
		e.list, e.sequence, e.read = list, newest, true
	}
	for i := len(e.list) - 1; i >= 0; i-- {
		if in := e.list[i]; !at.Before(in.ValidFrom) && (in.ValidTo == nil || at.Before(*in.ValidTo)) {
			return in, nil
		}
	}
	return district.EditionInfo{}, fmt.Errorf("edition in force at %s: %w", at.Format(time.RFC3339), geo.ErrNotFound)
}

// get is an edition by number, with its locator.
func (e *editions) get(ctx context.Context, number int) (*edition, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, k := range e.kept {
		if k.Number == number {
			e.kept = append(append(e.kept[:i:i], e.kept[i+1:]...), k)
			return k, nil
		}
	}
	read, err := e.store.Edition(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read edition %d: %w", number, err)
	}
	l, err := district.NewLocator(read.Grids)
	if err != nil {
		return nil, fmt.Errorf("locate in edition %d: %w", number, err)
	}
	k := &edition{Edition: read, locator: l}
	if e.kept = append(e.kept, k); len(e.kept) > editionsKept {
		e.kept = e.kept[1:]
	}
	return k, nil
}

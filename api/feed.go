package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gridbeat/geo"
)

const (
	feedPage  = 1000                   // changes read from the store at once
	feedKept  = 4096                   // changes kept in memory for listeners
	feedPause = 200 * time.Millisecond // the store is asked no more often than this for listeners
	feedHint  = 100 * time.Millisecond // unless it has said that there is news, and no more often then
	feedLive  = time.Second            // the store is asked as often as this while it says so by itself
)

// feed follows the store's change log once for all who ask: caches, tags, listeners.
type feed struct {
	store Store

	mu     sync.Mutex
	last   geo.Change   // newest known, zero before the first
	ground int64        // sequence of the newest that tells of more than daily work
	recent []geo.Change // the newest ones in order, without a gap
	asked  time.Time    // when the store was last asked

	hints hints
}

// follow hears of the store's news until ctx ends.
func (f *feed) follow(ctx context.Context) {
	f.store.News(ctx, f.hints.note)
	f.hints.note(false)
}

// due reports whether the store is to be asked for listeners. The caller holds f.mu.
func (f *feed) due() bool { return time.Since(f.asked) >= f.hints.pause() }

// newest is the last change of the log, zero when there is none yet. It asks the
// store, so that what follows is seen at least as new.
func (f *feed) newest(ctx context.Context) (geo.Change, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.read(ctx)
	return f.last, err
}

// daily reports whether a change is of the kind that comes in all day long and leaves
// map, people and grids as they are.
func daily(kind string) bool {
	what, _, _ := strings.Cut(kind, ".")
	return what == "incident" || what == "positions" || what == "trips" || what == "coverage" || what == "plan" ||
		what == "job" || what == "draft" || what == "user" || what == "token" ||
		what == "unit" || what == "shift" || what == "notice"
}

// private reports whether a change is told to nobody who has not logged in: who may use
// the station, and by which tokens.
func private(kind string) bool {
	what, _, _ := strings.Cut(kind, ".")
	return what == "user" || what == "token"
}

// standing is the sequence of the newest change to map, people or grids.
func (f *feed) standing(ctx context.Context) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.read(ctx)
	return f.ground, err
}

// after gives up to feedPage changes that follow a sequence number, in order.
func (f *feed) after(ctx context.Context, sequence int64) ([]geo.Change, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.due() {
		if err := f.read(ctx); err != nil {
			return nil, err
		}
	}
	if sequence >= f.last.Sequence {
		return nil, nil
	}
	if len(f.recent) == 0 || sequence < f.recent[0].Sequence {
		return f.page(ctx, sequence)
	}
	from, found := slices.BinarySearchFunc(f.recent, sequence, func(c geo.Change, n int64) int { return int(c.Sequence - n) })
	if found {
		from++
	}
	return slices.Clone(f.recent[from:min(len(f.recent), from+feedPage)]), nil
}

func (f *feed) page(ctx context.Context, after int64) ([]geo.Change, error) {
	cs, err := f.store.Changes(ctx, after, feedPage)
	if err != nil {
		return nil, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return cs, nil
}

// read catches up with the log. The caller holds f.mu.
func (f *feed) read(ctx context.Context) error {
	for {
		f.hints.reading()
		cs, err := f.page(ctx, f.last.Sequence)
		if err != nil {
			return err
		}
		f.asked = time.Now()
		if len(cs) == 0 {
			return nil
		}
		f.last = cs[len(cs)-1]
		for _, c := range cs {
			if !daily(c.Kind) {
				f.ground = c.Sequence
			}
		}
		f.recent = append(f.recent, cs...)
		if extra := len(f.recent) - feedKept; extra > 0 {
			f.recent = slices.Delete(f.recent, 0, extra)
		}
		if len(cs) < feedPage {
			return nil
		}
	}
}

package patrol

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gridbeat/routing"
)

// TripKey is the identity of a trip.
type TripKey struct {
	Unit      string
	Simulated bool
	Since     time.Time
}

// Key is the trip's identity.
func (t Trip) Key() TripKey { return TripKey{t.Unit, t.Simulated, t.Since.UTC()} }

// TripStore is what Update asks of a store.
type TripStore interface {
	// EachPosition calls each with every fix, sorted by unit, real before simulated,
	// and time; an error ends it and is returned.
	EachPosition(ctx context.Context, each func(Position) error) error
	// EachTrip calls each with every trip that overlaps since <= t < until (zero
	// times: no limit), sorted by unit, real before simulated, and time.
	EachTrip(ctx context.Context, since, until time.Time, each func(Trip) error) error
	// SaveTrips adds or changes trips by their key and deletes those that are gone,
	// in one transaction.
	SaveTrips(ctx context.Context, trips []Trip, gone []TripKey, at time.Time) error
}

// Updated counts what Update did.
type Updated struct {
	Fixes, Trips       int // in the store
	Found, Kept, Ended int // trips found anew, kept as they were, deleted
	Real, Simulated    int // trips by kind
}

// saveVisits is how many visits are gathered before they are saved.
const saveVisits = 20_000

// Update brings the trips of a store up to date with its fixes. A trip whose fixes,
// streets and profile are those that it was found from is kept; so the cost of a
// late batch is that of the trips that it touches, and the result is the same in
// whatever order fixes came. Memory is that of the longest trip and of a batch of
// visits. onProgress, which may be nil, is told the fixes read.
func (t *Tracer) Update(ctx context.Context, s TripStore, at time.Time, onProgress func(fixes int)) (Updated, error) {
	u := updater{tracer: t, store: s, at: at, known: map[TripKey]string{}}
	err := s.EachTrip(ctx, time.Time{}, time.Time{}, func(trip Trip) error {
		u.known[trip.Key()] = trip.Digest
		return nil
	})
	if err != nil {
		return u.done, fmt.Errorf("update coverage: %w", err)
	}
	err = s.EachPosition(ctx, func(p Position) error {
		if u.done.Fixes++; u.done.Fixes%10_000 == 0 && onProgress != nil {
			onProgress(u.done.Fixes)
		}
		p.At = p.At.UTC()
		if n := len(u.open); n > 0 && !goesOn(u.open[n-1], p) {
			if err := u.end(ctx); err != nil {
				return err
			}
		}
		u.open = append(u.open, p)
		return nil
	})
	if err == nil && len(u.open) > 0 {
		err = u.end(ctx)
	}
	if err == nil {
		err = u.finish(ctx)
	}
	if err != nil {
		return u.done, fmt.Errorf("update coverage: %w", err)
	}
	return u.done, nil
}

// updater is an update under way.
type updater struct {
	tracer *Tracer
	store  TripStore
	at     time.Time
	known  map[TripKey]string // digests of stored trips that were not met yet
	open   []Position
	trips  []Trip
	visits int
	done   Updated
}

// end closes the open trip.
func (u *updater) end(ctx context.Context) error {
	key := TripKey{u.open[0].Unit, u.open[0].Simulated, u.open[0].At}
	u.done.Trips++
	if key.Simulated {
		u.done.Simulated++
	} else {
		u.done.Real++
	}
	digest, stored := u.known[key]
	delete(u.known, key)
	if stored && digest == u.tracer.digest(u.open) {
		u.done.Kept++
		u.open = u.open[:0]
		return ctx.Err()
	}
	trip, err := u.tracer.trip(ctx, u.open)
	if err != nil {
		return err
	}
	u.open = u.open[:0]
	u.done.Found++
	u.trips, u.visits = append(u.trips, trip), u.visits+len(trip.Visits)
	if u.visits < saveVisits {
		return nil
	}
	return u.save(ctx, nil)
}

func (u *updater) save(ctx context.Context, gone []TripKey) error {
	if len(u.trips)+len(gone) == 0 {
		return nil
	}
	err := u.store.SaveTrips(ctx, u.trips, gone, u.at)
	u.trips, u.visits = nil, 0
	return err
}

// finish saves the rest and deletes the trips that no fixes stand behind any more:
// they have grown together with others.
func (u *updater) finish(ctx context.Context) error {
	var gone []TripKey
	for key := range u.known {
		gone = append(gone, key)
	}
	sortKeys(gone)
	u.done.Ended = len(gone)
	return u.save(ctx, gone)
}

// ReadCoverage sums the visits of a store from since on and before until (zero
// times: no limit): all of them, and by unit. Real and simulated visits are never
// mixed: simulated says which are read. Visits to streets that are not known any
// more are counted as lost.
func ReadCoverage(ctx context.Context, s TripStore, all *Coverage, unit func(string) *Coverage, since, until time.Time, simulated bool) (lost int, err error) {
	err = s.EachTrip(ctx, since, until, func(trip Trip) error {
		if trip.Simulated != simulated {
			return nil
		}
		own := unit(trip.Unit)
		for _, v := range trip.Visits {
			if v.At.Before(since) || !until.IsZero() && !v.At.Before(until) {
				continue
			}
			if !all.Add(v) {
				lost++
			}
			if own != nil {
				own.Add(v)
			}
		}
		return nil
	})
	if err != nil {
		return lost, fmt.Errorf("read coverage: %w", err)
	}
	return lost, nil
}

// TrackProfile is the profile by which tracks are matched: that of the plan, on
// foot where there is none. Who walks is bound by no one-way.
func TrackProfile(p Plan) (routing.Profile, error) {
	if p.Profile == "" {
		return routing.Foot, nil
	}
	profile, err := routing.ParseProfile(p.Profile)
	if err != nil {
		return "", errors.Join(fmt.Errorf("plan %s", p.ID), err)
	}
	return profile, nil
}

package postgis

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/job"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// LoadIncidents is SaveIncidents in steps: each is a transaction of its own, and so short
// at its end, where it holds the station's log, that others write between them. All are
// checked before the first, and told is called after each. When a step fails the ones
// before it stay; the same load, done again, does the rest.
func (s *Store) LoadIncidents(ctx context.Context, is []dispatch.Incident, at time.Time, told func(done, total int)) (geo.Counts, error) {
	return loadAll(ctx, s, incidents, is, told, func(t *tx, done settled, places []int) error {
		return t.logIncidents(ctx, is, places, done, "", at)
	})
}

// LoadPositions is SavePositions in steps, as LoadIncidents is.
func (s *Store) LoadPositions(ctx context.Context, ps []patrol.Position, at time.Time, told func(done, total int)) (geo.Counts, error) {
	return loadAll(ctx, s, positions, ps, told, func(t *tx, done settled, _ []int) error {
		t.logImport("positions", done.Counts, at)
		return nil
	})
}

// loadAll adds or changes values in steps, with what is left to do for each in its
// transaction: then is given the places of the step's values. It returns what the steps
// did that were committed, also when a later one fails.
func loadAll[T any](ctx context.Context, s *Store, r records[T], vs []T, told func(done, total int),
	then func(t *tx, done settled, places []int) error) (total geo.Counts, err error) {
	if told == nil {
		told = func(int, int) {}
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("load %ss: %w", r.noun, err)
		}
	}()
	left, repeated, err := r.bindAll(vs)
	if err != nil {
		return total, err
	}
	if len(left) == 0 {
		return total, s.write(ctx, func(*tx) error { return nil }) // a job may end with it
	}
	total.Unchanged = repeated
	for next := (job.Pace{}); len(left) > 0; {
		n := min(next.Next(), len(left))
		step := left[:n]
		left = left[n:]
		as := s
		if len(left) > 0 {
			as = s.midway()
		}
		var done settled
		held, err := as.writeTimed(ctx, func(t *tx) (err error) {
			if err := r.stageRows(ctx, t, step); err != nil {
				return err
			}
			if done, err = r.settle(ctx, t, len(step), 0); err != nil {
				return err
			}
			return then(t, done, placesOf(step))
		})
		if err != nil {
			return total, err
		}
		next.Took(held)
		total.Added, total.Changed, total.Unchanged = total.Added+done.Added, total.Changed+done.Changed, total.Unchanged+done.Unchanged
		told(len(vs)-len(left), len(vs))
	}
	return total, nil
}

// placesOf are the places of staged rows in the slice that was given, in its order.
func placesOf(rows [][]any) []int {
	places := make([]int, len(rows))
	for i, row := range rows {
		places[i] = int(row[len(row)-1].(int32))
	}
	slices.Sort(places)
	return places
}

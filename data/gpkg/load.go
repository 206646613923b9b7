package gpkg

import (
	"context"
	"fmt"
	"time"

	"gridbeat/geo"
)

// pace chooses how many values the next step of a load takes, from how long the last one
// held the write lock. A step aims at heldLong and grows at most twofold, and only after
// one that held half of that: others never wait two seconds unless the machine becomes
// more than four times as slow from one step to the next.
type pace struct{ values int }

const (
	heldLong    = 500 * time.Millisecond
	firstStep   = 2_000 // values, whatever they are
	fewestStep  = 250
	longestStep = 100_000
)

// took tells the pace how long its step held the lock.
func (p *pace) took(held time.Duration) {
	switch {
	case held > heldLong:
		p.values = max(fewestStep, p.values/2)
	case held <= heldLong/2:
		p.values = min(longestStep, p.values*2)
	}
}

// loadAll lays all values out, and adds or changes them in steps, with what is left to do
// for each in its transaction: then is given the values of the step. It returns what the
// steps did that were committed, also when a later one fails.
func loadAll[T any](ctx context.Context, s *Store, r records[T], vs []T, told func(done, total int),
	then func(*tx, *staged[T], []T, geo.Counts) error) (total geo.Counts, err error) {
	if told == nil {
		told = func(int, int) {}
	}
	err = s.onBench(ctx, func(b *bench) error {
		p, err := lay(ctx, b, r, vs)
		if err != nil {
			return err
		}
		left, next := p.places, pace{firstStep}
		if len(left) == 0 {
			return s.write(ctx, func(*tx) error { return nil }) // a job may end with it
		}
		for total.Unchanged = p.repeated; len(left) > 0; {
			n := min(next.values, len(left))
			p.places, left = left[:n], left[n:]
			c, held, err := landStep(ctx, s, b, p, vs, len(left) == 0, then)
			if err != nil {
				return err
			}
			total = sum(total, c)
			next.took(held)
			told(len(vs)-len(left), len(vs))
		}
		return nil
	})
	return total, err
}

// landStep lands the values of the present places.
func landStep[T any](ctx context.Context, s *Store, b *bench, p *staged[T], vs []T, last bool,
	then func(*tx, *staged[T], []T, geo.Counts) error) (c geo.Counts, held time.Duration, err error) {
	p.repeated = 0 // they were counted
	p.only = fmt.Sprintf("place BETWEEN %d AND %d", p.places[0], p.places[len(p.places)-1])
	if _, err := b.conn.ExecContext(ctx, `DELETE FROM `+p.met()); err != nil {
		return c, 0, plain(ctx, err)
	}
	step := make([]T, len(p.places))
	for i, place := range p.places {
		step[i] = vs[place]
	}
	if !last {
		s = s.midway()
	}
	held, err = s.landTimed(ctx, b, func(t *tx) error {
		if c, err = p.put(ctx, t); err != nil {
			return err
		}
		return then(t, p, step, c)
	})
	if err != nil {
		return geo.Counts{}, held, err
	}
	return c, held, nil
}

package gpkg

import (
	"context"
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

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
		left, next := p.places, job.Pace{}
		if len(left) == 0 {
			return s.write(ctx, func(*tx) error { return nil }) // a job may end with it
		}
		for total.Unchanged = p.repeated; len(left) > 0; {
			n := min(next.Next(), len(left))
			p.places, left = left[:n], left[n:]
			c, held, err := landStep(ctx, s, b, p, vs, len(left) == 0, then)
			if err != nil {
				return err
			}
			total = sum(total, c)
			next.Took(held)
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

package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const (
	lastEdition = `SELECT number, valid_from FROM editions ORDER BY number DESC LIMIT 1`
	endEdition  = `UPDATE editions SET valid_to = ?2 WHERE number = ?1`
	markDraft   = `UPDATE drafts SET published_version = version WHERE id = ?1`

	insertEdition = `INSERT INTO editions (number, valid_from, min_households, max_households, grids, households,
		draft, draft_version, published_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
)

// Publish makes the draft the next edition, valid from that time, and ends the one
// before it there. The draft's district outlines become those of the edition and
// of the districts. A grid that leaves its district or overlaps another, a time before the last edition began, and a version of the
// draft that is published already, are refused with a *geo.InputError.
func (s *Store) Publish(ctx context.Context, draftID string, from, at time.Time) (e district.Edition, err error) {
	checked, err := s.publishable(ctx, draftID)
	if err != nil {
		return e, fmt.Errorf("publish draft %s: %w", draftID, err)
	}
	err = s.write(ctx, func(t *tx) error {
		d, err := t.unpublished(ctx, checked)
		if err != nil {
			return err
		}
		number, err := t.endLast(ctx, from)
		if err != nil {
			return err
		}
		if err := t.insertEdition(ctx, number, d, from, at); err != nil {
			return err
		}
		if err := t.saveOutlines(ctx, d.Districts, at); err != nil {
			return err
		}
		if err := t.log(ctx, geo.Change{At: at, Kind: "edition.published", ID: strconv.Itoa(number), Version: number}); err != nil {
			return err
		}
		e = d.Published(number, from)
		return nil
	})
	if err != nil {
		return district.Edition{}, fmt.Errorf("publish draft %s: %w", draftID, err)
	}
	return e, nil
}

// publishable loads the draft and checks it, before anybody has to wait for it.
func (s *Store) publishable(ctx context.Context, id string) (district.Draft, error) {
	d, err := s.readDraft(ctx, findDraft, id)
	if err != nil {
		return d, err
	}
	return d, d.Publishable()
}

// unpublished marks the version of the draft that was checked as published. Another
// version that was saved meanwhile is geo.ErrStale.
func (t *tx) unpublished(ctx context.Context, checked district.Draft) (district.Draft, error) {
	stored, last, err := draftVersions(ctx, t, checked.ID)
	if err != nil {
		return checked, err
	}
	if err := checked.Unpublished(stored, last); err != nil {
		return checked, err
	}
	t.touch("drafts", false)
	_, err = t.ExecContext(ctx, markDraft, checked.ID)
	return checked, err
}

// endLast ends the last edition at a time and returns the number of the next.
func (t *tx) endLast(ctx context.Context, end time.Time) (next int, err error) {
	var last int
	var began time.Time
	err = t.QueryRowContext(ctx, lastEdition).Scan(&last, moment{&began})
	if errors.Is(err, sql.ErrNoRows) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	if err := district.Follows(last, began, end); err != nil {
		return 0, err
	}
	_, err = t.ExecContext(ctx, endEdition, last, stamp(end))
	return last + 1, err
}

func (t *tx) insertEditionHead(ctx context.Context, number int, d district.Draft, from, at time.Time) error {
	t.touch("editions", false)
	_, err := t.ExecContext(ctx, insertEdition, number, stamp(from), d.Bounds.Min, d.Bounds.Max, len(d.Grids),
		d.Households(), d.ID, d.Version, stamp(at))
	return err
}

// insertEdition writes the edition, which takes the tiling that its draft has.
func (t *tx) insertEdition(ctx context.Context, number int, d district.Draft, from, at time.Time) error {
	if err := t.insertEditionHead(ctx, number, d, from, at); err != nil {
		return err
	}
	t.named = true
	_, err := t.ExecContext(ctx, publishTiling, d.ID, number)
	return err
}

// insertFeature adds one row to a layer; its geometry is the last value.
func (t *tx) insertFeature(ctx context.Context, layer, statement string, values []any) error {
	if _, err := t.ExecContext(ctx, statement, values...); err != nil {
		return fmt.Errorf("insert into %s: %w", layer, err)
	}
	t.touch(layer, true).add(values[len(values)-1])
	return nil
}

// saveOutlines adds or changes districts, and names those that differ in the log.
func (t *tx) saveOutlines(ctx context.Context, ds []geo.District, at time.Time) error {
	w, err := districts.open(ctx, t)
	if err != nil {
		return err
	}
	for _, d := range ds {
		what, err := w.put(ctx, d)
		if err != nil {
			return err
		}
		if what == unchanged {
			continue
		}
		if err := t.log(ctx, geo.Change{At: at, Kind: "district.saved", ID: d.Code}); err != nil {
			return err
		}
	}
	return nil
}

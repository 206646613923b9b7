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
	endGrids    = `UPDATE grids SET valid_to = ?2 WHERE edition = ?1`
	markDraft   = `UPDATE drafts SET published_version = version WHERE id = ?1`

	insertEdition = `INSERT INTO editions (number, valid_from, min_households, max_households, grids, households,
		draft, draft_version, published_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`

	copyGrids = `INSERT INTO grids (edition, valid_from, ` + gridColumns + `)
		SELECT ?1, ?2, ` + gridColumns + ` FROM draft_grids WHERE draft = ?3 ORDER BY code`
	copyDistricts = `INSERT INTO edition_districts (edition, code, name, households, geom)
		SELECT ?1, code, name, households, geom FROM draft_districts WHERE draft = ?2 ORDER BY code`

	findGrid    = `SELECT edition, code, valid_from, name, district, community, households, exceptions, locked, geom FROM grids WHERE edition = ?1 AND code = ?2`
	findOutline = `SELECT edition, code, name, households, geom FROM edition_districts WHERE edition = ?1 AND code = ?2`
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
	stored, last, err := t.draftVersions(ctx, checked.ID)
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
	if _, err := t.ExecContext(ctx, endEdition, last, stamp(end)); err != nil {
		return 0, err
	}
	t.touch("grids", true)
	_, err = t.ExecContext(ctx, endGrids, last, stamp(end))
	return last + 1, err
}

// editionGrids are the grids of one edition, as an archive brings them.
func editionGrids(number int, from time.Time) records[district.Grid] {
	return records[district.Grid]{
		noun: "grid", table: "grids", layer: true, keyed: 2, find: findGrid,
		bind: func(g district.Grid) ([]any, error) {
			values, err := gridValues(g)
			return append([]any{number, g.Code, stamp(from)}, values[1:]...), err
		},
	}
}

// editionDistricts are the district outlines of one edition, as an archive brings them.
func editionDistricts(number int) records[geo.District] {
	return records[geo.District]{
		noun: "district", table: "edition_districts", layer: true, keyed: 2, find: findOutline,
		bind: func(d geo.District) ([]any, error) {
			values, err := outlineValues(d)
			return append([]any{number}, values...), err
		},
	}
}

func (t *tx) insertEditionHead(ctx context.Context, number int, d district.Draft, from, at time.Time) error {
	t.touch("editions", false)
	_, err := t.ExecContext(ctx, insertEdition, number, stamp(from), d.Bounds.Min, d.Bounds.Max, len(d.Grids),
		d.Households(), d.ID, d.Version, stamp(at))
	return err
}

// insertEdition writes the edition with the grids and district outlines of its draft.
func (t *tx) insertEdition(ctx context.Context, number int, d district.Draft, from, at time.Time) error {
	if err := t.insertEditionHead(ctx, number, d, from, at); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, copyGrids, number, stamp(from), d.ID); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, copyDistricts, number, d.ID); err != nil {
		return err
	}
	for layer, drawn := range map[string]string{"grids": "draft_grids", "edition_districts": "draft_districts"} {
		b, err := t.boxOf(ctx, `SELECT geom FROM `+drawn+` WHERE draft = ?1`, d.ID)
		if err != nil {
			return err
		}
		e := t.touch(layer, true)
		e.added = e.added.union(b)
	}
	return nil
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

package postgis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const (
	// One publisher of a station at a time: the station's row is the lock. It leaves alone
	// those who only add rows that refer to the station.
	lockStation = `SELECT station FROM gridbeat.stations WHERE station = $1 FOR NO KEY UPDATE`
	lastEdition = `SELECT number, valid_from FROM gridbeat.editions WHERE station = $1 ORDER BY number DESC LIMIT 1`
	endEdition  = `UPDATE gridbeat.editions SET valid_to = $3 WHERE station = $1 AND number = $2`
	endGrids    = `UPDATE gridbeat.grids SET valid_to = $3 WHERE station = $1 AND edition = $2`
	markDraft   = `UPDATE gridbeat.drafts SET published_version = version WHERE station = $1 AND id = $2`

	copyGrids = `INSERT INTO gridbeat.grids (station, edition, ` + gridColumns + `, exact, valid_from)
		SELECT station, $2, ` + gridColumns + `, gridbeat.exact_outline(geom), $3 FROM gridbeat.draft_grids WHERE station = $1 AND draft = $4 ORDER BY code COLLATE "C"`
	copyDistricts = `INSERT INTO gridbeat.edition_districts (station, edition, code, name, households, geom)
		SELECT station, $2, code, name, households, geom FROM gridbeat.draft_districts WHERE station = $1 AND draft = $3`

	insertEdition = `INSERT INTO gridbeat.editions (station, number, valid_from, min_households, max_households, grids,
		households, draft, draft_version, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
)

// editionGrids are the grids of one edition: they are only ever added.
func editionGrids(number int, from time.Time) records[district.Grid] {
	return records[district.Grid]{
		noun: "grid", table: "grids", keyed: 2,
		columns: []string{"edition", "code", "name", "district", "community", "households", "exceptions", "locked", "geom", "exact", "valid_from"},
		bind: func(g district.Grid) ([]any, error) {
			values, err := gridValues(g)
			exact, exactErr := toExact(g.Outline)
			return append(append([]any{number}, values...), exact, stamp(from)), errors.Join(err, exactErr)
		},
	}
}

func editionDistricts(number int) records[geo.District] {
	return records[geo.District]{
		noun: "district", table: "edition_districts", keyed: 2,
		columns: []string{"edition", "code", "name", "households", "geom"},
		bind: func(d geo.District) ([]any, error) {
			values, err := outlineValues(d)
			return append([]any{number}, values...), err
		},
	}
}

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
		if _, err := t.Exec(ctx, lockStation, t.station); err != nil {
			return err
		}
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
		t.log(geo.Change{At: at, Kind: "edition.published", ID: strconv.Itoa(number), Version: number})
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
	_, err = t.Exec(ctx, markDraft, t.station, checked.ID)
	return checked, err
}

// endLast ends the last edition at a time and returns the number of the next.
func (t *tx) endLast(ctx context.Context, end time.Time) (next int, err error) {
	var last int
	var began time.Time
	err = t.QueryRow(ctx, lastEdition, t.station).Scan(&last, &began)
	if errors.Is(err, pgx.ErrNoRows) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	if err := district.Follows(last, began, end); err != nil {
		return 0, err
	}
	if _, err := t.Exec(ctx, endEdition, t.station, last, stamp(end)); err != nil {
		return 0, err
	}
	_, err = t.Exec(ctx, endGrids, t.station, last, stamp(end))
	return last + 1, err
}

func (t *tx) insertEditionHead(ctx context.Context, number int, d district.Draft, from, at time.Time) error {
	_, err := t.Exec(ctx, insertEdition, t.station, number, stamp(from), d.Bounds.Min, d.Bounds.Max, len(d.Grids),
		d.Households(), d.ID, d.Version, stamp(at))
	return err
}

// insertEdition writes the edition with the grids and district outlines of its draft.
func (t *tx) insertEdition(ctx context.Context, number int, d district.Draft, from, at time.Time) error {
	if err := t.insertEditionHead(ctx, number, d, from, at); err != nil {
		return err
	}
	if _, err := t.Exec(ctx, copyGrids, t.station, number, stamp(from), d.ID); err != nil {
		return err
	}
	_, err := t.Exec(ctx, copyDistricts, t.station, number, d.ID)
	return err
}

// saveOutlines adds or changes districts, and names those that differ in the log.
func (t *tx) saveOutlines(ctx context.Context, ds []geo.District, at time.Time) error {
	done, err := districts.put(ctx, t, ds)
	if err != nil {
		return err
	}
	for place, d := range ds {
		if done.kind(place) != "" {
			t.log(geo.Change{At: at, Kind: "district.saved", ID: d.Code})
		}
	}
	return nil
}

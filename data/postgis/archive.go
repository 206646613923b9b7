package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/data/archive"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

const (
	listDrafts = `SELECT id, coalesce(published_version, 0) FROM gridbeat.drafts WHERE station = $1 ORDER BY made`
	listPlans  = `SELECT id FROM gridbeat.plans WHERE station = $1 ORDER BY made`

	listEditionSources = `SELECT number, draft, draft_version, published_at FROM gridbeat.editions
		WHERE station = $1 ORDER BY number`
	restorePublished = `UPDATE gridbeat.drafts SET published_version = $3 WHERE station = $1 AND id = $2`
	restoreChanges   = `INSERT INTO gridbeat.changes (station, sequence, at, kind, id, version, actor)
		SELECT $1, * FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::integer[], $7::text[])`
)

// Archive reads one state of the station's whole store.
func (s *Store) Archive(ctx context.Context) (a archive.Archive, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		for _, part := range []func() error{
			func() (err error) { a.Station, err = loadStation(ctx, t, s.station); return err },
			listInto(ctx, s, t, &a.Map.Streets, listStreets, scanStreet),
			listInto(ctx, s, t, &a.Map.Posts, listPosts, scanPost),
			listInto(ctx, s, t, &a.Map.Restrictions, listRestrictions, scanRestriction),
			listInto(ctx, s, t, &a.Map.Barriers, listBarriers, scanBarrier),
			listInto(ctx, s, t, &a.Districts, listDistricts, scanDistrict),
			listInto(ctx, s, t, &a.Communities, listCommunities, scanCommunity),
			listInto(ctx, s, t, &a.Compounds, listCompounds, scanCompound),
			listInto(ctx, s, t, &a.Buildings, listBuildings, scanBuilding),
			listInto(ctx, s, t, &a.Blocks, listBlocks, scanBlock),
			listInto(ctx, s, t, &a.People, listPeople, scanPerson),
			listInto(ctx, s, t, &a.Users, listUsers, scanUser),
			listInto(ctx, s, t, &a.Tokens, listTokens, scanToken),
			listInto(ctx, s, t, &a.Units, listUnits, scanUnit),
			listInto(ctx, s, t, &a.Shifts, listShifts, scanShift, nil, nil),
			listInto(ctx, s, t, &a.Notices, listNotices, scanNotice),
			listInto(ctx, s, t, &a.Incidents, listIncidents, scanIncident),
			listInto(ctx, s, t, &a.Histories, listHistories, scanEntry),
			listInto(ctx, s, t, &a.Positions, listPositions, scanPosition, nil, nil),
			listInto(ctx, s, t, &a.Changes, listChanges, scanChange, 0, nil),
			func() (err error) { a.Drafts, err = s.archiveDrafts(ctx, t); return err },
			listInto(ctx, s, t, &a.Edits, listEdits, scanStep),
			func() (err error) { a.Editions, err = s.archiveEditions(ctx, t); return err },
			func() (err error) { a.Plans, err = s.archivePlans(ctx, t); return err },
		} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return archive.Archive{}, fmt.Errorf("read the whole store: %w", err)
	}
	return a, nil
}

func listInto[T any](ctx context.Context, s *Store, t pgx.Tx, into *[]T, statement string, scan pgx.RowToFunc[T], args ...any) func() error {
	return func() (err error) {
		*into, err = query(ctx, t, s.station, statement, scan, args...)
		return err
	}
}

func (s *Store) archiveDrafts(ctx context.Context, t pgx.Tx) ([]archive.Draft, error) {
	heads, err := query(ctx, t, s.station, listDrafts, func(row pgx.CollectableRow) (d archive.Draft, err error) {
		err = row.Scan(&d.ID, &d.Published)
		return d, err
	})
	if err != nil {
		return nil, err
	}
	for i := range heads {
		if heads[i].Draft, err = loadDraft(ctx, t, s.station, findDraft, heads[i].ID); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

func (s *Store) archiveEditions(ctx context.Context, t pgx.Tx) ([]archive.Edition, error) {
	heads, err := query(ctx, t, s.station, listEditionSources, func(row pgx.CollectableRow) (e archive.Edition, err error) {
		err = row.Scan(&e.Number, &e.Draft, &e.DraftVersion, &e.PublishedAt)
		return e, err
	})
	if err != nil {
		return nil, err
	}
	for i := range heads {
		if heads[i].Edition, err = loadEdition(ctx, t, s.station, findEdition, heads[i].Number); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

func (s *Store) archivePlans(ctx context.Context, t pgx.Tx) ([]patrol.Plan, error) {
	ids, err := query(ctx, t, s.station, listPlans, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	plans := make([]patrol.Plan, len(ids))
	for i, id := range ids {
		if plans[i], err = loadPlan(ctx, t, s.station, findPlan, id); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// Restore writes a whole archive into a station that was never written to, its change
// log included; any other station is refused with a *geo.InputError.
func (s *Store) Restore(ctx context.Context, a archive.Archive) error {
	err := s.write(ctx, func(t *tx) error {
		if _, err := t.Exec(ctx, lockStation, t.station); err != nil {
			return err
		}
		var written bool
		if err := t.QueryRow(ctx, `SELECT EXISTS (SELECT FROM gridbeat.changes WHERE station = $1)`, t.station).Scan(&written); err != nil {
			return err
		}
		if written {
			return geo.NewInputError("store", geo.Finding{Rule: "store-not-empty", Feature: s.key,
				Detail: "the store already holds a station", Remedy: "copy into a new store, or name a new station in the URL"})
		}
		return t.restore(ctx, a)
	})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func (t *tx) restore(ctx context.Context, a archive.Archive) error {
	for _, part := range []func() error{
		func() error { return t.putStation(ctx, a.Station) },
		func() error { return putEvery(ctx, t, streets, a.Map.Streets) },
		func() error { return putEvery(ctx, t, posts, a.Map.Posts) },
		func() error { return putEvery(ctx, t, restrictions, a.Map.Restrictions) },
		func() error { return putEvery(ctx, t, barriers, barrierParts(a.Map.Barriers)) },
		func() error { return putEvery(ctx, t, districts, a.Districts) },
		func() error { return putEvery(ctx, t, communities, a.Communities) },
		func() error { return putEvery(ctx, t, compounds, a.Compounds) },
		func() error { return putEvery(ctx, t, buildings, a.Buildings) },
		func() error { return putEvery(ctx, t, blocks, a.Blocks) },
		func() error { return putEvery(ctx, t, people, a.People) },
		func() error { return putEvery(ctx, t, users, a.Users) },
		func() error { return putEvery(ctx, t, tokens, a.Tokens) },
		func() error { return putEvery(ctx, t, units, a.Units) },
		func() error { return putEvery(ctx, t, shifts, a.Shifts) },
		func() error { return putEvery(ctx, t, notices, a.Notices) },
		func() error { return putEvery(ctx, t, incidents, a.Incidents) },
		func() error { return t.noteNumbers(ctx, a.Incidents) },
		func() error { return t.restoreHistories(ctx, a.Histories) },
		func() error { return putEvery(ctx, t, positions, a.Positions) },
		func() error { return t.restoreDrafts(ctx, a.Drafts) },
		func() error { return putEvery(ctx, t, draftEdits, a.Edits) },
		func() error { return t.restoreEditions(ctx, a.Editions) },
		func() error { return t.restorePlans(ctx, a.Plans) },
		func() error { return t.restoreChanges(ctx, a.Changes) },
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func putEvery[T any](ctx context.Context, t *tx, r records[T], vs []T) error {
	_, err := r.put(ctx, t, vs)
	return err
}

func (t *tx) restoreDrafts(ctx context.Context, ds []archive.Draft) error {
	for _, d := range ds {
		if _, err := t.Exec(ctx, insertDraft, t.station, d.ID, asSeed(d.Seed), d.Bounds.Min, d.Bounds.Max,
			stamp(d.CreatedAt), d.Version); err != nil {
			return err
		}
		if err := putEvery(ctx, t, draftGrids(d.ID), d.Grids); err != nil {
			return err
		}
		if err := putEvery(ctx, t, draftDistricts(d.ID), d.Districts); err != nil {
			return err
		}
		if _, err := t.Exec(ctx, restorePublished, t.station, d.ID, known(d.Published)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) restoreEditions(ctx context.Context, es []archive.Edition) error {
	for _, e := range es {
		from := district.Draft{ID: e.Draft, Version: e.DraftVersion, Bounds: e.Bounds, Grids: e.Grids, Districts: e.Districts}
		if err := t.insertEditionHead(ctx, e.Number, from, e.ValidFrom, e.PublishedAt); err != nil {
			return err
		}
		if err := putEvery(ctx, t, editionGrids(e.Number, e.ValidFrom), e.Grids); err != nil {
			return err
		}
		if err := putEvery(ctx, t, editionDistricts(e.Number), e.Districts); err != nil {
			return err
		}
		if e.ValidTo == nil {
			continue
		}
		for _, end := range []string{endEdition, endGrids} {
			if _, err := t.Exec(ctx, end, t.station, e.Number, stamp(*e.ValidTo)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) restorePlans(ctx context.Context, ps []patrol.Plan) error {
	for _, p := range ps {
		if err := t.insertPlan(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) restoreChanges(ctx context.Context, cs []geo.Change) error {
	n := len(cs)
	sequences, ats, kinds := make([]int64, n), make([]time.Time, n), make([]string, n)
	ids, versions, actors := make([]string, n), make([]int32, n), make([]string, n)
	for i, c := range cs {
		sequences[i], ats[i], kinds[i], ids[i], versions[i] = c.Sequence, stamp(c.At), c.Kind, c.ID, int32(c.Version)
		actors[i] = c.Actor
	}
	_, err := t.Exec(ctx, restoreChanges, t.station, sequences, ats, kinds, ids, versions, actors)
	return err
}

func (t *tx) restoreHistories(ctx context.Context, es []dispatch.Entry) error {
	for _, e := range es {
		if err := t.addHistory(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

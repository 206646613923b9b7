package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gridbeat/data/archive"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

const (
	listDrafts         = `SELECT id, coalesce(published_version, 0) FROM drafts ORDER BY fid`
	listPlans          = `SELECT id FROM plans ORDER BY fid`
	listEditionSources = `SELECT number, draft, draft_version, published_at FROM editions ORDER BY number`
	restoreChange      = `INSERT INTO changes (sequence, at, kind, id, version, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	restorePublished   = `UPDATE drafts SET published_version = ?2 WHERE id = ?1`
)

// Archive reads one state of the whole store.
func (s *Store) Archive(ctx context.Context) (a archive.Archive, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		for _, part := range []func() error{
			func() (err error) { a.Station, err = loadStation(ctx, t); return err },
			listInto(ctx, t, &a.Map.Streets, listStreets, scanStreet),
			listInto(ctx, t, &a.Map.Posts, listPosts, scanPost),
			listInto(ctx, t, &a.Map.Restrictions, listRestrictions, scanRestriction),
			listInto(ctx, t, &a.Map.Barriers, listBarriers, scanBarrier),
			listInto(ctx, t, &a.Districts, listDistricts, scanDistrict),
			listInto(ctx, t, &a.Communities, listCommunities, scanCommunity),
			listInto(ctx, t, &a.Compounds, listCompounds, scanCompound),
			listInto(ctx, t, &a.Buildings, listBuildings, scanBuilding),
			listInto(ctx, t, &a.Blocks, listBlocks, scanBlock),
			listInto(ctx, t, &a.People, listPeople, scanPerson),
			listInto(ctx, t, &a.Users, listUsers, scanUser),
			listInto(ctx, t, &a.Tokens, listTokens, scanToken),
			listInto(ctx, t, &a.Units, listUnits, scanUnit),
			listInto(ctx, t, &a.Shifts, listShifts, scanShift, stamp(time.Time{}), endOfTime),
			listInto(ctx, t, &a.Notices, listNotices, scanNotice),
			listInto(ctx, t, &a.Incidents, listIncidents, scanIncident),
			listInto(ctx, t, &a.Histories, listHistories, scanEntry),
			listInto(ctx, t, &a.Positions, listPositions, scanPosition, stamp(time.Time{}), endOfTime),
			listInto(ctx, t, &a.Changes, listChanges, scanChange, 0, -1),
			func() (err error) { a.Drafts, err = archiveDrafts(ctx, t); return err },
			listInto(ctx, t, &a.Edits, listEdits, scanStep),
			func() (err error) { a.Editions, err = archiveEditions(ctx, t); return err },
			func() (err error) { a.Plans, err = archivePlans(ctx, t); return err },
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

func listInto[T any](ctx context.Context, t *sql.Tx, into *[]T, statement string, scan func(scanner) (T, error), args ...any) func() error {
	return func() (err error) {
		*into, err = query(ctx, t, statement, scan, args...)
		return err
	}
}

func archiveDrafts(ctx context.Context, t *sql.Tx) ([]archive.Draft, error) {
	heads, err := query(ctx, t, listDrafts, func(row scanner) (d archive.Draft, err error) {
		err = row.Scan(&d.ID, &d.Published)
		return d, err
	})
	if err != nil {
		return nil, err
	}
	for i := range heads {
		if heads[i].Draft, err = loadDraft(ctx, t, findDraft, heads[i].ID); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

func archiveEditions(ctx context.Context, t *sql.Tx) ([]archive.Edition, error) {
	heads, err := query(ctx, t, listEditionSources, func(row scanner) (e archive.Edition, err error) {
		err = row.Scan(&e.Number, &e.Draft, &e.DraftVersion, moment{&e.PublishedAt})
		return e, err
	})
	if err != nil {
		return nil, err
	}
	for i := range heads {
		if heads[i].Edition, err = loadEdition(ctx, t, findEdition, heads[i].Number); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

func archivePlans(ctx context.Context, t *sql.Tx) ([]patrol.Plan, error) {
	ids, err := query(ctx, t, listPlans, func(row scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, err
	}
	plans := make([]patrol.Plan, len(ids))
	for i, id := range ids {
		if plans[i], err = loadPlan(ctx, t, findPlan, id); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// Restore writes a whole archive into a store that was never written to, its change
// log included; any other store is refused with a *geo.InputError.
func (s *Store) Restore(ctx context.Context, a archive.Archive) error {
	err := s.onBench(ctx, func(b *bench) error {
		return s.land(ctx, b, func(t *tx) error {
			var written int
			if err := t.QueryRowContext(ctx, `SELECT count(*) FROM changes`).Scan(&written); err != nil {
				return err
			}
			if written > 0 {
				return geo.NewInputError("store", geo.Finding{Rule: "store-not-empty",
					Detail: "the store already holds a station", Remedy: "copy into a new store"})
			}
			return t.restore(ctx, a)
		})
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
		func() error { return t.restoreBlocks(ctx, a.Blocks) },
		func() error { return putEvery(ctx, t, people, a.People) },
		func() error { return putEvery(ctx, t, users, a.Users) },
		func() error { return putEvery(ctx, t, tokens, a.Tokens) },
		func() error { return putEvery(ctx, t, units, a.Units) },
		func() error { return putEvery(ctx, t, shifts, a.Shifts) },
		func() error { return putEvery(ctx, t, notices, a.Notices) },
		func() error { return putEvery(ctx, t, incidents, a.Incidents) },
		func() error { return noteNumbers(ctx, t, a.Incidents...) },
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
	p, err := lay(ctx, t.bench, r, vs)
	if err != nil {
		return err
	}
	_, err = p.put(ctx, t)
	return err
}

func (t *tx) restoreDrafts(ctx context.Context, ds []archive.Draft) error {
	for _, d := range ds {
		t.touch("drafts", false)
		if _, err := t.ExecContext(ctx, insertDraft, d.ID, asSeed(d.Seed), d.Bounds.Min, d.Bounds.Max, stamp(d.CreatedAt), d.Version); err != nil {
			return err
		}
		if err := t.restoreTiling(ctx, d.Draft, d.ID, nil); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, restorePublished, d.ID, known(d.Published)); err != nil {
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
		if err := t.restoreTiling(ctx, from, nil, e.Number); err != nil {
			return err
		}
		if e.ValidTo == nil {
			continue
		}
		if _, err := t.ExecContext(ctx, endEdition, e.Number, stamp(*e.ValidTo)); err != nil {
			return err
		}
	}
	return nil
}

// restoreTiling writes the grids and outlines of a draft or of an edition.
func (t *tx) restoreTiling(ctx context.Context, d district.Draft, draft, edition any) error {
	l, err := layTiles(ctx, t.bench, 0, d)
	if err != nil {
		return err
	}
	id, err := t.addWhole(ctx, l.grids, l.outlines)
	if err != nil {
		return err
	}
	return t.name(ctx, id, l, draft, edition)
}

func (t *tx) restoreBlocks(ctx context.Context, bs []geo.Block) error {
	if len(bs) == 0 {
		return nil
	}
	p, err := lay(ctx, t.bench, tilingBlocks(0), bs)
	if err != nil {
		return err
	}
	id, err := t.addWhole(ctx, p)
	if err != nil {
		return err
	}
	return t.nameBlocks(ctx, id, bs)
}

func (t *tx) restorePlans(ctx context.Context, ps []patrol.Plan) error {
	for _, p := range ps {
		if err := insertWholePlan(ctx, t, p); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) restoreChanges(ctx context.Context, cs []geo.Change) error {
	t.touch("changes", false)
	for _, c := range cs {
		if _, err := t.ExecContext(ctx, restoreChange, c.Sequence, stamp(c.At), c.Kind, c.ID, c.Version, c.Actor); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) restoreHistories(ctx context.Context, es []dispatch.Entry) error {
	for _, e := range es {
		if err := t.addHistory(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/job"
)

// A tiling is the grids and district outlines that a draft, an edition or both of them
// name. Rows of a tiling that nobody names are in no layer and in no answer: a large
// draft is laid out there in short steps, and the last step names it.

const (
	beginTiling   = `INSERT INTO tilings (laid_at) VALUES (?1)`
	renewTiling   = `UPDATE tilings SET laid_at = ?2 WHERE id = ?1 AND laid_at <> ''`
	leaveTiling   = `UPDATE tilings SET draft = NULL, laid_at = '' WHERE draft = ?1 AND id <> ?2`
	nameTiling    = `UPDATE tilings SET draft = coalesce(?2, draft), edition = coalesce(?3, edition) WHERE id = ?1`
	publishTiling = `UPDATE tilings SET edition = ?2 WHERE draft = ?1`
	ownTiling     = `SELECT id FROM tilings WHERE draft = ?1 AND edition IS NULL`
	boundTiling   = `UPDATE tilings SET grids_min_x = ?2, grids_max_x = ?3, grids_min_y = ?4, grids_max_y = ?5,
		districts_min_x = ?6, districts_max_x = ?7, districts_min_y = ?8, districts_max_y = ?9 WHERE id = ?1`
	tilingExtent = `UPDATE gpkg_contents SET (min_x, max_x, min_y, max_y) = (SELECT min(%[2]s_min_x), max(%[2]s_max_x),
		min(%[2]s_min_y), max(%[2]s_max_y) FROM tilings WHERE %[3]s IS NOT NULL), last_change = ?1 WHERE table_name = '%[1]s'`

	findTilingGrid      = `SELECT tiling, ` + gridColumns + ` FROM tiling_grids WHERE tiling = ?1 AND code = ?2`
	findTilingOutline   = `SELECT tiling, code, name, households, geom FROM tiling_districts WHERE tiling = ?1 AND code = ?2`
	listDraftGrids      = `SELECT ` + gridColumns + ` FROM tiling_grids WHERE tiling = (SELECT id FROM tilings WHERE draft = ?1) ORDER BY code`
	listDraftOutlines   = `SELECT code, name, households, geom FROM tiling_districts WHERE tiling = (SELECT id FROM tilings WHERE draft = ?1) ORDER BY code`
	listGrids           = `SELECT ` + gridColumns + ` FROM tiling_grids WHERE tiling = (SELECT id FROM tilings WHERE edition = ?1) ORDER BY code`
	listEditionOutlines = `SELECT code, name, households, geom FROM tiling_districts WHERE tiling = (SELECT id FROM tilings WHERE edition = ?1) ORDER BY code`
)

// tilingGrids are the rows of a tiling's grids; of those of a draft only those that
// differ are written.
func tilingGrids(draft string, tiling int64) records[district.Grid] {
	return records[district.Grid]{
		noun: "draft " + draft + " grid", table: "tiling_grids", keyed: 2, unnamed: 1, silent: true, find: findTilingGrid,
		bind: func(g district.Grid) ([]any, error) {
			values, err := gridValues(g)
			return append([]any{tiling}, values...), err
		},
	}
}

// tilingOutlines are the rows of a tiling's district outlines.
func tilingOutlines(draft string, tiling int64) records[geo.District] {
	return records[geo.District]{
		noun: "draft " + draft + " district", table: "tiling_districts", keyed: 2, unnamed: 1, silent: true, find: findTilingOutline,
		bind: func(d geo.District) ([]any, error) {
			values, err := outlineValues(d)
			return append([]any{tiling}, values...), err
		},
	}
}

// tiles are a tiling laid out on a bench.
type tiles struct {
	grids        *staged[district.Grid]
	outlines     *staged[geo.District]
	inner, outer box // of the grids, of the outlines
}

func layTiles(ctx context.Context, b *bench, tiling int64, d district.Draft) (l tiles, err error) {
	if l.grids, err = layWhole(ctx, b, tilingGrids(d.ID, tiling), d.Grids); err != nil {
		return l, err
	}
	if l.outlines, err = layWhole(ctx, b, tilingOutlines(d.ID, tiling), d.Districts); err != nil {
		return l, err
	}
	l.inner, l.outer = nowhere, nowhere
	for _, g := range d.Grids {
		l.inner = l.inner.over(g.Outline)
	}
	for _, o := range d.Districts {
		l.outer = l.outer.over(o.Outline)
	}
	return l, nil
}

// over is the box that holds a geometry too.
func (b box) over(g orb.Geometry) box {
	if o := g.Bound(); !o.IsEmpty() {
		return b.union(box{o.Min[0], o.Max[0], o.Min[1], o.Max[1]})
	}
	return b
}

// sides are the values of a box, null for nowhere.
func (b box) sides() []any {
	if b == nowhere {
		return make([]any, 4)
	}
	return []any{b[0], b[1], b[2], b[3]}
}

// tilingOf is the tiling that is a draft's alone, 0 where it has none that may change.
func tilingOf(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, draft string) (id int64, err error) {
	err = q.QueryRowContext(ctx, ownTiling, draft).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// changeTiling makes a draft's own tiling hold what was laid out and compared.
func (t *tx) changeTiling(ctx context.Context, id int64, l tiles, at time.Time) error {
	for _, change := range []func() error{
		func() error { _, err := l.grids.settle(ctx, t); return err },
		func() error { _, err := l.grids.retire(ctx, t, at, []any{id}); return err },
		func() error { _, err := l.outlines.settle(ctx, t); return err },
		func() error { _, err := l.outlines.retire(ctx, t, at, []any{id}); return err },
	} {
		if err := change(); err != nil {
			return err
		}
	}
	return t.bound(ctx, id, l)
}

// bound keeps the boxes of a tiling, from which the extents of the layers follow.
func (t *tx) bound(ctx context.Context, id int64, l tiles) error {
	t.named = true
	_, err := t.ExecContext(ctx, boundTiling, append(append([]any{id}, l.inner.sides()...), l.outer.sides()...)...)
	return err
}

// name gives a whole tiling to a draft, an edition or, where nil, not to one.
func (t *tx) name(ctx context.Context, id int64, l tiles, draft, edition any) error {
	if draft != nil {
		if _, err := t.ExecContext(ctx, leaveTiling, draft, id); err != nil {
			return err
		}
	}
	if _, err := t.ExecContext(ctx, nameTiling, id, draft, edition); err != nil {
		return err
	}
	return t.bound(ctx, id, l)
}

// saveTilingExtents brings gpkg_contents up to date for the layers of tilings.
func (t *tx) saveTilingExtents(ctx context.Context) error {
	for _, layer := range [][3]string{{"draft_grids", "grids", "draft"}, {"draft_districts", "districts", "draft"},
		{"grids", "grids", "edition"}, {"edition_districts", "districts", "edition"}, {"blocks", "blocks", "station"}} {
		if _, err := t.ExecContext(ctx, fmt.Sprintf(tilingExtent, layer[0], layer[1], layer[2]), stamp(time.Now())); err != nil {
			return err
		}
	}
	return nil
}

// lastsFor is how long a tiling that nobody names is left to the program that lays it
// out, after its last step. A program that slept longer finds it gone: ErrBusy.
const lastsFor = time.Minute

// tile is one kind of what hangs on a tiling, laid out on a bench.
type tile interface {
	waiting() int                                         // values that no step took
	take(most int)                                        // chooses those of the present step
	addTo(ctx context.Context, t *tx, tiling int64) error // adds them
}

// keepTiling begins a tiling where the id is 0, else goes on with one.
func (t *tx) keepTiling(ctx context.Context, id int64) (int64, error) {
	if id == 0 {
		begun, err := t.ExecContext(ctx, beginTiling, stamp(time.Now()))
		if err != nil {
			return 0, err
		}
		return begun.LastInsertId()
	}
	kept, err := affected(t.ExecContext(ctx, renewTiling, id, stamp(time.Now())))
	if err == nil && kept == 0 {
		err = fmt.Errorf("what was laid out is swept away: %w", geo.ErrBusy)
	}
	return id, err
}

// landTiles lays a new tiling in steps that hold the write lock for about half a second,
// and does in the last of them what names it. When a step fails, nobody sees those
// before it, and the next sweep removes them.
func (s *Store) landTiles(ctx context.Context, b *bench, tiles []tile, last func(t *tx, tiling int64) error) error {
	next := job.Pace{}
	for id := int64(0); ; {
		room, left := next.Next(), 0
		for _, l := range tiles {
			if s.rehearse { // no step would find what the one before it did
				room = l.waiting()
			}
			n := min(room, l.waiting())
			left += l.waiting() - n
			room -= n
			l.take(n)
		}
		as, begun := s, id
		if left > 0 {
			as = s.midway()
		}
		held, err := as.landTimed(ctx, b, func(t *tx) (err error) {
			if begun, err = t.keepTiling(ctx, id); err != nil {
				return err
			}
			for _, l := range tiles {
				if err := l.addTo(ctx, t, begun); err != nil {
					return err
				}
			}
			if left > 0 {
				return nil
			}
			return last(t, begun)
		})
		if err != nil {
			s.forsake(ctx, id)
			return err
		}
		if left == 0 {
			return nil
		}
		id = begun
		next.Took(held)
	}
}

func (p *staged[T]) waiting() int { return len(p.places) - p.taken }

func (p *staged[T]) take(most int) {
	p.only = "0"
	if most > 0 {
		p.only = fmt.Sprintf("place BETWEEN %d AND %d", p.places[p.taken], p.places[p.taken+most-1])
	}
	p.taken += most
}

// addTo adds the rows of the present step to a tiling.
func (p *staged[T]) addTo(ctx context.Context, t *tx, tiling int64) error {
	if p.only == "0" {
		return nil
	}
	if _, err := t.ExecContext(ctx, `UPDATE `+p.laid()+` SET tiling = ?1 WHERE `+p.only, tiling); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM `+p.met()); err != nil {
		return err
	}
	_, err := p.add(ctx, t)
	return err
}

// addWhole adds all of a tiling in the transaction under way, and returns its number.
func (t *tx) addWhole(ctx context.Context, tiles ...tile) (int64, error) {
	id, err := t.keepTiling(ctx, 0)
	for _, l := range tiles {
		l.take(l.waiting())
		if err == nil {
			err = l.addTo(ctx, t, id)
		}
	}
	return id, err
}

package gpkg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/job"
)

const (
	blockColumns    = `id, district, community, compound, households, geom`
	findTilingBlock = `SELECT tiling, ` + blockColumns + ` FROM tiling_blocks WHERE tiling = ?1 AND id = ?2`
	listBlocks      = `SELECT ` + blockColumns + ` FROM tiling_blocks WHERE tiling = (SELECT id FROM tilings WHERE station = 1) ORDER BY id`

	blocksState = `coalesce((SELECT max(sequence) FROM changes), 0), coalesce((SELECT id FROM tilings WHERE station = 1), 0)`
	leaveBlocks = `UPDATE tilings SET station = NULL, laid_at = '' WHERE station = 1 AND id <> ?1`
	nameBlocks  = `UPDATE tilings SET station = 1, blocks_min_x = ?2, blocks_max_x = ?3, blocks_min_y = ?4, blocks_max_y = ?5 WHERE id = ?1`
)

// tilingBlocks are the blocks of a tiling. They are derived from the ground as a whole:
// the log does not name those that go.
func tilingBlocks(tiling int64) records[geo.Block] {
	return records[geo.Block]{
		noun: "block", table: "tiling_blocks", keyed: 2, unnamed: 1, silent: true, find: findTilingBlock,
		bind: func(v geo.Block) ([]any, error) {
			outline, err := encode(v.Outline)
			return []any{tiling, v.ID, v.District, v.Community, v.Compound, v.Households, outline}, err
		},
	}
}

func scanBlock(row scanner) (v geo.Block, err error) {
	var outline []byte
	if err := row.Scan(&v.ID, &v.District, &v.Community, &v.Compound, &v.Households, &outline); err != nil {
		return v, err
	}
	v.Outline, err = decode[orb.Polygon](outline)
	return v, err
}

// SaveBlocks replaces the blocks of the store. Where many differ they are laid out in
// short transactions before the one that shows them.
func (s *Store) SaveBlocks(ctx context.Context, bs []geo.Block, at time.Time) (counts geo.Counts, err error) {
	whole := false
	err = s.onBench(ctx, func(b *bench) error {
		l, err := layBlocks(ctx, b, bs)
		if err != nil {
			return err
		}
		if l.differ == 0 || l.own != 0 && l.differ <= job.FirstStep {
			if counts, err = s.changeBlocks(ctx, b, l, at); !errors.Is(err, errNamed) {
				return err
			}
		}
		whole, counts = true, l.counts
		return s.landTiles(ctx, b, []tile{l}, func(t *tx, tiling int64) error {
			if err := t.nameBlocks(ctx, tiling, bs); err != nil {
				return err
			}
			return t.logImport(ctx, "blocks", counts, at)
		})
	})
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save blocks: %w", err)
	}
	if whole {
		_ = s.sweep(ctx) // the blocks are saved; what is left now is swept the next time
	}
	return counts, nil
}

// laidBlocks are blocks laid out on a bench and compared with those that there are.
type laidBlocks struct {
	*staged[geo.Block]
	blocks []geo.Block
	last   int64 // sequence of the log when they were compared
	own    int64 // tiling of those that there are, 0 for none
	differ int
	counts geo.Counts
}

func layBlocks(ctx context.Context, b *bench, bs []geo.Block) (l laidBlocks, err error) {
	l.blocks = bs
	if err := b.conn.QueryRowContext(ctx, `SELECT `+blocksState).Scan(&l.last, &l.own); err != nil {
		return l, plain(ctx, err)
	}
	if l.staged, err = layWhole(ctx, b, tilingBlocks(l.own), bs); err != nil {
		return l, err
	}
	if l.differ, err = l.differences(ctx, b.conn, l.own); err == nil {
		l.counts, err = l.foretold(ctx, b, l.own)
	}
	return l, plain(ctx, err)
}

// changeBlocks writes what differs into the tiling that there is. Where others wrote since
// the blocks were compared they are compared again; errNamed where they have another
// tiling now.
func (s *Store) changeBlocks(ctx context.Context, b *bench, l laidBlocks, at time.Time) (c geo.Counts, err error) {
	err = s.land(ctx, b, func(t *tx) error {
		var last, own int64
		if err := t.QueryRowContext(ctx, `SELECT `+blocksState).Scan(&last, &own); err != nil || own != l.own {
			return cmp.Or(err, errNamed)
		}
		if last == l.last && l.differ == 0 || own == 0 {
			c = l.counts
			return nil
		}
		if last != l.last {
			if _, err := t.ExecContext(ctx, `DELETE FROM `+l.met()); err != nil {
				return err
			}
			if err := l.meet(ctx, t.Tx); err != nil {
				return err
			}
		}
		if c, err = l.settle(ctx, t); err != nil {
			return err
		}
		if c.Retired, err = l.retire(ctx, t, at, []any{own}); err != nil || c.Added+c.Changed+c.Retired == 0 {
			return err
		}
		if err := t.nameBlocks(ctx, own, l.blocks); err != nil {
			return err
		}
		return t.logImport(ctx, "blocks", c, at)
	})
	return c, err
}

// foretold counts what replacing the rows of a scope will do, once they were met.
func (p *staged[T]) foretold(ctx context.Context, b *bench, scope any) (c geo.Counts, err error) {
	var met, stored int
	err = b.conn.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*), count(*) FILTER (WHERE differs),
		(SELECT count(*) FROM main.%s WHERE %s = ?1) FROM %s`, p.table, p.columns[0], p.met()), scope).Scan(&met, &c.Changed, &stored)
	c.Added, c.Retired, c.Unchanged = len(p.places)-met, stored-met, met-c.Changed
	return c, err
}

// nameBlocks makes a tiling the one that holds the station's blocks.
func (t *tx) nameBlocks(ctx context.Context, tiling int64, bs []geo.Block) error {
	if _, err := t.ExecContext(ctx, leaveBlocks, tiling); err != nil {
		return err
	}
	all := nowhere
	for _, b := range bs {
		all = all.over(b.Outline)
	}
	t.named = true
	_, err := t.ExecContext(ctx, nameBlocks, append([]any{tiling}, all.sides()...)...)
	return err
}

// Blocks lists the blocks by id.
func (s *Store) Blocks(ctx context.Context) ([]geo.Block, error) {
	return readAll(ctx, s, "blocks", listBlocks, scanBlock)
}

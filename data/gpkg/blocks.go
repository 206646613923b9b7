package gpkg

import (
	"cmp"
	"context"
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

	blocksTiling = `SELECT coalesce(max(id), 0) FROM tilings WHERE station = 1`
	leaveBlocks  = `UPDATE tilings SET station = NULL, laid_at = '' WHERE station = 1 AND id <> ?1`
	nameBlocks   = `UPDATE tilings SET station = 1, blocks_min_x = ?2, blocks_max_x = ?3, blocks_min_y = ?4, blocks_max_y = ?5 WHERE id = ?1`
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
		var own int64
		if err := b.conn.QueryRowContext(ctx, blocksTiling).Scan(&own); err != nil {
			return plain(ctx, err)
		}
		p, err := layWhole(ctx, b, tilingBlocks(own), bs)
		if err != nil {
			return err
		}
		differ, err := p.differences(ctx, b.conn, own)
		if err != nil {
			return plain(ctx, err)
		}
		if counts, err = p.foretold(ctx, b, own); err != nil {
			return plain(ctx, err)
		}
		name := func(t *tx, tiling int64) error {
			if err := t.nameBlocks(ctx, tiling, bs); err != nil {
				return err
			}
			return t.logImport(ctx, "blocks", counts, at)
		}
		whole = differ > 0 && (own == 0 || differ > job.FirstStep)
		if whole {
			return s.landTiles(ctx, b, []tile{p}, name)
		}
		return s.land(ctx, b, func(t *tx) error {
			var now int64
			if err := t.QueryRowContext(ctx, blocksTiling).Scan(&now); err != nil || now != own {
				return cmp.Or(err, fmt.Errorf("the blocks were replaced meanwhile: %w", geo.ErrBusy))
			}
			if differ == 0 {
				return nil
			}
			if _, err := p.settle(ctx, t); err != nil {
				return err
			}
			if _, err := p.retire(ctx, t, at, []any{own}); err != nil {
				return err
			}
			return name(t, own)
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

package gpkg

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const (
	blockColumns = `id, district, community, compound, households, geom`
	listBlocks   = `SELECT ` + blockColumns + ` FROM blocks ORDER BY id`
	findBlock    = `SELECT ` + blockColumns + ` FROM blocks WHERE id = ?1`
	insertBlock  = `INSERT INTO blocks (` + blockColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	updateBlock  = `UPDATE blocks SET district = ?2, community = ?3, compound = ?4, households = ?5, geom = ?6 WHERE id = ?1`
)

// blocks are derived from the ground as a whole: the log does not name those that go.
var blocks = records[geo.Block]{
	noun: "block", table: "blocks", layer: true, keyed: 1, silent: true,
	find: findBlock, insert: insertBlock, update: updateBlock,
	bind: func(v geo.Block) ([]any, error) {
		outline, err := encode(v.Outline)
		return []any{v.ID, v.District, v.Community, v.Compound, v.Households, outline}, err
	},
}

func scanBlock(row scanner) (v geo.Block, err error) {
	var outline []byte
	if err := row.Scan(&v.ID, &v.District, &v.Community, &v.Compound, &v.Households, &outline); err != nil {
		return v, err
	}
	v.Outline, err = decode[orb.Polygon](outline)
	return v, err
}

// SaveBlocks replaces the blocks of the store.
func (s *Store) SaveBlocks(ctx context.Context, bs []geo.Block, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, blocks, bs, at)
}

// Blocks lists the blocks by id.
func (s *Store) Blocks(ctx context.Context) ([]geo.Block, error) {
	return readAll(ctx, s, "blocks", listBlocks, scanBlock)
}

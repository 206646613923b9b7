package postgis

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
)

const (
	listDistricts   = `SELECT code, name, households, geom FROM gridbeat.districts WHERE station = $1 ORDER BY code COLLATE "C"`
	listCommunities = `SELECT code, name, district, households, geom FROM gridbeat.communities
		WHERE station = $1 ORDER BY code COLLATE "C"`
	listCompounds = `SELECT id, name, origin, households, geom FROM gridbeat.compounds
		WHERE station = $1 ORDER BY id COLLATE "C"`
	listBuildings = `SELECT id, kind, name, levels, households, households_source, compound, outline, geom FROM gridbeat.buildings
		WHERE station = $1 ORDER BY id COLLATE "C"`
	listBlocks = `SELECT id, district, community, compound, households, geom FROM gridbeat.blocks
		WHERE station = $1 ORDER BY id COLLATE "C"`
)

var districts = records[geo.District]{
	noun: "district", table: "districts", keyed: 1,
	columns: []string{"code", "name", "households", "geom"},
	bind:    outlineValues,
}

// outlineValues are the values of code, name, households, geom.
func outlineValues(d geo.District) ([]any, error) {
	outline, err := toWire(d.Outline)
	return []any{d.Code, d.Name, d.Households, outline}, err
}

func scanDistrict(row pgx.CollectableRow) (v geo.District, err error) {
	err = row.Scan(&v.Code, &v.Name, &v.Households, shapeOf(&v.Outline))
	return v, err
}

var communities = records[geo.Community]{
	noun: "community", table: "communities", keyed: 1,
	columns: []string{"code", "name", "district", "households", "geom"},
	bind: func(v geo.Community) ([]any, error) {
		outline, err := toWire(v.Outline)
		return []any{v.Code, v.Name, v.District, known(v.Households), outline}, err
	},
}

func scanCommunity(row pgx.CollectableRow) (v geo.Community, err error) {
	var households *int
	err = row.Scan(&v.Code, &v.Name, &v.District, &households, shapeOf(&v.Outline))
	v.Households = orZero(households)
	return v, err
}

var compounds = records[geo.Compound]{
	noun: "compound", table: "compounds", keyed: 1,
	columns: []string{"id", "name", "origin", "households", "geom"},
	bind: func(v geo.Compound) ([]any, error) {
		outline, err := toWire(v.Outline)
		return []any{v.ID, v.Name, v.Origin, v.Households, outline}, err
	},
}

func scanCompound(row pgx.CollectableRow) (v geo.Compound, err error) {
	err = row.Scan(&v.ID, &v.Name, &v.Origin, &v.Households, shapeOf(&v.Outline))
	return v, err
}

var buildings = records[geo.Building]{
	noun: "building", table: "buildings", keyed: 1,
	columns: []string{"id", "kind", "name", "levels", "households", "households_source", "compound", "outline", "geom"},
	bind: func(v geo.Building) ([]any, error) {
		at, err := toWire(v.At)
		outline, outlineErr := toWire(v.Outline)
		return []any{v.ID, v.Kind, v.Name, known(v.Levels), v.Households, v.Source, v.Compound, outline, at},
			errors.Join(err, outlineErr)
	},
}

func scanBuilding(row pgx.CollectableRow) (v geo.Building, err error) {
	var levels *float64
	err = row.Scan(&v.ID, &v.Kind, &v.Name, &levels, &v.Households, &v.Source, &v.Compound, shapeOf(&v.Outline), shapeOf(&v.At))
	v.Levels = orZero(levels)
	return v, err
}

// blocks are derived from the ground as a whole: the log does not name those that go.
var blocks = records[geo.Block]{
	noun: "block", table: "blocks", keyed: 1, silent: true,
	columns: []string{"id", "district", "community", "compound", "households", "geom"},
	bind: func(v geo.Block) ([]any, error) {
		outline, err := toWire(v.Outline)
		return []any{v.ID, v.District, v.Community, v.Compound, v.Households, outline}, err
	},
}

func scanBlock(row pgx.CollectableRow) (v geo.Block, err error) {
	err = row.Scan(&v.ID, &v.District, &v.Community, &v.Compound, &v.Households, shapeOf(&v.Outline))
	return v, err
}

// SaveDistricts replaces the districts of the station.
func (s *Store) SaveDistricts(ctx context.Context, ds []geo.District, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, districts, ds, at)
}

// SaveCommunities replaces the communities of the station.
func (s *Store) SaveCommunities(ctx context.Context, cs []geo.Community, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, communities, cs, at)
}

// SaveCompounds replaces the compounds of the station.
func (s *Store) SaveCompounds(ctx context.Context, cs []geo.Compound, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, compounds, cs, at)
}

// SaveBuildings replaces the buildings of the station. Their tags are not kept.
func (s *Store) SaveBuildings(ctx context.Context, bs []geo.Building, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, buildings, bs, at)
}

// Districts lists the districts by code.
func (s *Store) Districts(ctx context.Context) ([]geo.District, error) {
	return readAll(ctx, s, "districts", listDistricts, scanDistrict)
}

// Communities lists the communities by code.
func (s *Store) Communities(ctx context.Context) ([]geo.Community, error) {
	return readAll(ctx, s, "communities", listCommunities, scanCommunity)
}

// Compounds lists the compounds by id.
func (s *Store) Compounds(ctx context.Context) ([]geo.Compound, error) {
	return readAll(ctx, s, "compounds", listCompounds, scanCompound)
}

// Buildings lists the buildings by id.
func (s *Store) Buildings(ctx context.Context) ([]geo.Building, error) {
	return readAll(ctx, s, "buildings", listBuildings, scanBuilding)
}

// SaveBlocks replaces the blocks of the station.
func (s *Store) SaveBlocks(ctx context.Context, bs []geo.Block, at time.Time) (geo.Counts, error) {
	return importAll(ctx, s, blocks, bs, at)
}

// Blocks lists the blocks by id.
func (s *Store) Blocks(ctx context.Context) ([]geo.Block, error) {
	return readAll(ctx, s, "blocks", listBlocks, scanBlock)
}

package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const (
	listStreets = `SELECT id, name, name_en, class, tags, nodes, geom FROM gridbeat.streets
		WHERE station = $1 ORDER BY id COLLATE "C"`
	listPosts        = `SELECT node, tags, geom FROM gridbeat.posts WHERE station = $1 ORDER BY node`
	listRestrictions = `SELECT id, kind, from_street, via_node, via_streets, to_street, exceptions FROM gridbeat.restrictions
		WHERE station = $1 ORDER BY id COLLATE "C"`
	listBarriers = `SELECT id, kind, geom FROM gridbeat.barriers WHERE station = $1 ORDER BY id COLLATE "C", part`
)

var streets = records[geo.Street]{
	noun: "street", table: "streets", keyed: 1,
	columns: []string{"id", "name", "name_en", "class", "main", "oneway", "length_metres", "tags", "nodes", "geom"},
	bind: func(v geo.Street) ([]any, error) {
		line, err := toWire(v.Line)
		return []any{v.ID, v.Name, v.NameEn, v.Class, v.Main(), v.OneWay(), float64(geo.Length(v.Line)),
			tagTable(v.Tags), list(v.Nodes), line}, err
	},
}

func scanStreet(row pgx.CollectableRow) (v geo.Street, err error) {
	err = row.Scan(&v.ID, &v.Name, &v.NameEn, &v.Class, &v.Tags, &v.Nodes, shapeOf(&v.Line))
	return v, err
}

var posts = records[geo.Post]{
	noun: "post", table: "posts", keyed: 1, keyText: "'n' || t.node",
	columns: []string{"node", "tags", "geom"},
	bind: func(v geo.Post) ([]any, error) {
		at, err := toWire(v.At)
		return []any{v.Node, tagTable(v.Tags), at}, err
	},
}

func scanPost(row pgx.CollectableRow) (v geo.Post, err error) {
	err = row.Scan(&v.Node, &v.Tags, shapeOf(&v.At))
	return v, err
}

var restrictions = records[geo.Restriction]{
	noun: "restriction", table: "restrictions", keyed: 1,
	columns: []string{"id", "kind", "from_street", "via_node", "via_streets", "to_street", "exceptions"},
	bind: func(v geo.Restriction) ([]any, error) {
		return []any{v.ID, v.Kind, v.From, known(v.ViaNode), list(v.ViaWays), v.To, list(v.Except)}, nil
	},
}

func scanRestriction(row pgx.CollectableRow) (v geo.Restriction, err error) {
	var via *int64
	err = row.Scan(&v.ID, &v.Kind, &v.From, &via, &v.ViaWays, &v.To, &v.Except)
	v.ViaNode = orZero(via)
	return v, err
}

// barrierPart is one line of a barrier: a map may draw one as several lines.
type barrierPart struct {
	geo.Barrier
	part int // 1, 2, ...
}

// barrierParts counts the lines of each barrier, in the order given.
func barrierParts(bs []geo.Barrier) []barrierPart {
	parts := make([]barrierPart, len(bs))
	last := map[string]int{}
	for i, b := range bs {
		last[b.ID]++
		parts[i] = barrierPart{b, last[b.ID]}
	}
	return parts
}

var barriers = records[barrierPart]{
	noun: "barrier", table: "barriers", keyed: 2,
	columns: []string{"id", "part", "kind", "geom"},
	bind: func(v barrierPart) ([]any, error) {
		line, err := toWire(v.Line)
		return []any{v.ID, v.part, v.Kind, line}, err
	},
}

func scanBarrier(row pgx.CollectableRow) (v geo.Barrier, err error) {
	err = row.Scan(&v.ID, &v.Kind, shapeOf(&v.Line))
	return v, err
}

// SaveStreets replaces the streets of the station, and with them the posts, turn
// restrictions and barriers of the same map. It counts streets.
func (s *Store) SaveStreets(ctx context.Context, m *geo.StreetMap, at time.Time) (geo.Counts, error) {
	c, err := s.Import(ctx, district.Import{Streets: m}, at)
	return c.Streets, err
}

func (t *tx) saveStreets(ctx context.Context, m *geo.StreetMap, at time.Time) (geo.Counts, error) {
	counts, err := streets.replace(ctx, t, m.Streets, at)
	if err != nil {
		return counts, err
	}
	p, err := posts.replace(ctx, t, m.Posts, at)
	if err != nil {
		return counts, err
	}
	r, err := restrictions.replace(ctx, t, m.Restrictions, at)
	if err != nil {
		return counts, err
	}
	b, err := barriers.replace(ctx, t, barrierParts(m.Barriers), at)
	if err != nil {
		return counts, err
	}
	all := counts
	for _, c := range []geo.Counts{p, r, b} {
		all.Added += c.Added
		all.Changed += c.Changed
		all.Retired += c.Retired
	}
	t.logImport("streets", all, at)
	return counts, nil
}

// Streets lists the streets by id.
func (s *Store) Streets(ctx context.Context) ([]geo.Street, error) {
	return readAll(ctx, s, "streets", listStreets, scanStreet)
}

// Posts lists the posts by node.
func (s *Store) Posts(ctx context.Context) ([]geo.Post, error) {
	return readAll(ctx, s, "posts", listPosts, scanPost)
}

// Restrictions lists the turn restrictions by id.
func (s *Store) Restrictions(ctx context.Context) ([]geo.Restriction, error) {
	return readAll(ctx, s, "restrictions", listRestrictions, scanRestriction)
}

// Barriers lists the barriers by id, the lines of one in the order of the map.
func (s *Store) Barriers(ctx context.Context) ([]geo.Barrier, error) {
	return readAll(ctx, s, "barriers", listBarriers, scanBarrier)
}

// Import writes the parts of an import in one transaction: all or none.
func (s *Store) Import(ctx context.Context, v district.Import, at time.Time) (c district.ImportCounts, err error) {
	err = s.write(ctx, func(t *tx) error {
		c = district.ImportCounts{}
		if v.Streets != nil {
			if c.Streets, err = t.saveStreets(ctx, v.Streets, at); err != nil {
				return err
			}
		}
		if err := importPart(ctx, t, districts, v.Districts, at, &c.Districts); err != nil {
			return err
		}
		if err := importPart(ctx, t, communities, v.Communities, at, &c.Communities); err != nil {
			return err
		}
		if err := importPart(ctx, t, compounds, v.Compounds, at, &c.Compounds); err != nil {
			return err
		}
		if err := importPart(ctx, t, buildings, v.Buildings, at, &c.Buildings); err != nil {
			return err
		}
		if v.Station != nil {
			return t.saveStation(ctx, *v.Station)
		}
		return nil
	})
	if err != nil {
		return district.ImportCounts{}, fmt.Errorf("import: %w", err)
	}
	return c, nil
}

// importPart replaces a collection by its part of an import, if there is one.
func importPart[T any](ctx context.Context, t *tx, r records[T], vs []T, at time.Time, counts *geo.Counts) (err error) {
	if vs == nil {
		return nil
	}
	if *counts, err = r.replace(ctx, t, vs, at); err != nil {
		return err
	}
	t.logImport(r.table, *counts, at)
	return nil
}

package gpkg

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"time"
)

// extent gathers what a write did to the boxes of one layer, so that its extent
// in gpkg_contents can be corrected at the end without reading the whole layer,
// unless something that reached its edge went away.
type extent struct {
	spatial bool
	added   box
	gone    []box
}

// box is min x, max x, min y, max y.
type box [4]float64

var nowhere = box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}

func (b box) union(o box) box {
	return box{min(b[0], o[0]), max(b[1], o[1]), min(b[2], o[2]), max(b[3], o[3])}
}

// reaches reports whether o touches an edge of b from within.
func (b box) reaches(o box) bool {
	return o[0] <= b[0] || o[1] >= b[1] || o[2] <= b[2] || o[3] >= b[3]
}

// touch notes that a table is written to.
func (t *tx) touch(table string, spatial bool) *extent {
	e := t.touched[table]
	if e == nil {
		e = &extent{spatial: spatial, added: nowhere}
		t.touched[table] = e
	}
	return e
}

func (e *extent) add(geometry any) {
	blob, _ := geometry.([]byte)
	if b, empty, err := envelope(blob); err == nil && !empty {
		e.added = e.added.union(b)
	}
}

func (e *extent) drop(geometry any) {
	blob, _ := geometry.([]byte)
	if b, empty, err := envelope(blob); err == nil && !empty {
		e.gone = append(e.gone, b)
	}
}

// lose notes that something within the box went away.
func (e *extent) lose(b box) {
	if b != nowhere {
		e.gone = append(e.gone, b)
	}
}

const (
	selectExtent = `SELECT min_x, max_x, min_y, max_y FROM gpkg_contents WHERE table_name = ?1 AND min_x IS NOT NULL`
	updateExtent = `UPDATE gpkg_contents SET min_x = ?2, max_x = ?3, min_y = ?4, max_y = ?5 WHERE table_name = ?1`
	updateChange = `UPDATE gpkg_contents SET last_change = ?2 WHERE table_name = ?1`
)

// saveContents brings gpkg_contents up to date for every table of the write.
func (t *tx) saveContents(ctx context.Context) error {
	tables := make([]string, 0, len(t.touched))
	for table := range t.touched {
		tables = append(tables, table)
	}
	slices.Sort(tables)
	for _, table := range tables {
		if _, err := t.ExecContext(ctx, updateChange, table, stamp(time.Now())); err != nil {
			return err
		}
		if !t.touched[table].spatial {
			continue
		}
		if err := t.saveExtent(ctx, table, t.touched[table]); err != nil {
			return err
		}
	}
	if t.named {
		return t.saveTilingExtents(ctx)
	}
	return nil
}

func (t *tx) saveExtent(ctx context.Context, table string, e *extent) error {
	whole, err := t.storedExtent(ctx, table)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(e.gone, whole.reaches) {
		whole, err = t.measure(ctx, table)
	} else {
		whole = whole.union(e.added)
	}
	if err != nil {
		return err
	}
	if whole == nowhere {
		_, err = t.ExecContext(ctx, updateExtent, table, nil, nil, nil, nil)
		return err
	}
	_, err = t.ExecContext(ctx, updateExtent, table, whole[0], whole[1], whole[2], whole[3])
	return err
}

func (t *tx) storedExtent(ctx context.Context, table string) (box, error) {
	rows, err := t.QueryContext(ctx, selectExtent, table)
	if err != nil {
		return nowhere, err
	}
	defer rows.Close()
	b := nowhere
	for rows.Next() {
		if err := rows.Scan(&b[0], &b[1], &b[2], &b[3]); err != nil {
			return nowhere, err
		}
	}
	return b, rows.Err()
}

// measure finds the box of all geometries of a layer.
func (t *tx) measure(ctx context.Context, table string) (box, error) {
	return t.boxOf(ctx, `SELECT geom FROM "`+table+`"`)
}

// boxOf finds the box of the geometries that a query gives in its column geom, nowhere
// where there is none.
func (t *tx) boxOf(ctx context.Context, geometries string, args ...any) (box, error) {
	var sides [4]sql.Null[float64]
	err := t.QueryRowContext(ctx, `SELECT min(ST_MinX(geom)), max(ST_MaxX(geom)), min(ST_MinY(geom)), max(ST_MaxY(geom))
		FROM (`+geometries+`)`, args...).Scan(&sides[0], &sides[1], &sides[2], &sides[3])
	if err != nil || !sides[0].Valid {
		return nowhere, err
	}
	return box{sides[0].V, sides[1].V, sides[2].V, sides[3].V}, nil
}

package gpkg

import (
	"context"
	"database/sql"
	"fmt"
)

// Another program may read a live store, and QGIS or ogr2ogr open it by a double click.
// What they wrote would be missing in the change log and could break the tiling, so
// that triggers refuse it in words. They look at a row that only a transaction of ours
// sets, and sets back before it ends: nobody else ever sees it set.
const (
	hasGuard  = `SELECT count(*) FROM sqlite_master WHERE name = 'gridbeat_guard'`
	openGuard = `UPDATE gridbeat_guard SET writing = 1`
	shutGuard = `UPDATE gridbeat_guard SET writing = 0`

	guardedTables = `SELECT name, iif(type = 'view', 'INSTEAD OF', 'BEFORE') FROM sqlite_master
		WHERE type IN ('table', 'view') AND (name IN (SELECT table_name FROM gpkg_contents)
		OR name IN ('users', 'tokens', 'tilings', 'tiling_grids', 'tiling_districts', 'tiling_blocks')) ORDER BY 1`
	guardTable = `CREATE TRIGGER IF NOT EXISTS gridbeat_guard_%[2]s_%[1]s %[3]s %[2]s ON "%[1]s"
		WHEN (SELECT writing FROM gridbeat_guard) = 0
		BEGIN SELECT RAISE(ABORT, 'this is a live gridbeat store and only gridbeat writes to it; work on a copy: gridbeat handout --out COPY.gpkg'); END`
)

// guard puts the triggers on every table and view that programs see, on what the views
// show, and on the accounts, once the schema has the row that they look at.
func guard(ctx context.Context, tx *sql.Tx) error {
	var there int
	if err := tx.QueryRowContext(ctx, hasGuard).Scan(&there); err != nil || there == 0 {
		return err
	}
	type guarded struct{ name, when string }
	tables, err := query(ctx, tx, guardedTables, func(row scanner) (g guarded, err error) {
		err = row.Scan(&g.name, &g.when)
		return g, err
	})
	if err != nil {
		return err
	}
	for _, table := range tables {
		for _, act := range []string{"insert", "update", "delete"} {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(guardTable, table.name, act, table.when)); err != nil {
				return fmt.Errorf("guard table %s: %w", table.name, err)
			}
		}
	}
	return nil
}

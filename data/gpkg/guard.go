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

	guardedTables = `SELECT table_name FROM gpkg_contents
		UNION SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('users', 'tokens') ORDER BY 1`
	guardTable = `CREATE TRIGGER IF NOT EXISTS gridbeat_guard_%[2]s_%[1]s BEFORE %[2]s ON "%[1]s"
		WHEN (SELECT writing FROM gridbeat_guard) = 0
		BEGIN SELECT RAISE(ABORT, 'this is a live gridbeat store and only gridbeat writes to it; work on a copy: gridbeat handout --out COPY.gpkg'); END`
)

// guard puts the triggers on every table that programs see, and on the accounts, once the
// schema has the row that they look at.
func guard(ctx context.Context, tx *sql.Tx) error {
	var there int
	if err := tx.QueryRowContext(ctx, hasGuard).Scan(&there); err != nil || there == 0 {
		return err
	}
	tables, err := query(ctx, tx, guardedTables, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	})
	if err != nil {
		return err
	}
	for _, table := range tables {
		for _, act := range []string{"insert", "update", "delete"} {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(guardTable, table, act)); err != nil {
				return fmt.Errorf("guard table %s: %w", table, err)
			}
		}
	}
	return nil
}

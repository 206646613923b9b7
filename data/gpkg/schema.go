package gpkg

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"gridbeat/geo"
)

// migrations are the numbered steps of the schema. Once released a file is never
// edited; a new one is added.
//
//go:embed migrations/*.sql
var migrations embed.FS

//go:embed index.sql
var indexLayer string

const applicationID = 0x47504B47 // "GPKG"

// prepare checks that the file is ours or new, brings its schema up to date and
// turns on write-ahead logging. A file that is refused is not changed.
func prepare(ctx context.Context, path string, busy time.Duration) error {
	if err := checkFolder(path); err != nil {
		return err
	}
	db := sql.OpenDB(newConnector(path, writing, busy))
	defer db.Close()
	db.SetMaxOpenConns(1)
	applied, err := appliedSteps(ctx, db, path)
	if err != nil {
		return err
	}
	steps, err := schemaSteps()
	if err != nil {
		return err
	}
	newest := steps[len(steps)-1].number
	if version := slices.Max(append(applied, 0)); version > newest {
		return geo.NewInputError(path, geo.Finding{Rule: "store-newer",
			Detail: fmt.Sprintf("the store has schema %d, this gridbeat knows %d", version, newest),
			Remedy: "open it with the gridbeat that wrote it, or a newer one"})
	}
	for _, s := range steps {
		if slices.Contains(applied, s.number) {
			continue
		}
		if err := migrate(ctx, db, s); err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
	}
	_, err = db.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
	return err
}

// schemaStep is one migration. Numbers rise and may have gaps.
type schemaStep struct {
	number int
	file   string
}

func schemaSteps() (all []schemaStep, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, file := range files {
		s := schemaStep{file: file}
		if _, err := fmt.Sscanf(file, "migrations/%d_", &s.number); err != nil {
			return nil, fmt.Errorf("%s: its name begins with no number: %w", file, err)
		}
		all = append(all, s)
	}
	return all, err
}

func checkFolder(path string) error {
	info, err := os.Stat(filepath.Dir(path))
	if err == nil && info.IsDir() {
		return nil
	}
	return geo.NewInputError(path, geo.Finding{Rule: "store-folder",
		Detail: "its folder does not exist or cannot be entered", Remedy: "make the folder first"})
}

// appliedSteps are the steps that the file has behind it, none for a new file.
func appliedSteps(ctx context.Context, db *sql.DB, path string) ([]int, error) {
	var application, tables, ours int
	err := db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_master),
		(SELECT count(*) FROM sqlite_master WHERE name = 'gridbeat_schema')`).Scan(&application, &tables, &ours)
	var broken sqlite3.Error
	switch {
	case errors.As(err, &broken):
		return nil, unreadable(path, broken)
	case err != nil:
		return nil, err
	case tables == 0:
		return nil, nil
	case application != applicationID:
		return nil, notAStore(path, "it is an SQLite file but not a GeoPackage")
	case ours == 0:
		return nil, notAStore(path, "it is a GeoPackage but not a gridbeat store")
	}
	return listSteps(ctx, db)
}

func listSteps(ctx context.Context, db *sql.DB) (numbers []int, err error) {
	rows, err := db.QueryContext(ctx, `SELECT version FROM gridbeat_schema`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, rows.Err()
}

// unreadable says in plain words why SQLite cannot open the file, where it is the
// file's fault.
func unreadable(path string, why sqlite3.Error) error {
	switch why.Code {
	case sqlite3.ErrNotADB:
		return notAStore(path, "it is not a GeoPackage, nor any SQLite file")
	case sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return notAStore(path, "it cannot be opened for writing")
	case sqlite3.ErrCorrupt:
		return geo.NewInputError(path, geo.Finding{Rule: "store-damaged", Detail: "the file is damaged",
			Remedy: "restore it from a backup"})
	}
	return why
}

func notAStore(path, detail string) error {
	return geo.NewInputError(path, geo.Finding{Rule: "store-kind", Detail: detail,
		Remedy: "name another file; gridbeat makes one that does not exist"})
}

// migrate runs one step in one transaction, unless the file has it behind it, and
// gives the tables with geometry that it adds their spatial index.
func migrate(ctx context.Context, db *sql.DB, s schemaStep) error {
	script, err := migrations.ReadFile(s.file)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if done, err := migrated(ctx, tx, s.number); done || err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	if err := indexLayers(ctx, tx); err != nil {
		return err
	}
	if err := guard(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO gridbeat_schema VALUES (?1, ?2, ?3)`,
		s.number, strings.TrimPrefix(s.file, "migrations/"), stamp(time.Now())); err != nil {
		return err
	}
	return tx.Commit()
}

// migrated reports whether the step has run, here or by another program meanwhile.
func migrated(ctx context.Context, tx *sql.Tx, version int) (bool, error) {
	var ours, done int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'gridbeat_schema'`).Scan(&ours)
	if err != nil || ours == 0 {
		return false, err
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM gridbeat_schema WHERE version = ?1`, version).Scan(&done)
	return done > 0, err
}

const tablesWithoutIndex = `SELECT name FROM sqlite_master t
	WHERE type = 'table' AND (name IN ('tiling_grids', 'tiling_districts', 'tiling_blocks') OR name IN (SELECT table_name FROM gpkg_geometry_columns))
	AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'rtree_' || t.name || '_geom') ORDER BY name`

func indexLayers(ctx context.Context, tx *sql.Tx) error {
	layers, err := query(ctx, tx, tablesWithoutIndex, func(row scanner) (name string, err error) {
		return name, row.Scan(&name)
	})
	if err != nil {
		return err
	}
	for _, layer := range layers {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(indexLayer, layer)); err != nil {
			return fmt.Errorf("index table %s: %w", layer, err)
		}
	}
	return nil
}

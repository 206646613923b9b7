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
	version, err := schemaVersion(ctx, db, path)
	if err != nil {
		return err
	}
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if version > len(steps) {
		return geo.NewInputError(path, geo.Finding{Rule: "store-newer",
			Detail: fmt.Sprintf("the store has schema %d, this gridbeat knows %d", version, len(steps)),
			Remedy: "open it with the gridbeat that wrote it, or a newer one"})
	}
	for n, file := range steps[version:] {
		if err := migrate(ctx, db, version+n+1, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	_, err = db.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
	return err
}

func checkFolder(path string) error {
	info, err := os.Stat(filepath.Dir(path))
	if err == nil && info.IsDir() {
		return nil
	}
	return geo.NewInputError(path, geo.Finding{Rule: "store-folder",
		Detail: "its folder does not exist or cannot be entered", Remedy: "make the folder first"})
}

// schemaVersion is the number of steps that the file has behind it, 0 for a new
// file.
func schemaVersion(ctx context.Context, db *sql.DB, path string) (version int, err error) {
	var application, tables, ours int
	err = db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_master),
		(SELECT count(*) FROM sqlite_master WHERE name = 'gridbeat_schema')`).Scan(&application, &tables, &ours)
	var broken sqlite3.Error
	switch {
	case errors.As(err, &broken):
		return 0, unreadable(path, broken)
	case err != nil:
		return 0, err
	case tables == 0:
		return 0, nil
	case application != applicationID:
		return 0, notAStore(path, "it is an SQLite file but not a GeoPackage")
	case ours == 0:
		return 0, notAStore(path, "it is a GeoPackage but not a gridbeat store")
	}
	err = db.QueryRowContext(ctx, `SELECT max(version) FROM gridbeat_schema`).Scan(&version)
	return version, err
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

// migrate runs one step in one transaction, and gives the layers that it adds
// their spatial index.
func migrate(ctx context.Context, db *sql.DB, version int, file string) error {
	script, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if done, err := migrated(ctx, tx, version); done || err != nil {
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
		version, strings.TrimPrefix(file, "migrations/"), stamp(time.Now())); err != nil {
		return err
	}
	return tx.Commit()
}

// migrated reports whether another program ran the step while this one waited.
func migrated(ctx context.Context, tx *sql.Tx, version int) (bool, error) {
	var ours, done int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'gridbeat_schema'`).Scan(&ours)
	if err != nil || ours == 0 {
		return false, err
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM gridbeat_schema WHERE version >= ?1`, version).Scan(&done)
	return done > 0, err
}

const layersWithoutIndex = `SELECT table_name FROM gpkg_geometry_columns
	WHERE table_name NOT IN (SELECT table_name FROM gpkg_extensions) ORDER BY table_name`

func indexLayers(ctx context.Context, tx *sql.Tx) error {
	layers, err := query(ctx, tx, layersWithoutIndex, func(row scanner) (name string, err error) {
		return name, row.Scan(&name)
	})
	if err != nil {
		return err
	}
	for _, layer := range layers {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(indexLayer, layer)); err != nil {
			return fmt.Errorf("index layer %s: %w", layer, err)
		}
	}
	return nil
}

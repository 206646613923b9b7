package gpkg

import (
	"context"
	"database/sql"
	_ "embed" // the script
	"fmt"
	"time"

	"gridbeat/data/archive"
)

// handedOut are the tables of a hand-out, beside those of the standard. Every other one
// is dropped, whoever made it: people, accounts, incidents, positions, drafts and jobs
// are nobody else's, and logs and guards mean nothing in a copy.
var handedOut = []string{
	"districts", "communities", "compounds", "blocks", "buildings", "streets", "posts", "barriers", "restrictions",
	"editions", "grids", "edition_districts", "plans", "patrols", "missed", "coverage", "station",
}

// plainLayers turns the views that are handed out into tables.
//
//go:embed handout.sql
var plainLayers string

const (
	// Tables that others are made of, such as those of the spatial indexes, go with them.
	ownTables = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'gpkg\_%' ESCAPE '\' AND name NOT LIKE 'rtree\_%\_geom' ESCAPE '\'`
	guardTriggers = `SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'gridbeat\_guard\_%' ESCAPE '\'`
)

// WriteHandOut writes the layers of an archive as a GeoPackage for others to work
// with: an ordinary file, no longer a store. The file must not be there yet; on an
// error there may be part of one.
func WriteHandOut(ctx context.Context, path string, a archive.Archive) error {
	a.People, a.Users, a.Tokens, a.Units, a.Shifts, a.Notices = nil, nil, nil, nil, nil, nil
	a.Incidents, a.Histories, a.Positions, a.Drafts, a.Edits = nil, nil, nil, nil, nil
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	err = s.Restore(ctx, a)
	if closing := s.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = strip(ctx, path)
	}
	if err != nil {
		return fmt.Errorf("hand-out: %w", err)
	}
	return nil
}

// strip makes an ordinary GeoPackage of a store.
func strip(ctx context.Context, path string) error {
	db := sql.OpenDB(newConnector(path, writing, time.Second))
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `PRAGMA journal_mode = DELETE`); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, plainLayers); err != nil {
		return fmt.Errorf("make tables of views: %w", err)
	}
	if err := indexLayers(ctx, tx); err != nil {
		return err
	}
	drops, err := dropStatements(ctx, tx)
	if err != nil {
		return err
	}
	for _, drop := range drops {
		if _, err := tx.ExecContext(ctx, drop); err != nil {
			return fmt.Errorf("%s: %w", drop, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM`)
	return err
}

func dropStatements(ctx context.Context, tx *sql.Tx) ([]string, error) {
	name := func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}
	triggers, err := query(ctx, tx, guardTriggers, name)
	if err != nil {
		return nil, err
	}
	tables, err := query(ctx, tx, ownTables, name)
	if err != nil {
		return nil, err
	}
	keep := map[string]bool{}
	for _, t := range handedOut {
		keep[t] = true
	}
	var drops []string
	for _, t := range triggers {
		drops = append(drops, fmt.Sprintf(`DROP TRIGGER "%s"`, t))
	}
	for _, t := range tables {
		if keep[t] {
			continue
		}
		for _, core := range []string{"gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"} {
			drops = append(drops, fmt.Sprintf(`DELETE FROM %s WHERE table_name = '%s'`, core, t))
		}
		drops = append(drops, fmt.Sprintf(`DROP TABLE IF EXISTS "rtree_%s_geom"`, t), fmt.Sprintf(`DROP TABLE "%s"`, t))
	}
	return drops, nil
}

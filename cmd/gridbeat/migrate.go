package main

import (
	"context"
	"fmt"

	"gridbeat/data/postgis"
)

// migrateCmd makes a store, or brings one of an older version up to date.
type migrateCmd struct {
	storeFlag
}

// Run does the command.
func (m *migrateCmd) Run(ctx context.Context, con *console) error {
	if m.server() {
		return m.prepare(ctx, con)
	}
	isNew := !m.exists()
	err := m.make(ctx, func(store) error { return nil })
	if err != nil {
		return err
	}
	if isNew {
		return con.result(map[string]any{"store": m.Store, "made": true}, "made "+m.Store)
	}
	return con.result(map[string]any{"store": m.Store, "made": false}, m.Store+" is up to date")
}

// prepare brings the schema of a database up to date.
func (m *migrateCmd) prepare(ctx context.Context, con *console) error {
	done, err := postgis.Migrate(ctx, m.Store)
	if err != nil {
		return err
	}
	said := "the database is up to date"
	if len(done) > 0 {
		said = fmt.Sprintf("the database is up to date: %d steps ran, the last is %d; "+
			"GRANT gridbeat_app TO the role that gridbeat runs under", len(done), done[len(done)-1])
	}
	return con.result(map[string]any{"steps": len(done)}, said)
}

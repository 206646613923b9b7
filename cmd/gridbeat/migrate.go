package main

import "context"

// migrateCmd makes a store, or brings one of an older version up to date.
type migrateCmd struct {
	storeFlag
}

// Run does the command.
func (m *migrateCmd) Run(ctx context.Context, con *console) error {
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

package geo

import (
	"context"
	"time"
)

// Change is one entry of the change log: every write of a store appends one in the
// same transaction. Live events, audit and caches read that log.
type Change struct {
	Sequence int64 // rising, gaps allowed
	At       time.Time
	Actor    string // who did it, "" where nobody said
	Kind     string // what was done to what: "streets.imported", "edition.published", "incident.created"...
	ID       string // id of the thing, or "" for a whole collection
	Version  int
}

type actorKey struct{}

// ActingAs returns a context whose writes the change log puts down to an actor: an
// account, a unit, a command.
func ActingAs(ctx context.Context, actor string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// Actor is who acts in a context, "" where nobody said.
func Actor(ctx context.Context) string {
	actor, _ := ctx.Value(actorKey{}).(string)
	return actor
}

// Counts tells what an import did to a collection, by stable id.
type Counts struct {
	Added, Changed, Retired, Unchanged int
}

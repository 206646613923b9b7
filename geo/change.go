package geo

import "time"

// Change is one entry of the change log: every write of a store appends one in the
// same transaction. Live events, audit and caches read that log.
type Change struct {
	Sequence int64 // rising, gaps allowed
	At       time.Time
	Kind     string // "streets.imported", "edition.published", "incident.created"...
	ID       string // id of the thing, or "" for a whole collection
	Version  int
}

// Counts tells what an import did to a collection, by stable id.
type Counts struct {
	Added, Changed, Retired, Unchanged int
}

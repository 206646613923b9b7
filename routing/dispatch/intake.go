package dispatch

import "time"

// Intake is how a new incident came in.
type Intake struct {
	Day         string // of its number, see Day
	Actor       string // who filed it
	Key         string // idempotency key, "" for none
	Fingerprint string // of the request that the key stands for
	At          time.Time
}

// KeyLifetime is how long an idempotency key is remembered.
const KeyLifetime = 48 * time.Hour

// Query chooses incidents, the newest first. The zero value asks for all.
type Query struct {
	Category, State, Grid, District string // "" for any
	Open                            bool   // only those on which somebody still has to act
	After                           Cursor // go on behind this one
	Limit                           int    // at most, 0 for all
}

// Cursor is the place of an incident in the order of Query.
type Cursor struct {
	ReportedAt time.Time
	ID         string // "" is before the first
}

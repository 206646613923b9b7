package geo

import (
	"fmt"
	"time"
)

// Next is a value that is to be saved as the next version of a record. What of it may be
// saved, and what the change log then tells, is decided here, for every store.
type Next struct {
	Noun    string // what it is: "draft", "user"...
	ID      string
	Version int
}

// Follows says why the value cannot be saved over a stored version, 0 for none; nil when
// it can: its version is one more. Any other version was made of something else than
// what is stored, which is ErrStale.
func (n Next) Follows(stored int) error {
	switch {
	case n.ID == "":
		return NewInputError("store", Finding{Rule: n.Noun + "-refused", Feature: n.Noun,
			Detail: "it has no id", Remedy: "give it one and save again"})
	case n.Version != stored+1:
		return fmt.Errorf("version %d is stored, %d was to be saved: %w", stored, n.Version, ErrStale)
	}
	return nil
}

// Saved is the entry that the change log gets with it, such as user.saved.
func (n Next) Saved(at time.Time) Change {
	return Change{At: at, Kind: n.Noun + ".saved", ID: n.ID, Version: n.Version}
}

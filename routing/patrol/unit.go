package patrol

import (
	"errors"
	"time"
)

// Unit is who patrols or is sent somewhere: a car, two people on foot. Positions, plans
// and shifts name it by its id.
type Unit struct {
	ID        string
	Name      string
	Profile   string // foot, bicycle, ebike, car
	District  string // code, "" for the whole territory
	Skills    []string
	Retired   bool // it is kept for what it did
	Simulated bool
	Version   int
}

// Shift is a time for which a unit is out, and who they are.
type Shift struct {
	ID        string
	Unit      string // id
	Starts    time.Time
	Ends      time.Time
	People    []string // ids
	Plan      string   // id of the plan whose routes it follows, "" for none
	Cancelled bool
	Simulated bool
	Version   int
}

// Check says why a shift cannot be kept, nil when it can.
func (s Shift) Check() error {
	switch {
	case s.Unit == "":
		return errors.New("it has no unit")
	case s.Starts.IsZero() || !s.Ends.After(s.Starts):
		return errors.New("it ends before it starts")
	}
	return nil
}

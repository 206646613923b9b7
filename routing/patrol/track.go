package patrol

import (
	"time"

	"github.com/paulmach/orb"
)

// Position is one fix of a unit. Simulated fixes are marked and never mixed up
// with real ones.
type Position struct {
	Unit      string
	At        time.Time
	Point     orb.Point
	Accuracy  float64 // metres, 0 when unknown
	Simulated bool
}

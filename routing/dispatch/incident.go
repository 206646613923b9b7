package dispatch

import (
	"time"

	"github.com/paulmach/orb"
)

// Category is what an incident is about.
type Category string

// The categories.
const (
	Hazard    Category = "hazard"
	Dispute   Category = "dispute"
	Inquiry   Category = "inquiry"
	Emergency Category = "emergency"
	Tip       Category = "tip"
	Other     Category = "other"
)

// Categories lists all categories in their fixed order.
var Categories = []Category{Hazard, Dispute, Inquiry, Emergency, Tip, Other}

// Priority is normal or urgent; urgent goes straight to the command room.
type Priority string

// The priorities.
const (
	Normal Priority = "normal"
	Urgent Priority = "urgent"
)

// The clocks of a normal incident: time from its report to the first answer and
// to its closing.
const (
	AnswerWithin = 30 * time.Minute
	CloseWithin  = 24 * time.Hour
)

// Incident is one report and where it stands.
type Incident struct {
	ID          string // opaque, at least 8 characters
	Number      string // for people, such as 20260101-0007
	Category    Category
	Priority    Priority
	State       string // reported, filed, dispatched, answered, on_site, handled, verified, closed, ...
	Point       orb.Point
	Grid        string // code, "" when outside
	District    string
	How         string  // inside, border, nearest, outside
	Metres      float64 // distance outside the territory
	Level       string  // who holds it on the ladder: member, leader, officer, station, command
	Responsible string  // name of the person who answers for it, "" when nobody is known
	Text        string
	ReportedAt  time.Time
	AnswerDueAt time.Time
	CloseDueAt  time.Time
	Version     int
	Simulated   bool
}

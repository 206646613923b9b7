package patrol

import (
	"time"

	"github.com/paulmach/orb"
)

// Plan is a set of routes that together cover every street of an area, and the
// streets that it leaves out with the reason.
type Plan struct {
	ID           string
	CreatedAt    time.Time
	Edition      int      // edition of the grids it was made for, 0 when none
	District     string   // code, "" for the whole territory
	Profile      string   // foot, bicycle, ebike, car
	Units        []string // names, in order
	Depots       []orb.Point
	Shift        time.Duration
	Seed         uint64
	Routes       []Route
	Missed       []Missed
	StreetMetres float64 // length of the streets to cover, inside the area, that can be reached
	RouteMetres  float64
	Shifts       int           // how many shifts it takes
	Bound        time.Duration // no plan for these units can have a shorter longest route, proved; 0 when unknown
	Asked        Asked         // what else it was asked for
	Services     []Served      // how the services that were asked for are kept; not kept in stores
	Renewed      *Renewed      // what it keeps of the plan before, nil where it was made anew; not kept in stores
	Note         string        // how far the search got, in a sentence
}

// Route is what one unit does in one shift: an unbroken line from its depot back to it.
type Route struct {
	Unit    string
	Shift   int // 1, 2, ... where one shift is not enough
	Metres  float64
	Seconds float64
	Depot   orb.Point
	Line    orb.LineString // every vertex of the streets it follows, digits unchanged
	Steps   []Step
}

// Step is one instruction of a route.
type Step struct {
	Street  string // name, "" when unnamed; that of a checkpoint, or of the street before which it waits
	Turn    string // depart, straight, slight_left, left, sharp_left, u_turn, ..., checkpoint, wait, arrive
	Metres  float64
	Seconds float64
	Visit   int // which visit of a street with several begins here, 0 for none
}

// Missed is a street, or a piece of one, that no route of the plan covers.
type Missed struct {
	Street string // street id
	Name   string
	Line   orb.LineString
	Reason string // a kind (unreachable, forbidden, beyond shift), then a sentence
}

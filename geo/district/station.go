package district

import (
	"time"

	"gridbeat/geo"
)

// Station is the tenant: whose territory it is, and what must be said about its data.
type Station struct {
	Name       string // local name
	NameEn     string
	TimeZone   string // IANA, "Asia/Shanghai" by default
	CodePrefix string // 9 digits: 6 of the county and 3 of the street or township; "" is nine zeros
	Bounds     Bounds
	Map        MapSource
	Homes      HomesSource
	Demo       bool   // people, incidents and tracks are simulated
	DemoSeed   uint64 // seed of the simulation
}

// MapSource tells where the streets come from.
type MapSource struct {
	File        string
	Date        string // day of the newest object, "" when not stated
	Attribution string // such as "© OpenStreetMap contributors, ODbL"
}

// HomesSource tells how household counts were got, for the honesty line.
type HomesSource struct {
	Rule         string  // the rule in a sentence
	GivenShare   float64 // shares of all households by source; they sum to 1, or are all 0
	DerivedShare float64
	AssumedShare float64
}

// Ground is all that a plan of grids is drawn from.
type Ground struct {
	Districts   []geo.District
	Communities []geo.Community
	Streets     []geo.Street
	Barriers    []geo.Barrier
	Compounds   []geo.Compound
	Buildings   []geo.Building // with their households
}

// EditionInfo is an edition without its geometry, for lists.
type EditionInfo struct {
	Number     int
	ValidFrom  time.Time
	ValidTo    *time.Time
	Grids      int
	Households int
}

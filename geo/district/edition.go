package district

import (
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// Bounds are the fewest and the most households of a grid.
type Bounds struct {
	Min, Max int
}

// DefaultBounds are 150 to 500 households.
var DefaultBounds = Bounds{Min: 150, Max: 500}

// Grid is one polygon of one district with its household count.
type Grid struct {
	Code       string // 15 digits by default; never re-used
	Name       string
	District   string // code
	Community  string // code, "" where there are none
	Households int
	Exceptions []string // each a kind (over:building, under:pocket, under:barrier, multipart), then a sentence
	Outline    orb.Polygon
	Locked     bool // a planner keeps its outline, its code and its name: a re-plan leaves them as they are
}

// Draft is an editable set of grids.
type Draft struct {
	ID        string
	Seed      uint64
	Bounds    Bounds
	CreatedAt time.Time
	Version   int
	Grids     []Grid         // sorted by code
	Districts []geo.District // outlines carry every vertex of the grids' borders
}

// Edition is a published, dated, immutable set of grids.
type Edition struct {
	Number    int // 1, 2, ...
	ValidFrom time.Time
	ValidTo   *time.Time // nil while in force
	Bounds    Bounds
	Grids     []Grid         // sorted by code
	Districts []geo.District // outlines carry every vertex of the grids' borders
}

// How tells in which way a point got its grid.
type How string

// The ways of Location.
const (
	Inside  How = "inside"  // strictly within the grid
	Border  How = "border"  // on a border or node: the lowest code of the grids that touch it
	Nearest How = "nearest" // outside the territory but within the limit
	Outside How = "outside" // beyond the limit: no grid
)

// Location is the answer to "which grid is this point in?".
type Location struct {
	Grid     string // code, "" when outside
	District string // code, "" when outside
	How      How
	Metres   geo.Metres // distance outside the territory, 0 when inside or on a border
}

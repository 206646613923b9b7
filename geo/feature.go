package geo

import (
	"github.com/paulmach/orb"
)

// Street is one way of the street map, as it was drawn there: uncut, with the
// identity of its nodes, so that two streets meet only where they share a node.
type Street struct {
	ID     string            // stable: "w" and the OpenStreetMap way id
	Name   string            // local name, "" when unnamed
	NameEn string            // English name, "" when unknown
	Class  string            // OpenStreetMap's highway value
	Tags   map[string]string // the tags that profiles judge: access, foot, motor_vehicle, oneway, service, bridge, layer...
	Nodes  []int64           // node identities, one for each vertex of Line
	Line   orb.LineString    // lon, lat; at least two vertices
}

var mainClass = map[string]bool{
	"motorway": true, "motorway_link": true, "trunk": true, "trunk_link": true,
	"primary": true, "primary_link": true, "secondary": true, "secondary_link": true,
	"tertiary": true, "tertiary_link": true,
}

// Main reports whether the street is an axis road: tertiary and above, with links.
func (s Street) Main() bool { return mainClass[s.Class] }

// OneWay tells the direction that motor vehicles must keep: 1 along the line, -1
// against it, 0 both ways.
func (s Street) OneWay() int {
	switch s.Tags["oneway"] {
	case "yes", "true", "1":
		return 1
	case "-1", "reverse":
		return -1
	case "":
		j := s.Tags["junction"]
		if j == "roundabout" || j == "circular" || s.Class == "motorway" || s.Class == "motorway_link" {
			return 1
		}
	}
	return 0
}

// Post is a point on the streets that may stop some traffic (a bollard, a gate).
type Post struct {
	Node int64
	At   orb.Point
	Tags map[string]string // barrier, access, foot, bicycle, motor_vehicle...
}

// Restriction is a turn restriction: from way, via one node or via ways, to way.
type Restriction struct {
	ID      string   // "r" and the relation's id
	Kind    string   // "no_left_turn", "only_straight_on"...
	From    string   // street id
	ViaNode int64    // 0 when the restriction runs over ways
	ViaWays []string // street ids in order, empty when it runs over a node
	To      string   // street id
	Except  []string // vehicle classes that it does not bind
}

// Barrier is a line that people do not cross except on streets: water or rail.
type Barrier struct {
	ID   string // "w..." of the way, or "r..." of the relation
	Kind string // "water" or "rail"
	Line orb.LineString
}

// Landuse is an area of residential land as mapped; it is not yet a compound.
type Landuse struct {
	ID      string
	Name    string
	Walled  bool // a wall or fence is mapped on its outline, or it carries barrier=*
	Gated   bool // a gate node is mapped on its outline, or it carries access=private
	Outline orb.Polygon
}

// Boundary is an administrative area whose every ring closes.
type Boundary struct {
	ID         string // "r" and the relation's id
	Name       string
	AdminLevel int
	Ref        string // an official code where one is mapped, else ""
	Outline    orb.MultiPolygon
}

// HouseholdSource tells where a building's household count comes from.
type HouseholdSource string

// The sources, from the best to the weakest.
const (
	Given   HouseholdSource = "given"   // a table or tag states it
	Derived HouseholdSource = "derived" // from footprint and known levels
	Assumed HouseholdSource = "assumed" // some factor was assumed
)

// Building is a place where households are counted: a mapped building, or a
// counting point (Kind "point") that stands for homes which are not mapped.
// It holds a count, never who lives there.
type Building struct {
	ID         string
	Kind       string            // OpenStreetMap's building value; "point" for a counting point
	Name       string            // "" when unnamed
	Tags       map[string]string // amenity, shop, office, tourism, leisure, building:levels...; not stored
	At         orb.Point         // where it is counted, inside the outline
	Outline    orb.Polygon       // nil for counting points and where only a point is known
	Levels     float64           // storeys above ground; 0 when unknown
	Households int
	Source     HouseholdSource
	Compound   string // id of the compound that holds it, "" when none
}

// Compound is a walled or otherwise closed residential compound: grids keep it
// whole unless it alone holds more than the maximum.
type Compound struct {
	ID         string
	Name       string
	Origin     string // "landuse", "outline" (a building outline that stands for a compound) or "import"
	Outline    orb.Polygon
	Households int // sum over its buildings
}

// Block is the smallest piece of ground that grids are made of: a face of the street map,
// or a compound.
type Block struct {
	ID         string
	District   string // code
	Community  string // code, "" where there are none
	Compound   string // id, "" for a face
	Households int
	Outline    orb.Polygon
}

// District is a police district; grids never cross it.
type District struct {
	Code       string
	Name       string
	Outline    orb.MultiPolygon
	Households int
}

// Community is an optional area inside a district; by default grids do not cross it.
type Community struct {
	Code     string
	Name     string
	District string // code
	Outline  orb.MultiPolygon
	// Households is the known total, spread over the residential floor area; 0 when unknown.
	Households int
}

// StreetMap is what a map file gives: the ground truth before any rule is applied.
type StreetMap struct {
	Source       string    // file name
	Date         string    // date of the newest object, RFC 3339 day, "" when not stated
	Bounds       orb.Bound // stated bounds, else of the streets
	Streets      []Street
	Posts        []Post
	Restrictions []Restriction
	Barriers     []Barrier
	Buildings    []Building // households not yet counted
	Landuse      []Landuse
	Boundaries   []Boundary
	Findings     []Finding // what was broken and left out, told, not fatal
}

package district

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gridbeat/geo"
)

// KindRule tells how many homes a building of one kind holds.
type KindRule struct {
	Levels float64 `json:"levels"` // assumed storeys where none are mapped
	Least  int     `json:"least"`  // homes it holds at least; 0 is none
	Most   int     `json:"most"`   // homes it holds at most; 0 is no limit
}

// HouseholdRule is how household counts are estimated where none are given. Take
// DefaultHouseholdRule and change what is known better; Validate checks it.
type HouseholdRule struct {
	FloorArea        geo.SquareMetres    `json:"floor_area_per_household_m2"` // 92.17 in Chinese cities, about 111 in towns
	ResidentialShare float64             `json:"residential_share"`           // of the floor area of a residential kind that is homes
	UnknownShare     float64             `json:"unknown_share"`               // the same for building=yes without another use
	Kinds            map[string]KindRule `json:"kinds"`                       // the building kinds that hold homes; all others hold none
	LeastFootprint   geo.SquareMetres    `json:"least_footprint_m2"`          // a smaller building holds none
	MostUnknown      geo.SquareMetres    `json:"most_unknown_footprint_m2"`   // building=yes on more ground holds none: a hall

	PlainTowerPlate geo.SquareMetres `json:"plain_tower_plate_m2"` // of building=yes above ten storeys no more footprint counts: the rest is a podium

	OutlineFootprint geo.SquareMetres `json:"outline_footprint_m2"` // a residential outline above it, without levels, is a compound's
	GroundCover      float64          `json:"ground_cover"`         // share of such a compound that is built on
	PointHomes       int              `json:"point_homes"`          // homes aimed at for a counting point on land
	MostPointHomes   int              `json:"most_point_homes"`     // homes at a counting point, at most

	LandHomesPerHectare float64 `json:"land_homes_per_hectare"` // on residential land with few mapped buildings; less where the map's other land shows less
	LandCover           float64 `json:"land_cover"`             // few: mapped buildings cover a smaller share of the land

	StreetHomesPer100m float64    `json:"street_homes_per_100_metres"` // beside residential streets without mapped homes; 0 is none
	StreetSpacing      geo.Metres `json:"street_spacing_metres"`       // between counting points along a street
	StreetOffset       geo.Metres `json:"street_offset_metres"`        // of a counting point from its street
	StreetClear        geo.Metres `json:"street_clear_metres"`         // no point where homes are counted within it
	StreetEvidence     geo.Metres `json:"street_evidence_metres"`      // an unclassified street needs homes within it

	LeastCompoundArea  geo.SquareMetres `json:"least_compound_area_m2"`      // a smaller piece is a sliver
	LeastCompoundWidth geo.Metres       `json:"least_compound_width_metres"` // as is one narrower: twice its area over its border
	MostCrossing       geo.Metres       `json:"most_crossing_street_metres"` // of through streets inside a piece that is still a compound
}

// DefaultHouseholdRule fits a Chinese city: floor area per household of the census
// of 2020, six storeys where none are mapped.
func DefaultHouseholdRule() HouseholdRule {
	return HouseholdRule{
		FloorArea: 92.17, ResidentialShare: 0.8, UnknownShare: 0.5,
		Kinds: map[string]KindRule{
			"apartments": {Levels: 6}, "residential": {Levels: 6}, "dormitory": {Levels: 6},
			"house": {Levels: 2, Least: 1}, "terrace": {Levels: 2, Least: 1},
			"detached": {Levels: 2, Least: 1, Most: 2}, "semidetached_house": {Levels: 2, Least: 1, Most: 2},
			"bungalow": {Levels: 1, Least: 1, Most: 1}, "villa": {Levels: 2, Least: 1, Most: 2},
			"farm": {Levels: 2, Least: 1, Most: 2}, "cabin": {Levels: 1, Least: 1, Most: 1},
			"static_caravan": {Levels: 1, Least: 1, Most: 1}, "houseboat": {Levels: 1, Least: 1, Most: 1},
			"yes": {Levels: 4},
		},
		LeastFootprint: 20, MostUnknown: 5000, PlainTowerPlate: 1500,
		OutlineFootprint: 5000, GroundCover: 0.30, PointHomes: 40, MostPointHomes: 150,
		LandHomesPerHectare: 80, LandCover: 0.05,
		StreetHomesPer100m: 12, StreetSpacing: 60, StreetOffset: 15, StreetClear: 50, StreetEvidence: 200,
		LeastCompoundArea: 500, LeastCompoundWidth: 10, MostCrossing: 30,
	}
}

// Sentence tells the rule to whoever reads a household figure.
func (r HouseholdRule) Sentence() string {
	return fmt.Sprintf("Homes = footprint × levels × residential share (%g; plain buildings %g) / %g m² of floor a household; "+
		"where no levels are mapped, %g for apartments, %g for houses, %g for plain buildings; "+
		"compounds drawn as one building %g %% built on; residential land with few mapped buildings %g homes a hectare, "+
		"residential streets without mapped homes %g a hundred metres.",
		r.ResidentialShare, r.UnknownShare, float64(r.FloorArea),
		r.Kinds["apartments"].Levels, r.Kinds["house"].Levels, r.Kinds["yes"].Levels,
		100*r.GroundCover, r.LandHomesPerHectare, r.StreetHomesPer100m)
}

// Validate reports every factor that makes no sense, joined into one error.
func (r HouseholdRule) Validate() error {
	var errs []error
	within := func(name string, v, low, high float64) {
		if !(v >= low && v <= high) { // also false for NaN
			errs = append(errs, fmt.Errorf("household rule: %s is %g, it must be within %g..%g", name, v, low, high))
		}
	}
	within("floor_area_per_household_m2", float64(r.FloorArea), 5, 1000)
	within("residential_share", r.ResidentialShare, 0, 1)
	within("unknown_share", r.UnknownShare, 0, 1)
	within("least_footprint_m2", float64(r.LeastFootprint), 0, 1e6)
	within("most_unknown_footprint_m2", float64(r.MostUnknown), 0, 1e9)
	within("plain_tower_plate_m2", float64(r.PlainTowerPlate), 1, 1e9)
	within("outline_footprint_m2", float64(r.OutlineFootprint), 100, 1e9)
	within("ground_cover", r.GroundCover, 0, 1)
	within("most_point_homes", float64(r.MostPointHomes), 1, 1000)
	within("point_homes", float64(r.PointHomes), 1, float64(r.MostPointHomes))
	within("land_homes_per_hectare", r.LandHomesPerHectare, 0, 5000)
	within("land_cover", r.LandCover, 0, 1)
	within("street_homes_per_100_metres", r.StreetHomesPer100m, 0, 1000)
	within("street_spacing_metres", float64(r.StreetSpacing), 10, 1000)
	within("street_offset_metres", float64(r.StreetOffset), 2, 100)
	within("street_clear_metres", float64(r.StreetClear), 0, 1000)
	within("street_evidence_metres", float64(r.StreetEvidence), 0, 5000)
	within("least_compound_area_m2", float64(r.LeastCompoundArea), 0, 1e6)
	within("least_compound_width_metres", float64(r.LeastCompoundWidth), 0, 1000)
	within("most_crossing_street_metres", float64(r.MostCrossing), 0, 10000)
	kinds := make([]string, 0, len(r.Kinds))
	for k := range r.Kinds {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		v := r.Kinds[k]
		within("levels of "+k, v.Levels, 0.5, 200)
		within("least homes of "+k, float64(v.Least), 0, 1000)
		within("most homes of "+k, float64(v.Most), 0, 100000)
	}
	return errors.Join(errs...)
}

// perSquareMetre is the homes on a square metre of ground built on with so many levels.
func (r HouseholdRule) perSquareMetre(levels, share float64) float64 {
	return levels * share / float64(r.FloorArea)
}

// shareOf is the part of a kind's floor area that is homes.
func (r HouseholdRule) shareOf(kind string) float64 {
	if kind == plainKind {
		return r.UnknownShare
	}
	return r.ResidentialShare
}

// homesBetween rounds an expected number of homes and keeps it within the kind's bounds.
func (k KindRule) homesBetween(expected float64) int {
	n := max(int(math.Floor(expected+0.5)), k.Least)
	if k.Most > 0 {
		n = min(n, k.Most)
	}
	return n
}

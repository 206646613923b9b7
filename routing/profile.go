package routing

import (
	"fmt"
	"slices"

	"gridbeat/geo"
)

// Profile is how a patrol moves; it decides which streets it may use, in which
// direction, how fast, and what a turn costs.
type Profile string

// The profiles.
const (
	Foot    Profile = "foot"
	Bicycle Profile = "bicycle"
	Ebike   Profile = "ebike"
	Car     Profile = "car"
)

// Profiles lists all profiles in their fixed order.
var Profiles = []Profile{Foot, Bicycle, Ebike, Car}

// ParseProfile reads a profile's name; any other word is a *geo.InputError.
func ParseProfile(name string) (Profile, error) {
	if p := Profile(name); slices.Contains(Profiles, p) {
		return p, nil
	}
	return "", geo.NewInputError("profile", geo.Finding{
		Rule:   "profile-unknown",
		Detail: fmt.Sprintf("%q is no profile that is known here", name),
		Remedy: "use foot, bicycle, ebike or car",
	})
}

// car speeds in metres a second, by class: what a patrol car averages in a town,
// junctions included. Links go at four fifths of their road.
var carSpeed = map[string]float64{
	"motorway": 22, "trunk": 15, "primary": 11, "secondary": 10, "tertiary": 9,
	"unclassified": 8, "residential": 6.5, "living_street": 3.5, "service": 4, "road": 6.5,
	"motorway_link": 14, "trunk_link": 12, "primary_link": 9, "secondary_link": 8, "tertiary_link": 7,
}

// walkClass holds the classes beyond those of cars that people may walk on; the
// value tells whether a bicycle is ridden there (true) or pushed (false).
var walkClass = map[string]bool{
	"pedestrian": false, "footway": false, "path": true, "steps": false, "track": true,
	"cycleway": true, "bridleway": true, "corridor": false, "road": true,
}

func refused(value string) bool { return value == "no" || value == "private" }

// drivable reports whether cars are meant to use the class at all.
func drivable(class string) bool { return carSpeed[class] > 0 }

// walkable classes are the streets that must be patrolled, and paths; motorways are not.
func walkable(class string) bool {
	if _, ok := walkClass[class]; ok {
		return true
	}
	return drivable(class) && class != "motorway" && class != "motorway_link"
}

// Usable reports whether the profile may move on the street at all. Access follows
// OpenStreetMap: the tag nearest to the profile decides. A closed line with
// area=yes is a square, not a street.
func (p Profile) Usable(s geo.Street) bool {
	if s.Tags["area"] == "yes" && len(s.Line) > 2 && s.Line[0] == s.Line[len(s.Line)-1] {
		return false
	}
	switch p {
	case Foot:
		_, own := s.Tags["foot"]
		return walkable(s.Class) && !refused(s.Tags["foot"]) && (!refused(s.Tags["access"]) || own)
	case Bicycle, Ebike:
		_, own := s.Tags["bicycle"]
		return walkable(s.Class) && s.Class != "steps" && s.Class != "corridor" &&
			!refused(s.Tags["bicycle"]) && (!refused(s.Tags["access"]) || own)
	case Car:
		if !drivable(s.Class) {
			return false
		}
		for _, k := range []string{"motorcar", "motor_vehicle", "vehicle", "access"} {
			if v, ok := s.Tags[k]; ok {
				return !refused(v)
			}
		}
		return true
	}
	return false
}

// OneWay tells the direction that the profile must keep on the street: 1 along
// its line, -1 against it, 0 both ways. One-ways do not bind people on foot.
func (p Profile) OneWay(s geo.Street) int {
	if p == Foot || p != Car && s.Tags["oneway:bicycle"] == "no" {
		return 0
	}
	return s.OneWay()
}

// Speed is the profile's speed on the street in metres a second.
func (p Profile) Speed(s geo.Street) float64 {
	switch p {
	case Foot:
		if s.Class == "steps" {
			return 0.6
		}
		return 1.2
	case Bicycle, Ebike:
		ride, path := walkClass[s.Class]
		switch {
		case path && !ride:
			return 1.2
		case s.Class == "path" || s.Class == "track" || s.Class == "bridleway":
			return 2.5
		case p == Bicycle:
			return 4
		}
		return 5.5
	}
	if v := carSpeed[s.Class]; v > 0 {
		return v
	}
	return 4
}

// posts lists the barriers that stop cars.
var posts = []string{"bollard", "block", "cycle_barrier", "turnstile", "kissing_gate", "stile", "jersey_barrier"}

// Closed reports whether the post stops the profile. Cars alone are stopped: by a
// bollard and its like, and by any barrier with access=no or private.
func (p Profile) Closed(b geo.Post) bool {
	if p != Car {
		return false
	}
	kind := b.Tags["barrier"]
	return slices.Contains(posts, kind) && b.Tags["motor_vehicle"] != "yes" || kind != "" && refused(b.Tags["access"])
}

// exempt reports whether the turn restriction does not bind the profile.
func (p Profile) exempt(r geo.Restriction) bool {
	switch p {
	case Foot:
		return true
	case Car:
		return slices.Contains(r.Except, "motorcar") || slices.Contains(r.Except, "motor_vehicle")
	}
	return slices.Contains(r.Except, "bicycle")
}

// turnPrice is what turns cost a profile, in milliseconds.
type turnPrice struct {
	side   int32 // a turn by more than 45 degrees to the side of driving
	across int32 // the same across the other lane
	round  int32 // a U-turn where another way leads on
	end    int32 // a U-turn where the street ends
}

// RoundMillis is what a U-turn costs the profile at most, in milliseconds.
func (p Profile) RoundMillis() int { return int(max(turnPrices[p].round, turnPrices[p].end)) }

var turnPrices = map[Profile]turnPrice{
	Foot:    {round: 20_000},
	Bicycle: {side: 1_000, across: 2_000, round: 20_000, end: 3_000},
	Ebike:   {side: 1_000, across: 2_000, round: 25_000, end: 3_000},
	Car:     {side: 2_000, across: 5_000, round: 60_000, end: 15_000},
}

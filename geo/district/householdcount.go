package district

import (
	"strings"

	"gridbeat/geo"
)

// plainKind is the building value that says nothing about use.
const plainKind = "yes"

// towerLevels is the height up to which a building goes straight up from its footprint.
const towerLevels = 10

// PointKind is the Kind of a counting point: it stands for homes that are not mapped.
const PointKind = "point"

// Why a building holds no homes, as the report tells it.
const (
	noHomesKind        = "kind without homes"
	noHomesUse         = "other use (amenity, shop, office, ...)"
	noHomesSmall       = "footprint too small"
	noHomesLarge       = "plain building of a hall's size"
	noHomesUnderground = "under the ground"
	noHomesRuin        = "ruin or unused"
	noHomesFew         = "less than half a home"
)

// usedOtherwise are the tags that tell that a plain building is no dwelling. A home
// may stand over a shop, so residential kinds are not asked.
var usedOtherwise = []string{
	"amenity", "shop", "office", "tourism", "leisure", "craft", "industrial", "healthcare", "military", "man_made",
	"power", "public_transport", "railway", "aeroway", "government", "school", "religion", "social_facility",
}

// estimate is what the rule says of one building.
type estimate struct {
	kind     string // under which it counts: building:use may say more than building
	expected float64
	homes    int
	source   geo.HouseholdSource
	none     string // why it holds no homes, "" when it holds some
}

// homesOf estimates the homes of a mapped building with the given footprint. A
// given count stands as it is.
func (r HouseholdRule) homesOf(b geo.Building, footprint geo.SquareMetres) estimate {
	e := estimate{kind: dwellingKind(b), source: geo.Assumed}
	if b.Source == geo.Given {
		e.source, e.homes, e.expected = geo.Given, b.Households, float64(b.Households)
		return e
	}
	k, holds := r.Kinds[e.kind]
	if e.none = r.whyNone(b, e.kind, footprint, holds); e.none != "" {
		return e
	}
	levels := k.Levels
	if b.Levels > 0 {
		levels, e.source = b.Levels, geo.Derived
	}
	if e.kind == plainKind && levels > towerLevels {
		footprint = min(footprint, r.PlainTowerPlate)
	}
	e.expected = float64(footprint) * r.perSquareMetre(levels, r.shareOf(e.kind))
	if e.homes = k.homesBetween(e.expected); e.homes == 0 {
		e.none = noHomesFew
	}
	return e
}

func (r HouseholdRule) whyNone(b geo.Building, kind string, footprint geo.SquareMetres, holds bool) string {
	switch {
	case b.Tags["location"] == "underground":
		return noHomesUnderground
	case isRuin(b.Tags):
		return noHomesRuin
	case !holds:
		return noHomesKind
	case footprint < r.LeastFootprint:
		return noHomesSmall
	}
	if kind != plainKind {
		return ""
	}
	switch {
	case hasOtherUse(b.Tags):
		return noHomesUse
	case strings.HasPrefix(b.Tags["layer"], "-"):
		return noHomesUnderground
	case footprint > r.MostUnknown:
		return noHomesLarge
	}
	return ""
}

// dwellingKind is the building's kind, or the use that a plain building is mapped with.
func dwellingKind(b geo.Building) string {
	kind, _, _ := strings.Cut(b.Kind, ";")
	if use := b.Tags["building:use"]; kind == plainKind && use != "" {
		return use
	}
	return strings.TrimSpace(kind)
}

func isRuin(tags map[string]string) bool {
	for _, k := range []string{"ruins", "abandoned", "disused"} {
		if v := tags[k]; v != "" && v != "no" {
			return true
		}
	}
	return tags["historic"] == "ruins"
}

func hasOtherUse(tags map[string]string) bool {
	for _, k := range usedOtherwise {
		if v := tags[k]; v != "" && v != "no" {
			return true
		}
	}
	switch tags["historic"] {
	case "", "no", "yes", "building", "house":
		return false
	}
	return true
}

// isCompoundOutline reports whether a building is no house but the outline of a
// whole compound: a residential kind, too large, without levels or a given count.
func (r HouseholdRule) isCompoundOutline(b geo.Building, footprint geo.SquareMetres) bool {
	kind := dwellingKind(b)
	_, holds := r.Kinds[kind]
	return holds && kind != plainKind && b.Levels == 0 && b.Source != geo.Given && footprint > r.OutlineFootprint &&
		b.Tags["location"] != "underground" && !isRuin(b.Tags)
}

package ingest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"gridbeat/geo"
)

// buildingTags are the tags by which homes are judged.
var buildingTags = set(
	"building", "building:levels", "building:flats", "building:use", "building:height", "height", "levels", "min_level",
	"building:min_level", "amenity", "shop", "office", "tourism", "leisure", "craft", "industrial", "healthcare", "military",
	"man_made", "power", "public_transport", "railway", "aeroway", "historic", "landuse", "residential", "social_facility",
	"religion", "government", "school", "access", "ruins", "abandoned", "disused", "layer", "location", "addr:housenumber", "addr:flats",
)

const outlineRemedy = "repair it in the map and extract again; until then it is left out"

func isBuilding(tags map[string]string) bool {
	return tags["building"] != "" && tags["building"] != "no"
}

// outline is one polygon of a mapped area, with the id it goes by.
type outline struct {
	id      string
	tags    map[string]string
	polygon orb.Polygon
	ways    []*way // that draw it
	further bool   // not the first outer ring of its relation
}

// outlines returns the areas for which wanted holds: closed ways, and relations
// with one outline for each of their outer rings. Broken ones are told. A way
// that draws a relation of the same kind is not taken a second time.
func (c *collector) outlines(ways []*way, what string, wanted func(map[string]string) bool) []outline {
	var out []outline
	drawn := map[int64]bool{}
	for _, r := range c.relations {
		if r.tags["type"] == "restriction" || !wanted(r.tags) {
			continue
		}
		id := fmt.Sprintf("r%d", r.id)
		mp, f := c.area(r)
		if f != nil {
			c.tell(f.finding(id, "the "+what, outlineRemedy))
			continue
		}
		var draws []*way
		for _, m := range r.members {
			if m.Type == osm.TypeWay && m.Role != "inner" {
				drawn[m.Ref] = true
				draws = append(draws, c.wayByID[m.Ref])
			}
		}
		for i, p := range mp {
			o := outline{id: id, tags: r.tags, polygon: p, ways: draws}
			if i > 0 {
				o.id, o.further = fmt.Sprintf("%s/%d", id, i+1), true
			}
			out = append(out, o)
		}
	}
	for _, w := range ways {
		if !wanted(w.tags) || drawn[w.id] {
			continue
		}
		id := fmt.Sprintf("w%d", w.id)
		r, f := c.ring(w.nodes)
		if f == nil {
			f = checkRing(r)
		}
		if f != nil {
			c.tell(f.finding(id, "the "+what, outlineRemedy))
			continue
		}
		out = append(out, outline{id: id, tags: w.tags, polygon: oriented(orb.Polygon{r}), ways: []*way{w}})
	}
	return out
}

// buildings returns the mapped buildings, ways before relations. Counts are those
// that the map gives; homes are estimated elsewhere.
func (c *collector) buildings(ways []*way) []geo.Building {
	var out []geo.Building
	for _, o := range c.outlines(ways, "building", isBuilding) {
		at, ok := middle(o.polygon)
		if !ok {
			c.tell(faultAt(o.polygon[0][0], "ring-thin", "is thinner than a centimetre").finding(o.id, "the building", outlineRemedy))
			continue
		}
		b := geo.Building{
			ID: o.id, Kind: o.tags["building"], Name: o.tags["name"], Tags: only(o.tags, buildingTags), At: at, Outline: o.polygon,
		}
		b.Levels = c.levels(o)
		if n, given := c.flats(o); given {
			b.Households, b.Source = n, geo.Given
			if o.further {
				b.Households = 0 // the number is that of all parts, and the first has it
			}
		}
		out = append(out, b)
	}
	return out
}

// maxLevels is above the tallest building there is.
const maxLevels = 170

// levels reads the storeys; of several values the first counts.
func (c *collector) levels(o outline) float64 {
	text := o.tags["building:levels"]
	if text == "" {
		return 0
	}
	first, _, _ := strings.Cut(text, ";")
	v, err := strconv.ParseFloat(strings.TrimSpace(first), 64)
	if err == nil && v >= 0 && v <= maxLevels {
		return v
	}
	at := o.polygon[0][0]
	c.tell(geo.Finding{
		Rule: "levels-unreadable", Feature: o.id, At: &at, Detail: fmt.Sprintf("building:levels is %q; the levels count as unknown", text),
		Remedy: "write the number of storeys",
	})
	return 0
}

// flats reads the number of homes where the map gives it.
func (c *collector) flats(o outline) (int, bool) {
	text := o.tags["building:flats"]
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err == nil && n >= 0 && n <= MaxHouseholds {
		return n, true
	}
	at := o.polygon[0][0]
	c.tell(geo.Finding{
		Rule: "flats-unreadable", Feature: o.id, At: &at, Detail: fmt.Sprintf("building:flats is %q; the homes count as unknown", text),
		Remedy: "write the number of homes",
	})
	return 0, false
}

var (
	wallKinds = set("wall", "fence", "hedge", "city_wall", "retaining_wall", "guard_rail", "yes")
	gateKinds = set("gate", "lift_gate", "swing_gate", "sliding_gate", "entrance", "bump_gate", "hampshire_gate", "full-height_turnstile")
	closedTo  = set("private", "residents", "permit", "no")
)

func isResidential(tags map[string]string) bool { return tags["landuse"] == "residential" }

// landuse returns the residential land, and whether walls or gates are mapped on
// its outline.
func (c *collector) landuse(ways []*way) []geo.Landuse {
	walled := map[int64]bool{}
	for _, w := range ways {
		if wallKinds[w.tags["barrier"]] {
			for _, n := range w.nodes {
				walled[n] = true
			}
		}
	}
	var out []geo.Landuse
	for _, o := range c.outlines(ways, "residential land", isResidential) {
		l := geo.Landuse{ID: o.id, Name: o.tags["name"], Outline: o.polygon}
		l.Walled = wallKinds[o.tags["barrier"]]
		l.Gated = closedTo[o.tags["access"]] || o.tags["residential"] == "gated" || o.tags["gated"] == "yes"
		on, all := 0, 0
		for _, w := range o.ways {
			for _, n := range w.nodes {
				all++
				if walled[n] {
					on++
				}
				l.Gated = l.Gated || c.gates[n]
			}
		}
		l.Walled = l.Walled || on > 0 && 2*on > all
		out = append(out, l)
	}
	return out
}

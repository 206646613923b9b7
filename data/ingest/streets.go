package ingest

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// streetClasses are the highway values that somebody may walk or drive on.
var streetClasses = set(
	"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
	"tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road",
	"pedestrian", "footway", "path", "steps", "track", "cycleway", "bridleway", "corridor",
)

// streetTags are the tags that profiles and block building judge.
var streetTags = set(
	"access", "foot", "bicycle", "motor_vehicle", "motorcar", "motorcycle", "vehicle", "psv", "bus", "emergency",
	"oneway", "oneway:bicycle", "oneway:foot", "oneway:psv", "cycleway", "cycleway:left", "cycleway:right", "cycleway:both",
	"junction", "service", "bridge", "tunnel", "covered", "indoor", "layer", "level", "area", "maxspeed", "lanes",
	"surface", "smoothness", "tracktype", "width", "sidewalk", "footway", "incline", "ramp", "ramp:bicycle", "toll",
	"lit", "barrier", "motorroad", "bicycle_road", "segregated", "ref",
)

// postTags are the tags by which a node may stop some traffic.
var postTags = set(
	"barrier", "access", "foot", "bicycle", "motor_vehicle", "motorcar", "vehicle", "locked", "bollard", "maxwidth",
)

// isStreet reports whether a way is drawn as a line to walk or drive on; a closed
// way with area=yes is a square.
func isStreet(w *way) bool {
	return streetClasses[w.tags["highway"]] && len(w.nodes) > 1 && !isSquare(w)
}

func isSquare(w *way) bool { return w.tags["area"] == "yes" && w.closed() }

func (c *collector) streets(ways []*way) []geo.Street {
	var out []geo.Street
	squares := 0
	for _, w := range ways {
		if !isStreet(w) {
			if streetClasses[w.tags["highway"]] && isSquare(w) {
				squares++
			}
			continue
		}
		id := fmt.Sprintf("w%d", w.id)
		runs := c.runs(w.nodes)
		best := longest(runs)
		if len(runs) != 1 || len(best.line) < 2 {
			f := geo.Finding{Rule: "street-nodes-missing", Feature: id, Remedy: "extract the map again with complete ways (osmium extract -s complete_ways)"}
			if len(best.line) < 2 {
				f.Detail = "no two neighbouring nodes of the street are in the file; it is left out"
				c.tell(f)
				continue
			}
			f.Detail = fmt.Sprintf("the street misses nodes; %d of %d are kept, the longest stretch", len(best.nodes), len(w.nodes))
			at := best.line[0]
			f.At = &at
			c.tell(f)
		}
		out = append(out, geo.Street{
			ID: id, Name: w.tags["name"], NameEn: w.tags["name:en"], Class: w.tags["highway"],
			Tags: only(w.tags, streetTags), Nodes: best.nodes, Line: best.line,
		})
	}
	if squares > 0 {
		c.tell(geo.Finding{Rule: "street-area", Detail: fmt.Sprintf("%d closed ways with area=yes are squares, not streets, and are left out", squares)})
	}
	return out
}

// run is a stretch of a way without a missing node.
type run struct {
	nodes []int64
	line  orb.LineString
}

// runs splits nodes where one is missing. Repetitions of a node are dropped. A way
// that is whole gives one run; runs of a single node are kept, so that the caller
// sees that something is missing.
func (c *collector) runs(nodes []int64) []run {
	var out []run
	var cur run
	missing := false
	for _, n := range nodes {
		p, here := c.place[n]
		if !here {
			missing = true
			if len(cur.nodes) > 0 {
				out, cur = append(out, cur), run{}
			}
			continue
		}
		if k := len(cur.nodes); k > 0 && cur.nodes[k-1] == n {
			continue
		}
		cur.nodes, cur.line = append(cur.nodes, n), append(cur.line, p)
	}
	if len(cur.nodes) > 0 {
		out = append(out, cur)
	}
	if missing && len(out) == 1 {
		out = append(out, run{}) // one stretch is left of a way that was longer
	}
	return out
}

func longest(runs []run) run {
	var best run
	for _, r := range runs {
		if len(r.line) > 1 && (best.line == nil || geo.Length(r.line) > geo.Length(best.line)) {
			best = r
		}
	}
	return best
}

func streetBounds(streets []geo.Street) orb.Bound {
	if len(streets) == 0 {
		return orb.Bound{}
	}
	b := streets[0].Line.Bound()
	for _, s := range streets[1:] {
		b = b.Union(s.Line.Bound())
	}
	return b
}

// list splits a tag that carries several values.
func list(value string) []string {
	var out []string
	for _, v := range strings.Split(value, ";") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

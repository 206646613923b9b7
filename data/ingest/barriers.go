package ingest

import (
	"fmt"
	"slices"

	"github.com/paulmach/osm"

	"gridbeat/geo"
)

// The two kinds of barrier.
const (
	water = "water"
	rail  = "rail"
)

var (
	waterLines = set("river", "canal", "riverbank", "dock")
	railLines  = set("rail", "light_rail", "subway", "narrow_gauge")
	tunnels    = set("yes", "culvert", "building_passage", "covered", "flooded")
)

// isWater reports whether an area or line is water that people do not cross.
func isWater(tags map[string]string) bool {
	switch {
	case tunnels[tags["tunnel"]] || tags["location"] == "underground":
		return false
	case waterLines[tags["waterway"]] || tags["natural"] == "water" || tags["natural"] == "coastline":
		return true
	}
	return tags["landuse"] == "reservoir" || tags["landuse"] == "basin"
}

func isRail(tags map[string]string) bool {
	return railLines[tags["railway"]] && !tunnels[tags["tunnel"]] && tags["location"] != "underground"
}

// barriers returns water and rail as lines: ways that say so themselves, and the
// outlines of water relations, whose rings need not close for that.
func (c *collector) barriers(ways []*way) []geo.Barrier {
	kinds := map[int64]string{}
	for _, w := range ways {
		if isWater(w.tags) {
			kinds[w.id] = water
		} else if isRail(w.tags) {
			kinds[w.id] = rail
		}
	}
	for _, r := range c.relations {
		if r.tags["type"] == "restriction" || !isWater(r.tags) {
			continue
		}
		for _, m := range r.members {
			if m.Type == osm.TypeWay && c.wayByID[m.Ref] != nil {
				kinds[m.Ref] = water
			}
		}
	}
	var out []geo.Barrier
	for _, w := range ways {
		if kind := kinds[w.id]; kind != "" {
			out = append(out, c.barrierLines(w, kind)...)
		}
	}
	return slices.Clip(out)
}

// barrierLines returns the stretches of one way that are in the file.
func (c *collector) barrierLines(w *way, kind string) []geo.Barrier {
	var out []geo.Barrier
	for _, r := range c.runs(w.nodes) {
		if len(r.line) < 2 {
			continue
		}
		id := fmt.Sprintf("w%d", w.id)
		if len(out) > 0 {
			id += fmt.Sprintf("/%d", len(out)+1)
		}
		out = append(out, geo.Barrier{ID: id, Kind: kind, Line: r.line})
	}
	return out
}

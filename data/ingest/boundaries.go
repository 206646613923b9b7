package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gridbeat/geo"
)

func (r *relation) isBoundary() bool {
	return r.tags["boundary"] == "administrative" && r.tags["admin_level"] != ""
}

// boundaries returns the administrative areas whose every ring closes: that no
// member is missing proves nothing. The others are told and left out.
func (c *collector) boundaries() []geo.Boundary {
	var out []geo.Boundary
	for _, r := range c.relations {
		if !r.isBoundary() {
			continue
		}
		id := fmt.Sprintf("r%d", r.id)
		level, err := strconv.Atoi(strings.TrimSpace(r.tags["admin_level"]))
		if err != nil {
			c.tell(geo.Finding{
				Rule: "level-unreadable", Feature: id, Detail: fmt.Sprintf("admin_level of the boundary %q is %q", r.tags["name"], r.tags["admin_level"]),
				Remedy: "write a number",
			})
			continue
		}
		mp, f := c.area(r)
		if f != nil {
			what := fmt.Sprintf("the boundary %q (admin_level %d)", r.tags["name"], level)
			c.tell(f.finding(id, what, "extract the map again with the whole boundary; until then it is left out"))
			continue
		}
		out = append(out, geo.Boundary{ID: id, Name: r.tags["name"], AdminLevel: level, Ref: r.ref(), Outline: mp})
	}
	return out
}

// ref returns the official code: China's division_code, ref, France's INSEE code, or the first of the
// registers that are named in the key.
func (r *relation) ref() string {
	for _, k := range []string{"division_code", "ref", "ref:INSEE"} {
		if r.tags[k] != "" {
			return r.tags[k]
		}
	}
	for _, k := range slices.Sorted(maps.Keys(r.tags)) {
		if strings.HasPrefix(k, "ref:") && r.tags[k] != "" {
			return r.tags[k]
		}
	}
	return ""
}

package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/osm"

	"gridbeat/geo"
)

// restrictions reads the turn restrictions whose streets and nodes are all here.
// Those of another kind, and those that hold only at times or for other vehicles,
// are told and left out.
func (c *collector) restrictions(streets []geo.Street) []geo.Restriction {
	byID := make(map[string]*geo.Street, len(streets))
	for i := range streets {
		byID[streets[i].ID] = &streets[i]
	}
	var out []geo.Restriction
	for _, r := range c.relations {
		if r.tags["type"] != "restriction" {
			continue
		}
		id := fmt.Sprintf("r%d", r.id)
		kind, why := r.restrictionKind()
		if why == "" {
			var found []geo.Restriction
			if found, why = r.turns(id, kind, byID); why == "" {
				out = append(out, found...)
				continue
			}
		}
		c.tell(geo.Finding{Rule: "restriction-left-out", Feature: id, Detail: "the turn restriction is left out: " + why})
	}
	return out
}

// restrictionKind returns the kind of the restriction, or why it does not count.
func (r *relation) restrictionKind() (kind, why string) {
	kind = r.tags["restriction"]
	switch {
	case strings.HasPrefix(kind, "no_") || strings.HasPrefix(kind, "only_"):
		return kind, ""
	case kind != "":
		return "", fmt.Sprintf("%q is no known kind", kind)
	}
	for _, k := range slices.Sorted(maps.Keys(r.tags)) {
		if rest, ok := strings.CutPrefix(k, "restriction:"); ok {
			if strings.HasSuffix(rest, "conditional") {
				return "", fmt.Sprintf("it holds at times only (%s)", r.tags[k])
			}
			return "", fmt.Sprintf("it binds %s only", rest)
		}
	}
	return "", "it has no kind"
}

// turns returns the restriction for each pair of its from and to ways; only
// no_entry and no_exit have more than one pair.
func (r *relation) turns(id, kind string, streets map[string]*geo.Street) (out []geo.Restriction, why string) {
	var from, to, via []string
	var viaNodes []int64
	for _, m := range r.members {
		street := fmt.Sprintf("w%d", m.Ref)
		isWay := m.Type == osm.TypeWay
		if isWay && (m.Role == "from" || m.Role == "to" || m.Role == "via") && streets[street] == nil {
			return nil, fmt.Sprintf("its %s way %d is no street of this map", m.Role, m.Ref)
		}
		switch {
		case m.Role == "from" && isWay:
			from = append(from, street)
		case m.Role == "to" && isWay:
			to = append(to, street)
		case m.Role == "via" && isWay:
			via = append(via, street)
		case m.Role == "via" && m.Type == osm.TypeNode:
			viaNodes = append(viaNodes, m.Ref)
		}
	}
	switch {
	case len(from) == 0 || len(to) == 0:
		return nil, "it has no from or no to way"
	case len(from) > 1 && kind != "no_entry" || len(to) > 1 && kind != "no_exit":
		return nil, "it has several from or to ways"
	case len(viaNodes)+len(via) == 0 || len(viaNodes) > 1 || len(viaNodes) == 1 && len(via) > 0:
		return nil, "its via is neither one node nor ways"
	}
	except := list(r.tags["except"])
	for _, f := range from {
		for _, t := range to {
			one := geo.Restriction{ID: id, Kind: kind, From: f, ViaWays: via, To: t, Except: except}
			if len(out) > 0 {
				one.ID = fmt.Sprintf("%s/%d", id, len(out)+1)
			}
			if len(viaNodes) == 1 {
				one.ViaNode = viaNodes[0]
			}
			if !joined(one, streets) {
				return nil, "its ways do not meet at its via"
			}
			out = append(out, one)
		}
	}
	return out, ""
}

// joined reports whether the streets of a restriction meet: at the via node, or
// each with the next.
func joined(r geo.Restriction, streets map[string]*geo.Street) bool {
	if r.ViaNode != 0 {
		return slices.Contains(streets[r.From].Nodes, r.ViaNode) && slices.Contains(streets[r.To].Nodes, r.ViaNode)
	}
	chain := slices.Concat([]string{r.From}, r.ViaWays, []string{r.To})
	for i := 1; i < len(chain); i++ {
		if !share(streets[chain[i-1]].Nodes, streets[chain[i]].Nodes) {
			return false
		}
	}
	return true
}

func share(a, b []int64) bool {
	return slices.ContainsFunc(a, func(n int64) bool { return slices.Contains(b, n) })
}

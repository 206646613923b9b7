package ingest

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
)

// rings joins ways to closed rings of nodes by their end nodes, as a person would
// with a finger: on along unused ways, until a node is met again, which closes a
// ring. It returns the rings, and a way of a line that leads nowhere, or nil.
func rings(ways []*way) (closed [][]int64, open *way) {
	at := map[int64][]*way{}
	used := map[*way]bool{}
	for _, w := range ways {
		switch {
		case len(w.nodes) < 2:
			used[w] = true
		case w.nodes[0] == w.nodes[len(w.nodes)-1]:
			closed, used[w] = append(closed, w.nodes), true
		default:
			at[w.nodes[0]] = append(at[w.nodes[0]], w)
			end := w.nodes[len(w.nodes)-1]
			at[end] = append(at[end], w)
		}
	}
	for _, w := range ways {
		if used[w] {
			continue
		}
		used[w] = true
		found, ok := trace(w, at, used)
		closed = append(closed, found...)
		if !ok {
			return closed, w
		}
	}
	return closed, nil
}

// trace follows ways from start until nothing is open any more.
func trace(start *way, at map[int64][]*way, used map[*way]bool) (closed [][]int64, ok bool) {
	path := [][]int64{start.nodes}
	for len(path) > 0 {
		end := path[len(path)-1][len(path[len(path)-1])-1]
		from := slices.IndexFunc(path, func(p []int64) bool { return p[0] == end })
		if from >= 0 {
			ring := []int64{end}
			for _, p := range path[from:] {
				ring = append(ring, p[1:]...)
			}
			closed, path = append(closed, ring), path[:from]
			continue
		}
		next := slices.IndexFunc(at[end], func(w *way) bool { return !used[w] })
		if next < 0 {
			return closed, false
		}
		w := at[end][next]
		used[w] = true
		nodes := w.nodes
		if nodes[0] != end {
			nodes = slices.Clone(nodes)
			slices.Reverse(nodes)
		}
		path = append(path, nodes)
	}
	return closed, true
}

// area assembles the polygons of a multipolygon or boundary relation. Every
// member way must be here, every ring must close and be a border, and every hole
// must lie in an outer ring.
func (c *collector) area(r *relation) (orb.MultiPolygon, *fault) {
	var outer, inner []*way
	seen := map[int64]bool{}
	for _, m := range r.members {
		if m.Type != osm.TypeWay || seen[m.Ref] {
			continue
		}
		seen[m.Ref] = true
		w := c.wayByID[m.Ref]
		if w == nil {
			return nil, &fault{rule: "member-missing", detail: fmt.Sprintf("lacks its member way %d in this file", m.Ref)}
		}
		switch m.Role {
		case "inner", "enclave":
			inner = append(inner, w)
		case "outer", "", "exclave":
			outer = append(outer, w)
		}
	}
	outers, f := c.closedRings(outer)
	if f != nil {
		return nil, f
	}
	if len(outers) == 0 {
		return nil, &fault{rule: "ring-empty", detail: "has no outer ring"}
	}
	inners, f := c.closedRings(inner)
	if f != nil {
		return nil, f
	}
	return nest(outers, inners)
}

func (c *collector) closedRings(ways []*way) ([]orb.Ring, *fault) {
	nodes, open := rings(ways)
	if open != nil {
		f := &fault{rule: "ring-open", detail: fmt.Sprintf("has a ring that does not close (at way %d)", open.id)}
		if p, here := c.place[open.nodes[0]]; here {
			f.at = &p
		}
		return nil, f
	}
	var out []orb.Ring
	for _, ns := range nodes {
		r, f := c.ring(ns)
		if f == nil {
			f = checkRing(r)
		}
		if f != nil {
			return nil, f
		}
		out = append(out, r)
	}
	return out, nil
}

// ring returns the positions of a closed list of nodes.
func (c *collector) ring(nodes []int64) (orb.Ring, *fault) {
	r := make(orb.Ring, 0, len(nodes))
	for _, n := range nodes {
		p, here := c.place[n]
		if !here {
			return nil, &fault{rule: "nodes-missing", detail: fmt.Sprintf("lacks its node %d in this file", n)}
		}
		r = append(r, p)
	}
	return tidy(r), nil
}

// nest puts each hole into the smallest outer ring around it.
func nest(outers, inners []orb.Ring) (orb.MultiPolygon, *fault) {
	slices.SortStableFunc(outers, func(a, b orb.Ring) int {
		switch d := abs(twiceArea(b)) - abs(twiceArea(a)); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	out := make(orb.MultiPolygon, len(outers))
	for i, o := range outers {
		out[i] = orb.Polygon{o}
	}
	for _, h := range inners {
		home := -1
		for i, o := range outers {
			if o.Bound().Contains(h[0]) && ringInside(h, o) {
				home = i // the last is the smallest
			}
		}
		if home < 0 {
			return nil, faultAt(h[0], "hole-outside", "has a hole outside its outer rings")
		}
		out[home] = append(out[home], h)
	}
	for i, p := range out {
		if f := checkPolygon(p); f != nil {
			return nil, f
		}
		out[i] = oriented(p)
	}
	return out, nil
}

func abs(v float64) float64 { return max(v, -v) }

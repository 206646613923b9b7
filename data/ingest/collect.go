package ingest

import (
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"gridbeat/geo"
)

// way is a way of the file: what is needed of it after the first pass.
type way struct {
	id    int64
	nodes []int64
	tags  map[string]string // nil where it only serves relations
}

func (w *way) closed() bool { return len(w.nodes) > 2 && w.nodes[0] == w.nodes[len(w.nodes)-1] }

// collector keeps what the passes meet and builds the map from it.
type collector struct {
	source    string
	bounds    *orb.Bound
	newest    time.Time
	ways      int // how many the file holds
	wayByID   map[int64]*way
	relations []*relation
	needed    map[int64]struct{}
	onStreet  map[int64]struct{}
	place     map[int64]orb.Point
	gates     map[int64]bool // gate nodes
	posts     []geo.Post
	findings  []geo.Finding
}

// relation is a relation of the file that says something we keep.
type relation struct {
	id      int64
	tags    map[string]string
	members osm.Members
}

func newCollector(source string) *collector {
	return &collector{
		source: source, wayByID: map[int64]*way{}, needed: map[int64]struct{}{},
		onStreet: map[int64]struct{}{}, place: map[int64]orb.Point{}, gates: map[int64]bool{},
	}
}

func (c *collector) tell(f geo.Finding) { c.findings = append(c.findings, f) }

// first takes a way or relation of the first pass.
func (c *collector) first(o osm.Object) {
	switch o := o.(type) {
	case *osm.Way:
		c.ways++
		c.sawTime(o.Timestamp)
		w := &way{id: int64(o.ID), nodes: make([]int64, len(o.Nodes))}
		for i, n := range o.Nodes {
			w.nodes[i] = int64(n.ID)
		}
		if telling(o.Tags) {
			w.tags = o.Tags.Map()
		}
		c.wayByID[w.id] = w
	case *osm.Relation:
		c.sawTime(o.Timestamp)
		if r := (&relation{int64(o.ID), o.Tags.Map(), o.Members}); r.kept() {
			c.relations = append(c.relations, r)
		}
	}
}

// telling reports whether a way says something itself.
func telling(tags osm.Tags) bool {
	for _, t := range tags {
		switch t.Key {
		case "highway", "building", "waterway", "natural", "landuse", "railway", "barrier":
			return true
		}
	}
	return false
}

func (r *relation) kept() bool {
	switch r.tags["type"] {
	case "restriction":
		return true
	case "multipolygon", "boundary":
		return r.isBoundary() || isResidential(r.tags) || isWater(r.tags) || isBuilding(r.tags)
	}
	return false
}

// choose runs between the passes: it forgets the ways that nothing needs, and
// notes the nodes of the others.
func (c *collector) choose() {
	keep := map[int64]*way{}
	for id, w := range c.wayByID {
		if w.tags != nil {
			keep[id] = w
		}
	}
	for _, r := range c.relations {
		for _, m := range r.members {
			if w := c.wayByID[m.Ref]; w != nil && m.Type == osm.TypeWay {
				keep[m.Ref] = w
			}
		}
	}
	c.wayByID = keep
	for _, w := range keep {
		street := isStreet(w)
		for _, n := range w.nodes {
			c.needed[n] = struct{}{}
			if street {
				c.onStreet[n] = struct{}{}
			}
		}
	}
}

// wants reports whether a node is needed. It is called by several goroutines at
// once while nothing is written to needed.
func (c *collector) wants(n *osm.Node) bool {
	_, needed := c.needed[int64(n.ID)]
	return needed
}

// second takes a node of the second pass.
func (c *collector) second(o osm.Object) {
	n, ok := o.(*osm.Node)
	if !ok {
		return
	}
	p := geo.RoundE7(orb.Point{n.Lon, n.Lat})
	if !geo.ValidPosition(p) {
		return // told with the ways that miss it
	}
	id := int64(n.ID)
	if _, twice := c.place[id]; twice {
		return
	}
	c.place[id] = p
	if len(n.Tags) == 0 {
		return
	}
	tags := n.Tags.Map()
	if gateKinds[tags["barrier"]] {
		c.gates[id] = true
	}
	if _, on := c.onStreet[id]; on {
		if t := only(tags, postTags); t != nil {
			c.posts = append(c.posts, geo.Post{Node: id, At: p, Tags: t})
		}
	}
}

// only returns the tags that are listed, nil when there are none.
func only(tags map[string]string, listed map[string]bool) map[string]string {
	var out map[string]string
	for k, v := range tags {
		if listed[k] {
			if out == nil {
				out = map[string]string{}
			}
			out[k] = v
		}
	}
	return out
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// sortedWays returns the kept ways by id.
func (c *collector) sortedWays() []*way {
	out := slices.Collect(maps.Values(c.wayByID))
	slices.SortFunc(out, func(a, b *way) int { return compareInt64(a.id, b.id) })
	return out
}

func compareInt64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// build makes the map from what was collected. Everything in it is sorted by id.
func (c *collector) build() *geo.StreetMap {
	ways := c.sortedWays()
	slices.SortFunc(c.relations, func(a, b *relation) int { return compareInt64(a.id, b.id) })
	c.relations = slices.CompactFunc(c.relations, func(a, b *relation) bool { return a.id == b.id })
	slices.SortFunc(c.posts, func(a, b geo.Post) int { return compareInt64(a.Node, b.Node) })
	m := &geo.StreetMap{Source: c.source, Posts: c.posts}
	m.Streets = c.streets(ways)
	m.Restrictions = c.restrictions(m.Streets)
	m.Barriers = c.barriers(ways)
	m.Buildings = c.buildings(ways)
	m.Landuse = c.landuse(ways)
	m.Boundaries = c.boundaries()
	m.Bounds = streetBounds(m.Streets)
	if c.bounds != nil {
		m.Bounds = *c.bounds
	}
	if !c.newest.IsZero() {
		m.Date = c.newest.UTC().Format(time.DateOnly)
	}
	m.Findings = c.findings
	return m
}

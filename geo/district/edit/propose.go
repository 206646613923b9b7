package edit

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// ProposeSplit proposes a split of a grid into two parts of like households along
// the best road through it, or straight across where no road leads through. The
// proposal passes every check. Findings say why there is none.
func (s *Sheet) ProposeSplit(code string) (Split, []geo.Finding) {
	c := s.lock()
	defer c.mu.Unlock()
	slot, found := c.slotOf(code)
	if found != nil {
		return Split{}, found
	}
	return c.proposeSplit(slot)
}

// mostTries is how many of the best paths are tried against the rules.
const mostTries = 40

func (c *core) proposeSplit(slot int32) (Split, []geo.Finding) {
	code := c.grids[slot].code
	if c.grids[slot].locked {
		return Split{}, c.lockedBy(slot, nil)
	}
	p := c.newProposal(slot)
	for _, candidates := range []func(){p.alongRoads, p.straight} {
		p.found = p.found[:0]
		candidates()
		slices.SortFunc(p.found, func(a, b cut) int {
			return cmp.Or(cmp.Compare(a.score, b.score), slices.CompareFunc(a.path, b.path, comparePt))
		})
		for _, k := range p.found[:min(len(p.found), mostTries)] {
			split := Split{Grid: code, Path: k.path}
			if c.would(split) {
				return split, nil
			}
		}
	}
	return Split{}, refusal("no-split", code, nil, "draw the line by hand", "no line cuts grid %s in two without cutting a compound", code)
}

// would reports whether a split passes every check, and leaves all as it was.
func (c *core) would(s Split) bool {
	ch, found := s.plan(c)
	if found != nil {
		return false
	}
	ch.reduce()
	if found := c.settle(ch); found != nil {
		return false
	}
	c.takeBack(ch)
	return true
}

// cut is a path that a split might take; a lower score is better.
type cut struct {
	path  []arrange.Pt
	score float64
}

// proposal collects the cuts of one grid.
type proposal struct {
	c      *core
	slot   int32
	ring   []arrange.Pt       // outer border
	at     map[arrange.Pt]int // in ring
	census *census
	homes  int
	width  float64 // metres: side of a square of the grid's size
	found  []cut
}

func (c *core) newProposal(slot int32) *proposal {
	p := &proposal{c: c, slot: slot, at: map[arrange.Pt]int{}, homes: c.homes[slot]}
	for _, ring := range c.walks(slot) {
		if twiceArea(ring) > 0 {
			p.ring = ring
		}
	}
	// Begin at the least vertex, whatever edge the walk began with.
	least := slices.Index(p.ring, leastOf(p.ring))
	p.ring = append(slices.Clone(p.ring[least:]), p.ring[:least]...)
	for i, v := range p.ring {
		p.at[v] = i
	}
	kx, ky := c.plane.Scale()
	p.width = math.Sqrt(float64(twiceArea(p.ring)) / 2 * kx / geo.E7 * ky / geo.E7)
	var points []point
	c.points.each(&c.raster, boxOf(p.ring...), func(i int32) {
		if c.owner[i] == slot {
			points = append(points, c.points.all[i])
		}
	})
	p.census = newCensus(p.ring, points)
	return p
}

// add scores a path between two vertices of the ring: balance first, then what its
// metres are worth. Parts out of bounds that need not be cost most.
func (p *proposal) add(path []arrange.Pt, cost float64) {
	homes, area := p.census.part(path, p.at[path[0]], p.at[path[len(path)-1]])
	share := float64(area) / float64(twiceArea(p.ring))
	if share <= 0 || share >= 1 {
		return
	}
	rest := p.homes - homes
	balance := math.Abs(1 - 2*share)
	if p.homes > 0 {
		balance = 0.9*math.Abs(float64(rest-homes))/float64(p.homes) + 0.1*balance
	}
	score := balance + 0.2*cost/p.width
	b := p.c.draft.Bounds
	if min(rest, homes) < b.Min {
		score += 4
	}
	if max(rest, homes) > b.Max {
		score += 2
	}
	p.found = append(p.found, cut{path, score})
}

// alongRoads adds the best path along mesh edges between any two vertices of the
// outer ring.
func (p *proposal) alongRoads() {
	m := p.c.mesh
	rim := map[int32]bool{}
	var rimOrder []int32
	for _, v := range p.ring {
		if i := m.vertex(v); i >= 0 && !rim[i] {
			rim[i] = true
			rimOrder = append(rimOrder, i)
		}
	}
	ways := map[int32][]step[int32]{}
	around := func(v int32) []step[int32] {
		out, known := ways[v]
		if !known {
			out = p.inner(v, rim)
			ways[v] = out
		}
		return out
	}
	for k, from := range rimOrder {
		if len(around(from)) == 0 {
			continue
		}
		s := searchFrom(from, around, func(v int32) bool { return rim[v] }, nil)
		for _, to := range rimOrder[k+1:] {
			if cost, ok := s.cost[to]; ok {
				p.add(m.points(s.path(to)), cost)
			}
		}
	}
}

// inner are the ways on from a vertex through the inside of the grid.
func (p *proposal) inner(v int32, rim map[int32]bool) []step[int32] {
	m := p.c.mesh
	at := m.arr.Vertices[v]
	var out []step[int32]
	for _, w := range m.waysAt(v) {
		if w.through >= 0 && !p.c.cut[w.through] {
			continue // it would cut the compound
		}
		next := m.arr.Vertices[w.to]
		if rim[w.to] {
			if rim[v] && !p.c.within(middle(at, next), p.slot) {
				continue
			}
		} else if !p.c.within(next, p.slot) {
			continue
		}
		if p.c.find(at, next) < 0 && p.c.conflict(newEdge(at, next, outside, outside), nil) == nil {
			out = append(out, step[int32]{w.to, w.metres * detour[w.class]})
		}
	}
	return out
}

// mostCorners is how many vertices of the ring straight cuts are tried between.
const mostCorners = 48

// straight adds cuts straight across, between vertices spread over the ring.
func (p *proposal) straight() {
	n := min(len(p.ring), mostCorners)
	corner := func(i int) arrange.Pt { return p.ring[i*len(p.ring)/n] }
	for i := range n {
		for j := i + 2; j < n; j++ {
			a, b := corner(i), corner(j)
			if p.c.find(a, b) >= 0 || !p.c.within(middle(a, b), p.slot) || p.c.conflict(newEdge(a, b, outside, outside), nil) != nil {
				continue
			}
			p.add([]arrange.Pt{a, b}, float64(p.c.plane.Distance(a.Point(), b.Point())))
		}
	}
}

func lineOf(path []arrange.Pt) orb.LineString {
	out := make(orb.LineString, len(path))
	for i, p := range path {
		out[i] = p.Point()
	}
	return out
}

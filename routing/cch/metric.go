package cch

import (
	"fmt"
	"slices"
)

// Metric is a hierarchy with weights. It never changes once made: With makes another
// one that shares what did not change, and whoever still asks the old one gets the old
// answers.
type Metric struct {
	h     *Hierarchy
	pages []*page
	input []*inputPage // weights of the graph's arcs
}

// page is the shortcuts of a run of lower nodes, upward and downward: a changed copy of
// a metric shares most of them.
type page [2]half

// half is one direction of a page.
type half struct {
	begin  int32   // the first shortcut
	weight []int32 // by shortcut
	over   []int32 // what it stands for, see customizer
}

type inputPage [1 << inputBits]int32

const (
	pageSize  = 512 // shortcuts on a page, but for the last node's
	inputBits = 9
)

// paginate divides the shortcuts into pages.
func (h *Hierarchy) paginate() {
	number := make([]int32, h.nodes)
	h.up.page, h.down.page = number, number
	full := int32(0)
	for v := range int32(h.nodes) {
		if h.up.first[v]+h.down.first[v] >= full {
			h.pages = append(h.pages, v)
			full = h.up.first[v] + h.down.first[v] + pageSize
		}
		number[v] = int32(len(h.pages) - 1)
	}
}

// turn makes the pages of weights that lie one after the other in memory.
func (h *Hierarchy) turn(weight, over [2][]int32) []*page {
	pages := make([]*page, len(h.pages))
	for p, v := range h.pages {
		end := int32(h.nodes)
		if p+1 < len(h.pages) {
			end = h.pages[p+1]
		}
		pages[p] = new(page)
		for dir, s := range [2]*side{&h.up, &h.down} {
			a, b := s.first[v], s.first[end]
			pages[p][dir] = half{a, weight[dir][a:b:b], over[dir][a:b:b]}
		}
	}
	return pages
}

// own returns a copy of a page; all of its numbers lie in one piece of memory.
func (p *page) own() *page {
	n := *p
	u, d := len(p[0].weight), len(p[1].weight)
	all := make([]int32, 0, 2*(u+d))
	all = append(append(append(append(all, p[0].weight...), p[0].over...), p[1].weight...), p[1].over...)
	n[0].weight, n[0].over = all[:u:u], all[u:2*u:2*u]
	n[1].weight, n[1].over = all[2*u:2*u+d:2*u+d], all[2*u+d:]
	return &n
}

// half is the part of the metric that the shortcuts of a lower node on this side are in.
func (s *side) half(m *Metric, v int32) *half { return &m.pages[s.page[v]][s.dir] }

// of is the weights of the shortcuts of a lower node.
func (s *side) of(m *Metric, v int32) []int32 {
	p := s.half(m, v)
	return p.weight[s.first[v]-p.begin : s.first[v+1]-p.begin]
}

// Customize gives the graph's arcs weights, at most Never, on up to that many threads
// (at least one). It keeps a copy of the weights.
func (h *Hierarchy) Customize(weight []int32, threads int) (*Metric, error) {
	if len(weight) != len(h.slot) {
		return nil, fmt.Errorf("customize: %d weights for %d arcs", len(weight), len(h.slot))
	}
	for a, w := range weight {
		if w < 0 || w > Never {
			return nil, fmt.Errorf("customize: weight %d of arc %d is not within 0 and %d", w, a, Never)
		}
	}
	u, d := len(h.up.head), len(h.down.head)
	c := customizer{h: h, up: make([]int32, u), down: make([]int32, d), upOver: make([]int32, u), downOver: make([]int32, d)}
	c.start(weight)
	c.run(threads)
	m := &Metric{h: h, pages: h.turn([2][]int32{c.up, c.down}, [2][]int32{c.upOver, c.downOver})}
	for part := range slices.Chunk(weight, 1<<inputBits) {
		p := new(inputPage)
		copy(p[:], part)
		m.input = append(m.input, p)
	}
	return m, nil
}

// Weight is the weight of an arc of the graph.
func (m *Metric) Weight(arc int32) int32 {
	return m.input[arc>>inputBits][arc&(1<<inputBits-1)]
}

// Hierarchy is the hierarchy that the metric belongs to.
func (m *Metric) Hierarchy() *Hierarchy { return m.h }

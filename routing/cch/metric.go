package cch

import "fmt"

// Metric is a hierarchy with weights. It never changes once made: With makes another
// one that shares what did not change, and whoever still asks the old one gets the old
// answers.
type Metric struct {
	h     *Hierarchy
	up    weights // of the shortcuts upward
	down  weights
	input [][]int32 // weights of the graph's arcs, in pages

	upOver, downOver weights // what the shortcuts stand for, see customizer
}

// weights are kept in pages, so that a changed copy shares most of them. The shortcuts
// of one lower node are on one page.
type weights [][]int32

const (
	pageSize  = 1024 // weights on a page, but for the last node's
	inputBits = 10
)

// paginate divides the side's shortcuts into pages.
func (s *side) paginate() {
	n := len(s.first) - 1
	s.page = make([]int32, n)
	for v := range n {
		if k := len(s.begins); k == 0 || s.first[v] >= s.begins[k-1]+pageSize {
			s.begins = append(s.begins, s.first[v])
		}
		s.page[v] = int32(len(s.begins) - 1)
	}
}

// of is the weights of the shortcuts of a lower node.
func (s *side) of(w weights, v int32) []int32 {
	p := s.page[v]
	begin := s.begins[p]
	return w[p][s.first[v]-begin : s.first[v+1]-begin]
}

// pages cuts weights that lie one after the other in memory into pages.
func (s *side) pages(flat []int32) weights {
	w := make(weights, len(s.begins))
	for p, a := range s.begins {
		b := int32(len(flat))
		if p+1 < len(s.begins) {
			b = s.begins[p+1]
		}
		w[p] = flat[a:b:b]
	}
	return w
}

// short is the weight of a shortcut, given its lower node, and what it stands for.
func (m *Metric) short(slot, low int32) (weight, over *int32) {
	s, w, o := &m.h.up, m.up, m.upOver
	if n := int32(len(s.head)); slot >= n {
		s, w, o, slot = &m.h.down, m.down, m.downOver, slot-n
	}
	p := s.page[low]
	slot -= s.begins[p]
	return &w[p][slot], &o[p][slot]
}

// weight is the weight of a shortcut, given its lower node.
func (m *Metric) weight(slot, low int32) int32 {
	w, _ := m.short(slot, low)
	return *w
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
	kept := append([]int32(nil), weight...)
	u, d := len(h.up.head), len(h.down.head)
	c := customizer{h: h, up: make([]int32, u), down: make([]int32, d), upOver: make([]int32, u), downOver: make([]int32, d)}
	c.start(kept)
	c.run(threads)
	m := &Metric{
		h: h, up: h.up.pages(c.up), down: h.down.pages(c.down),
		upOver: h.up.pages(c.upOver), downOver: h.down.pages(c.downOver),
	}
	for a := 0; a < len(kept); a += 1 << inputBits {
		b := min(len(kept), a+1<<inputBits)
		m.input = append(m.input, kept[a:b:b])
	}
	return m, nil
}

// Weight is the weight of an arc of the graph.
func (m *Metric) Weight(arc int32) int32 {
	return m.input[arc>>inputBits][arc&(1<<inputBits-1)]
}

// Hierarchy is the hierarchy that the metric belongs to.
func (m *Metric) Hierarchy() *Hierarchy { return m.h }

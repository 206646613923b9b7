package cch

import "fmt"

// Metric is a hierarchy with weights. It never changes once made: With makes another
// one that shares what did not change, and whoever still asks the old one gets the old
// answers.
type Metric struct {
	h       *Hierarchy
	up      weights // of the shortcuts upward
	down    weights
	input   [][]int32 // weights of the graph's arcs, in pages
	changes int       // since Customize
}

// weights are kept in pages, so that a changed copy shares most of them: page p holds
// the shortcuts of the lower nodes p<<pageBits and following.
type weights [][]int32

const (
	pageBits  = 5
	inputBits = 8
)

// of is the weights of the shortcuts of a lower node.
func (s *side) of(w weights, v int32) []int32 {
	begin := s.first[v>>pageBits<<pageBits]
	return w[v>>pageBits][s.first[v]-begin : s.first[v+1]-begin]
}

// pages cuts weights that lie one after the other in memory into pages.
func (s *side) pages(flat []int32) weights {
	n := len(s.first) - 1
	w := make(weights, (n+1<<pageBits-1)>>pageBits)
	for p := range w {
		a, b := s.first[p<<pageBits], s.first[min(n, (p+1)<<pageBits)]
		w[p] = flat[a:b:b]
	}
	return w
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
	c := customizer{h: h, up: make([]int32, len(h.up.head)), down: make([]int32, len(h.down.head))}
	c.start(kept)
	c.run(threads)
	m := &Metric{h: h, up: h.up.pages(c.up), down: h.down.pages(c.down)}
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

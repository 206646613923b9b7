package cch

// Labels is how many sources Near tells apart at each node.
const Labels = 3

// Label is a source and the cost from it, in one number: the cheaper label is less, and
// of equal ones that of the lower source.
type Label int64

// NewLabel is the label of a source, or of none at all where it is -1.
func NewLabel(cost, source int32) Label { return Label(int64(cost)<<32 | int64(uint32(source))) }

// Cost is what it costs to come from the source, Never without one.
func (l Label) Cost() int32 { return int32(l >> 32) }

// Source is the number of the source, -1 without one.
func (l Label) Source() int32 { return int32(l) }

// NoLabel is the label of no source.
const NoLabel = Label(int64(Never)<<32 | (1<<32 - 1))

// Nearest is the nearest sources of a node, nearest first.
type Nearest [Labels]Label

// Nobody is a Nearest without a source.
func Nobody() Nearest { return nobody }

// Near holds for each node the nearest sources and their costs.
type Near struct {
	h     *Hierarchy
	label []Nearest // by rank
}

// NewNear returns memory for Near searches on the hierarchy.
func (h *Hierarchy) NewNear() *Near {
	return &Near{h: h, label: make([]Nearest, h.nodes)}
}

// From finds for every node the Labels nearest of the sources, each a place, and what it
// costs to come from them: one pass up and one down the whole hierarchy, however many
// sources there are. Of sources equally near the lower number goes first. The answers
// replace those of the call before.
//
// Delling, Goldberg, Nowatzyk, Werneck, "PHAST: hardware-accelerated shortest path
// trees", JPDC 73 (2013), with several labels instead of one.
func (n *Near) From(m *Metric, sources [][]Seed) {
	h := n.h
	for v := range n.label {
		n.label[v] = nobody
	}
	for i, place := range sources {
		for _, s := range place {
			n.label[h.rank[s.Node]].Add(NewLabel(s.Cost, int32(i)))
		}
	}
	for v := range int32(h.nodes) {
		own := &n.label[v]
		if own[0] == NoLabel {
			continue
		}
		head := h.up.head[h.up.first[v]:h.up.first[v+1]]
		for k, w := range h.up.of(m, v) {
			if to := &n.label[head[k]]; own[0]+Label(w)<<32 < to[Labels-1] {
				pass(own, w, to)
			}
		}
	}
	n.down(m)
}

// down passes the labels on from above, in preorder: those of the nodes above the
// present one are at hand by depth.
func (n *Near) down(m *Metric) {
	h := n.h
	above := make([]Nearest, h.height)
	for v := int32(h.nodes - 1); v >= 0; v-- {
		own := &n.label[v]
		a, b, c := own[0], own[1], own[2]
		weights := h.down.of(m, v)
		level := h.down.level[h.down.first[v]:]
		level = level[:len(weights)]
		for k, w := range weights {
			from := &above[level[k]]
			more := Label(w) << 32
			x, y, z := from[0]+more, min(from[1]+more, NoLabel), min(from[2]+more, NoLabel)
			switch {
			case x >= c || w >= Never: // most shortcuts bring nothing new
			case a == NoLabel:
				a, b, c = x, y, z
			case int32(x^a)|int32(y^b)|int32(z^c) == 0: // the same sources in the same order, as most often
				a, b, c = min(a, x), min(b, y), min(c, z)
			default:
				a, b, c = insert(a, b, c, x)
				a, b, c = insert(a, b, c, y)
				a, b, c = insert(a, b, c, z)
			}
		}
		own[0], own[1], own[2] = a, b, c
		o := &above[h.depth[v]]
		o[0], o[1], o[2] = a, b, c
	}
}

// insert is Add without branches that nobody can foretell.
func insert(a, b, c, l Label) (x, y, z Label) {
	s := l.Source()
	if a.Source() == s {
		l, a = min(l, a), NoLabel
	}
	if b.Source() == s {
		l, b = min(l, b), NoLabel
	}
	if c.Source() == s {
		l, c = min(l, c), NoLabel
	}
	a, l = min(a, l), max(a, l)
	b, l = min(b, l), max(b, l)
	return a, b, min(c, l)
}

var nobody = Nearest{NoLabel, NoLabel, NoLabel}

// pass offers the labels of one node to another across a shortcut.
func pass(from *Nearest, w int32, to *Nearest) {
	if w >= Never { // costs may be below zero
		return
	}
	more := Label(w) << 32
	for k := 0; k < Labels && from[k]+more < to[Labels-1]; k++ {
		to.Add(from[k] + more)
	}
}

// Add puts a label among the others if it is one of the nearest; each source is there
// once at most.
func (list *Nearest) Add(l Label) {
	a, b, c := list[0], list[1], list[2]
	switch {
	case l < a:
		list[0] = l
		if a.Source() == l.Source() {
			return
		}
		list[1] = a
		if b.Source() != l.Source() {
			list[2] = b
		}
	case a.Source() == l.Source():
	case l < b:
		list[1] = l
		if b.Source() != l.Source() {
			list[2] = b
		}
	case b.Source() != l.Source() && l < c:
		list[2] = l
	}
}

// At is the nearest sources of a node, nearest first; it is valid until the next From.
func (n *Near) At(node int32) *Nearest { return &n.label[n.h.rank[node]] }

// Rank is the place of a node in the order in which searches pass the nodes; who looks
// at many nodes does best in this order.
func (h *Hierarchy) Rank(node int32) int32 { return h.rank[node] }

// AtRank is At for the node of a rank.
func (n *Near) AtRank(rank int32) *Nearest { return &n.label[rank] }

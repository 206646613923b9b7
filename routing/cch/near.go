package cch

// Labels is how many sources Near tells apart at each node.
const Labels = 3

// Label is a source and the cost from it; Source is -1 where there is none.
type Label struct {
	Cost   int32
	Source int32
}

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
			n.label[h.rank[s.Node]].Add(Label{s.Cost, int32(i)})
		}
	}
	for v := range int32(h.nodes) {
		own := &n.label[v]
		if own[0].Source < 0 {
			continue
		}
		head := h.up.head[h.up.first[v]:h.up.first[v+1]]
		for k, w := range h.up.of(m, v) {
			pass(own, w, &n.label[head[k]])
		}
	}
	for v := int32(h.nodes - 1); v >= 0; v-- {
		own := &n.label[v]
		head := h.down.head[h.down.first[v]:h.down.first[v+1]]
		for k, w := range h.down.of(m, v) {
			if from := &n.label[head[k]]; from[0].Cost+w <= own[Labels-1].Cost {
				pass(from, w, own)
			}
		}
	}
}

var nobody = Nearest{{Never, -1}, {Never, -1}, {Never, -1}}

// pass offers the labels of one node to another across a shortcut.
func pass(from *Nearest, w int32, to *Nearest) {
	worst := to[Labels-1].Cost
	for _, l := range from {
		if l.Cost+w > worst || l.Source < 0 || w >= Never {
			return
		}
		to.Add(Label{l.Cost + w, l.Source})
		worst = to[Labels-1].Cost
	}
}

// Add puts a label among the others if it is one of the nearest; each source is there
// once at most.
func (list *Nearest) Add(l Label) {
	i := 0
	for ; i < Labels; i++ {
		if l.before(list[i]) {
			break
		}
		if list[i].Source == l.Source {
			return // it is there already, no dearer
		}
	}
	if i == Labels {
		return
	}
	k := i // the end of what moves back
	for k < Labels-1 && list[k].Source != l.Source {
		k++
	}
	copy(list[i+1:k+1], list[i:k])
	list[i] = l
}

func (l Label) before(o Label) bool {
	return l.Cost < o.Cost || l.Cost == o.Cost && (o.Source < 0 || l.Source < o.Source)
}

// At is the nearest sources of a node, nearest first; it is valid until the next From.
func (n *Near) At(node int32) *Nearest { return &n.label[n.h.rank[node]] }

// Rank is the place of a node in the order in which searches pass the nodes; who looks
// at many nodes does best in this order.
func (h *Hierarchy) Rank(node int32) int32 { return h.rank[node] }

// AtRank is At for the node of a rank.
func (n *Near) AtRank(rank int32) *Nearest { return &n.label[rank] }

// Package match finds perfect matchings of least cost in general graphs: the core
// of the postman problem, in which places where an odd number of streets meet are
// paired.
//
// Start with Perfect.
package match

import (
	"context"
	"errors"
	"slices"
)

// Edge connects vertices I and J at a cost of at least 0.
type Edge struct {
	I, J int
	Cost int
}

// ErrNone says that the graph has no perfect matching.
var ErrNone = errors.New("no perfect matching")

// Perfect returns the partner of each of n vertices in a perfect matching of least
// cost. It is Edmonds' algorithm with blossoms in the primal-dual form of Galil
// ("Efficient algorithms for finding maximum matching in graphs", ACM Computing
// Surveys 18, 1986) and takes O(n^3) at worst.
func Perfect(n int, edges []Edge) ([]int, error) {
	m := newMatcher(n, edges)
	return m.perfect(context.Background())
}

// Complete is Perfect on the complete graph whose costs the function gives: it
// starts from the near edges of each vertex and adds those that the dual solution
// says are missing, until none is, so that the answer is exact.
func Complete(n int, near int, cost func(i, j int) int) ([]int, error) {
	if n%2 == 1 {
		return nil, ErrNone
	}
	var edges []Edge
	has := map[[2]int]bool{}
	add := func(i, j int) {
		k := [2]int{min(i, j), max(i, j)}
		if i != j && !has[k] {
			has[k] = true
			edges = append(edges, Edge{k[0], k[1], cost(k[0], k[1])})
		}
	}
	others := make([]int, 0, n)
	for i := range n {
		others = others[:0]
		for j := range n {
			if j != i {
				others = append(others, j)
			}
		}
		slices.SortStableFunc(others, func(a, b int) int { return cost(i, a) - cost(i, b) })
		for _, j := range others[:min(near, len(others))] {
			add(i, j)
		}
		add(i, i^1) // so that a perfect matching exists
	}
	for {
		m := newMatcher(n, edges)
		mate, err := m.perfect(context.Background())
		if err != nil {
			return nil, err
		}
		before := len(edges)
		for i := range n {
			for j := i + 1; j < n; j++ {
				if !has[[2]int{i, j}] && m.reduced(i, j, cost(i, j)) < 0 {
					add(i, j)
				}
			}
		}
		if len(edges) == before {
			return mate, nil
		}
	}
}

// matcher is the state of the search. Blossoms are numbered n to 2n-1, vertices
// are trivial blossoms. An endpoint 2k or 2k+1 is one end of edge k. Weights are
// negative costs, and duals are doubled so that all numbers stay integers.
type matcher struct {
	n        int
	edges    []Edge
	weight   []int
	endpoint []int
	ends     [][]int // far endpoints of the edges at a vertex

	mate        []int // far endpoint of the matched edge, -1
	label       []int // 0 free, 1 outer, 2 inner, +4 on the present path
	labelEnd    []int
	inBlossom   []int
	parent      []int
	children    [][]int
	base        []int
	between     [][]int // endpoints that connect a blossom's children
	bestEdge    []int
	bestEdges   [][]int
	unused      []int
	dual        []int
	allowed     []bool
	queue       []int
	bestEdgeTo  []int
	leafScratch []int
}

func newMatcher(n int, edges []Edge) *matcher {
	m := &matcher{n: n, edges: edges}
	most := 0
	m.ends = make([][]int, n)
	for k, e := range edges {
		most = max(most, e.Cost)
		m.endpoint = append(m.endpoint, e.I, e.J)
		m.ends[e.I] = append(m.ends[e.I], 2*k+1)
		m.ends[e.J] = append(m.ends[e.J], 2*k)
	}
	for _, e := range edges {
		m.weight = append(m.weight, most-e.Cost)
	}
	fill := func(k, v int) []int {
		s := make([]int, k)
		for i := range s {
			s[i] = v
		}
		return s
	}
	m.mate = fill(n, -1)
	m.label, m.labelEnd = fill(2*n, 0), fill(2*n, -1)
	m.inBlossom, m.parent = fill(n, 0), fill(2*n, -1)
	m.children, m.between, m.bestEdges = make([][]int, 2*n), make([][]int, 2*n), make([][]int, 2*n)
	m.base, m.bestEdge, m.dual = fill(2*n, -1), fill(2*n, -1), fill(2*n, 0)
	m.bestEdgeTo = fill(2*n, -1)
	for v := range n {
		m.inBlossom[v], m.base[v], m.dual[v] = v, v, most
		m.unused = append(m.unused, n+v)
	}
	m.allowed = make([]bool, len(edges))
	return m
}

func (m *matcher) slack(k int) int {
	return m.dual[m.edges[k].I] + m.dual[m.edges[k].J] - 2*m.weight[k]
}

// reduced is twice the reduced cost of an edge that the graph does not have; where
// it is negative the edge could make the matching cheaper.
func (m *matcher) reduced(i, j, cost int) int {
	most := 0
	if len(m.edges) > 0 {
		most = m.weight[0] + m.edges[0].Cost
	}
	s := m.dual[i] + m.dual[j] - 2*(most-cost)
	if m.inBlossom[i] != m.inBlossom[j] {
		return s
	}
	up := func(v int) []int {
		var path []int
		for b := m.parent[v]; b >= 0; b = m.parent[b] {
			path = append(path, b)
		}
		return path
	}
	a, b := up(i), up(j)
	for x, y := len(a)-1, len(b)-1; x >= 0 && y >= 0 && a[x] == b[y]; x, y = x-1, y-1 {
		s += 2 * m.dual[a[x]]
	}
	return s
}

// leaves appends the vertices of a blossom to buf.
func (m *matcher) leaves(b int, buf []int) []int {
	if b < m.n {
		return append(buf, b)
	}
	for _, c := range m.children[b] {
		buf = m.leaves(c, buf)
	}
	return buf
}

func (m *matcher) perfect(ctx context.Context) ([]int, error) {
	if m.n%2 == 1 {
		return nil, ErrNone
	}
	for slices.Contains(m.mate, -1) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !m.stage() {
			return nil, ErrNone
		}
		for b := m.n; b < 2*m.n; b++ {
			if m.parent[b] < 0 && m.base[b] >= 0 && m.label[b] == 1 && m.dual[b] == 0 {
				m.expand(b, true)
			}
		}
	}
	out := make([]int, m.n)
	for v, p := range m.mate {
		out[v] = m.endpoint[p]
	}
	return out, nil
}

// stage augments the matching by one edge.
func (m *matcher) stage() bool {
	for i := range m.label {
		m.label[i], m.bestEdge[i] = 0, -1
	}
	clear(m.bestEdges)
	clear(m.allowed)
	m.queue = m.queue[:0]
	for v := range m.n {
		if m.mate[v] < 0 && m.label[m.inBlossom[v]] == 0 {
			m.assign(v, 1, -1)
		}
	}
	for {
		for len(m.queue) > 0 {
			v := m.queue[len(m.queue)-1]
			m.queue = m.queue[:len(m.queue)-1]
			if m.scan(v) {
				return true
			}
		}
		if !m.adjust() {
			return false
		}
	}
}

// scan follows the edges of an outer vertex; it reports an augmentation.
func (m *matcher) scan(v int) bool {
	for _, p := range m.ends[v] {
		k, w := p/2, m.endpoint[p]
		if m.inBlossom[v] == m.inBlossom[w] {
			continue
		}
		slack := 0
		if !m.allowed[k] {
			if slack = m.slack(k); slack <= 0 {
				m.allowed[k] = true
			}
		}
		switch b := m.inBlossom[w]; {
		case m.allowed[k] && m.label[b] == 0:
			m.assign(w, 2, p^1)
		case m.allowed[k] && m.label[b] == 1:
			base := m.ancestor(v, w)
			if base < 0 {
				m.augment(k)
				return true
			}
			m.add(base, k)
		case m.allowed[k]:
			if m.label[w] == 0 {
				m.label[w], m.labelEnd[w] = 2, p^1
			}
		case m.label[b] == 1:
			o := m.inBlossom[v]
			if m.bestEdge[o] < 0 || slack < m.slack(m.bestEdge[o]) {
				m.bestEdge[o] = k
			}
		case m.label[w] == 0:
			if m.bestEdge[w] < 0 || slack < m.slack(m.bestEdge[w]) {
				m.bestEdge[w] = k
			}
		}
	}
	return false
}

// adjust changes the duals by as much as they allow; false when no edge is left.
func (m *matcher) adjust() bool {
	kind, delta, at := -1, 0, 0
	for v := range m.n {
		if m.label[m.inBlossom[v]] == 0 && m.bestEdge[v] >= 0 {
			if d := m.slack(m.bestEdge[v]); kind < 0 || d < delta {
				kind, delta, at = 2, d, m.bestEdge[v]
			}
		}
	}
	for b := range 2 * m.n {
		if m.parent[b] < 0 && m.label[b] == 1 && m.bestEdge[b] >= 0 {
			if d := m.slack(m.bestEdge[b]) / 2; kind < 0 || d < delta {
				kind, delta, at = 3, d, m.bestEdge[b]
			}
		}
		if b >= m.n && m.base[b] >= 0 && m.parent[b] < 0 && m.label[b] == 2 {
			if kind < 0 || m.dual[b] < delta {
				kind, delta, at = 4, m.dual[b], b
			}
		}
	}
	if kind < 0 {
		return false
	}
	for v := range m.n {
		switch m.label[m.inBlossom[v]] {
		case 1:
			m.dual[v] -= delta
		case 2:
			m.dual[v] += delta
		}
	}
	for b := m.n; b < 2*m.n; b++ {
		if m.base[b] >= 0 && m.parent[b] < 0 {
			switch m.label[b] {
			case 1:
				m.dual[b] += delta
			case 2:
				m.dual[b] -= delta
			}
		}
	}
	switch kind {
	case 4:
		m.expand(at, false)
	default:
		m.allowed[at] = true
		v := m.edges[at].I
		if m.label[m.inBlossom[v]] == 0 {
			v = m.edges[at].J
		}
		m.queue = append(m.queue, v)
	}
	return true
}

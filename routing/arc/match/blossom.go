package match

import "slices"

// assign labels the blossom of w and, where it becomes inner, its partner outer.
func (m *matcher) assign(w, t, p int) {
	b := m.inBlossom[w]
	m.label[w], m.label[b] = t, t
	m.labelEnd[w], m.labelEnd[b] = p, p
	m.bestEdge[w], m.bestEdge[b] = -1, -1
	if t == 1 {
		m.queue = m.leaves(b, m.queue)
		return
	}
	q := m.mate[m.base[b]]
	m.assign(m.endpoint[q], 1, q^1)
}

// ancestor is the base of the new blossom that an edge between outer vertices v and
// w closes, or -1 where their trees differ.
func (m *matcher) ancestor(v, w int) int {
	var path []int
	base := -1
	for v >= 0 || w >= 0 {
		b := m.inBlossom[v]
		if m.label[b]&4 != 0 {
			base = m.base[b]
			break
		}
		path = append(path, b)
		m.label[b] = 5
		if m.labelEnd[b] < 0 {
			v = -1
		} else {
			v = m.endpoint[m.labelEnd[b]]
			v = m.endpoint[m.labelEnd[m.inBlossom[v]]]
		}
		if w >= 0 {
			v, w = w, v
		}
	}
	for _, b := range path {
		m.label[b] = 1
	}
	return base
}

// add makes a blossom of the circle that edge k closes at the base.
func (m *matcher) add(base, k int) {
	v, w := m.edges[k].I, m.edges[k].J
	bb, bv, bw := m.inBlossom[base], m.inBlossom[v], m.inBlossom[w]
	b := m.unused[len(m.unused)-1]
	m.unused = m.unused[:len(m.unused)-1]
	m.base[b], m.parent[b] = base, -1
	m.parent[bb] = b
	var path, ends []int
	for bv != bb {
		m.parent[bv] = b
		path, ends = append(path, bv), append(ends, m.labelEnd[bv])
		bv = m.inBlossom[m.endpoint[m.labelEnd[bv]]]
	}
	path = append(path, bb)
	slices.Reverse(path)
	slices.Reverse(ends)
	ends = append(ends, 2*k)
	for bw != bb {
		m.parent[bw] = b
		path, ends = append(path, bw), append(ends, m.labelEnd[bw]^1)
		bw = m.inBlossom[m.endpoint[m.labelEnd[bw]]]
	}
	m.children[b], m.between[b] = path, ends
	m.label[b], m.labelEnd[b], m.dual[b] = 1, m.labelEnd[bb], 0
	m.leafScratch = m.leaves(b, m.leafScratch[:0])
	for _, x := range m.leafScratch {
		if m.label[m.inBlossom[x]] == 2 {
			m.queue = append(m.queue, x)
		}
		m.inBlossom[x] = b
	}
	m.collectBest(b)
}

// collectBest finds the least slack edges from the new blossom to other outer ones.
func (m *matcher) collectBest(b int) {
	var seen []int
	offer := func(k int) {
		j := m.edges[k].J
		if m.inBlossom[j] == b {
			j = m.edges[k].I
		}
		bj := m.inBlossom[j]
		if bj == b || m.label[bj] != 1 {
			return
		}
		if m.bestEdgeTo[bj] < 0 {
			seen = append(seen, bj)
		} else if m.slack(k) >= m.slack(m.bestEdgeTo[bj]) {
			return
		}
		m.bestEdgeTo[bj] = k
	}
	for _, c := range m.children[b] {
		if m.bestEdges[c] != nil {
			for _, k := range m.bestEdges[c] {
				offer(k)
			}
		} else {
			m.leafScratch = m.leaves(c, m.leafScratch[:0])
			for _, x := range m.leafScratch {
				for _, p := range m.ends[x] {
					offer(p / 2)
				}
			}
		}
		m.bestEdges[c], m.bestEdge[c] = nil, -1
	}
	slices.Sort(seen)
	list := make([]int, 0, len(seen))
	m.bestEdge[b] = -1
	for _, bj := range seen {
		k := m.bestEdgeTo[bj]
		m.bestEdgeTo[bj] = -1
		list = append(list, k)
		if m.bestEdge[b] < 0 || m.slack(k) < m.slack(m.bestEdge[b]) {
			m.bestEdge[b] = k
		}
	}
	m.bestEdges[b] = list
}

// around indexes a circle, negative positions from its end.
func around(list []int, j int) int {
	if j < 0 {
		j += len(list)
	}
	return list[j]
}

// expand dissolves a blossom into its children.
func (m *matcher) expand(b int, atEnd bool) {
	for _, s := range m.children[b] {
		m.parent[s] = -1
		switch {
		case s < m.n:
			m.inBlossom[s] = s
		case atEnd && m.dual[s] == 0:
			m.expand(s, atEnd)
		default:
			for _, v := range m.leaves(s, nil) {
				m.inBlossom[v] = s
			}
		}
	}
	if !atEnd && m.label[b] == 2 {
		m.relabel(b)
	}
	m.label[b], m.labelEnd[b] = -1, -1
	m.children[b], m.between[b], m.bestEdges[b] = nil, nil, nil
	m.base[b], m.bestEdge[b] = -1, -1
	m.unused = append(m.unused, b)
}

// relabel gives the children of an inner blossom that dissolves their labels anew.
func (m *matcher) relabel(b int) {
	children, between := m.children[b], m.between[b]
	entry := m.inBlossom[m.endpoint[m.labelEnd[b]^1]]
	j, step, trick := slices.Index(children, entry), -1, 1
	if j&1 != 0 {
		j, step, trick = j-len(children), 1, 0
	}
	p := m.labelEnd[b]
	for j != 0 {
		m.label[m.endpoint[p^1]] = 0
		q := around(between, j-trick)
		m.label[m.endpoint[q^trick^1]] = 0
		m.assign(m.endpoint[p^1], 2, p)
		m.allowed[q/2] = true
		j += step
		p = around(between, j-trick) ^ trick
		m.allowed[p/2] = true
		j += step
	}
	bv := around(children, j)
	for _, x := range []int{m.endpoint[p^1], bv} {
		m.label[x], m.labelEnd[x] = 2, p
	}
	m.bestEdge[bv] = -1
	for j += step; around(children, j) != entry; j += step {
		bv = around(children, j)
		if m.label[bv] == 1 {
			continue
		}
		for _, v := range m.leaves(bv, nil) {
			if m.label[v] != 0 {
				m.label[v] = 0
				m.label[m.endpoint[m.mate[m.base[bv]]]] = 0
				m.assign(v, 2, m.labelEnd[v])
				break
			}
		}
	}
}

// shift swaps matched and free edges inside a blossom from v to its base, which
// then is v.
func (m *matcher) shift(b, v int) {
	t := v
	for m.parent[t] != b {
		t = m.parent[t]
	}
	if t >= m.n {
		m.shift(t, v)
	}
	children, between := m.children[b], m.between[b]
	i := slices.Index(children, t)
	j, step, trick := i, -1, 1
	if i&1 != 0 {
		j, step, trick = i-len(children), 1, 0
	}
	for j != 0 {
		j += step
		t = around(children, j)
		p := around(between, j-trick) ^ trick
		if t >= m.n {
			m.shift(t, m.endpoint[p])
		}
		j += step
		t = around(children, j)
		if t >= m.n {
			m.shift(t, m.endpoint[p^1])
		}
		m.mate[m.endpoint[p]], m.mate[m.endpoint[p^1]] = p^1, p
	}
	m.children[b] = append(slices.Clone(children[i:]), children[:i]...)
	m.between[b] = append(slices.Clone(between[i:]), between[:i]...)
	m.base[b] = m.base[m.children[b][0]]
}

// augment swaps matched and free edges along the path through edge k.
func (m *matcher) augment(k int) {
	for side, s := range []int{m.edges[k].I, m.edges[k].J} {
		p := 2*k + 1 - side
		for {
			bs := m.inBlossom[s]
			if bs >= m.n {
				m.shift(bs, s)
			}
			m.mate[s] = p
			if m.labelEnd[bs] < 0 {
				break
			}
			bt := m.inBlossom[m.endpoint[m.labelEnd[bs]]]
			s = m.endpoint[m.labelEnd[bt]]
			j := m.endpoint[m.labelEnd[bt]^1]
			if bt >= m.n {
				m.shift(bt, j)
			}
			m.mate[j] = m.labelEnd[bt]
			p = m.labelEnd[bt] ^ 1
		}
	}
}

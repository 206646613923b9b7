package routing

// label marks the arcs of the largest strongly connected part, counted in vertices
// of the map, by Tarjan's algorithm ("Depth-first search and linear graph
// algorithms", SIAM J. Comput. 1, 1972) without recursion.
func (n *Network) label() {
	part := strong(len(n.code), n.next)
	size := map[int32]int{}
	best := int32(None)
	for a, p := range part {
		e := n.code[a] >> 1
		size[p] += int(n.to[e] - n.from[e])
	}
	for a := range part { // in order of arcs: the answer does not depend on the map's order
		if p := part[a]; best == None || size[p] > size[best] {
			best = p
		}
	}
	n.main = make([]bool, len(n.code))
	for a, p := range part {
		n.main[a] = p == best
	}
}

// strong returns the strongly connected part of each of n vertices.
func strong(n int, next lists) []int32 {
	part := make([]int32, n)
	low := make([]int32, n)
	order := make([]int32, n) // 0 while unseen
	at := make([]int32, n)    // how far the list of each vertex is done
	for i := range part {
		part[i] = None
	}
	var stack, path []int32
	var seen, parts int32
	for s := range int32(n) {
		if order[s] != 0 {
			continue
		}
		path = append(path[:0], s)
		seen++
		order[s], low[s] = seen, seen
		stack = append(stack, s)
		for len(path) > 0 {
			v := path[len(path)-1]
			if list := next.of(v); int(at[v]) < len(list) {
				w := list[at[v]]
				at[v]++
				if order[w] == 0 {
					seen++
					order[w], low[w] = seen, seen
					stack, path = append(stack, w), append(path, w)
				} else if part[w] == None {
					low[v] = min(low[v], order[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1]
				low[u] = min(low[u], low[v])
			}
			if low[v] == order[v] {
				for {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					part[w] = parts
					if w == v {
						break
					}
				}
				parts++
			}
		}
	}
	return part
}

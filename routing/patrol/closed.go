package patrol

import "gridbeat/routing"

// vertex is where an edge begins: a street and the number of a vertex in its line.
type vertex struct{ street, at int }

func vertexOf(n *routing.Network, e routing.Edge) vertex {
	from, _ := n.Span(e)
	return vertex{n.StreetIndex(e), from}
}

// cutOff are the vertices along streets that could be reached if no street were closed,
// nil where none is.
func (b *builder) cutOff() map[vertex]bool {
	if b.open == nil {
		return nil
	}
	out := map[vertex]bool{}
	for e := range routing.Edge(b.open.Edges()) {
		if !b.open.EdgeMain(e) {
			continue
		}
		from, to := b.open.Span(e)
		for at := from; at < to; at++ {
			out[vertex{b.open.StreetIndex(e), at}] = true
		}
	}
	return out
}

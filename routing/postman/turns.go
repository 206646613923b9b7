package postman

import (
	"cmp"
	"slices"
)

// orient gives the edges without a direction the one of closed trails through them.
func (w *walk) orient() {
	at := make([][]int32, len(w.t.X))
	for _, e := range w.loose {
		x := w.edges[e]
		at[x.from] = append(at[x.from], e)
		at[x.to] = append(at[x.to], e)
	}
	used := make([]bool, len(w.edges))
	for v := range at {
		for u := int32(v); len(at[u]) > 0; {
			e := at[u][len(at[u])-1]
			at[u] = at[u][:len(at[u])-1]
			if used[e] {
				continue
			}
			used[e] = true
			x := &w.edges[e]
			if x.from != u {
				x.from, x.to, x.leg.Back = x.to, x.from, !x.leg.Back
			}
			u = x.to
		}
	}
	w.loose = nil
}

// turn is what it costs to go from one edge into another.
func (w *walk) turn(a, b int32) int32 {
	if w.t.Turn == nil {
		return 0
	}
	return w.t.Turn(w.edges[a].leg, w.edges[b].leg)
}

// turns decides which edge follows which: at each place so that turns are cheap, then
// circuits that meet are joined, at the place where that costs least.
func (w *walk) turns() {
	n := len(w.t.X)
	in, out := make([][]int32, n), make([][]int32, n)
	for e, x := range w.edges {
		in[x.to], out[x.from] = append(in[x.to], int32(e)), append(out[x.from], int32(e))
	}
	w.next = make([]int32, len(w.edges))
	for v := range n {
		w.pairTurns(in[v], out[v])
	}
	circuits := newSets(len(w.edges))
	for e, f := range w.next {
		circuits.join(int32(e), f)
	}
	var joints joints
	for v := range n {
		for i, a := range in[v] {
			for _, b := range in[v][:i] {
				if circuits.find(a) != circuits.find(b) {
					joints = append(joints, joint{w.swapCost(a, b), a, b})
				}
			}
		}
	}
	for len(joints) > 0 {
		// What has changed meanwhile waits for the next round.
		slices.SortFunc(joints, joint.compare)
		left := joints[:0]
		for _, j := range joints {
			if circuits.find(j.a) == circuits.find(j.b) {
				continue
			}
			if c := w.swapCost(j.a, j.b); c > j.cost {
				left = append(left, joint{c, j.a, j.b})
				continue
			}
			w.next[j.a], w.next[j.b] = w.next[j.b], w.next[j.a]
			circuits.join(j.a, j.b)
		}
		joints = left
	}
}

// joint is where two circuits become one: edges a and b swap what follows them.
type joint struct {
	cost int32
	a, b int32
}

type joints []joint

func (j joint) compare(k joint) int {
	return cmp.Or(cmp.Compare(j.cost, k.cost), cmp.Compare(j.a, k.a), cmp.Compare(j.b, k.b))
}

func (w *walk) swapCost(a, b int32) int32 {
	return w.turn(a, w.next[b]) + w.turn(b, w.next[a]) - w.turn(a, w.next[a]) - w.turn(b, w.next[b])
}

// pairTurns lets each edge into a place be followed by one out of it, then swaps as
// long as that saves.
func (w *walk) pairTurns(in, out []int32) {
	for i, a := range in {
		w.next[a] = out[i]
	}
	for better := true; better; {
		better = false
		for i, a := range in {
			for _, b := range in[:i] {
				if w.swapCost(a, b) < 0 {
					w.next[a], w.next[b] = w.next[b], w.next[a]
					better = true
				}
			}
		}
	}
}

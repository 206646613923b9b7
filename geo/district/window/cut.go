package window

import "math"

// unbounded is a capacity that no flow fills; noFlow one too small to send through.
const (
	unbounded = 1e18
	noFlow    = 1e-11
)

// network is the arcs between the units of a board.
type network struct {
	*board
	start  []int32   // by unit, into arcs
	arcs   []int32   // arcs that leave a unit; a^1 is the reverse of a
	head   []int32   // by arc
	metres []float64 // by arc/2
	cost   []float64
	dual   []float64

	via   []int32
	seen  set
	queue []int32
}

func newNetwork(b *board) *network {
	n := len(b.Units)
	net := &network{board: b, start: make([]int32, n+1), via: make([]int32, n), dual: make([]float64, n)}
	leave := make([][]int32, n)
	for _, s := range b.Sides {
		a := int32(len(net.head))
		net.head = append(net.head, int32(s.V), int32(s.U))
		net.metres = append(net.metres, s.Metres)
		net.cost = append(net.cost, s.Cost)
		leave[s.U] = append(leave[s.U], a)
		leave[s.V] = append(leave[s.V], a+1)
	}
	for u := range leave {
		net.arcs = append(net.arcs, leave[u]...)
		net.start[u+1] = int32(len(net.arcs))
	}
	return net
}

// bound bounds from below the reduced cost of each grid that holds some units and
// leaves out some others.
//
// Both parts of a grid's price are convex, so with t and lean as multipliers
//
//	P^2/A >= 2 t P - t^2 A  and  Balance x (h/Target-1)^2 >= conjugate(lean) + lean x h
//
// for all h from Min to Max. With these the reduced cost is a constant, a weight for
// each unit and a weight for each side, and the least of it over all sets, connected or
// not, is a minimum cut (Picard 1976). It is kept as what is left of the weights after
// a flow; changing them, and taking units in or leaving them out, only goes on from
// there (Kohli and Torr 2005).
type bound struct {
	least    float64 // the bound
	t, lean  float64
	in, out  set
	from, to []float64 // by unit: left from the source, to the sink
	arc      []float64
}

func (n *network) newBound() *bound {
	return &bound{from: make([]float64, len(n.Units)), to: make([]float64, len(n.Units)), arc: make([]float64, len(n.head))}
}

func (b *bound) copyFrom(o *bound) {
	b.least, b.t, b.lean, b.in, b.out = o.least, o.t, o.lean, o.in, o.out
	copy(b.from, o.from)
	copy(b.to, o.to)
	copy(b.arc, o.arc)
}

// conjugate is the least of Balance x (h/Target-1)^2 - lean x h over Min to Max.
func (n *network) conjugate(lean float64) float64 {
	h := n.fitting(lean)
	off := h/n.Target - 1
	return n.Balance*off*off - lean*h
}

// fitting is the h at which conjugate is reached.
func (n *network) fitting(lean float64) float64 {
	h := math.Inf(1)
	if n.Balance > 0 {
		h = n.Target * (1 + lean*n.Target/(2*n.Balance))
	} else if lean < 0 {
		h = math.Inf(-1)
	}
	return min(max(h, float64(n.Min)), float64(n.Max))
}

// begin sets a bound up without any unit decided.
func (n *network) begin(b *bound, t, lean float64) {
	*b = bound{from: b.from, to: b.to, arc: b.arc}
	clear(b.from)
	clear(b.to)
	for a := range b.arc {
		b.arc[a] = n.cost[a/2] / 2
	}
	b.least = n.conjugate(0)
	for u, d := range n.dual {
		b.weigh(u, -d)
	}
	n.change(b, t, lean)
}

// weigh adds to the weight of a unit.
func (b *bound) weigh(u int, by float64) {
	switch {
	case b.in.has(u):
		b.least += by
	case !b.out.has(u):
		w := b.to[u] - b.from[u] + by
		b.least += b.from[u] + min(0, w)
		b.from[u], b.to[u] = max(0, -w), max(0, w)
	}
}

// change moves the multipliers.
func (n *network) change(b *bound, t, lean float64) {
	dt, dtt, dl := 2*n.Round*(t-b.t), n.Round*(t*t-b.t*b.t), lean-b.lean
	b.least += n.conjugate(lean) - n.conjugate(b.lean)
	b.t, b.lean = t, lean
	for u := range n.Units {
		b.weigh(u, dt*n.outer[u]-dtt*n.Units[u].Area+dl*float64(n.Units[u].Households))
	}
	for e, m := range n.metres {
		a := 2 * e
		b.arc[a] += dt * m
		b.arc[a+1] += dt * m
		// What is below zero goes over to the units and the arc back.
		for k := range 2 {
			if d := -b.arc[a+k]; d > 0 {
				b.arc[a+k] = 0
				b.arc[a+1-k] = max(0, b.arc[a+1-k]-d)
				b.weigh(int(n.head[a+1-k]), -d)
				b.weigh(int(n.head[a+k]), d)
			}
		}
	}
}

// take narrows a bound to sets that hold a unit.
func (b *bound) take(u int) {
	b.in.add(u)
	b.least += b.to[u]
	b.from[u], b.to[u] = unbounded, 0
}

// leaveOut narrows a bound to sets without a unit.
func (b *bound) leaveOut(u int) {
	b.out.add(u)
	b.least += b.from[u]
	b.from[u], b.to[u] = 0, unbounded
}

// taking and leaving are a quick part of what take and leaveOut would make of it.
func (n *network) taking(b *bound, u int) float64 {
	least := b.least + b.to[u]
	for _, a := range n.arcs[n.start[u]:n.start[u+1]] {
		if b.out.has(int(n.head[a])) {
			least += b.arc[a]
		}
	}
	return least
}

func (n *network) leaving(b *bound, u int) float64 {
	least := b.least + b.from[u]
	for _, a := range n.arcs[n.start[u]:n.start[u+1]] {
		if b.in.has(int(n.head[a])) {
			least += b.arc[a^1]
		}
	}
	return least
}

// fill raises the bound by a flow until it is the minimum cut's, or reaches a limit.
// It returns a set that has the bound, when it is the minimum.
func (n *network) fill(b *bound, limit float64) (set, bool) {
	for b.least < limit {
		if !n.push(b) {
			return n.seen, true
		}
	}
	return set{}, false
}

// push searches once, breadth first, from all units with something left from the
// source, and sends what it can along the way; false when there was nothing.
func (n *network) push(b *bound) bool {
	n.seen = set{}
	n.queue = n.queue[:0]
	for u, left := range b.from {
		if left > noFlow {
			n.seen.add(u)
			n.via[u] = -1
			n.queue = append(n.queue, int32(u))
		}
	}
	pushed := false
	for i := 0; i < len(n.queue); i++ {
		u := n.queue[i]
		if b.to[u] > noFlow {
			if n.send(b, u) {
				pushed = true
			}
			if b.to[u] > noFlow {
				continue
			}
		}
		for _, a := range n.arcs[n.start[u]:n.start[u+1]] {
			if v := n.head[a]; b.arc[a] > noFlow && !n.seen.has(int(v)) {
				n.seen.add(int(v))
				n.via[v] = a
				n.queue = append(n.queue, v)
			}
		}
	}
	return pushed
}

// send sends what it can along the way that a search came to a unit.
func (n *network) send(b *bound, end int32) bool {
	flow := b.to[end]
	u := end
	for n.via[u] >= 0 && flow > noFlow {
		flow = min(flow, b.arc[n.via[u]])
		u = n.head[n.via[u]^1]
	}
	if flow = min(flow, b.from[u]); flow <= noFlow {
		return false
	}
	for v := end; n.via[v] >= 0; v = n.head[n.via[v]^1] {
		b.arc[n.via[v]] -= flow
		b.arc[n.via[v]^1] += flow
	}
	if b.from[u] < unbounded {
		b.from[u] -= flow
	}
	if b.to[end] < unbounded {
		b.to[end] -= flow
	}
	b.least += flow
	return true
}

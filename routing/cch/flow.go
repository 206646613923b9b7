package cch

// flow finds the fewest nodes whose removal parts some nodes of a graph from others:
// a maximum flow of unit node capacity by Dinitz's algorithm. Every node v has two
// states, in (2v) and out (2v+1), joined by its capacity of one; arcs join the out of
// a node with the in of its neighbours and hold any amount.
type flow struct {
	adj         rows
	near, far   []bool  // which nodes are sources, and which sinks
	before      []int32 // by node: where its flow comes from, alone or a node
	after       []int32 // and where it goes
	level       []int32 // by state; 0 where not reached
	at          []int32 // by state: how many of its moves are spent
	queue, path []int32
}

const (
	idle = -1 // no flow through the node
	edge = -2 // its flow begins or ends here
)

func newFlow(adj rows) *flow {
	n := len(adj.first) - 1
	return &flow{
		adj: adj, near: make([]bool, n), far: make([]bool, n),
		before: make([]int32, n), after: make([]int32, n),
		level: make([]int32, 2*n), at: make([]int32, 2*n),
	}
}

// run finds the maximum flow between two sets of nodes; it gives up, with false, once
// that exceeds most.
func (f *flow) run(near, far []int32, most int) bool {
	clear(f.near)
	clear(f.far)
	for v := range f.before {
		f.before[v], f.after[v] = idle, idle
	}
	for _, v := range near {
		f.near[v] = true
	}
	for _, v := range far {
		f.far[v] = true
	}
	total := 0
	for f.reach(near) {
		clear(f.at)
		for _, s := range near {
			if f.level[2*s] == 1 && f.augment(2*s) {
				if total++; total > most {
					return false
				}
			}
		}
	}
	return true
}

// reach levels the states by their distance from the sources in the residual graph
// and reports whether a sink is among them.
func (f *flow) reach(near []int32) bool {
	clear(f.level)
	f.queue = f.queue[:0]
	for _, s := range near {
		f.level[2*s] = 1
		f.queue = append(f.queue, 2*s)
	}
	found := false
	for i := 0; i < len(f.queue); i++ {
		s := f.queue[i]
		v := s >> 1
		if s&1 == 0 {
			if next := f.inward(v); next >= 0 {
				f.visit(next, f.level[s]+1)
			}
			continue
		}
		if f.far[v] {
			found = true
		}
		for _, w := range f.adj.of(v) {
			f.visit(2*w, f.level[s]+1)
		}
		if f.before[v] != idle {
			f.visit(2*v, f.level[s]+1)
		}
	}
	return found
}

func (f *flow) visit(s, level int32) {
	if f.level[s] == 0 {
		f.level[s] = level
		f.queue = append(f.queue, s)
	}
}

// inward is the only move on from the in state of a node: through the node while it
// is idle, else back to where its flow comes from; negative when there is none.
func (f *flow) inward(v int32) int32 {
	switch b := f.before[v]; b {
	case idle:
		return 2*v + 1
	case edge:
		return -1
	default:
		return 2*b + 1
	}
}

// augment looks for a path down the levels from a state to a sink and sends one unit
// along it.
func (f *flow) augment(start int32) bool {
	f.path = append(f.path[:0], start)
	for len(f.path) > 0 {
		s := f.path[len(f.path)-1]
		if s&1 == 1 && f.far[s>>1] {
			f.send()
			return true
		}
		if next := f.next(s); next >= 0 {
			f.path = append(f.path, next)
			continue
		}
		f.level[s] = 0 // leads nowhere
		f.path = f.path[:len(f.path)-1]
	}
	return false
}

// next is the next untried move from a state to one of the next level, or -1.
func (f *flow) next(s int32) int32 {
	v := s >> 1
	if s&1 == 0 {
		to := f.inward(v)
		if f.at[s] == 0 && to >= 0 && f.level[to] == f.level[s]+1 {
			f.at[s] = 1
			return to
		}
		return -1
	}
	list := f.adj.of(v)
	for ; int(f.at[s]) < len(list); f.at[s]++ {
		if to := 2 * list[f.at[s]]; f.level[to] == f.level[s]+1 {
			f.at[s]++
			return to
		}
	}
	if int(f.at[s]) == len(list) {
		f.at[s]++
		if f.before[v] != idle && f.level[2*v] == f.level[s]+1 {
			return 2 * v
		}
	}
	return -1
}

// send changes the flow along the path, and takes the path's states from the levels:
// each of them is used up.
func (f *flow) send() {
	last := len(f.path) - 1
	for i, s := range f.path {
		f.level[s] = 0
		v := s >> 1
		if s&1 == 0 {
			switch {
			case i == 0:
				f.before[v] = edge
			case f.path[i-1]>>1 != v:
				f.before[v] = f.path[i-1] >> 1
			default: // the node's own flow is taken back
				f.before[v] = idle
			}
			continue
		}
		switch {
		case i == last:
			f.after[v] = edge
		case f.path[i+1]>>1 != v:
			f.after[v] = f.path[i+1] >> 1
		default:
			f.after[v] = idle
		}
	}
}

// parts of a cut
const (
	onNear = 1 + iota
	onCut
	onFar
)

// nearCut marks the parts of the minimum cut that lies closest to the sources; to be
// called after run has found the flow.
func (f *flow) nearCut(part []uint8) {
	for v := range part {
		switch {
		case f.level[2*v+1] > 0:
			part[v] = onNear
		case f.level[2*v] > 0:
			part[v] = onCut
		default:
			part[v] = onFar
		}
	}
}

// farCut marks the parts of the minimum cut that lies closest to the sinks.
func (f *flow) farCut(part []uint8, far []int32) {
	clear(f.level)
	f.queue = f.queue[:0]
	for _, t := range far {
		f.visit(2*t+1, 1)
	}
	for i := 0; i < len(f.queue); i++ {
		s := f.queue[i]
		v := s >> 1
		if s&1 == 1 {
			if f.before[v] == idle {
				f.visit(2*v, 1)
			}
			if f.after[v] >= 0 {
				f.visit(2*f.after[v], 1)
			}
			continue
		}
		for _, w := range f.adj.of(v) {
			f.visit(2*w+1, 1)
		}
		if f.before[v] != idle {
			f.visit(2*v+1, 1)
		}
	}
	for v := range part {
		switch {
		case f.level[2*v] > 0:
			part[v] = onFar
		case f.level[2*v+1] > 0:
			part[v] = onCut
		default:
			part[v] = onNear
		}
	}
}

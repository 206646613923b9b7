package district

import (
	"context"
	"slices"
)

// Incumbent is the plan in force, from which a re-plan starts.
type Incumbent struct {
	// Home is the number of each unit's grid in the plan in force, -1 for none.
	Home []int32
	// Worth is what it is worth in J that a Target of households keeps its grid.
	// Bounds outrank it.
	Worth float64
	// Locked are grids of Home that stay as they are: no unit leaves them or joins
	// them, within bounds or not.
	Locked []int32
}

// DefaultWorth moves few households and still mends every grid that is out of bounds.
const DefaultWorth = 6

// part is the incumbent of some units by themselves.
func (in *Incumbent) part(units []int32) *Incumbent {
	out := &Incumbent{Home: make([]int32, len(units)), Worth: in.Worth}
	number := map[int32]int32{}
	for i, u := range units {
		out.Home[i] = -1
		if h := in.Home[u]; h >= 0 {
			n, ok := number[h]
			if !ok {
				n = int32(len(number))
				number[h] = n
			}
			out.Home[i] = n
		}
	}
	return out
}

// state makes the starting partition: each unit in its grid of before, parts cut off
// from the rest of their grid and units without one joined to a grid beside them. A
// piece without any grid of before is seeded.
func (in *Incumbent) state(ctx context.Context, f *forest, p *search) *state {
	labels := slices.Clone(in.Home)
	in.detach(f.g, labels)
	if slices.Max(labels) < 0 {
		labels = p.seeded(ctx, f, p.rng(0))
	} else {
		spreadLabels(f.g, labels)
	}
	st := newState(f.g, f.s, labels)
	st.free = st.free[:0] // names of before are not given to new grids
	st.home, st.worth = in.Home, in.Worth/p.Objective.Target
	for l := range st.members {
		// What is far above the maximum is no grid to start from.
		if st.shapes[l].households > 2*st.s.bounds.Max && len(st.members[l]) > 1 {
			units := slices.Sorted(slices.Values(st.members[l]))
			st.relabel(seed(ctx, f, units, st.s.bounds, p.rng(3)), []int32{int32(l)})
		}
	}
	return st
}

// detach leaves each label only its part with most households.
func (in *Incumbent) detach(g *Graph, labels []int32) {
	seen := make([]bool, len(labels))
	type part struct {
		units      []int32
		households int
	}
	best := map[int32]part{}
	for u := range labels {
		if seen[u] || labels[u] < 0 {
			continue
		}
		seen[u] = true
		units := []int32{int32(u)}
		for i := 0; i < len(units); i++ {
			for _, n := range g.beside(units[i]) {
				if !seen[n.unit] && labels[n.unit] == labels[u] {
					seen[n.unit] = true
					units = append(units, n.unit)
				}
			}
		}
		p := part{units, g.total(units)}
		old, ok := best[labels[u]]
		if ok && (old.households > p.households || old.households == p.households && len(old.units) >= len(units)) {
			p, old = old, p
		}
		best[in.Home[u]] = p
		for _, v := range old.units {
			labels[v] = -1
		}
	}
}

// spreadLabels gives units without a label one from beside them.
func spreadLabels(g *Graph, labels []int32) {
	var queue []int32
	for u, l := range labels {
		if l >= 0 {
			queue = append(queue, int32(u))
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, n := range g.beside(queue[i]) {
			if labels[n.unit] < 0 {
				labels[n.unit] = labels[queue[i]]
				queue = append(queue, n.unit)
			}
		}
	}
}

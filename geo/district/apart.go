package district

import "slices"

// What stands apart of a search: grids that are locked, and units above the maximum,
// which no plan brings within bounds and which are grids by themselves, so that no
// other block is out of bounds for them.

// free returns the connected pieces of the units that are to be searched.
func (o *SearchOptions) free(g *Graph) [][]int32 {
	var units []int32
	for u := range g.Units {
		if !o.locked(int32(u)) && g.Units[u].Households <= o.Bounds.Max {
			units = append(units, int32(u))
		}
	}
	if len(units) == 0 {
		return nil
	}
	pieces := g.part(units).Pieces()
	for _, piece := range pieces {
		for k, u := range piece {
			piece[k] = units[u]
		}
	}
	return pieces
}

func (o *SearchOptions) locked(u int32) bool {
	return o.From != nil && o.From.Home[u] >= 0 && slices.Contains(o.From.Locked, o.From.Home[u])
}

// join puts the plans of the pieces together with what stands apart. A piece that
// holds too few joins the unit above the maximum with which its border is cheapest.
func (o *SearchOptions) join(g *Graph, pieces [][]int32, parts []Partition) Partition {
	labels := filled(len(g.Units), -1)
	next := int32(0)
	for i, piece := range pieces {
		most := int32(-1)
		for k, u := range piece {
			labels[u] = next + parts[i][k]
			most = max(most, parts[i][k])
		}
		next += most + 1
	}
	homes := next
	if o.From != nil {
		for _, h := range o.From.Home {
			next = max(next, homes+h+1)
		}
	}
	for u, l := range labels {
		switch {
		case l >= 0:
		case o.locked(int32(u)):
			labels[u] = homes + o.From.Home[u]
		default:
			labels[u] = next
			next++
		}
	}
	for _, piece := range pieces {
		if tower := o.beside(g, piece); tower >= 0 && g.total(piece) < o.Bounds.Min {
			for _, u := range piece {
				labels[u] = labels[tower]
			}
		}
	}
	return renumber(labels)
}

// beside is the unit above the maximum, in no locked grid, whose border with a piece
// saves most, -1 for none.
func (o *SearchOptions) beside(g *Graph, piece []int32) int32 {
	saved := map[int32]float64{}
	for _, u := range piece {
		for _, n := range g.beside(u) {
			if g.Units[n.unit].Households > o.Bounds.Max && !o.locked(n.unit) {
				for c, metres := range g.Borders[n.border].Metres {
					saved[n.unit] += metres * o.Objective.BorderPer100[c]
				}
			}
		}
	}
	best := int32(-1)
	for _, u := range sortedKeys(saved) {
		if best < 0 || saved[u] > saved[best] {
			best = u
		}
	}
	return best
}

package relax

// even reports whether there and back cost the same on all ways, and whether every task
// may be done either way at the same cost. Then directions tell nothing.
func (in *Input) even() bool {
	type pair struct{ from, to int32 }
	least := map[pair]int32{}
	for _, w := range in.Ways {
		p := pair{w.From, w.To}
		if c, ok := least[p]; !ok || w.Cost < c {
			least[p] = w.Cost
		}
	}
	for p, c := range least {
		if back, ok := least[pair{p.to, p.from}]; !ok || back != c {
			return false
		}
	}
	for _, t := range in.Tasks {
		if !t.even() {
			return false
		}
	}
	return true
}

// even reports whether all modes of the task join the same two places, both ways or
// with one place only, at one cost.
func (t *Task) even() bool {
	first := t.Modes[0]
	turned := first.From == first.To
	for _, w := range t.Modes[1:] {
		same := w.From == first.From && w.To == first.To
		back := w.From == first.To && w.To == first.From
		if !same && !back || w.Cost != first.Cost {
			return false
		}
		turned = turned || back
	}
	return turned
}

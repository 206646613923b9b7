package routing

import "gridbeat/routing/cch"

// Fleet is a set of spots, such as those of all units, from which many places will be
// asked about. It belongs to the times of one moment and may be used from many
// goroutines.
type Fleet struct {
	t       *Times
	spots   []Spot
	targets *cch.Targets
}

// Fleet prepares the times from every one of the spots to any place: about as long as
// a few dozen pairs take. A spot without an edge (None) gets nowhere.
func (t *Times) Fleet(spots []Spot) *Fleet {
	return &Fleet{t: t, spots: spots, targets: t.metric.Select(t.starts(spots), cch.FromTargets)}
}

// starts is the seeds of those who set off from some spots.
func (t *Times) starts(spots []Spot) [][]cch.Seed {
	seeds := make([][]cch.Seed, len(spots))
	flat := make([]cch.Seed, 0, 2*len(spots))
	for i, s := range spots {
		if s.Edge == None {
			continue
		}
		begin := len(flat)
		flat = t.m.from(s, flat)
		seeds[i] = flat[begin:len(flat):len(flat)]
	}
	return seeds
}

// Arrival is the times in milliseconds at which one gets to a spot: along the line of
// its street, and against it. Never where that cannot be.
type Arrival struct{ Along, Against int32 }

// Best is the earlier of the two.
func (a Arrival) Best() int32 { return min(a.Along, a.Against) }

// Arrivals returns the times from each spot of the fleet to one place.
func (f *Fleet) Arrivals(to Spot) []Arrival {
	out := make([]Arrival, len(f.spots))
	row := make([]int32, len(f.spots))
	sweep := f.targets.NewSweep()
	for dir := range int32(2) {
		var goal []cch.Seed
		if !f.t.IsClosed(to.Edge) {
			goal = f.t.m.to(to, dir, nil)
		}
		sweep.Distances(goal, row)
		for i, s := range f.spots {
			if s.Edge == to.Edge {
				row[i] = f.t.within(s, to, goal, dir)
			}
		}
		for i, d := range row {
			if dir == 0 {
				out[i].Along = d
			} else {
				out[i].Against = d
			}
		}
	}
	return out
}

// Once is a set of spots from which one place will be asked about: the same answers as
// Fleet, with nothing to prepare. Units that move are asked about so.
type Once struct {
	t     *Times
	spots []Spot
}

// Once returns the spots for a single question.
func (t *Times) Once(spots []Spot) Once { return Once{t, spots} }

// Arrivals returns the times from each of the spots to one place.
func (o Once) Arrivals(to Spot) []Arrival {
	t := o.t
	var goals [2][]cch.Seed
	if !t.IsClosed(to.Edge) {
		for dir := range goals {
			goals[dir] = t.m.to(to, int32(dir), nil)
		}
	}
	pairs := make([]cch.Pair, len(o.spots))
	t.metric.ToPair(t.starts(o.spots), goals, pairs)
	out := make([]Arrival, len(o.spots))
	for i, s := range o.spots {
		if s.Edge == to.Edge {
			for dir := range pairs[i] {
				pairs[i][dir] = t.within(s, to, goals[dir], int32(dir))
			}
		}
		out[i] = Arrival{pairs[i][0], pairs[i][1]}
	}
	return out
}

// within is the time between two spots of one edge that arrives in one direction, whose
// seeds are given.
func (t *Times) within(from, to Spot, goal []cch.Seed, dir int32) int32 {
	if len(goal) == 0 {
		return Never
	}
	var out []cch.Seed
	for d := range int32(2) {
		if a := t.m.plain[2*int32(from.Edge)+d]; a != None {
			out = t.open(t.m.beyond(Arc(a), from, out))
		}
	}
	return min(t.m.along(from, to, dir), t.metric.NewQuery().Distance(out, goal))
}

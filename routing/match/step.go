package match

import (
	"math"
)

// state says that the unit may be on an arc, how far along it, and at what cost
// the cheapest way leads there.
type state struct {
	arc    int32
	offset float64 // metres from the arc's start
	away   float64 // sigma from the position
	cost   float64
	prev   int32 // state of the layer before, -1 for none
	from   int32 // the arcs that lie between, in the lattice's arena
	to     int32
	direct bool // along the arc that it was on
	turned bool // it turned round inside the street
}

// target is a state to be, while ways to it are looked for.
type target struct {
	arc    int32
	at     float64 // metres from the arc's start where the candidate lies
	away   float64 // sigma from the position
	place  float64 // weight that this costs
	cost   float64 // weight of the best way so far, and away
	offset float64
	source int32
	last   int32 // the arc before, or -1
	direct bool
	turned bool
}

// aim makes a target of each direction of each candidate.
func (l *lattice) aim(cands []candidate, sigma, scale float64) {
	g := l.m.g
	l.targets = l.targets[:0]
	for _, c := range cands {
		d := c.away / sigma
		for _, a := range g.arcsOf(c.edge) {
			l.search.goals[a] = goal{l.search.now, int32(len(l.targets))}
			l.targets = append(l.targets, target{arc: a, at: g.offset(a, c.at), away: d, place: d * d / 2 * scale, cost: never, source: -1})
		}
	}
}

// first gives the states of the first position of a stretch.
func (l *lattice) first(o *observation, cands []candidate) []state {
	var out []state
	for _, c := range cands {
		d := c.away / o.sigma
		for _, a := range l.m.g.arcsOf(c.edge) {
			out = append(out, state{arc: a, offset: l.m.g.offset(a, c.at), away: d, cost: d * d / 2, prev: -1})
		}
	}
	return out
}

// step finds the cheapest way from any of the states to each candidate of the next
// position, and returns the states there: none when no way leads on.
func (l *lattice) step(before []state, from, to *observation, cands []candidate) []state {
	g, o, s := l.m.g, &l.m.o, l.search
	straight := math.Hypot(to.x-from.x, to.y-from.y)
	sigma := max(from.sigma, to.sigma)
	scale := o.ScaleSigma*sigma + o.ScaleStep*straight // metres that cost 1
	seconds := to.first.Sub(from.last).Seconds()
	most := o.Speed*max(1, seconds) + 10*sigma // metres that can be driven meanwhile
	limit := min(o.Detour*straight+20*sigma+200, most) + o.Beam*scale
	s.begin(to.x, to.y, cands[len(cands)-1].away, limit)
	l.aim(cands, to.sigma, scale)
	least := never
	for i := range before {
		least = min(least, before[i].cost)
	}
	best := never
	offer := func(t *target, cost, offset float64, source, last int32, direct, turned bool) {
		if cost += t.place; cost < t.cost {
			t.cost, t.offset, t.source, t.last, t.direct, t.turned = cost, offset, source, last, direct, turned
			best = min(best, cost)
		}
	}
	for i := range before {
		b := &before[i]
		base, ratio := (b.cost-least)*scale, g.ratio(b.arc)
		for _, a := range g.arcsOf(g.edge[b.arc]) {
			n := s.target(a)
			if n < 0 {
				continue
			}
			t := &l.targets[n]
			switch {
			case a == b.arc && t.at >= b.offset:
				offer(t, base+(t.at-b.offset)*ratio, t.at, int32(i), -1, true, false)
			case a == b.arc && b.offset-t.at <= o.Back*sigma: // noise along the street
				offer(t, base, b.offset, int32(i), -1, true, false)
			case g.along[a] != g.along[b.arc]:
				p := g.metres[a] - b.offset
				offer(t, base+math.Abs(t.at-p)*ratio+o.Round*scale, t.at, int32(i), -1, true, true)
			}
		}
		s.leave(b.arc, -1, int32(i), base+(g.metres[b.arc]-b.offset)*ratio, o.Round*scale)
	}
	for {
		a, lab, ok := s.settle(best + o.Beam*scale)
		if !ok {
			break
		}
		if n := s.target(a); n >= 0 {
			t := &l.targets[n]
			offer(t, lab.cost+t.at*g.ratio(a), t.at, lab.source, lab.parent, false, false)
		}
		s.leave(a, a, lab.source, lab.cost+g.weight[a], o.Round*scale)
	}
	return l.states(before, least, best+o.Beam*scale, scale, most)
}

// states keeps the targets within the bound, with the arcs that lead to each, unless
// the way is longer than a unit could drive.
func (l *lattice) states(before []state, least, bound, scale, most float64) []state {
	var out []state
	g := l.m.g
	for i := range l.targets {
		t := &l.targets[i]
		if t.source < 0 || t.cost > bound {
			continue
		}
		n := state{arc: t.arc, offset: t.offset, away: t.away, cost: least + t.cost/scale, prev: t.source, direct: t.direct, turned: t.turned}
		n.from = int32(len(l.arena))
		if t.last >= 0 {
			l.arena = l.search.between(t.last, l.arena)
		}
		n.to = int32(len(l.arena))
		if !t.direct {
			b := &before[t.source]
			way := g.metres[b.arc] - b.offset + t.offset
			for _, a := range l.arena[n.from:n.to] {
				way += g.metres[a]
			}
			if way > most {
				l.arena = l.arena[:n.from]
				continue
			}
		}
		out = append(out, n)
	}
	return out
}

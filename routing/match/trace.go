package match

import (
	"math"
	"time"
)

// leg is a stretch along one arc.
type leg struct {
	arc          int32
	from, to     float64 // metres from the arc's start
	enter, leave time.Time
	sigma        float64
	away         float64 // sigma from the nearest of its positions
	margin       float64 // how far the nearest rival is behind, the surest of its positions
	fixes        int     // positions that lie on it
	past, short  int     // those of them clearly past its start, and clearly short of its end
	step         float64 // metres between the positions that it lies between, where none lies on it
}

// count notes a position on the leg.
func (p *leg) count(s *state, g *graph) {
	p.away = min(p.away, s.away)
	p.fixes++
	if s.offset > 2*p.sigma {
		p.past++
	}
	if g.metres[s.arc]-s.offset > 2*p.sigma {
		p.short++
	}
}

// trace joins the states of the first layers to legs, beginning where the legs
// that are decided end.
func (l *lattice) trace(chain []*state) {
	margin := l.margins(chain)
	g := l.m.g
	if len(l.legs) == 0 {
		o := l.layers[0].o
		l.legs = append(l.legs, leg{arc: chain[0].arc, from: chain[0].offset, to: chain[0].offset,
			enter: o.first, leave: o.last, sigma: o.sigma, away: never, margin: margin[0]})
		l.legs[0].count(chain[0], g)
	}
	for i := 1; i < len(chain); i++ {
		s, o, p := chain[i], l.layers[i].o, &l.legs[len(l.legs)-1]
		next := leg{arc: s.arc, to: s.offset, leave: o.last, sigma: o.sigma, away: never, margin: margin[i]}
		next.count(s, g)
		switch {
		case s.turned:
			// It turned at the farther of the two places.
			p.to = max(p.to, g.metres[s.arc]-s.offset)
			next.from, next.enter = g.metres[s.arc]-p.to, p.leave
			l.legs = append(l.legs, next)
		case s.direct:
			p.to, p.leave = max(p.to, s.offset), o.last
			p.margin = max(p.margin, margin[i])
			p.count(s, g)
		default:
			l.drive(l.layers[i-1].o, o, l.arena[s.from:s.to], next)
		}
	}
}

// drive appends the legs from the end of the last one over the arcs between to the
// next position; times are shared out by length.
func (l *lattice) drive(from, to *observation, between []int32, next leg) {
	g := l.m.g
	p := &l.legs[len(l.legs)-1]
	done := g.metres[p.arc] - p.to
	total := done + next.to
	for _, a := range between {
		total += g.metres[a]
	}
	when := func() time.Time {
		return from.last.Add(time.Duration(float64(to.first.Sub(from.last)) * done / max(1e-9, total)))
	}
	p.to, p.leave = g.metres[p.arc], when()
	pass := leg{sigma: next.sigma, away: max(p.away, next.away), margin: min(p.margin, next.margin), step: math.Hypot(to.x-from.x, to.y-from.y)}
	for _, a := range between {
		pass.arc, pass.to, pass.enter = a, g.metres[a], when()
		done += g.metres[a]
		pass.leave = when()
		l.legs = append(l.legs, pass)
	}
	next.enter = when()
	l.legs = append(l.legs, next)
}

// chain is the state of each layer on the way to a state of a layer.
func (l *lattice) chain(last int, at int32) []*state {
	out := make([]*state, last+1)
	for i := last; i >= 0; i-- {
		out[i] = &l.layers[i].states[at]
		at = out[i].prev
	}
	return out
}

func cheapest(states []state) int32 {
	best := 0
	for i := range states {
		if states[i].cost < states[best].cost {
			best = i
		}
	}
	return int32(best)
}

// lag is how many positions later a decision is judged.
const lag = 3

// margins tells for each layer how much more than the best the cheapest of those
// ways costs that was on another street piece there, seen a few positions later;
// the beam where none is left.
func (l *lattice) margins(chain []*state) []float64 {
	out := make([]float64, len(chain))
	for i := range chain {
		j := min(i+lag, len(l.layers)-1)
		mine := l.m.g.edge[chain[i].arc]
		best, rival := never, never
		for k := range l.layers[j].states {
			cost := l.layers[j].states[k].cost
			best = min(best, cost)
			if cost < rival && l.m.g.edge[l.ancestor(j, int32(k), i).arc] != mine {
				rival = cost
			}
		}
		out[i] = max(0, min(rival-best, l.m.o.Beam))
	}
	return out
}

// ancestor is the state of an earlier layer that a state comes from.
func (l *lattice) ancestor(layer int, at int32, earlier int) *state {
	for layer > earlier {
		at = l.layers[layer].states[at].prev
		layer--
	}
	return &l.layers[layer].states[at]
}

package match

import (
	"math"
	"time"

	"gridbeat/routing"
)

// Passage is a stretch of one street piece that was passed in one direction.
type Passage struct {
	Edge         routing.Edge
	Along        bool    // in the direction of the edge's line
	From, To     float64 // metres along the edge's line, From < To
	Enter, Leave time.Time
	Fixes        int     // positions, taken together, that lie on it; 0 where it lies between two
	Confidence   float64 // 0 to 1: how far the nearest rival is behind
}

// passages turns the legs of a track into what counts as passed.
func (m *Matcher) passages(legs []leg) []Passage {
	legs = m.straighten(legs)
	var out []Passage
	for i := range legs {
		g := &legs[i]
		length := m.g.metres[g.arc]
		metres := g.to - g.from
		if metres <= 0 || metres < m.o.Share*length && metres < m.o.Tail*g.sigma || g.confidence() < m.o.Sure {
			continue
		}
		p := Passage{Edge: m.g.edge[g.arc], Along: m.g.along[g.arc], From: g.from, To: g.to,
			Enter: g.enter, Leave: g.leave, Fixes: g.fixes, Confidence: g.confidence()}
		if !p.Along {
			p.From, p.To = length-g.to, length-g.from
		}
		out = append(out, p)
	}
	return out
}

// unsure is the distance between two positions, in metres, at which half of what is
// said of the streets between them is doubted: of 1,000 m with positions 30 m off,
// three in a hundred metres were wrong in the measurement of this package's tests.
const unsure = 15_000

// fit is how many sigma a position may lie off before its street is doubted: the
// unit may have been where the map has none.
const fit = 3

// confidence is the likelihood of the way beside that of its nearest rival, less
// where all positions lie far off or far apart.
func (g *leg) confidence() float64 {
	doubt := min(1, math.Exp((fit*fit-g.away*g.away)/2))
	return doubt * (1 - min(0.5, g.step/unsure/2)) / (1 + math.Exp(-g.margin))
}

// straighten takes out spurs that too few positions speak for: a way into a street
// and back out of it the same way, as noise beside a junction makes them. A unit
// that turned inside a long street keeps its legs: they cover the same metres.
func (m *Matcher) straighten(legs []leg) []leg {
	var out []leg
	for i := 0; i < len(legs); i++ {
		out = append(out, legs[i])
		lo, hi := len(out)-1, i+1
		fixes, mouth := 0, 0 // in the depth of the spur, and clearly inside its first piece
		for lo >= 0 && hi < len(legs) && m.retraced(&out[lo], &legs[hi]) {
			fixes += mouth
			mouth = out[lo].past + legs[hi].short
			lo, hi = lo-1, hi+1
		}
		if hi > i+1 && fixes+mouth < m.o.Agree {
			out, i = out[:lo+1], hi-1
		}
	}
	return out
}

// retraced reports whether the second leg leads back over all of the first.
func (m *Matcher) retraced(there, back *leg) bool {
	return m.g.edge[there.arc] == m.g.edge[back.arc] && m.g.along[there.arc] != m.g.along[back.arc] &&
		there.from == 0 && back.to == m.g.metres[back.arc]
}

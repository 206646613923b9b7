package routing

import (
	"slices"

	"gridbeat/geo"
	"gridbeat/routing/cch"
)

// Reach tells for every street which units are nearest and when they are there. It
// knows enough to tell the same as if any two units were away.
type Reach struct {
	t       *Times
	near    *cch.Near
	units   []Spot
	onEdge  map[Edge][]int
	stands  []bool        // by edge: a unit is on it
	streets []street      // the open ones of the main part
	merged  []cch.Nearest // by direction of an edge with several states
}

// Reach finds the nearest units of every street: one pass over the whole network,
// however many units there are. A unit without an edge (None) covers nothing.
func (t *Times) Reach(units []Spot) *Reach {
	r := &Reach{t: t, near: t.metric.Hierarchy().NewNear(), units: units, onEdge: map[Edge][]int{}, stands: make([]bool, t.m.n.Edges())}
	seeds := make([][]cch.Seed, len(units))
	for i, s := range units {
		if s.Edge == None {
			continue
		}
		for dir := range int32(2) { // standing tells of the unit's own street
			if a := t.m.plain[2*int32(s.Edge)+dir]; a != None {
				seeds[i] = t.open(t.m.beyond(Arc(a), s, seeds[i]))
			}
		}
		r.onEdge[s.Edge] = append(r.onEdge[s.Edge], i)
		r.stands[s.Edge] = true
	}
	r.near.From(t.metric, seeds)
	r.streets = t.streets()
	r.merge()
	return r
}

// Away names up to two units that are not to be counted; Nobody stands for none.
type Away [2]int

// Nobody is a unit that does not exist.
const Nobody = -1

// Everyone counts all units.
var Everyone = Away{Nobody, Nobody}

// Holes is what units leave uncovered.
type Holes struct {
	Metres      geo.Metres // of street that no unit reaches within the limit
	Total       geo.Metres // of open street in the main part
	Unreached   geo.Metres // of the metres: streets that no unit reaches at all
	Worst       Spot       // the place on a street that waits longest; Edge is None without one
	WorstMillis int32      // and how long
}

// Beyond measures what the units but those that are away leave uncovered, on the open
// streets of the main part.
func (r *Reach) Beyond(within int32, away Away) Holes {
	h := Holes{Worst: Spot{Edge: None}, WorstMillis: -1}
	for i := range r.streets {
		e := &r.streets[i]
		d := r.doors(e)
		h.Total += geo.Metres(e.metres)
		h.Metres += geo.Metres(e.metres * r.bare(e, d, within, away, nil))
		h.wait(e, d, away, e.longest(d, away))
	}
	return h
}

// wait notes how long an edge waits, at most so long.
func (h *Holes) wait(e *street, d doors, away Away, most int32) {
	if most < h.WorstMillis {
		return
	}
	switch spot, wait := e.slowest(d, away); {
	case wait >= Never:
		h.Unreached += geo.Metres(e.metres)
	case wait > h.WorstMillis || wait == h.WorstMillis && spot.Edge < h.Worst.Edge:
		h.Worst, h.WorstMillis = spot, wait
	}
}

// Loss is what is left uncovered when a unit is away.
type Loss struct {
	Before, After Holes
	Further       []geo.Metres // by unit: how many more metres are beyond if it is away too
}

// Without measures in one pass over the streets what Beyond does for everyone and for
// all but one unit (or Nobody), and what each single unit more would cost.
func (r *Reach) Without(within int32, unit int) Loss {
	none := Holes{Worst: Spot{Edge: None}, WorstMillis: -1}
	l := Loss{none, none, make([]geo.Metres, len(r.units))}
	away := Away{unit, Nobody}
	for i := range r.streets {
		e := &r.streets[i]
		d := r.doors(e)
		l.Before.Total += geo.Metres(e.metres)
		if e.settled(d, within, min(l.Before.WorstMillis, l.After.WorstMillis)) {
			continue
		}
		stands := r.stands[e.edge]
		first := stands || int(d[0][0].Source()) == unit || int(d[1][0].Source()) == unit
		after := geo.Metres(r.share(e, d, within, unit, nil, 1, l.Further))
		before := after
		if first {
			before = geo.Metres(e.metres * r.bare(e, d, within, Everyone, nil))
		}
		l.Before.Metres += before
		l.After.Metres += after
		most := e.longest(d, away)
		l.After.wait(e, d, away, most)
		if first {
			most = e.longest(d, Everyone)
		}
		l.Before.wait(e, d, Everyone, most)
	}
	l.After.Total = l.Before.Total
	return l
}

// settled reports whether a street is reached in full within the limit whichever two
// units are away, and waits less than so long. Most streets are.
func (e *street) settled(d doors, within, wait int32) bool {
	for dir := range d {
		if whole := d[dir][cch.Labels-1].Cost() + e.whole[dir]; whole <= within && whole < wait {
			return true
		}
	}
	return false
}

// streets lists the open edges of the main part.
func (t *Times) streets() []street {
	if len(t.closed) == 0 {
		return t.m.table[:t.m.main]
	}
	return slices.DeleteFunc(slices.Clone(t.m.table[:t.m.main]), func(s street) bool { return t.IsClosed(s.edge) })
}

// Nearest is the unit that is first anywhere on a street, and when; Nobody and Never
// when none gets there.
func (r *Reach) Nearest(e Edge, away Away) (unit int, millis int32) {
	unit, millis = Nobody, Never
	if r.t.IsClosed(e) {
		return unit, millis
	}
	for _, u := range r.onEdge[e] {
		if !away.has(int32(u)) {
			return u, 0
		}
	}
	d := r.doors(&r.t.m.table[r.t.m.row[e]])
	for dir := range d {
		if l := away.first(d[dir]); l.Source() >= 0 && l.Cost() < millis {
			unit, millis = int(l.Source()), l.Cost()
		}
	}
	return unit, millis
}

func (a Away) has(unit int32) bool { return int(unit) == a[0] || int(unit) == a[1] }

// first is the nearest of those that are not away.
func (a Away) first(list *cch.Nearest) cch.Label {
	for _, l := range list {
		if !a.has(l.Source()) {
			return l
		}
	}
	return cch.NoLabel
}

var nobody = cch.Nobody()

// doors is the nearest units at both directions of an edge, when they enter it.
type doors [2]*cch.Nearest

func (r *Reach) doors(e *street) (d doors) {
	for dir := range d {
		switch rank := e.door[dir]; {
		case rank >= 0:
			d[dir] = r.near.AtRank(rank)
		case rank == None:
			d[dir] = &nobody
		default:
			d[dir] = &r.merged[-2-rank]
		}
	}
	return d
}

// merge joins what is known at the several states from which some streets are entered.
func (r *Reach) merge() {
	m := r.t.m
	for _, code := range m.several {
		list := cch.Nobody()
		for _, state := range m.doors.of(code) {
			for _, l := range r.near.At(state) {
				if l.Source() >= 0 {
					list.Add(l)
				}
			}
		}
		r.merged = append(r.merged, list)
	}
}

// bare is the share of an edge that is not reached within the limit. more holds what a
// further unit covers.
func (r *Reach) bare(e *street, d doors, within int32, away Away, more []interval) float64 {
	n := r.t.m.n
	if len(more) == 0 && !r.stands[e.edge] {
		rest := 1.0
		for dir := range d {
			if l := away.first(d[dir]); l.Cost() <= within {
				rest -= float64(within-l.Cost()) * e.pace[dir]
			}
		}
		return max(0, rest)
	}
	all := append(make([]interval, 0, 8), more...)
	for dir := range d {
		for _, l := range d[dir] {
			if l.Cost() <= within && !away.has(l.Source()) && l.Source() >= 0 {
				all = append(all, n.covered(Arc(r.t.m.plain[2*int32(e.edge)+int32(dir)]), l.Cost(), within))
			}
		}
	}
	for _, u := range r.onEdge[e.edge] {
		if !away.has(int32(u)) {
			all = r.t.standing(r.units[u], within, all)
		}
	}
	rest := 1.0
	for _, c := range union(all) {
		rest -= c.to - c.from
	}
	return max(0, rest)
}

// longest bounds the wait on an edge from above: that of whoever drives all of it.
func (e *street) longest(d doors, away Away) int32 {
	most := int32(Never)
	for dir := range d {
		if l := away.first(d[dir]); l.Source() >= 0 {
			most = min(most, l.Cost()+e.whole[dir])
		}
	}
	return most
}

// slowest is the place on an edge that waits longest, and how long. Units that stand on
// the edge count as if at its ends.
func (e *street) slowest(d doors, away Away) (Spot, int32) {
	var at [2]float64 // when the edge is entered, by direction
	for dir := range d {
		at[dir] = float64(away.first(d[dir]).Cost())
	}
	whole := [2]float64{float64(e.whole[0]), float64(e.whole[1])}
	switch {
	case at[0] >= Never && at[1] >= Never:
		return Spot{e.edge, 0}, Never
	case at[1] >= Never:
		return Spot{e.edge, geo.Metres(e.metres)}, int32(at[0] + whole[0])
	case at[0] >= Never:
		return Spot{e.edge, 0}, int32(at[1] + whole[1])
	}
	// Where both directions meet.
	share := min(1, max(0, (at[1]+whole[1]-at[0])/max(1, whole[0]+whole[1])))
	wait := min(at[0]+share*whole[0], at[1]+(1-share)*whole[1])
	return Spot{e.edge, geo.Metres(share * e.metres)}, int32(wait)
}

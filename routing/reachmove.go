package routing

import "gridbeat/geo"

// Fill returns, for every unit, how many metres of street would stay beyond the limit
// if that unit moved to a spot while another (or Nobody) is away: what Beyond measures.
// The last entry is for a further unit that comes to the spot from outside.
func (r *Reach) Fill(within int32, away int, to Spot) []geo.Metres {
	n := r.t.m.n
	out := make([]geo.Metres, len(r.units)+1)
	var base float64
	for e := range Edge(len(n.street)) {
		if r.counts(e) {
			base += r.share(e, within, away, nil, 1, out)
		}
	}
	s := r.t.m.search()
	defer r.t.m.searches.Put(s)
	codes := r.t.spread(s, to, within)
	var more []interval
	for i := 0; i < len(codes); {
		e := Edge(codes[i] >> 1)
		more = more[:0]
		if e == to.Edge {
			more = r.t.standing(to, within, more)
		}
		for ; i < len(codes) && Edge(codes[i]>>1) == e; i++ {
			if a := r.t.m.plain[codes[i]]; a != None && s.code[codes[i]] <= within {
				more = append(more, n.covered(Arc(a), s.code[codes[i]], within))
			}
		}
		if r.counts(e) && len(more) > 0 {
			base += r.share(e, within, away, more, 1, out) + r.share(e, within, away, nil, -1, out)
		}
	}
	for u := range out {
		out[u] += geo.Metres(base)
	}
	return out
}

// share is the metres of an edge that are not reached, times sign; it adds to lost what
// more there would be without each single unit.
func (r *Reach) share(e Edge, within int32, away int, more []interval, sign float64, lost []geo.Metres) float64 {
	m := sign * r.t.m.n.metres[e]
	d := r.doors(e)
	all := m * r.bare(e, &d, within, Away{away, Nobody}, more)
	tell := func(u int, seen bool) {
		if u != away && !seen {
			if less := m*r.bare(e, &d, within, Away{away, u}, more) - all; less != 0 {
				lost[u] += geo.Metres(less)
			}
		}
	}
	var told [2]int
	for dir := range d {
		l := Away{away, Nobody}.first(&d[dir])
		told[dir] = Nobody
		if l.Cost <= within {
			told[dir] = int(l.Source)
			tell(told[dir], dir == 1 && told[1] == told[0])
		}
	}
	for _, u := range r.onEdge[e] {
		tell(u, u == told[0] || u == told[1])
	}
	return all
}

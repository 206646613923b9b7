package routing

import (
	"slices"

	"gridbeat/geo"
	"gridbeat/routing/cch"
)

// Fill returns, for each of some spots and every unit, how many metres of street would
// stay beyond the limit if that unit moved to the spot while another (or Nobody) is
// away: what Beyond measures. The last entry of each list is for a further unit that
// comes from outside.
func (r *Reach) Fill(within int32, away int, to []Spot) [][]geo.Metres {
	all := make([]geo.Metres, len(r.units)+1)
	var base float64
	for i, e := range r.edges {
		base += r.share(e, &r.door[i], within, away, nil, 1, all)
	}
	out := make([][]geo.Metres, len(to))
	for k, s := range to {
		out[k] = slices.Clone(all)
		sum := base + r.gain(s, within, away, out[k])
		for u := range out[k] {
			out[k][u] += geo.Metres(sum)
		}
	}
	return out
}

// gain is by how much the metres beyond the limit change when a further unit stands at
// the spot (they fall); it corrects lost likewise.
func (r *Reach) gain(to Spot, within int32, away int, lost []geo.Metres) float64 {
	m := r.t.m
	s := m.search()
	defer m.searches.Put(s)
	var sum float64
	var more []interval
	codes := r.t.spread(s, to, within)
	for i := 0; i < len(codes); {
		e := Edge(codes[i] >> 1)
		more = more[:0]
		if e == to.Edge {
			more = r.t.standing(to, within, more)
		}
		for ; i < len(codes) && Edge(codes[i]>>1) == e; i++ {
			if a := m.plain[codes[i]]; a != None && s.code[codes[i]] <= within {
				more = append(more, m.n.covered(Arc(a), s.code[codes[i]], within))
			}
		}
		if k, ok := slices.BinarySearch(r.edges, e); ok && len(more) > 0 {
			d := &r.door[k]
			sum += r.share(e, d, within, away, more, 1, lost) + r.share(e, d, within, away, nil, -1, lost)
		}
	}
	return sum
}

// share is the metres of an edge that are not reached, times sign; it adds to lost what
// more there would be without each single unit.
func (r *Reach) share(e Edge, d *[2]cch.Nearest, within int32, away int, more []interval, sign float64, lost []geo.Metres) float64 {
	m := sign * r.t.m.n.metres[e]
	all := m * r.bare(e, d, within, Away{away, Nobody}, more)
	tell := func(u int, seen bool) {
		if u != away && !seen {
			if less := m*r.bare(e, d, within, Away{away, u}, more) - all; less != 0 {
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
	if r.stands[e] {
		for _, u := range r.onEdge[e] {
			tell(u, u == told[0] || u == told[1])
		}
	}
	return all
}

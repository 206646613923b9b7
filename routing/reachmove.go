package routing

import (
	"slices"

	"gridbeat/geo"
)

// Fill returns, for each of some spots and every unit, how many metres of street would
// stay beyond the limit if that unit moved to the spot while another (or Nobody) is
// away, given what Without tells of it. The last entry of each list is for a further
// unit that comes from outside.
func (r *Reach) Fill(within int32, away int, loss Loss, to []Spot) [][]geo.Metres {
	out := make([][]geo.Metres, len(to))
	for k, s := range to {
		out[k] = append(slices.Clone(loss.Further), 0)
		sum := loss.After.Metres + geo.Metres(r.gain(s, within, away, out[k]))
		for u := range out[k] {
			out[k][u] += sum
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
	for _, e := range r.t.spread(s, to, within) {
		more = r.t.passed(s, e, to, within, more[:0])
		if row := m.row[e]; int(row) < m.main && len(more) > 0 && !r.t.IsClosed(e) {
			street := &m.table[row]
			d := r.doors(street)
			sum += r.share(street, d, within, away, more, 1, lost) + r.share(street, d, within, away, nil, -1, lost)
		}
	}
	return sum
}

// share is the metres of an edge that are not reached, times sign; it adds to lost what
// more there would be without each single unit.
func (r *Reach) share(e *street, d doors, within int32, away int, more []interval, sign float64, lost []geo.Metres) float64 {
	m := sign * e.metres
	if len(more) == 0 && !r.stands[e.edge] {
		switch {
		case d[0][0].Cost() > within && d[1][0].Cost() > within:
			return m
		case r.safe(e, d, within, away):
			return 0
		}
	}
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
		l := Away{away, Nobody}.first(d[dir])
		told[dir] = Nobody
		if l.Cost() <= within {
			told[dir] = int(l.Source())
			tell(told[dir], dir == 1 && told[1] == told[0])
		}
	}
	if r.stands[e.edge] {
		for _, u := range r.onEdge[e.edge] {
			tell(u, u == told[0] || u == told[1])
		}
	}
	return all
}

// safe reports whether the street is reached in full whichever single unit more is
// missing: by the second of those at each end. Nobody stands on it.
func (r *Reach) safe(e *street, d doors, within int32, away int) bool {
	var share float64
	for dir := range d {
		k := 1
		if l := d[dir]; int(l[0].Source()) == away || int(l[1].Source()) == away {
			k = 2
		}
		if l := d[dir][k]; l.Cost() <= within {
			share += float64(within-l.Cost()) * e.pace[dir]
		}
	}
	return share >= 1
}

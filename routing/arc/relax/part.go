package relax

import (
	"math"
	"slices"
)

// part is a set of places with what its border and its inside tell.
type part struct {
	key     uint64
	places  []int32 // in rising order
	home    bool    // a depot is among them
	border  []int32 // columns that cross the border
	crossed int64   // tasks that cross it
	touched int     // tasks that have to come to one of the places
	demand  int64   // theirs
	inner   int64   // cost of the tasks inside
	access  int64   // cost of coming here from a depot and returning there, at least

	row, inside int // rows of the programme now, -1 when it has none
	since       int // the round it came in or bound something
}

// surveyor measures parts. It belongs to one goroutine.
type surveyor struct {
	n       *Network
	tasksAt [][]int32
	tieAt   [][]int32
	mark    []int32 // by place: the survey that it is in
	seen    []int32 // by task
	now     int32
	odd     []bool // by place: an odd number of tasks ends there
}

func newSurveyor(n *Network) *surveyor {
	s := &surveyor{n: n, tasksAt: make([][]int32, n.in.Places), tieAt: make([][]int32, n.in.Places),
		mark: make([]int32, n.in.Places), seen: make([]int32, len(n.tasks)), odd: make([]bool, n.in.Places)}
	for i, t := range n.tasks {
		for _, v := range t.places {
			s.tasksAt[v] = append(s.tasksAt[v], int32(i))
		}
		if t.edge >= 0 {
			e := n.edges[t.edge]
			s.odd[e.a], s.odd[e.b] = !s.odd[e.a], !s.odd[e.b]
		}
	}
	for i, group := range n.ties {
		for _, v := range group {
			s.tieAt[v] = append(s.tieAt[v], int32(i))
		}
	}
	return s
}

// survey measures a set of places; nil where it parts what must stay together or
// is empty or everything.
func (s *surveyor) survey(places []int32) *part {
	n := s.n
	if len(places) == 0 || len(places) >= n.in.Places {
		return nil
	}
	s.now++
	p := &part{places: slices.Clone(places), row: -1, inside: -1}
	slices.Sort(p.places)
	for _, v := range p.places {
		s.mark[v] = s.now
		p.home = p.home || n.depot[v]
		p.key = (p.key ^ uint64(v+1)) * 0x9e3779b97f4a7c15
		p.key ^= p.key >> 29
	}
	for _, v := range p.places {
		for _, i := range s.tieAt[v] {
			for _, u := range n.ties[i] {
				if s.mark[u] != s.now {
					return nil
				}
			}
		}
	}
	for _, v := range p.places {
		for _, i := range n.at[v] {
			e := &n.edges[i]
			if s.mark[e.a] == s.now && s.mark[e.b] == s.now {
				continue
			}
			p.crossed += int64(e.tasks)
			if e.there >= 0 {
				p.border = append(p.border, e.there)
			}
			if e.back >= 0 {
				p.border = append(p.border, e.back)
			}
		}
		s.count(p, v)
	}
	slices.Sort(p.border)
	p.access = math.MaxInt64
	for d := range n.in.Depots {
		there, back := unreached, unreached
		for _, v := range p.places {
			there, back = min(there, n.out[d][v]), min(back, n.in2[d][v])
		}
		p.access = min(p.access, int64(there)+int64(back))
	}
	return p
}

// count adds the tasks at a place that were not counted yet.
func (s *surveyor) count(p *part, v int32) {
	for _, i := range s.tasksAt[v] {
		if s.seen[i] == s.now {
			continue
		}
		s.seen[i] = s.now
		t := &s.n.tasks[i]
		p.touched++
		p.demand += t.demand
		if !slices.ContainsFunc(t.places, func(u int32) bool { return s.mark[u] != s.now }) {
			p.inner += t.least
		}
	}
}

// other lists the places that are not in the set.
func (n *Network) other(places []int32) []int32 {
	in := make([]bool, n.in.Places)
	for _, v := range places {
		in[v] = true
	}
	var out []int32
	for v, is := range in {
		if !is {
			out = append(out, int32(v))
		}
	}
	return out
}

// many is a number of vehicles that nobody has.
const many = int64(1) << 20

// vehicles is how many of them have to come into the part, at least, when no route
// may cost more than longest (0 for no limit).
func (n *Network) vehicles(p *part, longest int64) int64 {
	if p.home || p.touched == 0 {
		return 0
	}
	m := int64(1)
	if q := int64(n.in.Capacity); q > 0 {
		m = max(m, (p.demand+q-1)/q)
	}
	if longest > 0 {
		room := longest - p.access
		switch {
		case room < 0 || room == 0 && p.inner > 0:
			return many
		case p.inner > 0:
			m = max(m, (p.inner+room-1)/room)
		}
	}
	return m
}

// least is what the columns of the border add up to at least: twice the vehicles,
// less the tasks that cross it anyway, and one where these are odd.
func (n *Network) least(p *part, longest int64) int64 {
	return max(2*n.vehicles(p, longest)-p.crossed, p.crossed%2)
}

// borderRow is the row of the part's border.
func (n *Network) borderRow(p *part, longest int64) row {
	r := row{columns: p.border, least: n.least(p, longest), scale: 1}
	r.factors = make([]int64, len(r.columns))
	for i := range r.factors {
		r.factors[i] = 1
	}
	return r
}

// insideRow says that every vehicle that comes into the part has its way there and
// back to pay: what is spent inside is at most the number of visits times what is
// left of the longest route.
func (s *surveyor) insideRow(p *part, longest int64) (row, bool) {
	n := s.n
	room := longest - p.access
	if longest <= 0 || p.home || room <= 0 {
		return row{}, false
	}
	s.now++
	for _, v := range p.places {
		s.mark[v] = s.now
	}
	r := row{least: 2*p.inner - room*p.crossed, scale: float64(room)}
	add := func(column int32, factor int64) {
		if column >= 0 && factor != 0 {
			r.columns, r.factors = append(r.columns, column), append(r.factors, factor)
		}
	}
	for _, c := range p.border {
		add(c, room)
	}
	for _, v := range p.places {
		for _, i := range n.at[v] {
			e := &n.edges[i]
			if e.a == v && s.mark[e.b] == s.now {
				for _, c := range []int32{e.there, e.back} {
					if c >= 0 {
						add(c, -2*n.cost[c])
					}
				}
			}
		}
		for _, i := range s.tasksAt[v] {
			t := &n.tasks[i]
			if s.seen[i] == s.now || slices.ContainsFunc(t.places, func(u int32) bool { return s.mark[u] != s.now }) {
				continue
			}
			s.seen[i] = s.now
			for _, c := range t.other {
				add(c, -2*n.cost[c])
			}
		}
	}
	r.tidy()
	return r, true
}

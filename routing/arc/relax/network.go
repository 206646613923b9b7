package relax

import (
	"cmp"
	"fmt"
	"slices"
)

// Way is a connection that may be driven from one place to another.
type Way struct{ From, To, Cost int32 }

// Task is something to do once, in one of several ways.
type Task struct {
	Modes  []Way // at least one
	Demand int
}

// Input states what is known of a problem. Whatever moves between tasks, and between
// tasks and depots, follows ways and pays at least their costs.
type Input struct {
	Places   int
	Depots   []int32 // routes begin and end at one of them
	Ways     []Way
	Tasks    []Task
	Vehicles int
	Capacity int // demand a route, 0 for no limit
	Limit    int // cost a route, 0 for no limit
}

// Network is an Input made ready. It never changes.
type Network struct {
	in       Input
	even     bool // there and back cost the same on all ways and tasks
	edges    []edge
	at       [][]int32 // edges by place
	x, y     int       // columns: x of driving without service, then y of other modes
	cost     []int64   // by column
	most     []int64   // by column: a bound that some best plan keeps
	balance  []row     // of each place
	either   []row     // of tasks with three modes and more: at most one other mode
	services int64     // cost of all tasks, each in its cheapest mode
	tasks    []duty
	ties     [][]int32 // places that no cut may part
	depot    []bool
	out, in2 [][]int32 // by depot: cost to and from every place
	far      []int32   // by place: the least of out
	shell    []shell   // of an even network, see shells
}

// edge joins two places: columns of driving it there and back, -1 where that cannot
// be, and how many tasks lie on it. On an even network the column there is that of
// driving it either way.
type edge struct {
	a, b  int32
	there int32
	back  int32
	tasks int32
}

// duty is a task in terms of the programme.
type duty struct {
	edge   int32 // -1 for a task at one place, or one whose modes lie apart
	places []int32
	least  int64
	demand int64
	other  []int32 // columns of its other modes
}

// row is an inequality over columns in whole numbers: sum of factor times column >=
// least, or equal to it.
type row struct {
	columns []int32
	factors []int64
	least   int64
	equal   bool
	scale   float64 // the programme holds the row divided by it
}

// unreached is the cost to places that no way leads to.
const unreached = int32(1) << 29

// New makes the network ready. It fails where a place does not exist or a cost is
// below zero.
func New(in Input) (*Network, error) {
	n := &Network{in: in, at: make([][]int32, in.Places), depot: make([]bool, in.Places)}
	bad := func(v int32) bool { return v < 0 || int(v) >= in.Places }
	for _, w := range in.Ways {
		if bad(w.From) || bad(w.To) || w.Cost < 0 {
			return nil, fmt.Errorf("relaxation: way %v among %d places", w, in.Places)
		}
	}
	for i, t := range in.Tasks {
		if len(t.Modes) == 0 || t.Demand < 0 {
			return nil, fmt.Errorf("relaxation: task %d has %d modes, demand %d", i, len(t.Modes), t.Demand)
		}
		for _, w := range t.Modes {
			if bad(w.From) || bad(w.To) || w.Cost < 0 {
				return nil, fmt.Errorf("relaxation: task %d: mode %v among %d places", i, w, in.Places)
			}
		}
	}
	for _, d := range in.Depots {
		if bad(d) {
			return nil, fmt.Errorf("relaxation: depot %d among %d places", d, in.Places)
		}
		n.depot[d] = true
	}
	n.even = in.even()
	n.addWays()
	n.addTasks()
	n.addBalance()
	n.access()
	return n, nil
}

// addWays makes the columns of driving without service, of parallel ways the
// cheapest.
func (n *Network) addWays() {
	ways := slices.Clone(n.in.Ways)
	slices.SortFunc(ways, func(a, b Way) int {
		return cmp.Or(cmp.Compare(min(a.From, a.To), min(b.From, b.To)), cmp.Compare(max(a.From, a.To), max(b.From, b.To)),
			cmp.Compare(a.From, b.From), cmp.Compare(a.Cost, b.Cost))
	})
	// A leg between two tasks passes no way twice.
	legs := int64(len(n.in.Tasks) + min(n.in.Vehicles, len(n.in.Tasks)))
	for i, w := range ways {
		if w.From == w.To || i > 0 && w.From == ways[i-1].From && w.To == ways[i-1].To {
			continue
		}
		e := &n.edges[n.edge(w.From, w.To)]
		switch {
		case w.From == e.a:
			e.there = int32(n.x)
		case n.even:
			n.most[e.there] += legs
			continue
		default:
			e.back = int32(n.x)
		}
		n.x++
		n.cost, n.most = append(n.cost, int64(w.Cost)), append(n.most, legs)
	}
}

// edge is the edge of two places, made where there is none. Edges come in order, so
// that only the last one needs looking at; tasks search.
func (n *Network) edge(u, v int32) int32 {
	a, b := min(u, v), max(u, v)
	for _, e := range n.at[a] {
		if n.edges[e].a == a && n.edges[e].b == b {
			return e
		}
	}
	e := int32(len(n.edges))
	n.edges = append(n.edges, edge{a: a, b: b, there: -1, back: -1})
	n.at[a], n.at[b] = append(n.at[a], e), append(n.at[b], e)
	return e
}

// addTasks makes the columns of serving a task in another mode than its cheapest.
func (n *Network) addTasks() {
	for _, t := range n.in.Tasks {
		modes := distinct(t.Modes)
		d := duty{edge: -1, least: int64(modes[0].Cost), demand: int64(t.Demand)}
		n.services += d.least
		a, b := min(modes[0].From, modes[0].To), max(modes[0].From, modes[0].To)
		plain := true
		for i, w := range modes {
			d.places = append(d.places, w.From, w.To)
			plain = plain && a == min(w.From, w.To) && b == max(w.From, w.To)
			if i > 0 && !n.even {
				d.other = append(d.other, int32(len(n.cost)))
				n.cost, n.most = append(n.cost, int64(w.Cost)-d.least), append(n.most, 1)
				n.y++
			}
		}
		slices.Sort(d.places)
		d.places = slices.Compact(d.places)
		if plain && a != b {
			d.edge = n.edge(a, b)
			n.edges[d.edge].tasks++
		} else if !plain {
			n.ties = append(n.ties, d.places)
		}
		n.tasks = append(n.tasks, d)
	}
}

// distinct lists the modes that differ in their ends, cheapest first.
func distinct(modes []Way) []Way {
	all := slices.Clone(modes)
	slices.SortFunc(all, func(a, b Way) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var out []Way
	for _, w := range all {
		if !slices.ContainsFunc(out, func(o Way) bool {
			return o.From == w.From && o.To == w.To || o.From == o.To && w.From == w.To && o.From == w.From
		}) {
			out = append(out, w)
		}
	}
	return out
}

// addBalance makes the rows of the places: as many leave as arrive. On an even network
// whatever crosses each border an even number of times can be turned so.
func (n *Network) addBalance() {
	if n.even {
		return
	}
	n.balance = make([]row, n.in.Places)
	for v := range n.balance {
		n.balance[v].equal, n.balance[v].scale = true, 1
	}
	add := func(v int32, column int32, factor int64) {
		r := &n.balance[v]
		if k := len(r.columns) - 1; k >= 0 && r.columns[k] == column {
			r.factors[k] += factor
			return
		}
		r.columns, r.factors = append(r.columns, column), append(r.factors, factor)
	}
	for _, e := range n.edges {
		if e.there >= 0 {
			add(e.a, e.there, 1)
			add(e.b, e.there, -1)
		}
		if e.back >= 0 {
			add(e.b, e.back, 1)
			add(e.a, e.back, -1)
		}
	}
	column := int32(n.x)
	for i, t := range n.in.Tasks {
		modes := distinct(t.Modes)
		n.balance[modes[0].From].least--
		n.balance[modes[0].To].least++
		for _, w := range modes[1:] {
			add(modes[0].From, column, -1)
			add(w.From, column, 1)
			add(modes[0].To, column, 1)
			add(w.To, column, -1)
			column++
		}
		if len(modes) > 2 {
			r := row{least: -1, scale: 1}
			for _, c := range n.tasks[i].other {
				r.columns, r.factors = append(r.columns, c), append(r.factors, -1)
			}
			n.either = append(n.either, r)
		}
	}
	for v := range n.balance {
		n.balance[v].tidy()
	}
}

// tidy sorts the columns and joins those that are there twice.
func (r *row) tidy() {
	sum := map[int32]int64{}
	for i, c := range r.columns {
		sum[c] += r.factors[i]
	}
	r.columns, r.factors = r.columns[:0], r.factors[:0]
	for c, f := range sum {
		if f != 0 {
			r.columns = append(r.columns, c)
		}
	}
	slices.Sort(r.columns)
	for _, c := range r.columns {
		r.factors = append(r.factors, sum[c])
	}
}

// access computes what it costs at least to come from each depot to every place and
// to return, along ways and along tasks.
func (n *Network) access() {
	ahead, back := make([][]Way, n.in.Places), make([][]Way, n.in.Places)
	add := func(w Way) {
		ahead[w.From] = append(ahead[w.From], w)
		back[w.To] = append(back[w.To], Way{w.To, w.From, w.Cost})
	}
	for _, w := range n.in.Ways {
		add(w)
	}
	for _, t := range n.in.Tasks {
		for _, w := range t.Modes {
			add(w)
		}
	}
	for _, d := range n.in.Depots {
		n.out = append(n.out, cheapest(ahead, d))
		n.in2 = append(n.in2, cheapest(back, d))
	}
	n.far = make([]int32, n.in.Places)
	for v := range n.far {
		n.far[v] = unreached
		for d := range n.in.Depots {
			n.far[v] = min(n.far[v], n.out[d][v])
		}
	}
	if n.even {
		n.shell = n.shells()
	}
}

package postman

import "errors"

// ErrCut says that no walk is possible: ways do not lead from everywhere to everywhere.
var ErrCut = errors.New("no closed walk leads through all streets")

// balance makes as many edges end at every place as begin there, at least cost: some
// streets that may be walked both ways get their direction, some ways are walked once
// more, at that cost. It is a flow of least cost by shortest augmenting paths with potentials.
func (w *walk) balance() (cost int64, err error) {
	t := w.t
	f := newFlow(len(t.X))
	var both, streets []int32 // arcs of the flow, streets
	for i, s := range t.Streets {
		switch {
		case s.From == s.To || !s.Both:
			w.street(int32(i), false)
			f.excess[s.To]++
			f.excess[s.From]--
		default:
			both, streets = append(both, f.add(s.From, s.To, 1, 1, 0)), append(streets, int32(i))
		}
	}
	first := f.arcs()
	for _, x := range t.Ways {
		f.add(x.From, x.To, flowMost, 0, x.Cost)
	}
	f.index()
	for v := range f.excess {
		for f.excess[v] > 0 {
			if !f.push(int32(v)) {
				return 0, ErrCut
			}
		}
	}
	w.height = f.height
	for k, e := range both {
		i := streets[k]
		switch f.room[e] {
		case 0:
			w.street(i, false)
		case 2:
			w.street(i, true)
		default:
			w.loose = append(w.loose, int32(len(w.edges)))
			w.street(i, false)
		}
	}
	for i, x := range t.Ways {
		cost += int64(x.Cost) * int64(f.room[first+2*int32(i)+1])
		for range f.room[first+2*int32(i)+1] {
			w.edges = append(w.edges, edge{x.From, x.To, Leg{Street: -1, Way: int32(i)}})
		}
	}
	return cost, nil
}

const flowMost = 1 << 30

// flow is a flow of least cost under way. Arc e^1 is the way back of arc e.
type flow struct {
	head, room, cost []int32
	start, list      []int32 // arcs by place
	excess           []int32
	height           []int64 // potentials
	labels           labels
}

func newFlow(places int) *flow {
	return &flow{excess: make([]int32, places), height: make([]int64, places), labels: newLabels(places)}
}

func (f *flow) arcs() int32 { return int32(len(f.head)) }

// add makes an arc from u to v with room for so much, and back.
func (f *flow) add(u, v, room, back, cost int32) int32 {
	e := f.arcs()
	f.head, f.room, f.cost = append(f.head, v, u), append(f.room, room, back), append(f.cost, cost, -cost)
	return e
}

func (f *flow) index() {
	f.start, f.list = make([]int32, len(f.excess)+1), make([]int32, len(f.head))
	for e := range f.head {
		f.start[f.head[e^1]+1]++
	}
	for v := range f.excess {
		f.start[v+1] += f.start[v]
	}
	at := append([]int32(nil), f.start...)
	for e := range f.head {
		u := f.head[e^1]
		f.list[at[u]] = int32(e)
		at[u]++
	}
}

// push sends one unit from a place to where one is lacking, at least cost; false when
// no way leads there.
func (f *flow) push(from int32) bool {
	l := &f.labels
	l.clear()
	l.reach(from, 0, -1)
	goal, far := int32(-1), int64(0)
	for {
		v, d, ok := l.settle()
		if !ok {
			break
		}
		if f.excess[v] < 0 {
			goal, far = v, d
			break
		}
		for _, e := range f.list[f.start[v]:f.start[v+1]] {
			if f.room[e] > 0 {
				u := f.head[e]
				l.reach(u, d+int64(f.cost[e])+f.height[v]-f.height[u], e)
			}
		}
	}
	if goal < 0 {
		return false
	}
	for _, v := range l.settled {
		f.height[v] += l.cost[v] - far
	}
	f.excess[from]--
	f.excess[goal]++
	for v := goal; v != from; v = f.head[l.by[v]^1] {
		f.room[l.by[v]]--
		f.room[l.by[v]^1]++
	}
	return true
}

package edit

import (
	"container/heap"

	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// detour is how many metres of arterial a metre of each class is worth as a border.
var detour = map[district.Class]float64{
	district.Arterial: 1, district.Collector: 1.1, district.Local: 1.7,
	district.Waterline: 1.5, district.Path: 3, district.NoRoad: 8,
}

// step is one way on in a search: where to, and at what cost.
type step[N comparable] struct {
	to   N
	cost float64
}

// search finds cheapest paths from one node (Dijkstra's algorithm). Equal costs are
// told apart by the order in which nodes were met. Nodes that end tells are reached
// but not passed.
type search[N comparable] struct {
	around func(N) []step[N]
	ends   func(N) bool
	cost   map[N]float64
	before map[N]N
	queue  queue[N]
}

func searchFrom[N comparable](from N, around func(N) []step[N], ends func(N) bool, stop func(N) bool) *search[N] {
	s := &search[N]{around: around, ends: ends, cost: map[N]float64{from: 0}, before: map[N]N{}}
	done := map[N]bool{}
	for s.queue.add(from, 0); len(s.queue.items) > 0; {
		at := heap.Pop(&s.queue).(queued[N]).node
		if done[at] {
			continue
		}
		done[at] = true
		if stop != nil && stop(at) {
			break
		}
		if at != from && ends != nil && ends(at) {
			continue
		}
		for _, w := range around(at) {
			cost := s.cost[at] + w.cost
			if old, met := s.cost[w.to]; !met || cost < old && !done[w.to] {
				s.cost[w.to], s.before[w.to] = cost, at
				s.queue.add(w.to, cost)
			}
		}
	}
	return s
}

// path is the way from the search's start, nil where it did not get.
func (s *search[N]) path(to N) []N {
	if _, ok := s.cost[to]; !ok {
		return nil
	}
	out := []N{to}
	for at, ok := s.before[to]; ok; at, ok = s.before[at] {
		out = append(out, at)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

type queued[N comparable] struct {
	node  N
	cost  float64
	order int
}

type queue[N comparable] struct {
	items []queued[N]
	met   int
}

func (q *queue[N]) add(node N, cost float64) {
	q.met++
	heap.Push(q, queued[N]{node, cost, q.met})
}

func (q *queue[N]) Len() int { return len(q.items) }
func (q *queue[N]) Less(i, j int) bool {
	a, b := q.items[i], q.items[j]
	return a.cost < b.cost || a.cost == b.cost && a.order < b.order
}
func (q *queue[N]) Swap(i, j int) { q.items[i], q.items[j] = q.items[j], q.items[i] }
func (q *queue[N]) Push(x any)    { q.items = append(q.items, x.(queued[N])) }
func (q *queue[N]) Pop() any {
	last := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1]
	return last
}

// within reports whether a place lies strictly inside one of some grids.
func (c *core) within(p arrange.Pt, slots ...int32) bool {
	at, border := c.locatePt(p)
	if border {
		return false
	}
	for _, slot := range slots {
		if at == slot {
			return true
		}
	}
	return false
}

func middle(p, q arrange.Pt) arrange.Pt {
	return arrange.Pt{X: int32((int64(p.X) + int64(q.X)) / 2), Y: int32((int64(p.Y) + int64(q.Y)) / 2)}
}

// points are the positions of vertices.
func (m *mesh) points(vertices []int32) []arrange.Pt {
	out := make([]arrange.Pt, len(vertices))
	for i, v := range vertices {
		out[i] = m.arr.Vertices[v]
	}
	return out
}

package patrol

import (
	"gridbeat/routing/arc"
	"gridbeat/routing/queue"
)

// thin leaves of the ways those that a quickest way between two of the ends leads along,
// one for each two ends, and makes one way of several in a row between which no other
// leads away. It numbers the places that are left from 0 on, the ends first.
func thin(ways []arc.Arc, ends []int32) (thinned []arc.Arc, number map[int32]int32) {
	number = map[int32]int32{}
	for _, v := range ends {
		if _, known := number[v]; !known {
			number[v] = int32(len(number))
		}
	}
	g := joined{}
	for _, w := range needed(ways, number) {
		g.join(w)
	}
	g.straighten(number)
	for v := range g.order {
		if _, known := number[g.order[v]]; !known && len(g.out[g.order[v]])+len(g.in[g.order[v]]) > 0 {
			number[g.order[v]] = int32(len(number))
		}
	}
	for _, v := range g.order {
		for _, w := range g.out[v] {
			thinned = append(thinned, arc.Arc{From: number[v], To: number[w.To], Cost: w.Cost})
		}
	}
	return thinned, number
}

// needed are the ways of a tree of quickest ways from each end to the ends that it
// reaches by no other end: ways that lead over another one are two of these.
func needed(ways []arc.Arc, ends map[int32]int32) (out []arc.Arc) {
	places := int32(0)
	for _, w := range ways {
		places = max(places, w.From+1, w.To+1)
	}
	for v := range ends {
		places = max(places, v+1)
	}
	s := &sprout{ways: ways, ends: make([]bool, places), from: make([][]int32, places), label: make([]label, places)}
	for v := range ends {
		s.ends[v] = true
	}
	for i, w := range ways {
		s.from[w.From] = append(s.from[w.From], int32(i))
	}
	keep := make([]bool, len(ways))
	for v := range places {
		if s.ends[v] {
			s.grow(v, keep)
		}
	}
	for i, k := range keep {
		if k {
			out = append(out, ways[i])
		}
	}
	return out
}

// label is what a search knows of a place.
type label struct {
	key  int64 // cost, then the number of ways, so that it always grows; of the search numbered search
	way  int32 // that leads here
	over bool  // another end lies on the way
	done bool
	from int32 // the search's start plus one
}

// sprout searches from one end after the other.
type sprout struct {
	ways  []arc.Arc
	ends  []bool    // by place
	from  [][]int32 // ways by the place where they begin
	label []label
	queue queue.Queue[int64]
	plain int // places to be looked at that are reached over no other end
}

// hops is by what keys are shifted to make room for the number of ways.
const hops = 20

// grow marks the ways from one end to those that it reaches over no other one.
func (s *sprout) grow(start int32, keep []bool) {
	s.queue, s.plain = s.queue[:0], 1
	s.label[start] = label{way: -1, from: start + 1}
	s.queue.Push(0, start)
	for s.plain > 0 {
		_, v := s.queue.Pop()
		l := &s.label[v]
		if l.done {
			continue
		}
		l.done = true
		over := l.over
		if !over {
			s.plain--
			if s.ends[v] && v != start {
				over = true
				for u := v; u != start; u = s.ways[s.label[u].way].From {
					keep[s.label[u].way] = true
				}
			}
		}
		for _, i := range s.from[v] {
			s.reach(i, l.key+int64(s.ways[i].Cost)<<hops+1, over, start+1)
		}
	}
}

// reach labels the place where a way ends, if it is the quickest so far.
func (s *sprout) reach(way int32, key int64, over bool, search int32) {
	v := s.ways[way].To
	l := &s.label[v]
	known := l.from == search
	if known && (l.done || l.key <= key) {
		return
	}
	if known && !l.over {
		s.plain--
	}
	if !over {
		s.plain++
	}
	*l = label{key: key, way: way, over: over, from: search}
	s.queue.Push(key, v)
}

// joined is ways by their places.
type joined struct {
	out, in map[int32][]arc.Arc
	order   []int32 // places as they came
}

// join adds a way, or makes the one that is there quicker.
func (g *joined) join(w arc.Arc) {
	if w.From == w.To {
		return
	}
	if g.out == nil {
		g.out, g.in = map[int32][]arc.Arc{}, map[int32][]arc.Arc{}
	}
	for _, v := range []int32{w.From, w.To} {
		if g.out[v] == nil && g.in[v] == nil {
			g.order = append(g.order, v)
		}
	}
	g.out[w.From] = quicker(g.out[w.From], w)
	g.in[w.To] = quicker(g.in[w.To], w)
}

func quicker(list []arc.Arc, w arc.Arc) []arc.Arc {
	for i, x := range list {
		if x.From == w.From && x.To == w.To {
			list[i].Cost = min(x.Cost, w.Cost)
			return list
		}
	}
	return append(list, w)
}

// straighten takes the places out that are no ends and lie between at most two others.
func (g *joined) straighten(ends map[int32]int32) {
	todo := append([]int32(nil), g.order...)
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if _, end := ends[v]; end || len(g.out[v])+len(g.in[v]) == 0 {
			continue
		}
		beside := map[int32]bool{}
		for _, w := range g.out[v] {
			beside[w.To] = true
		}
		for _, w := range g.in[v] {
			beside[w.From] = true
		}
		if len(beside) > 2 {
			continue
		}
		in, out := g.in[v], g.out[v]
		g.in[v], g.out[v] = []arc.Arc{}, []arc.Arc{}
		for _, w := range in {
			g.out[w.From] = lessWay(g.out[w.From], w)
			todo = append(todo, w.From)
		}
		for _, w := range out {
			g.in[w.To] = lessWay(g.in[w.To], w)
			todo = append(todo, w.To)
		}
		for _, a := range in {
			for _, b := range out {
				g.join(arc.Arc{From: a.From, To: b.To, Cost: a.Cost + b.Cost})
			}
		}
	}
}

// lessWay is the list without the way between those places.
func lessWay(list []arc.Arc, w arc.Arc) []arc.Arc {
	for i, x := range list {
		if x.From == w.From && x.To == w.To {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

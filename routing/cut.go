package routing

import (
	"math"

	"github.com/paulmach/orb"
)

// cut makes nodes and edges. A vertex becomes a node where two usable streets (or
// one street twice) have it, at the ends of streets, at the places in n.cuts, and
// beside closed posts; the two segments at a closed post are left out.
func (n *Network) cut() {
	number := map[[2]int32]int32{}
	vertex := func(p orb.Point) int32 {
		k := place(p)
		v, ok := number[k]
		if !ok {
			v = int32(len(number))
			number[k] = v
		}
		return v
	}
	usable := make([]bool, len(n.streets))
	ids := make([][]int32, len(n.streets))
	for i, s := range n.streets {
		if usable[i] = n.usable(i); !usable[i] {
			continue
		}
		for _, p := range s.Line {
			ids[i] = append(ids[i], vertex(p))
		}
	}
	uses := make([]int32, len(number))
	closed := make([]bool, len(number))
	for _, list := range ids {
		for j, v := range list {
			if j == 0 || list[j-1] != v {
				uses[v]++
			}
		}
		if len(list) > 0 {
			uses[list[0]]++
			uses[list[len(list)-1]]++
		}
	}
	for _, p := range n.cuts {
		if v, ok := number[place(p)]; ok {
			uses[v] += 2
		}
	}
	for _, b := range n.posts {
		if v, ok := number[place(b.At)]; ok && n.profile.Closed(b) {
			closed[v] = true
		}
	}
	node := make([]Node, len(number))
	for i := range node {
		node[i] = None
	}
	name := func(v int32, p orb.Point) Node {
		if node[v] == None {
			node[v] = Node(len(n.at))
			n.at = append(n.at, p)
		}
		return node[v]
	}
	for i, list := range ids {
		begin := -1 // first vertex of the open edge
		flush := func(end int) {
			if begin < 0 || begin == end {
				return
			}
			line := n.streets[i].Line
			if m := float64(n.plane.Length(line[begin : end+1])); m > 0 {
				n.street = append(n.street, int32(i))
				n.from = append(n.from, int32(begin))
				n.to = append(n.to, int32(end))
				n.ends = append(n.ends, [2]Node{name(list[begin], line[begin]), name(list[end], line[end])})
				n.metres = append(n.metres, m)
			}
			begin = -1
		}
		for j, v := range list {
			if closed[v] {
				if j > 0 {
					flush(j - 1)
				}
				begin = -1
				continue
			}
			if begin >= 0 && uses[v] > 1 {
				flush(j)
			}
			if begin < 0 {
				begin = j
			}
		}
		flush(len(list) - 1)
	}
}

// heading is the direction of the line at one of its ends in radians, away from
// that end, counter-clockwise from east.
func (n *Network) heading(l orb.LineString, atEnd bool) float64 {
	p := l[0]
	i, step := 1, 1
	if atEnd {
		p, i, step = l[len(l)-1], len(l)-2, -1
	}
	x0, y0 := n.plane.XY(p)
	var x, y float64
	for ; i >= 0 && i < len(l); i += step {
		x, y = n.plane.XY(l[i])
		if math.Hypot(x-x0, y-y0) >= 5 {
			break
		}
	}
	return math.Atan2(y-y0, x-x0)
}

// angle folds a difference of directions into -pi..pi.
func angle(d float64) float64 { return math.Remainder(d, 2*math.Pi) }

package routing

import (
	"math"
	"strings"
)

// connect makes the arcs, lists which arc may follow which, and prices the turns.
//
// Turn restrictions are forbidden sequences of arcs. One of two arcs only removes a
// turn. A longer one needs memory: the arc is given a copy for each beginning of a
// forbidden sequence that leads to it, and the copy lacks the turn that would
// complete the sequence. The copies are the states of an Aho-Corasick automaton
// (Aho and Corasick, "Efficient string matching", CACM 18, 1975).
func (n *Network) connect() {
	n.plainArcs()
	rules := n.forbidden()
	key := func(seq []int32) string {
		b := make([]byte, 0, 4*len(seq))
		for _, a := range seq {
			b = append(b, byte(a), byte(a>>8), byte(a>>16), byte(a>>24))
		}
		return string(b)
	}
	banned := map[string]bool{}
	copyOf := map[string]int32{}
	plain := len(n.code)
	memory := make([][]int32, plain) // by arc: the plain arcs that it remembers, itself last
	for a := range memory {
		memory[a] = []int32{int32(a)}
	}
	for _, seq := range rules {
		banned[key(seq)] = true
		for l := 2; l < len(seq); l++ {
			k := key(seq[:l])
			if _, ok := copyOf[k]; ok {
				continue
			}
			last := seq[l-1]
			copyOf[k] = int32(len(n.code))
			memory = append(memory, seq[:l])
			n.code = append(n.code, n.code[last])
			n.tail, n.head = append(n.tail, n.tail[last]), append(n.head, n.head[last])
			n.millis = append(n.millis, n.millis[last])
		}
	}
	n.next, n.turn = lists{}, nil
	price := turnPrices[n.profile]
	for a := range n.code {
		var to, cost []int32
		var round []int // positions of U-turns
	arcs:
		for _, b := range n.out.of(int32(n.head[a])) {
			seq := append(append([]int32(nil), memory[a]...), b)
			target := b
			for i := len(seq) - 2; i >= 0; i-- {
				k := key(seq[i:])
				if banned[k] {
					continue arcs
				}
				if c, ok := copyOf[k]; ok {
					target = c
				}
			}
			if n.code[a]^1 == n.code[b] {
				round = append(round, len(to))
			}
			to, cost = append(to, target), append(cost, n.turnPrice(int32(a), b, price))
		}
		if len(round) == len(to) { // nothing leads on: the street ends here
			for _, i := range round {
				cost[i] = price.end
			}
		}
		n.next.add(to...)
		n.turn = append(n.turn, cost...)
	}
	if len(n.code) == 0 {
		n.next.start = []int32{0}
	}
	n.previous = n.next.invert(len(n.code))
	byEdge, byHead := lists{start: []int32{0}}, lists{start: []int32{0}}
	for a, c := range n.code {
		byEdge.add(c >> 1)
		byHead.add(int32(n.head[a]))
	}
	n.into = byHead.invert(len(n.at))
	n.arcs = byEdge.invert(len(n.street))
}

// plainArcs makes the arcs that one-ways allow and lists those that leave each node.
func (n *Network) plainArcs() {
	tails := lists{start: []int32{0}}
	for e := range n.street {
		s := n.streets[n.street[e]]
		way := n.profile.OneWay(s)
		millis := int32(math.Ceil(n.metres[e] / n.profile.Speed(s) * 1000))
		for dir := range 2 {
			if dir == 0 && way < 0 || dir == 1 && way > 0 {
				continue
			}
			n.code = append(n.code, int32(2*e+dir))
			n.tail = append(n.tail, n.ends[e][dir])
			n.head = append(n.head, n.ends[e][1-dir])
			n.millis = append(n.millis, millis)
			tails.add(int32(n.ends[e][dir]))
		}
	}
	n.out = tails.invert(len(n.at))
}

// turnPrice is the time of turning from arc a into arc b.
func (n *Network) turnPrice(a, b int32, p turnPrice) int32 {
	if n.code[a]^1 == n.code[b] {
		return p.round
	}
	if p.side == 0 && p.across == 0 {
		return 0
	}
	switch t := n.TurnAngle(Arc(a), Arc(b)); {
	case t < -math.Pi/4:
		return p.side
	case t > math.Pi/4:
		return p.across
	}
	return 0
}

// TurnAngle is the change of direction from the end of arc a to the start of arc b
// in radians: 0 straight on, positive to the left.
func (n *Network) TurnAngle(a, b Arc) float64 {
	in := n.heading(n.Line(n.Edge(a)), n.Forward(a)) + math.Pi
	out := n.heading(n.Line(n.Edge(b)), !n.Forward(b))
	return angle(out - in)
}

// forbidden returns the sequences of plain arcs that the restrictions forbid.
// A restriction counts where its streets meet end to end; one that names a street
// that is not on the map cannot be told and is left out.
func (n *Network) forbidden() [][]int32 {
	index := make(map[string]int32, len(n.streets))
	for i, s := range n.streets {
		index[s.ID] = int32(i)
	}
	edges := lists{start: []int32{0}}
	for _, s := range n.street {
		edges.add(s)
	}
	byStreet := edges.invert(len(n.streets)) // edges of a street, in order
	arcsAt := map[int32]int32{}              // code -> plain arc
	for a, c := range n.code {
		arcsAt[c] = int32(a)
	}
	var out [][]int32
	for _, r := range n.restrictions {
		from, okFrom := index[r.From]
		to, okTo := index[r.To]
		no, only := strings.HasPrefix(r.Kind, "no_"), strings.HasPrefix(r.Kind, "only_")
		if !okFrom || !okTo || !no && !only || n.profile.exempt(r) {
			continue
		}
		var via []int32
		known := true
		for _, w := range r.ViaWays {
			i, ok := index[w]
			known = known && ok
			via = append(via, i)
		}
		if !known {
			continue
		}
		w := walker{n: n, via: via, to: to, only: only}
		for _, e := range byStreet.of(from) {
			for dir := range int32(2) {
				a, ok := arcsAt[e*2+dir]
				if !ok || !n.endsStreet(from, n.head[a]) {
					continue
				}
				if len(via) == 0 && !n.endsAt(from, r.ViaNode, n.head[a]) {
					continue
				}
				if len(via) == 0 && !n.endsStreet(to, n.head[a]) {
					continue
				}
				w.follow([]int32{a}, 0)
			}
		}
		out = append(out, w.found...)
	}
	return out
}

// endsStreet reports whether the street begins or ends at the node.
func (n *Network) endsStreet(street int32, v Node) bool {
	l := n.streets[street].Line
	return same(l[0], n.at[v]) || same(l[len(l)-1], n.at[v])
}

// endsAt reports whether the street begins or ends with the map's node id, and that
// node is v.
func (n *Network) endsAt(street int32, id int64, v Node) bool {
	s := n.streets[street]
	last := len(s.Nodes) - 1
	return s.Nodes[0] == id && same(s.Line[0], n.at[v]) || s.Nodes[last] == id && same(s.Line[last], n.at[v])
}

// walker follows a restriction's streets from one arc on.
type walker struct {
	n     *Network
	via   []int32
	to    int32
	only  bool
	found [][]int32
}

// follow extends the sequence along the via streets from number i on and notes the
// forbidden ones. It gives up on sequences of more than 40 arcs.
func (w *walker) follow(seq []int32, i int) {
	n := w.n
	last := seq[len(seq)-1]
	if len(seq) > 40 {
		return
	}
	for _, b := range n.out.of(int32(n.head[last])) {
		if i < len(w.via) {
			break
		}
		if on := n.street[n.code[b]>>1] == w.to; on != w.only {
			w.found = append(w.found, append(append([]int32(nil), seq...), b))
		}
	}
	for _, b := range n.out.of(int32(n.head[last])) {
		street := n.street[n.code[b]>>1]
		if n.code[b]^1 == n.code[last] {
			continue
		}
		if i < len(w.via) && street == w.via[i] {
			w.through(append(append([]int32(nil), seq...), b), i)
		}
	}
}

// through walks to the end of via street i, of which seq holds the first arc.
func (w *walker) through(seq []int32, i int) {
	n := w.n
	last := seq[len(seq)-1]
	if n.endsStreet(w.via[i], n.head[last]) {
		// Where the last via street ends, the sequence must meet the next one.
		w.follow(seq, i+1)
		return
	}
	if len(seq) > 40 {
		return
	}
	for _, b := range n.out.of(int32(n.head[last])) {
		if n.code[b]^1 != n.code[last] && n.street[n.code[b]>>1] == w.via[i] {
			w.through(append(append([]int32(nil), seq...), b), i)
			return
		}
	}
}

package patrol

import (
	"math"

	"gridbeat/routing"
)

// steps are the instructions for a way: a new one where the street's name changes, the
// patrol turns around, one of several visits of a street begins or ends, or behind a checkpoint or a pause, which are steps themselves.
func (b *builder) steps(d drive, stays []int) []Step {
	n, path, marks := b.net, d.path, d.marks
	var out []Step
	stop := func(i int) (any bool) {
		for ; len(marks) > 0 && marks[0].at == i; marks, stays = marks[1:], stays[1:] {
			step := Step{Turn: "wait", Seconds: float64(stays[0]) / 1000}
			if k := marks[0].check; k != noCheck {
				step.Street, step.Turn = b.checks[k].name, "checkpoint"
			} else {
				step.Street = n.Street(n.Edge(path[i])).Name
			}
			out = append(out, step)
			any = true
		}
		return any
	}
	for i, a := range path {
		stopped := stop(i)
		s := n.Street(n.Edge(a))
		turn := "depart"
		if i > 0 {
			turn = turnWord(n, path[i-1], a)
			before := n.Street(n.Edge(path[i-1]))
			if _, visit := d.visits[i]; !stopped && !visit && turn != "u_turn" && before.Name == s.Name && (s.Name != "" || before.ID == s.ID || turn == "straight") {
				last := &out[len(out)-1]
				last.Metres += float64(n.Metres(n.Edge(a)))
				last.Seconds += seconds(n, path[i-1], a)
				continue
			}
		}
		step := Step{Street: s.Name, Turn: turn, Metres: float64(n.Metres(n.Edge(a))), Seconds: float64(n.Millis(a)) / 1000, Visit: d.visits[i]}
		if i > 0 {
			step.Seconds = seconds(n, path[i-1], a)
		}
		out = append(out, step)
	}
	stop(len(path))
	if len(path) > 0 {
		out = append(out, Step{Street: n.Street(n.Edge(path[len(path)-1])).Name, Turn: "arrive"})
	}
	return out
}

// seconds is the time of the turn from a into b and along b.
func seconds(n *routing.Network, a, b routing.Arc) float64 {
	turn, _ := n.Turn(a, b)
	return float64(turn+n.Millis(b)) / 1000
}

// turnWord names the change of direction between two arcs.
func turnWord(n *routing.Network, a, b routing.Arc) string {
	if n.Edge(a) == n.Edge(b) && n.Forward(a) != n.Forward(b) {
		return "u_turn"
	}
	t := n.TurnAngle(a, b)
	side := "left"
	if t < 0 {
		side = "right"
	}
	switch d := math.Abs(t) * 180 / math.Pi; {
	case d < 20:
		return "straight"
	case d < 45:
		return "slight_" + side
	case d < 120:
		return side
	}
	return "sharp_" + side
}

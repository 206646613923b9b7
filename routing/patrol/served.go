package patrol

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gridbeat/routing"
)

// Served tells how a plan keeps a service.
type Served struct {
	Service
	Held   int    // visits that are as far apart as asked for
	Calls  []Call // all, in their order
	Reason string // why it is not kept, "" where it is
}

// Call is when a route comes to a street that a service was asked for.
type Call struct {
	Unit  string
	Shift int
	After time.Duration // the shift's start
}

// begun is a moment at which a route begins a stretch.
type begun struct {
	shift, at int // at is in milliseconds
	unit      string
}

// noteBegins notes when a route begins the stretches of services; at are the moments at which
// it begins each of its arcs.
func (b *builder) noteBegins(t tour, c *costs, starts []int, at []int, w crew) {
	for i, m := range t.modes {
		if s := b.stretches[c.modes[m].task]; len(s.services) > 0 {
			b.begins[s.base] = append(b.begins[s.base], begun{w.shift, at[starts[i]], b.in.Units[w.unit]})
		}
	}
}

// moments are the times at which the arcs of a path begin, in milliseconds.
func (b *builder) moments(path []routing.Arc, marks []mark, stays []int) []int {
	at, out := 0, make([]int, 0, len(path))
	for i, a := range path {
		for ; len(marks) > 0 && marks[0].at == i; marks, stays = marks[1:], stays[1:] {
			at += stays[0]
		}
		if i > 0 {
			t, _ := b.net.Turn(path[i-1], a)
			at += int(t)
		}
		out = append(out, at)
		at += int(b.net.Millis(a))
	}
	return out
}

// held is how many of the visits, in their order, are apart.
func held(visits []begun, apart int) (n int) {
	last := begun{shift: -1}
	for _, v := range visits {
		if v.shift != last.shift || v.at-last.at >= apart {
			n, last = n+1, v
		}
	}
	return n
}

// report tells how the services are kept. Each piece of a street must have its visits.
func (b *builder) report(missed []Missed) (out []Served) {
	for k, s := range b.in.Services {
		x := Served{Service: s, Held: -1}
		for _, piece := range b.stretches {
			if !slices.Contains(piece.services, k) {
				continue
			}
			visits := b.begins[piece.base]
			slices.SortFunc(visits, func(x, y begun) int { return cmp.Or(x.shift-y.shift, x.at-y.at, strings.Compare(x.unit, y.unit)) })
			n := held(visits, int(s.Apart.Milliseconds()))
			if x.Held >= 0 && n >= x.Held {
				continue
			}
			x.Held, x.Calls = n, nil
			for _, v := range visits {
				x.Calls = append(x.Calls, Call{v.unit, v.shift, time.Duration(v.at) * time.Millisecond})
			}
		}
		switch x.Held = max(0, x.Held); {
		case slices.ContainsFunc(missed, func(m Missed) bool { return m.Street == s.Street }):
			x.Held, x.Reason = 0, "the street is missed, or a piece of it"
		case len(x.Calls) == 0:
			x.Reason = "the plan need not cover the street"
		case x.Held < s.Visits:
			x.Reason = fmt.Sprintf("%d of %d visits are %v apart", x.Held, s.Visits, s.Apart)
		}
		out = append(out, x)
	}
	return out
}

// servedNote says it in a sentence.
func servedNote(services []Served) string {
	var not []string
	for _, s := range services {
		if s.Reason != "" {
			not = append(not, "street "+s.Street+": "+s.Reason)
		}
	}
	switch {
	case len(services) == 0:
		return ""
	case len(not) == 0:
		return fmt.Sprintf(" All %d service levels are kept.", len(services))
	}
	return fmt.Sprintf(" Of %d service levels %d are not kept: %s.", len(services), len(not), strings.Join(not, "; "))
}

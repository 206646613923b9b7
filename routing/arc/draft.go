package arc

import "math"

// draft is a route whose directions are still open.
type draft struct {
	depot int
	seq   []int32
	cost  int // with the best directions
	load  int
	left  int // moves of an earlier plan that it leaves
}

// newDraft counts cost and load.
func newDraft(p *Problem, depot int, seq []int32) draft {
	d := draft{depot: depot, seq: seq}
	for _, t := range seq {
		d.load += p.demand(t)
	}
	if len(seq) > 0 {
		modes, priced := p.direct(depot, seq)
		r := Route{depot, modes}
		d.left = r.Left(p)
		d.cost = priced - d.left*p.spec.Leave
	}
	return d
}

// direct chooses the best mode for every task of a route. The cost is with what leaving
// moves of an earlier plan is charged.
func (p *Problem) direct(depot int, seq []int32) (modes []int, cost int) {
	if len(seq) == 0 {
		return nil, 0
	}
	spare := make([]int32, p.table.places)
	came := make([]int32, len(seq)*p.width) // by task and mode: the mode before it
	ahead, next := make([]int, p.width), make([]int, p.width)
	row := p.table.row(p.from[p.depot(depot)], spare)
	lo, hi := p.Modes(int(seq[0]))
	for m := lo; m < hi; m++ {
		ahead[m-lo] = int(row[p.into[m]]) + int(p.spec.Modes[m].Cost)
	}
	for i := 1; i < len(seq); i++ {
		plo, phi := p.Modes(int(seq[i-1]))
		lo, hi := p.Modes(int(seq[i]))
		for k := range hi - lo {
			next[k] = math.MaxInt
		}
		for m := plo; m < phi; m++ {
			row := p.table.row(p.from[m], spare)
			for k := range hi - lo {
				c := ahead[m-plo] + int(row[p.into[lo+k]]) + int(p.spec.Modes[lo+k].Cost)
				if p.leaves(m, lo+k) {
					c += p.spec.Leave
				}
				if c < next[k] {
					next[k], came[i*p.width+k] = c, int32(m)
				}
			}
		}
		ahead, next = next, ahead
	}
	last := len(seq) - 1
	lo, hi = p.Modes(int(seq[last]))
	best := math.MaxInt
	modes = make([]int, len(seq))
	for m := lo; m < hi; m++ {
		c := ahead[m-lo] + int(p.table.cost(p.from[m], p.into[p.depot(depot)]))
		if p.leaves(m, p.depot(depot)) {
			c += p.spec.Leave
		}
		if c < best {
			best, modes[last] = c, m
		}
	}
	for i := last; i > 0; i-- {
		lo, _ := p.Modes(int(seq[i]))
		modes[i-1] = int(came[i*p.width+modes[i]-lo])
	}
	return modes, best
}

// route spells the modes of a draft out.
func (p *Problem) route(d draft) Route {
	modes, _ := p.direct(d.depot, d.seq)
	return Route{Depot: d.depot, Modes: modes}
}

// drafts takes the routes of a solution.
func (p *Problem) drafts(s Solution) []draft {
	var out []draft
	for _, r := range s.Routes {
		var seq []int32
		for _, m := range r.Modes {
			seq = append(seq, p.spec.Modes[m].Task)
		}
		out = append(out, newDraft(p, r.Depot, seq))
	}
	return out
}

package arc

import "fmt"

// Stay is a move of an earlier plan: mode To came right after mode From. A search is
// charged Spec.Leave wherever a plan does the task of From otherwise, so that it leaves
// what was known only where that gains more. What a plan costs does not change.
type Stay struct{ From, To int32 }

// checkStays checks Spec.Stays and notes them by mode.
func (p *Problem) checkStays() error {
	s := &p.spec
	if len(s.Stays) == 0 || s.Leave == 0 {
		return nil
	}
	if s.Leave < 0 || s.Ways != nil {
		return fmt.Errorf("arc problem: moves of an earlier plan need distances and a price above 0, it is %d", s.Leave)
	}
	p.follows = make([]int32, len(s.Modes))
	for i := range p.follows {
		p.follows[i] = free
	}
	for i, x := range s.Stays {
		if x.From < 0 || x.To < 0 || int(x.From) >= len(s.Modes) || int(x.To) >= len(s.Modes) {
			return fmt.Errorf("arc problem: stay %d: modes %d and %d of %d", i, x.From, x.To, len(s.Modes))
		}
		lo, hi := p.Modes(int(s.Modes[x.From].Task))
		for m := lo; m < hi; m++ {
			if p.follows[m] != free {
				return fmt.Errorf("arc problem: stay %d: task %d has two moves of an earlier plan", i, s.Modes[x.From].Task)
			}
			p.follows[m] = astray
		}
		p.follows[x.From] = x.To
	}
	return nil
}

// What may follow a mode, where it is none in particular: any, as its task is not in a
// Stay, or none without a charge.
const (
	free   = -1
	astray = -2
)

// leaves reports whether going from mode i to mode or depot j leaves a move of the
// earlier plan.
func (p *Problem) leaves(i, j int) bool {
	return p.follows != nil && i < len(p.follows) && p.follows[i] != free && p.follows[i] != int32(j)
}

// Left is how many moves of the earlier plan a route leaves; see Spec.Stays.
func (r Route) Left(p *Problem) (n int) {
	for i, m := range r.Modes {
		next := p.depot(r.Depot)
		if i+1 < len(r.Modes) {
			next = r.Modes[i+1]
		}
		if p.leaves(m, next) {
			n++
		}
	}
	return n
}

// charge adds what leaving the earlier plan's moves is charged to the costs from a mode;
// into tells the place in row of each mode and depot.
func (p *Problem) charge(mode int, row []int32, into func(int) int32) {
	if p.follows == nil || mode >= len(p.follows) || p.follows[mode] == free {
		return
	}
	for j := range p.size {
		if at := into(j); at >= 0 && p.leaves(mode, j) {
			row[at] = min(Never, row[at]+int32(p.spec.Leave))
		}
	}
}

// priced is the cost of a draft with what it is charged for the moves that it leaves.
func (p *Problem) priced(d draft) int { return d.cost + d.left*p.spec.Leave }

package arc

import (
	"math/bits"

	"gridbeat/routing/arc/relax"
)

// Sizes of problems that are solved by listing sets of tasks.
const (
	setsMost      = 24        // tasks, where the longest route counts
	partitionMost = 16        // tasks, where the total counts
	levelMost     = 128 << 20 // costs that one level of sets may take
)

// sets holds the cheapest route for every set of tasks that one vehicle can serve
// below a bar. A set is a word with a bit for each task. Sets are made one size after
// the other; a set in which one task less is too much already is left out, as no way
// through other services is cheaper (Held and Karp, "A dynamic programming approach
// to sequencing problems", SIAM Journal 10, 1962).
type sets struct {
	p     *Problem
	n     int
	bar   int32 // routes cost less
	width int
	step  []int32 // cost from the end of each mode to the end of each mode
	modes int
	cost  []int32 // of the cheapest route by set, Never where it is not below the bar
	load  []int32

	slot  []int32 // by set: its place in the present or the next level, -1
	level []uint32
	ends  []int32 // by place, task of the set in order, and mode: cost up to there
}

// list makes the sets for all depots; false when it takes too much work or room.
func list(p *Problem, bar int, w *relax.Work) (*sets, bool) {
	s := &sets{p: p, n: p.tasks, bar: int32(min(bar, Never)), width: p.width, modes: len(p.spec.Modes)}
	s.cost = make([]int32, 1<<s.n)
	s.slot = make([]int32, 1<<s.n)
	for i := range s.cost {
		s.cost[i], s.slot[i] = Never, -1
	}
	s.cost[0] = 0
	s.step = make([]int32, s.modes*s.modes)
	for i := range s.modes {
		for j := range s.modes {
			s.step[i*s.modes+j] = int32(min(Never, p.Distance(i, j)+int(p.spec.Modes[j].Cost)))
		}
	}
	for d := range p.spec.Depots {
		if !s.from(d, w) {
			return nil, false
		}
	}
	return s, true
}

// from lists the sets of routes from one depot.
func (s *sets) from(d int, w *relax.Work) bool {
	p := s.p
	home := p.depot(d)
	back := make([]int32, s.modes)
	for m := range back {
		back[m] = int32(p.Distance(m, home))
	}
	s.level, s.ends = s.level[:0], s.ends[:0]
	for t := range s.n {
		if p.excess(p.demand(int32(t))) > 0 {
			continue
		}
		lo, hi := p.Modes(t)
		at := len(s.ends)
		least := int32(Never)
		for m := lo; m < lo+s.width; m++ {
			c := int32(Never)
			if m < hi {
				c = int32(min(Never, p.Distance(home, m)+int(p.spec.Modes[m].Cost)))
				least = min(least, c+back[m])
			}
			s.ends = append(s.ends, c)
		}
		if least >= s.bar {
			s.ends = s.ends[:at]
			continue
		}
		s.slot[1<<t] = int32(len(s.level))
		s.level = append(s.level, 1<<t)
		s.cost[1<<t] = min(s.cost[1<<t], least)
	}
	for size := 2; size <= s.n && len(s.level) > 0; size++ {
		if !s.grow(size, back, w) {
			return false
		}
	}
	s.forget(s.level)
	return true
}

func (s *sets) forget(level []uint32) {
	for _, set := range level {
		s.slot[set] = -1
	}
}

// grow makes the sets of the next size.
func (s *sets) grow(size int, back []int32, w *relax.Work) bool {
	var level []uint32
	var ends []int32
	row := make([]int32, size*s.width)
	for _, set := range s.level {
		for t := bits.Len32(set); t < s.n; t++ {
			next := set | 1<<t
			least := s.extend(next, row, back)
			if least >= s.bar {
				continue
			}
			if len(ends)+len(row) > levelMost {
				return false
			}
			level = append(level, next)
			ends = append(ends, row...)
			s.cost[next] = min(s.cost[next], least)
		}
		if w.Spend(int64((s.n - bits.Len32(set)) * size * size)) {
			return false
		}
	}
	s.forget(s.level)
	s.level, s.ends = level, ends
	for i, set := range level {
		s.slot[set] = int32(i)
	}
	return true
}

// extend computes the costs of a set up to each last task and mode, and that of the
// cheapest route.
func (s *sets) extend(set uint32, row, back []int32) int32 {
	p := s.p
	load := 0
	for left := set; left != 0; left &= left - 1 {
		t := bits.TrailingZeros32(left)
		load += p.demand(int32(t))
		if s.slot[set&^(1<<t)] < 0 {
			return Never
		}
	}
	if p.excess(load) > 0 {
		return Never
	}
	w := s.width
	least := int32(Never)
	k := 0
	for left := set; left != 0; left &= left - 1 {
		t := bits.TrailingZeros32(left)
		rest := set &^ (1 << t)
		from := s.ends[int(s.slot[rest])*(len(row)-w):][:len(row)-w]
		lo, hi := p.Modes(t)
		for m := lo; m < lo+w; m++ {
			c := int32(Never)
			if m < hi {
				c = s.reach(rest, from, m)
				if total := c + back[m]; total < least {
					least = total
				}
				if c+back[m] >= s.bar {
					c = Never
				}
			}
			row[k] = c
			k++
		}
	}
	return least
}

// reach is the cheapest cost of the tasks of a set and then the mode.
func (s *sets) reach(set uint32, from []int32, m int) int32 {
	best := int32(Never)
	k := 0
	for left := set; left != 0; left &= left - 1 {
		lo := int(s.p.first[bits.TrailingZeros32(left)])
		for q := range s.width {
			if f := from[k+q]; f < best {
				best = min(best, f+s.step[(lo+q)*s.modes+m])
			}
		}
		k += s.width
	}
	return best
}

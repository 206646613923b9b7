package arc

import (
	"math"
	"slices"
)

// cycle is one annealing of a chain. A search that can do many steps a task goes
// through many short cycles: some from the first plan, which make a population, then
// from plans crossed out of it, and over again in cycles twice as long when that
// leads to nothing new. Where the steps are few, one or a few long cycles take the
// whole search.
type cycle struct {
	top    float64 // heat at its start, times what a task takes
	done   int     // steps
	length int     // steps, 0 where the cycle follows the share of the whole search
	from   float64 // share of the whole search at its start
	even   slope   // from which length on routes are charged, see chain.goal
}

// slope goes from one number to another one.
type slope struct{ from, to float64 }

func (s slope) at(share float64) float64 { return s.from + (s.to-s.from)*share }

const (
	// Heat at the start of a cycle from the first plan and of a later one, and at the
	// end, times what a task takes.
	hot, warm, cold = 1.0, 0.4, 0.01
	hotFrom         = 8000  // steps a task below which a search starts less hot
	twoFrom         = 200   // steps a task from which on a search has two plans
	longSteps       = 3000  // steps a task in a long cycle, about
	shortFrom       = 12000 // steps a task from which on a search takes short ones
	hotSteps        = 500   // the same in short ones
	warmSteps       = 250
	founders        = 3 // cycles of a chain that make a population
	patience        = 8
)

// plan decides between long and short cycles as soon as it is known how many steps
// the search can do: at once where they are counted, else after the first round.
func (s *solver) plan(share float64) {
	if s.done == 0 && s.o.TimeLimit > 0 {
		return
	}
	each := float64(s.steps(share)) / float64(s.p.tasks)
	s.planned = true
	s.chains[0].cycle.top = max(2*cold, hot*min(1, math.Sqrt(each/hotFrom)))
	if each < shortFrom {
		s.part = 1 / max(1, math.Floor(each/longSteps))
		if len(parted(s.p, s.best, &chance{})) > 1 {
			return
		}
	}
	// Where routes are not parted, two plans keep two cores busy.
	top, plans := s.chains[0].cycle.top, 2
	if each < twoFrom {
		plans = 1
	}
	s.chains = nil
	for i := range plans {
		c := newChain(s, 1+i)
		c.whole, c.cycle.top = true, top
		if each >= shortFrom {
			c.cycle.length = hotSteps * s.p.tasks
		}
		s.chains = append(s.chains, c)
	}
}

// turn begins a new cycle where one is due and tells how far the present one is,
// from 0 to 1.
func (c *chain) turn(s *solver, share float64) float64 {
	k := &c.cycle
	if k.length > 0 {
		if k.done >= k.length {
			c.next(s)
		}
		return min(1, float64(k.done)/float64(k.length))
	}
	if !s.planned {
		return 1 // the first steps only tell how fast the search is
	}
	if share >= k.from+s.part && k.from+1.5*s.part < 1 {
		k.from += s.part
		c.next(s)
	}
	return min(1, (share-k.from)/s.part)
}

// next ends a cycle and begins another one.
func (c *chain) next(s *solver) {
	k := &c.cycle
	k.done, k.top = 0, min(k.top, warm)
	if !c.whole {
		c.routes = slices.Clone(s.best)
		return
	}
	e := &s.elite
	e.add(c.found(s.p), c.ruiners[0].bestRank)
	if e.stale >= patience*len(s.chains) {
		*e = elite{epoch: e.epoch + 1}
	}
	e.cycles++
	k.even = [...]slope{{0, 1}, {0, 1}, {0, 0}}[e.cycles%3]
	routes, left := s.founder, []int32(nil)
	steps := s.p.tasks << e.epoch
	if k.length > 0 && e.cycles < founders*len(s.chains) {
		k.length, k.top = hotSteps*steps, hot
	} else {
		if k.length > 0 {
			k.length = warmSteps * steps
		}
		if e.epoch > 0 && e.cycles == founders*len(s.chains) {
			e.add(s.best, s.rank)
		}
		routes, left = e.child(s.p, &c.chance)
	}
	r := newRuiner(c.patches[0], fillUp(s.p, slices.Clone(routes)), c.ruiners[0].goal, c.chance.next())
	r.complete(left)
	c.ruiners[0] = r
}

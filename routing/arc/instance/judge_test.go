package instance

import (
	"fmt"

	"gridbeat/routing/arc"
)

// judge counts an answer anew from what the file says, step by step.
func judge(in *Instance, o Options, a Answer) error {
	done := map[[2]int]int{} // by street and, for stops, node
	sum, longest := 0, 0
	for i, r := range a.Routes {
		cost, load, err := in.walk(r, done)
		if err != nil {
			return fmt.Errorf("route %d: %w", i+1, err)
		}
		first, last := r.Steps[0][1], r.Steps[len(r.Steps)-1][2]
		home := false
		for _, d := range o.Depots {
			home = home || d == first
		}
		if !home || first != last || cost != r.Cost || in.Capacity > 0 && load > in.Capacity {
			return fmt.Errorf("route %d: from %d to %d, cost %d (told: %d), load %d", i+1, first, last, cost, r.Cost, load)
		}
		sum, longest = sum+cost, max(longest, cost)
	}
	want := longest
	if o.Objective == arc.Total {
		want = sum
	}
	if a.Objective != want || a.Bound > want {
		return fmt.Errorf("objective %d, bound %d, recounted %d", a.Objective, a.Bound, want)
	}
	for i, s := range in.Streets {
		if n := done[[2]int{i + 1, 0}]; s.Required && n != 1 || !s.Required && n > 0 {
			return fmt.Errorf("street %d is served %d times", i+1, n)
		}
	}
	for _, s := range in.Stops {
		if done[[2]int{0, s.Node}] < 1 {
			return fmt.Errorf("node %d is not visited", s.Node)
		}
	}
	return nil
}

// walk drives one route.
func (in *Instance) walk(r Tour, done map[[2]int]int) (cost, load int, err error) {
	before, at := -1, -1 // the node before the last one, -1 before the first turn
	for k, s := range r.Steps {
		if at >= 0 && s[1] != at {
			return 0, 0, fmt.Errorf("step %d jumps from %d to %d", k, at, s[1])
		}
		at = s[2]
		if s[0] == 0 {
			for _, stop := range in.Stops {
				if stop.Node == at && s[1] == at {
					load += stop.Demand
				}
			}
			done[[2]int{0, at}]++
			continue
		}
		x := in.Streets[s[0]-1]
		switch {
		case s[1] == x.From && s[2] == x.To:
			cost += int(x.There)
		case s[1] == x.To && s[2] == x.From && x.Back != Closed:
			cost += int(x.Back)
		default:
			return 0, 0, fmt.Errorf("step %d: %v is not driven so", k, s)
		}
		if in.Turns != nil && before >= 0 {
			c, ok := in.Turns[Turn{before, s[1], s[2]}]
			if !ok {
				return 0, 0, fmt.Errorf("step %d: the turn %d %d %d is forbidden", k, before, s[1], s[2])
			}
			cost += int(c)
		}
		before = s[1]
		if s[3] == 1 {
			load += x.Demand
			done[[2]int{s[0], 0}]++
		}
	}
	return cost, load, nil
}
